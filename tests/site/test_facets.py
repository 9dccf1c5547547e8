"""Facets are counted once where the database cannot change, and each time where it can."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from conftest import PATIENCE, SITE, lay_out, site_of
from datasette.app import Datasette
from datasette.database import QueryInterrupted
from sample_database import row, sample_rows

from forum_comments.database import write_database
from forum_comments.inspection import FACETS, INSPECT_FILE
from forum_comments.serving import facets

TABLE = "/comments/comments.json?_facet=author_basis&_facet=source&_extra=facet_results"


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Give the statements that count a facet, as they are executed."""
    statements: list[str] = []
    execute = Datasette.execute

    async def executed(self: Datasette, database: str, sql: str, *given: Any, **named: Any) -> Any:
        if "as count from" in sql:
            statements.append(sql)
        return await execute(self, database, sql, *given, **named)

    monkeypatch.setattr(Datasette, "execute", executed)
    return statements


async def facets_of(site: Datasette, path: str) -> Any:
    results = (await site.client.get(path)).json()["facet_results"]
    return results.get("results", results)


async def test_facets_of_an_immutable_database_are_counted_once(database: Path, counted: list[str]) -> None:
    site = site_of(database)
    first = await facets_of(site, TABLE)
    often = len(counted)
    assert often >= 2
    assert await facets_of(site, TABLE) == first
    assert len(counted) == often
    cut = await facets_of(site, f"{TABLE}&is_truncated=1")
    assert len(counted) > often
    values = {facet["value"]: facet["count"] for facet in first["author_basis"]["results"]}
    values_of_cut = {facet["value"]: facet["count"] for facet in cut["author_basis"]["results"]}
    assert sum(values.values()) == 70
    assert sum(values_of_cut.values()) == 14


async def test_facets_of_a_whole_table_are_those_that_the_build_has_counted(
    database: Path, tmp_path: Path, counted: list[str]
) -> None:
    shutil.copy(database.with_name(INSPECT_FILE), tmp_path)
    site = Datasette([], config_dir=lay_out(database, tmp_path, **PATIENCE))
    for table, columns in FACETS.items():
        path = f"/comments/{table}.json?_extra=facet_results"
        found = await facets_of(site, path)
        assert counted == []
        assert found == await facets_of(site_of(database), path)
        assert sorted(found) == sorted(columns)
        assert len(counted) == len(columns)
        counted.clear()


@pytest.mark.parametrize(
    ("query", "comments", "often"),
    [
        ("_facet_size=max", 70, 0),  # the build has counted all values that there are
        ("_sort=karma&_col=body", 70, 0),
        ("_facet=post_id", 70, 1),
        ("is_truncated=1", 14, 4),
        ("_search=model", 28, 4),
        ("_where=word_count%3E50", 56, 4),
    ],
)
async def test_facets_of_a_part_of_a_table_and_further_ones_are_counted_when_they_are_asked_for(
    database: Path, tmp_path: Path, counted: list[str], query: str, comments: int, often: int
) -> None:
    shutil.copy(database.with_name(INSPECT_FILE), tmp_path)
    site = Datasette([], config_dir=lay_out(database, tmp_path, **PATIENCE))
    path = f"/comments/comments.json?_extra=facet_results&{query}"
    found = await facets_of(site, path)
    assert len(counted) == often
    assert sum(value["count"] for value in found["author_basis"]["results"]) == comments
    assert found == await facets_of(site_of(database), path)


@pytest.mark.parametrize(
    ("sql", "matches"),
    [
        ("select [kind] as value, count(*) as count from ( {} ) where [kind] is not null group by [kind]", True),
        ("select kind as value, count(*) as count from ( {} ) where id is not null group by kind", False),
    ],
)
@pytest.mark.parametrize(
    ("table", "is_whole"),
    [
        ("select id, [kind] from problems", True),
        ("select rowid from [problems]", True),
        ("select id, kind from problems where kind = :p0", False),
        ("select id, kind from problems where 1", False),
        ("select id, kind from problems where 1 union select id, kind from problems", False),
        ("select id, kind from problems union select id, kind from problems", False),
        ("select id, kind from problems, authors", False),
    ],
)
def test_only_what_counts_a_whole_table_is_taken_for_that(sql: str, matches: bool, table: str, is_whole: bool) -> None:
    statement = f"{sql.format(table)} order by count desc, value limit 16"
    assert bool(facets.COUNT_OF_A_TABLE.fullmatch(statement)) == (matches and is_whole)


async def test_more_values_than_the_build_has_counted_are_counted_when_they_are_asked_for(
    tmp_path: Path, counted: list[str]
) -> None:
    (tmp_path / "served").mkdir()
    links = [row("links", comment_id="p-1", position=n, url="x", host=f"{n}.example") for n in range(50)]
    write_database(tmp_path / "comments.db", {**sample_rows(), "links": links})
    shutil.copy(tmp_path / INSPECT_FILE, tmp_path / "served")
    site = Datasette([], config_dir=lay_out(tmp_path / "comments.db", tmp_path / "served", **PATIENCE))
    path = "/comments/links.json?_extra=facet_results&_facet_size="
    for size, often in ((30, 0), (31, 1), (40, 2)):
        found = await facets_of(site, f"{path}{size}")
        assert (len(found["host"]["results"]), found["host"]["truncated"], len(counted)) == (size, True, often)


@pytest.mark.parametrize(
    ("query", "names", "tried"),
    [
        ("_search=model", ["author_basis", "author_id", "is_truncated", "source"], 1),
        ("_facet=age&_facet=post_id", ["age", "post_id"], 2),  # of a whole table one may be slow and the next not
    ],
)
async def test_where_one_facet_of_a_part_takes_too_long_the_others_are_not_tried(
    database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, query: str, names: list[str], tried: int
) -> None:
    shutil.copy(database.with_name(INSPECT_FILE), tmp_path)
    execute, statements = Datasette.execute, []

    async def interrupted(self: Datasette, database: str, sql: str, *given: Any, **named: Any) -> Any:
        if "as count from" not in sql:
            return await execute(self, database, sql, *given, **named)
        statements.append(sql)
        raise QueryInterrupted("interrupted", sql, {})

    monkeypatch.setattr(Datasette, "execute", interrupted)
    site = Datasette([], config_dir=lay_out(database, tmp_path, **PATIENCE))
    page = (await site.client.get(f"/comments/comments?{query}")).text
    timed_out = re.search(r"These facets timed out: ([\w, ]+)", page)
    assert timed_out is not None
    assert sorted(timed_out[1].split(", ")) == names
    assert len(statements) == tried


async def test_a_suggestion_that_takes_too_long_takes_no_facet_away(
    database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    execute, suggestions = Datasette.execute, []

    async def interrupted(self: Datasette, database: str, sql: str, *given: Any, **named: Any) -> Any:
        if "count(*) as n from" not in sql:
            return await execute(self, database, sql, *given, **named)
        suggestions.append(sql)
        raise QueryInterrupted("interrupted", sql, {})

    monkeypatch.setattr(Datasette, "execute", interrupted)
    path = "/comments/comments.json?_extra=facet_results,suggested_facets&_search=model"
    found = await facets_of(site_of(database, suggest_facets=True), path)
    assert sorted(found) == ["author_basis", "author_id", "is_truncated", "source"]
    assert len(suggestions) > 1  # nor other suggestions


async def test_facets_of_a_database_that_may_change_are_counted_each_time(database: Path, counted: list[str]) -> None:
    site = Datasette([str(database)], plugins_dir=str(SITE / "plugins"), settings=PATIENCE)
    first = await facets_of(site, TABLE)
    often = len(counted)
    assert await facets_of(site, TABLE) == first
    assert len(counted) == 2 * often


async def test_no_more_counts_are_kept_than_are_bounded(
    database: Path, counted: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(facets, "MOST_COUNTS", 3)
    site = site_of(database)
    for number in range(5):
        await facets_of(site, f"{TABLE}&word_count__gt={number}")
    assert len(facets._kept[site]) == 3
    monkeypatch.setattr(facets, "MOST_CHARACTERS", 0)
    kept = dict(facets._kept[site])
    await facets_of(site, f"{TABLE}&word_count__gt=9")
    assert facets._kept[site] == kept


async def test_what_was_not_asked_for_longest_is_dropped_first(
    database: Path, counted: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(facets, "MOST_COUNTS", 8)  # of two pages
    site = site_of(database)
    often = []
    for number in (1, 2, 1, 3, 1, 2):
        counted.clear()
        await facets_of(site, f"{TABLE}&word_count__gt={number}")
        often.append(len(counted))
    assert often == [4, 4, 0, 4, 0, 4]


async def test_databases_that_have_the_same_tables_have_counts_of_their_own(database: Path, tmp_path: Path) -> None:
    write_database(tmp_path / "other.db", sample_rows(5))
    both = [str(database), str(tmp_path / "other.db")]
    site = Datasette([], immutables=both, plugins_dir=str(SITE / "plugins"), settings=PATIENCE)
    path = "comments.json?_facet=is_truncated&_extra=facet_results"
    found = [await facets_of(site, f"/{name}/{path}") for name in ("comments", "other")]
    counts = [sum(value["count"] for value in facet["is_truncated"]["results"]) for facet in found]
    assert counts == [70, 5]
