"""Measures a whole build beside its rivals: `python -m benchmarks.build [--comments N]... [--bodies MARKUP]...`.

Made-up comments are built by `build_db.py`, by the commands of sqlite-utils that a user would type for the same file,
and by nothing but SQLite (`benchmarks.floor`). In each run one follows the other, so that what else the machine does
falls on all of them; the ratios are those within a run.
"""

from __future__ import annotations

import shutil
import sqlite3
import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from statistics import median
from typing import NamedTuple

import click

from benchmarks.machine import machine
from benchmarks.made_up import MARKUPS, SEED, Markup
from benchmarks.processes import Cost, cost_of

REPOSITORY = Path(__file__).parents[1]
SIZES = (10_000, 100_000, 1_000_000)
RUNS = 3
DISK_BYTES = 12_000  # a comment in every file of a run, with room to spare
PIPELINE, FLOOR = "sqlite-utils", "SQLite alone"
COUNTS = {PIPELINE: "select count(*) from comments", FLOOR: "select count(*) from comments"}
OURS_COUNT = "select count(*) from comments where not is_placeholder"
HEAD = (
    "| comments | way | wall s | CPU s | peak MB | file MB | of sqlite-utils | of SQLite alone |\n"
    "| --- | --- | --- | --- | --- | --- | --- | --- |"
)

Commands = Sequence[Sequence[str]]


class Measured(NamedTuple):
    """What one way cost in one run; `size` is that of its database in bytes."""

    cost: Cost
    size: int


Runs = Mapping[str, Sequence[Measured]]


@click.command()
@click.option("--comments", multiple=True, type=click.IntRange(1), default=SIZES, show_default=True)
@click.option("--bodies", multiple=True, type=click.Choice(MARKUPS), default=MARKUPS, show_default=True)
@click.option("--runs", type=click.IntRange(1), default=RUNS, show_default=True)
@click.option("--seed", default=SEED, show_default=True, help="Of the made-up comments.")
def main(comments: Sequence[int], bodies: Sequence[Markup], runs: int, seed: int) -> None:
    """Build made-up comments in each way and print what it costs: the median of the runs (the least, and the most)."""
    click.echo(f"{machine()}; {runs} runs, seed {seed}\n\n{HEAD}")
    walls: dict[str, dict[int, float]] = {}
    for number in comments:
        measured = measure(number, bodies, runs, seed)
        for way, costs in measured.items():
            click.echo(line(number, way, costs, measured))
            walls.setdefault(way, {})[number] = median(m.cost.wall for m in costs)
    click.echo("\n" + "\n".join(growth(way, by_number) for way, by_number in walls.items()))


def measure(number: int, bodies: Sequence[Markup], runs: int, seed: int) -> Runs:
    """Build so many comments in each way, as often as there are runs."""
    with tempfile.TemporaryDirectory(prefix="benchmark-") as name:
        folder = Path(name)
        require_room(folder, number)
        markups = sorted({*bodies, "plain"})
        options = ["--comments", str(number), "--seed", str(seed), *(f"--bodies={markup}" for markup in markups)]
        cost_of([[sys.executable, "-m", "benchmarks.made_up", name, *options]], REPOSITORY)
        out = folder / "comments.db"
        measured: dict[str, list[Measured]] = {}
        for _ in range(runs):
            for way, commands in ways(folder, out, bodies).items():
                cost = cost_of(commands, REPOSITORY)
                require_comments(out, way, number)
                measured.setdefault(way, []).append(Measured(cost, out.stat().st_size))
                out.unlink()
    return measured


def ways(folder: Path, out: Path, bodies: Sequence[Markup]) -> dict[str, Commands]:
    """Give the commands of each way."""
    ours = {
        f"build_db.py, {markup}": [
            [sys.executable, "build_db.py", str(folder / f"{markup}.jsonl"), "-o", str(out), "--quiet"]
        ]
        for markup in bodies
    }
    floor = [[sys.executable, "-m", "benchmarks.floor", str(folder / "ready.jsonl"), str(out)]]
    return {PIPELINE: pipeline(folder / "plain.jsonl", out), FLOOR: floor, **ours}


def pipeline(dump: Path, out: Path) -> Commands:
    """Give the commands of sqlite-utils that make a searchable database with keys of a dump."""
    words = (
        ("insert", "{out}", "comments", "{dump}", "--nl", "--pk", "id"),
        ("extract", "{out}", "comments", "author", "--table", "authors", "--fk-column", "author_id"),
        ("extract", "{out}", "comments", "post_id", "post_title", "--table", "posts", "--fk-column", "post"),
        ("add-foreign-key", "{out}", "comments", "parent_id", "comments", "id"),
        ("create-index", "{out}", "comments", "author_id"),
        ("create-index", "{out}", "comments", "post"),
        ("create-index", "{out}", "comments", "parent_id"),
        ("enable-fts", "{out}", "comments", "body", "--fts5", "--tokenize", "porter"),
    )
    return [
        [sys.executable, "-m", "sqlite_utils", *(word.format(out=out, dump=dump) for word in command)]
        for command in words
    ]


def require_room(folder: Path, number: int) -> None:
    """Raise ClickException unless the disk has room for a run."""
    free, needed = shutil.disk_usage(folder).free, number * DISK_BYTES
    if free < needed:
        what = (
            f"{needed / 1e9:.1f} GB free for {number} comments, found {free / 1e9:.1f} GB; TMPDIR names another folder"
        )
        raise click.ClickException(f"{folder.parent}: expected {what}")


def require_comments(out: Path, way: str, number: int) -> None:
    """Raise ClickException unless a way stored every comment: only then its time means anything."""
    with closing(sqlite3.connect(out)) as connection:
        (count,) = connection.execute(COUNTS.get(way, OURS_COUNT)).fetchone()
    if count != number:
        raise click.ClickException(f"{way} stored {count} comments of {number}")


def line(number: int, way: str, costs: Sequence[Measured], runs: Runs) -> str:
    """Give a line of the table."""
    cells = [
        spread([m.cost.wall for m in costs], 1),
        spread([m.cost.cpu for m in costs], 1),
        f"{max(m.cost.peak for m in costs) / 1e6:.0f}",
        f"{costs[0].size / 1e6:.0f}",
        spread([m.cost.wall / rival.cost.wall for m, rival in zip(costs, runs[PIPELINE], strict=True)], 2),
        spread([m.cost.wall / rival.cost.wall for m, rival in zip(costs, runs[FLOOR], strict=True)], 2),
    ]
    return f"| {number:,} | {way} | {' | '.join(cells)} |"


def spread(values: Sequence[float], digits: int) -> str:
    """Give the median, and the least and the most where they differ."""
    least, middle, most = (f"{value:.{digits}f}" for value in (min(values), median(values), max(values)))
    return middle if least == most else f"{middle} ({least}–{most})"


def growth(way: str, walls: Mapping[int, float]) -> str:
    """Say how the time per comment grows with the number of comments."""
    per_comment = {number: 1e6 * wall / number for number, wall in sorted(walls.items())}
    return f"{way}: " + ", ".join(f"{each:.0f} µs a comment at {number:,}" for number, each in per_comment.items())


if __name__ == "__main__":
    main()
