"""The folder that is published: all that a host needs to serve a database, and nothing else."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

from forum_comments.errors import SourceError, as_output_error
from forum_comments.inspection import INSPECT_FILE, inspection
from forum_comments.journals import journals_of
from forum_comments.publishing.configuration import (
    CONFIGURATION_FILE,
    METADATA_FILE,
    SETTINGS_FILE,
    configuration_text,
    read_mapping,
)
from forum_comments.publishing.folder_replacement import folder_replacement
from forum_comments.publishing.manifest import MANIFEST_FILE, Manifest, manifest_of, manifest_text

DATABASE_FILE = "comments.db"  # metadata.yml describes a database of this name
SITE_PARTS = (METADATA_FILE, SETTINGS_FILE, "plugins", "templates", "static")
# Files of `hosting/`, as they stand at the top of the folder.
HOST_FILES = ("start.sh", "Dockerfile", ".dockerignore", "Procfile", ".python-version", "fly.toml")
PACKAGE = "forum_comments"
PACKAGE_FILES = {"hosting/package.toml": "pyproject.toml", "LICENSE": "LICENSE"}
CONSTRAINTS = {"0.65": "constraints.txt", "1.0": "constraints-1.0.txt"}
# What the site imports; what these pull in is pinned by the constraints. A build needs more.
SERVING = ("click", "datasette", "datasette-search-all", "PyYAML")
REQUIREMENTS_FILE = "requirements.txt"
OPTIONS_FILE = "options.txt"


def make_folder(project: Path, database: Path, target: Path, line: str = "0.65") -> Manifest:
    """Write the folder `target` that serves `database` with what `project` has beside it, or leave it as it is.

    `line` is the line of Datasette to pin, a key of CONSTRAINTS. Raises SourceError where a part of the project or the
    database is missing or cannot be used, OutputError where the folder cannot be written.
    """
    _require_settled(database)
    with folder_replacement(target, MANIFEST_FILE) as building, as_output_error(target):
        _copy(database, building / DATABASE_FILE)
        manifest_of(building, building / DATABASE_FILE)  # refuses what is no database of ours, before all the rest
        _write_counts(building / DATABASE_FILE)
        for part in SITE_PARTS:
            _copy(project / part, building / part)
        for name in HOST_FILES:
            _copy(project / "hosting" / name, building / name)
        _write_configuration(building)
        _write_package(project, building / "package")
        _write_requirements(project, building, line)
        manifest = manifest_of(building, building / DATABASE_FILE)
        (building / MANIFEST_FILE).write_text(manifest_text(manifest), encoding="utf-8")
    return manifest


def _require_settled(database: Path) -> None:
    """Refuse a database with changes beside it: a host serves the file alone, and would leave them out."""
    for journal in journals_of(database):
        if journal.exists() and journal.stat().st_size:
            raise SourceError(database, f"has changes in {journal.name}; close the program that has it open")


def _copy(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__", ".*"))
    elif source.is_file():
        shutil.copy(source, target)
    else:
        raise SourceError(source, "is not here; publish from the folder of the project, after a build")


def _write_counts(database: Path) -> None:
    """What `datasette inspect` would write; with it, Datasette serves the folder's database as immutable."""
    entries = {database.stem: inspection(database, database, {})}
    database.with_name(INSPECT_FILE).write_text(json.dumps(entries, indent=2) + "\n", encoding="utf-8")


def _write_configuration(building: Path) -> None:
    """datasette.yml for Datasette 1.0; and the settings as options, for publishers that leave settings.json behind."""
    settings = read_mapping(building / SETTINGS_FILE)
    text = configuration_text(read_mapping(building / METADATA_FILE), settings)
    (building / CONFIGURATION_FILE).write_text(text, encoding="utf-8")
    options = " ".join(f"--setting {name} {_option(value)}" for name, value in settings.items())
    (building / OPTIONS_FILE).write_text(options + "\n", encoding="utf-8")


def _option(value: Any) -> str:
    return {True: "on", False: "off"}[value] if isinstance(value, bool) else str(value)


def _write_package(project: Path, target: Path) -> None:
    """The program, to be installed with pip: Python only, since what a build has learnt is not used to serve."""
    for source in sorted((project / PACKAGE).rglob("*.py")):
        copy = target / source.relative_to(project)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(source, copy)
    for source_name, name in PACKAGE_FILES.items():
        _copy(project / source_name, target / name)


def _write_requirements(project: Path, building: Path, line: str) -> None:
    """requirements.txt of the folder and of the package, which some publishers bring along alone."""
    constraints = project / CONSTRAINTS[line]
    _copy(constraints, building / "package" / "constraints.txt")
    pins = dict(re.findall(r"^(\S+)==(\S+)$", constraints.read_text(encoding="utf-8"), re.MULTILINE))
    missing = [name for name in SERVING if name not in pins]
    if missing:
        raise SourceError(constraints, f"expected a line NAME==VERSION for {', '.join(missing)}")
    lines = ["-c constraints.txt", *(f"{name}=={pins[name]}" for name in SERVING), "./package"]
    (building / "package" / REQUIREMENTS_FILE).write_text("\n".join(lines) + "\n", encoding="utf-8")
    (building / REQUIREMENTS_FILE).write_text(f"-r package/{REQUIREMENTS_FILE}\n", encoding="utf-8")
