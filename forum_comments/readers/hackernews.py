"""Hacker News: items and users of its own (Firebase) interface; item trees, search answers and users of Algolia.

Stories, jobs, polls and their options are posts. A comment of the Firebase interface names what it answers without
saying whether that is a story: a story that is not in the same file counts as a comment that was not read.
"""

from __future__ import annotations

import html
from collections.abc import Iterator
from typing import NamedTuple

from forum_comments.readers.json_records import Found
from forum_comments.readers.recognition import read_recognised
from forum_comments.readers.splitting import TOP, Shape
from forum_comments.readers.values import (
    Extra,
    Problems,
    identifier,
    said,
    take_id,
    take_moment,
    take_name,
    take_number,
    take_text,
    text,
    without_id,
)
from forum_comments.records import Dump, Fault, Item, Person, Post, Record

ITEMS, TREE, SEARCH, USERS = FORMATS = (
    "hacker news items",
    "hacker news item tree",
    "hacker news search",
    "hacker news users",
)
SHAPES = {
    TOP: (ITEMS, SEARCH, USERS),
    Shape(frozenset([b"hits"])): (SEARCH,),
    Shape(frozenset([b"children"]), is_tree=True): (TREE,),
}

SOURCE = "hn"
ITEM_PAGE = "https://news.ycombinator.com/item?id="
COMMENT = "comment"
_TYPES = frozenset(["job", "story", COMMENT, "poll", "pollopt"])
_ITEM_KEYS = frozenset(["by", "time", "kids", "deleted", "dead", "descendants"])
_TREE_KEYS = frozenset(["created_at_i", "author", "story_id", "parent_id", "points"])
_HIT_KEYS = frozenset(["_tags", "comment_text", "story_text", "created_at_i"])

_USER_KEYS = frozenset(["created", "created_at", "created_at_i"])

# What stands in the place of a text, and what that says.
_STUBS = {"[dead]": "dead", "[flagged]": "flagged", "[deleted]": "deleted"}


class _Keys(NamedTuple):
    """Under which keys a kind of answer has what a Record holds."""

    id: str
    author: str
    posted_at: str
    body: str
    parent: str


_FIREBASE = _Keys("id", "by", "time", "text", "parent")
_ALGOLIA_ITEM = _Keys("id", "author", "created_at_i", "text", "parent_id")
_ALGOLIA_HIT = _Keys("objectID", "author", "created_at_i", "comment_text", "parent_id")


def format_of(record: Extra) -> str | None:
    """Give the format of a dump in which such a record stands."""
    keys = record.keys()
    if "karma" in record and keys & _USER_KEYS:
        return USERS
    if "objectID" in record:
        return SEARCH if keys & _HIT_KEYS else None
    if "id" not in record:
        return None
    if isinstance(record.get("children"), list) and keys & _TREE_KEYS:
        return TREE
    kind = record.get("type")
    return ITEMS if isinstance(kind, str) and kind in _TYPES and keys & _ITEM_KEYS else None


def read(dump: Dump) -> Iterator[Item]:
    """Read comments and stories. Raises SourceError where the file cannot be opened."""
    found = read_recognised(dump, SHAPES, format_of)
    if dump.format == TREE:
        return _read_trees(found)
    if dump.format == SEARCH:
        return _read_hits(found)
    if dump.format == USERS:
        return (item if isinstance(item, Fault) else _person(item) for item in found)
    return _read_items(found, _posts_of(read_recognised(dump, SHAPES, format_of)))


def _posts_of(found: Iterator[Found | Fault]) -> set[str | None]:
    """Give the ids of the posts in a file: what answers one does not say that it is one, and may stand before it."""
    return {identifier(item.value.get("id")) for item in found if isinstance(item, Found) and _is_post(item.value)}


def _is_post(value: Extra) -> bool:
    return bool(value.get("type", COMMENT) != COMMENT)


def _read_items(found: Iterator[Found | Fault], posts: set[str | None]) -> Iterator[Item]:
    for item in found:
        if isinstance(item, Fault):
            yield item
        elif format_of(item.value) == USERS:
            yield _person(item)
        elif _is_post(item.value):
            yield _post(item, "id", is_html=True)
        else:
            parent_id = identifier(item.value.get("parent"))
            yield _comment(item, _FIREBASE, parent_id if parent_id in posts else None)


def _read_hits(found: Iterator[Found | Fault]) -> Iterator[Item]:
    """Read a search answer: a hit that is a comment tells the title of its story too."""
    seen: set[str] = set()
    for hit in found:
        if isinstance(hit, Fault):
            yield hit
            continue
        value = hit.value
        if format_of(value) == USERS:
            yield _person(hit)
            continue
        value.pop("_highlightResult", None)  # the same again, with markup around the words that were searched for
        tags = value.get("_tags")
        if COMMENT not in tags if isinstance(tags, list) else value.get("comment_text") is None:
            yield _post(hit, "objectID")
            continue
        story_id = identifier(value.pop("story_id", None))
        title = text(value.pop("story_title", None))
        if story_id is not None and story_id not in seen:
            seen.add(story_id)
            yield Post(SOURCE, story_id, title, ITEM_PAGE + story_id, said({"url": value.get("story_url")}))
        yield _comment(hit, _ALGOLIA_HIT, story_id)


def _read_trees(found: Iterator[Found | Fault]) -> Iterator[Item]:
    """Read item trees, each as a whole: of a deleted comment only its place tells what it answers."""
    tree: list[Found] = []
    faults: list[Fault] = []
    for node in found:
        if isinstance(node, Fault):
            faults.append(node)
            continue
        tree.append(node)
        if node.above is None:
            yield from _read_tree(tree)
            tree = []
    yield from _read_tree(tree)  # of a file that is cut short
    yield from faults


def _read_tree(tree: list[Found]) -> Iterator[Item]:
    places: dict[int, tuple[str | None, str | None]] = {}  # the id of each node, and that of its story
    for node in sorted(tree, key=lambda node: node.number):
        value = node.value
        value.pop("children", None)  # they are records of their own
        above_id, story_id = places.get(node.above, (None, None)) if node.above is not None else (None, None)
        is_post = _is_post(value)
        node_id = identifier(value.get("id"))
        story_id = node_id if is_post else identifier(value.pop("story_id", None)) or story_id
        places[node.number] = (node_id, story_id)
        if is_post:
            yield _post(node, "id")
        else:
            value["parent_id"] = value.get("parent_id") or above_id
            yield _comment(node, _ALGOLIA_ITEM, story_id)


def _comment(found: Found, keys: _Keys, story_id: str | None) -> Record | Fault:
    """Make a Record; `story_id` is None where the dump does not say it."""
    extra, problems = found.value, found.problems
    source_id = take_id(keys.id, extra, problems)
    if source_id is None:
        return without_id(found.number, keys.id, extra)
    posted_at = take_moment(keys.posted_at, extra, problems)
    if posted_at is not None:
        extra.pop("created_at", None)  # the same as text
    author = take_name(keys.author, extra, problems)
    body, status = _take_body(keys.body, extra, problems, author is None)
    parent_id = take_id(keys.parent, extra, problems)
    extra.pop("type", None)
    return Record(
        number=found.number,
        source=SOURCE,
        source_id=source_id,
        body=body,
        markup="html",
        parent_source_id=parent_id if parent_id != story_id else None,
        thread_id=story_id,
        post_id=story_id,
        author_id=author,
        author_name=author,
        posted_at=posted_at,
        karma=take_number("points", extra, problems),  # Firebase has none
        status=status,
        url=ITEM_PAGE + source_id,
        extra=said(extra),
        problems=problems,
    )


def _take_body(key: str, extra: Extra, problems: Problems, is_by_nobody: bool) -> tuple[str | None, str | None]:
    """Take the text out of a comment, and say what became of it.

    Algolia leaves of a deleted or dead comment neither text nor author, without saying which it was.
    """
    body = take_text(key, extra, problems)
    stub = _STUBS.get(body) if body is not None else None
    if stub is not None:
        body = None
    if extra.get("deleted") is True or (body is None and is_by_nobody and extra.get("dead") is not True):
        return body, "deleted"
    return body, stub or ("dead" if extra.get("dead") is True else None)


def _post(found: Found, id_key: str, is_html: bool = False) -> Post | Fault:
    extra, problems = found.value, found.problems
    post_id = take_id(id_key, extra, problems)
    if post_id is None:
        return without_id(found.number, id_key, extra)
    title = take_text("title", extra, problems)
    if title is not None and is_html:
        title = html.unescape(title)
    return Post(SOURCE, post_id, title, ITEM_PAGE + post_id, said(extra))


def _person(found: Found) -> Person | Fault:
    """Make a person: a user's name is the id, under `id` (Firebase) or `username` (Algolia)."""
    extra, problems = found.value, found.problems
    own_name = take_name("username", extra, problems) or take_name("id", extra, problems)
    if own_name is None:
        return without_id(found.number, "id", extra)
    return Person(SOURCE, own_name, own_name, take_text("about", extra, problems), said(extra))
