"""The search page, by its function and on a real Datasette."""

import json
import sqlite3
from contextlib import closing

import pytest
from conftest import site_of
from datasette.utils import sqlite_timelimit
from finding_archive import HOSTILE
from hypothesis import given
from hypothesis import strategies as st

from forum_comments import search
from forum_comments.errors import BadRequestError, NotFoundError
from forum_comments.pages.feeds import find_feed
from forum_comments.pages.find import find_page, pieces


@pytest.fixture
def site(finding_archive):
    return site_of(finding_archive)


PARTS = ["robots", "walk*", " ", '"', "own:", "quoted:", "author:", "ann", "is:reply", "is:quoted", "before:2022", "c"]


def ids(page):
    return [result["id"] for result in page["results"]]


@pytest.mark.parametrize(
    ("q", "sort", "expected"),
    [
        ("robots", "new", ["c-2", "c-1", "c-4"]),
        ("robots", "old", ["c-1", "c-2", "c-4"]),
        ("robots", "top", ["c-2", "c-1", "c-4"]),
        ("own:robots", "old", ["c-1", "c-4"]),
        ("quoted:robots", None, ["c-2"]),
        ("author:ann", None, ["c-3", "c-1"]),
        ("author:ann walk roll", None, ["c-3"]),
        ("after:2021-06 before:2022", None, ["c-2"]),
        ("after:2022", None, ["c-3"]),
        ("is:reply", None, ["c-3", "c-2", "c-5"]),
        ("is:cut", None, ["c-4"]),
        ("is:quoted", None, ["c-1"]),
        ("has:quotation", None, ["c-2"]),
        ("c++ is:cut", None, ["c-4"]),
        ("wal*", "old", ["c-1", "c-2", "c-3"]),
        ("nowhere", None, []),
    ],
)
def test_a_search_gives_these_comments_in_this_order(connection, q, sort, expected):
    page = find_page(connection, q, sort)
    assert ids(page) == expected
    assert (page["total"], page["is_total_exact"]) == (len(expected), True)


def test_the_better_match_comes_first(connection):
    assert ids(find_page(connection, "walk"))[0] == "c-1"


def test_a_placeholder_is_never_found(connection):
    for sort in ("new", "old", "top"):
        assert "c-0" not in ids(find_page(connection, "before:9999 is:reply", sort))


def test_a_result_says_what_is_known_of_the_comment_and_marks_the_found_words(connection):
    assert find_page(connection, "roll author:ann")["results"] == [
        {
            "id": "c-3",
            "title": "They roll and walk.",
            "author_id": "ann-lee",
            "author_name": "Ann Lee",
            "author_basis": "page owner",
            "posted_at": "2022-01-01T00:00:00Z",
            "age": None,
            "karma": None,
            "status": None,
            "is_truncated": 0,
            "word_count": 4,
            "parent_id": "c-2",
            "root_id": "c-1",
            "is_placeholder": 0,
            "snippet": [
                {"text": "They ", "is_match": False},
                {"text": "roll", "is_match": True},
                {"text": " and walk.", "is_match": False},
            ],
            "author_pieces": [{"text": "Ann", "is_match": True}, {"text": " Lee", "is_match": False}],
        }
    ]


def test_dates_say_how_many_comments_they_leave_out(connection):
    assert find_page(connection, "after:2000")["notes"] == [
        "after: and before: leave out the comments whose date is not known: 3 of this archive."
    ]


def test_an_unknown_author_is_named(connection):
    assert find_page(connection, "robots author:zoe")["notes"] == [
        "No comment here is by an author whose name holds “zoe”."
    ]


def test_an_order_that_is_not_known_is_said(connection):
    assert find_page(connection, "undated", "new")["notes"] == [
        "No date is known of the comments on this page; they stand in the order of the archive."
    ]


def test_an_empty_search_finds_nothing_and_says_nothing(connection):
    page = find_page(connection, "  ")
    assert (page["is_empty"], page["results"], page["notes"], page["everything"]) == (True, [], [], None)


@pytest.mark.parametrize("q", ["robots", "own:robots is:reply", "is:cut", "author:ann after:2021"])
def test_the_sql_that_is_offered_gives_everything_that_is_found(connection, q):
    page = find_page(connection, q)
    sql, parameters = page["everything"]["sql"], page["everything"]["parameters"]
    assert [row[0] for row in connection.execute(sql, parameters)] == ids(page)


def test_a_bound_on_the_ranked_candidates_is_said_when_it_bites(connection, monkeypatch):
    monkeypatch.setattr(search, "CANDIDATES", 2)
    page = find_page(connection, "robots")
    assert (ids(page), page["total"], page["is_total_exact"]) == (["c-1", "c-2"], 3, True)
    assert page["notes"] == [search.RANKED_BOUND]


@pytest.mark.parametrize("walk_from", [0, 100_000])
@pytest.mark.parametrize(("sort", "expected"), [("new", ["c-2"]), ("old", ["c-1"]), ("top", ["c-2"])])
def test_of_very_many_finds_the_first_in_order_are_shown(connection, monkeypatch, walk_from, sort, expected):
    monkeypatch.setattr(search, "CANDIDATES", 2)
    monkeypatch.setattr(search, "LEAFED", 1)
    monkeypatch.setattr(search, "WALK_FROM", walk_from)
    page = find_page(connection, "robots", sort)
    assert (ids(page), page["total"], page["is_total_exact"]) == (expected, 3, True)
    assert page["notes"] == ["Only the first 1 of them can be leafed through."]


def test_a_walk_that_meets_too_few_dated_comments_shows_the_undated_ones_too(connection, monkeypatch):
    monkeypatch.setattr(search, "CANDIDATES", 2)
    monkeypatch.setattr(search, "WALK_FROM", 0)
    assert ids(find_page(connection, "robots", "new")) == ["c-2", "c-1", "c-4"]


def test_a_walk_through_all_that_the_conditions_leave_is_exact(connection, monkeypatch):
    monkeypatch.setattr(search, "CANDIDATES", 2)
    monkeypatch.setattr(search, "WALK_FROM", 0)
    page = find_page(connection, "robots is:cut", "new")
    assert (ids(page), page["total"], page["is_total_exact"]) == (["c-4"], 1, True)


def test_with_conditions_the_number_of_very_many_finds_is_a_lower_bound(connection, monkeypatch):
    monkeypatch.setattr(search, "CANDIDATES", 1)
    page = find_page(connection, "robots before:2022")
    assert (ids(page), page["total"], page["is_total_exact"]) == (["c-1"], 1, False)


def test_without_words_the_number_of_very_many_finds_is_a_lower_bound(connection, monkeypatch):
    monkeypatch.setattr(search, "FILTER_BOUND", 2)
    page = find_page(connection, "is:reply")
    assert (ids(page), page["total"], page["is_total_exact"]) == (["c-3", "c-2"], 2, False)
    assert page["notes"] == ["Only the first 2 of them can be leafed through."]


def test_a_prefix_that_is_too_broad_says_so_and_finds_nothing(connection, monkeypatch):
    monkeypatch.setattr(search, "CANDIDATES", 2)
    page = find_page(connection, "rob*")
    assert (ids(page), page["total"], page["is_total_exact"]) == ([], 2, False)
    assert page["notes"] == [search.TOO_BROAD_PREFIX]


def test_an_order_that_is_not_there_is_an_error(connection):
    with pytest.raises(BadRequestError, match=r"sort must be one of relevance, new, old, top, and “best” is not."):
        find_page(connection, "robots", "best")


def test_a_search_over_the_time_limit_is_a_bad_request_that_says_what_to_do(connection):
    with (
        sqlite_timelimit(connection, 0),
        pytest.raises(BadRequestError, match=r"This search takes too long\. Add a word"),
    ):
        find_page(connection, "robots")


def test_a_page_beyond_the_last_is_not_found(connection):
    with pytest.raises(NotFoundError, match=r"There is no page 2: the last one is 1."):
        find_page(connection, "robots", "new", 2)


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("a \ufdd0b\ufdd1\n\nc", [("a ", False), ("b", True), (" c", False)]),
        ("\ufdd0b\ufdd1", [("b", True)]),
        ("a\ufdd1b", [("a", False), ("b", False)]),
        ("a\ufdd0b", [("a", False), ("b", True)]),
        ("", []),
    ],
)
def test_marks_become_pieces(marked, expected):
    assert [(piece["text"], piece["is_match"]) for piece in pieces(marked)] == expected


def test_a_snippet_is_bounded_where_a_word_is_a_whole_paragraph():
    assert pieces("x" * 2_000) == [{"text": "x" * 1_000 + "…", "is_match": False}]


async def test_the_page_shows_marked_snippets_and_links(site):
    response = await site.client.get("/-/find?q=roll+author:ann")
    assert response.status_code == 200
    assert "They <mark>roll</mark> and walk." in response.text
    assert 'href="/comments/comments/c-3"' in response.text
    assert '<li data-comment="c-3">' in response.text


async def test_the_json_twin_is_the_dict_of_the_page(site, connection):
    response = await site.client.get("/-/find.json?q=robots&sort=old")
    assert response.json() == find_page(connection, "robots", "old")


@given(
    st.one_of(st.text(), st.lists(st.sampled_from(PARTS)).map("".join)),
    st.sampled_from([None, "relevance", "new", "old", "top"]),
)
def test_no_text_makes_the_search_fail(finding_archive, q, sort):
    with closing(sqlite3.connect(finding_archive)) as connection:
        page = find_page(connection, q, sort)
        feed = find_feed(connection, q)
    assert page["total"] == len(page["results"])
    assert {entry["id"] for entry in feed["entries"]} == set(ids(page))
    json.dumps(page).encode("utf-8")


ANYTHING = [
    "",
    "C++",
    "O'Brien",
    "foo AND",
    '"open',
    "👍",
    "x" * 2000,
    "\0",
    "%",
    "{{7*7}}",
    "<script>",
    "=1+1",
    "'; --",
]


@pytest.mark.parametrize("q", ANYTHING)
@pytest.mark.parametrize("path", ["/-/find", "/-/find.json"])
async def test_any_string_at_all_is_answered(site, path, q):
    response = await site.client.get(path, params={"q": q})
    assert response.status_code == 200


async def test_text_that_tries_to_be_something_else_stays_text(site):
    response = await site.client.get("/-/find", params={"q": f"alert {HOSTILE}", "sort": "new"})
    assert response.status_code == 200
    assert "<script>alert" not in response.text
    found = await site.client.get("/-/find", params={"q": "alert"})
    assert "&lt;script&gt;<mark>alert</mark>(" in found.text
    assert "{{ 7*7 }}" in found.text
    assert "Bob &lt;i&gt;" in found.text


@pytest.mark.parametrize("query", ["q=robots&sort=best", "q=robots&page=0", "q=robots&page=x"])
async def test_an_argument_that_cannot_be_used_is_a_bad_request_with_a_sentence(site, query):
    response = await site.client.get(f"/-/find.json?{query}")
    assert response.status_code == 400
    assert response.json()["error"].endswith(".")


async def test_links_honour_base_url(finding_archive):
    site = site_of(finding_archive, base_url="/archive/")
    response = await site.client.get("/-/find?q=roll")
    assert 'action="/archive/-/find"' in response.text
    assert 'href="/archive/comments/comments/c-3"' in response.text
    assert 'href="/-/' not in response.text
