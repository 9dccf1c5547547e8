"""Sends bad queries to the served site while others read it: `python -m benchmarks.abuse [comments.db]`.

The site is a server of its own on this machine and nowhere else. So many clients send queries that want time, memory
or room without end; a few readers ask for ordinary pages all the while. What the server holds is looked at after a
first, shorter attack, and again after the second: what it keeps from one to the next would leak.
Linux only: it reads /proc.
"""

from __future__ import annotations

import json
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import quantiles
from typing import NamedTuple
from urllib.parse import quote_plus

import click

from benchmarks.machine import machine
from benchmarks.servers import Answer, ask, datasette
from benchmarks.serving import OUR_FILES, REPOSITORY, count, examples, made_up_database

COMMENTS = 100_000
BAD_CLIENTS, SECONDS, READERS = 50, 20.0, 4
# Queries whose clients are gone run to their time limit of a second; then their memory is given back.
REST_SECONDS = 3.0
FIRST_ATTACK = 0.25  # of the seconds of the second
MOST_REQUESTS = 1_000_000  # of all clients: the seconds end an attack, not this
SECONDS_TO_SETTLE = 1.5
EVER = "with recursive c(x) as (select 1 union all select x + 1 from c)"
BAD_QUERIES = (
    f"{EVER} select count(*) from c",
    "select count(*) from comments a, comments b, comments c where a.body || b.id || c.id like '%x%y%z%'",
    "select randomblob(1e9)",
    "select zeroblob(1000000000)",
    "select printf('%.*c', 1000000000, 'x')",
    f"{EVER} select group_concat(x) from c",
    f"{EVER} select json_group_array(hex(zeroblob(1000))) from c",
    f"{EVER} select hex(zeroblob(400000)) from c limit 1000",
    f"{EVER} select {', '.join(['x'] * 39)} from c limit 1000",
    f"{EVER} select x from c order by random()",
    "select instr(x, x || 'b') from (select replace(hex(zeroblob(400000)), '0', 'a') as x)",
    "select body from comments where body like '%a%e%i%o%u%' order by random() limit 1000",
)
BAD_PATHS = (
    *(f"/comments?sql={quote_plus(query)}" for query in BAD_QUERIES),
    *(f"/comments.json?sql={quote_plus(query)}" for query in BAD_QUERIES),
    "/comments/comments?body__like=%25a%25e%25i%25o%25&_sort=body",
    "/comments/comments?_facet=body&_facet=title&_facet=opening_key&_facet=own_text",
    "/comments/comments.csv?_stream=1&_sort_desc=body",
    "/comments?sql=/**/" + "+" * 15_000 + "x",
)


class Held(NamedTuple):
    """What a process holds: bytes of memory, threads, open files."""

    memory: int
    threads: int
    files: int


class Attack(NamedTuple):
    """How readers fared during an attack, and how many bad queries were answered with which status."""

    readers: list[Answer]
    statuses: Counter[int]


@click.command()
@click.argument("database", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--comments", type=click.IntRange(100), default=COMMENTS, show_default=True, help="Without DATABASE.")
@click.option(
    "--clients", type=click.IntRange(1, 500), default=BAD_CLIENTS, show_default=True, help="That send bad queries."
)
@click.option("--seconds", type=click.FloatRange(0.5, 600), default=SECONDS, show_default=True)
def main(database: Path | None, comments: int, clients: int, seconds: float) -> None:
    """Print how readers of DATABASE fare, or of an archive of made-up comments, and what the server keeps."""
    with tempfile.TemporaryDirectory(prefix="abuse-") as name:
        folder = Path(name) / "site"
        folder.mkdir()
        database = made_up_database(Path(name), comments) if database is None else database.resolve()
        (folder / "comments.db").symlink_to(database)
        for file in OUR_FILES:
            (folder / file).symlink_to(REPOSITORY / file)
        arguments = [
            "-i",
            "comments.db",
            "-m",
            "metadata.yml",
            "--plugins-dir",
            "plugins",
            "--template-dir",
            "templates",
        ]
        arguments += ["--static", "static:static", *settings(folder / "settings.json")]
        pages = ordinary_pages(database)
        click.echo(
            f"{machine()}; {count(database):,} comments; {clients} clients with bad queries, {seconds:g} seconds\n"
        )
        with datasette(arguments, {}, folder) as port:
            attack(port, pages, clients, seconds * FIRST_ATTACK)
            before = held_by(port)
            quiet = ask(port, pages, READERS, READERS * len(pages), seconds)
            found = attack(port, pages, clients, seconds)
            after = held_by(port)
        report(quiet, found, before, after)


def settings(path: Path) -> list[str]:
    """The settings of a file as options of a command; a folder is not served, since its files are links here."""
    found: dict[str, object] = json.loads(path.read_text(encoding="utf-8"))
    return [word for name, value in found.items() for word in ("--setting", name, json.dumps(value))]


def ordinary_pages(database: Path) -> list[str]:
    """Addresses of what readers read."""
    found = examples(database)
    kinds = {
        "comment": "/comments/comments/{}",
        "thread": "/-/thread/{}",
        "author": "/-/author/{}",
        "rare": "/-/find?q={}",
    }
    pages = [address.format(value) for kind, address in kinds.items() for value in found[kind][:5]]
    return ["/", "/comments/comments", "/static/site.css", *pages]


def attack(port: int, pages: Sequence[str], clients: int, seconds: float) -> Attack:
    """Attack for so many seconds, wait until the server rests, and give how it went."""
    with ThreadPoolExecutor(2) as pool:
        bad = pool.submit(ask, port, BAD_PATHS, clients, MOST_REQUESTS, seconds)
        readers = pool.submit(ask, port, pages, READERS, MOST_REQUESTS, seconds)
        found = Attack(readers.result(), Counter(answer.status for answer in bad.result()))
    time.sleep(SECONDS_TO_SETTLE)
    return found


def held_by(port: int) -> Held:
    """What the process holds that listens at a port of this machine, when it is at rest again."""
    time.sleep(REST_SECONDS)
    process = Path("/proc") / str(listener(port))
    status = dict(line.split(":", 1) for line in (process / "status").read_text().splitlines())
    memory = int(status["VmRSS"].split()[0]) * 1024
    return Held(memory, int(status["Threads"]), len(list((process / "fd").iterdir())))


def listener(port: int) -> int:
    """The id of that process, which is one of this program's children."""
    for task in Path("/proc/self/task").iterdir():
        for child in (task / "children").read_text().split():
            if str(port) in (Path("/proc") / child / "cmdline").read_text().split("\0"):
                return int(child)
    raise click.ClickException(f"no child of this process listens at port {port}")


def percentile_95(answers: Sequence[Answer]) -> float:
    """The 95th percentile of milliseconds."""
    times = [answer.milliseconds for answer in answers]
    return quantiles(times, n=20, method="inclusive")[18] if len(times) > 1 else times[0]


def report(quiet: Sequence[Answer], found: Attack, before: Held, after: Held) -> None:
    """Print the figures as tables of Markdown."""
    click.echo("| ordinary pages | answers | 95 %, ms | slowest, ms | not answered |\n| --- | --- | --- | --- | --- |")
    for name, answers in (("nobody else asks", quiet), ("under attack", found.readers)):
        slowest = max(answer.milliseconds for answer in answers)
        failed = sum(answer.status != 200 for answer in answers)
        click.echo(f"| {name} | {len(answers)} | {percentile_95(answers):.0f} | {slowest:.0f} | {failed} |")
    statuses = ", ".join(f"{number:,} with {status}" for status, number in sorted(found.statuses.items()))
    click.echo(f"\nBad queries answered: {statuses}.\n")
    click.echo("| the server holds | after a first attack | after the second |\n| --- | --- | --- |")
    click.echo(f"| memory, MB | {before.memory / 1e6:.0f} | {after.memory / 1e6:.0f} |")
    click.echo(f"| threads | {before.threads} | {after.threads} |\n| open files | {before.files} | {after.files} |")


if __name__ == "__main__":
    main()
