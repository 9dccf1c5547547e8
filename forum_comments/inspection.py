"""`inspect-data.json`: what Datasette would otherwise count on every page, written by the build beside its database.

The file is what `datasette inspect` writes: for each database its sha256, size in bytes, file name and the number of
rows of each table. `datasette .` reads it, and serves the databases that it names as immutable. Beside these stand the
counts of facets, which Datasette leaves alone and `serving/facets.py` reads. The file must never speak of another
database than the one that lies there: the entry of a database goes before the database is replaced, and comes back
after.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import sqlite3
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from forum_comments.errors import OutputError, as_output_error
from forum_comments.files import sha256_of, write_synced

INSPECT_FILE = "inspect-data.json"  # the name that Datasette looks for in the folder that it serves
WRITING_FILE = f".{INSPECT_FILE}.building"

# What stands beside each table's rows, as metadata.yml has it (a test compares): a table of a million rows takes longer
# to count by a column without an index than a page may wait.
FACETS = {
    "comments": ("author_id", "is_truncated", "author_basis", "source"),
    "documents": ("format", "owner_id"),
    "appearances": ("document_id", "boundary_basis", "is_truncated"),
    "passages": ("is_quotation",),
    "links": ("host",),
    "furniture": ("role", "document_id"),
    "corrections": ("kind", "document_id"),
    "problems": ("kind", "document_id"),
    "statistics": ("figure",),
}
# Of one facet: the 30 that Datasette shows if nothing else is set, and one to know that there are more.
MOST_VALUES = 31

Entry = Mapping[str, object]
Facets = dict[str, dict[str, list[tuple[object, int]]]]  # by table and column: values and how many rows have each


def inspection(path: Path, building: Path, counts: Mapping[str, int]) -> Entry:
    """Describe the database `building`, to which nobody is writing, as it will be at `path`.

    `counts` gives the number of rows of the tables where it is known; the others are counted. Raises OutputError where
    the file cannot be read.
    """
    with as_output_error(path, "cannot be read again"):
        with contextlib.closing(sqlite3.connect(building)) as connection:
            tables = [table for (table,) in connection.execute("select name from sqlite_master where type = 'table'")]
            rows = {table: counts[table] if table in counts else _count(connection, table) for table in tables}
            facets = _facets(connection)
        return {
            "hash": sha256_of(building),
            "size": building.stat().st_size,
            "file": path.name,
            "tables": {table: {"count": count} for table, count in rows.items()},
            "facets": facets,
        }


def _count(connection: sqlite3.Connection, table: str) -> int:
    (count,) = connection.execute(f'select count(*) from "{table}"').fetchone()
    return int(count)


def _facets(connection: sqlite3.Connection) -> Facets:
    """Count as Datasette does: the commonest first, of equally common ones the smallest; rows without a value not."""
    facets: Facets = {}
    for table, columns in FACETS.items():
        existing = {column for (column,) in connection.execute("select name from pragma_table_info(?)", (table,))}
        for column in (column for column in columns if column in existing):
            facets.setdefault(table, {})[column] = connection.execute(
                f'select "{column}", count(*) from "{table}" where "{column}" is not null'
                f' group by "{column}" order by 2 desc, 1 limit {MOST_VALUES}'
            ).fetchall()
    return facets


@contextlib.contextmanager
def described(path: Path, entry: Entry | None = None) -> Iterator[None]:
    """Take the entry of the database at `path` away while the block replaces or changes it, and put it back after.

    It is `entry` then; without one, the database is described anew as the block left it. Entries of other databases in
    the folder stay. Builds in one folder wait for each other here. Where the block fails, the file is as it was. Raises
    OutputError where the file is not what Datasette reads, or cannot be written.
    """
    target, writing = path.with_name(INSPECT_FILE), path.with_name(WRITING_FILE)
    with _locked(path.parent):
        with as_output_error(target):
            before = target.read_bytes() if target.exists() else None
            others = {name: other for name, other in _entries(target, before).items() if name != path.stem}
            _replace(target, writing, _json(others) if others else None)
            if entry is not None:  # written now, so that a full disk is found before the database is moved
                write_synced(writing, _json({**others, path.stem: entry}))
        try:
            yield
        except BaseException:
            with as_output_error(target):
                _replace(target, writing, before)
            raise
        with as_output_error(target):
            if entry is None:
                write_synced(writing, _json({**others, path.stem: inspection(path, path, {})}))
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
        write_synced(writing, content)
        writing.replace(target)


@contextlib.contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Hold the folder's lock; it is free for as long as no build in the folder moves its database."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
