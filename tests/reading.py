"""Small dumps as files, and what the readers make of them: for tests only."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from forum_comments.readers.dumps import read, recognise
from forum_comments.records import Dump, Fault, Item, Person, Post, Record

REAL_COMMENTS = Path(__file__).parents[1] / ".." / "shared" / "comments"
needs_real_comments = pytest.mark.skipif(
    not REAL_COMMENTS.is_dir(), reason="real comments are not kept with the project: no folder ../shared/comments"
)


def dump_of(path: Path) -> Dump:
    dump = recognise(path)
    assert dump is not None
    return dump


def items_of(folder: Path, content: object, file_name: str = "dump.json") -> list[Item]:
    """Write a dump, JSON unless it is bytes, and read it."""
    path = folder / file_name
    path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    return list(read(dump_of(path)))


def records_of(folder: Path, content: object, file_name: str = "dump.json") -> list[Record]:
    """Read a dump that holds nothing but comments."""
    items = items_of(folder, content, file_name)
    assert all(isinstance(item, Record) for item in items), items
    return records_in(items)


def record_of(folder: Path, content: object, file_name: str = "dump.json") -> Record:
    (record,) = records_of(folder, [content], file_name)
    return record


def records_in(items: Sequence[Item]) -> list[Record]:
    return [item for item in items if isinstance(item, Record)]


def posts_in(items: Sequence[Item]) -> list[Post]:
    return [item for item in items if isinstance(item, Post)]


def people_in(items: Sequence[Item]) -> list[Person]:
    return [item for item in items if isinstance(item, Person)]


def faults_in(items: Sequence[Item]) -> list[tuple[str, str]]:
    return [(item.kind, item.detail) for item in items if isinstance(item, Fault)]


def json_lines(*values: object) -> bytes:
    return b"".join(json.dumps(value).encode() + b"\n" for value in values)


def with_(record: Mapping[str, object], **changes: object) -> dict[str, object]:
    """Give a record with some fields changed; `...` takes one out."""
    return {key: value for key, value in {**record, **changes}.items() if value is not ...}
