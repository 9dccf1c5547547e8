"""What a build puts aside comes back as it was, and a disk that does not take it is an error that names the folder."""

from __future__ import annotations

import resource
import sqlite3
from contextlib import closing, suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forum_comments.errors import OutputError
from forum_comments.temporary import Aside, sqlite_files_in


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(pieces=st.lists(st.binary(max_size=9), max_size=9), asked=st.lists(st.integers(0, 8)))
def test_every_piece_comes_back_in_any_order(tmp_path: Path, pieces: list[bytes], asked: list[int]) -> None:
    with closing(Aside(tmp_path)) as aside:
        assert [aside.append(piece) for piece in pieces] == list(range(len(pieces)))
        numbers = [number for number in asked if number < len(pieces)]
        assert [aside[number] for number in numbers] == [pieces[number] for number in numbers]
        assert len(aside) == len(pieces)
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_is_an_error_that_names_the_folder(tmp_path: Path) -> None:
    aside = Aside(tmp_path)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, before[1]))
    try:
        with pytest.raises(OutputError) as raised:
            aside.append(b"x" * 2000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    what = "what is put aside there for the build cannot be kept: File too large"
    assert str(raised.value) == f"{tmp_path}: {what}"
    aside.append(b"")
    aside.close()


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="this system does not show which files are open")
def test_what_sqlite_sorts_lies_in_the_folder_without_a_name(tmp_path: Path) -> None:
    folder = tmp_path / "it's"
    folder.mkdir()
    numbers = "with recursive n(x) as (select 1 union all select x + 1 from n limit 100000) select x, hex(x) y from n"
    for open_files in (1, 0):
        with closing(sqlite3.connect(":memory:")) as connection, sqlite_files_in(folder if open_files else tmp_path):
            connection.execute("pragma temp_store = file")
            connection.execute("pragma cache_size = 10")
            connection.execute(f"create temporary table sorted as {numbers} order by y")
            assert len(unnamed_files(folder)) == open_files
            assert list(folder.iterdir()) == []


def unnamed_files(folder: Path) -> list[str]:
    targets = []
    for link in Path("/proc/self/fd").iterdir():
        with suppress(FileNotFoundError):  # closed since, as this very list is
            targets.append(str(link.readlink()))
    return [target for target in targets if target.startswith(f"{folder}/") and target.endswith(" (deleted)")]


def test_a_folder_whose_name_is_no_utf_8_is_no_error(tmp_path: Path) -> None:
    with sqlite_files_in(tmp_path / "\udcff"), closing(sqlite3.connect(":memory:")) as connection:
        assert connection.execute("pragma temp_store_directory").fetchall() in ([], [("",)])
