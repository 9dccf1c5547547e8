"""Reads every dump once. Records become rows, which wait on the disk; what links them stays in memory, as numbers.

Memory grows with the ids alone: a hundred bytes a comment.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, groupby, islice
from pathlib import Path
from typing import TYPE_CHECKING

from forum_comments.errors import SourceError, unreadable
from forum_comments.files import state_of
from forum_comments.fuller import fuller_person, fuller_post
from forum_comments.models import DumpDocument, Problem
from forum_comments.preparing import Batch, Source, batch_of, prepare_batches, unpacked
from forum_comments.readers.dumps import read_whole, sections_of, with_few_faults
from forum_comments.record_ids import forum_of, id_in
from forum_comments.record_rows import AuthorKey, Prepared
from forum_comments.records import Fault, Item, Person, Post
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

    def extend(self, texts: Sequence[str]) -> None:
        """Add texts at the end."""
        joined = "".join(texts)
        before = len(self._buffer)
        lengths = map(len, texts) if joined.isascii() else (len(text.encode()) for text in texts)
        self._buffer += joined.encode()
        self._ends.extend(before + end for end in accumulate(lengths))

    def __getitem__(self, number: int) -> str:
        first = self._ends[number - 1] if number else 0
        return self._buffer[first : self._ends[number]].decode()

    def __len__(self) -> int:
        return len(self._ends)


@dataclass(slots=True)
class Gathered:
    """What all dumps hold. Numbers count records over all dumps, from 0, in the order of `dumps` and of their files."""

    dumps: Sequence[DumpDocument]
    spool: Aside  # the records of each batch
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
            yield from unpacked(self.spool[batch])

    def take(self, batch: Batch) -> None:
        """Take the records of a batch: their rows wait, what links them stays."""
        self.spool.append(batch.records)
        self.on_pages += batch.on_pages
        for post_id in batch.post_ids:
            self.posts.setdefault(post_id, None)
        keys = batch.keys
        self.add(keys.ids, keys.parents, keys.threads, keys.sizes)
        for author, name, date in zip(keys.authors, keys.author_names, keys.dates, strict=True):
            if author is not None:
                dated = (str(date or ""), name or "")
                if author not in self.names or self.names[author] < dated:
                    self.names[author] = dated

    def add(
        self,
        ids: Sequence[str],
        parents: Sequence[str | None],
        threads: Sequence[str | None],
        sizes: Sequence[int],
    ) -> None:
        """Add what links records, or comments of pages, to others."""
        named = [parent or "" for parent in parents]
        self.ids.extend(ids)
        self.parents.extend(named)
        self.id_hashes.extend(map(hash, ids))
        self.parent_hashes.extend(map(hash, named))
        known = self.thread_names
        self.threads.extend(NO_THREAD if name is None else known.setdefault(name, len(known)) for name in threads)
        self.sizes.extend(sizes)

    def add_person(self, person: Person) -> None:
        """Add what one source says of somebody to what others say."""
        key = (forum_of(person.source), person.id)
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
    for document_id, batches in groupby(_batches(dumps, page_keys, gathered, known), lambda batch: batch.document_id):
        for item in with_few_faults(_taken(batches, gathered)):
            if isinstance(item, Post):
                gathered.add_post(id_in(item.source, item.id), item)
            elif isinstance(item, Person):
                gathered.add_person(item)
            elif isinstance(item, Fault):
                gathered.problems.append(Problem(item.kind, item.detail, document_id))
    return gathered


def _taken(batches: Iterable[Batch], gathered: Gathered) -> Iterator[Item]:
    """Take the records of batches, and give what else they hold."""
    for batch in batches:
        gathered.take(batch)
        yield from batch.others


def _batches(
    dumps: Sequence[DumpDocument], page_keys: frozenset[str], gathered: Gathered, known: Stored | None
) -> Iterator[Batch]:
    """Give the records of each dump in its turn; new dumps that follow each other are read together."""
    for is_known, group in groupby(dumps, key=lambda dump: known is not None and dump.id in known.dumps):
        if not is_known or known is None:
            new = list(group)
            yield from prepare_batches(_waiting(new), sum(dump.bytes for dump in new), page_keys)
            continue
        for dump in group:
            gathered.problems += known.problems(dump.id)
            records = known.records(dump.id)
            while batch := list(islice(records, BATCH_RECORDS)):
                yield batch_of(dump.id, batch, page_keys)


def _waiting(dumps: Iterable[DumpDocument]) -> Iterator[tuple[str, Source]]:
    """Give what each dump holds in batches, read or as sections that can be read anywhere."""
    for dump in dumps:
        sections = sections_of(dump.dump)
        if sections is not None:
            yield from ((dump.id, section) for section in sections)
        else:
            items = read_whole(dump.dump)
            while batch := list(islice(items, BATCH_RECORDS)):
                yield dump.id, batch
        _require_unchanged(dump)


def _require_unchanged(dump: DumpDocument) -> None:
    """Refuse a dump that somebody wrote meanwhile: what was read would not be what its sha256 says."""
    try:
        is_unchanged = state_of(dump.dump.files) == dump.state
    except OSError as error:
        raise SourceError(dump.dump.path, unreadable(error)) from error
    if not is_unchanged:
        raise SourceError(dump.dump.path, "was changed while it was read; build again when it is complete")
