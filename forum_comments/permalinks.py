"""Where a published comment id leads: to its comment, or to the comment that now holds the words it was made of."""

from __future__ import annotations

import re
import sqlite3
from dataclasses import dataclass

# More than a handful of candidates share an opening only where people repeat a phrase such as "Yes."
MAX_CANDIDATES = 100

# An id of a comment without an id of its own at its source: p-, the opening key, and a number where the key was taken.
OPENING_KEY_ID = re.compile(r"p-(?P<key>[0-9A-Za-z_]+)(?:-[0-9]+)?")

SQL_BY_ID = "select id, title, author_name from comments where id = :id"
# The comments of pages have all keys that they could have had; those of dumps, one for each passage.
SQL_BY_OPENING_KEY = """
    select id, title, author_name from comments
    where id in (
        select comment_id from permalinks where opening_key = :key
        union select comment_id from passages where opening_key = :key
    )
    order by id limit :limit
"""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A comment that an id may mean. `author_name` is None where the author is not known."""

    id: str
    title: str
    author_name: str | None


def resolve(connection: sqlite3.Connection, comment_id: str) -> list[Candidate]:
    """Find the comments that an id means: one as a rule, several where words repeat, none for an unknown id."""
    rows = connection.execute(SQL_BY_ID, {"id": comment_id}).fetchall()
    match = OPENING_KEY_ID.fullmatch(comment_id)
    if not rows and match is not None:
        rows = connection.execute(SQL_BY_OPENING_KEY, {"key": match["key"], "limit": MAX_CANDIDATES}).fetchall()
    return [Candidate(*row) for row in rows]
