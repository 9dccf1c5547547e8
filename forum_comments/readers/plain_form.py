"""The plain form: comments as rows, in JSON Lines or CSV, with the columns of the table `comments` for names.

Whatever no other reader knows can be brought into it, and `forum_comments.export` writes it. The README describes it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple, get_args

import orjson

from forum_comments.models import AuthorBasis, ParentBasis
from forum_comments.readers.delimited import has_columns, read_rows
from forum_comments.readers.json_records import Found
from forum_comments.readers.recognition import read_recognised
from forum_comments.readers.splitting import TOP
from forum_comments.readers.values import (
    A_DATE,
    A_NUMBER,
    NOBODY,
    identifier,
    moment,
    name,
    refuse,
    said,
    text,
    whole_number,
    without_id,
)
from forum_comments.records import BodyPassage, Dump, Fault, Item, Markup, PassageKind, Person, Post, Record
from forum_comments.vocabulary import LABEL, STATUSES

LINES, TABLE = FORMATS = ("plain form", "plain form, CSV")
SHAPES = {TOP: (LINES,)}
DEFAULT_SOURCE = "plain"
# A file is in the plain form where its rows say which comment they are, and one of these: what somebody wrote.
ID, BODIES = "id", ("body", "passages")

_TRUTHS: dict[object, bool] = {1: True, "1": True, "true": True, 0: False, "0": False, "false": False}
_KINDS: tuple[PassageKind, ...] = get_args(PassageKind)


def _truth(value: object) -> bool | None:
    return _TRUTHS.get(value) if isinstance(value, int | str) else None  # true is 1 for Python


def _share(value: object) -> float | None:
    try:
        number = float(value) if isinstance(value, int | float | str) else -1.0
    except (ValueError, OverflowError):
        return None
    return number if 0 <= number <= 1 else None


def _json(value: object) -> object:
    """Give what a cell holds as JSON; what is no text is taken as it is."""
    if not isinstance(value, str):
        return value
    try:
        return orjson.loads(value)
    except orjson.JSONDecodeError:
        return None


def _addresses(value: object) -> list[str] | None:
    found = _json(value)
    return found if isinstance(found, list) and all(isinstance(address, str) for address in found) else None


def _object(value: object) -> dict[str, object] | None:
    found = _json(value)
    return found if isinstance(found, dict) else None


def _passages(value: object) -> list[BodyPassage] | None:
    found = _json(value)
    passages = [_passage(part) for part in found] if isinstance(found, list) else [None]
    return [passage for passage in passages if passage is not None] if None not in passages else None


def _passage(value: object) -> BodyPassage | None:
    if not isinstance(value, dict) or value.get("kind") not in _KINDS or text(value.get("text")) is None:
        return None
    label = value.get("label")
    if label is not None and not (value["kind"] == "list item" and isinstance(label, str) and LABEL.fullmatch(label)):
        return None
    return BodyPassage(
        kind=value["kind"],
        text=value["text"],
        is_quotation=_truth(value.get("is_quotation")) or False,
        quotation_basis=text(value.get("quotation_basis")),
        quotation_confidence=_share(value.get("quotation_confidence")),
        quoted_comment_id=identifier(value.get("quoted_comment_id")),
        label=label,
    )


class Column(NamedTuple):
    """What a column of the form is: the field of `Record` that it fills, what reads its values, what it should hold."""

    field: str
    read: Callable[[object], object | None]
    expected: str


def _words(field: str, words: tuple[str, ...]) -> Column:
    return Column(field, lambda value: value if value in words else None, f"one of: {', '.join(words)}")


_AN_ID = "an id: text or a whole number"
_TEXT = "text"
_A_SHARE = "a number from 0 to 1"
# Beside `id`, `source`, `extra`, `bio`, `post_title` and `post_url`; in the order in which an export writes them.
COLUMNS: dict[str, Column] = {
    "parent_id": Column("parent_source_id", identifier, _AN_ID),
    "author": Column("author_name", name, "a name"),
    "posted_at": Column("posted_at", moment, A_DATE),
    "body": Column("body", text, _TEXT),
    "markup": _words("markup", get_args(Markup)),
    "passages": Column(
        "passages",
        _passages,
        f"a list of objects with text and a kind: {', '.join(_KINDS)}; an item's label is such as 1.",
    ),
    "links": Column("links", _addresses, "a list of addresses"),
    "author_id": Column("author_id", identifier, _AN_ID),
    "author_source": Column("author_source", text, _TEXT),
    "post_id": Column("post_id", identifier, _AN_ID),
    "thread_id": Column("thread_id", identifier, _AN_ID),
    "url": Column("url", text, _TEXT),
    "edited_at": Column("edited_at", moment, A_DATE),
    "age": Column("age", text, _TEXT),
    "karma": Column("karma", whole_number, A_NUMBER),
    "af_karma": Column("af_karma", whole_number, A_NUMBER),
    "agreement": Column("agreement", whole_number, A_NUMBER),
    "score_text": Column("score_text", text, _TEXT),
    "status": _words("status", STATUSES),
    "is_truncated": Column("is_truncated", _truth, "true or false"),
    "author_basis": _words("author_basis", get_args(AuthorBasis)),
    "author_confidence": Column("author_confidence", _share, _A_SHARE),
    "parent_basis": _words("parent_basis", get_args(ParentBasis)),
    "parent_confidence": Column("parent_confidence", _share, _A_SHARE),
}


def format_of(record: Mapping[str, Any]) -> str | None:
    """Give the format of a file in which such a record stands."""
    return LINES if ID in record and any(body in record for body in BODIES) else None


def recognise_table(path: Path) -> Dump | None:
    """Recognise a CSV file by the names in its first line. Raises SourceError where it cannot be opened."""
    return Dump(path, TABLE, (path,)) if has_columns(path, ID, BODIES) else None


def read(dump: Dump) -> Iterator[Item]:
    """Read comments, and the posts and people of which rows tell.

    Raises SourceError where the file cannot be opened.
    """
    rows = read_rows(dump.path, ID, BODIES) if dump.format == TABLE else read_recognised(dump, SHAPES, format_of)
    return items_of(dump, rows)


def items_of(dump: Dump, rows: Iterable[Found | Fault]) -> Iterator[Item]:
    """Make comments of rows, and the posts and people of which they tell."""
    told: set[tuple[str, ...]] = set()
    for found in rows:
        if isinstance(found, Fault):
            yield found
            continue
        source = _take("source", Column("source", text, "a name"), found)
        source = source if isinstance(source, str) else DEFAULT_SOURCE
        yield from _people_and_posts(found, source, told) if ID in found.value else _row_without_comment(found, source)
        if ID in found.value:
            yield _comment(found, source)


def _take(column: str, meaning: Column, found: Found) -> object | None:
    """Take a value out of a row; one that is none of its kind stays, and is reported."""
    value = found.value.pop(column, None)
    taken = meaning.read(value) if value is not None and value != "" else None
    if taken is None and value != "":
        refuse(column, value, meaning.expected, found.value, found.problems)
    return taken


def _comment(found: Found, source: str) -> Record | Fault:
    values = found.value
    source_id = identifier(values.pop(ID))
    if source_id is None:
        return without_id(found.number, ID, values)
    extra = _take("extra", Column("extra", _object, "a JSON object"), found)
    author = values.get("author")
    if isinstance(author, str) and author in NOBODY:
        del values["author"]
    taken: dict[str, Any] = {}
    for column, meaning in COLUMNS.items():
        if column in values and (value := _take(column, meaning, found)) is not None:
            taken[meaning.field] = value
    if isinstance(extra, dict):
        values.update(extra)
    return Record(
        number=found.number, source=source, source_id=source_id, **taken, extra=said(values), problems=found.problems
    )


def _people_and_posts(found: Found, source: str, told: set[tuple[str, ...]]) -> Iterator[Person | Post]:
    """Give the person and the post of which a comment's row tells more than their ids, the first time."""
    values = found.value
    bio, title, url = (text(values.pop(column, None)) for column in ("bio", "post_title", "post_url"))
    author_name, post_id = name(values.get("author")), identifier(values.get("post_id"))
    author_id = identifier(values.get("author_id")) or author_name
    if bio is not None and author_id is not None and ("person", source, author_id) not in told:
        told.add(("person", source, author_id))
        yield Person(text(values.get("author_source")) or source, author_id, author_name or author_id, bio)
    if (title or url) and post_id is not None and ("post", source, post_id) not in told:
        told.add(("post", source, post_id))
        yield Post(source, post_id, title, url)


def _row_without_comment(found: Found, source: str) -> Iterator[Person | Post | Fault]:
    """Give the person or the post that a row without an id is about."""
    values = found.value
    extra = _object(values.pop("extra", None)) or {}
    author_name, author_id = name(values.pop("author", None)), identifier(values.pop("author_id", None))
    post_id, bio = identifier(values.pop("post_id", None)), text(values.pop("bio", None))
    title, url = text(values.pop("post_title", None)), text(values.pop("post_url", None))
    extra = said({**values, **extra})
    if post_id is not None:
        yield Post(source, post_id, title, url, extra)
    elif author_name is not None and not any(body in values for body in BODIES):
        yield Person(source, author_id or author_name, author_name, bio, extra)
    else:
        yield without_id(found.number, ID, values)
