"""Prepares the records of dumps in batches: in further processes where there are many, in this one where few."""

from __future__ import annotations

import multiprocessing
import os
import pickle
import threading
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import NamedTuple

from forum_comments.errors import BuildError
from forum_comments.keys import key_of_words, opening_words
from forum_comments.record_rows import AuthorKey, Prepared, prepare
from forum_comments.records import Record

# Starting further processes takes about as long as preparing a thousand records.
BYTES_WORTH_PROCESSES = 8_000_000
WAITING_BATCHES = 3  # for each process: enough to keep it busy, few enough to keep memory flat
PROCESS_ENDED = "a process that was preparing comments was ended from outside, as happens when memory runs short"


class Key(NamedTuple):
    """What links a record to others."""

    id: str
    parent: str | None
    thread: str | None
    author: AuthorKey | None
    author_name: str | None
    posted_at: str | None
    size: int


class Batch(NamedTuple):
    """Prepared records, pickled, with what the main process needs of them at once."""

    pickled: bytes
    keys: list[Key]
    on_pages: list[Prepared]  # those of which a page may show a paragraph


def prepare_batches(
    waiting: Iterable[tuple[str, Sequence[Record]]], size: int, page_keys: frozenset[str]
) -> Iterator[Batch]:
    """Make rows of records, which wait in batches with the id of their document; `size` is that of all in bytes.

    `page_keys` are those of the paragraphs on pages. Raises BuildError where a further process is ended.
    """
    processes = os.cpu_count() or 1
    if processes == 1 or size < BYTES_WORTH_PROCESSES:
        for document_id, records in waiting:
            yield _prepare_batch(document_id, records, page_keys)
        return
    # Spawned, not forked: the process that starts them may have threads.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, context, _begin, (page_keys,)) as pool:
        ahead: deque[Future[Batch]] = deque()
        try:
            for document_id, records in waiting:
                ahead.append(pool.submit(_prepare_there, document_id, records))
                if len(ahead) >= processes * WAITING_BATCHES:
                    yield ahead.popleft().result()
            while ahead:
                yield ahead.popleft().result()
        except BrokenProcessPool as error:
            raise BuildError(PROCESS_ENDED) from error
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


_page_keys: frozenset[str] = frozenset()  # of a further process: sent once, not with every batch


def _begin(page_keys: frozenset[str]) -> None:
    """Begin a further process, which ends when the one that started it does, even by a signal that cannot be caught."""
    global _page_keys
    _page_keys = page_keys
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)  # the main thread waits for work that will not come


def _prepare_there(document_id: str, records: Sequence[Record]) -> Batch:
    return _prepare_batch(document_id, records, _page_keys)


def _prepare_batch(document_id: str, records: Sequence[Record], page_keys: frozenset[str]) -> Batch:
    return batch_of([prepare(record, document_id) for record in records], page_keys)


def batch_of(prepared: Sequence[Prepared], page_keys: frozenset[str]) -> Batch:
    """Make a batch of prepared records."""
    return Batch(
        pickle.dumps(list(prepared), pickle.HIGHEST_PROTOCOL),
        [
            Key(p.id, p.parent, p.thread, p.author, p.author_name, _text(p.comment["posted_at"]), p.size)
            for p in prepared
        ],
        [p for p in prepared if _is_on_page(p, page_keys)] if page_keys else [],
    )


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _is_on_page(prepared: Prepared, page_keys: frozenset[str]) -> bool:
    return any(key_of_words(opening_words([str(text)])) in page_keys for _, _, _, text, *_ in prepared.passages)
