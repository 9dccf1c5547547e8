"""Bounds on what one statement of a reader may take, beside its time.

Datasette's time limit is asked for every thousand steps of SQLite's machine, and one step can be made to last for
hours: `instr`, `replace` and `trim` compare every place of one text with the whole of another, a pattern of LIKE or
GLOB does nearly so, and printf counts to any width that it is given. So texts and patterns are kept short, those
functions are replaced by ones whose time grows with the text alone (`sql_functions.py`), LIKE and GLOB may stand only
so often in a statement, and a statement that still goes on is interrupted at its next jump (`Watch`). An answer is
bounded by its cells and bytes, since Datasette holds it in memory and writes its page in the thread that serves all.
"""

from __future__ import annotations

import sqlite3
import threading
import weakref
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from forum_comments.serving.sql_functions import FUNCTIONS, LONGEST_TEXT

LONGEST_PATTERN = 100  # bytes of a pattern of LIKE or GLOB: on the longest text it takes half a second
MOST_PATTERNS = 20  # of LIKE or GLOB in one statement
MOST_COLUMNS = 100  # of an answer; the widest table has 32
MOST_TERMS = 100  # of one compound SELECT
DEEPEST_EXPRESSION = 200


@dataclass(frozen=True, slots=True)
class Size:
    """How large an answer may be: cells, and characters of its texts (bytes of its blobs)."""

    cells: int
    characters: int


# A page is written in the thread that serves everybody, and everybody waits: a twentieth of a second for 5,000 cells.
PAGE = Size(5_000, 400_000)
DATA = Size(40_000, 8_000_000)  # JSON and CSV: 1,000 rows of the widest table, and of long comments

# All of SQLite's memory in this process. A query that wants more ends with MemoryError.
HARD_HEAP_BYTES = 256 * 1024 * 1024

SECONDS_OF_GRACE = 0.3  # after the time limit, before a statement that has not seen it is interrupted

# The names in `sqlite3` of these limits, which Python has from 3.11 on.
LIMITS = {
    "SQLITE_LIMIT_LENGTH": LONGEST_TEXT,
    "SQLITE_LIMIT_LIKE_PATTERN_LENGTH": LONGEST_PATTERN,
    "SQLITE_LIMIT_COLUMN": MOST_COLUMNS,
    "SQLITE_LIMIT_COMPOUND_SELECT": MOST_TERMS,
    "SQLITE_LIMIT_EXPR_DEPTH": DEEPEST_EXPRESSION,
    "SQLITE_LIMIT_ATTACHED": 0,
}
PATTERN_FUNCTIONS = frozenset({"like", "glob"})
REFUSED_FUNCTIONS = frozenset({"json_patch"})  # takes time with the square of the number of keys


def limit_heap() -> None:
    """Bound the memory of SQLite in this process; SQLite keeps a lower bound that was set earlier."""
    connection = sqlite3.connect(":memory:")
    connection.execute(f"pragma hard_heap_limit = {HARD_HEAP_BYTES}")
    connection.close()


class Watch:
    """Watches the statements of one thread: begun and ended by the thread, which adds the connections it opens.

    SQLite forgets an interruption when nothing is read any more on its connection. A cursor that failed halfway still
    reads for as long as the traceback of its error keeps it alive, and would let every later statement fail: so each
    statement's cursors are closed at its end, and nothing is interrupted after it.
    """

    def __init__(self, time_limit: float) -> None:
        """`time_limit` is that of one statement, in seconds."""
        self._seconds = time_limit + SECONDS_OF_GRACE
        self._connections: list[sqlite3.Connection] = []
        self._cursors: list[weakref.ref[sqlite3.Cursor]] = []  # of the statement, as far as they gave a row
        self._timer: threading.Timer | None = None
        self._changing = threading.Lock()
        self._patterns = 0
        self.size = DATA

    def begin(self, size: Size) -> None:
        """A statement begins, whose answer may have this size."""
        self._patterns = 0
        self.size = size
        self._timer = threading.Timer(self._seconds, self._interrupt)
        self._timer.daemon = True
        self._timer.start()

    def end(self) -> None:
        """The statement has ended, or failed."""
        with self._changing:
            if self._timer is not None:
                self._timer.cancel()
                self._timer = None
        for reference in self._cursors:
            if (cursor := reference()) is not None:
                with suppress(sqlite3.Error):
                    cursor.close()
        self._cursors.clear()

    def _interrupt(self) -> None:
        """Interrupt what runs, in the timer's thread, unless it has ended since the timer went off."""
        with self._changing:
            if threading.current_thread() is not self._timer:
                return
            for connection in self._connections:
                with suppress(sqlite3.ProgrammingError):  # closed by now
                    connection.interrupt()

    def reads(self, cursor: weakref.ref[sqlite3.Cursor]) -> None:
        """A cursor gives rows from now on."""
        self._cursors.append(cursor)

    def limit(self, connection: sqlite3.Connection) -> None:
        """Bound what any statement on a connection of this thread may take from now on.

        Python 3.10 cannot set SQLite's own limits; there the heap, the functions and the size of the answer remain.
        """
        self._connections.append(connection)
        if hasattr(connection, "setlimit"):
            for name, value in LIMITS.items():
                connection.setlimit(getattr(sqlite3, name), value)
        for (name, arguments), function in FUNCTIONS.items():
            connection.create_function(name, arguments, function, deterministic=True)
        # Temporary tables and sorts count as memory then; on a disk nothing would bound them.
        connection.execute("pragma temp_store = memory")
        connection.row_factory = BoundedRows(self)
        connection.set_authorizer(self._authorize)

    def _authorize(self, action: int, _: str | None, name: str | None, *__: str | None) -> int:
        """Whether a statement may name a function: SQLite asks for each place where one stands."""
        if action != sqlite3.SQLITE_FUNCTION or name is None:
            return sqlite3.SQLITE_OK
        if name.lower() in PATTERN_FUNCTIONS:
            self._patterns += 1
        if name.lower() in REFUSED_FUNCTIONS or self._patterns > MOST_PATTERNS:
            return sqlite3.SQLITE_DENY
        return sqlite3.SQLITE_OK


class BoundedRows:
    """A row factory that gives `sqlite3.Row`, and an error from the cell or character on that is too many.

    Raises sqlite3.OperationalError, which Datasette shows as a query at fault.
    """

    def __init__(self, watch: Watch) -> None:
        self._watch = watch
        self._cursor: weakref.ref[sqlite3.Cursor] | None = None
        self._cells = 0
        self._characters = 0

    def __call__(self, cursor: sqlite3.Cursor, values: tuple[Any, ...]) -> sqlite3.Row:
        """Count a row of a cursor; another cursor starts anew."""
        if self._cursor is None or self._cursor() is not cursor:
            self._cursor, self._cells, self._characters = weakref.ref(cursor), 0, 0
            self._watch.reads(self._cursor)
        self._cells += len(values)
        self._characters += sum(len(value) for value in values if isinstance(value, str | bytes))
        most = self._watch.size
        if self._cells > most.cells:
            raise sqlite3.OperationalError(
                f"The answer has more than {most.cells:,} cells: name fewer columns or take fewer rows."
            )
        if self._characters > most.characters:
            raise sqlite3.OperationalError(
                f"The answer has more than {most.characters:,} characters: take fewer rows, or substr() of long texts."
            )
        return sqlite3.Row(cursor, values)
