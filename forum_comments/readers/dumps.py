"""Dumps: structured data of forums. Says which reader knows a file, and reads it.

What a file is, its content says, not its name. A reader of JSON has `FORMATS`, `SHAPES`, `format_of` and `read`. One
that makes of each record what it does whatever the others are has `items_of` too: its JSON Lines can be read in
sections, by several processes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

from forum_comments.errors import SourceError
from forum_comments.readers import convokit, forummagnum, hackernews, plain_form, reddit
from forum_comments.readers.json_records import Line, found_in, lines
from forum_comments.readers.recognition import KEYS_SHOWN, heads_of, shape_of
from forum_comments.records import Dump, Fault, Item

# The plain form stands last: others have its keys too, and more.
READERS: tuple[ModuleType, ...] = (forummagnum, convokit, reddit, hackernews, plain_form)
_READER_OF = {format_: reader for reader in READERS for format_ in reader.FORMATS}

KNOWN = (
    "comments, posts or users of ForumMagnum, a ConvoKit corpus, data of Reddit or Hacker News, or the plain form, with"
    " id and body"
)
# Of a file that is damaged throughout so many faults say enough.
MOST_FAULTS = 1000
# What is read at once of a file that is read in sections.
SECTION_LINES, SECTION_BYTES = 500, 1 << 20


class Section(NamedTuple):
    """Lines of a dump that follow each other."""

    dump: Dump
    lines: list[Line | Fault]


def recognise(path: Path) -> Dump | None:
    """Recognise a dump: a file, or the folder of a ConvoKit corpus. None where it is none.

    Raises SourceError where the file cannot be opened, or where it is JSON of a kind that no reader knows.
    """
    if path.is_dir():
        return convokit.recognise_folder(path)
    keys: list[str] = []
    is_json = False
    for head in heads_of(path):
        is_json = True
        for reader in READERS:
            recognised = head.recognise(reader.SHAPES, reader.format_of)
            if recognised is not None:
                return Dump(path, recognised.format, (path,))
        keys = next((sorted(sample) for sample in head.samples() if sample), keys)
    if keys:
        shown = ", ".join(keys[:KEYS_SHOWN])
        raise SourceError(path, f"JSON of an unknown kind, with the keys {shown}; expected {KNOWN}")
    return None if is_json else plain_form.recognise_table(path)


def read(dump: Dump) -> Iterator[Item]:
    """Read a dump. Raises SourceError where one of its files cannot be opened."""
    return with_few_faults(read_whole(dump))


def read_whole(dump: Dump) -> Iterator[Item]:
    """Read a dump, with all of its faults. Raises SourceError where one of its files cannot be opened."""
    items: Iterator[Item] = _READER_OF[dump.format].read(dump)
    return items


def sections_of(dump: Dump, lines_at_once: int = SECTION_LINES) -> Iterator[Section] | None:
    """Divide a dump into sections; None where it must be read as a whole.

    Raises SourceError where it cannot be opened.
    """
    reader = _READER_OF[dump.format]
    if not hasattr(reader, "items_of"):
        return None
    return _sections(dump, lines_at_once) if shape_of(dump, reader.SHAPES, reader.format_of)[1] else None


def _sections(dump: Dump, lines_at_once: int) -> Iterator[Section]:
    taken: list[Line | Fault] = []
    length = 0
    for line in lines(dump.path):
        taken.append(line)
        if isinstance(line, Line):
            length += len(line.text)
        if len(taken) == lines_at_once or length >= SECTION_BYTES:
            yield Section(dump, taken)
            taken, length = [], 0
    if taken:
        yield Section(dump, taken)


def read_section(section: Section) -> Iterator[Item]:
    """Read a section of a dump, with all of its faults."""
    found = found_in(section.lines)
    items: Iterator[Item] = _READER_OF[section.dump.format].items_of(section.dump, found)
    return items


def with_few_faults(items: Iterable[Item]) -> Iterator[Item]:
    """Leave out the faults of a dump after the first thousand, and say how many there were."""
    faults = 0
    for item in items:
        if isinstance(item, Fault):
            faults += 1
            if faults > MOST_FAULTS:
                continue
        yield item
    if faults > MOST_FAULTS:
        yield Fault("more faults", f"{faults - MOST_FAULTS} more records or places could not be read")
