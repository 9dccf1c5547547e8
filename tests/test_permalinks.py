"""Where a published id leads, whatever became of its comment."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

import pytest

from forum_comments.permalinks import MAX_CANDIDATES, Candidate, resolve

FIRST = Candidate("p-aaaa", "First words …", "Ann")
SECOND = Candidate("p-aaaa-2", "Second words …", None)
DUMPED = Candidate("lw-Xy_9", "From a dump …", "Bob")


@pytest.fixture
def connection() -> Iterator[sqlite3.Connection]:
    database = sqlite3.connect(":memory:")
    database.execute("create table comments (id text primary key, title text, author_name text)")
    database.execute("create table permalinks (opening_key text, comment_id text)")
    database.execute("create table passages (opening_key text, comment_id text)")
    database.executemany(
        "insert into comments values (?, ?, ?)", [(c.id, c.title, c.author_name) for c in (FIRST, SECOND, DUMPED)]
    )
    database.executemany(
        "insert into permalinks values (?, ?)",
        [("aaaa", FIRST.id), ("aaaa", SECOND.id), ("bbbb", SECOND.id), ("cccc", DUMPED.id)],
    )
    yield database
    database.close()


def test_an_id_that_exists_leads_to_its_comment_alone(connection: sqlite3.Connection) -> None:
    assert resolve(connection, "p-aaaa") == [FIRST]
    assert resolve(connection, "p-aaaa-2") == [SECOND]
    assert resolve(connection, "lw-Xy_9") == [DUMPED]


def test_an_id_whose_words_another_comment_now_holds_leads_there(connection: sqlite3.Connection) -> None:
    assert resolve(connection, "p-bbbb") == [SECOND]
    assert resolve(connection, "p-cccc-3") == [DUMPED]


def test_an_id_whose_words_stand_in_several_comments_names_all_in_order(connection: sqlite3.Connection) -> None:
    assert resolve(connection, "p-aaaa-7") == [FIRST, SECOND]


@pytest.mark.parametrize(
    "unknown", ["", "p-", "p-dddd", "aaaa", "lw-aaaa", "p-aaaa-", "p-aaaa-2-2", "' or 1 --", "p-aaaa\0"]
)
def test_an_unknown_id_leads_nowhere(connection: sqlite3.Connection, unknown: str) -> None:
    assert resolve(connection, unknown) == []


def test_the_candidates_are_bounded(connection: sqlite3.Connection) -> None:
    count = MAX_CANDIDATES + 5
    connection.executemany("insert into comments values (?, 'Yes.', null)", [(f"y-{n:04}",) for n in range(count)])
    connection.executemany("insert into permalinks values ('yes', ?)", [(f"y-{n:04}",) for n in range(count)])
    assert len(resolve(connection, "p-yes")) == MAX_CANDIDATES
