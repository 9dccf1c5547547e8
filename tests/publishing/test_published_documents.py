"""What stands beside the program for those who cite it, run it or find a hole in it."""

from __future__ import annotations

from pathlib import Path

import yaml

from forum_comments import __version__

REPOSITORY = Path(__file__).parents[2]


def test_the_citation_has_what_the_format_requires_and_names_the_version_and_no_person() -> None:
    citation = yaml.safe_load((REPOSITORY / "CITATION.cff").read_text(encoding="utf-8"))
    assert {"cff-version", "message", "title", "authors"} <= citation.keys()
    assert (citation["cff-version"], citation["type"], citation["version"]) == ("1.2.0", "software", __version__)
    assert citation["authors"] == [{"name": "Contributors to Forum comments"}]
    assert citation["license"] in (REPOSITORY / "pyproject.toml").read_text(encoding="utf-8")
