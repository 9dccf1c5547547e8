"""The page of pictures: what the build counted, each figure with its rows and the query that gave them."""

from __future__ import annotations

import sqlite3

from forum_comments.pages.reading import Row, rows
from forum_comments.statistics import FIGURES

ROWS = "select figure, label, label_id, target, target_id, series, value from statistics order by figure, position"


def statistics_page(connection: sqlite3.Connection) -> Row:
    """Return all figures with their rows, in the order in which a reader wants them."""
    found: dict[str, list[Row]] = {figure.name: [] for figure in FIGURES}
    for row in rows(connection, ROWS):
        # A database of an earlier program may have a figure that this one does not know.
        found.get(row.pop("figure"), []).append(row)
    return {
        "title": "Statistics",
        "figures": [
            {
                "name": figure.name,
                "kind": figure.kind,
                "title": figure.title,
                "about": figure.about,
                "sql": figure.sql.strip(),
                "rows": found[figure.name],
                "total": sum(row["value"] for row in found[figure.name]),
            }
            for figure in FIGURES
        ],
    }
