"""Prepares the records of dumps in batches: in further processes where there are many, in this one where few."""

from __future__ import annotations

import gc
import marshal
import os
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import NamedTuple

from forum_comments.errors import BuildError
from forum_comments.keys import key_of_words, opening_words
from forum_comments.processes import ProcessEndedError, done_in_processes
from forum_comments.readers.dumps import Section, read_section
from forum_comments.record_rows import POST_ID, POSTED_AT, AuthorKey, Prepared, prepare
from forum_comments.records import Fault, Item, Person, Post, Record

# Starting further processes takes about as long as preparing a thousand records.
BYTES_WORTH_PROCESSES = 8_000_000
# Rows are many small lists, none of which holds itself: to look for such takes a tenth of the time.
COLLECTED_AFTER = 100_000  # more of them than were dropped; Python's own number is 700
PROCESS_ENDED = "a process that was preparing comments was ended from outside, as happens when memory runs short"

Source = Sequence[Item] | Section  # what is read already, or has to be


class Keys(NamedTuple):
    """What links records to others: a value of each list for each record."""

    ids: list[str]
    parents: list[str | None]
    threads: list[str | None]
    sizes: list[int]
    authors: list[AuthorKey | None]
    author_names: list[str | None]
    dates: list[object]  # texts, or None


class Batch(NamedTuple):
    """Prepared records, as bytes, with what the main process needs of them at once."""

    document_id: str
    records: bytes
    keys: Keys
    post_ids: list[str]
    on_pages: list[Prepared]  # those of which a page may show a paragraph
    others: list[Post | Person | Fault]  # what else was read


def prepare_batches(waiting: Iterable[tuple[str, Source]], size: int, page_keys: frozenset[str]) -> Iterator[Batch]:
    """Make rows of records, which wait in batches with the id of their document; `size` is that of all in bytes.

    `page_keys` are those of the paragraphs on pages. Raises BuildError where a further process is ended.
    """
    processes = os.cpu_count() or 1
    if processes == 1 or size < BYTES_WORTH_PROCESSES:
        for document_id, source in waiting:
            yield _prepare_batch(document_id, source, page_keys)
        return
    work = partial(_prepare_there, page_keys)
    try:
        yield from done_in_processes(processes, work, waiting)
    except ProcessEndedError as error:
        raise BuildError(PROCESS_ENDED) from error


def _prepare_there(page_keys: frozenset[str], task: tuple[str, Source]) -> Batch:
    gc.set_threshold(COLLECTED_AFTER)
    return _prepare_batch(*task, page_keys)


def _prepare_batch(document_id: str, source: Source, page_keys: frozenset[str]) -> Batch:
    prepared: list[Prepared] = []
    others: list[Post | Person | Fault] = []
    for item in read_section(source) if isinstance(source, Section) else source:
        if isinstance(item, Record):
            prepared.append(prepare(item, document_id))
        else:
            others.append(item)
    return batch_of(document_id, prepared, page_keys, others)


def batch_of(
    document_id: str,
    prepared: Sequence[Prepared],
    page_keys: frozenset[str],
    others: list[Post | Person | Fault] | None = None,
) -> Batch:
    """Make a batch of prepared records of a document."""
    keys = Keys(
        ids=[p.id for p in prepared],
        parents=[p.parent for p in prepared],
        threads=[p.thread for p in prepared],
        sizes=[p.size for p in prepared],
        authors=[p.author for p in prepared],
        author_names=[p.author_name for p in prepared],
        dates=[p.comment[POSTED_AT] for p in prepared],
    )
    post_ids = dict.fromkeys(str(p.comment[POST_ID]) for p in prepared if p.comment[POST_ID] is not None)
    on_pages = [p for p in prepared if _is_on_page(p, page_keys)] if page_keys else []
    return Batch(document_id, packed(prepared), keys, list(post_ids), on_pages, others or [])


# Without references to what was there before: that takes twice as long, and hardly anything is there twice.
_MARSHAL_VERSION = 2


def packed(prepared: Sequence[Prepared]) -> bytes:
    """Give records as bytes."""
    return marshal.dumps(list(map(tuple, prepared)), _MARSHAL_VERSION)


def unpacked(records: bytes) -> Iterator[Prepared]:
    """Give the records of a batch."""
    return map(Prepared._make, marshal.loads(records))


def _is_on_page(prepared: Prepared, page_keys: frozenset[str]) -> bool:
    return any(key_of_words(opening_words([str(text)])) in page_keys for _, _, _, text, *_ in prepared.passages)
