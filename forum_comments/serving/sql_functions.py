"""SQLite's text functions whose own time has no bound, written again so that it grows with the length of the text."""

from __future__ import annotations

import re
import sqlite3
import threading
from collections.abc import Callable

SqlValue = str | bytes | int | float | None

LONGEST_TEXT = 1_000_000  # bytes of any text, blob or row that a reader's statement makes or reads

# What a format of printf says about width and precision, each a number or `*`, an argument.
FORMAT_SIZES = re.compile(r"%[-+ 0!#,]*(?P<width>\*|[0-9]*)(?:\.(?P<precision>\*|[0-9]*))?")

_own = threading.local()


def instr(text: SqlValue, part: SqlValue) -> int | None:
    """SQLite's instr(): where `part` stands first, from 1; 0 where it does not; in bytes where both are blobs."""
    if text is None or part is None:
        return None
    if isinstance(text, bytes) and isinstance(part, bytes):
        return text.find(part) + 1
    return as_text(text).find(as_text(part)) + 1


def replace(text: SqlValue, old: SqlValue, new: SqlValue) -> str | None:
    """SQLite's replace(). Raises sqlite3.DataError where the result would be too long."""
    if text is None or old is None:
        return None
    whole, part = as_text(text), as_text(old)
    if not part:
        return whole
    if new is None:
        return None
    substitute = as_text(new)
    if len(whole) + whole.count(part) * (len(substitute) - len(part)) > LONGEST_TEXT:
        raise sqlite3.DataError("string or blob too big")
    return whole.replace(part, substitute)


def trim(text: SqlValue, characters: SqlValue, at_start: bool = True, at_end: bool = True) -> str | None:
    """SQLite's trim(X, Y): X without the characters of Y at its ends."""
    if text is None or characters is None:
        return None
    whole, unwanted = as_text(text), frozenset(as_text(characters))
    start, end = 0, len(whole)
    while at_start and start < end and whole[start] in unwanted:
        start += 1
    while at_end and end > start and whole[end - 1] in unwanted:
        end -= 1
    return whole[start:end]


def ltrim(text: SqlValue, characters: SqlValue) -> str | None:
    """SQLite's ltrim(X, Y)."""
    return trim(text, characters, at_end=False)


def rtrim(text: SqlValue, characters: SqlValue) -> str | None:
    """SQLite's rtrim(X, Y)."""
    return trim(text, characters, at_start=False)


def printf(*arguments: SqlValue) -> SqlValue:
    """SQLite's printf() itself, of formats whose widths and precisions are numbers and not too large in all.

    Raises ValueError for others.
    """
    total = 0
    for match in FORMAT_SIZES.finditer(as_text(arguments[0]) if arguments and arguments[0] is not None else ""):
        for size in match.groups():
            if size == "*":
                raise ValueError("printf() takes no * here")
            total += int(size[:9] or 0) if size else 0
    if total > LONGEST_TEXT:
        raise ValueError("the widths in a format of printf() are too large")
    return _by_sqlite("printf", arguments)


def as_text(value: SqlValue) -> str:
    """A value as text, as SQLite's text functions take it."""
    if isinstance(value, str):
        return value
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return str(_by_sqlite("trim", (value,)))


def _by_sqlite(function: str, arguments: tuple[SqlValue, ...]) -> SqlValue:
    """What SQLite's own function gives, asked on a connection that nothing else uses."""
    if not hasattr(_own, "connection"):
        _own.connection = sqlite3.connect(":memory:")
    marks = ", ".join("?" * len(arguments))
    (value,) = _own.connection.execute(f"select {function}({marks})", arguments).fetchone()
    return value  # type: ignore[no-any-return]


FUNCTIONS: dict[tuple[str, int], Callable[..., SqlValue]] = {
    ("instr", 2): instr,
    ("replace", 3): replace,
    ("trim", 2): trim,
    ("ltrim", 2): ltrim,
    ("rtrim", 2): rtrim,
    ("printf", -1): printf,
    ("format", -1): printf,  # its other name, from SQLite 3.38 on
}
