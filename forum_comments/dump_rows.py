"""Gathered records become rows, in the order of their files: parents, roots, depths and authors are filled in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from forum_comments.labels import json_of, shown
from forum_comments.linking import FOUND, LOOP, NO_CLAIM, NOT_READ, OTHER_THREAD, Links
from forum_comments.merging import FACTS, SOURCES_DISAGREE, TEXTS, Merged, comment_of, differences, merge
from forum_comments.preparing import packed, unpacked
from forum_comments.record_rows import APPEARANCE_COLUMNS, COMMENT_COLUMNS, DOCUMENT_ID, AuthorKey, Prepared, Row
from forum_comments.schema import TABLES
from forum_comments.temporary import Aside
from forum_comments.threads import LOOP as LOOP_DETAIL

Chunk = tuple[str, list[Row]]

CHUNK_ROWS = 1000
PLACEHOLDER_TITLE = "[not in the data]"
# Where in a row a column stands.
ID, AUTHOR_ID, AUTHOR_NAME, AUTHOR_CONFIDENCE, POST_ID, SOURCE = map(
    COMMENT_COLUMNS.index, ("id", "author_id", "author_name", "author_confidence", "post_id", "source")
)
PARENT_ID, PARENT_BASIS, PARENT_CONFIDENCE, ROOT_ID, DEPTH = map(
    COMMENT_COLUMNS.index, ("parent_id", "parent_basis", "parent_confidence", "root_id", "depth")
)
DIFFERS, APPEARANCE_OF = APPEARANCE_COLUMNS.index("differs"), APPEARANCE_COLUMNS.index("comment_id")
QUOTED = tuple(TABLES["passages"].columns).index("quoted_comment_id")
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
    tables: dict[str, list[Row]] = {name: [] for name in ("comments", "appearances", "passages", "links", "problems")}
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
            self._places[number] = self._pieces.append(packed([record]))
            return None
        return [record if n == number else self._take(n) for n in numbers]

    def _take(self, number: int) -> Prepared:
        (record,) = unpacked(self._pieces[self._places.pop(number)])
        return record

    def close(self) -> None:
        self._pieces.close()


class _Writer:
    def __init__(
        self,
        links: Links,
        authors: Mapping[AuthorKey, tuple[str, str]],
        page_rows: Mapping[str, Mapping[str, object]],
        tables: dict[str, list[Row]],
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
        comment_id = self._links.renamed.get(node) or records[0].id
        page_row = self._page_rows.get(comment_id)
        merged = merge(records, self._file_names) if len(records) > 1 else _alone(records[0])
        if comment_id != records[0].id:
            merged = _renamed(merged, comment_id)
        comment = merged.comment
        self._check_quotations(merged)
        problems = [(kind, detail, record) for record in records for kind, detail in record.problems]
        refused = self._refused(node)
        problems += [(kind, detail, records[0]) for kind, detail in (*merged.problems, *refused)]
        self._fill(comment, comment_id, node, merged.author)
        if page_row is not None:
            comment = _filled_gaps(comment, page_row)
        if page_row is not None or len(records) > 1 or refused:
            by_column = comment_of(comment)
            for record, appearance in zip(records, merged.appearances, strict=True):
                appearance[DIFFERS] = json_of(differences(record, by_column, merged.author))
        tables["comments"].append(comment)
        tables["appearances"] += merged.appearances
        tables["passages"] += merged.passages
        tables["links"] += merged.links
        tables["problems"] += [
            (None, kind, shown(detail), comment_id, record.appearance[DOCUMENT_ID]) for kind, detail, record in problems
        ]

    def _check_quotations(self, merged: Merged) -> None:
        """Leave out which comment a passage quotes where that is not in the data."""
        for number, row in enumerate(merged.passages):
            quoted = row[QUOTED]
            if quoted is not None and not self._holds(quoted):
                merged.passages[number] = (*row[:QUOTED], None, *row[QUOTED + 1 :])
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
            self._tables["comments"].append(list(map(comment.get, COMMENT_COLUMNS)))

    def _fill(self, comment: list[object], comment_id: str, node: int, author: AuthorKey | None) -> None:
        """Fill in what takes other records: parent, root, depth, author."""
        links, fate = self._links, self._fates[node]
        depth = self._depths[node]
        comment[ID], comment[DEPTH] = comment_id, depth
        comment[ROOT_ID] = links.id_of(self._roots[node]) if depth else comment_id
        if fate in (FOUND, NOT_READ):
            parent_id = links.id_of(self._parents[node])
            comment[PARENT_ID] = parent_id
            if comment[PARENT_CONFIDENCE] is None:
                comment[PARENT_CONFIDENCE] = 1.0
            if fate == NOT_READ:
                self._sources[parent_id] = comment[SOURCE]
        else:
            comment[PARENT_CONFIDENCE] = None
            if fate != NO_CLAIM:
                comment[PARENT_BASIS] = "unknown"
        if comment[POST_ID] is None:
            comment[POST_ID] = links.post_of(node)
        if author is not None:
            comment[AUTHOR_ID], name = self._authors[author]
            comment[AUTHOR_NAME] = comment[AUTHOR_NAME] or name
            if comment[AUTHOR_CONFIDENCE] is None:
                comment[AUTHOR_CONFIDENCE] = 1.0

    def _refused(self, node: int) -> list[tuple[str, str]]:
        """Say why a comment does not answer what its source says."""
        fate = self._fates[node]
        if fate not in REFUSALS:
            return []
        kind, detail = REFUSALS[fate]
        return [(kind, detail.format(parent=self._links.claim_of(node)))]


def _alone(record: Prepared) -> Merged:
    # A copy: what is filled in is no word of the record, which is compared with the row in the end.
    comment, appearances = list(record.comment), [record.appearance]
    return Merged(comment, record.author, appearances, record.passages, record.links, problems=[])


def _renamed(merged: Merged, comment_id: str) -> Merged:
    """Give a comment another id, in all of its rows."""
    for appearance in merged.appearances:
        appearance[APPEARANCE_OF] = comment_id
    return replace(
        merged,
        passages=[(comment_id, *row[1:]) for row in merged.passages],
        links=[(comment_id, *row[1:]) for row in merged.links],
    )


def _filled_gaps(row: Row, page_row: Mapping[str, object]) -> list[object]:
    """Take from pages what no record says; a page's text where no record has one."""
    comment = comment_of(row)
    for column in ("author_id", "author_name", *FACTS):
        if comment[column] is None:
            comment[column] = page_row.get(column)
    if comment["author_basis"] == "unknown":
        comment["author_basis"], comment["author_confidence"] = page_row["author_basis"], page_row["author_confidence"]
    if comment["body"] is None:
        comment.update({column: page_row[column] for column in TEXTS})
    return list(comment.values())
