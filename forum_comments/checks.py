"""Whether a database that was written is sound: its structure, its keys, its rows and its search index."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

from forum_comments.beside import SharedConnection, beside
from forum_comments.errors import OutputError, as_output_error
from forum_comments.schema import FTS_CONTENT, FTS_TABLE

BROKEN_KEYS_SHOWN = 10


def check_database(path: Path, connection: sqlite3.Connection, counts: Mapping[str, int]) -> None:
    """Raise OutputError unless a database is sound: structure, keys, search index, `counts` rows in each table.

    `path` serves in the error only. That each index has what its table has is left to SQLite, which has just made them:
    looking every entry up takes as long as the search index, and the tests do.
    """
    with (
        contextlib.closing(_second_connection(connection)) as second,
        beside(second, partial(_check_structure, path)),
    ):
        _check_words(path, connection, counts)


def check_rows(path: Path, connection: sqlite3.Connection, counts: Mapping[str, int]) -> None:
    """Raise OutputError unless keys and search index are sound and each table has `counts` rows.

    Looks at what the connection has not yet committed, too. `path` serves in the error only.
    """
    _check_keys(path, connection)
    _check_words(path, connection, counts)


def _check_structure(path: Path, connection: sqlite3.Connection) -> None:
    with as_output_error(path, "it is damaged"):
        _require(path, "quick_check", _values(connection, "pragma quick_check"), ["ok"])
    _check_keys(path, connection)


def _check_keys(path: Path, connection: sqlite3.Connection) -> None:
    with as_output_error(path, "its keys cannot be checked"):
        broken = connection.execute("pragma foreign_key_check").fetchmany(BROKEN_KEYS_SHOWN)
        keys = [f"row {row} of {table} names no row of {other}" for table, row, other, _ in broken]
        _require(path, "foreign_key_check", keys, [])


def _check_words(path: Path, connection: sqlite3.Connection, counts: Mapping[str, int]) -> None:
    with as_output_error(path, "its rows cannot be counted"):
        for table, count in counts.items():
            _require(path, f"rows of {table}", _values(connection, f'select count(*) from "{table}"'), [count])
        # VACUUM numbers the rows of a table with a text key anew, from 1; the search index keeps the old numbers.
        last = _values(connection, f"select ifnull(max(rowid), 0) from {FTS_CONTENT}")
        _require(path, f"last row number of {FTS_CONTENT}", last, [counts[FTS_CONTENT]])
    with as_output_error(path, f"the search index is out of step with {FTS_CONTENT}"):
        # Without rank 1 an index of other words than the table's would pass.
        connection.execute(f"insert into {FTS_TABLE} ({FTS_TABLE}, rank) values ('integrity-check', 1)")


def _second_connection(connection: sqlite3.Connection) -> SharedConnection:
    """Open the database of a connection again, to read it in another thread."""
    # As bytes: a file's name need not be UTF-8.
    query = "select cast(file as blob) from pragma_database_list where name = 'main'"
    (file,) = connection.execute(query).fetchone()
    address = f"{Path(os.fsdecode(file)).as_uri()}?mode=ro"
    return SharedConnection(address)


def _values(connection: sqlite3.Connection, query: str) -> list[object]:
    return [row[0] for row in connection.execute(query)]


def _require(path: Path, what: str, found: Sequence[object], expected: Sequence[object]) -> None:
    if found != expected:
        raise OutputError(path, f"the new database fails {what}: found {found}, expected {expected}")
