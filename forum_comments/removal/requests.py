"""A request for removal becomes entries of a list: what a comment, an author or a document is known again by."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass

from forum_comments.labels import slug_of
from forum_comments.removal.finding import normal_text, windows_of
from forum_comments.removal.lists import Removal, RemovalList
from forum_comments.removal.matching import above
from forum_comments.vocabulary import OPENING_WORDS

COMMENT = "select body, opening_key, is_placeholder, status from comments where id = ?"
OWN_PASSAGES = "select text from passages where comment_id = ? and not is_quotation order by position"
BY_AUTHOR = "select id from comments where author_id = ? and not is_placeholder order by rowid"
SAME_OPENING = "select id from comments where opening_key = ? and id != ?"
ONLY_ON = """
    select comment_id from appearances where document_id = :id
    except select comment_id from appearances where document_id != :id
"""


class UnknownError(Exception):
    """A request that names nothing in the database. The message says what."""


@dataclass(frozen=True, slots=True)
class Request:
    """Who asked for a removal, when and why; hashes are made with the salt of the list that it goes into."""

    into: RemovalList
    by: str  # a key of wording.MARKS
    day: str  # ISO 8601
    reason: str | None

    def for_comment(self, connection: sqlite3.Connection, comment_id: str, keeps: Iterable[str] = ()) -> Removal:
        """Make the entry of a comment; `keeps` are the ids of comments that hold the same words by right.

        Raises UnknownError where there is no such comment, or it was removed before.
        """
        row = _row(connection, COMMENT, comment_id, "comment")
        body, opening_key, is_placeholder, status = row
        if is_placeholder:
            raise UnknownError(f"the comment “{comment_id}” has no text here{f': {status}' if status else ''}")
        for other in keeps:
            _row(connection, COMMENT, other, "comment")
        passages = [text for (text,) in connection.execute(OWN_PASSAGES, (comment_id,))]
        own_words = sum(normal_text(text).count(" ") + 1 for text in passages)
        by_right = _windows(connection, {*keeps, *above(connection, comment_id)})
        long_ones = [normal_text(text) for text in passages if windows_of(text) - by_right]
        others = connection.execute(SAME_OPENING, (opening_key, comment_id)).fetchone()
        has_opening = own_words >= OPENING_WORDS and others is None
        places = connection.execute("select id from appearances where comment_id = ?", (comment_id,)).fetchall()
        words = normal_text(body or "")
        return Removal(
            kind="comment",
            by=self.by,
            day=self.day,
            reason=self.reason,
            id=self.into.hash("comment id", comment_id),
            text=self.into.hash("text", words) if words else None,
            opening=self.into.hash("opening", opening_key) if has_opening else None,
            places=frozenset(self.into.hash("places", place) for (place,) in places),
            passages=frozenset(self.into.hash("passages", text) for text in long_ones),
            keeps=frozenset(self.into.hash("comment id", other) for other in keeps),
        )

    def for_author(self, connection: sqlite3.Connection, author_id: str) -> list[Removal]:
        """Make the entries of an author: one of the name, and one of each comment, which may turn up without it.

        Raises UnknownError where there is no such author.
        """
        (name,) = _row(connection, "select name from authors where id = ?", author_id, "author")
        entry = Removal(
            kind="author",
            by=self.by,
            day=self.day,
            reason=self.reason,
            id=self.into.hash("author id", author_id),
            # The name of an account may be somebody else's on another site.
            name=self.into.hash("name", normal_text(name)) if author_id.startswith(slug_of(name)) else None,
        )
        comments = [comment_id for (comment_id,) in connection.execute(BY_AUTHOR, (author_id,)).fetchall()]
        return [entry, *(self.for_comment(connection, comment_id) for comment_id in comments)]

    def for_document(self, connection: sqlite3.Connection, document_id: str) -> Removal:
        """Make the entry of a document. Raises UnknownError where there is no such document."""
        _row(connection, "select id from documents where id = ?", document_id, "document")
        return Removal("document", self.by, self.day, self.reason, self.into.hash("document id", document_id))


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a person asked to have removed, by id; `keeps` are comments that hold the same words by right."""

    comments: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    keeps: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """Whether anything was asked for."""
        return bool(self.comments or self.authors or self.documents)

    def entries(self, connection: sqlite3.Connection, request: Request) -> list[Removal]:
        """Make the entries. Raises UnknownError where something is not in the database."""
        found = [request.for_comment(connection, comment_id, self.keeps) for comment_id in self.comments]
        for author_id in self.authors:
            found += request.for_author(connection, author_id)
        return [*found, *(request.for_document(connection, document_id) for document_id in self.documents)]

    def comments_and_names(self, connection: sqlite3.Connection) -> tuple[list[str], list[str]]:
        """Give the ids of all comments concerned, and the names."""
        ids = list(self.comments)
        names = []
        for author_id in self.authors:
            names += connection.execute("select name from authors where id = ?", (author_id,)).fetchall()
            ids += [comment_id for (comment_id,) in connection.execute(BY_AUTHOR, (author_id,))]
        for document_id in self.documents:
            ids += [comment_id for (comment_id,) in connection.execute(ONLY_ON, {"id": document_id})]
        return ids, [name for (name,) in names]


def _windows(connection: sqlite3.Connection, comment_ids: Iterable[str]) -> set[str]:
    bodies = [
        connection.execute("select body from comments where id = ?", (comment_id,)).fetchone()[0]
        for comment_id in comment_ids
    ]
    return set().union(*(windows_of(body or "") for body in bodies))


def _row(connection: sqlite3.Connection, query: str, key: str, what: str) -> tuple:  # type: ignore[type-arg]
    row: tuple | None = connection.execute(query, (key,)).fetchone()  # type: ignore[type-arg]
    if row is None:
        raise UnknownError(f"there is no {what} “{key}” in it")
    return row
