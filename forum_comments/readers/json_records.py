"""Reads the records of a JSON dump: JSON Lines, lists, envelopes and trees, one decoded record after the other.

What a text or a cell cannot hold (undecodable bytes, halves of surrogate pairs, NUL, NaN) is replaced, and the record
says so. A record that cannot be read at all is a Fault; the next one is read.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from math import isfinite
from pathlib import Path
from typing import Any, NamedTuple

import orjson

from forum_comments.readers.splitting import (
    MOST_RECORD_BYTES,
    NOT_READ,
    SEPARATORS,
    SHOWN_BYTES,
    Piece,
    Shape,
    Splitter,
    place,
)
from forum_comments.readers.streams import CUT_SHORT, chunks
from forum_comments.readers.values import Problems
from forum_comments.records import Fault

# Records of forums have five levels at most; the JSON libraries that later write `extra` refuse some hundreds.
MOST_LEVELS = 100
TOO_DEEP = f"nested more than {MOST_LEVELS} deep"
MOST_DIGITS = 100  # of a whole number: Python takes time that grows with their square
REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
NUL_ESCAPE = b"\\u0000"
IMPOSSIBLE_CHARACTER = re.compile("[\0\ud800-\udfff]")


class Found(NamedTuple):
    """A record of a file, decoded."""

    number: int  # from 1
    value: dict[str, Any]
    problems: Problems  # what had to be replaced in it
    above: int | None = None  # the number of the record in which it stands
    key: str | None = None  # in a map: what it is the value of


class UnreadableError(ValueError):
    """A text is no record. Says what was found instead."""


class Line(NamedTuple):
    """A line of a file, without its line feed."""

    number: int  # from 1
    byte: int  # at which it begins
    text: bytes
    is_whole: bool  # a line feed ends it


def read_lines(path: Path) -> Iterator[Found | Fault]:
    """Read JSON Lines; a record's number is that of its line. Raises SourceError where the file cannot be opened."""
    return found_in(lines(path))


def found_in(some: Iterable[Line | Fault]) -> Iterator[Found | Fault]:
    """Read lines of JSON Lines."""
    for line in some:
        if isinstance(line, Fault):
            yield line
        elif text := line.text.strip(SEPARATORS):
            try:
                value, problems = decode(text)
            except UnreadableError as error:
                kind, what = (NOT_READ, "") if line.is_whole else (CUT_SHORT, "the file ends in this line; ")
                yield Fault(kind, f"line {line.number}, byte {line.byte}: {what}{error}")
            else:
                yield Found(line.number, value, problems)


def read_objects(path: Path, shape: Shape) -> Iterator[Found | Fault]:
    """Read records that stand in a file as `shape` says. Raises SourceError where the file cannot be opened.

    A record comes when its last bracket does: after those that stand in it.
    """
    splitter = Splitter(shape)
    faults: list[Fault] = []
    for chunk in chunks(path):
        if isinstance(chunk, Fault):
            faults.append(chunk)
            continue
        for piece in splitter.feed(chunk):
            yield piece if isinstance(piece, Fault) else decode_piece(piece)
    yield from faults or splitter.end()


def decode_piece(piece: Piece) -> Found | Fault:
    """Decode a record that was cut out of a file; a Fault where it cannot be read."""
    key = None
    try:
        value, problems = decode(piece.text)
        if piece.key is not None:
            key = decode(b'{"":%b}' % piece.key)[0][""]
    except UnreadableError as error:
        return Fault(NOT_READ, f"{place(piece)}: {error}")
    return Found(piece.number, value, problems, piece.above, key)


def lines(path: Path) -> Iterator[Line | Fault]:
    """Give the lines of a file, a Fault for one that is too long to be read; last, what is wrong with its compression.

    Raises SourceError where it cannot be opened.
    """
    number, byte = 1, 0
    faults: list[Fault] = []
    waiting: list[bytes] = []  # pieces of a line that has not ended
    length = 0  # of that line
    for chunk in chunks(path):
        if isinstance(chunk, Fault):
            faults.append(chunk)
            continue
        *ends, last = chunk.split(b"\n")
        for end in ends:
            if length:  # the line began in an earlier piece
                length += len(end)
                is_short = length <= MOST_RECORD_BYTES
                yield Line(number, byte, b"".join([*waiting, end]), True) if is_short else _too_long(number, byte)
                byte += length + 1
                waiting, length = [], 0
            else:
                yield Line(number, byte, end, True)
                byte += len(end) + 1
            number += 1
        length += len(last)
        waiting = [*waiting, last] if length <= MOST_RECORD_BYTES else []
    if length and not faults:
        yield Line(number, byte, b"".join(waiting), False) if waiting else _too_long(number, byte)
    yield from faults


def _too_long(number: int, byte: int) -> Fault:
    return Fault(NOT_READ, f"line {number}, byte {byte}: longer than {MOST_RECORD_BYTES} bytes")


def decode(text: bytes) -> tuple[dict[str, Any], Problems]:
    """Decode a JSON object, and say what had to be replaced in it. Raises UnreadableError where it is none."""
    problems: Problems = []
    try:
        value = orjson.loads(text)
        is_suspect = NUL_ESCAPE in text or text.count(b"{") + text.count(b"[") > MOST_LEVELS
    except orjson.JSONDecodeError:
        value = _decode_leniently(text, problems)
        is_suspect = True
    if type(value) is not dict:
        raise UnreadableError(f"expected an object, found {text[:SHOWN_BYTES].decode('utf-8', 'replace')!r}")
    if is_suspect:
        _clean(value, problems)
    return value, problems


def _decode_leniently(text: bytes, problems: Problems) -> Any:
    """Decode what the fast parser refuses, as far as it is JSON at all."""
    try:
        characters = text.decode()
    except UnicodeDecodeError as error:
        characters = text.decode(errors="replace")
        problems.append(("undecodable bytes", f"not UTF-8 at byte {error.start} of the record; shown as U+FFFD"))
    refused: list[str] = []  # `append` gives None, which is what stands for them
    decoder = json.JSONDecoder(
        strict=False,
        parse_constant=refused.append,
        parse_int=lambda digits: int(digits) if len(digits) <= MOST_DIGITS else refused.append(digits),
        parse_float=lambda digits: number if isfinite(number := float(digits)) else refused.append(digits),
    )
    try:
        value = decoder.decode(characters)
    except RecursionError:
        raise UnreadableError(TOO_DEEP) from None
    except json.JSONDecodeError as error:
        raise UnreadableError(f"no JSON at character {error.pos}: {error.msg}") from error
    problems += [("impossible number", f"{number[:SHOWN_BYTES]} is read as null") for number in refused]
    return value


def _clean(value: dict[str, Any], problems: Problems) -> None:
    """Replace characters that no text can hold, in place. Raises UnreadableError where the nesting is too deep."""
    replaced = 0
    waiting: list[tuple[Any, int]] = [(value, 1)]
    while waiting:
        within, level = waiting.pop()
        if level > MOST_LEVELS:
            raise UnreadableError(TOO_DEEP)
        if isinstance(within, dict):
            for key in [key for key in within if IMPOSSIBLE_CHARACTER.search(key)]:
                within[IMPOSSIBLE_CHARACTER.sub(REPLACEMENT, key)] = within.pop(key)
                replaced += 1
        for key, part in list(within.items() if isinstance(within, dict) else enumerate(within)):
            if isinstance(part, str):
                within[key], count = IMPOSSIBLE_CHARACTER.subn(REPLACEMENT, part)
                replaced += count
            elif isinstance(part, dict | list):
                waiting.append((part, level + 1))
    if replaced:
        detail = f"characters that no text can hold (NUL, half of a surrogate pair): {replaced}, shown as U+FFFD"
        problems.append(("impossible characters", detail))
