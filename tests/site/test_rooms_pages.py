"""What the pages say, asked of their functions without a server: threads of any shape, bounds, texts and citations."""

from __future__ import annotations

import re
import sqlite3
import time
from functools import partial
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rooms import DEEP, WIDE, bare_database, comment, reply, row, write_made_up

from forum_comments.pages.author import SORTS, author_page
from forum_comments.pages.comment import comment_page
from forum_comments.pages.home import home_page
from forum_comments.pages.source import source_page
from forum_comments.pages.thread import COMMENTS_ON_PAGE, FOLD_AFTER, thread_page

SECONDS = 0.5  # of a processor; a page takes a hundredth of it

# What may be read from end to end: tables with a row a build, a file or a doubt, and what a query has made itself.
SCANNED = {"builds", "documents", "problems", "json_each", "above", "below", "size", "own", "listed", "CONSTANT"}


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> sqlite3.Connection:
    path = tmp_path_factory.mktemp("pages") / "comments.db"
    write_made_up(path)
    return sqlite3.connect(path)


def about(connection: sqlite3.Connection, comment_id: str) -> dict[str, Any]:
    return comment_page(
        connection, comment_id, permalink="https://a.example/-/comment/x", archive="Archive", build=None
    )


def levels(page: dict[str, Any]) -> list[tuple[str, int]]:
    """Give the comments of a thread page, those in folds too, with their levels."""
    entries = [entry for item in page["items"] for entry in item.get("items", [item])]
    return [(entry["comment"]["id"], entry["level"]) for entry in entries]


def test_a_chain_of_replies_is_shown_whole_from_its_first_comment(archive: sqlite3.Connection) -> None:
    start = time.process_time()
    page = thread_page(archive, "deep-1")
    assert time.process_time() - start < SECONDS
    assert levels(page) == [(f"deep-{number}", number - 1) for number in range(1, DEEP + 1)]
    assert page["thread"]["comments"] == DEEP
    assert page["thread"]["deepest"] == DEEP - 1


def test_the_last_of_a_chain_shows_the_root_and_the_nearest_above_and_folds_the_others(
    archive: sqlite3.Connection,
) -> None:
    page = thread_page(archive, f"deep-{DEEP}")
    above = page["ancestors"]
    assert above["total"] == DEEP - 1
    assert [entry["comment"]["id"] for entry in above["shown"]] == ["deep-1", "deep-197", "deep-198", "deep-199"]
    assert [entry["comment"]["id"] for entry in above["folded"]] == [f"deep-{number}" for number in range(2, DEEP - 3)]
    assert [item["comment"]["id"] for item in page["items"] if item["is_focus"]] == [f"deep-{DEEP}"]


def test_replies_after_the_tenth_are_folded_and_counted_and_the_others_are_on_the_next_page(
    archive: sqlite3.Connection,
) -> None:
    start = time.process_time()
    page = thread_page(archive, "wide-0")
    assert time.process_time() - start < SECONDS
    shown = [item["comment"]["id"] for item in page["items"] if item["kind"] == "comment"]
    assert shown == ["wide-0", *(f"wide-{number}" for number in range(1, FOLD_AFTER + 1))]
    (fold,) = [item for item in page["items"] if item["kind"] == "fold"]
    assert fold["replies"] == COMMENTS_ON_PAGE - 1 - FOLD_AFTER
    assert page["has_next"]
    pages = [thread_page(archive, "wide-0", page=number) for number in (1, 2, 3)]
    assert [found for one in pages for found, _ in levels(one)] == [f"wide-{number}" for number in range(WIDE + 1)]
    assert not pages[-1]["has_next"]


def test_a_reply_among_many_names_its_siblings_without_listing_all(archive: sqlite3.Connection) -> None:
    page = thread_page(archive, "wide-7")
    (parent,) = page["ancestors"]["shown"]
    assert parent["others"] == WIDE - 1
    assert [sibling["id"] for sibling in parent["listed"]][:7] == [
        "wide-1",
        "wide-2",
        "wide-3",
        "wide-4",
        "wide-5",
        "wide-6",
        "wide-8",
    ]
    assert len(parent["listed"]) == 20


@given(st.lists(st.integers(0, 30), max_size=30))
def test_a_thread_of_any_shape_is_listed_in_reading_order_each_comment_once(links: list[int]) -> None:
    # The comment `n` answers one that stands before it.
    parents = {number: link % number for number, link in enumerate(links, start=1)}
    depth = {0: 0}
    for number, parent in parents.items():
        depth[number] = depth[parent] + 1
    replies = [reply(f"t-{n}", f"t-{parent}", "t-0", depth[n]) for n, parent in parents.items()]
    page = thread_page(bare_database({"comments": [comment("t-0"), *replies]}), "t-0")
    assert sorted(levels(page)) == sorted((f"t-{number}", level) for number, level in depth.items())
    order = [found for found, _ in levels(page)]
    assert all(order.index(f"t-{n}") > order.index(f"t-{parent}") for n, parent in parents.items())
    assert all(after <= before + 1 for (_, before), (_, after) in pairwise(levels(page)))


def test_comments_that_answer_each_other_in_a_circle_do_not_hold_the_page_up() -> None:
    # A build refuses such links; a database from elsewhere may hold them.
    connection = bare_database({"comments": [reply("a", "b", "a", 1), reply("b", "a", "a", 1)]})
    page = thread_page(connection, "a")
    assert len(levels(page)) == COMMENTS_ON_PAGE
    assert not page["ancestors"]["is_whole"]


@given(st.text(max_size=60), st.data())
def test_the_stretches_of_a_source_page_are_its_text_whatever_is_in_it(text: str, data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.sets(st.integers(0, len(text)), max_size=6)) | {0, len(text)})
    spans = list(pairwise(cuts))
    quotations = sorted(data.draw(st.sets(st.integers(0, len(text)), max_size=4)))
    rows = {
        "documents": [row("documents", id="d", title="T", text=text)],
        "comments": [comment("c")],
        "appearances": [
            row("appearances", document_id="d", comment_id="c", position=n // 2 + 1, start_offset=start, end_offset=end)
            for n, (start, end) in enumerate(spans)
            if n % 2 == 0
        ],
        "furniture": [
            row("furniture", document_id="d", start_offset=start, end_offset=end, role="title")
            for n, (start, end) in enumerate(spans)
            if n % 2
        ],
        "passages": [
            row("passages", comment_id="c", document_id="d", start_offset=start, end_offset=end, is_quotation=1)
            for start, end in pairwise(quotations)
        ],
    }
    page = source_page(bare_database(rows), "d")
    assert "".join(piece["text"] for stretch in page["stretches"] for piece in stretch["pieces"]) == text


def test_a_long_source_is_shown_in_parts_that_join_without_a_gap() -> None:
    total = 120
    text = "head\n" + "".join(f"{number:05}\n" for number in range(total)) + "foot"
    end = 5 + 6 * total
    rows = {
        "documents": [row("documents", id="d", title="T", text=text)],
        "comments": [comment("c")],
        "appearances": [
            row(
                "appearances",
                document_id="d",
                comment_id="c",
                position=n + 1,
                start_offset=5 + 6 * n,
                end_offset=11 + 6 * n,
            )
            for n in range(total)
        ],
        "furniture": [
            row("furniture", document_id="d", start_offset=0, end_offset=5, role="title"),
            row("furniture", document_id="d", start_offset=end, end_offset=len(text), role="load more"),
        ],
    }
    connection = bare_database(rows)
    parts = [source_page(connection, "d", page=number) for number in (1, 2, 3)]
    joined = "".join(piece["text"] for part in parts for stretch in part["stretches"] for piece in stretch["pieces"])
    assert joined == text
    assert source_page(connection, "d", position=73)["paging"]["page"] == 2


def test_no_page_reads_a_whole_table_of_comments(archive: sqlite3.Connection) -> None:
    calls = {
        "home": home_page,
        "comment": partial(about, comment_id="first"),
        "thread": partial(thread_page, comment_id="deep-100"),
        "source": partial(source_page, document_id="page"),
        **{f"author by {sort}": partial(author_page, author_id="ann", sort=sort) for sort in SORTS},
    }
    scans = {}
    for name, call in calls.items():
        asked: list[str] = []
        archive.set_trace_callback(asked.append)
        call(archive)
        archive.set_trace_callback(None)
        for sql in asked:
            for step in archive.execute(f"explain query plan {sql}").fetchall():
                scanned = re.match(r"SCAN (\w+)(.*)", step[3])
                if scanned and "INDEX" not in scanned[2] and scanned[1] not in SCANNED:
                    scans[name] = f"{scanned[1]} in {sql}"
    assert scans == {}
