"""The configuration for Datasette 1.0 says what metadata.yml and settings.json say for Datasette 0.65."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner
from datasette.app import Datasette

from forum_comments.errors import OutputError, SourceError
from forum_comments.pages.lines import IS_LINE_1
from forum_comments.publishing.__main__ import main
from forum_comments.publishing.configuration import (
    HEADER,
    SITE_KEYS,
    TABLE_KEYS,
    configuration_of,
    configuration_text,
    read_mapping,
)

REPOSITORY = Path(__file__).parents[2]
METADATA = {
    "title": "Forum",
    "plugins": {"a-plugin": {"key": {"$env": "KEY"}}},
    "databases": {
        "comments": {
            "title": "Comments",
            "tables": {
                "comments": {"title": "All", "columns": {"id": "Its id."}, "size": 50, "facets": ["author_id"]},
                "links": {"title": "Links"},
            },
            "queries": {"newest": {"title": "Newest", "sql": "select 1\nunion all\nselect 2"}},
        },
        "other": {"title": "Nothing to configure"},
    },
}


def test_titles_stay_metadata_and_the_rest_becomes_configuration() -> None:
    assert configuration_of(METADATA, {"default_page_size": 50}) == {
        "plugins": {"a-plugin": {"key": {"$env": "KEY"}}},
        "settings": {"default_page_size": 50},
        "databases": {
            "comments": {
                "queries": {"newest": {"title": "Newest", "sql": "select 1\nunion all\nselect 2"}},
                "tables": {"comments": {"size": 50, "facets": ["author_id"]}},
            }
        },
    }


def test_the_text_keeps_sql_in_lines_and_is_read_back_as_it_was() -> None:
    text = configuration_text(METADATA, {})
    assert text.startswith(HEADER)
    assert "        sql: |-\n          select 1\n          union all\n          select 2\n" in text
    assert yaml.safe_load(text) == configuration_of(METADATA, {})


@pytest.mark.parametrize(
    "databases", [None, {"comments": None}, {"comments": {"tables": None}}, {"comments": {"tables": {"links": None}}}]
)
def test_a_name_with_nothing_behind_it_says_nothing(databases: Any) -> None:
    assert configuration_of({"databases": databases}, {}) == {"settings": {}, "databases": {}}


@pytest.mark.parametrize(
    ("databases", "key"),
    [([1], "databases"), ({"comments": "x"}, "databases"), ({"comments": {"tables": ["links"]}}, "tables")],
)
def test_a_description_of_another_shape_is_named(databases: Any, key: str) -> None:
    with pytest.raises(SourceError, match=f"metadata.yml: “{key}” has to give a mapping for each name"):
        configuration_of({"databases": databases}, {})


def keys_of(metadata: dict[str, Any]) -> dict[str, set[str]]:
    databases = metadata["databases"].values()
    tables = [table for database in databases for table in database["tables"].values()]
    return {
        "site": set(metadata),
        "database": {key for database in databases for key in database},
        "table": {key for table in tables for key in table},
    }


def test_no_key_of_the_sites_metadata_is_unknown_to_one_of_the_two_lines() -> None:
    descriptive = {"title", "description", "description_html", "license", "license_url", "source", "source_url"}
    descriptive |= {"about", "about_url"}
    keys = keys_of(yaml.safe_load((REPOSITORY / "metadata.yml").read_text(encoding="utf-8")))
    assert keys["site"] - descriptive - set(SITE_KEYS) == {"databases"}
    assert keys["database"] - descriptive == {"tables", "queries"}
    assert keys["table"] - descriptive - set(TABLE_KEYS) == {"columns"}


@pytest.mark.skipif(not IS_LINE_1, reason="reads the configuration with Datasette 1.0")
async def test_datasette_1_serves_a_query_of_the_configuration() -> None:
    configuration = configuration_of(METADATA, {"default_page_size": 7})
    site = Datasette(memory=True, config=configuration)
    site.add_memory_database("configured", name="comments")
    rows = await site.client.get("/comments/newest.json?_shape=arrays")
    assert rows.json()["rows"] == [[1], [2]]
    assert site.setting("default_page_size") == 7


def test_the_command_writes_the_file_beside_the_other_two(tmp_path: Path) -> None:
    (tmp_path / "metadata.yml").write_text("title: Forum\n")
    (tmp_path / "settings.json").write_text('{"default_page_size": 5}')
    done = CliRunner().invoke(main, ["configuration", str(tmp_path)])
    assert (done.exit_code, done.output) == (0, f"{tmp_path / 'datasette.yml'}: written\n")
    written = yaml.safe_load((tmp_path / "datasette.yml").read_text())
    assert written == {"settings": {"default_page_size": 5}, "databases": {}}


def test_a_file_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "metadata.yml").write_text("title: Forum\n")
    (tmp_path / "settings.json").write_text("{}")
    (tmp_path / "datasette.yml").mkdir()
    done = CliRunner().invoke(main, ["configuration", str(tmp_path)])
    assert isinstance(done.exception, OutputError)
    assert str(done.exception) == f"{tmp_path / 'datasette.yml'}: cannot be written: Is a directory"


@pytest.mark.parametrize(
    ("name", "content", "what"),
    [
        ("metadata.yml", "a: b: c", "cannot be understood"),
        ("metadata.yml", "- a list", "expected a mapping"),
        ("settings.json", "{", "cannot be understood"),
        ("settings.json", "[]", "expected a mapping"),
        ("settings.json", None, "cannot be read: No such file or directory"),
    ],
)
def test_a_file_that_is_no_mapping_is_named_with_what_is_wrong(
    tmp_path: Path, name: str, content: str | None, what: str
) -> None:
    if content is not None:
        (tmp_path / name).write_text(content)
    with pytest.raises(SourceError, match=f"{name}: {what}"):
        read_mapping(tmp_path / name)


def pins_of(name: str) -> dict[str, str]:
    lines = (REPOSITORY / name).read_text(encoding="utf-8").split()
    return dict(line.lower().replace("_", "-").split("==") for line in lines)


def test_both_lines_are_pinned_to_the_same_versions_of_what_they_share() -> None:
    stable, newest = pins_of("constraints.txt"), pins_of("constraints-1.0.txt")
    differing = {name for name in stable.keys() & newest.keys() if stable[name] != newest[name]}
    assert differing == {"datasette", "datasette-search-all"}
    without = {"asgi-csrf", "janus", "python-multipart"}  # what 1.0 no longer needs
    assert stable.keys() - newest.keys() == without, "constraints-1.0.txt has to pin it too"
