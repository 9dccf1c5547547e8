"""The texts of a database that is being built, without the words and names that are to go: pages, then every cell."""

from __future__ import annotations

import hashlib
import re
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from forum_comments.removal.finding import NAME_TOKEN, Marked, NameFinder, Stretch, WordFinder, put_marks
from forum_comments.removal.matching import Place
from forum_comments.schema import TABLES
from forum_comments.vocabulary import LABEL

# Columns of text that hold a word of the program, a number or a date, and never anybody's words.
OWN_COLUMNS = frozenset(
    "program_version inputs_sha256 format encoding sha256 saved_at posted_at edited_at age status author_basis"
    " parent_basis source source_id opening_key boundary_basis match_basis quotation_basis kind role figure series"
    " layout evidence measure parent_source_id thread_source_id".split()
)
# A name of fewer letters and digits stands in many other words' places.
LEAST_CHARACTERS = 3
# What may stand in a line before a passage: quotation marks of Markdown, bullets, numbers, what labels an item.
BEFORE_PASSAGE = re.compile(rf"[\s•◦▪‣·*–>0-9.)-]*(?:{LABEL.pattern}\s*)?")
SPANS = """
    select start_offset, end_offset, comment_id, null from appearances where document_id = :id
    union all select start_offset, end_offset, null, role from furniture where document_id = :id
    order by 1
"""
OFFSETS = {
    "appearances": ("start_offset", "end_offset"),
    "passages": ("start_offset", "end_offset"),
    "furniture": ("start_offset", "end_offset"),
    "corrections": ("start_offset",),
}


@dataclass(slots=True)
class Strikes:
    """What is to be struck out of texts."""

    words: WordFinder = field(default_factory=WordFinder)
    names: NameFinder = field(default_factory=lambda: NameFinder({}))  # in titles, heads, addresses, file names
    mentions: NameFinder = field(default_factory=lambda: NameFinder({}))  # in what people wrote
    comments: Mapping[str, str] = field(default_factory=dict)  # comments.id -> the mark for all of it
    passages: dict[Place, str] = field(default_factory=dict)  # passages of other comments that go whole
    furniture: Mapping[tuple[str, str], str] = field(default_factory=dict)  # (document_id, role) -> mark
    # comments.id -> the texts of those passages, each with its mark, since other pages show them too
    quoting: dict[str, list[tuple[str, str]]] = field(default_factory=dict)

    def in_text(self, text: str, comment_id: str | None = None) -> list[Stretch]:
        """Find the stretches of a text that are to go; `comment_id` says whose text it is."""
        names = self.names if comment_id is None else self.mentions
        found = [*self.words.stretches(text), *names.stretches(text)]
        for passage, mark in self.quoting.get(comment_id, ()) if comment_id is not None else ():
            found += [Stretch(start, start + len(passage), mark) for start in _line_starts(text, passage)]
        return found


def distinctive(connection: sqlite3.Connection, names: Iterable[str]) -> list[str]:
    """Give the names that can be told from other words: not one like "Will", where people write "will", nor "Al"."""
    found = [name for name in names if sum(map(str.isalnum, name)) >= LEAST_CHARACTERS]
    lower = {name.lower() for name in found if len(NAME_TOKEN.findall(name)) == 1 and name != name.lower()}
    everyday: set[str] = set()
    if lower:
        for (body,) in connection.execute("select body from comments where body is not null"):
            everyday.update(lower.intersection(NAME_TOKEN.findall(body)))
    return [name for name in found if name.lower() not in everyday]


def _line_starts(text: str, passage: str) -> Iterator[int]:
    """Give the places where a passage opens a line."""
    start = text.find(passage) if passage else -1
    while start >= 0:
        if BEFORE_PASSAGE.fullmatch(text, text.rfind("\n", 0, start) + 1, start):
            yield start
        start = text.find(passage, start + len(passage))


def strike_pages(connection: sqlite3.Connection, strikes: Strikes) -> list[str]:
    """Strike words out of the pages and move what is known by its place; gives the ids of the pages changed.

    The file itself (`raw`) goes from a page that changed, and its sum and size are those of what remains.
    """
    by_document: dict[str, list[tuple[int, int, str]]] = {}
    for (comment_id, position), mark in strikes.passages.items():
        for document_id, start, end in connection.execute(
            "select document_id, start_offset, end_offset from passages"
            " where comment_id = ? and position = ? and start_offset is not null",
            (comment_id, position),
        ):
            by_document.setdefault(document_id, []).append((start, end, mark))
    changed = []
    pages = connection.execute("select id from documents where text is not null order by id").fetchall()
    for (document_id,) in pages:
        (text, encoding) = connection.execute(
            "select text, encoding from documents where id = ?", (document_id,)
        ).fetchone()
        stretches = list(_on_page(connection, document_id, text, strikes))
        stretches += [_filled(text, *whole) for whole in by_document.get(document_id, ())]
        if stretches:
            marked = put_marks(text, stretches)
            _store_page(connection, document_id, marked.text, encoding)
            _move(connection, document_id, marked)
            changed.append(document_id)
    return changed


def _on_page(connection: sqlite3.Connection, document_id: str, text: str, strikes: Strikes) -> Iterator[Stretch]:
    for start, end, comment_id, role in connection.execute(SPANS, {"id": document_id}).fetchall():
        mark = strikes.furniture.get((document_id, role)) if comment_id is None else strikes.comments.get(comment_id)
        if mark is not None:
            yield _filled(text, start, end, mark)
        else:
            for found in strikes.in_text(text[start:end], comment_id):
                yield Stretch(start + found.start, start + found.end, found.mark)


def _filled(text: str, start: int, end: int, mark: str) -> Stretch:
    """Leave the blank lines at the end of a stretch in their place."""
    return Stretch(start, start + len(text[start:end].rstrip()), mark)


def _store_page(connection: sqlite3.Connection, document_id: str, text: str, encoding: str) -> None:
    content = text.encode(encoding, "replace")
    connection.execute(
        "update documents set text = ?, raw = null, characters = ?, bytes = ?, sha256 = ? where id = ?",
        (text, len(text), len(content), hashlib.sha256(content).hexdigest(), document_id),
    )


def _move(connection: sqlite3.Connection, document_id: str, marked: Marked) -> None:
    """Move the offsets of a page's rows."""
    for table, columns in OFFSETS.items():
        places = ", ".join(columns)
        rows = connection.execute(
            f"select {places}, rowid from {table} where document_id = ? and start_offset is not null", (document_id,)
        ).fetchall()
        moved = [(*(marked.place(offset) for offset in row[:-1]), row[-1]) for row in rows]
        # Through negative places: one is part of a key of furniture, and may still be another row's.
        away = ", ".join(f"{column} = -1 - {column}" for column in columns)
        connection.executemany(f"update {table} set {away} where rowid = ?", [(row[-1],) for row in rows])
        there = ", ".join(f"{column} = ?" for column in columns)
        connection.executemany(f"update {table} set {there} where rowid = ?", moved)


def strike_cells(connection: sqlite3.Connection, strikes: Strikes) -> set[str]:
    """Strike words out of every other text of the database; gives the ids of the comments whose words changed."""
    changed: set[str] = set()
    for (comment_id, position), mark in strikes.passages.items():
        where = "where comment_id = ? and position = ?"
        connection.execute(f"update passages set text = ? {where}", (mark, comment_id, position))
        changed.add(comment_id)
    for (document_id, role), mark in strikes.furniture.items():
        where = "where document_id = ? and role = ?"
        connection.execute(f"update furniture set text = ? {where}", (mark, document_id, role))
    for table, columns in text_columns():
        owner = {"comments": "id", "passages": "comment_id"}.get(table, "null")
        query = f'select rowid, {owner}, {", ".join(columns)} from "{table}"'
        updates = []
        for rowid, comment_id, *values in connection.execute(query):
            struck = [_struck(value, comment_id, strikes) for value in values]
            if struck != values:
                updates.append((*struck, rowid))
                changed.update([comment_id] if comment_id is not None else ())
        places = ", ".join(f"{column} = ?" for column in columns)
        connection.executemany(f'update "{table}" set {places} where rowid = ?', updates)
    return changed


def _struck(value: str | None, comment_id: str | None, strikes: Strikes) -> str | None:
    if not value:
        return value
    stretches = strikes.in_text(value, comment_id)
    return put_marks(value, stretches).text if stretches else value


def text_columns() -> Iterable[tuple[str, list[str]]]:
    """Give the columns of each table that may hold somebody's words: all of text but keys and the program's own."""
    for name, table in TABLES.items():
        exact = {*table.key, *table.foreign_keys, *OWN_COLUMNS}
        columns = [column for column, kind in table.columns.items() if kind is str and column not in exact]
        if name == "documents":
            columns.remove("text")
        if columns:
            yield name, columns
