"""What several modules do with files: hash one, write one so that it outlasts a power cut, open a database to read."""

from __future__ import annotations

import hashlib
import os
import sqlite3
from collections.abc import Iterable
from pathlib import Path

SQLITE_HEADER = b"SQLite format 3\x00"  # what every database begins with
HASHED_BYTES = 1 << 20  # read at once


def sha256_of(path: Path) -> str:
    """Give the sha256 of a file in hexadecimal digits."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(HASHED_BYTES):
            digest.update(block)
    return digest.hexdigest()


def state_of(files: Iterable[Path]) -> tuple[tuple[int, int, int], ...]:
    """Give what changes when somebody writes or replaces one of some files: its number, size and time of change."""
    states = [file.stat() for file in files]
    return tuple((state.st_ino, state.st_size, state.st_mtime_ns) for state in states)


def beginning_of(path: Path) -> bytes:
    """Give the first bytes of a file, as many as `SQLITE_HEADER` has."""
    with path.open("rb") as file:
        return file.read(len(SQLITE_HEADER))


def write_synced(path: Path, content: bytes) -> None:
    """Write a file, and wait until the disk has it."""
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def open_to_read(database: Path) -> sqlite3.Connection:
    """Open a database that nothing here will change. Raises sqlite3.Error where there is no such file."""
    return sqlite3.connect(f"{database.absolute().as_uri()}?mode=ro", uri=True)
