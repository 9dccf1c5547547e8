"""Threads and waiting places by kind of request, so that no kind can take those of another.

Datasette runs every query of every request in one pool of threads. A few people's slow SQL then keeps everybody's pages
waiting. Here the pool becomes several: a request is put into a lane by its address, its queries run in that lane's
threads, and a lane that has as many requests as it takes answers 503 until one of them is done.
"""

from __future__ import annotations

import os
import re
import sys
import threading
from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from forum_comments.schema import TABLES, VIEWS
from forum_comments.serving.sqlite_limits import DATA, PAGE, Size, Watch

PAGES = "pages"


@dataclass(frozen=True, slots=True)
class Lane:
    """A lane: its threads; how many requests it takes at once, waiting ones included."""

    threads: int | str  # how many, or the lane before it whose threads it shares
    places: int
    is_watched: bool  # its statements are not the site's own, so they are bounded by `sqlite_limits`
    until_end: bool = False  # a request keeps its place until its last byte, not only until its first


# Every statement has the time limit of the settings, so a place is free again after some seconds at most. SQL gets all
# processors but one, which is left to the thread that serves everybody; search and exports are worth a thread even
# while SQL is under attack.
SQL_THREADS = max(1, (os.cpu_count() or 1) - 1)
LANES = {
    "sql": Lane(threads=SQL_THREADS, places=SQL_THREADS + 3, is_watched=True),
    # People who click through tables wait for their turn where SQL would be refused. The threads are the same: with as
    # many again, pages took three times as long under attack (measured on two processors).
    "tables": Lane(threads="sql", places=12, is_watched=True),
    "search": Lane(threads=1, places=12, is_watched=False),
    "export": Lane(threads=1, places=4, is_watched=False, until_end=True),
    # Each page of a filtered or sorted export reads the whole table again.
    "filtered export": Lane(threads=1, places=2, is_watched=True, until_end=True),
}
SECONDS_UNTIL_RETRY = 2
NICENESS = 10  # of threads that run readers' own SQL: the thread that serves everybody goes first
# Whoever is refused waits for it: programs that ask again at once, without end, would otherwise keep the server busy
# with saying no (measured with 50 of them: pages took eight seconds, and with the pause a quarter of one).
SECONDS_BEFORE_BUSY = 1.0

SEARCH = re.compile(r"/-/(?:find|feeds/find)\b")
# What a reader's link may add to the address of a table or query without making it another query.
HARMLESS = frozenset(
    "_next _size _shape _nl _labels _col _nocol _json _json_infinity _dl _header _nofacet _nocount "
    "_hide_sql _show_sql".split()
)
TABLE = re.compile(rf"/[^/]+/(?:{'|'.join([*TABLES, *VIEWS])})(?:\.[a-z]+)?")
# What the page of a table itself can ask for: sorts, facets, its search box, and filters, which are named like columns;
# and what Datasette 1.0 adds to JSON.
COMPOSED = re.compile(
    r"[^_].*|_(?:extra|sort|sort_desc|sort_by_desc|facet|facet_size|facet_array|facet_date|search|search_\w+"
    r"|filter_(?:column|op|value)(?:_[0-9]+)?)",
    re.DOTALL,
)

_lane: ContextVar[str] = ContextVar("lane", default=PAGES)
_size: ContextVar[Size] = ContextVar("size", default=PAGE)
_thread = threading.local()  # `watch`: what watches the statements of this thread, in lanes that are watched


def lane_of(path: str, query_string: str) -> str:
    """The lane of a request: `pages` for what costs little and is asked for most.

    `path` is without `base_url`. What the page of a table composes is `tables`. Free SQL, conditions in SQL and
    parameters of queries are `sql`, whatever their names. Either may read a whole table.
    """
    if SEARCH.match(path):
        return "search"
    if path == "/" or path.startswith(("/-/", "/static/")):
        return PAGES
    names = {name for name, _ in parse_qsl(query_string, keep_blank_values=True)} - HARMLESS
    if "_stream" in names:
        return "export" if names == {"_stream"} else "filtered export"
    if not names:
        return PAGES
    return "tables" if TABLE.fullmatch(path) and all(map(COMPOSED.fullmatch, names)) else "sql"


def watch_of_thread() -> Watch | None:
    """What watches the calling thread's statements; None in a thread whose statements are the site's own."""
    return getattr(_thread, "watch", None)


def _watched(time_limit: float) -> None:
    _thread.watch = Watch(time_limit)
    if sys.platform == "linux":  # where threads have a priority of their own
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICENESS)


def _under_watch(size: Size, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Any:
    watch: Watch = _thread.watch
    watch.begin(size)
    try:
        return fn(*args, **kwargs)
    finally:
        watch.end()


class LaneExecutor(Executor):
    """An executor that runs what is submitted in the threads of the lane of the request that submits it.

    `pages` is Datasette's own executor; `time_limit` that of one statement, in seconds.
    """

    def __init__(self, pages: Executor, time_limit: float) -> None:
        self._executors: dict[str, Executor] = {PAGES: pages}
        for name, lane in LANES.items():
            if isinstance(lane.threads, str):
                self._executors[name] = self._executors[lane.threads]
            else:
                enter = (_watched, (time_limit,)) if lane.is_watched else (None, ())
                self._executors[name] = ThreadPoolExecutor(lane.threads, f"lane {name}", *enter)

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Run `fn` in a thread of the lane that `Places.take` has chosen in the caller's context."""
        name = _lane.get()
        executor = self._executors[name]
        if name != PAGES and LANES[name].is_watched:
            return executor.submit(_under_watch, _size.get(), fn, *args, **kwargs)
        return executor.submit(fn, *args, **kwargs)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End the threads of every lane."""
        for executor in self._executors.values():
            executor.shutdown(wait=wait, cancel_futures=cancel_futures)


class Places:
    """Who is in which lane. Used in the thread of the event loop alone, so it needs no lock."""

    def __init__(self) -> None:
        self.taken = dict.fromkeys(LANES, 0)

    def take(self, name: str, is_data: bool) -> Place | None:
        """A place in a lane, in which the caller's queries run from now on; None where all are taken.

        `is_data` says that the answer is JSON or CSV, which may be larger than a page.
        """
        if name != PAGES:
            if self.taken[name] >= LANES[name].places:
                return None
            self.taken[name] += 1
        _lane.set(name)
        _size.set(DATA if is_data else PAGE)
        return Place(self, name)


class Place:
    """A place in a lane; it may be left more than once."""

    def __init__(self, places: Places, name: str) -> None:
        self._places = places
        self._name = name
        self._is_taken = name != PAGES

    @property
    def until_end(self) -> bool:
        """Whether the place is kept until the last byte."""
        return self._is_taken and LANES[self._name].until_end

    def begun(self) -> None:
        """The answer has begun: what is left of it waits for the reader's network, not for a query."""
        if not self.until_end:
            self.leave()

    def leave(self) -> None:
        """Make room for the next request."""
        if self._is_taken:
            self._is_taken = False
            self._places.taken[self._name] -= 1
