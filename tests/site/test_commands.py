"""`datasette .` and `datasette comments.db`, as commands in a process of their own."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import METADATA, SETTINGS, lay_out

from forum_comments.pages.lines import IS_LINE_1


@pytest.fixture(scope="module")
def folder(database: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder that `datasette .` serves: the database and the repository's parts of the site."""
    return lay_out(database, tmp_path_factory.mktemp("served"))


def get(folder: Path, what: str, path: str) -> str:
    command = [sys.executable, "-m", "datasette", what, "--get", path]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr + done.stdout
    return done.stdout


def test_the_folder_is_served_with_the_settings(folder: Path) -> None:
    settings = json.loads(get(folder, ".", "/-/settings.json"))
    assert {name: settings[name] for name in SETTINGS} == SETTINGS


def test_the_folder_is_served_with_the_descriptions_and_queries(folder: Path) -> None:
    # Datasette 1.0 names the first five queries on the page of the database, and all on one of their own.
    database = json.loads(get(folder, ".", "/comments/-/queries.json?_size=100" if IS_LINE_1 else "/comments.json"))
    assert sorted(query["name"] for query in database["queries"]) == sorted(
        METADATA["databases"]["comments"]["queries"]
    )


def test_the_folder_is_served_with_the_plugins(folder: Path) -> None:
    plugins = {plugin["name"] for plugin in json.loads(get(folder, ".", "/-/plugins.json"))}
    assert plugins >= {"cells.py", "permalinks.py", "datasette-search-all"}


def test_the_database_alone_can_be_explored(folder: Path) -> None:
    page = get(folder, "comments.db", "/comments/comments?author_name=Neel+Nanda")
    assert 'name="_search"' in page
    # Without metadata, Datasette 1.0 labels rows by the only column of text that is unique: the id.
    name, title = ("neel-nanda", "p-[0-9a-f]+") if IS_LINE_1 else ("Neel Nanda", "For Python basics, I have to")
    assert re.search(rf'<a href="/comments/authors/neel-nanda">{name}', page)
    assert re.search(rf'<a href="/comments/comments/p-[0-9a-f]+">{title}', page)


def test_the_database_alone_shows_its_views(folder: Path) -> None:
    views = json.loads(get(folder, "comments.db", "/comments.json"))["views"]
    assert sorted(view["name"] for view in views) == ["author_totals", "replies", "threads"]
