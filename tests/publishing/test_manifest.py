"""The manifest of a published site, and what is found by comparing a folder or a database with it."""

from __future__ import annotations

import hashlib
import json
import shutil
import sqlite3
from pathlib import Path

import pytest
from click.testing import CliRunner
from making import SEEDS, query

from forum_comments import __version__
from forum_comments.errors import SourceError
from forum_comments.publishing.__main__ import main
from forum_comments.publishing.manifest import faults_of_folder, manifest_of, read_manifest
from forum_comments.schema import SCHEMA_VERSION


@pytest.fixture
def copy(published: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(published, tmp_path / "site"))


def verify(*words: object) -> tuple[int, str]:
    done = CliRunner().invoke(main, ["verify", *map(str, words)])
    assert not isinstance(done.exception, Exception) or isinstance(done.exception, SourceError)
    return done.exit_code, done.output


def test_the_manifest_names_every_page_that_was_read_and_the_build(published: Path) -> None:
    manifest = read_manifest(published / "manifest.json")
    ((inputs,),) = query(published / "comments.db", "select inputs_sha256 from builds")
    assert manifest["build"] == {
        "inputs_sha256": inputs,
        "program_version": __version__,
        "schema_version": SCHEMA_VERSION,
    }
    assert manifest["inputs"] == [
        {"file_name": page.name, "sha256": hashlib.sha256(page.read_bytes()).hexdigest(), "bytes": page.stat().st_size}
        for page in sorted(SEEDS.glob("*.txt"))
    ]


def test_the_manifest_names_every_file_of_the_folder_but_itself(published: Path) -> None:
    outputs = read_manifest(published / "manifest.json")["outputs"]
    files = {path.relative_to(published).as_posix(): path for path in published.rglob("*") if path.is_file()}
    del files["manifest.json"]
    assert [output["path"] for output in outputs] == sorted(files, key=lambda name: Path(name).parts)
    for output in outputs:
        content = files[output["path"]].read_bytes()
        assert (output["sha256"], output["bytes"]) == (hashlib.sha256(content).hexdigest(), len(content))


def test_a_folder_as_it_was_published_is_said_to_be_so(published: Path) -> None:
    code, output = verify(published)
    assert (code, output.startswith(f"{published}: as published, build ")) == (0, True)


def test_what_running_the_site_leaves_behind_is_no_fault(copy: Path) -> None:
    for name in (".venv/bin/python", "plugins/__pycache__/cells.pyc", "package/build/lib/x.py"):
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        (copy / name).write_text("")
    assert verify(copy)[0] == 0


def test_every_kind_of_difference_is_named(copy: Path) -> None:
    (copy / "plugins" / "intruder.py").write_text("")
    (copy / "metadata.yml").unlink()
    (copy / "start.sh").write_text("#!/bin/sh\n")
    faults = faults_of_folder(copy, read_manifest(copy / "manifest.json"))
    assert [fault.split(" (")[0] for fault in faults] == [
        "metadata.yml: is missing",
        "plugins/intruder.py: was not published",
        "start.sh: was changed",
    ]
    code, output = verify(copy)
    assert (code, output.splitlines()) == (1, faults)


def test_a_database_is_verified_by_itself_with_a_manifest_from_elsewhere(published: Path, tmp_path: Path) -> None:
    shutil.copy(published / "comments.db", tmp_path / "comments.db")
    assert verify(tmp_path / "comments.db", "--manifest", published / "manifest.json")[0] == 0
    with sqlite3.connect(tmp_path / "comments.db") as connection:
        connection.execute("update comments set body = 'another word' where id = (select min(id) from comments)")
    connection.close()
    code, output = verify(tmp_path / "comments.db", "--manifest", published / "manifest.json")
    assert (code, f"{tmp_path / 'comments.db'}: was changed (sha256 is " in output) == (1, True)


def test_a_file_that_the_manifest_does_not_know_is_named(published: Path, tmp_path: Path) -> None:
    (tmp_path / "other.db").write_text("")
    done = CliRunner().invoke(main, ["verify", str(tmp_path / "other.db"), "--manifest", f"{published}/manifest.json"])
    assert str(done.exception) == f"{tmp_path / 'other.db'}: the manifest names no file called other.db"


@pytest.mark.parametrize(
    ("content", "what"),
    [
        ("{", "is not JSON"),
        ("[]", "expected a manifest of format 1"),
        ("[" * 100_000, "is not JSON"),
        ('{"format": 1}', "is not as it was written"),
        ('{"format": 1, "build": {"inputs_sha256": ""}, "outputs": [{"path": "a"}]}', "is not as it was written"),
        ('{"format": 2}', "expected a manifest of format 1"),
    ],
)
def test_a_file_that_is_no_manifest_is_named(tmp_path: Path, content: str, what: str) -> None:
    (tmp_path / "manifest.json").write_text(content)
    with pytest.raises(SourceError, match=f"manifest.json: {what}"):
        read_manifest(tmp_path / "manifest.json")
    with pytest.raises(SourceError, match=r"absent.json: cannot be read: No such file"):
        read_manifest(tmp_path / "absent.json")


@pytest.mark.parametrize(
    ("sql", "what"),
    [
        ("update builds set schema_version = 99", f"has schema version 99; expected {SCHEMA_VERSION}: build it again"),
        ("delete from builds", "expected one row in its table builds, and found 0"),
        ("drop table builds", "expected a database that build_db.py wrote"),
    ],
)
def test_a_database_of_another_program_is_refused(copy: Path, sql: str, what: str) -> None:
    with sqlite3.connect(copy / "comments.db") as connection:
        connection.execute(sql)
    connection.close()
    with pytest.raises(SourceError, match=f"comments.db: {what}"):
        manifest_of(copy, copy / "comments.db")


def test_the_same_build_gives_the_same_manifest(published: Path, copy: Path) -> None:
    again = json.loads(json.dumps(manifest_of(copy, copy / "comments.db")))
    assert again == read_manifest(published / "manifest.json")
