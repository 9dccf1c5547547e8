"""The folder that is published holds all that a host needs, and serves the same site."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shlex
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from importlib.metadata import requires
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from forum_comments.errors import OutputError, SourceError
from forum_comments.publishing.__main__ import main
from forum_comments.publishing.configuration import configuration_of
from forum_comments.publishing.folder import CONSTRAINTS, HOST_FILES, SITE_PARTS, make_folder
from forum_comments.publishing.manifest import read_manifest

REPOSITORY = Path(__file__).parents[2]
# Modules of what a build needs beyond serving, which a host does not install.
BUILDING = ("numpy", "orjson", "pyromark", "selectolax", "sqlite_utils", "zstandard")
START_SECONDS = 300  # for setting an environment up, on a slow line
SERVING_SECONDS = 30

# Pages of every kind, and what each of them has to say.
PAGES = {
    "/": "Forum comments",
    "/comments": "author_comments",
    "/comments/comments": "What the columns mean",
    "/comments/search?q=constitutional": "<mark>Constitutional</mark>",
    "/comments/comments.csv?_size=1": "id,title",
    "/-/find?q=constitutional": "<mark>Constitutional</mark>",
    "/-/statistics": '<svg class="chart',
    "/-/about": "Motivation",
    "/-/author/neel-nanda": "Neel Nanda",
    "/-/feeds/all.atom": "<feed",
    "/-/search?q=model": "search",
    "/-/manifest.json": '"outputs"',
    "/static/site.css": "--paper",
}


def get(folder: Path, path: str) -> str:
    """Give what `datasette .` in the folder answers, with the program that this test runs with."""
    command = [sys.executable, "-m", "datasette", ".", "--get", path]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr + done.stdout
    return done.stdout


def test_the_folder_holds_the_site_as_it_is_in_the_repository(published: Path) -> None:
    for part in SITE_PARTS:
        of_repository = [REPOSITORY / part] if (REPOSITORY / part).is_file() else (REPOSITORY / part).rglob("*.*")
        for source in of_repository:
            if "__pycache__" not in source.parts and source.is_file():
                assert (published / source.relative_to(REPOSITORY)).read_bytes() == source.read_bytes()
    for name in HOST_FILES:
        assert (published / name).read_bytes() == (REPOSITORY / "hosting" / name).read_bytes()
    assert os.access(published / "start.sh", os.X_OK)


def test_nothing_else_is_published(published: Path) -> None:
    expected = {"comments.db", "datasette.yml", "inspect-data.json", "manifest.json", "options.txt", "package"}
    assert {path.name for path in published.iterdir()} == {*expected, "requirements.txt", *SITE_PARTS, *HOST_FILES}
    texts = [path.read_bytes() for path in published.rglob("*") if path.is_file() and path.name != "comments.db"]
    assert not any(str(REPOSITORY).encode() in text for text in texts), "a path of this machine is published"


def test_the_requirements_are_those_of_serving_pinned(published: Path) -> None:
    pins = dict(line.split("==") for line in (REPOSITORY / "constraints.txt").read_text().split())
    names = ("click", "datasette", "datasette-search-all", "PyYAML")
    assert (published / "package" / "requirements.txt").read_text().splitlines() == [
        "-c constraints.txt",
        *(f"{name}=={pins[name]}" for name in names),
        "./package",
    ]
    assert (published / "requirements.txt").read_text() == "-r package/requirements.txt\n"


def test_the_plugins_import_nothing_that_only_a_build_needs(published: Path) -> None:
    # Datasette 1.0 brings sqlite-utils along.
    needed = {re.split(r"[^\w-]", package)[0].replace("-", "_") for package in requires("datasette") or []}
    program = f"""
import importlib.util, pathlib, sys
sys.modules.update(dict.fromkeys({sorted(set(BUILDING) - needed)}))
for path in sorted(pathlib.Path("plugins").glob("*.py")):
    spec = importlib.util.spec_from_file_location(path.stem, path)
    spec.loader.exec_module(importlib.util.module_from_spec(spec))
    print(path.name)
"""
    done = subprocess.run([sys.executable, "-c", program], cwd=published, capture_output=True, text=True, timeout=60)
    assert done.stderr == ""
    assert done.stdout.split() == sorted(path.name for path in (published / "plugins").glob("*.py"))


def test_a_folder_that_was_moved_starts_with_the_environment_that_it_has(published: Path, tmp_path: Path) -> None:
    folder = tmp_path / "moved"
    programs = folder / ".venv" / "bin"
    programs.mkdir(parents=True)
    for name in ("start.sh", "requirements.txt"):
        shutil.copy(published / name, folder)
    shutil.copy(published / "requirements.txt", folder / ".venv")
    for name, line in (("datasette", "#!/the/earlier/folder/.venv/bin/python"), ("python", '#!/bin/sh\necho "$@"')):
        (programs / name).write_text(f"{line}\n")
        (programs / name).chmod(0o755)
    environment = {"PATH": os.environ["PATH"]}
    done = subprocess.run(["./start.sh"], cwd=folder, env=environment, capture_output=True, text=True, timeout=60)
    assert done.stdout == "-m datasette serve . --cors --host 127.0.0.1 --port 8001\n"
    assert (done.returncode, done.stderr) == (0, "")


def test_the_other_line_of_datasette_has_its_own_pins(seeds_path: Path, tmp_path: Path) -> None:
    make_folder(REPOSITORY, seeds_path, tmp_path / "site", "1.0")
    assert "datasette==1.0a" in (tmp_path / "site" / "package" / "requirements.txt").read_text()


def test_the_settings_are_there_in_all_three_forms(published: Path) -> None:
    settings = json.loads((published / "settings.json").read_text())
    assert yaml.safe_load((published / "datasette.yml").read_text()) == configuration_of(
        yaml.safe_load((published / "metadata.yml").read_text()), settings
    )
    words = shlex.split((published / "options.txt").read_text())
    assert words[:6] == ["--setting", "default_page_size", "50", "--setting", "max_returned_rows", "1000"]
    assert dict(zip(words[1::3], words[2::3], strict=True)) == {
        name: {True: "on", False: "off"}[value] if isinstance(value, bool) else str(value)
        for name, value in settings.items()
    }


def test_the_folder_is_served_as_immutable_with_the_counts(published: Path) -> None:
    assert '<a href="/comments.db">' in get(published, "/"), "only an immutable database is given away"
    counts = json.loads((published / "inspect-data.json").read_text())["comments"]["tables"]
    assert counts["comments"] == {"count": 70}
    assert json.loads(get(published, "/-/health"))["ok"] is True


def test_a_failure_leaves_the_earlier_folder(seeds_path: Path, tmp_path: Path) -> None:
    target = tmp_path / "site"
    make_folder(REPOSITORY, seeds_path, target)
    before = read_manifest(target / "manifest.json")
    (tmp_path / "project").mkdir()
    with pytest.raises(SourceError, match=r"metadata.yml: is not here; publish from the folder of the project"):
        make_folder(tmp_path / "project", seeds_path, target)
    assert read_manifest(target / "manifest.json") == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["project", "site"]


def test_a_database_that_is_none_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    (tmp_path / "comments.db").write_text("not a database at all, but long enough to be read as one" * 10)
    with pytest.raises(SourceError, match=r"comments.db: expected a database that build_db.py wrote"):
        make_folder(REPOSITORY, tmp_path / "comments.db", tmp_path / "site")
    with pytest.raises(SourceError, match=r"absent.db: is not here; publish .* after a build"):
        make_folder(REPOSITORY, tmp_path / "absent.db", tmp_path / "site")
    assert [path.name for path in tmp_path.iterdir()] == ["comments.db"]


def test_a_database_that_somebody_is_changing_is_refused(seeds_path: Path, tmp_path: Path) -> None:
    database = tmp_path / "comments.db"
    database.write_bytes(seeds_path.read_bytes())
    with contextlib.closing(sqlite3.connect(database)) as connection:
        connection.execute("pragma journal_mode = wal")
        connection.execute("update comments set body = 'x'")
        connection.commit()
        with pytest.raises(SourceError, match=r"has changes in comments.db-wal; close the program that has it open"):
            make_folder(REPOSITORY, database, tmp_path / "site")


def test_the_command_says_what_it_wrote_and_how_to_serve_it(
    seeds_path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(REPOSITORY)
    target = tmp_path / "site"
    done = CliRunner().invoke(main, ["folder", str(target), "--database", str(seeds_path)])
    assert done.exit_code == 0, done.output
    assert f"; {target}/start.sh serves it\n" in done.output


def test_the_command_does_not_take_a_folder_with_other_things(seeds_path: Path, tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(OutputError, match="holds other things than a published site"):
        make_folder(REPOSITORY, seeds_path, tmp_path)


def free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


def fetched(address: str, **headers: str) -> str:
    asked = urllib.request.Request(address, headers={name.replace("_", "-"): text for name, text in headers.items()})
    with urllib.request.urlopen(asked, timeout=SERVING_SECONDS) as answer:
        assert answer.status == 200
        return str(answer.read().decode())


def wait_for(address: str, process: subprocess.Popen[bytes], seconds: float) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        assert process.poll() is None, f"start.sh ended with {process.returncode}"
        with contextlib.suppress(urllib.error.URLError, ConnectionError):
            fetched(address)
            return
        time.sleep(0.2)
    raise AssertionError(f"{address} did not answer within {seconds} seconds")


@pytest.fixture(scope="module", params=list(CONSTRAINTS))
def started(
    request: pytest.FixtureRequest, seeds_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """Give the address of the site that start.sh serves from an environment of its own, away from the repository."""
    folder = tmp_path_factory.mktemp("bare machine") / "site"
    make_folder(REPOSITORY, seeds_path, folder, request.param)
    bare = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "VIRTUAL_ENV")}
    environment = {**bare, "PORT": str(free_port()), "PYTHON": sys.executable}
    process = subprocess.Popen(["./start.sh"], cwd=folder, env=environment, start_new_session=True)
    address = f"http://127.0.0.1:{environment['PORT']}"
    try:
        wait_for(f"{address}/-/health", process, START_SECONDS)
        yield address
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(SERVING_SECONDS)


@pytest.mark.slow
def test_one_command_serves_the_site_on_a_bare_machine(started: str) -> None:
    wrong = {path: sign for path, sign in PAGES.items() if sign not in fetched(started + path)}
    assert wrong == {}


@pytest.mark.slow
def test_a_bare_machine_serves_what_the_repository_serves(started: str, published: Path) -> None:
    for path in (
        "/-/home.json",
        "/-/find.json?q=model",
        "/-/statistics.json",
        "/-/author/neel-nanda.json",
        "/comments/busiest_authors.json?_shape=array",
    ):
        assert json.loads(fetched(started + path)) == json.loads(get(published, path)), path


@pytest.mark.slow
def test_behind_a_proxy_with_https_the_addresses_say_so(started: str) -> None:
    host = started.removeprefix("http://")
    assert f'<link rel="canonical" href="http://{host}/">' in fetched(f"{started}/")
    assert f'<link rel="canonical" href="https://{host}/">' in fetched(f"{started}/", X_Forwarded_Proto="https")


@pytest.mark.slow
def test_a_bare_machine_gets_no_more_than_serving_needs(started: str) -> None:
    plugins = {plugin["name"] for plugin in json.loads(fetched(f"{started}/-/plugins.json"))}
    assert plugins == {path.name for path in (REPOSITORY / "plugins").glob("*.py")} | {"datasette-search-all"}
