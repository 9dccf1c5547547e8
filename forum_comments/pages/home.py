"""The home page: what the archive holds, how sure it is, and where to begin."""

from __future__ import annotations

import sqlite3
from typing import Any

from forum_comments.pages.reading import Row, first, rows
from forum_comments.pages.wording import SURENESS_LEVELS

THREADS_SHOWN = 6
NEWEST_SHOWN = 6
PAGES_SHOWN = 12

COUNTS = """
    select
        (select count(*) from comments) - (select count(*) from comments where is_placeholder = 1) as comments,
        (select count(*) from comments where is_placeholder = 1 and status is null) as placeholders,
        (select count(*) from comments where is_placeholder = 1 and status is not null) as removed,
        -- A placeholder never has an author.
        (select count(*) from comments where author_id is null)
            - (select count(*) from comments where is_placeholder = 1) as unknown_authors,
        (select count(*) from authors) as authors,
        (select count(*) from documents) as documents,
        (select count(*) from comments where posted_at is not null) as dated,
        (select count(*) from comments where parent_id is not null) as replies,
        (select count(*) from comments where karma is not null) as scored
"""

# Each is answered from an index that holds all the columns it names.
BY_STATE = """
    select is_placeholder, is_truncated, author_basis, count(*) as comments
    from comments
    group by is_placeholder, is_truncated, author_basis
"""

BOUNDARIES = """
    select count(*) as places
    from appearances
    where boundary_confidence >= :floor and boundary_confidence < :ceiling
"""

# A dump states where each comment begins, so its places are certain and say nothing of how sure the pages are.
IN_DUMPS = """
    select count(*) as places
    from documents
    join appearances on appearances.document_id = documents.id
    where documents.characters is null and appearances.boundary_confidence = 1
"""

# A root that is a placeholder is no comment; twice as many are looked at as are shown, because some fall away by that.
LARGEST_THREADS = f"""
    select root.id, root.title, root.author_id, root.author_name, root.is_placeholder, root.status,
        size.members - root.is_placeholder as comments, posts.title as post_title
    from (
        select root_id, count(*) as members
        from comments
        group by root_id
        order by members desc, root_id
        limit {2 * THREADS_SHOWN}
    ) as size
    join comments as root on root.id = size.root_id
    left join posts on posts.id = root.post_id
    where size.members - root.is_placeholder > 1
    order by comments desc, root.id
    limit {THREADS_SHOWN}
"""

NEWEST = f"""
    select id, title, author_id, author_name, posted_at, age, status
    from comments
    where posted_at is not null
    order by posted_at desc
    limit {NEWEST_SHOWN}
"""

DOCUMENTS = f"""
    select id, title, file_name, format, characters is null as is_dump,
        (select count(*) from appearances where document_id = documents.id) as comments
    from documents
    order by file_name
    limit {PAGES_SHOWN}
"""

PROBLEMS = "select kind, count(*) as problems from problems group by kind order by problems desc, kind limit 12"


def home_page(connection: sqlite3.Connection) -> dict[str, Any]:
    """The home page. It reads whole indexes, so its answer is worth keeping as long as the build is the same."""
    counts = first(connection, COUNTS) or {}
    by_state = rows(connection, BY_STATE)
    return {
        "title": "Forum comments",
        "counts": {**counts, "undated": counts["comments"] - counts["dated"]},
        "inferred_authors": _sum(by_state, author_basis="inferred"),
        "cut": _sum(by_state, is_truncated=1),
        "boundaries": _boundaries(connection),
        "threads": rows(connection, LARGEST_THREADS),
        "newest": rows(connection, NEWEST),
        "documents": rows(connection, DOCUMENTS),
        "problems": rows(connection, PROBLEMS),
        "build": first(connection, "select * from builds limit 1"),
    }


def _boundaries(connection: sqlite3.Connection) -> list[dict[str, Any]]:
    """How many beginnings of comments on pages are certain, nearly sure and so on, and which share of all that is."""
    counts = []
    ceiling = 2.0  # above every probability
    for floor, _, _ in SURENESS_LEVELS:
        found = first(connection, BOUNDARIES, {"floor": floor, "ceiling": ceiling})
        counts.append(found["places"] if found else 0)
        ceiling = floor
    counts[0] -= rows(connection, IN_DUMPS)[0]["places"]
    total = sum(counts)
    return [
        {"word": word, "floor": floor, "places": places, "percent": round(100 * places / total) if total else None}
        for (floor, _, word), places in zip(SURENESS_LEVELS, counts, strict=True)
    ]


def _sum(by_state: list[Row], **wanted: object) -> int:
    """How many comments that are no placeholders have these values."""
    return sum(
        row["comments"]
        for row in by_state
        if not row["is_placeholder"] and all(row[name] == value for name, value in wanted.items())
    )
