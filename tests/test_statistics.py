"""What the build counts."""

import sqlite3
from contextlib import closing

import pytest
from sample_database import comment, row

from forum_comments.database import write_database
from forum_comments.schema import TABLES
from forum_comments.statistics import FIGURES, statistics_rows
from forum_comments.statistics_queries import AUTHORS_SHOWN, STATISTICS_COLUMNS

BOB = {"author_id": "bob", "author_name": "Bob"}
NOBODY = {"author_id": None, "author_name": None, "author_basis": "unknown"}


@pytest.fixture
def counted(tmp_path):
    """Give the statistics of a small archive, by figure: (label, target, series, value)."""
    path = tmp_path / "comments.db"
    write_database(
        path,
        {
            "authors": [row("authors", id="ann", name="Ann"), row("authors", id="bob", name="Bob")],
            "comments": [
                comment(1, root_id="p-1", depth=0, word_count=25, posted_at="2021-05-03T00:00:00Z", karma=3),
                comment(2, root_id="p-1", depth=1, word_count=26, parent_id="p-1", is_truncated=1, **BOB),
                comment(3, root_id="p-1", depth=2, word_count=1601, parent_id="p-2", quoted_text="said"),
                comment(4, root_id="p-4", depth=0, word_count=5, **NOBODY),
                comment(5, root_id="p-5", depth=0, is_placeholder=1, body=None, **NOBODY),
            ],
            "passages": [
                row(
                    "passages",
                    comment_id="p-3",
                    position=position,
                    kind="paragraph",
                    text="said",
                    is_quotation=1,
                    quoted_comment_id="p-2",
                )
                for position in (1, 2)
            ],
        },
    )
    with closing(sqlite3.connect(path)) as connection:
        found = connection.execute("select figure, label, target, series, value from statistics order by position")
        figures: dict[str, list[tuple[object, ...]]] = {}
        for figure, *rest in found:
            figures.setdefault(figure, []).append(tuple(rest))
        yield figures


def nonzero(rows):
    return [row for row in rows if row[-1]]


def test_the_totals_leave_placeholders_out(counted):
    assert {label: value for label, _, _, value in counted["totals"]} == {
        "comments": 4,
        "words in them": 1657,
        "authors": 2,
        "documents read": 0,
        "places where a comment stands": 0,
        "comments that stand in several places": 0,
        "comments whose parent is known": 2,
        "comments that quote": 1,
        "comments cut short": 1,
        "comments without a date": 3,
        "comments without a score": 3,
        "comments without an author": 1,
        "placeholders for comments not read": 1,
        "links": 0,
        "comments removed": 0,
    }


def test_comments_of_nobody_known_are_a_bar_of_their_own(counted):
    assert counted["authors"] == [
        ("Ann", None, "whole", 2),
        ("Bob", None, "cut short", 1),
        ("author unknown", None, "whole", 1),
    ]


def test_lengths_and_depths_are_counted_in_ranges(counted):
    assert nonzero(counted["lengths"]) == [
        ("0–25", None, "whole", 2),
        ("26–50", None, "cut short", 1),
        ("1601 or more", None, "whole", 1),
    ]
    assert nonzero(counted["depths"]) == [("0", None, None, 2), ("1", None, None, 1), ("2", None, None, 1)]
    assert nonzero(counted["thread sizes"]) == [("1", None, None, 1), ("3", None, None, 1)]


def test_undated_comments_are_a_column_of_their_own(counted):
    assert counted["months"] == [("2021-05", None, None, 1), ("undated", None, None, 3)]


def test_the_network_counts_comments_and_not_passages(counted):
    assert counted["network"] == [
        ("Ann", "Bob", "answers", 1),
        ("Bob", "Ann", "answers", 1),
        ("Ann", "Bob", "quotes", 1),
    ]


def test_beyond_the_authors_shown_all_others_are_one_bar(tmp_path):
    path = tmp_path / "comments.db"
    people = range(1, AUTHORS_SHOWN + 4)
    write_database(
        path,
        {
            "authors": [row("authors", id=f"a-{n:02}", name=f"Author {n}") for n in people],
            "comments": [comment(n, author_id=f"a-{n:02}", root_id=f"p-{n}") for n in people],
        },
    )
    with closing(sqlite3.connect(path)) as connection:
        bars = connection.execute(
            "select label, label_id, value from statistics where figure = 'authors' order by position"
        ).fetchall()
    assert bars[0] == ("Author 1", "a-01", 1)
    assert bars[AUTHORS_SHOWN:] == [("all others", None, 3)]


def test_counting_leaves_the_tables_as_they_are(tmp_path):
    path = tmp_path / "comments.db"
    write_database(path, {"comments": [comment(1, author_id=None)]})
    with closing(sqlite3.connect(path)) as connection:
        first = statistics_rows(connection)
        assert statistics_rows(connection) == first
        assert connection.execute("select name from temp.sqlite_master").fetchall() == []
        assert connection.execute("select body from comments").fetchone()[0].startswith("unique1 ")


@pytest.mark.parametrize("figure", FIGURES, ids=lambda figure: figure.name)
def test_the_query_that_is_shown_has_the_columns_of_the_table(tmp_path, figure):
    path = tmp_path / "comments.db"
    write_database(path, {})
    with closing(sqlite3.connect(path)) as connection:
        names = tuple(column[0] for column in connection.execute(figure.sql).description)
    assert names == STATISTICS_COLUMNS
    assert ["figure", "position", *names] == list(TABLES["statistics"].columns)
