"""A short attack: ordinary pages are answered all the while, and the server keeps nothing of it."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from making import SEEDS

from benchmarks.abuse import main
from build_db import build
from forum_comments.serving.sqlite_limits import HARD_HEAP_BYTES

SECONDS = 2.0
MOST_MILLISECONDS = 5_000  # of the 95th percentile on whatever runs this; the README has the figure of a quiet machine
# Between two attacks: the allocator may keep what SQLite was once given, which is bounded for the whole process.
MOST_MEGABYTES = HARD_HEAP_BYTES / 1e6


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="what a process holds is read from /proc")
@pytest.mark.slow
def test_a_short_attack_leaves_pages_answered_and_nothing_behind(tmp_path: Path) -> None:
    build([SEEDS], tmp_path / "comments.db", [])
    arguments = [str(tmp_path / "comments.db"), "--clients", "12", "--seconds", str(SECONDS)]
    result = CliRunner().invoke(main, arguments, catch_exceptions=False)
    assert result.exit_code == 0
    (cells,) = re.findall(r"^\| under attack \| (.*) \|$", result.output, re.MULTILINE)
    answers, percentile, _, failed = (int(cell) for cell in cells.split(" | "))
    assert answers > 0
    assert failed == 0
    assert percentile < MOST_MILLISECONDS
    (statuses,) = re.findall(r"^Bad queries answered: (.*)\.$", result.output, re.MULTILINE)
    assert set(re.findall(r"with (\d+)", statuses)) <= {"200", "400", "503"}
    held = {what: (int(before), int(after)) for what, before, after in re.findall(HELD, result.output, re.MULTILINE)}
    assert held["threads"][1] <= held["threads"][0] + 4  # a pool starts a thread when it first needs one
    assert held["open files"][1] <= held["open files"][0] + 4
    assert held["memory, MB"][1] <= held["memory, MB"][0] + MOST_MEGABYTES


HELD = r"^\| (memory, MB|threads|open files) \| (\d+) \| (\d+) \|$"
