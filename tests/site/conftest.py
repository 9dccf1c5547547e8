"""The site as `datasette .` serves it, on a database that the real build made from the seeds."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml
from datasette.app import Datasette
from rooms import write_made_up

from build_db import build
from forum_comments.documents import corrections_files
from forum_comments.pages.lines import IS_LINE_1
from forum_comments.publishing.configuration import configuration_of

REPOSITORY = Path(__file__).parents[2]
SEEDS = REPOSITORY / "seeds"
METADATA = yaml.safe_load((REPOSITORY / "metadata.yml").read_text(encoding="utf-8"))
SETTINGS = json.loads((REPOSITORY / "settings.json").read_text(encoding="utf-8"))


def site_of(database: Path, **settings: object) -> Datasette:
    """Make the site with everything that the repository adds to it.

    Datasette registers plugins once per process by file name, so all tests take them from the same folder. The
    database is immutable, as a published one is; only then Datasette offers it for download.
    """
    together = {**SETTINGS, **settings}
    configuration = {"config": configuration_of(METADATA, together)} if IS_LINE_1 else {"settings": together}
    return Datasette(
        [],
        immutables=[str(database)],
        metadata=METADATA,
        **configuration,
        plugins_dir=str(REPOSITORY / "plugins"),
        template_dir=str(REPOSITORY / "templates"),
        static_mounts=[("static", str(REPOSITORY / "static"))],
    )


@pytest.fixture(scope="session")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the path of comments.db, built from the seeds with their corrections."""
    path = tmp_path_factory.mktemp("site") / "comments.db"
    build([SEEDS], path, corrections_files([SEEDS]))
    return path


@pytest.fixture(scope="session")
def site(database: Path) -> Datasette:
    return site_of(database)


@pytest.fixture(scope="session")
def made_up(tmp_path_factory: pytest.TempPathFactory) -> Datasette:
    """Give the site over a made-up archive: deep and wide threads, a placeholder, hostile text, a page, a dump."""
    path = tmp_path_factory.mktemp("made-up") / "comments.db"
    write_made_up(path)
    return site_of(path)
