"""Facets are counted once where the database cannot change, and each time where it can."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from conftest import SITE, site_of
from datasette.app import Datasette

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


async def test_facets_of_a_database_that_may_change_are_counted_each_time(database: Path, counted: list[str]) -> None:
    site = Datasette([str(database)], plugins_dir=str(SITE / "plugins"))
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
