"""Which state of the site an answer was made from: one sum over the data and all that shows it."""

from __future__ import annotations

import json
import sqlite3
from hashlib import sha256
from importlib.metadata import distributions
from pathlib import Path
from typing import Any

import forum_comments

PACKAGE = Path(forum_comments.__file__).parent
SUFFIXES = frozenset({".py", ".html", ".css", ".js", ".json"})


def version_of(datasette: Any) -> str | None:
    """A sum over the databases, metadata, settings and programs from which answers are made.

    None where a database may change while it is served: then no answer can be called the same as an earlier one.
    """
    databases = [database for database in datasette.databases.values() if not database.is_memory]
    if not databases or any(database.is_mutable for database in databases):
        return None
    installed = sorted(f"{each.metadata['Name']} {each.version}" for each in distributions())
    # The metadata as it was given; Datasette 1.0 keeps a part of it as `config`.
    given = [datasette._metadata_local, getattr(datasette, "config", None), datasette.settings_dict()]
    described = [given, installed, sqlite3.sqlite_version]
    served = [f"{database.name} {database.hash}" for database in databases]
    summed = sha256(json.dumps([served, described], sort_keys=True, default=str).encode())
    for path in sorted(file for folder in _folders(datasette) for file in folder.rglob("*") if file.suffix in SUFFIXES):
        summed.update(f"\n{path.name}\n".encode() + path.read_bytes())
    return summed.hexdigest()[:20]


def _folders(datasette: Any) -> list[Path]:
    """The folders of programs and files that make or accompany an answer."""
    named = [datasette.template_dir, datasette.plugins_dir, *(folder for _, folder in datasette.static_mounts)]
    return [PACKAGE, *(Path(folder) for folder in named if folder)]
