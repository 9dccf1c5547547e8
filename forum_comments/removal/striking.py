"""Takes what the lists name out of a database that is being built, before it is indexed and moved into place.

A removed comment leaves a row without words or name, so that its address and its thread hold. A removed author leaves
nothing but such rows, a removed document an empty one. Whatever else holds their words is struck out.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain

from forum_comments.removal.finding import NameFinder, WordFinder, windows_of
from forum_comments.removal.lists import Removal, RemovalList
from forum_comments.removal.matching import Found, Place, find_removed
from forum_comments.removal.renewal import forget_readings, renew, renew_permalinks, rewriting
from forum_comments.removal.texts import Strikes, distinctive, strike_cells, strike_pages
from forum_comments.removal.wording import (
    MARKS,
    NAME_MARK,
    REMOVED,
    REMOVED_FILE,
    STATUSES,
    STRUCK,
    STRUCK_DETAIL,
    sentence_of,
)
from forum_comments.schema import TABLES

# What stays of a removed comment: its place in the thread.
KEPT_COLUMNS = frozenset(
    "id parent_id parent_basis parent_confidence parent_source_id root_id depth post_id source source_id"
    " thread_source_id".split()
)
# Furniture in which the owner of a page speaks or is spoken of.
OWNERS_ROLES = ("author name", "bio", "sequence title", "post title", "wiki contribution")
# A quotation goes whole: what is left of one sentence would only show how it went on.
QUOTATIONS = "select comment_id, position, text from passages where is_quotation order by rowid"
IN_DUMPS = "select document_id from appearances where comment_id = ? and record_number is not null"
EMPTY_SHA256 = hashlib.sha256(b"").hexdigest()


@dataclass(slots=True)
class Struck:
    """What was taken out, and what its words and names were: for a proof that they are gone."""

    comments: int = 0
    authors: int = 0
    documents: int = 0
    changed: int = 0  # other comments of which words were struck out
    documents_holding: frozenset[str] = frozenset()  # ids of the pages and dumps that held it
    unused: frozenset[Removal] = frozenset()  # entries that name nothing in this database
    words: WordFinder = field(default_factory=WordFinder)
    names: tuple[str, ...] = ()
    everyday: tuple[str, ...] = ()  # names that cannot be told from everyday words: left in what others wrote

    def __str__(self) -> str:
        """Say how much it was."""
        return (
            f"removed in all: comments {self.comments}, authors {self.authors}, documents {self.documents}; "
            f"other comments with words struck out: {self.changed}"
        )


def strike(connection: sqlite3.Connection, lists: Sequence[RemovalList]) -> Struck:
    """Take everything that the lists name out of a database whose rows are written and whose indexes are not.

    Leaves a database of which they name nothing as it is, byte for byte.
    """
    found = find_removed(connection, lists)
    result = Struck(unused=_unused(found, lists))
    if found:
        with rewriting(connection):
            _strike(connection, found, result)
    return result


def _strike(connection: sqlite3.Connection, found: Found, result: Struck) -> None:
    """Take out what was found, and note in `result` what that was."""
    forget_readings(connection)
    names = _values(connection, "select name from authors where id = ?", found.authors)
    result.names = tuple(distinctive(connection, names))
    result.everyday = tuple(name for name in names if name not in result.names)
    result.comments, result.authors, result.documents = len(found.comments), len(found.authors), len(found.documents)
    strikes = _strikes(connection, found, names, result.names)
    result.words = strikes.words
    links = _values(connection, "select url from links where comment_id = ?", found.comments)
    authors = _authors_concerned(connection, found)
    _take_documents(connection, found.documents)
    pages = strike_pages(connection, strikes)
    _take_comments(connection, found.comments)
    _take_authors(connection, found, authors)
    changed = strike_cells(connection, strikes) - found.comments.keys()
    result.changed = len(changed)
    dumps = _values(connection, IN_DUMPS, [*found.comments, *changed])
    result.documents_holding = frozenset([*pages, *dumps, *found.documents])
    renew(connection, changed, links)
    renew_permalinks(connection, changed, pages)
    _report(connection, found, changed)


def _unused(found: Found, lists: Iterable[RemovalList]) -> frozenset[Removal]:
    used = [*found.comments.values(), *found.passages.values(), *found.authors.values(), *found.documents.values()]
    return frozenset(removal for each in lists for removal in each.removals).difference(used)


def _values(connection: sqlite3.Connection, query: str, keys: Iterable[str]) -> list[str]:
    """Ask the same of several rows."""
    return [value for key in keys for (value,) in connection.execute(query, (key,))]


def _strikes(
    connection: sqlite3.Connection, found: Found, names: Iterable[str], distinctive_names: Iterable[str]
) -> Strikes:
    strikes = Strikes(
        names=NameFinder(dict.fromkeys(chain.from_iterable((name, name.lower()) for name in names), NAME_MARK)),
        mentions=NameFinder(dict.fromkeys(distinctive_names, NAME_MARK)),
        comments={comment_id: MARKS[removal.by] for comment_id, removal in found.comments.items()},
        passages=_whole_passages(connection, found),
        furniture={
            (document_id, role): MARKS[found.authors[owner_id].by]
            for document_id, owner_id in connection.execute("select id, owner_id from documents")
            if owner_id in found.authors
            for role in OWNERS_ROLES
        },
    )
    for comment_id, removal in found.comments.items():
        if removal.kind != "document":
            strikes.words.add(_own_windows(connection, comment_id, found.kept[comment_id]), MARKS[removal.by])
    for (comment_id, position), mark in strikes.passages.items():
        where = "where comment_id = ? and position = ?"
        (text,) = connection.execute(f"select text from passages {where}", (comment_id, position)).fetchone()
        strikes.words.add(windows_of(text), mark)
        strikes.quoting.setdefault(comment_id, []).append((text, mark))
    furniture = "select text from furniture where document_id = ? and role = ?"
    for (document_id, role), mark in strikes.furniture.items():
        for (text,) in connection.execute(furniture, (document_id, role)).fetchall():
            strikes.words.add(windows_of(text), mark)
    for mark, windows in _windows_of_documents(connection, found).items():
        strikes.words.add(windows, mark)
    for comment_id, position, text in connection.execute(QUOTATIONS):
        found_in = strikes.words.stretches(text) if comment_id not in found.comments else []
        if found_in and (comment_id, position) not in strikes.passages:
            strikes.passages[comment_id, position] = found_in[0].mark
            strikes.quoting.setdefault(comment_id, []).append((text, found_in[0].mark))
    return strikes


def _windows_of_documents(connection: sqlite3.Connection, found: Found) -> dict[str, set[str]]:
    """Give the runs of words that stood in removed documents and in no page that stays, by their mark."""
    windows: dict[str, set[str]] = {}
    for document_id, removal in found.documents.items():
        for text in _values(connection, "select text from furniture where document_id = ?", [document_id]):
            windows.setdefault(MARKS[removal.by], set()).update(windows_of(text))
    for comment_id, removal in found.comments.items():
        if removal.kind == "document":
            own = _own_windows(connection, comment_id, found.kept[comment_id])
            windows.setdefault(MARKS[removal.by], set()).update(own)
    for document_id, text in connection.execute("select id, text from documents where text is not null"):
        if windows and document_id not in found.documents:
            standing = windows_of(text)
            windows = {mark: gone - standing for mark, gone in windows.items()}
    return windows


def _whole_passages(connection: sqlite3.Connection, found: Found) -> dict[Place, str]:
    """Give the passages of other comments that quote a removed one, or that a list names themselves."""
    passages = {place: MARKS[removal.by] for place, removal in found.passages.items()}
    quoting = "select comment_id, position, quoted_comment_id from passages where quoted_comment_id is not null"
    for comment_id, position, quoted_id in connection.execute(quoting):
        if quoted_id in found.comments and comment_id not in found.comments:
            passages[comment_id, position] = MARKS[found.comments[quoted_id].by]
    return passages


def _own_windows(connection: sqlite3.Connection, comment_id: str, kept: Iterable[str]) -> set[str]:
    """Give the runs of words that are a comment's own: not marked as quoted, and in none that holds them by right."""
    own = "select text from passages where comment_id = ? and not is_quotation"
    windows = set().union(*(windows_of(text) for text in _values(connection, own, [comment_id])))
    for body in _values(connection, "select body from comments where id = ? and body is not null", kept):
        windows -= windows_of(body)
    return windows


def _take_documents(connection: sqlite3.Connection, documents: dict[str, Removal]) -> None:
    for document_id, removal in documents.items():
        owners = connection.execute(
            "select owner_id from documents join furniture on document_id = id where id = ? and role = 'bio'",
            (document_id,),
        ).fetchall()
        connection.executemany("update authors set bio = null where id = ?", owners)
        (is_page,) = connection.execute(
            "select text is not null from documents where id = ?", (document_id,)
        ).fetchone()
        values = {"title": MARKS[removal.by], "file_name": REMOVED_FILE, "says_more": 0, "bytes": 0}
        values |= {"sha256": EMPTY_SHA256, **({"text": "", "characters": 0} if is_page else {})}
        _empty(connection, "documents", document_id, {"id", "format", "encoding"}, values)
        for table in ("furniture", "appearances", "problems"):
            connection.execute(f"delete from {table} where document_id = ?", (document_id,))
        connection.execute(
            "update passages set document_id = null, start_offset = null, end_offset = null where document_id = ?",
            (document_id,),
        )
        connection.execute(
            "update corrections set start_offset = null, value_before = null, value_after = null, reason = null,"
            " url = null where document_id = ?",
            (document_id,),
        )


def _empty(
    connection: sqlite3.Connection, table: str, key: str, kept: Iterable[str], values: Mapping[str, object]
) -> None:
    """Empty every column of a row but some, and give others a value."""
    columns = {column: values.get(column) for column in TABLES[table].columns if column not in kept}
    places = ", ".join(f"{column} = :{column}" for column in columns)
    connection.execute(f"update {table} set {places} where id = :key", {**columns, "key": key})


def _take_comments(connection: sqlite3.Connection, comments: dict[str, Removal]) -> None:
    for comment_id, removal in comments.items():
        values = {"title": MARKS[removal.by], "status": STATUSES[removal.by], "is_placeholder": 1, "is_truncated": 0}
        _empty(connection, "comments", comment_id, KEPT_COLUMNS, values | {"author_basis": "unknown"})
    one = [(comment_id,) for comment_id in comments]
    for table in ("passages", "links", "permalinks", "problems"):
        connection.executemany(f"delete from {table} where comment_id = ?", one)
    connection.executemany(
        "update appearances set author_name = null, age = null, karma = null, score_text = null where comment_id = ?",
        one,
    )
    # What an editor said of a removed comment may quote it; that it answers another one stays, as in its own row.
    connection.executemany(
        "update corrections set reason = null, url = null,"
        " value_before = iif(kind in ('parent', 'same comment'), value_before, null),"
        " value_after = iif(kind in ('parent', 'same comment'), value_after, null) where comment_id = ?",
        one,
    )


def _authors_concerned(connection: sqlite3.Connection, found: Found) -> list[str]:
    """Give the authors of whom something goes."""
    ids = _values(connection, "select author_id from comments where id = ? and author_id is not null", found.comments)
    ids += _values(connection, "select owner_id from documents where id = ? and owner_id is not null", found.documents)
    return sorted({*ids, *found.authors})


def _take_authors(connection: sqlite3.Connection, found: Found, concerned: Iterable[str]) -> None:
    """Take the authors who are to go, and of those concerned whoever has nothing left."""
    one = [(author_id,) for author_id in found.authors]
    connection.executemany("update documents set owner_id = null where owner_id = ?", one)
    connection.executemany(
        "delete from authors where id = :id and not exists (select 1 from comments where author_id = :id)"
        " and not exists (select 1 from documents where owner_id = :id)",
        [{"id": author_id} for author_id in concerned],
    )
    connection.execute("delete from accounts where author_id not in (select id from authors)")


def _report(connection: sqlite3.Connection, found: Found, changed: Iterable[str]) -> None:
    """Let readers see what went and by whose decision, and count what is left."""
    rows: list[tuple[str, str, str | None, str | None]] = []
    rows += [(REMOVED, sentence_of(removal), None, document_id) for document_id, removal in found.documents.items()]
    rows += [(REMOVED, sentence_of(removal), comment_id, None) for comment_id, removal in found.comments.items()]
    rows += [(STRUCK, STRUCK_DETAIL, comment_id, None) for comment_id in sorted(changed)]
    (last,) = connection.execute("select ifnull(max(id), 0) from problems").fetchone()
    connection.executemany(
        "insert into problems (id, kind, detail, comment_id, document_id) values (?, ?, ?, ?, ?)",
        [(last + number, *row) for number, row in enumerate(rows, 1)],
    )
    connection.execute(
        "update builds set comments = comments - ?, documents = (select count(*) from documents) - ?",
        (len(found.comments), len(found.documents)),
    )
