"""`inspect-data.json`: what Datasette would otherwise count on every page, written by the build beside its database.

The file is what `datasette inspect` writes: for each database its sha256, size in bytes, file name and the number of
rows of each table. `datasette .` reads it, and serves the databases that it names as immutable. It must never speak of
another file than the one that lies there: the entry of a database goes before the database is replaced, and comes back
after.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
import sqlite3
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from forum_comments.errors import OutputError

INSPECT_FILE = "inspect-data.json"  # the name that Datasette looks for in the folder that it serves
WRITING_FILE = f".{INSPECT_FILE}.building"
HASH_BLOCK = 1024 * 1024  # bytes read at a time

Entry = Mapping[str, object]


def inspection(path: Path, building: Path, counts: Mapping[str, int]) -> Entry:
    """Describe the database `building`, to which nobody is writing, as it will be at `path`.

    `counts` gives the number of rows of the tables where it is known; the others are counted. Raises OutputError where
    the file cannot be read.
    """
    with _reported(path, "cannot be read again"):
        with contextlib.closing(sqlite3.connect(building)) as connection:
            tables = [table for (table,) in connection.execute("select name from sqlite_master where type = 'table'")]
            rows = {table: counts[table] if table in counts else _count(connection, table) for table in tables}
        return {
            "hash": _sha256(building),
            "size": building.stat().st_size,
            "file": path.name,
            "tables": {table: {"count": count} for table, count in rows.items()},
        }


def _sha256(file: Path) -> str:
    digest = hashlib.sha256()
    with file.open("rb") as content:
        while block := content.read(HASH_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def _count(connection: sqlite3.Connection, table: str) -> int:
    (count,) = connection.execute(f'select count(*) from "{table}"').fetchone()
    return int(count)


@contextlib.contextmanager
def undescribed(path: Path) -> Iterator[None]:
    """Take the entry of the database at `path` away while the block changes it in place, and describe it anew after.

    Where the block fails, the file is as it was. Raises OutputError as `described`.
    """
    target, writing = path.with_name(INSPECT_FILE), path.with_name(WRITING_FILE)
    with _locked(path.parent):
        with _reported(target):
            before = target.read_bytes() if target.exists() else None
            others = {name: other for name, other in _entries(target, before).items() if name != path.stem}
            _replace(target, writing, _json(others) if others else None)
        try:
            yield
        except BaseException:
            with _reported(target):
                _replace(target, writing, before)
            raise
        with _reported(target):
            _replace(target, writing, _json({**others, path.stem: inspection(path, path, {})}))


@contextlib.contextmanager
def described(path: Path, entry: Entry) -> Iterator[None]:
    """Take the entry of the database at `path` away while the block replaces it, and put `entry` in its place after.

    Entries of other databases in the folder stay. Builds in one folder wait for each other here. Where the block fails,
    the file is as it was. Raises OutputError where the file is not what Datasette reads, or cannot be written.
    """
    target, writing = path.with_name(INSPECT_FILE), path.with_name(WRITING_FILE)
    with _locked(path.parent):
        with _reported(target):
            before = target.read_bytes() if target.exists() else None
            others = {name: other for name, other in _entries(target, before).items() if name != path.stem}
            _replace(target, writing, _json(others) if others else None)
            # Written now, so that a full disk is found before the database is moved.
            _write(writing, _json({**others, path.stem: entry}))
        try:
            yield
        except BaseException:
            with _reported(target):
                _replace(target, writing, before)
            raise
        with _reported(target):
            writing.replace(target)


def _entries(target: Path, content: bytes | None) -> dict[str, Any]:
    if content is None:
        return {}
    try:
        entries = json.loads(content)
    except ValueError:
        entries = None
    if not isinstance(entries, dict):
        raise OutputError(target, "is not what `datasette inspect` writes; move it away and build again")
    return entries


def _json(entries: Mapping[str, Entry]) -> bytes:
    return (json.dumps(entries, indent=2) + "\n").encode()


def _replace(target: Path, writing: Path, content: bytes | None) -> None:
    """Give the file this content; None deletes it."""
    if content is None:
        target.unlink(missing_ok=True)
        writing.unlink(missing_ok=True)
    else:
        _write(writing, content)
        writing.replace(target)


def _write(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


@contextlib.contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Hold the folder's lock; it is free for as long as no build in the folder moves its database."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def _reported(path: Path, what: str = "cannot be written") -> Iterator[None]:
    """Turn an error of the file system or of SQLite into an OutputError."""
    try:
        yield
    except OSError as error:
        raise OutputError(path, f"{what}: {error.strerror or error}") from error
    except sqlite3.Error as error:
        raise OutputError(path, f"{what}: {error}") from error
