"""Reads every dump once. Records become rows, which wait on the disk; what links them stays in memory, as numbers.

Memory grows with the ids alone: a hundred bytes a comment.
"""

from __future__ import annotations

import pickle
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby, islice
from pathlib import Path
from typing import TYPE_CHECKING

from forum_comments.fuller import fuller_person, fuller_post
from forum_comments.models import DumpDocument, Problem
from forum_comments.preparing import Batch, batch_of, prepare_batches
from forum_comments.readers.dumps import read
from forum_comments.record_ids import forum_of, id_in
from forum_comments.record_rows import AuthorKey, Prepared
from forum_comments.records import Fault, Person, Post, Record
from forum_comments.temporary import Aside

if TYPE_CHECKING:  # it reads what this module makes
    from forum_comments.stored import Stored

BATCH_RECORDS = 500
NO_THREAD = -1


class Texts:
    """Many short texts in one buffer: a list of them would take three times the memory."""

    def __init__(self) -> None:
        """Begin empty."""
        self._buffer = bytearray()
        self._ends = array("Q")

    def append(self, text: str) -> None:
        """Add a text at the end."""
        self._buffer += text.encode()
        self._ends.append(len(self._buffer))

    def __getitem__(self, number: int) -> str:
        first = self._ends[number - 1] if number else 0
        return self._buffer[first : self._ends[number]].decode()

    def __len__(self) -> int:
        return len(self._ends)


@dataclass(slots=True)
class Gathered:
    """What all dumps hold. Numbers count records over all dumps, from 0, in the order of `dumps` and of their files."""

    dumps: Sequence[DumpDocument]
    spool: Aside  # batches of prepared records, pickled
    ids: Texts = field(default_factory=Texts)
    parents: Texts = field(default_factory=Texts)  # "" where a record names none
    id_hashes: array[int] = field(default_factory=lambda: array("q"))
    parent_hashes: array[int] = field(default_factory=lambda: array("q"))
    threads: array[int] = field(default_factory=lambda: array("q"))  # numbers in `thread_names`, or NO_THREAD
    sizes: array[int] = field(default_factory=lambda: array("q"))
    thread_names: dict[str, int] = field(default_factory=dict)
    names: dict[AuthorKey, tuple[str, str]] = field(default_factory=dict)  # the latest name, after its date
    people: dict[AuthorKey, Person] = field(default_factory=dict)
    posts: dict[str, Post | None] = field(default_factory=dict)  # by the id in our table; None: only referred to
    on_pages: list[Prepared] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def records(self) -> Iterator[Prepared]:
        """Give the records in the order of their numbers."""
        for batch in range(len(self.spool)):
            yield from pickle.loads(self.spool[batch])

    def add(self, id: str, parent: str | None, thread: str | None, size: int) -> None:
        """Add what links a record, or a comment of a page, to others."""
        self.ids.append(id)
        self.parents.append(parent or "")
        self.id_hashes.append(hash(id))
        self.parent_hashes.append(hash(parent or ""))
        known = self.thread_names
        self.threads.append(NO_THREAD if thread is None else known.setdefault(thread, len(known)))
        self.sizes.append(size)

    def add_person(self, person: Person) -> None:
        """Add what one source says of somebody to what others say."""
        key = AuthorKey(forum_of(person.source), person.id)
        known = self.people.get(key)
        self.people[key] = fuller_person(known, person) if known is not None else person

    def add_post(self, post_id: str, post: Post) -> None:
        """Add what one source says of a post to what others say; `post_id` is the one in our table."""
        known = self.posts.get(post_id)
        self.posts[post_id] = fuller_post(known, post) if known is not None else post


def gather(
    dumps: Sequence[DumpDocument], page_keys: frozenset[str], folder: Path, known: Stored | None = None
) -> Gathered:
    """Read the dumps; `page_keys` are those of the paragraphs on pages, `folder` takes the spool.

    What is `known` is not read again.
    """
    gathered = Gathered(dumps, Aside(folder))
    if known is not None and any(dump.id in known.dumps for dump in dumps):
        for person in known.people():
            gathered.add_person(person)
        for post_id, post in known.posts():
            gathered.add_post(post_id, post)
    for batch in _batches(dumps, page_keys, gathered, known):
        gathered.spool.append(batch.pickled)
        gathered.on_pages += batch.on_pages
        for key in batch.keys:
            gathered.add(key.id, key.parent, key.thread, key.size)
            if key.author is not None:
                dated = (key.posted_at or "", key.author_name or "")
                if key.author not in gathered.names or gathered.names[key.author] < dated:
                    gathered.names[key.author] = dated
    return gathered


def _batches(
    dumps: Sequence[DumpDocument], page_keys: frozenset[str], gathered: Gathered, known: Stored | None
) -> Iterator[Batch]:
    """Give the records of each dump in its turn; new dumps that follow each other are read together."""
    for is_known, group in groupby(dumps, key=lambda dump: known is not None and dump.id in known.dumps):
        if not is_known or known is None:
            new = list(group)
            yield from prepare_batches(_records(new, gathered), sum(dump.bytes for dump in new), page_keys)
            continue
        for dump in group:
            gathered.problems += known.problems(dump.id)
            records = known.records(dump.id)
            while batch := list(islice(records, BATCH_RECORDS)):
                yield batch_of(batch, page_keys)


def _records(dumps: Sequence[DumpDocument], gathered: Gathered) -> Iterator[tuple[str, list[Record]]]:
    """Give the records of each dump in batches; what else it holds goes to `gathered`."""
    for dump in dumps:
        records = _only_records(dump, gathered)
        while batch := list(islice(records, BATCH_RECORDS)):
            yield dump.id, batch


def _only_records(dump: DumpDocument, gathered: Gathered) -> Iterator[Record]:
    for item in read(dump.dump):
        if isinstance(item, Record):
            if item.post_id is not None:
                gathered.posts.setdefault(id_in(item.source, item.post_id), None)
            yield item
        elif isinstance(item, Post):
            gathered.add_post(id_in(item.source, item.id), item)
        elif isinstance(item, Person):
            gathered.add_person(item)
        else:
            gathered.problems.append(_problem(item, dump))


def _problem(fault: Fault, dump: DumpDocument) -> Problem:
    return Problem(fault.kind, fault.detail, dump.id)
