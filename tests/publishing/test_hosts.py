"""What publishers and hosts make of the site: what they generate, and what the command does that they would run."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from forum_comments.pages.lines import IS_LINE_1

REPOSITORY = Path(__file__).parents[2]
README = (REPOSITORY / "README.md").read_text(encoding="utf-8").replace("\\\n", " ")
LINES = {line.split()[2]: line for line in re.findall(r"^\.venv/bin/datasette publish .*$", README, re.MULTILINE)}
# What a publisher's own program answers where the publisher asks it something.
FAKE = """#!/bin/sh
echo "{name} $*" >> "$CALLS"
case "$1 $2" in
    "config get-value") echo example-project ;;
    "plugins "*) echo "heroku-builds 0.0.30" ;;
    "builds submit") cp -R . "$TAKEN" ;;
esac
"""
pytestmark = pytest.mark.skipif(IS_LINE_1, reason="the publishers install Datasette 0.65")


@pytest.fixture
def offered(published: Path, tmp_path: Path) -> Path:
    """Give a folder like the repository after `make publish-dir`, with programs that do nothing but take things."""
    (tmp_path / "build").mkdir()
    (tmp_path / "build" / "publish").symlink_to(published)
    (tmp_path / "bin").mkdir()
    for name in ("gcloud", "heroku", "flyctl"):
        program = tmp_path / "bin" / name
        program.write_text(FAKE.replace("{name}", name))
        program.chmod(0o755)
    return tmp_path


def publish(offered: Path, host: str, *more: str) -> Path:
    """Run the README's line for a host, and give the folder that the host would get."""
    taken = offered / "taken"
    line = LINES[host].replace(".venv/bin/datasette", f"{shlex.quote(sys.executable)} -m datasette")
    environment = {
        **os.environ,
        "PATH": f"{offered / 'bin'}:{os.environ['PATH']}",
        "TAKEN": str(taken),
        "CALLS": str(offered / "calls"),
    }
    done = subprocess.run(
        [*("sh", "-c", f"{line} {shlex.join(more)}")],
        cwd=offered,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return taken


def answer(folder: Path, command: str, path: str) -> str:
    """Run a host's start command with `--get`, so that it answers one request and ends."""
    words = shlex.split(command.replace("$PORT", "8001"))
    assert words[:2] == ["datasette", "serve"]
    done = subprocess.run(
        [sys.executable, "-m", "datasette", *words[1:], "--get", path],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def require_site(folder: Path, command: str) -> None:
    """Check that a start command serves the site with its pages, queries, settings and the whole database."""
    assert json.loads(answer(folder, command, "/-/health"))["ok"] is True
    settings = json.loads(answer(folder, command, "/-/settings.json"))
    wanted = json.loads((REPOSITORY / "settings.json").read_text())
    assert {name: settings[name] for name in wanted} == wanted
    assert "<mark>" in answer(folder, command, "/comments/search?q=constitutional")
    assert '<a href="/comments.db">' in answer(folder, command, "/")
    assert "--paper" in answer(folder, command, "/static/site.css")


def inspect(folder: Path, line: str) -> None:
    """Count the rows as the host does before it starts."""
    words = shlex.split(line)
    assert words[:2] == ["datasette", "inspect"]
    subprocess.run([sys.executable, "-m", "datasette", *words[1:]], cwd=folder, check=True, timeout=60)


def test_the_readme_has_a_line_for_each_of_three_hosts() -> None:
    assert sorted(LINES) == ["cloudrun", "fly", "heroku"]


@pytest.mark.slow
def test_cloud_run_gets_an_image_that_serves_the_site(offered: Path) -> None:
    taken = publish(offered, "cloudrun")
    steps = re.findall(r"^(RUN|CMD) (.*)$", (taken / "Dockerfile").read_text(), re.MULTILINE)
    (install, count), (start,) = [step for kind, step in steps if kind == "RUN"], [s for k, s in steps if k == "CMD"]
    assert install == "pip install -U datasette -r package/requirements.txt"
    assert (taken / "package" / "forum_comments" / "__init__.py").exists()
    inspect(taken, count)
    require_site(taken, start)
    assert "--setting force_https_urls on" in start
    calls = (offered / "calls").read_text()
    assert "gcloud run deploy --allow-unauthenticated" in calls and " forum-comments" in calls


@pytest.mark.slow
def test_fly_gets_an_image_that_serves_the_site(offered: Path) -> None:
    taken = publish(offered, "fly", "--generate-dir", str(offered / "taken"))
    steps = re.findall(r"^(RUN|CMD) (.*)$", (taken / "Dockerfile").read_text(), re.MULTILINE)
    commands = [step for _, step in steps]
    assert "pip install -U datasette -r package/requirements.txt" in commands
    inspect(taken, next(command for command in commands if command.startswith("datasette inspect")))
    require_site(taken, commands[-1])
    assert 'app = "forum-comments"' in (taken / "fly.toml").read_text()


@pytest.mark.slow
def test_heroku_gets_a_folder_that_serves_the_site(offered: Path) -> None:
    taken = publish(offered, "heroku", "--generate-dir", str(offered / "taken"))
    assert (taken / "requirements.txt").read_text() == "datasette\n-r package/requirements.txt"
    (taken / "inspect-data.json").write_text("{}")  # what its own step makes of no file at all
    (start,) = re.findall(r"^web: (.*)$", (taken / "Procfile").read_text(), re.MULTILINE)
    require_site(taken, start)


@pytest.mark.slow
def test_our_own_procfile_serves_the_folder(published: Path) -> None:
    (start,) = re.findall(r"^web: FORWARDED_ALLOW_IPS='\*' (.*)$", (published / "Procfile").read_text(), re.MULTILINE)
    require_site(published, start)


def dockerfile() -> list[tuple[str, str]]:
    """Give the instructions of our Dockerfile with what stands behind them."""
    text = (REPOSITORY / "hosting" / "Dockerfile").read_text().replace("\\\n", " ")
    lines = [line.split(maxsplit=1) for line in text.splitlines() if line and not line.startswith("#")]
    return [(word, " ".join(rest.split())) for word, rest in lines]


def test_the_image_is_of_a_python_that_is_supported_and_small() -> None:
    ((_, image),) = [step for step in dockerfile() if step[0] == "FROM"]
    assert re.fullmatch(r"python:3\.1[0-3]-slim", image)
    assert (REPOSITORY / "hosting" / ".python-version").read_text().strip() in image


def test_the_image_runs_as_nobody_in_particular_and_changes_user_last() -> None:
    words = [word for word, _ in dockerfile()]
    ((_, user),) = [step for step in dockerfile() if step[0] == "USER"]
    assert user.isdigit() and int(user) >= 1000
    assert "RUN" not in words[words.index("USER") :] and "COPY" not in words[words.index("USER") :]


def test_the_image_copies_only_what_the_folder_has(published: Path) -> None:
    sources = [rest.split()[0] for word, rest in dockerfile() if word == "COPY"]
    assert [source for source in sources if not (published / source).exists()] == []
    (install,) = [rest for word, rest in dockerfile() if word == "RUN" and "pip install" in rest]
    assert install.endswith("--requirement requirements.txt")


def test_the_images_health_check_asks_the_page_of_health() -> None:
    ((_, check),) = [step for step in dockerfile() if step[0] == "HEALTHCHECK"]
    words = json.loads(check[check.index("[") :])
    assert words[:2] == ["python", "-c"] and "/-/health" in words[2]
    compile(words[2], "HEALTHCHECK", "exec")


@pytest.mark.slow
def test_the_images_start_command_serves_the_folder(published: Path) -> None:
    ((_, start),) = [step for step in dockerfile() if step[0] == "CMD"]
    shell, option, line = json.loads(start)
    assert (shell, option, line.startswith("exec datasette serve . ")) == ("sh", "-c", True)
    require_site(published, line.removeprefix("exec ").replace('"$PORT"', "8001"))


def test_fly_toml_checks_the_page_of_health_at_the_images_port() -> None:
    text = (REPOSITORY / "hosting" / "fly.toml").read_text()
    assert 'path = "/-/health"' in text
    ports = re.findall(r'^(?:internal_port = |PORT = ")(\d+)', text, re.MULTILINE)
    assert ports == ["8001", "8001"]


# Every action that a workflow may use, at the commit of the release that is named beside it.
ACTIONS = {
    "actions/checkout": "08c6903cd8c0fde910a37f88322edcfb5dd907a8",  # v5.0.0
    "actions/setup-python": "e797f83bcb11b83ae66e0230d6156d7c80228e7c",  # v6.0.0
    "actions/upload-artifact": "ea165f8d65b6e75b540449e92b4886f43607fa02",  # v4.6.2
    "superfly/flyctl-actions/setup-flyctl": "fc53c09e1bc3be6f54706524e3b82c4f462f77be",  # v1.5
}


def test_the_workflow_tests_builds_checks_and_publishes_in_this_order() -> None:
    workflow = yaml.load((REPOSITORY / ".github/workflows/publish.yml").read_text(), yaml.BaseLoader)
    assert workflow["permissions"] == {"contents": "read"}
    jobs = workflow["jobs"]
    assert list(jobs) == ["test", "publish"]
    assert jobs["publish"]["needs"] == "test"
    assert all("timeout-minutes" in job for job in jobs.values())
    commands = [step["run"] for step in jobs["publish"]["steps"] if "run" in step]
    order = [
        next(i for i, command in enumerate(commands) if sign in command)
        for sign in ("make publish-dir", "--get", "fly")
    ]
    assert order == sorted(order)


def test_the_workflow_uses_known_actions_at_known_commits() -> None:
    text = (REPOSITORY / ".github/workflows/publish.yml").read_text()
    used = dict(line.split("@") for line in re.findall(r"uses: (\S+@\S+)", text))
    assert used.items() <= ACTIONS.items()
    assert {"actions/checkout", "actions/setup-python"} <= used.keys()


def test_the_workflow_checks_pages_that_exist(published: Path) -> None:
    text = (REPOSITORY / ".github/workflows/publish.yml").read_text()
    paths = re.findall(r"--get '?(/[^\s'\"]*)", text)
    assert "/-/health" in paths and "/" in paths
    for path in paths:
        answer(published, "datasette serve .", path)
