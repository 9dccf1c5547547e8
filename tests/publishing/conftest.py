from __future__ import annotations

from pathlib import Path

import pytest

from forum_comments.publishing.folder import make_folder

REPOSITORY = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def published(seeds_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the folder that publishes the seeds; tests that change something take a copy."""
    folder = tmp_path_factory.mktemp("publish") / "site"
    make_folder(REPOSITORY, seeds_path, folder)
    return folder
