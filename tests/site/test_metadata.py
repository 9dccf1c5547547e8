"""metadata.yml and the real schema describe the same database."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from conftest import METADATA

from forum_comments.schema import TABLES, VIEWS

DESCRIBED = METADATA["databases"]["comments"]["tables"]
QUERIES = METADATA["databases"]["comments"]["queries"]
NAMES = [*TABLES, *VIEWS]


def columns_of(database: Path, name: str) -> list[str]:
    with sqlite3.connect(database) as connection:
        return [row[1] for row in connection.execute(f"pragma table_info([{name}])")]


def test_every_table_and_view_is_described_and_nothing_that_does_not_exist() -> None:
    assert sorted(DESCRIBED) == sorted(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_the_columns_described_are_those_of_the_database_in_their_order(database: Path, name: str) -> None:
    assert list(DESCRIBED[name]["columns"]) == columns_of(database, name)


@pytest.mark.parametrize("name", NAMES)
def test_every_description_is_a_sentence(name: str) -> None:
    texts = [DESCRIBED[name]["description"], *DESCRIBED[name]["columns"].values()]
    assert [text for text in texts if not text.endswith(".")] == []


@pytest.mark.parametrize("name", NAMES)
def test_every_column_that_may_be_null_says_what_null_means(name: str) -> None:
    table = TABLES.get(name)
    if table is None:
        return
    may_be_null = [column for column in table.columns if column not in (*table.not_null, *table.key)]
    silent = [column for column in may_be_null if "NULL" not in DESCRIBED[name]["columns"][column]]
    assert silent == []


@pytest.mark.parametrize("name", NAMES)
def test_facets_sort_orders_and_labels_name_columns_that_exist(database: Path, name: str) -> None:
    table = DESCRIBED[name]
    named = [*table.get("facets", []), *(table[key] for key in ("sort", "sort_desc", "label_column") if key in table)]
    assert [column for column in named if column not in columns_of(database, name)] == []


@pytest.mark.parametrize("name", list(TABLES))
def test_every_table_that_others_refer_to_has_a_label_for_people(name: str) -> None:
    is_referred_to = any(name in table.foreign_keys.values() for table in TABLES.values())
    assert (DESCRIBED[name].get("label_column") in {"title", "name"}) == is_referred_to


def test_no_query_takes_the_page_of_a_table() -> None:
    assert set(QUERIES) & set(NAMES) == set()


@pytest.mark.parametrize("name", list(QUERIES))
def test_every_query_has_a_title_and_a_description(name: str) -> None:
    assert QUERIES[name]["title"] and QUERIES[name]["description"].endswith(".")


@pytest.mark.parametrize("name", list(QUERIES))
def test_every_query_is_bounded(name: str) -> None:
    sql = QUERIES[name]["sql"]
    assert " limit " in sql, "a query without a limit may pass the time limit on a large database"
