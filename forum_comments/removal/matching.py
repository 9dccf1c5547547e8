"""What of a database the lists name: its comments, single passages of others, authors and documents."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain

from forum_comments.removal.finding import WINDOW_WORDS, normal_text
from forum_comments.removal.lists import Removal, RemovalList

# A comment quotes what stands above it, of which so many levels are looked at.
LEVELS_ABOVE = 20

Place = tuple[str, int]  # comment_id and position of a passage

COMMENTS = "select id, source_id, author_id, opening_key, body from comments where not is_placeholder order by rowid"
PASSAGES = "select comment_id, position, text from passages order by rowid"
APPEARANCES = "select comment_id, id, document_id from appearances order by rowid"
AUTHORS = "select id, name from authors order by id"
DOCUMENTS = "select id from documents order by id"


@dataclass(slots=True)
class Found:
    """What is to go, each with the entry that says so. Comments stand in the order of their rows."""

    comments: dict[str, Removal] = field(default_factory=dict)  # by comments.id
    passages: dict[Place, Removal] = field(default_factory=dict)  # of comments that stay
    authors: dict[str, Removal] = field(default_factory=dict)  # by authors.id
    documents: dict[str, Removal] = field(default_factory=dict)  # by documents.id
    kept: dict[str, set[str]] = field(default_factory=dict)  # a comment that goes -> those that hold its words by right

    def __bool__(self) -> bool:
        """Whether anything is to go."""
        return bool(self.comments or self.passages or self.authors or self.documents)


@dataclass(slots=True)
class _Index:
    """A list's entries by their hashes."""

    list: RemovalList
    by_hash: dict[tuple[str, str], Removal] = field(default_factory=dict)  # what is hashed, and the hash

    def __post_init__(self) -> None:
        """Index the entries; of two with the same hash the first one counts."""
        for removal in self.list.removals:
            single = ((f"{removal.kind} id", removal.id), ("opening", removal.opening), ("name", removal.name))
            many = ((what, value) for what in ("places", "passages") for value in getattr(removal, what))
            for what, value in chain(single, many, [("text", removal.text)]):
                if value is not None:
                    self.by_hash.setdefault((what, value), removal)

    def find(self, what: str, value: str) -> Removal | None:
        """Find the entry that has the hash of a value."""
        return self.by_hash.get((what, self.list.hash(what, value)))

    def find_at(self, places: Iterable[str], words: str) -> Removal | None:
        """Find the entry of a comment that has these words at one of these places."""
        found = (self.find("places", place) for place in places) if words else ()
        return next((each for each in found if each is not None and each.text == self.list.hash("text", words)), None)

    def keeps(self, removal: Removal, comment_id: str) -> bool:
        """Whether an entry says that a comment holds the same words by right."""
        return bool(removal.keeps) and self.list.hash("comment id", comment_id) in removal.keeps


def find_removed(connection: sqlite3.Connection, lists: Sequence[RemovalList]) -> Found:
    """Find what the lists name in a database. Linear in its size."""
    indexes = [_Index(each) for each in lists]
    found = Found()
    for author_id, name in connection.execute(AUTHORS):
        _note(found.authors, author_id, _first(indexes, [("author id", author_id), ("name", normal_text(name))]))
    found.documents.update(removed_documents(lists, [each for (each,) in connection.execute(DOCUMENTS)]))
    places, elsewhere = _appearances(connection, found.documents)
    for comment_id, source_id, author_id, opening_key, body in connection.execute(COMMENTS):
        removal = _of_comment(indexes, comment_id, source_id, opening_key, body, places.get(comment_id, ()))
        removal = removal or found.authors.get(author_id) or elsewhere.get(comment_id)
        _note(found.comments, comment_id, removal)
    for comment_id, position, text in connection.execute(PASSAGES):
        words = normal_text(text)
        if comment_id not in found.comments and words.count(" ") + 1 >= WINDOW_WORDS:
            _note(found.passages, (comment_id, position), _first(indexes, [("passages", words)], comment_id))
    _find_kept(connection, indexes, found)
    return found


def removed_documents(lists: Iterable[RemovalList], document_ids: Iterable[str]) -> Iterator[tuple[str, Removal]]:
    """Give those of some documents that a list names."""
    indexes = [_Index(each) for each in lists]
    for document_id in document_ids:
        removal = _first(indexes, [("document id", document_id)])
        if removal is not None:
            yield document_id, removal


def _note(found: dict, key: object, removal: Removal | None) -> None:  # type: ignore[type-arg]
    if removal is not None:
        found[key] = removal


def _first(indexes: Iterable[_Index], wanted: Sequence[tuple[str, str]], comment_id: str = "") -> Removal | None:
    hits = ((index, index.find(what, value)) for index in indexes for what, value in wanted)
    return next((each for index, each in hits if each is not None and not index.keeps(each, comment_id)), None)


def _appearances(
    connection: sqlite3.Connection, documents: dict[str, Removal]
) -> tuple[dict[str, list[str]], dict[str, Removal]]:
    """Give the ids of each comment's appearances, and the comments that stand in removed documents only."""
    places: dict[str, list[str]] = defaultdict(list)
    holders: dict[str, Removal | None] = {}
    for comment_id, appearance_id, document_id in connection.execute(APPEARANCES):
        places[comment_id].append(appearance_id)
        holders[comment_id] = documents.get(document_id) if holders.get(comment_id, ...) is not None else None
    return places, {comment_id: removal for comment_id, removal in holders.items() if removal is not None}


def _of_comment(
    indexes: Iterable[_Index],
    comment_id: str,
    source_id: str | None,
    opening_key: str | None,
    body: str | None,
    places: Sequence[str],
) -> Removal | None:
    """Find the entry that names a comment.

    An id that its source gave is enough. One that is made of words may be another comment's after the pages have
    changed: then the words have to be the same, and where they are few, the place too.
    """
    words = normal_text(body or "")
    is_long = words.count(" ") + 1 >= WINDOW_WORDS
    for index in indexes:
        candidates = [
            index.find("comment id", comment_id) if source_id is not None else None,
            index.find("opening", opening_key) if opening_key is not None else None,
            index.find("text", words) if is_long else index.find_at(places, words),
        ]
        for removal in candidates:
            if removal is not None and not index.keeps(removal, comment_id):
                return removal
    return None


def _find_kept(connection: sqlite3.Connection, indexes: Sequence[_Index], found: Found) -> None:
    """Note for each comment that goes which others hold its words by right: those above it, and those listed."""
    listed = {value for removal in found.comments.values() for value in removal.keeps}
    by_hash: dict[str, str] = {}
    if listed:
        for (comment_id,) in connection.execute("select id from comments"):
            for index in indexes:
                by_hash[index.list.hash("comment id", comment_id)] = comment_id
    for comment_id, removal in found.comments.items():
        kept = {by_hash[value] for value in removal.keeps if value in by_hash}
        kept.update(above(connection, comment_id))
        found.kept[comment_id] = {other for other in kept if other not in found.comments}


def above(connection: sqlite3.Connection, comment_id: str) -> Iterator[str]:
    """Give the ids of the comments above one, the nearest first."""
    for _ in range(LEVELS_ABOVE):
        row = connection.execute("select parent_id from comments where id = ?", (comment_id,)).fetchone()
        if row is None or row[0] is None:
            return
        (comment_id,) = row
        yield comment_id
