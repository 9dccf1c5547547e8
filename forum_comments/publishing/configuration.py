"""One description of the site for both lines of Datasette.

Datasette 0.65 takes everything from metadata.yml, and settings from settings.json. Datasette 1.0 takes titles and
descriptions from metadata.yml, but settings, queries and what shapes a table from datasette.yml, which is made here of
the other two. Datasette 0.65 does not look at datasette.yml, so one folder serves both.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from forum_comments.errors import SourceError, unreadable

METADATA_FILE = "metadata.yml"
SETTINGS_FILE = "settings.json"
CONFIGURATION_FILE = "datasette.yml"
HEADER = "# Made of metadata.yml and settings.json, for Datasette 1.0; Datasette 0.65 does not read this file.\n"
# What Datasette 1.0 calls configuration, of the keys that Datasette 0.65 knows in metadata.
TABLE_KEYS = (
    "hidden",
    "sort",
    "sort_desc",
    "size",
    "sortable_columns",
    "label_column",
    "facets",
    "fts_table",
    "fts_pk",
    "searchmode",
)
DATABASE_KEYS = ("queries", "allow", "allow_sql", "plugins")
SITE_KEYS = ("allow", "allow_sql", "plugins", "extra_css_urls", "extra_js_urls")


def read_mapping(path: Path) -> dict[str, Any]:
    """What a file of YAML or JSON holds. Raises SourceError where it cannot be read or holds no mapping."""
    try:
        text = path.read_text(encoding="utf-8")
        found = json.loads(text) if path.suffix == ".json" else yaml.safe_load(text)
    except OSError as error:
        raise SourceError(path, unreadable(error)) from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise SourceError(path, f"cannot be understood: {' '.join(str(error).split())}") from error
    if not isinstance(found, dict):
        raise SourceError(path, "expected a mapping of names to values")
    return found


def configuration_text(metadata: Mapping[str, Any], settings: Mapping[str, Any]) -> str:
    """The text of datasette.yml."""
    found = configuration_of(metadata, settings)
    text: str = yaml.dump(found, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=120)
    return HEADER + text


def configuration_of(metadata: Mapping[str, Any], settings: Mapping[str, Any]) -> dict[str, Any]:
    """The configuration for Datasette 1.0 of the metadata and settings for Datasette 0.65."""
    databases = {
        name: _picked(database, DATABASE_KEYS) | _tables(database)
        for name, database in _mappings(metadata, "databases").items()
    }
    return {
        **_picked(metadata, SITE_KEYS),
        "settings": dict(settings),
        "databases": {name: database for name, database in databases.items() if database},
    }


def _tables(database: Mapping[str, Any]) -> dict[str, Any]:
    tables = {name: _picked(table, TABLE_KEYS) for name, table in _mappings(database, "tables").items()}
    tables = {name: table for name, table in tables.items() if table}
    return {"tables": tables} if tables else {}


def _mappings(source: Mapping[str, Any], key: str) -> dict[str, Mapping[str, Any]]:
    """Give what is described under a key, by its name. Raises SourceError where that is no description."""
    found = source.get(key) or {}  # a name with nothing behind it is null
    described = {name: about or {} for name, about in found.items()} if isinstance(found, dict) else None
    if described is None or not all(isinstance(about, dict) for about in described.values()):
        raise SourceError(Path(METADATA_FILE), f"“{key}” has to give a mapping for each name")
    return described


def _picked(source: Mapping[str, Any], keys: tuple[str, ...]) -> dict[str, Any]:
    return {key: source[key] for key in keys if key in source}


class _Dumper(yaml.SafeDumper):
    """Writes text of several lines, such as SQL, as it stands, and the same text twice rather than refer to it."""

    def ignore_aliases(self, data: object) -> bool:
        """Refer to nothing."""
        return True


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Dumper.add_representer(str, _text)
