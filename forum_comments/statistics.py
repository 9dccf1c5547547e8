"""The statistics of an archive: what is counted, as data, and `statistics_rows`, which counts it once, in the build.

A page that counted a million comments at each request would be over Datasette's time limit; so the build does it, and
the page shows the query beside the picture.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Literal

from forum_comments.beside import beside, scratch_database
from forum_comments.statistics_queries import (
    ARROWS_SHOWN,
    AUTHORS,
    AUTHORS_SHOWN,
    CERTAINTY,
    DEPTHS,
    LENGTHS,
    MONTHS,
    NETWORK,
    PEOPLE_SHOWN,
    THREAD_SIZES,
    TOTALS,
    basis,
)

STATISTICS_TABLE = "statistics"

StatisticsRow = tuple[object, ...]
Kind = Literal["numbers", "bars", "columns", "network"]


@dataclass(frozen=True, slots=True)
class Figure:
    """Something counted. `sql` is shown on the page."""

    name: str
    kind: Kind
    title: str
    about: str  # what is counted, what a bar means, and what is left out
    sql: str


FIGURES = (
    Figure(
        "totals",
        "numbers",
        "In numbers",
        "What the archive holds. Placeholders are counted in their own line only.",
        TOTALS,
    ),
    Figure(
        "authors",
        "bars",
        "Comments by author",
        f"The {AUTHORS_SHOWN} authors with the most comments, then all others together, then the comments of which "
        "nobody is known to be the author. A comment counts once, however many sources have it.",
        AUTHORS,
    ),
    Figure(
        "lengths",
        "bars",
        "Length in words",
        "Comments by the number of their words, quotations included. What is cut short is counted as far as it is "
        "known.",
        LENGTHS,
    ),
    Figure(
        "thread sizes",
        "bars",
        "Size of threads",
        "Threads by the number of their comments in this archive. A comment of which nothing above or below is known "
        "is a thread of one.",
        THREAD_SIZES,
    ),
    Figure(
        "depths",
        "bars",
        "Depth in the thread",
        "Comments by how many answers lead to them from the first comment of the thread that is in this archive; 0 "
        "also where what a comment answers is not known.",
        DEPTHS,
    ),
    Figure(
        "certainty",
        "bars",
        "How sure it is where a comment starts",
        "Places where a comment stands, by the probability that a comment does start there. The forum's pages do not "
        "mark it; a rule of their layout, a source or an editor decides it, or else the words on both sides.",
        CERTAINTY,
    ),
    Figure(
        "sources",
        "bars",
        "Where the comments come from",
        "Comments by the kind of source they were read from: a saved page, or the dump of a forum.",
        basis("comments", "source", "not is_placeholder"),
    ),
    Figure(
        "boundary basis",
        "bars",
        "How it is known where a comment starts",
        "Places where a comment stands, by what decided that it starts there.",
        basis("appearances", "boundary_basis"),
    ),
    Figure(
        "author basis",
        "bars",
        "How the author is known",
        "Comments by what names their author.",
        basis("comments", "author_basis", "not is_placeholder"),
    ),
    Figure(
        "parent basis",
        "bars",
        "How it is known what a comment answers",
        "Comments by what names their parent; unknown also where a comment answers nothing.",
        basis("comments", "parent_basis", "not is_placeholder"),
    ),
    Figure(
        "months",
        "columns",
        "When",
        "Comments by the month in which they were posted, and those without a date. An age such as “1y” is no date.",
        MONTHS,
    ),
    Figure(
        "network",
        "network",
        "Who answers and quotes whom",
        f"Between the {PEOPLE_SHOWN} people with the most of it, at most {ARROWS_SHOWN} arrows: how many comments of "
        "one answer, or quote from, a comment of the other that is in this archive.",
        NETWORK,
    ),
)


# Most queries read every comment. These tables leave the texts out and hide the tables of their names, which makes
# counting six times as fast (500,000 comments: 3.5 s) while the queries stay as they are shown.
_WITHOUT_TEXTS = {
    "comments": """
        select id, author_id, parent_id, root_id, depth, posted_at, karma, word_count, is_truncated, is_placeholder,
            author_basis, parent_basis, source, status, iif(quoted_text is null, null, '') as quoted_text
        from {archive}.comments
    """,
    "passages": "select comment_id, quoted_comment_id from {archive}.passages where quoted_comment_id is not null",
}
COUNTING_SUFFIX = ".counting"


def statistics_rows(connection: sqlite3.Connection, archive: str = "main", own: str = "temp") -> list[StatisticsRow]:
    """Count everything: the rows of the table `statistics`.

    The `archive` is the connection's database that has all other tables; `own` is one that SQLite looks into before
    it, and takes tables that are not needed any more afterwards. The connection has no open reading.
    """
    for name, query in _WITHOUT_TEXTS.items():
        connection.execute(f"create table {own}.{name} as {query.format(archive=archive)}")
    connection.execute(f"create index {own}.comments_by_id on comments (id, author_id)")
    rows = [
        (figure.name, position, *row)
        for figure in FIGURES
        for position, row in enumerate(connection.execute(figure.sql), start=1)
    ]
    for name in _WITHOUT_TEXTS:
        connection.execute(f"drop table {own}.{name}")
    return rows


@contextlib.contextmanager
def statistics_counted(building: Path) -> Iterator[Future[list[StatisticsRow]]]:
    """Count the statistics of a database that gets its indexes while the block runs.

    Raises sqlite3.Error where they cannot be counted.
    """
    count = partial(statistics_rows, archive="building", own="main")
    with (
        scratch_database(building, COUNTING_SUFFIX, "comments") as connection,
        beside(connection, count) as counted,
    ):
        yield counted
