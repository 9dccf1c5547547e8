"""What the page functions share: rows as dicts, and the numbers of a list that is shown page by page."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any

from forum_comments.errors import NotFoundError

Row = dict[str, Any]


def rows(
    connection: sqlite3.Connection, sql: str, parameters: Mapping[str, object] | Sequence[object] = ()
) -> list[Row]:
    """All rows of a query, each a dict, whatever the connection's row factory is."""
    cursor = connection.execute(sql, parameters)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, tuple(row), strict=True)) for row in cursor]


def first(
    connection: sqlite3.Connection, sql: str, parameters: Mapping[str, object] | Sequence[object] = ()
) -> Row | None:
    """The first row of a query as a dict, or None."""
    found = rows(connection, sql, parameters)
    return found[0] if found else None


def paging(total: int, page: int, size: int) -> dict[str, Any]:
    """Where a page stands in a list: `page` of `pages`, `total` things, `first` and `last` of them here (from 1), and
    the page numbers to link (`shown`; None stands for a gap).

    Raises NotFoundError for a page beyond the last.
    """
    pages = max(1, -(-total // size))
    if page > pages:
        raise NotFoundError(f"There is no page {page}: the last one is {pages}.")
    near = sorted({1, pages, *range(max(1, page - 2), min(pages, page + 2) + 1)})
    shown: list[int | None] = []
    for number in near:
        if shown and number - (shown[-1] or 0) > 1:
            shown.append(None)
        shown.append(number)
    start = (page - 1) * size
    return {
        "page": page,
        "pages": pages,
        "size": size,
        "total": total,
        "first": min(start + 1, total),
        "last": min(start + size, total),
        "shown": shown,
    }
