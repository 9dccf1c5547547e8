"""Cuts a stream of JSON into the texts of its records without decoding it: a damaged record costs nothing but itself.

A JSON parser that meets an error in the middle of a list loses the rest of the list; and one that recurses fails on a
thread of some hundred replies, each inside the other. Here only brackets and strings are looked at.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from forum_comments.readers.streams import CUT_SHORT
from forum_comments.records import Fault

# No comment is so long; a list that is never closed, or a binary file, would fill the memory.
MOST_RECORD_BYTES = 1 << 24
NOT_READ = "record not read"

# Goes to the next bracket, or to a string that is not closed before the line or the data end.
_TO_BRACKET = re.compile(rb'[^"{}\[\]]*(?:"[^"\\\n]*(?:\\.[^"\\\n]*)*"[^"{}\[\]]*)*', re.DOTALL)
_IN_STRING = re.compile(rb'["\\\n]')
_KEY = re.compile(rb'(?<!\\)"(\w+)"\s*:\s*$')
_MAP_KEY = re.compile(rb'^[\s,]*("[^"\\]*(?:\\.[^"\\]*)*")\s*:\s*$', re.DOTALL)
KEY_BYTES = 64  # how far before a bracket its key is looked for
SEPARATORS = b" \t\r\n,\x1e"
_QUOTE, _OPEN_LIST = b'"['
_CLOSING = b"}]"
SHOWN_BYTES = 40


class Shape(NamedTuple):
    """Where records stand in a file: at its top, in a list at its top, and under certain keys.

    `is_tree`: those keys may stand in records too, at any depth. Otherwise what has one is an envelope, number 0.
    `is_map`: the file is one object, and each value in it a record whose key says whose it is.
    """

    lists: frozenset[bytes] = frozenset()  # keys of lists of records
    objects: frozenset[bytes] = frozenset()  # keys of single records
    is_tree: bool = False
    is_map: bool = False


TOP = Shape()


class Piece(NamedTuple):
    """A record's own text; of records inside it a `null` is left for each list of them."""

    number: int  # of the record in its file, from 1, in the order in which they begin
    above: int | None  # the number of the record in which it stands
    byte: int  # at which it begins
    text: bytes
    key: bytes | None  # in a map: as JSON writes it


@dataclass(slots=True)
class _Record:
    """A record that has begun."""

    level: int  # how many brackets are open around it
    number: int
    above: int | None
    byte: int
    key: bytes | None = None
    parts: list[bytes] = field(default_factory=list)
    bytes_taken: int = 0
    is_too_long: bool = False


@dataclass(slots=True)
class _List:
    """A list of records that has begun."""

    level: int
    owner: _Record | None
    has_records: bool = False


class Splitter:
    """Takes a stream piece by piece and gives the records that end in each."""

    def __init__(self, shape: Shape) -> None:
        """Begin at the first byte of a stream."""
        self._shape = shape
        self._buffer = b""
        self._before = 0  # bytes of the stream that came before the buffer
        self._position = 0  # in the buffer: what is before it has been looked at
        self._mark = 0  # byte of the stream: what is before it belongs to a record, or has been judged
        self._is_in_string = False
        self._level = 0
        self._open: list[_Record | _List] = []
        self._number = 0

    def feed(self, data: bytes) -> Iterator[Piece | Fault]:
        """Read on; give each record whose end has come, the inner ones first."""
        self._buffer += data
        buffer, has_keys = self._buffer, self._shape != TOP
        position = self._leave_string(self._position) if self._is_in_string else self._position
        while not self._is_in_string and (position := _to_bracket(buffer, position)) < len(buffer):
            bracket = buffer[position]
            if bracket == _QUOTE:
                self._is_in_string = True
                position = self._leave_string(position + 1)
                if self._is_in_string:
                    break
                continue
            if bracket in _CLOSING:
                self._level -= 1
                if not self._open or self._level == self._open[-1].level:
                    yield from self._finish(self._before + position)
            elif not self._open or has_keys or isinstance(self._open[-1], _List):
                yield from self._begin(bracket, self._before + position)
            else:
                self._level += 1
            position += 1
        self._position = position
        yield from self._forget()

    def _leave_string(self, position: int) -> int:
        """Go on, in a string, to its end, or as far as the buffer has it: no byte of a long one is looked at twice."""
        while (found := _IN_STRING.search(self._buffer, position)) is not None:
            if found.group() == b"\\":
                if found.end() == len(self._buffer):
                    return found.start()
                position = found.end() + 1
            else:  # no string holds a line feed: its record is damaged, but not those on later lines
                self._is_in_string = False
                return found.end()
        return len(self._buffer)

    def end(self) -> Iterator[Fault]:
        """Say what is missing where the stream ends inside a record or a list."""
        records = [opened for opened in self._open if isinstance(opened, _Record) and opened.number]
        if records:
            first, last = records[0], records[-1]
            which = f"record {first.number}, which"
            if first is not last:
                which = f"records {first.number} to {last.number}, the first of which"
            yield Fault(CUT_SHORT, f"it ends in {which} begins at byte {first.byte}; expected a closing bracket")
        elif self._open:
            yield Fault(CUT_SHORT, f"it ends in a list, after record {self._number}; expected a closing bracket")
        else:
            yield from self._strangers(self._before + len(self._buffer))

    def _begin(self, bracket: int, byte: int) -> Iterator[Fault]:
        """Open a record, a list of records, or what is part of a record."""
        around = self._open[-1] if self._open else None
        if isinstance(around, _Record):
            if self._shape.is_tree or around.above is None:
                self._begin_inside(around, bracket, byte)
        else:
            owner = around.owner if around is not None else None
            key = self._take_key(byte) if self._shape.is_map and around is not None else None
            if owner is None:
                yield from self._strangers(byte)
            if around is None and (bracket == _OPEN_LIST or self._shape.is_map):
                self._open.append(_List(self._level, None))
                self._mark = byte + 1
            else:
                if owner is not None and around is not None:
                    self._leave_out(owner, around, byte)
                self._begin_record(owner, byte, key)
        self._level += 1

    def _begin_inside(self, around: _Record, bracket: int, byte: int) -> None:
        """Open what stands in a record, if its key says that it is a record or holds some."""
        key = self._key_before(byte)
        if bracket == _OPEN_LIST and key in self._shape.lists:
            self._open.append(_List(self._level, around))
        elif bracket != _OPEN_LIST and key in self._shape.objects:
            self._take(around, byte)
            around.parts.append(b"null")
            self._begin_record(around, byte)

    def _begin_record(self, owner: _Record | None, byte: int, key: bytes | None = None) -> None:
        is_envelope = owner is None and bool(self._shape.lists) and not self._shape.is_tree
        self._number += not is_envelope
        number = 0 if is_envelope else self._number
        self._open.append(_Record(self._level, number, owner.number if owner is not None else None, byte, key))
        self._mark = byte

    def _leave_out(self, owner: _Record, records: _List, byte: int) -> None:
        """Put a `null` in the place of the first record of a list, nothing in that of the others."""
        if not records.has_records or self._between(byte).strip(SEPARATORS):
            self._take(owner, byte)
            owner.parts.append(b"null")
        records.has_records = True

    def _finish(self, byte: int) -> Iterator[Piece | Fault]:
        """Close what the bracket at this byte closes."""
        if not self._open:
            self._level = 0
            yield from self._strangers(byte)
            yield Fault(NOT_READ, f"byte {byte}: a bracket closes that none has opened")
            self._mark = byte + 1
            return
        closed = self._open.pop()
        if isinstance(closed, _Record):
            self._take(closed, byte + 1)
            if closed.is_too_long:
                yield Fault(NOT_READ, f"{place(closed)}: longer than {MOST_RECORD_BYTES} bytes")
            else:
                yield Piece(closed.number, closed.above, closed.byte, b"".join(closed.parts), closed.key)
        elif closed.owner is None:
            yield from self._strangers(byte)
            self._mark = byte + 1

    def _take(self, record: _Record, byte: int) -> None:
        """Add to a record the text up to a byte of the stream."""
        record.bytes_taken += byte - self._mark
        record.is_too_long = record.is_too_long or record.bytes_taken > MOST_RECORD_BYTES
        if record.is_too_long:
            record.parts.clear()
        else:
            record.parts.append(self._between(byte))
        self._mark = byte

    def _strangers(self, byte: int) -> Iterator[Fault]:
        """Report text before this byte that stands where a record should."""
        text = self._between(byte).strip(SEPARATORS)
        if text:
            shown = text[:SHOWN_BYTES].decode("utf-8", "replace")
            yield Fault(NOT_READ, f"before byte {byte}: expected an object, found {shown!r}")

    def _between(self, byte: int) -> bytes:
        return self._buffer[self._mark - self._before : byte - self._before]

    def _key_before(self, byte: int) -> bytes | None:
        before = self._buffer[max(byte - self._before - KEY_BYTES, 0) : byte - self._before]
        key = _KEY.search(before)
        return key.group(1) if key is not None else None

    def _take_key(self, byte: int) -> bytes | None:
        """Take the key, in a map, of the value that begins at this byte."""
        key = _MAP_KEY.search(self._between(byte))
        if key is None:
            return None
        self._mark += key.end()
        return key.group(1)

    def _forget(self) -> Iterator[Fault]:
        """Drop what no open record needs of the buffer, and of a record that is too long what there is of it."""
        byte = self._before + self._position
        if byte - self._mark > MOST_RECORD_BYTES:
            around = self._open[-1] if self._open else None
            record = around.owner if isinstance(around, _List) else around
            if record is not None:
                self._take(record, byte)
            else:
                yield from self._strangers(byte)
                self._mark = byte
        dropped = min(self._mark, max(byte - KEY_BYTES, self._before)) - self._before
        self._buffer = self._buffer[dropped:]
        self._before += dropped
        self._position -= dropped


def _to_bracket(text: bytes, position: int) -> int:
    """Give the place of the next bracket, or of a string that ends neither in its line nor in the text; or the end."""
    match = _TO_BRACKET.match(text, position)
    return match.end() if match is not None else position


def place(record: Piece | _Record) -> str:
    """Say where a record stands, for a message."""
    return f"record {record.number} at byte {record.byte}"
