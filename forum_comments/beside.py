"""Two things at once in one database: SQLite works in C, so two threads with a connection each use two processors."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from pathlib import Path
from typing import TypeVar

Result = TypeVar("Result")

SECONDS_BETWEEN_INTERRUPTS = 0.05
SETTINGS = ("pragma journal_mode = off", "pragma synchronous = off", "pragma temp_store = file")


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
            while not working.done():  # before and between its statements there is nothing to break off
                connection.interrupt()
                wait([working], timeout=SECONDS_BETWEEN_INTERRUPTS)
            raise


@contextlib.contextmanager
def scratch_database(building: Path, suffix: str, table: str) -> Iterator[sqlite3.Connection]:
    """Make a database that lives as long as the block; it sees the one at `building` as it is now, as `building`.

    It is in a transaction, and sees that one until the transaction ends. While others write to it, only such tables may
    be read as are not written to: their pages do not change, so they need no locks. `table` is one of them. The file
    lies beside the other and has no name. Raises sqlite3.Error where it cannot be made.
    """
    file = building.with_name(f"{building.name}{suffix}")
    file.unlink(missing_ok=True)  # of a build that was killed: whoever comes here holds the lock of the database
    address = file.as_uri()
    with contextlib.closing(sqlite3.connect(address, uri=True, isolation_level=None, check_same_thread=False)) as own:
        for setting in SETTINGS:
            own.execute(setting)
        file.unlink()  # it lives as long as it is open
        own.execute("attach ? as building", (f"{building.as_uri()}?mode=ro&immutable=1",))
        own.execute("begin")
        own.execute(f"select 1 from building.{table} limit 1").fetchone()
        yield own
