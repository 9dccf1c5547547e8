"""Measures the served site beside stock Datasette on the same file: `python -m benchmarks.serving [comments.db]`.

Both are servers of their own on this machine. Stock Datasette has no plugins, templates, metadata, settings or counts
known beforehand; where a page of the reading room has no address there, it is asked for the table that answers the same
question. The two are asked in turn, page by page; every page is asked for several comments, authors or words.
"""

from __future__ import annotations

import sqlite3
import sys
import tempfile
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from statistics import quantiles
from typing import NamedTuple

import click

from benchmarks.machine import machine
from benchmarks.processes import cost_of
from benchmarks.servers import Answer, ask, datasette

REPOSITORY = Path(__file__).parents[1]
OUR_FILES = ("metadata.yml", "settings.json", "plugins", "templates", "static")
COMMENTS = 100_000
REQUESTS, SECONDS, CLIENTS = 40, 10.0, (1, 10)
EXAMPLES = 20  # comments, authors and words that a page is asked for in turn
WORD_SHARES = {"rare": 0.0002, "medium": 0.02, "common": 1.0}  # of all comments that have the word
THREADS = "select root_id from comments group by 1 having count(*) > 1 order by random() limit ?"
AUTHORS = "select author_id from comments where author_id is not null group by 1 order by random() limit ?"
IDS = "select id from comments where not is_placeholder order by random() limit ?"
WORDS = "select term from temp.words where col = 'body' order by abs(doc - ?), term limit ?"
# Name, address here, address there. `{}` is what the page is asked for.
PAGES = (
    ("home", "", "/", "/"),
    ("table", "", "/comments/comments", "/comments/comments"),
    ("table by score", "", "/comments/comments?_sort_desc=karma", "/comments/comments?_sort_desc=karma"),
    ("facet", "", "/comments/comments?_facet=author_id", "/comments/comments?_facet=author_id"),
    *((f"search, {kind} word", kind, "/-/find?q={}", "/comments/comments?_search={}") for kind in WORD_SHARES),
    *(
        (f"table search, {kind} word", kind, "/comments/comments?_search={}", "/comments/comments?_search={}")
        for kind in WORD_SHARES
    ),
    ("comment", "comment", "/comments/comments/{}", "/comments/comments/{}"),
    ("thread", "thread", "/-/thread/{}", "/comments/comments?root_id={}"),
    ("author", "author", "/-/author/{}", "/comments/comments?author_id={}"),
    ("JSON", "", "/comments/comments.json", "/comments/comments.json"),
    ("CSV", "", "/comments/comments.csv", "/comments/comments.csv"),
)
HEAD = (
    "| page | clients | median, ms | 95 %, ms | not answered | stock: median, ms | 95 %, ms | not answered |\n"
    "| --- | --- | --- | --- | --- | --- | --- | --- |"
)


class Load(NamedTuple):
    """How much each page is asked: requests of all clients together, and seconds at the most."""

    requests: int
    seconds: float


@click.command()
@click.argument("database", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--comments", type=click.IntRange(100), default=COMMENTS, show_default=True, help="Without DATABASE.")
@click.option("--requests", type=click.IntRange(2), default=REQUESTS, show_default=True, help="For each page.")
@click.option("--seconds", default=SECONDS, show_default=True, help="For each page at the most.")
def main(database: Path | None, comments: int, requests: int, seconds: float) -> None:
    """Print how long the pages of DATABASE take, or of an archive of made-up comments."""
    with tempfile.TemporaryDirectory(prefix="benchmark-") as name:
        folder, elsewhere = Path(name) / "site", Path(name) / "elsewhere"
        for path in (folder, elsewhere):
            path.mkdir()
        database = made_up_database(Path(name), comments) if database is None else database.resolve()
        for path in (database, database.with_name("inspect-data.json")):
            (folder / path.name).symlink_to(path)
        for file in OUR_FILES:
            (folder / file).symlink_to(REPOSITORY / file)
        click.echo(f"{machine()}; {count(database):,} comments, {database.stat().st_size / 1e6:.0f} MB\n\n{HEAD}")
        with (
            datasette(["."], {}, folder) as ours,
            datasette([str(database)], {"DATASETTE_LOAD_PLUGINS": ""}, elsewhere) as stock,
        ):
            measure(ours, stock, examples(database), Load(requests, seconds))


def made_up_database(folder: Path, comments: int) -> Path:
    """Build an archive of made-up comments."""
    database = folder / "comments.db"
    made_up = [sys.executable, "-m", "benchmarks.made_up", str(folder), "--comments", str(comments), "--bodies", "html"]
    build = [sys.executable, "build_db.py", str(folder / "html.jsonl"), "-o", str(database), "--quiet"]
    cost_of([made_up, build], REPOSITORY)
    return database


def count(database: Path) -> int:
    """Give how many comments a database has."""
    with closing(sqlite3.connect(database)) as connection:
        return int(connection.execute("select count(*) from comments where not is_placeholder").fetchone()[0])


def examples(database: Path) -> dict[str, list[str]]:
    """Give what the pages are asked for: ids by kind, and words by how many comments have them."""
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("create virtual table temp.words using fts5vocab(main, comments_fts, col)")
        found = {
            kind: [str(value) for (value,) in connection.execute(query, (EXAMPLES,))]
            for kind, query in (("comment", IDS), ("thread", THREADS), ("author", AUTHORS))
        }
        comments = count(database)
        for kind, share in WORD_SHARES.items():
            found[kind] = [str(w) for (w,) in connection.execute(WORDS, (int(share * comments), EXAMPLES))]
    return {"": [""], **found}


def measure(ours: int, stock: int, asked_for: dict[str, list[str]], load: Load) -> None:
    """Print a line for each page and number of clients."""
    for name, kind, our_path, stock_path in PAGES:
        for clients in CLIENTS:
            cells = [
                figures(ask(port, [path.format(value) for value in asked_for[kind]], clients, *load))
                for port, path in ((ours, our_path), (stock, stock_path))
            ]
            click.echo(f"| {name} | {clients} | {' | '.join(cells)} |")


def figures(answers: Sequence[Answer]) -> str:
    """Give median and 95th percentile in milliseconds, and how many answers were errors."""
    times = [answer.milliseconds for answer in answers]
    percentiles = quantiles(times, n=100, method="inclusive") if len(times) > 1 else times * 99
    failed = sum(answer.status != 200 for answer in answers)
    return f"{percentiles[49]:.0f} | {percentiles[94]:.0f} | {f'{failed} of {len(answers)}' if failed else 0}"


if __name__ == "__main__":
    main()
