"""The home page: what the archive holds, how sure it is, and where to begin."""

from __future__ import annotations

import sqlite3
from typing import Any

from forum_comments.pages.reading import Row, first, rows

THREADS_SHOWN = 6
NEWEST_SHOWN = 6
PAGES_SHOWN = 12

COUNTS = """
    select
        (select count(*) from comments) - (select count(*) from comments where is_placeholder = 1) as comments,
        (select count(*) from comments where is_placeholder = 1) as placeholders,
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
    select
        count(*) as total,
        count(*) filter (where boundary_confidence >= 0.995) as certain,
        count(*) filter (where boundary_confidence >= 0.9 and boundary_confidence < 0.995) as nearly_sure,
        count(*) filter (where boundary_confidence >= 0.7 and boundary_confidence < 0.9) as likely,
        count(*) filter (where boundary_confidence < 0.7) as guesses
    from appearances
"""

LARGEST_THREADS = f"""
    select root.id, root.title, root.author_id, root.author_name, root.is_placeholder, size.comments
    from (
        select root_id, count(*) as comments
        from comments
        group by root_id
        having count(*) > 1
        order by comments desc, root_id
        limit {THREADS_SHOWN}
    ) as size
    join comments as root on root.id = size.root_id
    order by size.comments desc, root.id
"""

NEWEST = f"""
    select id, title, author_id, author_name, posted_at, age
    from comments
    where posted_at is not null
    order by posted_at desc
    limit {NEWEST_SHOWN}
"""

DOCUMENTS = f"""
    select id, title, file_name, format,
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
        "unknown_authors": _sum(by_state, author_basis="unknown"),
        "inferred_authors": _sum(by_state, author_basis="inferred"),
        "cut": _sum(by_state, is_truncated=1),
        "boundaries": first(connection, BOUNDARIES),
        "threads": rows(connection, LARGEST_THREADS),
        "newest": rows(connection, NEWEST),
        "documents": rows(connection, DOCUMENTS),
        "problems": rows(connection, PROBLEMS),
        "build": first(connection, "select * from builds limit 1"),
    }


def _sum(by_state: list[Row], **wanted: object) -> int:
    """How many comments that are no placeholders have these values."""
    return sum(
        row["comments"]
        for row in by_state
        if not row["is_placeholder"] and all(row[name] == value for name, value in wanted.items())
    )
