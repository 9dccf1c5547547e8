"""Tells what a JSON dump holds by its first records, whatever the file is called."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from forum_comments.readers.json_records import Found, UnreadableError, decode, read_records
from forum_comments.readers.splitting import TOP, Piece, Shape, Splitter
from forum_comments.readers.streams import chunks
from forum_comments.records import Dump, Fault

HEAD_BYTES = 1 << 20
SAMPLES = 50  # records that are looked at

Shapes = Mapping[Shape, Collection[str]]  # the formats that a file of each shape may have
FormatOf = Callable[[dict[str, Any]], str | None]


class Recognised(NamedTuple):
    """What a file holds, and where in it."""

    format: str
    shape: Shape


def head_of(path: Path) -> bytes | None:
    """Give the beginning of a file that may be JSON, decompressed; None where it can be none.

    Raises SourceError where it cannot be opened.
    """
    head = b""
    for chunk in chunks(path):
        if not isinstance(chunk, bytes):
            break
        head += chunk
        if len(head) >= HEAD_BYTES or not head.lstrip().startswith((b"{", b"[")):
            break
    return head[:HEAD_BYTES] if head.lstrip().startswith((b"{", b"[")) else None


def recognise_records(head: bytes, shapes: Shapes, format_of: FormatOf) -> Recognised | None:
    """Find the first of the shapes in which records of the head have a format that `format_of` knows."""
    for shape, formats in shapes.items():
        for sample in samples(head, shape):
            if (format_ := format_of(sample)) in formats and format_ is not None:
                return Recognised(format_, shape)
    return None


def samples(head: bytes, shape: Shape = TOP) -> list[dict[str, Any]]:
    """Give the first records of a head; what cannot be read is passed over."""
    found = []
    for piece in Splitter(shape).feed(head):
        if isinstance(piece, Piece):
            try:
                found.append(decode(piece.text)[0])
            except UnreadableError:
                continue
        if len(found) == SAMPLES:
            break
    return found


def read_recognised(dump: Dump, shapes: Shapes, format_of: FormatOf) -> Iterator[Found | Fault]:
    """Read the records of a file that was recognised. Raises SourceError where it cannot be opened."""
    head = head_of(dump.path)
    recognised = recognise_records(head, shapes, format_of) if head is not None else None
    for found in read_records(dump.path, recognised.shape if recognised is not None else TOP):
        if isinstance(found, Fault) or found.number > 0:
            yield found
