"""The error trees: `BuildError` for the build, `PageError` for the site.

Every message names the file or the address and the place, and says what was expected.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path


class BuildError(Exception):
    """The database cannot be built; the earlier one is as it was. `build_db.py` prints it and exits with 1."""


class FileError(BuildError):
    """Something is wrong with one file. Carries its path, and what is wrong with it in words for its reader."""

    def __init__(self, path: Path, what: str) -> None:
        super().__init__(f"{path}: {what}")
        self.path = path
        self.what = what


class SourceError(FileError):
    """A source cannot be read as what it is meant to be."""


class OutputError(FileError):
    """The database file cannot be written, checked or moved into place."""


class EntryError(BuildError):
    """Something is wrong with an entry of a file that people write by hand.

    Carries the file, the entry's number in it (from 1; None: the file as a whole) and what was found.
    """

    def __init__(self, path: Path, entry: int | None, what: str) -> None:
        place = f"{path}, entry {entry}" if entry is not None else str(path)
        super().__init__(f"{place}: {what}")
        self.path = path
        self.entry = entry
        self.what = what


class CorrectionError(EntryError):
    """An entry of a corrections file cannot be applied."""


class RemovalError(EntryError):
    """A list of what was removed cannot be read, written or applied, or a request for removal names nothing."""


def unreadable(error: OSError) -> str:
    """Say that a file or folder cannot be read, and why."""
    return f"cannot be read: {error.strerror or error}"


@contextlib.contextmanager
def as_output_error(path: Path, what: str = "cannot be written") -> Iterator[None]:
    """Turn an error of the file system or of SQLite into an OutputError about `path`."""
    try:
        yield
    except OSError as error:
        raise OutputError(path, f"{what}: {error.strerror or error}") from error
    except sqlite3.Error as error:
        raise OutputError(path, f"{what}: {error}") from error


class PageError(Exception):
    """A page of the site cannot be shown. The message is a sentence for the reader."""


class NotFoundError(PageError):
    """What the address names is not in the data: the answer is 404."""


class BadRequestError(PageError):
    """An argument of the address cannot be used: the answer is 400."""
