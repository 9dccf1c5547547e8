"""Reddit: comments and submissions of Pushshift and Arctic Shift (JSON Lines, API answers), and Reddit's own listings.

Rows have 18 to 71 keys by their age: what is there is taken, the rest is kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from forum_comments.readers.json_records import Found
from forum_comments.readers.recognition import read_recognised
from forum_comments.readers.splitting import NOT_READ, TOP, Shape
from forum_comments.readers.values import (
    Extra,
    Problems,
    moment,
    refuse,
    said,
    take_id,
    take_moment,
    take_name,
    take_number,
    take_text,
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
NOT_IN_DUMP = "replies not in the dump"
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


def format_of(record: Extra) -> str | None:
    """Give the format of a dump in which such a record stands."""
    keys = record.keys()
    if keys >= _COMMENT_KEYS:
        return COMMENTS
    if "subreddit" in record and "title" in record and keys & _SUBMISSION_KEYS:
        return SUBMISSIONS
    return LISTING if isinstance(record.get("data"), dict) and _kind_of(record) is not None else None


def _kind_of(record: Extra) -> str | None:
    """Give the kind of a thing in a listing."""
    kind = record.get("kind")
    return kind if isinstance(kind, str) and kind in _KINDS and "data" in record else None


def read(dump: Dump) -> Iterator[Item]:
    """Read comments and submissions. Raises SourceError where the file cannot be opened."""
    return items_of(dump, read_recognised(dump, SHAPES, format_of))


def items_of(dump: Dump, records: Iterable[Found | Fault]) -> Iterator[Item]:
    """Make comments and submissions of records."""
    for found in records:
        if isinstance(found, Fault):
            yield found
            continue
        kind = _kind_of(found.value)
        if kind is not None:
            yield from _read_thing(kind, found)
        elif "link_id" in found.value:
            yield _comment(found)
        elif not isinstance(found.value.get("data"), list):  # an answer, whose records came before
            yield _submission(found)


def _read_thing(kind: str, found: Found) -> Iterator[Item]:
    """Read what stands in a listing; the things that a listing holds came before it."""
    data = found.value["data"]
    if not isinstance(data, dict):
        yield Fault(NOT_READ, f"record {found.number}: expected an object as data of the {kind}")
    elif kind == "more":
        yield Fault(NOT_IN_DUMP, f"record {found.number}: {data.get('count')} more replies to {data.get('parent_id')}")
    elif kind == "t1":
        yield _comment(found._replace(value=data))
    elif kind == "t3":
        yield _submission(found._replace(value=data))


def _comment(found: Found) -> Record | Fault:
    extra, problems = found.value, found.problems
    source_id = take_id("id", extra, problems) or _bare(extra.get("name"))
    if source_id is None:
        return without_id(found.number, "id", extra)
    link_id = _bare(extra.pop("link_id", None))
    body, status = _take_body(extra, problems)
    author_name = take_name("author", extra, problems)
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
        posted_at=take_moment("created_utc", extra, problems),
        edited_at=_take_edited(extra),
        karma=None if extra.get("score_hidden") is True else take_number("score", extra, problems),
        status=status,
        url=_take_url(extra, problems),
        extra=said(extra),
        problems=problems,
    )


def _take_body(extra: Extra, problems: Problems) -> tuple[str | None, str | None]:
    """Take the text out of a comment, as Markdown, and say what became of the comment."""
    extra.pop("body_html", None)  # the same as HTML
    extra.pop("replies", None)  # they are records of their own
    is_text = type(extra.get("body")) is str
    body = take_text("body", extra, problems) or ("" if is_text else None)
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


def _take_parent(link_id: str | None, extra: Extra, problems: Problems) -> str | None:
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


def _take_edited(extra: Extra) -> str | None:
    """Take the date of the last edit out of a comment; the oldest rows say no more than `true`."""
    edited = extra.get("edited")
    if edited is False:
        del extra["edited"]
        return None
    edited_at = moment(edited)
    if edited_at is not None:
        del extra["edited"]
    return edited_at


def _take_url(extra: Extra, problems: Problems) -> str | None:
    """Take the address of a comment or submission out of it; old rows have none."""
    permalink = take_text("permalink", extra, problems)
    return SITE + permalink if permalink is not None and permalink.startswith("/") else permalink


def _bare(full_id: object) -> str | None:
    """Give an id without the prefix that says what it is of."""
    if isinstance(full_id, str):
        return full_id.removeprefix(_COMMENT).removeprefix(_SUBMISSION) or None
    return None


def _submission(found: Found) -> Post | Fault:
    extra, problems = found.value, found.problems
    post_id = take_id("id", extra, problems) or _bare(extra.get("name"))
    if post_id is None:
        return without_id(found.number, "id", extra)
    title = take_text("title", extra, problems)
    if isinstance(selftext := extra.get("selftext"), str):
        extra["selftext"] = unescaped(selftext)
    url = _take_url(extra, problems)
    return Post(SOURCE, post_id, unescaped(title) if title is not None else None, url, said(extra))
