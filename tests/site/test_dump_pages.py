"""Pages of archives that were read from dumps: what became of comments, posts, sources that disagree, records."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from datasette.app import Datasette
from dump_archive import write_lines
from rooms import bare_database, comment

from build_db import build
from forum_comments.errors import NotFoundError
from forum_comments.pages.comment import comment_page
from forum_comments.pages.source import source_page
from forum_comments.pages.wording import STATUS_WORDS
from forum_comments.vocabulary import STATUSES


async def text_of(site: Datasette, address: str) -> str:
    """Give what a reader of a page reads, without markup, its spaces put together."""
    answer = await site.client.get(address)
    assert answer.status_code == 200, address
    main = answer.text[answer.text.index("<main") : answer.text.index("</main>")]
    return " ".join(unescape(re.sub("<[^>]*>", "", main)).split())


async def twin_of(site: Datasette, address: str) -> dict[str, Any]:
    answer = await site.client.get(address)
    assert answer.status_code == 200, address
    found: dict[str, Any] = answer.json()
    return found


def document_id(database: Path, file_name: str) -> str:
    with closing(sqlite3.connect(database)) as connection:
        return str(connection.execute("select id from documents where file_name = ?", (file_name,)).fetchone()[0])


def test_each_status_is_said_in_a_sentence() -> None:
    assert list(STATUS_WORDS) == list(STATUSES)
    assert [words for words in STATUS_WORDS.values() if not words.endswith(".")] == []


@pytest.mark.parametrize("status", STATUSES)
def test_a_comment_without_text_says_what_became_of_it_in_the_twin_too(status: str) -> None:
    row = comment("a", status=status, body=None, title="[no text]")
    page = comment_page(
        bare_database({"comments": [row]}), "a", permalink="https://a.example/a", archive="A", build=None
    )
    assert (page["body"], page["status_words"]) == ([], STATUS_WORDS[status])


@pytest.mark.parametrize(
    ("comment_id", "sentence"),
    [
        ("lw-moderated", "No source has a text of this comment. A moderator removed it."),
        ("hn-12", "No source has a text of this comment. It was deleted; the source does not say by whom."),
        ("lw-gone", "Its author deleted it. Words that were still there."),
        ("lw-taken-back", "Its author retracted it. Iron never rusts."),
        (
            "hn-11",
            "The forum counts it as dead, and shows it only to those who ask for such comments. It is dead.",
        ),
    ],
)
async def test_what_became_of_a_comment_stands_on_its_page_and_in_its_thread(
    dumps: Datasette, comment_id: str, sentence: str
) -> None:
    assert sentence in await text_of(dumps, f"/comments/comments/{comment_id}")
    assert sentence in await text_of(dumps, f"/-/thread/{comment_id}")


async def test_a_comment_says_when_it_was_edited_its_scores_below_zero_and_its_post(dumps: Datasette) -> None:
    page = await text_of(dumps, "/comments/comments/lw-a")
    assert "2020-01-02 · edited 2020-03-04 · score -4 · 41 words · on On bridges" in page
    assert "When2020-01-02 03:04:05 UTCedited 2020-03-04 05:06:07 UTC" in page
    assert "PostOn bridges7 comments on it here; the post at its forum" in page
    assert "Score-4, agreement -2" in page
    assert "Answersno commentthe source says so" in page


async def test_a_post_leads_to_the_comments_on_it(dumps: Datasette) -> None:
    page = (await dumps.client.get("/-/thread/lw-a")).text
    assert '<a href="/comments/comments_on_a_post?post=lw-post1">On bridges</a>' in page
    assert '<a href="https://www.lesswrong.com/posts/post1/on-bridges"' in page
    listed = await twin_of(dumps, "/comments/comments_on_a_post.json?post=on+BRIDGES&_shape=objects")
    assert {row["comment_id"] for row in listed["rows"]} == {
        "lw-a",
        "lw-b",
        "lw-gone",
        "lw-moderated",
        "lw-after",
        "lw-taken-back",
        "lw-iron",
    }
    assert (
        '<a href="/comments/comments_on_a_post?post=lw-post1">'
        in (await dumps.client.get("/comments/posts/lw-post1")).text
    )


async def test_the_addresses_behind_the_words_of_a_comment_stand_beside_it(dumps: Datasette) -> None:
    page = (await dumps.client.get("/comments/comments/lw-orphan")).text
    behind, bare = "https://example.org/above?a=1&amp;b=2", "https://example.org/bare"
    assert page.count(f'<a href="{behind}" rel="nofollow ugc noreferrer">{behind}</a>') == 1
    assert page.count(f'<a href="{bare}" rel="nofollow ugc noreferrer">{bare}</a>') == 1
    assert '<a href="/comments/links?comment_id=lw-orphan">Every link of the comment</a>' in page
    assert (await twin_of(dumps, "/-/comment/lw-orphan/page.json"))["links"] == [unescape(behind)]
    assert "What its words link to" not in await text_of(dumps, "/comments/comments/lw-iron")


async def test_a_post_without_a_title_is_said_to_have_none(dumps: Datasette) -> None:
    assert "on a post of unknown title" in await text_of(dumps, "/comments/comments/lw-orphan")


async def test_a_table_shows_the_id_of_a_post_without_a_title(dumps: Datasette) -> None:
    page = (await dumps.client.get("/comments/comments?id=lw-orphan&_nofacet=1")).text
    assert '<a href="/comments/posts/lw-post2">lw-post2</a>' in page
    assert ">None<" not in page


async def test_what_a_source_says_otherwise_stands_beside_it(dumps: Datasette) -> None:
    twin = await twin_of(dumps, "/-/comment/lw-a/page.json")
    said = {place["file_name"]: place["says_otherwise"] for place in twin["appearances"]}
    assert said["comments.jsonl"] == []
    assert [(each["what"], each["value"]) for each in said["later.jsonl"]] == [
        ("score", "7"),
        (
            "text",
            "A bridge of rope carries as much as a bridge of iron, "
            "if the rope is looked after by people who walk on it.",
        ),
        ("date", "2020-01-02T03:04:06.000Z"),
    ]
    page = await text_of(dumps, "/comments/comments/lw-a")
    assert "It says otherwise: score “7”; text “A bridge of rope" in page
    assert "Sources disagree. Its date is not the same in comments.jsonl, later.jsonl" in page


async def test_a_source_from_which_the_text_was_gone_says_so(dumps: Datasette) -> None:
    assert "It says otherwise: text gone." in await text_of(dumps, "/comments/comments/lw-gone")


async def test_no_place_in_a_dump_is_said_to_be_where_a_comment_starts(dumps: Datasette) -> None:
    assert "It starts here" not in await text_of(dumps, "/comments/comments/lw-b")
    assert "It starts here" in await text_of(dumps, "/comments/comments/lw-iron")
    assert "See it on the saved page" in await text_of(dumps, "/comments/comments/lw-iron")


async def test_a_dump_is_shown_as_its_records_and_problems(dumps: Datasette, dumps_database: Path) -> None:
    address = f"/-/source/{document_id(dumps_database, 'comments.jsonl')}"
    page = await text_of(dumps, address)
    assert "What was read from comments.jsonl (forummagnum comments): a dump" in page
    assert "character for character" not in page
    assert "File cut short. line 9," in page
    assert "A comment without text (removed by moderator)" in page
    assert "Also in another source (same id)." in page
    problems = (await twin_of(dumps, f"{address}.json"))["problems"]
    assert problems["total"] == 3
    assert [problem["kind"] for problem in problems["shown"]].count("file cut short") == 1


async def test_a_dump_of_posts_says_that_no_comment_was_read_from_it(dumps: Datasette, dumps_database: Path) -> None:
    page = await text_of(dumps, f"/-/source/{document_id(dumps_database, 'posts.jsonl')}")
    assert "No comment was read from this file." in page
    assert "Records" not in page


async def test_an_author_page_says_what_is_answered_which_post_it_is_on_and_what_became_of_it(
    dumps: Datasette,
) -> None:
    page = await text_of(dumps, "/-/author/ada-example-uada?sort=old")
    assert "in reply to a comment that is not here" in page
    assert "in reply to Bob Example · on On bridges · retracted" in page
    assert "2020-01-02 · edited 2020-03-04 · score -4" in page


async def test_the_home_page_counts_where_comments_begin_on_pages_only(dumps: Datasette) -> None:
    twin = await twin_of(dumps, "/-/home.json")
    assert sum(level["places"] for level in twin["boundaries"]) == 2
    assert {document["file_name"]: document["is_dump"] for document in twin["documents"]} == {
        "ada.txt": 0,
        "comments.jsonl": 1,
        "items.jsonl": 1,
        "later.jsonl": 1,
        "posts.jsonl": 1,
    }


async def test_a_feed_says_what_became_of_a_comment_without_text(dumps: Datasette) -> None:
    feed = (await dumps.client.get("/-/feeds/all.atom")).text
    assert "<content>No source has a text of this comment. A moderator removed it.</content>" in feed


async def test_a_search_says_what_became_of_what_it_finds(dumps: Datasette) -> None:
    assert "Ada Example · 2020-01-02 · score 5 · 3 words · retracted" in await text_of(dumps, "/-/find?q=rusts")


async def test_where_sources_disagree_is_listed(dumps: Datasette) -> None:
    listed = await twin_of(dumps, "/comments/sources_disagree.json?_shape=objects")
    assert [(row["comment_id"], row["appearances"]) for row in listed["rows"]] == [("lw-a", 2), ("lw-a", 2)]


def test_every_comment_of_a_dump_that_holds_posts_too_is_found_at_its_record(tmp_path: Path) -> None:
    kinds = ["story", "comment", "comment"] * 40
    items = [
        {"id": number, "type": kind, "by": "ada", "time": 1577934245, "text": f"{number}."}
        for number, kind in enumerate(kinds, 1)
    ]
    write_lines(tmp_path / "items.jsonl", items)
    build([tmp_path / "items.jsonl"], tmp_path / "comments.db", [])
    with closing(sqlite3.connect(tmp_path / "comments.db")) as connection:
        found = connection.execute("select document_id, position from appearances order by position").fetchall()
        source, positions = found[0][0], [position for _, position in found]
        pages = [source_page(connection, source, page=page) for page in (1, 2)]
        sought = {position: source_page(connection, source, position=position) for position in positions}
        with pytest.raises(NotFoundError, match=r"This document has 80 comments, and none at 4\."):
            source_page(connection, source, position=4)
    assert positions == [number for number, kind in enumerate(kinds, 1) if kind == "comment"]
    assert [record["position"] for page in pages for record in page["records"]] == positions
    assert [sought[position]["paging"]["page"] for position in positions] == [1] * 50 + [2] * 30
