"""What SQLite leaves beside a database that somebody has open or left in the middle: changes that are not in it yet."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from pathlib import Path

from forum_comments.errors import OutputError

JOURNAL_SUFFIXES = ("-wal", "-journal")
BUSY_SECONDS = 1.0  # how long to wait for another program that has the old database open


def journals_of(path: Path) -> list[Path]:
    """Give the journals that lie beside a database, links to nothing among them."""
    beside = [path.with_name(f"{path.name}{suffix}") for suffix in JOURNAL_SUFFIXES]
    return [journal for journal in beside if os.path.lexists(journal)]


def settle_journals(path: Path) -> None:
    """Bring what a journal beside an old database holds into it, so that none outlives it.

    SQLite would take what is left of them for part of the new database. Raises OutputError where one remains.
    """
    journals = _names(path)
    if not journals:
        return
    if not path.exists():
        raise OutputError(path, f"{journals} lies there without its database; move it away and build again")
    try:
        # Beside a file that is no database SQLite deletes the journals: look first without touching them.
        _query(f"{path.as_uri()}?mode=ro&immutable=1", "select count(*) from sqlite_master")
        # The query after the checkpoint rolls a journal back.
        _query(f"{path.as_uri()}?mode=rw", "pragma wal_checkpoint(truncate)", "select count(*) from sqlite_master")
    except sqlite3.Error as error:
        raise OutputError(path, f"what {journals} holds cannot be brought into the old database: {error}") from error
    if remaining := _names(path):
        raise OutputError(path, f"{remaining} is in use by another program, or left by one; close it and build again")


def _names(path: Path) -> str:
    return " and ".join(journal.name for journal in journals_of(path))


def _query(address: str, *queries: str) -> None:
    with contextlib.closing(sqlite3.connect(address, uri=True, timeout=BUSY_SECONDS)) as connection:
        for query in queries:
            connection.execute(query).fetchall()
