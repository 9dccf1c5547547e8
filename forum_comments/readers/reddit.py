"""Reddit: comments and submissions of Pushshift and Arctic Shift (JSON Lines, API answers), and Reddit's own listings.

Rows have 18 to 71 keys by their age: what is there is taken, the rest is kept.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from forum_comments.readers.json_records import Found, Problems
from forum_comments.readers.recognition import read_recognised
from forum_comments.readers.splitting import TOP, Shape
from forum_comments.readers.values import (
    A_DATE,
    A_NUMBER,
    identifier,
    moment,
    name,
    refuse,
    said,
    text,
    whole_number,
    without_id,
)
from forum_comments.records import Dump, Fault, Item, Post, Record

COMMENTS, SUBMISSIONS, LISTING = FORMATS = ("reddit comments", "reddit submissions", "reddit listing")
# A listing's replies stand in listings of their own; Arctic Shift's trees are lists of its things under `data`.
SHAPES = {
    TOP: (COMMENTS, SUBMISSIONS),
    Shape(frozenset([b"data"])): (COMMENTS, SUBMISSIONS),
    Shape(frozenset([b"children", b"data"]), is_tree=True): (LISTING,),
}

SOURCE = "reddit"
SITE = "https://www.reddit.com"
_COMMENT, _SUBMISSION = "t1_", "t3_"
_KINDS = frozenset(["t1", "t3", "Listing", "more"])  # of things in a listing
_COMMENT_KEYS = frozenset(["link_id", "parent_id"])
_SUBMISSION_KEYS = frozenset(["selftext", "num_comments", "is_self", "domain"])

# What stands in the place of a body, and what that says.
STUBS = {
    "[deleted]": "deleted by author",
    "[removed]": "removed by moderator",
    "[ Removed by Reddit ]": "removed by forum",
    "[ Removed by reddit ]": "removed by forum",
}
_REMOVALS = {
    "deleted": "deleted by author",
    "removed": "removed by moderator",
    "removed by reddit": "removed by forum",
}


def format_of(record: dict[str, Any]) -> str | None:
    """Give the format of a dump in which such a record stands."""
    keys = record.keys()
    if keys >= _COMMENT_KEYS:
        return COMMENTS
    if "subreddit" in record and "title" in record and keys & _SUBMISSION_KEYS:
        return SUBMISSIONS
    return LISTING if isinstance(record.get("data"), dict) and record.get("kind") in _KINDS else None


def read(dump: Dump) -> Iterator[Item]:
    """Read comments and submissions. Raises SourceError where the file cannot be opened."""
    for found in read_recognised(dump, SHAPES, format_of):
        if isinstance(found, Fault):
            yield found
            continue
        kind = found.value.get("kind") if "data" in found.value else None
        if kind in _KINDS:
            found = found._replace(value=found.value["data"])
        if kind in ("Listing", "more"):
            continue  # what they hold came before; `more` names what was not fetched
        if "link_id" in found.value or kind == "t1":
            yield _comment(found)
        else:
            yield _submission(found)


def _comment(found: Found) -> Record | Fault:
    extra, problems = found.value, found.problems
    pop = extra.pop
    source_id = identifier(pop("id", None)) or _bare(extra.get("name"))
    if source_id is None:
        return without_id(found.number, "id", extra)
    link_id = _bare(pop("link_id", None))
    created = pop("created_utc", None)
    posted_at = moment(created)
    if posted_at is None:
        refuse("created_utc", created, A_DATE, extra, problems)
    body, status = _take_body(extra, problems)
    author_name = name(pop("author", None))
    permalink = text(pop("permalink", None))
    return Record(
        number=found.number,
        source=SOURCE,
        source_id=source_id,
        body=body,
        markup="markdown",
        parent_source_id=_take_parent(link_id, extra, problems),
        thread_id=link_id,
        post_id=link_id,
        author_id=author_name,
        author_name=author_name,
        posted_at=posted_at,
        edited_at=_take_edited(extra),
        karma=_take_score(extra, problems),
        status=status,
        url=SITE + permalink if permalink is not None and permalink.startswith("/") else permalink,
        extra=said(extra),
        problems=problems,
    )


def _take_body(extra: dict[str, Any], problems: Problems) -> tuple[str | None, str | None]:
    """Take the text out of a comment, as Markdown, and say what became of the comment."""
    body = extra.pop("body", None)
    extra.pop("body_html", None)  # the same as HTML
    extra.pop("replies", None)  # they are records of their own
    if body is not None and not isinstance(body, str):
        refuse("body", body, "text", extra, problems)
        body = None
    status = STUBS.get(body) if body is not None else None
    if status is not None:
        body = None
    meta = extra.get("_meta")
    if isinstance(meta, dict) and (removal := meta.get("removal_type")) is not None:
        status = _REMOVALS.get(str(removal).casefold(), status)
    return (unescaped(body) if body is not None else None), status


def unescaped(markdown: str) -> str:
    """Undo, once, what Reddit does to Markdown before it sends it; old rows have `\\r\\n` too."""
    if "\r" in markdown:
        markdown = markdown.replace("\r\n", "\n")
    if "&" not in markdown:
        return markdown
    return markdown.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")  # `&amp;gt;` was typed as `&gt;`


def _take_parent(link_id: str | None, extra: dict[str, Any], problems: Problems) -> str | None:
    """Take the parent's id out of a comment; None where it answers the submission."""
    parent = extra.pop("parent_id", None)
    if isinstance(parent, str) and parent.startswith(_COMMENT):
        return parent[len(_COMMENT) :] or None
    if parent is None or (isinstance(parent, str) and parent.removeprefix(_SUBMISSION) == link_id):
        return None
    refuse(
        "parent_id",
        parent,
        f"{_COMMENT} and a comment's id, or the submission's {_SUBMISSION}{link_id}",
        extra,
        problems,
    )
    return None


def _take_edited(extra: dict[str, Any]) -> str | None:
    """Take the date of the last edit out of a comment; the oldest rows say no more than `true`."""
    edited = extra.get("edited")
    if edited is False:
        del extra["edited"]
        return None
    edited_at = moment(edited)
    if edited_at is not None:
        del extra["edited"]
    return edited_at


def _take_score(extra: dict[str, Any], problems: Problems) -> int | None:
    """Take the score out of a comment; one that Reddit still hid says nothing and stays where it is."""
    if extra.get("score_hidden") is True:
        return None
    score = extra.pop("score", None)
    karma = whole_number(score)
    if karma is None:
        refuse("score", score, A_NUMBER, extra, problems)
    return karma


def _bare(full_id: object) -> str | None:
    """Give an id without the prefix that says what it is of."""
    if isinstance(full_id, str):
        return full_id.removeprefix(_COMMENT).removeprefix(_SUBMISSION) or None
    return None


def _submission(found: Found) -> Post | Fault:
    value = found.value
    post_id = identifier(value.pop("id", None)) or _bare(value.get("name"))
    if post_id is None:
        return without_id(found.number, "id", value)
    title = text(value.pop("title", None))
    permalink = text(value.pop("permalink", None))
    if isinstance(selftext := value.get("selftext"), str):
        value["selftext"] = unescaped(selftext)
    return Post(
        SOURCE,
        post_id,
        unescaped(title) if title is not None else None,
        SITE + permalink if permalink is not None and permalink.startswith("/") else permalink,
        said(value),
    )
