"""A comment in its conversation: all that it answers above it, all that answers it below.

Nothing here recurses on replies, whatever their depth: SQLite walks up and down, bounded, and the way down comes out
as a flat list in reading order with a level for each comment.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from typing import Any

from forum_comments.errors import NotFoundError
from forum_comments.pages.bodies import bodies, shortened
from forum_comments.pages.reading import Row, first, rows
from forum_comments.pages.wording import PARENT_WORDS, STATUS_WORDS, sureness

COMMENTS_ON_PAGE = 250
ANCESTORS_READ = 1_000
ANCESTORS_SHOWN = 4  # the root and the nearest ones; the others are folded
FOLD_AFTER = 10  # replies to one comment
SIBLINGS_LISTED = 20
COUNTED = 10_000  # comments of a thread whose people and levels are counted
CHARACTERS_SHOWN = 4_000  # of each comment but the one that the page is about

COLUMNS = """
    id, title, author_id, author_name, parent_id, parent_basis, parent_confidence, parent_source_id, root_id, depth,
    posted_at, edited_at, age, karma, is_truncated, is_placeholder, status, word_count, post_id
"""

ANCESTORS = """
    with recursive above(id, parent_id, step) as (
        select id, parent_id, 0 from comments where id = :id
        union all
        select comments.id, comments.parent_id, above.step + 1
        from above join comments on comments.id = above.parent_id
        limit :limit
    )
    select id from above where step > 0 order by step desc
"""

# Rows with the greatest level leave the queue first, so that a comment's replies follow it at once: reading order.
DESCENDANTS = """
    with recursive below(id, level, posted_at, row_number) as (
        select id, 0, '', rowid from comments where id = :id
        union all
        select comments.id, below.level + 1, coalesce(comments.posted_at, '9999'), comments.rowid
        from below join comments on comments.parent_id = below.id
        order by 2 desc, 3, 4
        limit :limit offset :offset
    )
    select id, level from below
"""

COMMENTS = f"select {COLUMNS} from comments where id in (select value from json_each(:ids))"

REPLY_COUNTS = """
    select parent_id, count(*) as replies
    from comments
    where parent_id in (select value from json_each(:ids))
    group by parent_id
"""

SIBLINGS = f"""
    select {COLUMNS}
    from comments
    where parent_id = :parent_id and id != :id
    order by posted_at nulls last, rowid
    limit {SIBLINGS_LISTED}
"""

POST = "select id, title, url from posts where id = :post_id"

PEOPLE = f"""
    select count(distinct author_id) as authors, max(depth) as deepest
    from (select author_id, depth from comments where root_id = :root_id limit {COUNTED})
"""


def thread_page(connection: sqlite3.Connection, comment_id: str, *, page: int = 1) -> dict[str, Any]:
    """The thread around a comment, page by page.

    Raises NotFoundError for an unknown comment and for a page beyond the last.
    """
    focus = first(connection, f"select {COLUMNS} from comments where id = :id", {"id": comment_id})
    if focus is None:
        raise NotFoundError(f"There is no comment “{comment_id}” here.")
    above = [row["id"] for row in rows(connection, ANCESTORS, {"id": comment_id, "limit": ANCESTORS_READ + 1})]
    offset = (page - 1) * COMMENTS_ON_PAGE
    reach = {"id": comment_id, "limit": COMMENTS_ON_PAGE + 1, "offset": offset}
    below = rows(connection, DESCENDANTS, reach)
    if not below:
        raise NotFoundError(f"The thread below “{comment_id}” has no page {page}.")
    shown = below[:COMMENTS_ON_PAGE]
    entries = _entries(connection, [*above, *(row["id"] for row in shown)], comment_id)
    return {
        "title": f"Thread: {focus['title']}",
        "focus": focus,
        "thread": _size(connection, focus),
        "post": first(connection, POST, {"post_id": focus["post_id"]}),
        "ancestors": _ancestors(connection, entries, above, comment_id) if page == 1 else None,
        "items": _folded([{**entries[row["id"]], "level": row["level"]} for row in shown]),
        "page": page,
        "has_next": len(below) > COMMENTS_ON_PAGE,
    }


def _entries(connection: sqlite3.Connection, ids: Sequence[str], focus_id: str) -> dict[str, dict[str, Any]]:
    """What the page shows of each comment, by its id."""
    packed = {"ids": json.dumps(list(ids))}
    counts = {row["parent_id"]: row["replies"] for row in rows(connection, REPLY_COUNTS, packed)}
    texts = bodies(connection, ids)
    found = {comment["id"]: comment for comment in rows(connection, COMMENTS, packed)}
    entries = {}
    for comment_id, comment in found.items():
        body, is_shortened = texts[comment_id], False
        if comment_id != focus_id:
            body, is_shortened = shortened(body, CHARACTERS_SHOWN)
        entries[comment_id] = {
            "kind": "comment",
            "comment": comment,
            "body": body,
            "is_shortened": is_shortened,
            "is_focus": comment_id == focus_id,
            "replies": counts.get(comment_id, 0),
            "parent": _name(found.get(comment["parent_id"])),
            "parent_words": PARENT_WORDS.get(comment["parent_basis"], comment["parent_basis"]),
            "sureness": sureness(comment["parent_confidence"]),
            "status_words": STATUS_WORDS.get(comment["status"], comment["status"]),
        }
    return entries


def _name(comment: Row | None) -> dict[str, Any] | None:
    """Whom a reply answers, where that comment stands on the same page."""
    return {name: comment[name] for name in ("id", "author_name", "is_placeholder", "status")} if comment else None


def _size(connection: sqlite3.Connection, focus: Row) -> dict[str, Any]:
    """How large the whole thread is. `authors` and `deepest` are None where it has too many comments to look at."""
    keys = {"root_id": focus["root_id"]}
    counted = first(connection, "select count(*) as comments from comments where root_id = :root_id", keys)
    root = first(connection, f"select {COLUMNS} from comments where id = :root_id", keys)
    assert counted is not None and root is not None
    people = first(connection, PEOPLE, keys) if counted["comments"] <= COUNTED else None
    return {
        "root": root,
        # Only the root can be a comment that was not read. One that was removed below it counts: it is shown.
        "comments": counted["comments"] - root["is_placeholder"],
        "authors": people["authors"] if people else None,
        "deepest": people["deepest"] if people else None,
    }


def _ancestors(
    connection: sqlite3.Connection, entries: dict[str, dict[str, Any]], above: Sequence[str], focus_id: str
) -> dict[str, Any]:
    """The comments above, root first: those shown, and those folded between the root and the nearest."""
    folded = list(above[1 : len(above) - ANCESTORS_SHOWN + 1])
    following = dict(zip(above, [*above, focus_id][1:], strict=True))
    shown = []
    for comment_id in above:
        if comment_id in folded:
            continue
        others = entries[comment_id]["replies"] - 1
        keys = {"parent_id": comment_id, "id": following[comment_id]}
        listed = rows(connection, SIBLINGS, keys) if others and following[comment_id] not in folded else []
        shown.append({**entries[comment_id], "others": others, "listed": listed})
    # A chain longer than what was read begins below the root of the thread.
    is_whole = len(above) < ANCESTORS_READ
    return {"total": len(above), "is_whole": is_whole, "shown": shown, "folded": [entries[id] for id in folded]}


def _folded(entries: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The list with the replies to a comment after the tenth, and all below them, folded into one item.

    Folds hold no folds: whoever opens one sees everything in it.
    """
    items: list[dict[str, Any]] = []
    seen: dict[str | None, int] = {}
    fold: dict[str, Any] | None = None
    for entry in entries:
        parent_id, level = entry["comment"]["parent_id"], entry["level"]
        seen[parent_id] = seen.get(parent_id, 0) + 1
        if fold is not None and level < fold["level"]:
            fold = None
        if fold is None and level > 0 and seen[parent_id] > FOLD_AFTER:
            fold = {"kind": "fold", "level": level, "parent_id": parent_id, "replies": 0, "items": []}
            items.append(fold)
        if fold is None:
            items.append(entry)
        else:
            fold["items"].append(entry)
            fold["replies"] += level == fold["level"]
    return items
