"""The counts beside a database are those that Datasette itself would write, and never those of another file."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from datasette.app import Datasette
from datasette.cli import inspect_
from sample_database import sample_rows

from forum_comments.database import write_database
from forum_comments.errors import OutputError
from forum_comments.inspection import INSPECT_FILE, described

Entries = dict[str, Any]


def entries_in(folder: Path) -> Entries:
    entries: Entries = json.loads((folder / INSPECT_FILE).read_bytes())
    return entries


def by_datasette(*databases: Path) -> Entries:
    """Give what `datasette inspect` writes when it is called in the folder of the databases."""
    entries: Entries = asyncio.run(inspect_([str(path) for path in databases], []))
    return {name: {**entry, "file": Path(entry["file"]).name} for name, entry in entries.items()}


def test_a_build_writes_what_datasette_inspect_would(tmp_path: Path) -> None:
    write_database(tmp_path / "comments.db", sample_rows())
    write_database(tmp_path / "other.db", sample_rows(20))
    write_database(tmp_path / "comments.db", sample_rows(7))
    found = entries_in(tmp_path)
    assert found == by_datasette(tmp_path / "comments.db", tmp_path / "other.db")
    assert found["comments"]["tables"]["comments"] == {"count": 7}
    assert found["comments"]["tables"]["comments_fts"] == {"count": 7}


def test_datasette_serves_the_folder_of_a_build_as_immutable(tmp_path: Path) -> None:
    write_database(tmp_path / "comments.db", sample_rows())
    database = Datasette([], config_dir=tmp_path).get_database("comments")
    assert not database.is_mutable
    assert database.hash == entries_in(tmp_path)["comments"]["hash"]


def test_while_a_database_is_replaced_nothing_is_said_about_it(tmp_path: Path) -> None:
    write_database(tmp_path / "comments.db", sample_rows())
    with described(tmp_path / "comments.db", {"size": 1}):
        assert not (tmp_path / INSPECT_FILE).exists()
    assert entries_in(tmp_path) == {"comments": {"size": 1}}
    write_database(tmp_path / "other.db", sample_rows())
    with described(tmp_path / "comments.db", {"size": 2}):
        assert list(entries_in(tmp_path)) == ["other"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["comments.db", INSPECT_FILE, "other.db"]


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_where_replacing_fails_the_old_counts_come_back(tmp_path: Path, error: BaseException) -> None:
    write_database(tmp_path / "comments.db", sample_rows())
    before = (tmp_path / INSPECT_FILE).read_bytes()
    with suppress(type(error)), described(tmp_path / "comments.db", {"size": 1}):
        raise error
    assert (tmp_path / INSPECT_FILE).read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["comments.db", INSPECT_FILE]


def make_text(file: Path) -> None:
    file.write_text("not JSON")


def make_list(file: Path) -> None:
    file.write_text("[]")


@pytest.mark.parametrize(
    ("make", "what"),
    [
        (make_text, "is not what `datasette inspect` writes; move it away and build again"),
        (make_list, "is not what `datasette inspect` writes; move it away and build again"),
        (Path.mkdir, "cannot be written: Is a directory"),
    ],
)
def test_something_else_of_that_name_stops_the_build_before_the_database_is_moved(
    tmp_path: Path, make: Callable[[Path], None], what: str
) -> None:
    write_database(tmp_path / "comments.db", sample_rows())
    before = (tmp_path / "comments.db").read_bytes()
    (tmp_path / INSPECT_FILE).unlink()
    make(tmp_path / INSPECT_FILE)
    with pytest.raises(OutputError) as raised:
        write_database(tmp_path / "comments.db", sample_rows(20))
    assert str(raised.value) == f"{tmp_path / INSPECT_FILE}: {what}"
    assert (tmp_path / "comments.db").read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["comments.db", INSPECT_FILE]
