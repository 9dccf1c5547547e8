"""Two things at once in one database: SQLite works in C, so two threads with a connection each use two processors."""

from __future__ import annotations

import contextlib
import sqlite3
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from pathlib import Path
from typing import TypeVar

Result = TypeVar("Result")

SECONDS_BETWEEN_INTERRUPTS = 0.05
SETTINGS = ("pragma journal_mode = off", "pragma synchronous = off", "pragma temp_store = file")


class SharedConnection(sqlite3.Connection):
    """A connection that one thread makes, another may work with, and whoever closes waits for.

    A signal may come just before a block is entered: then nobody leaves it, and what lies around it closes the
    connection while the work goes on. SQLite would read memory that is not its own any more.
    """

    def __init__(self, address: str) -> None:
        """Open a database by its address."""
        super().__init__(address, uri=True, isolation_level=None, check_same_thread=False)
        self.in_use = threading.Lock()

    def close(self) -> None:
        """Break off the work, wait for its end, and close."""
        while not self.in_use.acquire(timeout=SECONDS_BETWEEN_INTERRUPTS):
            self.interrupt()
        try:
            super().close()
        finally:
            self.in_use.release()


@contextlib.contextmanager
def beside(connection: SharedConnection, work: Callable[[sqlite3.Connection], Result]) -> Iterator[Future[Result]]:
    """Do `work` with a connection in another thread while the block runs, and wait for it when the block ends.

    The block leaves the connection alone. Raises what `work` raises; where the block fails, the work is broken off.
    """

    def use() -> Result:
        with connection.in_use:
            return work(connection)

    with ThreadPoolExecutor(1) as pool:
        working = pool.submit(use)
        try:
            yield working
            working.result()
        except BaseException:  # Ctrl-C too
            while not working.done():  # before and between its statements there is nothing to break off
                connection.interrupt()
                wait([working], timeout=SECONDS_BETWEEN_INTERRUPTS)
            raise


@contextlib.contextmanager
def scratch_database(building: Path, suffix: str, table: str) -> Iterator[SharedConnection]:
    """Make a database that lives as long as the block; it sees the one at `building` as it is now, as `building`.

    It is in a transaction, and sees that one until the transaction ends. While others write to it, only such tables may
    be read as are not written to: their pages do not change, so they need no locks. `table` is one of them. The file
    lies beside the other and has no name. Raises sqlite3.Error where it cannot be made.
    """
    file = building.with_name(f"{building.name}{suffix}")
    file.unlink(missing_ok=True)  # of a build that was killed: whoever comes here holds the lock of the database
    with contextlib.closing(SharedConnection(file.as_uri())) as own:
        for setting in SETTINGS:
            own.execute(setting)
        file.unlink()  # it lives as long as it is open
        own.execute("attach ? as building", (f"{building.as_uri()}?mode=ro&immutable=1",))
        own.execute("begin")
        own.execute(f"select 1 from building.{table} limit 1").fetchone()
        yield own
