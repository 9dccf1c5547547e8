"""One record of a dump becomes rows, as far as that takes no other record: the costly part, done in any process."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from forum_comments.bodies import read_body
from forum_comments.comments import body_of
from forum_comments.keys import key_of_words, keys_of_passages, opening_words
from forum_comments.labels import NO_TEXT, host_of, json_of, shown, title_of
from forum_comments.record_ids import PAGE_ID, PAGE_SOURCE, forum_of, id_in
from forum_comments.records import BodyPassage, Record
from forum_comments.schema import TABLES

Row = Sequence[object]  # values in the order of a table's columns
AuthorKey = tuple[str, str]  # whom a record names: the forum, and the id there, or the name where that is all it gives

COMMENT_COLUMNS = tuple(TABLES["comments"].columns)
APPEARANCE_COLUMNS = tuple(TABLES["appearances"].columns)
POSTED_AT, POST_ID, IS_TRUNCATED = map(COMMENT_COLUMNS.index, ("posted_at", "post_id", "is_truncated"))
DOCUMENT_ID, RECORD_NUMBER = map(APPEARANCE_COLUMNS.index, ("document_id", "record_number"))


class Prepared(NamedTuple):
    """A record as rows. Parent, root, depth and author ids stay None in them until all records are known.

    It holds nothing but lists, tuples, texts, numbers and None, so that it can be kept and sent with `marshal`.
    """

    id: str
    comment: list[object]
    appearance: list[object]
    passages: list[Row]
    links: list[Row]
    problems: list[tuple[str, str]]  # kind and detail
    parent: str | None  # the id that the parent has, if it is in the data
    thread: str | None
    author: AuthorKey | None
    author_name: str | None
    size: int  # characters of the body


def prepare(record: Record, document_id: str) -> Prepared:
    """Read a record's body and make its rows."""
    passages, links = _read(record)
    has_own_ids = record.source != PAGE_SOURCE
    answers_ours = not has_own_ids or PAGE_ID(record.parent_source_id or "") is not None
    said: dict[str, object] = {
        "posted_at": record.posted_at,
        "age": record.age,
        "karma": record.karma,
        "is_truncated": int(record.is_truncated),
        "post_id": id_in(record.source, record.post_id) if record.post_id is not None else None,
        "url": record.url,
        "af_karma": record.af_karma,
        "agreement": record.agreement,
        "score_text": record.score_text,
        "edited_at": record.edited_at,
        "status": record.status,
        "author_name": record.author_name,
        "author_basis": _author_basis(record),
        "author_confidence": record.author_confidence,
        "parent_basis": record.parent_basis,
        "parent_confidence": record.parent_confidence,
        "parent_source_id": None if answers_ours else record.parent_source_id,
        "source": record.source,
        "source_id": record.source_id if has_own_ids else None,
        "thread_source_id": record.thread_id,
        "extra": json_of(record.extra),
    }
    author = record.author_id or record.author_name
    identity = Identity(
        id=id_in(record.source, record.source_id),
        parent=id_in(record.source, record.parent_source_id) if record.parent_source_id is not None else None,
        author=(forum_of(record.author_source or record.source), author) if author is not None else None,
    )
    return prepared(identity, said, passages, links, (document_id, record.number), record.problems)


class Identity(NamedTuple):
    """Which comment a record is, which one it answers, and who wrote it."""

    id: str
    parent: str | None
    author: AuthorKey | None


def prepared(
    identity: Identity,
    said: dict[str, object],
    passages: Sequence[BodyPassage],
    links: Sequence[str],
    place: tuple[str, int],
    problems: list[tuple[str, str]],
) -> Prepared:
    """Make the rows of a record: `said` is what it says beside its text, `place` its document and number in it."""
    document_id, number = place
    comment_id = identity.id
    keys = keys_of_passages(passages)
    body = shown(body_of(passages)) if passages else None
    said.update(_text_columns(passages, keys, body), id=comment_id, is_placeholder=0)
    appearance = {
        "id": f"{document_id}-{number}",
        "comment_id": comment_id,
        "document_id": document_id,
        "position": number,
        "is_truncated": said["is_truncated"],
        "boundary_basis": "source",
        "boundary_confidence": 1.0,
        "author_name": said["author_name"],
        "age": said["age"],
        "karma": said["karma"],
        "score_text": said["score_text"],
        "record_number": number,
    }
    return Prepared(
        id=comment_id,
        comment=list(map(said.get, COMMENT_COLUMNS)),
        appearance=list(map(appearance.get, APPEARANCE_COLUMNS)),
        passages=[
            (
                comment_id,
                position,
                p.kind,
                shown(p.text),
                p.label,
                int(p.is_quotation),
                p.quoted_comment_id,
                *_quotation(p),
                document_id,
                None,
                None,
                key,
            )
            for position, (p, key) in enumerate(zip(passages, keys, strict=True), start=1)
        ],
        links=[(comment_id, position, shown(url), host_of(url)) for position, url in enumerate(links, start=1)],
        problems=problems,
        parent=identity.parent,
        thread=_text(said["thread_source_id"]),
        author=identity.author,
        author_name=_text(said["author_name"]),
        size=len(body) if body is not None else 0,
    )


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _text_columns(passages: Sequence[BodyPassage], keys: Sequence[str], body: str | None) -> dict[str, object]:
    """Give the columns that are made of the text."""
    quoted = [passage for passage in passages if passage.is_quotation]
    own = [passage for passage in passages if not passage.is_quotation] if quoted else passages
    return {
        "title": title_of(own or quoted) if passages else NO_TEXT,
        "word_count": len(body.split()) if body is not None else 0,
        "opening_key": _opening_key(passages, keys),
        "body": body,
        "own_text": shown(body_of(own)) if quoted else None,
        "quoted_text": shown(body_of(quoted)) if quoted else None,
    }


def _author_basis(record: Record) -> str:
    """Give what the author rests on; that nobody is known may rest on something too, but not on a source's silence."""
    is_unnamed = record.author_name is None and record.author_id is None
    return "unknown" if is_unnamed and record.author_basis == "source" else record.author_basis


def _quotation(passage: BodyPassage) -> tuple[str | None, float | None]:
    """Give basis and confidence of what a passage quotes."""
    if passage.is_quotation and passage.quotation_basis is None:
        return "source", 1.0
    return passage.quotation_basis, passage.quotation_confidence


def _read(record: Record) -> tuple[list[BodyPassage], list[str]]:
    if record.passages is not None and (record.links is not None or record.body is None):
        return record.passages, record.links or []
    body = read_body(record.body or "", record.markup)
    passages = body.passages if record.passages is None else record.passages
    return passages, body.links if record.links is None else record.links


def _opening_key(passages: Sequence[BodyPassage], keys: Sequence[str]) -> str | None:
    """Give the key of a comment's own words, or of all where everything is quoted; None without a text."""
    if not passages:
        return None
    return next((key for passage, key in zip(passages, keys, strict=True) if not passage.is_quotation), None) or (
        key_of_words(opening_words(passage.text for passage in passages))
    )
