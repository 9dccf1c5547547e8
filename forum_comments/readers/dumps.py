"""Dumps: structured data of forums. Says which reader knows a file, and reads it.

What a file is, its content says, not its name. A reader of JSON has `FORMATS`, `SHAPES`, `format_of` and `read`.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

from forum_comments.errors import SourceError
from forum_comments.readers import convokit, forummagnum, hackernews, plain_form, reddit
from forum_comments.readers.recognition import heads_of
from forum_comments.records import Dump, Fault, Item

# The plain form stands last: others have its keys too, and more.
READERS: tuple[ModuleType, ...] = (forummagnum, convokit, reddit, hackernews, plain_form)
_READER_OF = {format_: reader for reader in READERS for format_ in reader.FORMATS}

KNOWN = (
    "comments, posts or users of ForumMagnum, a ConvoKit corpus, data of Reddit or Hacker News, or the plain form, with"
    " id and body"
)
KEYS_SHOWN = 8
# Of a file that is damaged throughout so many faults say enough.
MOST_FAULTS = 1000


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
    faults = 0
    for item in _READER_OF[dump.format].read(dump):
        if isinstance(item, Fault):
            faults += 1
            if faults > MOST_FAULTS:
                continue
        yield item
    if faults > MOST_FAULTS:
        yield Fault("more faults", f"{faults - MOST_FAULTS} more records or places could not be read")
