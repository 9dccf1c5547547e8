"""How long a function of a page takes."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from typing import Any

WARM_CALLS = 4

Call = Callable[[sqlite3.Connection], Any]


def milliseconds(call: Call, connection: sqlite3.Connection) -> float:
    """Call a function; gives milliseconds of processor time, which other programs disturb little."""
    start = time.process_time()
    call(connection)
    return 1000 * (time.process_time() - start)


def first_and_warm(call: Call, connection: sqlite3.Connection) -> str:
    """Give two cells of a table: the milliseconds of the first call, and of the best of some more."""
    first, *warm = [milliseconds(call, connection) for _ in range(1 + WARM_CALLS)]
    return f"{first:.0f} | {min(warm):.1f}"
