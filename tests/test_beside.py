"""Work beside a block is waited for, its error is the block's, and it is broken off where the block fails."""

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing

import pytest

from forum_comments.beside import SharedConnection, beside

SECONDS = 30  # after which work that nobody breaks off ends by itself
ENDLESS = "with recursive c(x) as (select 1 union all select x + 1 from c) select count(*) from c"


@pytest.fixture
def connection() -> Iterator[SharedConnection]:
    with closing(SharedConnection(":memory:")) as connection:
        yield connection


def test_what_work_gives_is_there_when_the_block_asks_for_it(connection: SharedConnection) -> None:
    with beside(connection, lambda other: other.execute("select 6 * 7").fetchone()) as working:
        assert working.result() == (42,)


def test_an_error_of_work_is_raised_although_the_block_does_not_ask(connection: SharedConnection) -> None:
    with (
        pytest.raises(sqlite3.OperationalError, match="no such table: gone"),
        beside(connection, lambda other: other.execute("select * from gone")),
    ):
        pass


@pytest.mark.parametrize("seconds_before", [0.0, 0.3])
def test_work_is_broken_off_where_the_block_fails_before_it_or_while_it_runs(
    connection: SharedConnection, seconds_before: float
) -> None:
    begun = time.monotonic()
    is_late = []

    def is_over() -> int:
        if time.monotonic() > begun + SECONDS:
            is_late.append(True)
        return len(is_late)

    def work(other: sqlite3.Connection) -> None:
        time.sleep(seconds_before)
        other.execute(ENDLESS).fetchone()

    connection.set_progress_handler(is_over, 10_000)
    with pytest.raises(KeyError), beside(connection, work):
        time.sleep(0.1)
        raise KeyError
    assert is_late == []


def test_a_connection_is_closed_only_when_the_work_with_it_has_been_broken_off(connection: SharedConnection) -> None:
    is_working = threading.Event()

    def work(other: sqlite3.Connection) -> None:
        is_working.set()
        other.execute(ENDLESS).fetchone()

    block = beside(connection, work)  # as where a signal comes after it was entered and before it can be left
    working = block.__enter__()
    assert is_working.wait(SECONDS)
    connection.close()
    assert working.done()
    with pytest.raises(sqlite3.OperationalError, match="interrupted"):
        block.__exit__(None, None, None)
