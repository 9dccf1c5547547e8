"""Tables of text with a header line (CSV), read row by row.

A row that cannot be read is a Fault; the next one is read.
"""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import NamedTuple

from forum_comments.readers.json_records import REPLACEMENT, Found, lines
from forum_comments.readers.splitting import MOST_RECORD_BYTES, NOT_READ
from forum_comments.readers.values import Problems
from forum_comments.records import Fault

SEPARATORS = ",;\t"


class _Header(NamedTuple):
    names: list[str]
    separator: str


class _Line(NamedTuple):
    number: int  # from 1
    text: str
    problems: Problems


class _Lines:
    """A file's lines for the CSV parser. Those of a row that turns out to be none can be read again."""

    def __init__(self, path: Path) -> None:
        self._lines = _text_lines(path)
        self._again: deque[_Line] = deque()
        self._faults: list[Fault] = []
        self.row: list[_Line] = []  # that is being read

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else next(self._lines)
        while isinstance(line, Fault):
            self._faults.append(line)
            line = next(self._lines)
        self.row.append(line)
        return line.text

    def give_back(self) -> None:
        """Let all lines of the row but its first be read again."""
        self._again.extendleft(reversed(self.row[1:]))

    def take_faults(self) -> list[Fault]:
        """Give what could not be read as a line since this was asked last."""
        faults, self._faults = self._faults, []
        return faults


def has_columns(path: Path, required: str, any_of: Collection[str]) -> bool:
    """Say whether a file begins with a line that names these columns. Raises SourceError where it cannot be opened."""
    first = next(_text_lines(path), None)
    return isinstance(first, _Line) and _header(first.text, required, any_of) is not None


def read_rows(path: Path, required: str, any_of: Collection[str]) -> Iterator[Found | Fault]:
    """Read the rows of a file that `has_columns`; a row's number is that of its first line, the header's is 1.

    Empty cells are left out. Raises SourceError where the file cannot be opened.
    """
    source = _Lines(path)
    header = _header(next(source, ""), required, any_of)
    if header is None:
        return
    for repeated in sorted({name for name in header.names if header.names.count(name) > 1}):
        detail = f"line 1: two columns are named {repeated}; where both have a value the last one is read"
        yield Fault("column named twice", detail)
    csv.field_size_limit(MOST_RECORD_BYTES)  # the library's own limit is 128 KB
    while True:
        source.row = []
        try:
            row = _read_row(source, header)
        except StopIteration:
            break
        finally:
            faults = source.take_faults()
        yield from faults
        if row is not None:
            yield row
    yield from faults


def _read_row(source: _Lines, header: _Header) -> Found | Fault | None:
    """Read the next row; None for an empty line. Raises StopIteration at the end."""
    what = ""
    cells: list[str] = []
    try:
        # strict: text after a closing quotation mark is an error, and so is one that never closes.
        cells = next(csv.reader(source, delimiter=header.separator, strict=True))
    except csv.Error as error:
        what = f"no CSV: {error}"
    if cells and len(cells) != len(header.names):
        what = f"expected {len(header.names)} cells, as in the header, found {len(cells)}"
    if what:
        source.give_back()
        return Fault(NOT_READ, f"line {source.row[0].number}: {what}")
    if not cells:
        return None
    values = {name: cell for name, cell in zip(header.names, cells, strict=True) if cell}
    return Found(source.row[0].number, values, [problem for line in source.row for problem in line.problems])


def _header(line: str, required: str, any_of: Collection[str]) -> _Header | None:
    for separator in SEPARATORS:
        try:
            cells = next(csv.reader([line], delimiter=separator, strict=True), [])
        except csv.Error:
            continue
        names = [cell.strip().lower() for cell in cells]
        if required in names and any(name in names for name in any_of):
            return _Header(names, separator)
    return None


def _text_lines(path: Path) -> Iterator[_Line | Fault]:
    for line in lines(path):
        yield line if isinstance(line, Fault) else _decoded(line.number, line.text + b"\n" * line.is_whole)


def _decoded(number: int, line: bytes) -> _Line:
    problems: Problems = []
    try:
        text = line.decode()
    except UnicodeDecodeError as error:
        text = line.decode(errors="replace")
        problems.append(("undecodable bytes", f"line {number} is not UTF-8 at byte {error.start}; shown as U+FFFD"))
    if "\0" in text:
        text = text.replace("\0", REPLACEMENT)
        problems.append(("impossible characters", f"line {number} has a NUL; shown as U+FFFD"))
    return _Line(number, text, problems)
