"""What a build puts aside on the disk: beside the database that it writes, since that folder has room for much."""

from __future__ import annotations

import contextlib
import sqlite3
import tempfile
from array import array
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from forum_comments.errors import as_output_error

NOT_KEPT = "what is put aside there for the build cannot be kept"


class Aside:
    """Pieces of bytes in a file without a name: whatever happens, nothing is left of it."""

    def __init__(self, folder: Path) -> None:
        """Choose the folder that the file goes into, with the first piece."""
        self.folder = folder
        self._file: IO[bytes] | None = None
        self._ends = array("Q")

    def append(self, piece: bytes) -> int:
        """Add a piece, and give its number, from 0. Raises OutputError where the disk does not take it."""
        with as_output_error(self.folder, NOT_KEPT):
            if self._file is None:
                self._file = tempfile.TemporaryFile(dir=self.folder)  # noqa: SIM115 - `close` closes it
            self._file.seek(self._begin(len(self._ends)))
            self._file.write(piece)
            self._file.flush()  # or the disk might refuse it later, elsewhere
        self._ends.append(self._begin(len(self._ends)) + len(piece))
        return len(self._ends) - 1

    def __getitem__(self, number: int) -> bytes:
        end = self._ends[number]
        begin = self._begin(number)
        if self._file is None:
            return b""
        with as_output_error(self.folder, NOT_KEPT):
            self._file.seek(begin)
            return self._file.read(end - begin)

    def __len__(self) -> int:
        return len(self._ends)

    def close(self) -> None:
        """Give the disk's space back."""
        if self._file is not None:
            with contextlib.suppress(OSError):  # it tries again to write what the disk did not take
                self._file.close()

    def _begin(self, number: int) -> int:
        return self._ends[number - 1] if number else 0


@contextlib.contextmanager
def sqlite_files_in(folder: Path) -> Iterator[None]:
    """Let SQLite put what it sorts into a folder while the block runs, in files without a name.

    It is a setting of the whole process. Where SQLite was built without it, or the folder has a name that is no UTF-8,
    they lie in the folder that TMPDIR names.
    """
    _set_folder(str(folder))
    try:
        yield
    finally:
        _set_folder("")


def _set_folder(folder: str) -> None:
    quoted = folder.replace("'", "''")
    no_utf_8 = (ValueError, sqlite3.Warning)  # cannot be said to SQLite; Python 3.10 warns of it
    with contextlib.closing(sqlite3.connect(":memory:")) as connection, contextlib.suppress(sqlite3.Error, *no_utf_8):
        connection.execute(f"pragma temp_store_directory = '{quoted}'")
