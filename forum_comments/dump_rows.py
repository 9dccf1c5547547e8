"""Gathered records become rows, in the order of their files: parents, roots, depths and authors are filled in."""

from __future__ import annotations

import pickle
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from forum_comments.labels import json_of, shown
from forum_comments.linking import FOUND, LOOP, NO_CLAIM, NOT_READ, OTHER_THREAD, Links
from forum_comments.merging import FACTS, SOURCES_DISAGREE, TEXTS, Merged, differences, merge
from forum_comments.record_rows import AuthorKey, Prepared
from forum_comments.schema import TABLES
from forum_comments.temporary import Aside
from forum_comments.threads import LOOP as LOOP_DETAIL

COLUMNS = {name: tuple(table.columns) for name, table in TABLES.items()}
Chunk = tuple[str, list[tuple[object, ...]]]

CHUNK_ROWS = 1000
PLACEHOLDER_TITLE = "[not in the data]"
QUOTED_COLUMN = COLUMNS["passages"].index("quoted_comment_id")
QUOTED_UNKNOWN = "quoted comment not in the data"
QUOTED_UNKNOWN_DETAIL = "Its source says that it quotes {quoted}, which is not in the data; that was left out."
ELSEWHERE = "Its source says that it answers {parent}, which stands in another thread only; the link was left out."
REFUSALS = {LOOP: ("reply loop", LOOP_DETAIL), OTHER_THREAD: ("parent in another thread", ELSEWHERE)}
# Kinds of problems that come of putting records together, rather than of reading one.
FOUND_TOGETHER = frozenset({SOURCES_DISAGREE, QUOTED_UNKNOWN, *(kind for kind, _ in REFUSALS.values())})


def dump_rows(
    links: Links, authors: Mapping[AuthorKey, tuple[str, str]], page_rows: Mapping[str, Mapping[str, object]]
) -> Iterator[Chunk]:
    """Give the rows of comments, appearances, passages, links and problems, a chunk of one table at a time.

    `authors` are id and name of the people that records name. `page_rows` are the rows that comments of pages would
    have whose id is that of a record, by that id: they fill gaps.
    """
    tables: dict[str, list[tuple[object, ...]]] = {
        name: [] for name in ("comments", "appearances", "passages", "links", "problems")
    }
    writer = _Writer(links, authors, page_rows, tables)
    with closing(_Waiting(links.gathered.spool.folder)) as waiting:
        for number, record in enumerate(links.gathered.records()):
            node = int(links.firsts[number])
            numbers = links.copies.get(node)
            if numbers is None:
                writer.add(node, [record])
            elif (records := waiting.add(number, record, numbers)) is not None:
                writer.add(node, records)
            if len(tables["comments"]) >= CHUNK_ROWS:
                for name, rows in tables.items():
                    yield name, rows
                    tables[name] = []
    writer.add_placeholders()
    yield from tables.items()


class _Waiting:
    """Records of comments that further records belong to, until the last of those is read; they wait on the disk."""

    def __init__(self, folder: Path) -> None:
        self._pieces = Aside(folder)
        self._places: dict[int, int] = {}  # of each record that waits
        self._read: dict[int, int] = {}  # how many records of a comment wait, by the number of the fullest

    def add(self, number: int, record: Prepared, numbers: Sequence[int]) -> list[Prepared] | None:
        """Keep a record; give all of its comment, in the order of `numbers`, when it is the last."""
        read = self._read.pop(numbers[0], 0) + 1
        if read < len(numbers):
            self._read[numbers[0]] = read
            self._places[number] = self._pieces.append(pickle.dumps(record, pickle.HIGHEST_PROTOCOL))
            return None
        return [record if n == number else self._take(n) for n in numbers]

    def _take(self, number: int) -> Prepared:
        record: Prepared = pickle.loads(self._pieces[self._places.pop(number)])
        return record

    def close(self) -> None:
        self._pieces.close()


class _Writer:
    def __init__(
        self,
        links: Links,
        authors: Mapping[AuthorKey, tuple[str, str]],
        page_rows: Mapping[str, Mapping[str, object]],
        tables: dict[str, list[tuple[object, ...]]],
    ) -> None:
        self._links = links
        self._authors = authors
        self._page_rows = page_rows
        self._tables = tables
        self._file_names: dict[object, str] = {dump.id: dump.file_name for dump in links.gathered.dumps}
        self._parents = links.parents.data  # a list would take five times the memory
        self._roots = links.roots.data
        self._depths = links.depths.data
        self._fates = links.fates.data
        self._hashes: npt.NDArray[np.int64] | None = None  # of all ids, ascending: made where a quotation needs it
        self._sources: dict[str, object] = {}  # of placeholders

    def add(self, node: int, records: Sequence[Prepared]) -> None:
        """Add a comment: one record, or several with the fullest first."""
        tables = self._tables
        comment_id = self._links.id_of(node)
        page_row = self._page_rows.get(comment_id)
        merged = merge(records, self._file_names) if len(records) > 1 else _alone(records[0])
        if comment_id != records[0].id:
            merged = _renamed(merged, comment_id)
        comment = merged.comment
        self._check_quotations(merged)
        problems = [(kind, detail, record) for record in records for kind, detail in record.problems]
        problems += [(kind, detail, records[0]) for kind, detail in (*merged.problems, *self._refused(node))]
        self._fill(comment, comment_id, node, merged.author)
        if page_row is not None:
            _fill_gaps(comment, page_row)
        if page_row is not None or len(records) > 1:
            for record, appearance in zip(records, merged.appearances, strict=True):
                appearance["differs"] = json_of(differences(record, comment, merged.author))
        tables["comments"].append(_row("comments", comment))
        tables["appearances"] += [_row("appearances", appearance) for appearance in merged.appearances]
        tables["passages"] += merged.passages
        tables["links"] += merged.links
        tables["problems"] += [
            (None, kind, shown(detail), comment_id, record.appearance["document_id"])
            for kind, detail, record in problems
        ]

    def _check_quotations(self, merged: Merged) -> None:
        """Leave out which comment a passage quotes where that is not in the data."""
        for number, row in enumerate(merged.passages):
            quoted = row[QUOTED_COLUMN]
            if quoted is not None and not self._holds(quoted):
                merged.passages[number] = (*row[:QUOTED_COLUMN], None, *row[QUOTED_COLUMN + 1 :])
                merged.problems.append((QUOTED_UNKNOWN, QUOTED_UNKNOWN_DETAIL.format(quoted=quoted)))

    def _holds(self, comment_id: object) -> bool:
        if self._hashes is None:
            self._hashes = np.sort(np.array(self._links.gathered.id_hashes, dtype=np.int64))
        place = np.searchsorted(self._hashes, hash(comment_id))
        return bool(place < len(self._hashes) and self._hashes[place] == hash(comment_id))

    def add_placeholders(self) -> None:
        """Add the comments that others answer and no source holds."""
        links = self._links
        first = len(links.firsts)
        for number, comment_id in enumerate(links.placeholders):
            comment = {
                "id": comment_id,
                "title": PLACEHOLDER_TITLE,
                "author_basis": "unknown",
                "parent_basis": "unknown",
                "is_truncated": 0,
                "is_placeholder": 1,
                "word_count": 0,
                "root_id": links.id_of(self._roots[first + number]),
                "depth": self._depths[first + number],
                "source": self._sources.get(comment_id, comment_id.split("-", 1)[0]),
            }
            self._tables["comments"].append(_row("comments", comment))

    def _fill(self, comment: dict[str, object], comment_id: str, node: int, author: AuthorKey | None) -> None:
        """Fill in what takes other records: parent, root, depth, author."""
        links, fate, parent = self._links, self._fates[node], self._parents[node]
        comment["id"] = comment_id
        comment["root_id"] = links.id_of(self._roots[node]) if self._depths[node] else comment_id
        comment["depth"] = self._depths[node]
        if fate in (FOUND, NOT_READ):
            parent_id = links.id_of(parent)
            comment["parent_id"] = parent_id
            comment["parent_confidence"] = 1.0 if comment["parent_confidence"] is None else comment["parent_confidence"]
            if fate == NOT_READ:
                self._sources[parent_id] = comment["source"]
        else:
            comment["parent_confidence"] = None
            if fate != NO_CLAIM:
                comment["parent_basis"] = "unknown"
        if comment["post_id"] is None:
            comment["post_id"] = links.post_of(node)
        if author is not None:
            comment["author_id"], name = self._authors[author]
            comment["author_name"] = comment["author_name"] or name
            if comment["author_confidence"] is None:
                comment["author_confidence"] = 1.0

    def _refused(self, node: int) -> list[tuple[str, str]]:
        """Say why a comment does not answer what its source says."""
        fate = self._fates[node]
        if fate not in REFUSALS:
            return []
        kind, detail = REFUSALS[fate]
        return [(kind, detail.format(parent=self._links.claim_of(node)))]


def _alone(record: Prepared) -> Merged:
    comment, appearances = dict(record.comment), [record.appearance]
    return Merged(comment, record.author, appearances, record.passages, record.links, problems=[])


def _renamed(merged: Merged, comment_id: str) -> Merged:
    """Give a comment another id, in all of its rows."""
    return replace(
        merged,
        appearances=[{**appearance, "comment_id": comment_id} for appearance in merged.appearances],
        passages=[(comment_id, *row[1:]) for row in merged.passages],
        links=[(comment_id, *row[1:]) for row in merged.links],
    )


def _fill_gaps(comment: dict[str, object], page_row: Mapping[str, object]) -> None:
    """Take from pages what no record says; a page's text where no record has one."""
    for column in ("author_id", "author_name", *FACTS):
        if comment.get(column) is None:
            comment[column] = page_row.get(column)
    if comment["author_basis"] == "unknown":
        comment["author_basis"], comment["author_confidence"] = page_row["author_basis"], page_row["author_confidence"]
    if comment["body"] is None:
        comment.update({column: page_row[column] for column in TEXTS})


def _row(table: str, row: Mapping[str, object]) -> tuple[object, ...]:
    return tuple(map(row.get, COLUMNS[table]))
