"""`manifest.json`: of what a published site was made and of what it consists, each file with its sha256.

Whoever has the file can tell whether a database, or a whole folder, is the one that was published.
"""

from __future__ import annotations

import contextlib
import json
import sqlite3
from pathlib import Path
from typing import Any

from forum_comments import __version__
from forum_comments.errors import SourceError, unreadable
from forum_comments.files import open_to_read, sha256_of
from forum_comments.schema import SCHEMA_VERSION

MANIFEST_FILE = "manifest.json"
FORMAT = 1
# What running the site leaves in its folder.
LEFT_BEHIND = (".venv", "__pycache__", "build", "forum_comments.egg-info")

BUILD = "select inputs_sha256, program_version, schema_version from builds"
INPUTS = "select file_name, sha256, bytes from documents order by file_name, id"

Manifest = dict[str, Any]


def manifest_of(folder: Path, database: Path) -> Manifest:
    """Describe the folder of a site and its `database`. Raises SourceError where that is none of this program's."""
    build, inputs = _read(database)
    if build["schema_version"] != SCHEMA_VERSION:
        what = f"has schema version {build['schema_version']}; expected {SCHEMA_VERSION}: build it again"
        raise SourceError(database, what)
    return {
        "format": FORMAT,
        "program_version": __version__,
        "build": build,
        "inputs": inputs,
        "outputs": [_described(folder, path) for path in _files(folder)],
    }


def manifest_text(manifest: Manifest) -> str:
    """The text of manifest.json."""
    return json.dumps(manifest, indent=2, ensure_ascii=False) + "\n"


def read_manifest(path: Path) -> Manifest:
    """Read a manifest. Raises SourceError where the file is none, or one of another format."""
    try:
        manifest = json.loads(path.read_bytes())
    except OSError as error:
        raise SourceError(path, unreadable(error)) from error
    except (ValueError, RecursionError) as error:
        raise SourceError(path, f"is not JSON: {error}") from error
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise SourceError(path, f"expected a manifest of format {FORMAT}")
    if not _is_whole(manifest):
        raise SourceError(path, "is not as it was written: expected “build” with its sum, “outputs” with path and sum")
    return manifest


def _is_whole(manifest: Manifest) -> bool:
    """Say whether a manifest has what it is compared by."""
    build, outputs = manifest.get("build"), manifest.get("outputs")
    return (
        isinstance(build, dict)
        and isinstance(build.get("inputs_sha256"), str)
        and isinstance(outputs, list)
        and all(isinstance(output, dict) and {"path", "sha256"} <= output.keys() for output in outputs)
    )


def faults_of_folder(folder: Path, manifest: Manifest) -> list[str]:
    """What in a folder is not as its manifest says: files changed, missing or added. Empty: all is as published."""
    published = {output["path"]: output for output in manifest["outputs"]}
    found = {path.relative_to(folder).as_posix(): path for path in _files(folder)}
    missing = [f"{name}: is missing" for name in published if name not in found]
    added = [f"{name}: was not published" for name in found if name not in published]
    changed = [
        fault for name, path in found.items() if name in published for fault in _faults(name, path, published[name])
    ]
    return missing + added + changed


def faults_of_file(path: Path, manifest: Manifest) -> list[str]:
    """The same for one file of a site, wherever it lies now. Raises SourceError where the manifest has no such file."""
    for output in manifest["outputs"]:
        if output["path"] == path.name:
            return _faults(str(path), path, output)
    raise SourceError(path, f"the manifest names no file called {path.name}")


def _faults(name: str, path: Path, output: dict[str, Any]) -> list[str]:
    sha256 = _hash(path)
    if sha256 == output["sha256"]:
        return []
    return [f"{name}: was changed (sha256 is {sha256}, and was {output['sha256']})"]


def _described(folder: Path, path: Path) -> dict[str, Any]:
    return {
        "path": path.relative_to(folder).as_posix(),
        "sha256": _hash(path),
        "bytes": path.stat().st_size,
    }


def _files(folder: Path) -> list[Path]:
    """The files of a site but the manifest itself, in the order of their paths."""
    return sorted(
        path
        for path in folder.rglob("*")
        if path.is_file()
        and path != folder / MANIFEST_FILE
        and not set(path.relative_to(folder).parts).intersection(LEFT_BEHIND)
    )


def _hash(path: Path) -> str:
    """Give the sha256 of a file. Raises SourceError where it cannot be read."""
    try:
        return sha256_of(path)
    except OSError as error:
        raise SourceError(path, unreadable(error)) from error


def _read(database: Path) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The build of a database, and the documents that went into it."""
    try:
        with contextlib.closing(open_to_read(database)) as connection:
            connection.row_factory = sqlite3.Row
            builds = [dict(row) for row in connection.execute(BUILD)]
            inputs = [dict(row) for row in connection.execute(INPUTS)]
    except sqlite3.Error as error:
        raise SourceError(database, f"expected a database that build_db.py wrote ({error})") from error
    if len(builds) != 1:
        raise SourceError(database, f"expected one row in its table builds, and found {len(builds)}")
    return builds[0], inputs
