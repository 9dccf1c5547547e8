"""Tells what a JSON dump holds by its first records, whatever the file is called."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from forum_comments.readers.json_records import Found, UnreadableError, decode, read_lines, read_objects
from forum_comments.readers.splitting import NOT_READ, TOP, Piece, Shape, Splitter
from forum_comments.readers.streams import chunks
from forum_comments.records import Dump, Fault

# A thread of thousands of replies, each inside the other, has no end of a record in its first million bytes.
HEAD_SIZES = (1 << 20, 1 << 24)
SAMPLES = 50  # records that are looked at
KEYS_SHOWN = 8

Shapes = Mapping[Shape, Collection[str]]  # the formats that a file of each shape may have
FormatOf = Callable[[dict[str, Any]], str | None]


class Recognised(NamedTuple):
    """What a file holds, and where in it."""

    format: str
    shape: Shape


class Head:
    """The beginning of a file that may be JSON."""

    def __init__(self, text: bytes) -> None:
        """Take the beginning, decompressed."""
        self.text = text
        self._samples: dict[Shape, list[dict[str, Any]]] = {}

    def samples(self, shape: Shape = TOP) -> list[dict[str, Any]]:
        """Give the first records, if the file has this shape; what cannot be read is passed over."""
        if shape not in self._samples:
            keys = shape.lists | shape.objects
            may_have_any = not keys or any(b'"%b"' % key in self.text for key in keys)
            self._samples[shape] = _samples(self.text, shape) if may_have_any else []
        return self._samples[shape]

    def begins_with_a_line(self) -> bool:
        """Say whether the first line that is not empty is a record."""
        try:
            decode(self.text.lstrip().partition(b"\n")[0])
        except UnreadableError:
            return False
        return True

    def recognise(self, shapes: Shapes, format_of: FormatOf) -> Recognised | None:
        """Find the first of the shapes in which a record has one of the formats."""
        for shape, formats in shapes.items():
            for sample in self.samples(shape):
                format_ = format_of(sample)
                if format_ is not None and format_ in formats:
                    return Recognised(format_, shape)
        return None


def heads_of(path: Path) -> Iterator[Head]:
    """Give the beginning of a file that may be JSON, then a longer one; nothing where it can be none.

    Raises SourceError where it cannot be opened.
    """
    for size in HEAD_SIZES:
        text = _text_of(path, size)
        if text is not None:
            yield Head(text)
        if text is None or len(text) < size:
            return


def read_recognised(dump: Dump, shapes: Shapes, format_of: FormatOf) -> Iterator[Found | Fault]:
    """Read the records of a file that was recognised: line by line where a line is a record, which is faster.

    Raises SourceError where it cannot be opened.
    """
    shape, are_lines = shape_of(dump, shapes, format_of)
    last = 0
    for found in read_lines(dump.path) if are_lines else read_objects(dump.path, shape):
        if isinstance(found, Fault):
            yield found
        elif found.number > 0:
            last = max(last, found.number)
            yield found
        elif not _holds(shape, found.value):
            keys = ", ".join(sorted(found.value)[:KEYS_SHOWN])
            yield Fault(NOT_READ, f"after record {last}: expected an answer that holds records, found the keys {keys}")


def _holds(shape: Shape, envelope: dict[str, Any]) -> bool:
    """Say whether an envelope has a place for records, with or without any in it."""
    waiting: list[object] = [envelope]
    while waiting:
        within = waiting.pop()
        if isinstance(within, list):
            waiting += within
        elif isinstance(within, dict):
            for key, value in within.items():
                if (isinstance(value, list) and key.encode() in shape.lists) or key.encode() in shape.objects:
                    return True
                waiting.append(value)
    return False


def shape_of(dump: Dump, shapes: Shapes, format_of: FormatOf) -> tuple[Shape, bool]:
    """Say where in a file that was recognised the records are, and whether each is a line.

    Raises SourceError where it cannot be opened.
    """
    for head in heads_of(dump.path):
        recognised = head.recognise(shapes, format_of)
        if recognised is not None:
            return recognised.shape, recognised.shape == TOP and head.begins_with_a_line()
    return TOP, False


def _text_of(path: Path, size: int) -> bytes | None:
    pieces: list[bytes] = []
    length = 0
    for chunk in chunks(path):
        if not isinstance(chunk, bytes):
            break
        pieces.append(chunk)
        length += len(chunk)
        if length >= size or not _may_be_json(pieces[0]):
            break
    text = b"".join(pieces)[:size]
    return text if _may_be_json(text) else None


def _may_be_json(text: bytes) -> bool:
    return text.lstrip().startswith((b"{", b"["))


def _samples(text: bytes, shape: Shape) -> list[dict[str, Any]]:
    found = []
    for piece in Splitter(shape).feed(text):
        if isinstance(piece, Piece):
            try:
                found.append(decode(piece.text)[0])
            except UnreadableError:
                continue
        if len(found) == SAMPLES:
            break
    return found
