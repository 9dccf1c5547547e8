"""Two things at once in one database: SQLite works in C, so two threads with a connection each use two processors."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

Result = TypeVar("Result")


@contextlib.contextmanager
def beside(connection: sqlite3.Connection, work: Callable[[sqlite3.Connection], Result]) -> Iterator[Future[Result]]:
    """Do `work` with a connection in another thread while the block runs, and wait for it when the block ends.

    The connection was made with `check_same_thread=False`, and the block leaves it alone. Raises what `work` raises;
    where the block fails, the work is broken off.
    """
    with ThreadPoolExecutor(1) as pool:
        working = pool.submit(work, connection)
        try:
            yield working
            working.result()
        except BaseException:  # Ctrl-C too
            connection.interrupt()
            raise
