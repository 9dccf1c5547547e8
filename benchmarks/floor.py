"""What SQLite itself costs: `python -m benchmarks.floor ROWS.jsonl OUT.db`.

The rows of `ready.jsonl` (`benchmarks.made_up.write_files`) are decoded, inserted and indexed, with nothing found out
about them: the same texts, search index and keys as a build's tables of authors, posts and comments. No build can be
faster than this, unless it uses more than one processor.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import click

from forum_comments.schema import FTS_COLUMNS, FTS_TOKENIZE

HASH_BYTES = 256 * 1024 * 1024  # the most that FTS5 gathers in memory before it writes; more gains nothing at a million
SETTINGS = ("pragma journal_mode = off", "pragma synchronous = off", "pragma temp_store = memory")
COLUMNS = ("id", "parent_id", "post_id", "author_id", "author_name", "posted_at", "karma", *FTS_COLUMNS[:3])
TABLES = (
    "create table authors (id integer primary key, name text not null)",
    "create table posts (id text primary key, title text)",
    f"""create table comments ({", ".join(COLUMNS)}, primary key (id),
        foreign key (parent_id) references comments (id), foreign key (post_id) references posts (id),
        foreign key (author_id) references authors (id))""",
    f"""create virtual table comments_fts using fts5(
        {", ".join(FTS_COLUMNS)}, content=comments, tokenize='{FTS_TOKENIZE}')""",
)
INDEXES = tuple(
    f"create index {column}_index on comments ({column})" for column in ("parent_id", "post_id", "author_id")
)
FULL_TEXT = (
    f"insert into comments_fts (comments_fts, rank) values ('hashsize', {HASH_BYTES})",
    "insert into comments_fts (comments_fts) values ('rebuild')",
    "insert into comments_fts (comments_fts) values ('optimize')",
)


@click.command()
@click.argument("rows", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("out", type=click.Path(path_type=Path))
def main(rows: Path, out: Path) -> None:
    """Store the ROWS in the new database OUT."""
    with closing(sqlite3.connect(out)) as connection:
        for statement in (*SETTINGS, *TABLES):
            connection.execute(statement)
        authors: dict[str, int] = {}
        posts: dict[str, str] = {}
        places = ", ".join("?" for _ in COLUMNS)
        connection.executemany(f"insert into comments values ({places})", stored(rows, authors, posts))
        connection.executemany("insert into authors (name, id) values (?, ?)", authors.items())
        connection.executemany("insert into posts values (?, ?)", posts.items())
        for statement in (*INDEXES, *FULL_TEXT):
            connection.execute(statement)
        connection.commit()


def stored(rows: Path, authors: dict[str, int], posts: dict[str, str]) -> Iterator[tuple[Any, ...]]:
    """Give the rows of `comments`, and gather authors (name: id) and posts (id: title)."""
    with rows.open("rb") as file:
        for line in file:
            row = json.loads(line)
            name = row["author"]
            posts[row["post_id"]] = row["post_title"]
            row["author_id"] = authors.setdefault(name, len(authors) + 1)
            row["author_name"] = name
            yield tuple([row[column] for column in COLUMNS])


if __name__ == "__main__":
    main()
