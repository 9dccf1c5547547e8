"""What the README says is true: its commands run, its figures are those of the database, its paths exist."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest
import yaml

from build_db import build
from forum_comments.export import EXPORTED

REPOSITORY = Path(__file__).parents[1]
README = (REPOSITORY / "README.md").read_text(encoding="utf-8")
COMMANDS = [
    command.strip()
    for block in re.findall(r"^```console\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
    for command in block.replace("\\\n", " ").splitlines()
]
GIVEN_TO_MAKE = {"MAKEFLAGS", "MAKEOVERRIDES", "MAKELEVEL", "PYTHON", "PORT"}
# What sets an environment up is what `make` does itself, which runs this very suite.
SET_UP = ("python3 -m venv", ".venv/bin/python -m pip install")
PROGRAMS = [
    command for command in COMMANDS if command.startswith(".venv/bin/python ") and not command.startswith(SET_UP)
]
# tests/publishing/test_hosts.py runs these.
PUBLISHED = [command for command in COMMANDS if command.startswith(".venv/bin/datasette publish")]
SERVED = [
    command
    for command in COMMANDS
    if command.startswith((".venv/bin/datasette", "datasette ")) and command not in PUBLISHED
]
REQUESTS = [command for command in COMMANDS if command.startswith("curl ")]


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a copy of the repository with sources of a reader's own, built and laid out for publishing."""
    folder = tmp_path_factory.mktemp("clone") / "repository"
    left_out = shutil.ignore_patterns(".git", ".venv", "*.db", "build", "*.egg-info", ".*_cache", ".hypothesis")
    shutil.copytree(REPOSITORY, folder, ignore=left_out)
    (folder / "my-pages").mkdir()
    (folder / "my-pages" / "page.txt").write_text("Ada Example\n\nWiki Contributions\n\nA comment.\n\nAnother.\n")
    (folder / "my-dumps").mkdir()
    (folder / "my-dumps" / "item.json").write_text(
        '{"id": 2, "type": "comment", "by": "ada", "text": "Yes.", "parent": 1}'
    )
    (folder / "my-comments.jsonl").write_text(example_of("jsonl"), encoding="utf-8")
    (folder / "another.txt").write_text("All of Bob's Comments + Replies\n\nOne comment.\n")
    run(folder, [sys.executable, "build_db.py"])
    run(folder, [sys.executable, "-m", "forum_comments.publishing", "folder"])
    return folder


def example_of(language: str) -> str:
    (example,) = re.findall(rf"^```{language}\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
    return str(example)


def run(folder: Path, command: list[str]) -> str:
    # What `make test` was called with is not for the commands of the README.
    environment = {name: value for name, value in os.environ.items() if name not in GIVEN_TO_MAKE}
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120, env=environment)
    assert done.returncode == 0, f"{shlex.join(command)}\n{done.stdout}{done.stderr}"
    return done.stdout


def test_the_readme_shows_no_command_that_is_not_tested() -> None:
    made = [command for command in COMMANDS if command.startswith("make ")]
    set_up = [command for command in COMMANDS if command.startswith(SET_UP)]
    assert sorted(made + set_up + PROGRAMS + PUBLISHED + SERVED + REQUESTS) == sorted(COMMANDS)


@pytest.mark.parametrize("target", re.findall(r"^make (\w+(?: \w+=\S+)*)$", README, re.MULTILINE))
def test_make_knows_the_target(target: str) -> None:
    environment = "build/datasette-1.0/bin" if target.endswith("DATASETTE=1.0") else ".venv/bin"
    assert environment in run(REPOSITORY, ["make", "--dry-run", "--always-make", *target.split()])


def test_the_set_up_without_make_is_the_one_that_make_does() -> None:
    planned = run(REPOSITORY, ["make", "--dry-run", "--always-make", "build"])
    assert "python3 -m venv --clear .venv" in planned
    assert "pip install --quiet --constraint constraints.txt --editable" in planned
    assert ".venv/bin/python -m pip install --constraint constraints.txt --editable ." in COMMANDS


@pytest.mark.parametrize("command", PROGRAMS)
def test_a_program_of_the_readme_runs(clone: Path, tmp_path: Path, command: str) -> None:
    folder = shutil.copytree(clone, tmp_path / "repository")  # what one writes is not there for the next one
    run(folder, [sys.executable, *shlex.split(command)[1:]])


@pytest.mark.parametrize("command", SERVED)
def test_a_datasette_command_of_the_readme_runs(clone: Path, command: str) -> None:
    words = [word for word in shlex.split(command, comments=True)[1:] if word not in ("-p", "8001")]
    inspects = "inspect" in words
    answer = run(clone, [sys.executable, "-m", "datasette", *words, *([] if inspects else ["--get", "/comments.json"])])
    assert inspects or json.loads(answer)["database"] == "comments"


@pytest.mark.parametrize("command", REQUESTS)
def test_a_request_of_the_readme_is_answered(clone: Path, command: str) -> None:
    words = shlex.split(command)
    address = urlsplit(next(word for word in words if word.startswith("http://127.0.0.1:8001/")))
    query = address.query
    if "--data-urlencode" in words:
        name, value = words[words.index("--data-urlencode") + 1].split("=", 1)
        query += "&" + urlencode({name: value})
    path = address.path + (f"?{query}" if query else "")
    if address.path.startswith("/-/comment/"):
        with closing(sqlite3.connect(clone / "comments.db")) as connection:
            comment_id = address.path.removeprefix("/-/comment/").removesuffix(".json")
            assert connection.execute("select count(*) from comments where id = ?", (comment_id,)).fetchone() == (1,)
        return  # a redirect has no body to print
    assert len(run(clone, [sys.executable, "-m", "datasette", ".", "--get", path])) > 100


def test_the_figures_of_the_readme_are_those_of_the_database(clone: Path) -> None:
    with closing(sqlite3.connect(clone / "comments.db")) as connection:
        counts = connection.execute(
            "select (select count(*) from appearances), (select count(*) from comments)"
        ).fetchone()
    assert f"{counts[0]} appearances of {counts[1]} comments" in README


def test_every_path_that_the_readme_names_exists() -> None:
    named = re.findall(
        r"`((?:forum_comments|seeds|plugins|tests|training|benchmarks|templates|static)/[\w./-]*)`", README
    )
    assert [path for path in named if not (REPOSITORY / path).exists()] == []


def test_the_example_of_the_plain_form_is_read(tmp_path: Path) -> None:
    (tmp_path / "my-comments.jsonl").write_text(example_of("jsonl"), encoding="utf-8")
    build([tmp_path / "my-comments.jsonl"], tmp_path / "mine.db", [])
    with closing(sqlite3.connect(tmp_path / "mine.db")) as connection:
        parts = ["It is: https://example.com/so", "Is it so?"]
        comments = "select id, parent_id, author_name, posted_at, karma, own_text, quoted_text, body from comments"
        assert connection.execute(f"{comments} order by id").fetchall() == [
            ("plain-1", None, "Ada", "2020-01-02T03:04:05Z", None, None, None, "Is it so?"),
            ("plain-2", "plain-1", "Bob", None, 3, *parts, "\n\n".join(reversed(parts))),
        ]
        assert connection.execute("select url from links").fetchall() == [("https://example.com/so",)]


def test_the_readme_names_every_field_of_the_plain_form() -> None:
    section = README.split("### The plain form")[1].split("\n## ")[0]
    rows = [line.split("|")[1] for line in section.splitlines() if line.startswith("| `")]
    assert sorted(re.findall(r"`(\w+)`", "".join(rows))) == sorted(EXPORTED)


def test_the_readme_names_every_canned_query() -> None:
    section = README.split("\n## Queries\n")[1].split("\n## ")[0]
    rows = [line.split("|")[1] for line in section.splitlines() if line.startswith("| `")]
    metadata = yaml.safe_load((REPOSITORY / "metadata.yml").read_text(encoding="utf-8"))
    assert sorted(re.findall(r"`(\w+)`", "".join(rows))) == sorted(metadata["databases"]["comments"]["queries"])
