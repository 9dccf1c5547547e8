"""The benchmarks run, and measure what they say: here on very few comments."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import click
import pytest

from benchmarks.build import FLOOR, PIPELINE, REPOSITORY, require_comments, require_room, spread, ways
from benchmarks.made_up import MARKUPS, MadeUp, Part, body, made_up_comments, write_files
from benchmarks.processes import cost_of

PARTS = [
    Part("quotation", ("baba beba.",)),
    Part("paragraph", ("biba boba.",)),
    Part("list", ("buba.", "daba.")),
    Part("link", ("deba.", "https://diba.example/doba")),
]


@pytest.fixture(scope="module")
def comments() -> list[MadeUp]:
    return list(made_up_comments(3000, seed=1))


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("files")
    write_files(folder, made_up_comments(100, seed=1), MARKUPS)
    return folder


def test_the_same_seed_gives_the_same_comments_and_another_gives_others(comments: list[MadeUp]) -> None:
    assert list(made_up_comments(3000, seed=1)) == comments
    assert list(made_up_comments(3000, seed=2)) != comments


def test_threads_are_as_deep_and_as_broken_as_real_ones(comments: list[MadeUp]) -> None:
    depths: dict[str, int] = {}
    for comment in comments:
        depths[comment.id] = depths.get(comment.parent_id or "", -1) + 1
    missing = [c for c in comments if c.parent_id is not None and c.parent_id not in depths]
    assert len(depths) == 3000
    assert {len(comment.id) for comment in comments} == {17}
    assert max(depths.values()) >= 8
    assert 0.25 < sum(comment.parent_id is None for comment in comments) / 3000 < 0.45
    assert 5 <= len(missing) <= 60


def test_a_few_authors_write_most_and_the_commonest_word_is_in_most_comments(comments: list[MadeUp]) -> None:
    authors = [comment.author for comment in comments]
    assert authors.count("Baba Fadi") > 10 * authors.count("Meba Pumu")
    texts = [body(comment.parts, "plain") for comment in comments]
    assert sum("baba" in text for text in texts) > 2000
    assert 500 < sum(map(len, texts)) / 3000 < 750


def test_a_body_is_written_in_each_markup() -> None:
    assert [body(PARTS, markup) for markup in MARKUPS] == [
        "> baba beba.\n\nbiba boba.\n\n- buba.\n- daba.\n\ndeba. https://diba.example/doba",
        "<blockquote><p>baba beba.</p></blockquote>\n<p>biba boba.</p>\n<ul><li>buba.</li><li>daba.</li></ul>\n"
        '<p>deba. <a href="https://diba.example/doba">there</a></p>',
        "> baba beba.\n\nbiba boba.\n\n- buba.\n- daba.\n\ndeba. [there](https://diba.example/doba)",
    ]


@pytest.mark.parametrize("way", [PIPELINE, FLOOR, "build_db.py, plain", "build_db.py, html", "build_db.py, markdown"])
def test_every_way_stores_every_comment_with_its_author_and_finds_its_words(
    files: Path, tmp_path: Path, way: str
) -> None:
    out = tmp_path / "out.db"
    cost = cost_of(ways(files, out, MARKUPS)[way], REPOSITORY)
    require_comments(out, way, 100)
    assert cost.cpu > 0
    assert cost.wall > 0
    assert cost.peak > 5_000_000
    rows = [json.loads(line) for line in (files / "ready.jsonl").read_text().splitlines()]
    with closing(sqlite3.connect(out)) as connection:
        authors = {name for (name,) in connection.execute(f"select {author_column(way)} from authors")}
        (found,) = connection.execute(
            "select count(*) from comments_fts where comments_fts match 'body: baba'"
        ).fetchone()
    assert authors == {row["author"] for row in rows}
    assert found == sum("baba" in row["body"].replace(".", " ").split() for row in rows)


def author_column(way: str) -> str:
    return "author" if way == PIPELINE else "name"


def test_a_way_that_loses_comments_is_not_measured(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "out.db")) as connection:
        connection.execute("create table comments (id)")
    with pytest.raises(click.ClickException, match="SQLite alone stored 0 comments of 100"):
        require_comments(tmp_path / "out.db", FLOOR, 100)


def test_a_full_disk_is_found_before_anything_is_written(tmp_path: Path) -> None:
    with pytest.raises(click.ClickException, match=r"expected 12000000000\.0 GB free for 1000000000000000 comments"):
        require_room(tmp_path, 10**15)


def test_a_command_that_fails_is_named_with_what_it_said(tmp_path: Path) -> None:
    with pytest.raises(click.ClickException, match="ended with 3:\nno such thing"):
        cost_of([[sys.executable, "-c", "import sys; print('no such thing'); sys.exit(3)"]], tmp_path)


# The kernel counts what the process that starts a command holds: a small one has to, not that of all tests.
# What holds memory says so by a file, and holds it until it has been looked at, however long that takes.
MEASURE = """
import sys
from pathlib import Path
from benchmarks import processes

folder, holding, family = Path(sys.argv[2]), set(), processes._family

def family_looked_at(process):
    for name in holding:  # since before the last look
        (folder / name).with_suffix(".seen").touch()
    holding.update(path.name for path in folder.glob("*.holds"))
    return family(process)

processes._family = family_looked_at
print(processes.cost_of([[sys.executable, "-c", sys.argv[1]]], folder).peak)
"""
HOLD = """
import pathlib, time
held = b'x' * 60_000_000
pathlib.Path('{name}.holds').touch()
while not pathlib.Path('{name}.seen').exists():
    time.sleep(0.01)
"""


def peak_of(program: str, folder: Path) -> int:
    command = [sys.executable, "-c", MEASURE, program, str(folder)]
    return int(subprocess.run(command, cwd=REPOSITORY, capture_output=True, check=True, text=True, timeout=120).stdout)


@pytest.mark.skipif(not Path("/proc/self/smaps_rollup").exists(), reason="only Linux shows the memory of a process")
def test_memory_is_that_of_a_command_and_its_children_together(tmp_path: Path) -> None:
    child = f"{HOLD.format(name='child')}print(flush=True); input()"
    start = "import subprocess, sys; pipes = {'stdin': subprocess.PIPE, 'stdout': subprocess.PIPE}\n"
    start += f"c = subprocess.Popen([sys.executable, '-c', {child!r}], **pipes); c.stdout.readline()\n"
    end = "c.communicate(b'\\n')\n"
    hold = HOLD.format(name="parent")
    (tmp_path / "apart").mkdir()
    one_after_the_other = peak_of(start + end + hold, tmp_path / "apart")
    together = peak_of(start + hold + end, tmp_path)
    assert 60e6 < one_after_the_other < 110e6
    assert 120e6 < together < 170e6


def test_a_spread_is_the_median_between_the_least_and_the_most() -> None:
    assert [spread([3.0, 1.0, 2.0], 1), spread([1.04, 0.96], 1)] == ["2.0 (1.0–3.0)", "1.0"]
