"""The counts beside a database are those that Datasette itself would write, and never those of another file."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pytest
import yaml
from datasette.app import Datasette
from datasette.cli import inspect_
from sample_database import row, sample_rows

from forum_comments.database import write_database
from forum_comments.errors import OutputError
from forum_comments.inspection import FACETS, INSPECT_FILE, described, inspection

Entries = dict[str, Any]


def entries_in(folder: Path) -> Entries:
    entries: Entries = json.loads((folder / INSPECT_FILE).read_bytes())
    return entries


def by_datasette(*databases: Path) -> Entries:
    """Give what `datasette inspect` writes when it is called in the folder of the databases."""
    entries: Entries = asyncio.run(inspect_([str(path) for path in databases], []))
    return {name: {**entry, "file": Path(entry["file"]).name} for name, entry in entries.items()}


def without_facets(entries: Entries) -> Entries:
    return {name: {key: entry[key] for key in entry if key != "facets"} for name, entry in entries.items()}


def test_a_build_writes_what_datasette_inspect_would(tmp_path: Path) -> None:
    write_database(tmp_path / "comments.db", sample_rows())
    write_database(tmp_path / "other.db", sample_rows(20))
    write_database(tmp_path / "comments.db", sample_rows(7))
    found = entries_in(tmp_path)
    assert without_facets(found) == by_datasette(tmp_path / "comments.db", tmp_path / "other.db")
    assert found["comments"]["tables"]["comments"] == {"count": 7}
    assert found["comments"]["tables"]["comments_fts"] == {"count": 7}


def test_a_build_counts_the_facets_that_stand_beside_a_whole_table(tmp_path: Path) -> None:
    rows = sample_rows()
    hosts = [*(f"{number:02}.example" for number in range(40)), "39.example", "38.example", "39.example", None]
    rows["links"] = [
        row("links", comment_id="p-1", position=position, url="https://example.org", host=host)
        for position, host in enumerate(hosts, 1)
    ]
    write_database(tmp_path / "comments.db", rows)
    facets = entries_in(tmp_path)["comments"]["facets"]
    assert {table: tuple(columns) for table, columns in facets.items()} == FACETS
    assert facets["comments"] == {
        "author_id": [["ann", 3]],
        "is_truncated": [[0, 3]],
        "author_basis": [["header", 3]],
        "source": [["page", 3]],
    }
    once = [[f"{number:02}.example", 1] for number in range(29)]
    assert facets["links"]["host"] == [["39.example", 3], ["38.example", 2], *once]
    assert facets["documents"] == {"format": [], "owner_id": []}


def test_the_facets_that_a_build_counts_are_those_of_the_metadata() -> None:
    metadata = yaml.safe_load((Path(__file__).parents[1] / "metadata.yml").read_text(encoding="utf-8"))
    tables = metadata["databases"]["comments"]["tables"]
    assert {table: tuple(tables[table]["facets"]) for table in tables if "facets" in tables[table]} == FACETS


def test_a_database_without_the_tables_of_a_build_has_no_facets(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("create table comments (id, source)")
        connection.execute("insert into comments values (1, 'lw'), (2, 'hn'), (3, 'lw'), (4, null)")
        connection.commit()
    assert inspection(path, path, {})["facets"] == {"comments": {"source": [("lw", 2), ("hn", 1)]}}


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
