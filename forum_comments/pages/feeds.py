"""What the Atom feeds hold: of all comments, of an author, of a thread, of a search. `atom.py` writes them.

Atom wants an instant at every entry, and most saved pages have no dates. `updated` is, in this order: when the comment
was edited, when it was posted, when the last page that shows it was saved (it existed by then), or else `UNKNOWN`. The
last two are no dates of the comment: such an entry has no `published` and is marked as undated.
"""

from __future__ import annotations

import re
import sqlite3

from forum_comments.errors import NotFoundError
from forum_comments.pages.reading import Row, first, rows
from forum_comments.pages.wording import STATUS_WORDS
from forum_comments.search import search
from forum_comments.search_query import parse

ENTRIES = 50
NO_TEXT = "No source has a text of this comment."
LONGEST = 20_000  # characters of a comment in a feed; a longer one is cut there, and says so
# A fixed instant before there were forums: the same in every build, and nobody can take it for a real date.
UNKNOWN = "1970-01-01T00:00:00Z"

NEWEST = """
    select c.rowid from comments as c
    where not c.is_placeholder and {where}
    order by c.posted_at desc, c.rowid limit :entries
"""
ROWS = """
    select c.rowid as number, c.id, c.title, c.author_name, c.posted_at, c.edited_at, c.parent_id, c.status,
        substr(c.body, 1, :longest) as body,
        (
            select max(d.saved_at) from appearances as a join documents as d on d.id = a.document_id
            where a.comment_id = c.id
        ) as saved_at
    from comments as c where c.rowid in ({numbers})
"""

INSTANT = re.compile(
    r"(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})(?P<time>T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?(?:Z|[+-][0-9]{2}:[0-9]{2}))?"
)


def all_feed(connection: sqlite3.Connection) -> Row:
    """Return the feed of the newest comments; those without a date stand last, in the order of the archive."""
    return _feed("All comments", "/", _newest(connection, "1", {}))


def author_feed(connection: sqlite3.Connection, author_id: str) -> Row:
    """Return the feed of an author's newest comments. Raises NotFoundError for an unknown id."""
    author = first(connection, "select name from authors where id = ?", (author_id,))
    if author is None:
        raise NotFoundError(f"No author with the id {author_id} is in this archive.")
    entries = _newest(connection, "c.author_id = :author_id", {"author_id": author_id})
    return _feed(f"Comments by {author['name']}", f"/-/author/{author_id}", entries)


def thread_feed(connection: sqlite3.Connection, comment_id: str) -> Row:
    """Return the feed of the newest comments in the thread of a comment. Raises NotFoundError for an unknown id."""
    comment = first(
        connection, "select id, title, coalesce(root_id, id) as root_id from comments where id = ?", (comment_id,)
    )
    if comment is None:
        raise NotFoundError(f"No comment with the id {comment_id} is in this archive.")
    entries = _newest(connection, "c.root_id = :root_id", {"root_id": comment["root_id"]})
    return _feed(f"Thread: {comment['title']}", f"/-/thread/{comment_id}", entries)


def find_feed(connection: sqlite3.Connection, q: str) -> Row:
    """Return the feed of what a search finds, newest first."""
    query = parse(q)
    numbers = search(connection, query, "new").numbers[:ENTRIES]
    return _feed(f"Search: {query.text}", "/-/find", _comments(connection, numbers), {"q": query.text})


def _newest(connection: sqlite3.Connection, where: str, parameters: dict[str, str]) -> list[Row]:
    found = connection.execute(NEWEST.format(where=where), {**parameters, "entries": ENTRIES})
    return _comments(connection, [number for (number,) in found])


def _comments(connection: sqlite3.Connection, numbers: list[int]) -> list[Row]:
    """Return the comments with these row numbers, in their order."""
    listed = ", ".join(str(number) for number in numbers)
    found = rows(connection, ROWS.format(numbers=listed), {"longest": LONGEST + 1})
    by_number = {row["number"]: row for row in found}
    return [by_number[number] for number in numbers]


def _feed(title: str, path: str, comments: list[Row], arguments: dict[str, str] | None = None) -> Row:
    """Return a feed: `path` with `arguments` is the page that it belongs to."""
    entries = [_entry(comment) for comment in comments]
    return {
        "title": title,
        "path": path,
        "arguments": arguments or {},
        "updated": max((entry["updated"] for entry in entries), default=UNKNOWN),
        "entries": entries,
    }


def _entry(comment: Row) -> Row:
    # An entry without any content would look like an empty comment.
    body = comment["body"] or " ".join(filter(None, (NO_TEXT, STATUS_WORDS.get(comment["status"]))))
    if len(body) > LONGEST:
        body = f"{body[:LONGEST]}…\n\n[Cut here: the comment is longer than {LONGEST:,} characters.]"
    posted_at = instant(comment["posted_at"])
    return {
        "id": comment["id"],
        "parent_id": comment["parent_id"],
        "title": comment["title"],
        "author_name": comment["author_name"],
        "published": posted_at,
        "updated": instant(comment["edited_at"]) or posted_at or instant(comment["saved_at"]) or UNKNOWN,
        "body": body,
    }


def instant(text: str | None) -> str | None:
    """Return an ISO 8601 day or instant as Atom wants it (RFC 3339), None for None and for anything else."""
    match = INSTANT.fullmatch(text or "")
    return f"{match['day']}{match['time'] or 'T00:00:00Z'}" if match else None
