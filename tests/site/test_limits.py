"""Queries that ask for too much end soon, say why, and keep nobody waiting."""

from __future__ import annotations

import asyncio
import contextlib
import csv
import sqlite3
import sys
import threading
import time
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from conftest import SQL_AT_FAULT, SQL_PATH, site_of
from datasette.app import Datasette

from forum_comments.serving import lanes, sqlite_limits

TIME_LIMIT = 0.5  # seconds of one statement, in these tests
SECONDS = 2.5  # of the processor, for a whole answer: what would be endless ends, however slow or busy the machine is
EVER = "with recursive c(x) as (select 1 union all select x + 1 from c)"
FROM_311 = pytest.mark.skipif(sys.version_info < (3, 11), reason="Python 3.10 cannot set SQLite's own limits")

# Statement, and the words of the answer.
BOMBS = {
    "endless recursion": (f"{EVER} select count(*) from c", "SQL query took too long"),
    "cross join": (
        "select count(*) from passages a, passages b, passages c, passages d, passages e, passages f",
        "SQL query took too long",
    ),
    "scan with like": (
        "select count(*) from comments a, comments b, comments c, comments d "
        "where a.body || b.id || c.id || d.body like '%x%y%z%q%'",
        "SQL query took too long",
    ),
    "endless group_concat": (f"{EVER} select group_concat(x) from c", "SQL query took too long"),
    "memory without end": (
        f"{EVER} select json_group_array(hex(zeroblob(1000))) from c",
        ("SQL query took too long", "needs more memory than this server has for it now"),
    ),
    "too many cells": (
        f"{EVER} select {', '.join(['x'] * 60)} from c limit 1000",
        "The answer has more than 5,000 cells: name fewer columns or take fewer rows.",
    ),
    "too many characters": (
        f"{EVER} select hex(zeroblob(400000)) from c limit 100",
        "The answer has more than 400,000 characters: take fewer rows, or substr() of long texts.",
    ),
    "widths of printf": ("select printf('%.*c', 1000000000, 'x')", "user-defined function raised exception"),
    "json_patch": ("select json_patch('{}', '{}')", "not authorized to use function: json_patch"),
    "patterns without number": (
        "select " + " + ".join(["('a' like 'b')"] * 30),
        "not authorized to use function: like",
    ),
}
BOMBS_OF_SIZE = {
    "randomblob": ("select randomblob(1e9)", "string or blob too big"),
    "zeroblob": ("select zeroblob(1000000000)", "string or blob too big"),
    "long pattern": ("select 'a' like printf('%%%0200d', 1)", "LIKE or GLOB pattern too complex"),
    "too many columns": (f"select {', '.join(['1'] * 101)}", "too many columns in result set"),
    "too many terms": (" union all ".join(["select 1"] * 101), "too many terms in compound SELECT"),
    "deep expression": ("select " + " + ".join(["1"] * 300), "Expression tree is too large"),
}


@pytest.fixture(scope="module")
def hasty(database: Path) -> Datasette:
    """Give the site with a shorter time limit."""
    return site_of(database, sql_time_limit_ms=int(TIME_LIMIT * 1000))


@pytest.fixture(scope="module")
def unhurried(database: Path) -> Datasette:
    """Give the site with so long a limit that slow queries outlast pages, however slow or busy the machine is."""
    return site_of(database, sql_time_limit_ms=5000)


@pytest.mark.parametrize("name", [*BOMBS, *(pytest.param(name, marks=FROM_311) for name in BOMBS_OF_SIZE)])
@pytest.mark.filterwarnings(
    "ignore::pytest.PytestUnraisableExceptionWarning"
)  # what a function of ours raises in SQLite
async def test_a_query_that_asks_for_too_much_ends_soon_and_says_why(hasty: Datasette, name: str) -> None:
    sql, words = (BOMBS | BOMBS_OF_SIZE)[name]
    begun = time.process_time()
    answer = await hasty.client.get(SQL_PATH, params={"sql": sql})
    assert time.process_time() - begun < SECONDS
    assert answer.status_code in (400, 503, SQL_AT_FAULT)
    assert any(each in answer.text for each in ([words] if isinstance(words, str) else words))


async def test_a_query_that_wants_more_memory_than_there_is_says_so(database: Path) -> None:
    """It is told before its time is over, and 503 says that it may be another's fault."""
    patient = site_of(database, sql_time_limit_ms=30_000)
    sql, _ = BOMBS["memory without end"]
    answer = await patient.client.get(SQL_PATH, params={"sql": sql})
    assert answer.status_code == 503
    assert "The answer needs more memory than this server has for it now. Ask for less, or try again." in answer.text


async def test_csv_of_a_query_that_takes_too_long_says_so(hasty: Datasette) -> None:
    answer = await hasty.client.get("/comments/comments.csv", params={"_where": f"({EVER} select count(*) from c)"})
    assert answer.status_code == 400
    assert "The SQL query took too long: it was stopped after 500 milliseconds. Ask for less of it." in answer.text


async def test_a_statement_of_few_slow_steps_is_interrupted(hasty: Datasette) -> None:
    """Datasette asks for the time every thousand steps; here each of them takes long."""
    text = "replace(hex(zeroblob(400000)), '0', 'a')"
    sql = f"{EVER} select sum({text} || x like '%a{'_' * 90}x') from c"
    begun = time.process_time()
    answer = await hasty.client.get(SQL_PATH, params={"sql": sql})
    assert answer.status_code == 400
    assert time.process_time() - begun < SECONDS


async def test_an_error_halfway_leaves_no_statement_that_keeps_an_interruption(hasty: Datasette) -> None:
    """While anything is still read on a connection, SQLite remembers that it was interrupted."""
    kept = []
    await hasty.invoke_startup()

    def read_too_much(connection: sqlite3.Connection) -> None:
        try:
            connection.execute(f"{EVER} select {', '.join(['x'] * 90)} from c limit 100000").fetchall()
        except sqlite3.OperationalError as error:
            kept.append(error)  # its traceback has the cursor
            raise

    lane = lanes.Places().take("sql", is_data=True)
    assert lane is not None
    with pytest.raises(sqlite3.OperationalError, match="more than 40,000 cells"):
        await hasty.get_database("comments").execute_fn(read_too_much)
    text = "replace(hex(zeroblob(400000)), '0', 'a')"
    slow = await hasty.client.get(
        SQL_PATH, params={"sql": f"{EVER} select sum({text} || x like '%a{'_' * 90}x') from c"}
    )
    assert slow.status_code == 400
    answers = [await hasty.client.get(f"{SQL_PATH}.json?sql=select+{number}") for number in range(5)]
    assert (len(kept), [answer.status_code for answer in answers]) == (1, [200] * 5)


def test_nothing_is_interrupted_after_its_end() -> None:
    """The timer may have gone off while its statement ended; the next statement is not its own."""
    connection = sqlite3.connect(":memory:")
    watch = sqlite_limits.Watch(time_limit=60)
    watch.limit(connection)
    watch.begin(sqlite_limits.DATA)
    timer = watch._timer
    assert timer is not None
    watch.end()
    connection.set_progress_handler(timer.function, 100)
    assert connection.execute(f"select count(*) from ({EVER} select x from c limit 3000)").fetchone()[0] == 3000


async def test_an_answer_of_an_ordinary_size_is_given(database: Path) -> None:
    sql = f"{EVER} select {', '.join(['x'] * 40)} from c limit 1000"
    answer = await site_of(database).client.get(f"{SQL_PATH}.json", params={"sql": sql, "_shape": "arrays"})
    assert (answer.status_code, len(answer.json()["rows"])) == (200, 1000)


@contextlib.asynccontextmanager
async def slow_queries(site: Datasette, number: int) -> AsyncIterator[list[asyncio.Task[httpx.Response]]]:
    """Ask a site so many queries that never end by themselves; what waits at the end of the block is taken back."""
    sql = f"{EVER} select count(*) from c, c a"
    tasks = [asyncio.ensure_future(site.client.get(f"{SQL_PATH}.json", params={"sql": sql})) for _ in range(number)]
    await asyncio.sleep(0.05)
    yield tasks
    for task in tasks:
        task.cancel()


async def test_pages_are_answered_while_slow_queries_fill_their_lane(unhurried: Datasette) -> None:
    await unhurried.client.get("/")
    async with slow_queries(unhurried, lanes.LANES["sql"].places) as slow:
        asked = ("/", "/comments/comments", "/-/find?q=model", "/-/about")
        pages = [await unhurried.client.get(path) for path in asked]
        assert [page.status_code for page in pages] == [200, 200, 200, 200]
        assert not all(task.done() for task in slow)


async def test_tables_are_sorted_and_searched_for_many_while_slow_queries_fill_their_lane(database: Path) -> None:
    """They wait in the threads of SQL; the tables' own statements have all the time that a busy machine needs."""
    site, is_over = site_of(database), threading.Event()
    await site.invoke_startup()
    assert lanes.Places().take("sql", is_data=True) is not None
    queries = site.get_database("comments").execute_fn
    slow = [asyncio.ensure_future(queries(lambda _: is_over.wait())) for _ in range(lanes.LANES["sql"].places)]
    asked = ["_sort_desc=karma", "_facet=author_id", "_search=model", "author_basis=header"] * 3
    tables = [asyncio.ensure_future(site.client.get(f"/comments/comments.json?{each}")) for each in asked]
    try:
        await asyncio.sleep(0.2)  # for their asking
        assert not any(task.done() for task in [*slow, *tables])
    finally:
        is_over.set()
    assert [answer.status_code for answer in await asyncio.gather(*tables)] == [200] * lanes.LANES["tables"].places


async def test_who_finds_no_place_in_the_lane_of_slow_queries_is_told_when_to_come_again(hasty: Datasette) -> None:
    async with slow_queries(hasty, 30) as slow:
        answers = await asyncio.gather(*slow)
    places = lanes.LANES["sql"].places
    assert sorted(answer.status_code for answer in answers) == [400] * places + [503] * (30 - places)
    refused = next(answer for answer in answers if answer.status_code == 503)
    assert refused.headers["retry-after"] == "2"
    assert refused.json()["error"].startswith("Too many searches and queries are waiting already.")
    assert (await hasty.client.get(f"{SQL_PATH}.json?sql=select+1")).status_code == 200


async def test_what_a_table_is_asked_is_bounded_as_sql_is(hasty: Datasette) -> None:
    query = "&".join(f"body__like=%25a%25{number}" for number in range(30))
    answer = await hasty.client.get(f"/comments/comments?{query}")
    assert (answer.status_code, "not authorized to use function: like" in answer.text) == (400, True)


async def test_what_a_table_is_asked_runs_in_the_threads_of_sql_and_is_watched_there(hasty: Datasette) -> None:
    def thread_and_size(connection: sqlite3.Connection) -> tuple[str, sqlite_limits.Size | None]:
        watch = lanes.watch_of_thread()
        return threading.current_thread().name.split("_")[0], watch.size if watch is not None else None

    await hasty.invoke_startup()
    for lane, is_data, size in (("sql", True, sqlite_limits.DATA), ("tables", False, sqlite_limits.PAGE)):
        assert lanes.Places().take(lane, is_data) is not None
        assert await hasty.get_database("comments").execute_fn(thread_and_size) == ("lane sql", size)


async def test_nothing_is_left_after_slow_queries(hasty: Datasette) -> None:
    async def flood() -> None:
        await asyncio.gather(
            *(hasty.client.get(SQL_PATH, params={"sql": f"{EVER} select count(*) from c, c a"}) for _ in range(20))
        )

    await flood()
    await asyncio.sleep(0.1)
    before = {thread.name for thread in threading.enumerate()}  # some may be another test's, and end meanwhile
    await flood()
    for _ in range(50):  # a timer that was cancelled takes a moment to end
        await asyncio.sleep(0.1)
        if not (left := {thread.name for thread in threading.enumerate()} - before):
            break
    assert left == set()


async def test_an_export_gives_all_rows_while_other_exports_run(hasty: Datasette) -> None:
    answers = await asyncio.gather(*(hasty.client.get("/comments/comments.csv?_stream=1") for _ in range(4)))
    (count,) = (await hasty.client.get(f"{SQL_PATH}.json?sql=select+count(*)+from+comments&_shape=arrays")).json()[
        "rows"
    ][0]
    assert count > 0
    assert [len(list(csv_rows(answer.text))) for answer in answers] == [count + 1] * 4


def csv_rows(text: str) -> list[list[str]]:
    return list(csv.reader(text.splitlines(keepends=True)))


async def test_an_export_that_nobody_waits_for_any_more_ends(made_up: Datasette) -> None:
    """The reader is gone after the first part; the place is free again, and nothing more is read."""
    sent: list[object] = []
    gone = asyncio.Event()

    async def receive() -> dict[str, object]:
        await gone.wait()
        return {"type": "http.disconnect"}

    async def send(message: object) -> None:
        sent.append(message)
        gone.set()
        await asyncio.sleep(0)

    scope = {"type": "http", "method": "GET", "path": "/comments/comments.csv", "scheme": "http", "headers": []}
    await made_up.app()({**scope, "query_string": b"_stream=1"}, receive, send)
    whole = await made_up.client.get("/comments/comments.csv?_stream=1")
    assert 1 <= len(sent) < len(whole.text.splitlines())
    for _ in range(lanes.LANES["export"].places):
        assert (await made_up.client.get("/comments/comments.csv?_stream=1")).status_code == 200


@pytest.mark.parametrize(
    ("path", "query_string", "lane"),
    [
        ("/", "", "pages"),
        ("/-/thread/x", "page=2", "pages"),
        ("/static/site.css", "abc", "pages"),
        ("/comments/comments", "", "pages"),
        ("/comments/comments", "_next=p-1&_size=50", "pages"),
        ("/comments/comments.csv", "", "pages"),
        ("/comments/who_answers_whom", "_hide_sql=1", "pages"),
        ("/-/find", "q=a", "search"),
        ("/-/find.json", "q=a", "search"),
        ("/-/feeds/find.atom", "q=a", "search"),
        ("/-/feeds/all.atom", "", "pages"),
        ("/comments", "sql=select+1", "sql"),
        ("/comments.csv", "sql=select+1&_stream=1", "filtered export"),
        ("/comments/comments", "_where=1", "sql"),
        ("/comments/comments", "body__like=%25a", "tables"),
        ("/comments/comments", "_facet=age&_facet_size=max&_next=1", "tables"),
        ("/comments/comments.json", "_sort=karma", "tables"),
        ("/comments/comments", "_search=a&_search_body=b", "tables"),
        ("/comments/comments.json", "_search=a&_shape=objects&_labels=on&_size=5&_extra=count,primary_keys", "tables"),
        ("/comments/comments", "_filter_column_1=age&_filter_op_1=exact&_filter_value_1=2y", "tables"),
        ("/comments/threads", "_sort_desc=comments", "tables"),
        ("/comments/comments", "_sort=karma&_where=1", "sql"),
        ("/comments/comments", "_search=a&_searchmode=raw", "sql"),
        ("/comments/comments", "_through=x", "sql"),
        ("/comments/comments_fts", "_sort=body", "sql"),
        ("/comments/comments/p-1", "_sort=karma", "sql"),
        ("/comments/comments\n", "_sort=karma", "sql"),
        ("/comments/comments.csv", "_stream=1&_sort=karma", "filtered export"),
        ("/comments/comments.csv", "_stream=1&_labels=on", "export"),
        ("/comments/search", "q=a", "sql"),
    ],
)
def test_an_address_has_its_lane(path: str, query_string: str, lane: str) -> None:
    assert lanes.lane_of(path, query_string) == lane


async def test_the_memory_of_sqlite_is_bounded(hasty: Datasette) -> None:
    await hasty.invoke_startup()
    (limit,) = sqlite3.connect(":memory:").execute("pragma hard_heap_limit").fetchone()
    assert limit == sqlite_limits.HARD_HEAP_BYTES
