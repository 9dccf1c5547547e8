"""The site as `datasette .` serves it, on a database that the real build made from the seeds."""

from __future__ import annotations

import json
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from copy import deepcopy
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml
from datasette.app import Datasette
from dump_archive import build_archive
from finding_archive import make_archive
from rooms import write_made_up

from forum_comments.inspection import INSPECT_FILE
from forum_comments.pages.lines import IS_LINE_1
from forum_comments.publishing.configuration import SETTINGS_FILE, configuration_of, configuration_text
from forum_comments.publishing.folder import SITE_PARTS

REPOSITORY = Path(__file__).parents[2]
SEEDS = REPOSITORY / "seeds"
# What is served beside the database: the repository's, or that of a folder to be published, which has the same parts.
SITE = Path(os.environ.get("SITE_FOLDER") or REPOSITORY).absolute()
METADATA = yaml.safe_load((SITE / "metadata.yml").read_text(encoding="utf-8"))
SETTINGS = json.loads((SITE / "settings.json").read_text(encoding="utf-8"))
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SECONDS_TO_START = 60
# The limits are of wall time, which a busy machine gives to others; tests of the limits set their own.
PATIENCE = {name: 10 * SETTINGS[name] for name in ("sql_time_limit_ms", "facet_time_limit_ms")}
# Where anybody's SQL is answered; Datasette 1.0 leads on to it from the address that 0.65 has.
SQL_PATH = "/comments/-/query" if IS_LINE_1 else "/comments"
# Of SQL that ends in an error, Datasette 1.0 says so in a page that answers 200.
SQL_AT_FAULT = 200 if IS_LINE_1 else 400


def lay_out(database: Path, folder: Path, **settings: object) -> Path:
    """Put a database and the parts of the site into a folder that `datasette .` serves, on either line.

    `settings` take the place of those of the site.
    """
    shutil.copy(database, folder / "comments.db")
    for part in SITE_PARTS:
        (folder / part).symlink_to(SITE / part)
    together = {**SETTINGS, **settings}
    if settings:
        (folder / SETTINGS_FILE).unlink()
        (folder / SETTINGS_FILE).write_text(json.dumps(together), encoding="utf-8")
    (folder / "datasette.yml").write_text(configuration_text(METADATA, together), encoding="utf-8")
    return folder


def site_of(database: Path, metadata: Mapping[str, Any] = METADATA, **settings: object) -> Datasette:
    """Make the site with everything that the repository adds to it, and ten times the time for a statement or facet.

    Datasette registers plugins once per process by file name, so all tests take them from the same folder. The
    database is immutable, as a published one is; only then Datasette offers it for download.
    """
    together = {**SETTINGS, **PATIENCE, **settings}
    configuration = {"config": configuration_of(metadata, together)} if IS_LINE_1 else {"settings": together}
    return Datasette(
        [],
        immutables=[str(database)],
        metadata=deepcopy(dict(metadata)),  # Datasette writes into it
        **configuration,
        plugins_dir=str(SITE / "plugins"),
        template_dir=str(SITE / "templates"),
        static_mounts=[("static", str(SITE / "static"))],
    )


@pytest.fixture(scope="session")
def database(seeds_path: Path) -> Path:
    """Give the path of comments.db, built from the seeds with their corrections; no test writes into it."""
    return seeds_path


@pytest.fixture(scope="session")
def site(database: Path) -> Datasette:
    return site_of(database)


@pytest.fixture(scope="session")
def made_up(tmp_path_factory: pytest.TempPathFactory) -> Datasette:
    """Give the site over a made-up archive: deep and wide threads, a placeholder, hostile text, a page, a dump."""
    path = tmp_path_factory.mktemp("made-up") / "comments.db"
    write_made_up(path)
    return site_of(path)


@pytest.fixture(scope="session")
def dumps_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the path of comments.db, built from dumps and a page."""
    return build_archive(tmp_path_factory.mktemp("dumps"))


@pytest.fixture(scope="session")
def dumps(dumps_database: Path) -> Datasette:
    """Give the site over an archive of dumps and a page."""
    return site_of(dumps_database)


@pytest.fixture(scope="session")
def finding_archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the path of a small archive of which every search, feed and figure can be said beforehand."""
    return make_archive(tmp_path_factory.mktemp("finding") / "comments.db")


@pytest.fixture
def connection(finding_archive: Path) -> Iterator[sqlite3.Connection]:
    """Give a connection to that archive."""
    with closing(sqlite3.connect(finding_archive)) as connection:
        yield connection


@pytest.fixture(scope="session")
def server(database: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Give the address of a real server in a process of its own, which serves the database as immutable."""
    folder = lay_out(database, tmp_path_factory.mktemp("browsed"), **PATIENCE)
    shutil.copy(database.parent / INSPECT_FILE, folder)
    with serving(folder) as address:
        yield address


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """Serve a folder in a process of its own as long as the block lasts, and give the address."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "datasette", ".", "-p", str(port)]
    address = f"http://127.0.0.1:{port}"
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            wait_for(address)
            yield address
        finally:
            process.terminate()


def wait_for(address: str) -> None:
    end = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < end:
        try:
            httpx.get(address)
            return
        except httpx.TransportError:
            time.sleep(0.2)
    raise TimeoutError(f"no server at {address} after {SECONDS_TO_START} seconds")


@pytest.fixture(scope="module")  # not longer: while it is open, no test can have an event loop of its own
def browser() -> Iterator[Any]:
    sync_api = pytest.importorskip("playwright.sync_api", reason="the Python package playwright is not installed")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def paths(database: Path) -> dict[str, str]:
    """Give a path of every kind of page, the stock ones too."""
    with closing(sqlite3.connect(database)) as connection:

        def first(sql: str) -> str:
            return str(connection.execute(sql).fetchone()[0])

        reply = first("select id from comments where parent_id is not null order by depth desc limit 1")
        quoting = first("select comment_id from passages where is_quotation limit 1")
        document = first("select document_id from appearances group by 1 order by count(*) desc limit 1")
    return {
        "home": "/",
        "comment": f"/comments/comments/{quoting}",
        "thread": f"/-/thread/{reply}",
        "author": "/-/author/zac-hatfield-dodds?sort=length",
        "source": f"/-/source/{document}?position=2",
        "search": "/-/find?q=model+C%2B%2B+%22soon",
        "search help": "/-/find",
        "statistics": "/-/statistics",
        "about": "/-/about",
        "missing": "/-/thread/nobody",
        "stock database": "/comments",
        "stock table": "/comments/comments?_facet=author_id&author_basis=header",
        "stock row": "/comments/authors/erik-jenner",
        "stock query": "/comments/who_answers_whom",
        "stock SQL": "/comments?sql=select+id,+body+from+comments+limit+3",
        "stock search": "/-/search?q=model",
        "stock queries": "/comments/-/queries",  # of Datasette 1.0
    }


def opened(browser: Any, address: str, **options: object) -> Any:
    """Open an address in a context of its own and give the page; what it asks of other hosts is refused."""
    context = browser.new_context(**options)
    context.route(lambda url: not url.startswith(address[: address.index("/", 8)]), lambda route: route.abort())
    page = context.new_page()
    page.goto(address, wait_until="load")
    return page


def painted(page: Any) -> None:
    """Wait until a page has been painted twice more: what a change of its styles asks for is then asked for."""
    page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done))))")
