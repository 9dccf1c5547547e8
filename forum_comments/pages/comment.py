"""The page of one comment: its text, what is known about it and on what basis, and where it stands."""

from __future__ import annotations

import sqlite3
from typing import Any

from forum_comments.errors import NotFoundError
from forum_comments.pages.amendments import amendments
from forum_comments.pages.bodies import bodies
from forum_comments.pages.citation import citation
from forum_comments.pages.differences import differences
from forum_comments.pages.reading import Row, first, rows
from forum_comments.pages.wording import AUTHOR_WORDS, BOUNDARY_WORDS, PARENT_WORDS, STATUS_WORDS, sureness

REPLIES_SHOWN = 20
APPEARANCES_SHOWN = 50
DECISIONS_SHOWN = 20
LINKS_READ, LINKS_SHOWN = 500, 50

COMMENT = """
    select comments.*, posts.title as post_title, posts.url as post_url
    from comments
    left join posts on posts.id = comments.post_id
    where comments.id = :id
"""

NEIGHBOUR = """
    select id, title, author_id, author_name, posted_at, age, karma, is_placeholder, status, is_truncated, depth,
        word_count
    from comments
"""

REPLIES = f"{NEIGHBOUR} where parent_id = :id order by posted_at nulls last, rowid limit {REPLIES_SHOWN}"

COUNTS = """
    select
        (select count(*) from comments where parent_id = :id) as replies,
        (select count(*) from comments where root_id = :root_id) as thread,
        (select count(*) from comments where author_id = :author_id) as by_author,
        (select count(*) from comments where post_id = :post_id) as on_post,
        (select count(*) from passages where quoted_comment_id = :id) as quotations
"""

APPEARANCES = f"""
    select appearances.*, documents.title as document_title, documents.file_name, documents.sha256,
        documents.url as document_url, documents.saved_at, documents.format
    from appearances
    join documents on documents.id = appearances.document_id
    where appearances.comment_id = :id
    order by appearances.match_basis is not null, appearances.document_id, appearances.position
    limit {APPEARANCES_SHOWN}
"""

# A footnote's lines are one passage but several blocks of the page, and no comment starts with one.
PASSAGES = """
    select text, start_offset
    from passages
    where comment_id = :id and document_id = :document_id and start_offset is not null and kind != 'footnote'
    order by position
"""

# Addresses behind words: those that stand in the text are links in it.
LINKS = f"""
    select url
    from (select url, position from links where comment_id = :id order by position limit {LINKS_READ})
    where instr(coalesce((select body from comments where id = :id), ''), url) = 0
    group by url
    order by min(position)
    limit {LINKS_SHOWN}
"""

PROBLEMS = f"select kind, detail from problems where comment_id = :id order by id limit {DECISIONS_SHOWN}"

CORRECTIONS = f"""
    select kind, value_before, value_after, reason, corrections.url,
        before.title as title_before, after.title as title_after
    from corrections
    left join comments as before on before.id = value_before and kind in ('parent', 'same comment')
    left join comments as after on after.id = value_after and kind in ('parent', 'same comment')
    where comment_id = :id
    order by corrections.id
    limit {DECISIONS_SHOWN}
"""


def comment_page(
    connection: sqlite3.Connection, comment_id: str, *, permalink: str, archive: str, build: str | None
) -> dict[str, Any]:
    """The page of a comment. Raises NotFoundError where there is no comment of that id.

    `permalink` is its absolute URL, `archive` the site's title, `build` the first digits of the build's sum (None:
    unknown).
    """
    comment = first(connection, COMMENT, {"id": comment_id})
    if comment is None:
        raise NotFoundError(f"There is no comment “{comment_id}” here.")
    keys = {"id": comment_id, **{name: comment[name] for name in ("root_id", "author_id", "post_id")}}
    counts = first(connection, COUNTS, keys)
    assert counts is not None
    places = rows(connection, APPEARANCES, {"id": comment_id})
    cited = _cited(connection, comment_id, places)
    return {
        "title": f"{comment['author_name'] or 'Author unknown'}: {comment['title']}",
        "comment": comment,
        "body": bodies(connection, [comment_id])[comment_id],
        "status_words": STATUS_WORDS.get(comment["status"], comment["status"]),
        "parent": _neighbour(connection, comment["parent_id"]),
        "replies": {"total": counts["replies"], "shown": rows(connection, REPLIES, {"id": comment_id})},
        "thread": _thread(connection, comment, counts["thread"]),
        "by_author": counts["by_author"],
        "on_post": counts["on_post"],
        "quotations": counts["quotations"],
        "basis": _basis(comment),
        "appearances": [_place(place, comment) for place in places],
        "cited": _place(cited, comment) if cited else None,
        "links": [row["url"] for row in rows(connection, LINKS, {"id": comment_id})],
        "problems": rows(connection, PROBLEMS, {"id": comment_id}),
        "corrections": rows(connection, CORRECTIONS, {"id": comment_id}),
        "permalink": permalink,
        "citation": citation(comment, cited, permalink=permalink, archive=archive, build=build),
        "amendments": [] if comment["is_placeholder"] else _amendments(connection, comment_id, cited),
    }


def _neighbour(connection: sqlite3.Connection, comment_id: str | None) -> Row | None:
    return first(connection, f"{NEIGHBOUR} where id = :id", {"id": comment_id}) if comment_id else None


def _thread(connection: sqlite3.Connection, comment: Row, size: int) -> dict[str, Any] | None:
    """The thread as its root and how many comments it has; None for a comment that stands alone."""
    if size < 2:
        return None
    root = _neighbour(connection, comment["root_id"])
    # Only the root can be a comment that was not read. One that was removed below it counts: it is shown.
    return {"root": root, "comments": size - (root["is_placeholder"] if root else 0)}


def _basis(comment: Row) -> dict[str, Any]:
    return {
        "author": {
            "basis": comment["author_basis"],
            "words": AUTHOR_WORDS.get(comment["author_basis"], comment["author_basis"]),
            "sureness": sureness(comment["author_confidence"]),
        },
        "parent": {
            "basis": comment["parent_basis"],
            "words": PARENT_WORDS.get(comment["parent_basis"], comment["parent_basis"]),
            "sureness": sureness(comment["parent_confidence"]),
        },
    }


def _cited(connection: sqlite3.Connection, comment_id: str, places: list[Row]) -> Row | None:
    """The place to cite: where the text was taken from, else the first one."""
    sql = "select document_id from passages where comment_id = :id order by position limit 1"
    found = first(connection, sql, {"id": comment_id})
    taken = [place for place in places if found and place["document_id"] == found["document_id"]]
    return next(iter([*taken, *places]), None)


def _place(place: Row, comment: Row) -> dict[str, Any]:
    words = BOUNDARY_WORDS.get(place["boundary_basis"], place["boundary_basis"])
    return {
        **place,
        "boundary_words": words,
        "sureness": sureness(place["boundary_confidence"]),
        "says_otherwise": differences(place, comment),
    }


def _amendments(connection: sqlite3.Connection, comment_id: str, cited: Row | None) -> list[dict[str, str]]:
    """Ready corrections; none for a comment out of a dump, which states its boundaries, authors and parents itself."""
    if cited is None or cited["start_offset"] is None:
        return []
    passages = rows(connection, PASSAGES, {"id": comment_id, "document_id": cited["document_id"]})
    return amendments(
        connection,
        cited,
        passages[0] if passages else None,
        passages[-1] if len(passages) > 1 else None,
    )
