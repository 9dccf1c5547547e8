"""A removed dump is not read; the ids of its comments are, so that their addresses say what became of them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from itertools import islice

from forum_comments.models import DumpDocument
from forum_comments.readers.dumps import read
from forum_comments.record_ids import forum_of, id_in
from forum_comments.records import Record
from forum_comments.removal.lists import Removal, RemovalList
from forum_comments.removal.matching import removed_documents
from forum_comments.removal.wording import MARKS, STATUSES

BATCH_ROWS = 1000
# What another source holds stays; a row that stands for a comment which was not read says why from now on.
ADD = """
    insert into comments
        (id, root_id, source, title, status, depth, is_placeholder, is_truncated, author_basis, parent_basis)
    values (:id, :id, :source, :title, :status, 0, 1, 0, 'unknown', 'unknown')
    on conflict (id) do update set title = :title, status = :status where is_placeholder
"""

RemovedDump = tuple[DumpDocument, Removal]


def without_removed(
    dumps: Sequence[DumpDocument], lists: Sequence[RemovalList]
) -> tuple[list[DumpDocument], list[RemovedDump]]:
    """Part the dumps that are read from those that a list names."""
    removed = dict(removed_documents(lists, [dump.id for dump in dumps]))
    kept = [dump for dump in dumps if dump.id not in removed]
    return kept, [(dump, removed[dump.id]) for dump in dumps if dump.id in removed]


def keep_addresses(connection: sqlite3.Connection, dumps: Sequence[RemovedDump]) -> None:
    """Add the rows that keep the addresses of removed dumps and of their comments."""
    for dump, removal in dumps:
        connection.execute(
            "insert into documents (id, title, file_name, format, says_more, bytes, sha256)"
            " values (?, '', '', ?, 0, 0, '')",
            (dump.id, dump.dump.format),
        )
        rows = _rows(dump, removal)
        while batch := list(islice(rows, BATCH_ROWS)):
            connection.executemany(ADD, batch)


def _rows(dump: DumpDocument, removal: Removal) -> Iterator[dict[str, str]]:
    for item in read(dump.dump):
        if isinstance(item, Record):
            yield {
                "id": id_in(item.source, item.source_id),
                "source": forum_of(item.source),
                "title": MARKS[removal.by],
                "status": STATUSES[removal.by],
            }
