"""What stands beside the program for those who cite it, run it or find a hole in it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from forum_comments import __version__

REPOSITORY = Path(__file__).parents[2]


def test_the_citation_has_what_the_format_requires_and_names_the_version_and_no_person() -> None:
    citation = yaml.safe_load((REPOSITORY / "CITATION.cff").read_text(encoding="utf-8"))
    assert {"cff-version", "message", "title", "authors"} <= citation.keys()
    assert (citation["cff-version"], citation["type"], citation["version"]) == ("1.2.0", "software", __version__)
    assert citation["authors"] == [{"name": "Contributors to Forum comments"}]
    assert citation["license"] in (REPOSITORY / "pyproject.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["SECURITY.md", "docs/operations.md"])
def test_what_is_written_for_publishers_names_only_what_exists(name: str) -> None:
    text = (REPOSITORY / name).read_text(encoding="utf-8")
    paths = re.findall(r"`((?:docs|tests|hosting|forum_comments)/[\w./-]+|\w+\.(?:md|txt|json|sh))`", text)
    places = [REPOSITORY, REPOSITORY / "hosting"]
    made = {"manifest.json", "options.txt"}  # in the published folder
    missing = [path for path in paths if path not in made and not any((place / path).exists() for place in places)]
    assert paths and missing == []
    targets = re.findall(r"`make ([\w-]+)", text)
    makefile = (REPOSITORY / "Makefile").read_text(encoding="utf-8")
    assert [target for target in targets if f"\n{target}:" not in makefile] == []


def test_what_is_written_for_publishers_names_every_variable_that_the_site_takes() -> None:
    metadata = yaml.safe_load((REPOSITORY / "metadata.yml").read_text(encoding="utf-8"))
    said = metadata["plugins"]["forum-comments"].values()
    variables = {value["$env"] for value in said if isinstance(value, dict)}
    operations = (REPOSITORY / "docs" / "operations.md").read_text(encoding="utf-8")
    readme = (REPOSITORY / "README.md").read_text(encoding="utf-8")
    start = (REPOSITORY / "hosting" / "start.sh").read_text(encoding="utf-8")
    for text in (operations, readme, start):
        assert [variable for variable in variables if variable not in text] == []
