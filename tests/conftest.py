from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from making import REPOSITORY, SEEDS

from build_db import build
from forum_comments.documents import corrections_files
from forum_comments.publishing.folder import make_folder

# How long an example takes, and making it up, depends on what else the machine does.
settings.register_profile("searching", deadline=None, suppress_health_check=[HealthCheck.too_slow])
# The same examples each time, so that no change is held up by another's fault; the profile above tries new ones.
settings.register_profile("steady", settings.get_profile("searching"), derandomize=True)
settings.load_profile("steady")


@pytest.fixture(scope="session")
def seeds_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the path of comments.db, built from the seeds with their corrections."""
    path = tmp_path_factory.mktemp("seeds") / "comments.db"
    build([SEEDS], path, corrections_files([SEEDS]))
    return path


@pytest.fixture(scope="session")
def seeds(seeds_path: Path) -> Iterator[sqlite3.Connection]:
    """Give a connection to comments.db as `seeds_path` has it, for reading; rows go by their columns' names."""
    connection = sqlite3.connect(f"{seeds_path.as_uri()}?mode=ro", uri=True)
    connection.row_factory = sqlite3.Row
    yield connection
    connection.close()


@pytest.fixture(scope="session")
def published(seeds_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the folder that publishes the seeds; tests that change something take a copy."""
    folder = tmp_path_factory.mktemp("publish") / "site"
    make_folder(REPOSITORY, seeds_path, folder)
    return folder
