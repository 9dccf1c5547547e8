"""Measures what the columns of the search index cost: `python -m benchmarks.search_index [comments.db]`.

The comments of a database are indexed under one choice after the other in temporary files; the printed table has each
choice's size and building time beside those of an index of bodies and author names only.
"""

from __future__ import annotations

import sqlite3
import tempfile
import time
from contextlib import closing
from pathlib import Path

import click

from forum_comments.schema import FTS_COLUMNS, FTS_TOKENIZE

COPIES = 100  # the seeds are few: so many copies of every comment make times and sizes that can be compared
CHOICES = (
    ("body, author_name", ("body", "author_name"), FTS_TOKENIZE),
    (f"{', '.join(FTS_COLUMNS)} (chosen)", FTS_COLUMNS, FTS_TOKENIZE),
    ("the same, accents kept", FTS_COLUMNS, FTS_TOKENIZE.replace("remove_diacritics 2", "remove_diacritics 0")),
    ("the same, without porter", FTS_COLUMNS, FTS_TOKENIZE.removeprefix("porter ")),
)


@click.command()
@click.argument("database", type=click.Path(exists=True, dir_okay=False, path_type=Path), default="comments.db")
def main(database: Path) -> None:
    """Index the comments of DATABASE in several ways and print what each costs."""
    with closing(sqlite3.connect(database)) as connection:
        rows = connection.execute(f"select {', '.join(FTS_COLUMNS)} from comments").fetchall() * COPIES
    words = sum(len(row[0].split()) for row in rows)
    click.echo(f"{len(rows)} comments, {words} words ({COPIES} copies of each comment of {database.name})\n")
    click.echo("| columns | MB | of the first | s | of the first |\n| --- | --- | --- | --- | --- |")
    first: tuple[float, float] | None = None
    for name, columns, tokenize in CHOICES:
        size, seconds = measure(rows, columns, tokenize)
        first = first or (size, seconds)
        click.echo(f"| {name} | {size:.2f} | {size / first[0]:.2f} | {seconds:.2f} | {seconds / first[1]:.2f} |")


def measure(rows: list[tuple[str | None, ...]], columns: tuple[str, ...], tokenize: str) -> tuple[float, float]:
    """Index rows (values in the order of FTS_COLUMNS); gives megabytes of index and seconds of building it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "index.db"
        with closing(sqlite3.connect(path)) as connection:
            connection.execute(f"create table comments ({', '.join(FTS_COLUMNS)})")
            connection.executemany(f"insert into comments values ({', '.join('?' * len(FTS_COLUMNS))})", rows)
            connection.commit()
            before = path.stat().st_size
            start = time.perf_counter()
            connection.execute(
                f"create virtual table found using fts5({', '.join(columns)}, content=comments, tokenize='{tokenize}')"
            )
            connection.execute("insert into found(found) values ('rebuild')")
            connection.execute("insert into found(found) values ('optimize')")
            connection.commit()
            seconds = time.perf_counter() - start
            connection.execute("vacuum")
        return (path.stat().st_size - before) / 1e6, seconds


if __name__ == "__main__":
    main()
