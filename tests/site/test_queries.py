"""The canned queries: each answers something, in every format, whatever it is asked."""

from __future__ import annotations

import csv
import io
import sqlite3
from html import unescape
from pathlib import Path

import pytest
from conftest import METADATA, SEEDS
from datasette.app import Datasette
from datasette.utils import escape_fts
from hypothesis import given
from hypothesis import strategies as st

QUERIES = METADATA["databases"]["comments"]["queries"]
HOSTILE = [
    "C++",
    "it's",
    "foo AND",
    '"an open quote',
    '"foo\nAND"',
    "\0",
    "a\0b",
    "NEAR(",
    "* ^ - {body}: )",
    "   ",
    "💥",
    "x" * 5000,
    "a " * 2500,
    " " * 500 + "a",
    "'; drop table comments; --",
    "<script>alert(1)</script>",
    "-1",
    "99999999999999999999",
    "%",
]
# What saved pages do not tell: which post a comment is on, and what else contradicts them.
OF_DUMPS = {"sources_disagree", "posts_by_comments", "comments_on_a_post"}
WITH_PARAMETER = [(name, parameter) for name, query in QUERIES.items() for parameter in query.get("params", [])]


async def rows_of(site: Datasette, name: str, **params: str) -> list[dict[str, object]]:
    response = await site.client.get(f"/comments/{name}.json", params={**params, "_shape": "array"})
    assert response.status_code == 200, response.text
    rows: list[dict[str, object]] = response.json()
    return rows


@pytest.mark.parametrize("name", list(QUERIES))
async def test_a_query_opened_without_parameters_shows_something(site: Datasette, dumps: Datasette, name: str) -> None:
    assert len(await rows_of(dumps if name in OF_DUMPS else site, name)) > 0


async def test_rows_that_keep_a_place_are_no_comments_without_a_date(site: Datasette, dumps: Datasette) -> None:
    """What a reply names and no source has, such as `lw-lost`, has no date either."""
    assert {str(row["month"]): row["comments"] for row in await rows_of(dumps, "comments_by_month")} == {
        "no date": 1,
        "2020-01": 10,
    }
    assert await rows_of(site, "comments_by_month") == [{"month": "no date", "comments": 70}]


@pytest.mark.parametrize("name", list(QUERIES))
async def test_a_query_answers_as_a_page_and_as_csv_with_the_same_rows(site: Datasette, name: str) -> None:
    page = await site.client.get(f"/comments/{name}")
    table = await site.client.get(f"/comments/{name}.csv")
    assert (page.status_code, table.status_code) == (200, 200)
    assert QUERIES[name]["title"] in unescape(page.text)
    assert len(list(csv.reader(io.StringIO(table.text)))) == 1 + len(await rows_of(site, name))


@pytest.mark.parametrize("value", HOSTILE, ids=lambda value: repr(value[:20]))
@pytest.mark.parametrize(("name", "parameter"), WITH_PARAMETER)
async def test_a_query_answers_whatever_it_is_asked(site: Datasette, name: str, parameter: str, value: str) -> None:
    statuses = {
        extension: (await site.client.get(f"/comments/{name}{extension}", params={parameter: value})).status_code
        for extension in ("", ".json", ".csv")
    }
    assert statuses == {"": 200, ".json": 200, ".csv": 200}


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]) | st.sampled_from('"*()\n\0 :{}^-')))
@pytest.mark.parametrize("name", ["search", "search_own_words"])
def test_any_string_is_a_legal_search(database: Path, name: str, words: str) -> None:
    connection = sqlite3.connect(database)
    connection.create_function("escape_fts", 1, escape_fts)
    assert len(connection.execute(QUERIES[name]["sql"], {"q": words}).fetchall()) <= 50
    connection.close()


async def test_search_finds_the_comments_with_all_the_words_and_marks_them(site: Datasette) -> None:
    rows = await rows_of(site, "search", q="opposite OPTIMIZING simulacra")
    assert rows == []
    rows = await rows_of(site, "search", q="constitutional RLAIF")
    assert [row["author"] for row in rows] == ["Zac Hatfield-Dodds"]
    assert "⟦RLAIF⟧" in str(rows[0]["excerpt"]) and "⟦Constitutional⟧" in str(rows[0]["excerpt"])
    assert rows[0]["shown_because"] == "the words searched for"


async def test_search_takes_words_in_quotation_marks_as_a_phrase(site: Datasette) -> None:
    assert len(await rows_of(site, "search", q='"not open source"')) >= 1
    assert await rows_of(site, "search", q='"source open not"') == []


async def test_search_cuts_a_long_text_after_a_whole_word(site: Datasette) -> None:
    sentence = (
        "I think that most people are underestimating just how radical the upside of AI could be, just as I think most "
        "people are underestimating how bad the risks could be and these words stand nowhere"
    )
    assert [row["author"] for row in await rows_of(site, "search", q=sentence)] == ["Adam Jermyn"]


async def test_search_finds_an_authors_name(site: Datasette) -> None:
    assert {row["author"] for row in await rows_of(site, "search", q="Vanessa Kosoy")} >= {"Vanessa Kosoy"}


async def test_search_without_words_says_that_it_shows_long_comments(site: Datasette) -> None:
    assert {row["shown_because"] for row in await rows_of(site, "search", q=" ")} == {
        "no words to search for: a long comment"
    }


async def test_own_words_leave_quotations_out(site: Datasette) -> None:
    quoted = "most people are underestimating just how radical"
    assert len(await rows_of(site, "search", q=quoted)) == 1
    assert await rows_of(site, "search_own_words", q=quoted) == []
    assert len(await rows_of(site, "search_own_words", q="worries a lot about the risks")) == 1


async def test_a_thread_shows_what_is_above_and_below_a_comment(site: Datasette) -> None:
    strawman = await rows_of(site, "search", q='"attacking a strawman"')
    rows = await rows_of(site, "thread", comment=str(strawman[0]["comment_id"]))
    assert [(row["depth"], row["author"], row["place"]) for row in rows] == [
        (0, "Zac Hatfield-Dodds", "above it"),
        (1, "Vanessa Kosoy", "this comment"),
        (2, "Zac Hatfield-Dodds", "below it"),
        (3, "Vanessa Kosoy", "below it"),
        (1, "Buck Shlegeris", "elsewhere in the thread"),
    ]


async def test_an_authors_comments_are_found_by_name_in_any_case_and_by_id(site: Datasette) -> None:
    by_name = await rows_of(site, "author_comments", author="neel nanda")
    by_id = await rows_of(site, "author_comments", author="neel-nanda")
    assert by_name == by_id
    assert [(row["author"], row["age"], row["karma"], row["parent_author"]) for row in by_name] == [
        ("Neel Nanda", "1y", 2, "Zac Hatfield-Dodds")
    ]


async def test_answers_can_be_narrowed_to_one_person(site: Datasette) -> None:
    rows = await rows_of(site, "who_answers_whom", author="Vanessa Kosoy")
    assert [(row["author"], row["answered_author"], row["replies"]) for row in rows] == [
        ("Vanessa Kosoy", "Zac Hatfield-Dodds", 2),
        ("Zac Hatfield-Dodds", "Vanessa Kosoy", 1),
    ]


async def test_the_links_of_one_host_are_listed_one_by_one(site: Datasette) -> None:
    rows = await rows_of(site, "links_by_host", host=" ARXIV.org ")
    assert [(row["host"], row["url"], row["links"]) for row in rows] == [
        ("arxiv.org", "https://arxiv.org/abs/2207.05221", 1)
    ]


async def test_fourteen_comments_are_cut_everywhere(site: Datasette) -> None:
    assert len(await rows_of(site, "cut_comments")) == 14


async def test_seven_comments_stand_on_two_pages(site: Datasette) -> None:
    rows = await rows_of(site, "comments_on_several_pages")
    assert [(row["appearances"], row["documents"], row["cut_everywhere"]) for row in rows] == [(2, 2, 0)] * 7


async def test_comments_and_furniture_add_up_to_every_page(site: Datasette) -> None:
    rows = await rows_of(site, "what_pages_hold")
    assert len(rows) == len(list(SEEDS.glob("*.txt")))
    for row in rows:
        parts = int(str(row["characters_in_comments"])) + int(str(row["characters_in_furniture"] or 0))
        assert parts == row["characters"]


async def test_a_head_that_can_be_read_in_several_ways_comes_first_with_its_readings(site: Datasette) -> None:
    first = (await rows_of(site, "short_heads"))[0]
    assert (first["score_text"], first["karma"]) == ("Erik JennerΩ7103", None)
    assert "7103" in str(first["problem"])
