"""What a dump reader yields: comments, posts and people as a forum's own data gives them, one after the other.

A dump names what a page has lost: ids, parents, dates, scores. A reader takes what is there, keeps in `extra` what has
no column, and decides nothing: bodies are read by `bodies`, parents are resolved and rows are made elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, NamedTuple

from forum_comments.models import AuthorBasis, ParentBasis

Markup = Literal["html", "markdown", "plain"]
PassageKind = Literal["paragraph", "list item", "code block", "heading", "footnote"]


class BodyPassage(NamedTuple):
    """A passage of a body as its markup shows it; `text` has no markup left."""

    kind: PassageKind
    text: str
    is_quotation: bool = False
    # Where more is known than its markup shows, as in an export:
    quotation_basis: str | None = None
    quotation_confidence: float | None = None
    quoted_comment_id: str | None = None  # as in the table `comments`
    label: str | None = None  # what stands before a list's item in the place of a bullet, such as "1."


class Body(NamedTuple):
    """A body read: its passages, and the targets of its links, each in the order of the text."""

    passages: list[BodyPassage]
    links: list[str]


class Dump(NamedTuple):
    """A file, or a folder whose files belong together, that a reader knows how to read."""

    path: Path
    format: str  # the word for `documents.format`, such as "reddit comments"
    files: tuple[Path, ...]  # what it is made of, in the order in which they are read


@dataclass(slots=True)
class Record:
    """A comment as a dump gives it. Ids are the source's own, without any prefix that says of what kind they are.

    Dates are ISO 8601 in UTC, ending in `Z`. None is what the dump does not say.
    """

    number: int  # of the record in its file, from 1; items that are no comments count too
    source: str  # `lw`, `af`, `ea`, `hn`, `reddit`, ... : what `comments.id` begins with
    source_id: str
    body: str | None = None  # None: deleted, or not part of the dump
    markup: Markup = "plain"
    passages: list[BodyPassage] | None = None  # where the dump gives them: then `body` is not read for them
    links: list[str] | None = None  # where the dump gives them: then `body` is not read for them
    # None where it answers no comment. May be a post's where that stands in another file and has the same kind of id.
    parent_source_id: str | None = None
    thread_id: str | None = None  # a parent is resolved only within the same thread, where both name one
    post_id: str | None = None
    author_id: str | None = None  # what the source calls the person for ever; where a name is that, the name
    author_source: str | None = None  # what `author_id` is an id of, where that is not `source`: `page` in an export
    author_name: str | None = None  # None for [deleted] and the like: nobody
    posted_at: str | None = None
    edited_at: str | None = None
    age: str | None = None
    karma: int | None = None
    af_karma: int | None = None
    agreement: int | None = None
    score_text: str | None = None
    status: str | None = None  # one of vocabulary.STATUSES
    url: str | None = None
    is_truncated: bool = False
    author_basis: AuthorBasis = "source"
    author_confidence: float | None = None
    parent_basis: ParentBasis = "source"
    parent_confidence: float | None = None
    extra: dict[str, object] = field(default_factory=dict)
    problems: list[tuple[str, str]] = field(default_factory=list)  # kind and detail


@dataclass(frozen=True, slots=True)
class Post:
    """What people comment on."""

    source: str
    id: str
    title: str | None = None
    url: str | None = None
    extra: dict[str, object] = field(default_factory=dict, hash=False)  # what else the dump says of it


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with an account."""

    source: str
    id: str
    name: str
    bio: str | None = None
    extra: dict[str, object] = field(default_factory=dict, hash=False)  # what else the dump says of them


@dataclass(frozen=True, slots=True)
class Fault:
    """Something in a dump that could not be read: a row of `problems`. What stood before it has been yielded."""

    kind: str
    detail: str  # names the place: the record's number, the line, the byte


Item = Record | Post | Person | Fault
