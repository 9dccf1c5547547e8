"""The site in a real browser: what a reader does, with and without JavaScript, and what axe-core finds on each page.

Skipped, with a word on what is missing, where there is no Chromium or its driver is not installed.
"""

from __future__ import annotations

import json
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest
from conftest import REPOSITORY, SETTINGS

sync_api = pytest.importorskip("playwright.sync_api", reason="the Python package playwright is not installed")
axe_api = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed")

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed")

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONE = {"width": 360, "height": 740}
DESK = {"width": 1280, "height": 900}
SERIOUS = {"serious", "critical"}
SECONDS_TO_START = 30


@pytest.fixture(scope="module")
def server(database: Path) -> Iterator[str]:
    """Give the address of a real server in a process of its own."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    options = [word for name, value in SETTINGS.items() for word in ("--setting", name, json.dumps(value))]
    folders = ["--template-dir", "templates", "--plugins-dir", "plugins", "--static", "static:static"]
    command = [sys.executable, "-m", "datasette", str(database), "-m", "metadata.yml", "-p", str(port), *folders]
    address = f"http://127.0.0.1:{port}"
    with subprocess.Popen(
        [*command, *options], cwd=REPOSITORY, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
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


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
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
    }


READING = ["home", "comment", "thread", "author", "source", "search", "search help", "statistics", "about", "missing"]
STOCK = ["stock database", "stock table", "stock row", "stock query", "stock SQL", "stock search"]
KINDS = READING + STOCK


def opened(browser: Any, address: str, **options: object) -> Any:
    """Open an address in a context of its own and give the page; what it asks of other hosts is refused."""
    context = browser.new_context(**options)
    context.route(lambda url: not url.startswith(address[: address.index("/", 8)]), lambda route: route.abort())
    page = context.new_page()
    page.goto(address, wait_until="load")
    return page


@pytest.mark.parametrize(("size", "scheme"), [(PHONE, "light"), (DESK, "dark")], ids=["phone-light", "desk-dark"])
@pytest.mark.parametrize("kind", KINDS)
def test_axe_finds_nothing_serious(
    server: str, browser: Any, paths: dict[str, str], kind: str, size: dict[str, int], scheme: str
) -> None:
    page = opened(browser, server + paths[kind], viewport=size, color_scheme=scheme)
    page.evaluate("for (const fold of document.querySelectorAll('details')) fold.open = true")
    found = axe_api.Axe().run(page).response["violations"]
    serious = {
        finding["id"]: [node["html"] + " " + node["failureSummary"] for node in finding["nodes"]]
        for finding in found
        if finding["impact"] in SERIOUS
    }
    page.context.close()
    assert serious == {}


@pytest.mark.parametrize("kind", READING)
def test_a_phone_shows_a_page_without_scrolling_sideways(
    server: str, browser: Any, paths: dict[str, str], kind: str
) -> None:
    page = opened(browser, server + paths[kind], viewport=PHONE)
    too_wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    page.context.close()
    assert too_wide == 0


@pytest.mark.parametrize("java_script", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_a_reader_searches_opens_a_comment_its_source_its_author_and_comes_back(
    server: str, browser: Any, java_script: bool
) -> None:
    page = opened(browser, server + "/", java_script_enabled=java_script)
    page.locator("main").get_by_role("searchbox").fill("adversarially attack")
    page.locator("main").get_by_role("searchbox").press("Enter")
    page.wait_for_url("**/-/find?*")
    results = page.url
    assert page.locator("mark").first.inner_text().startswith("adversarial")
    page.locator("main [data-comment] a").first.click()
    page.wait_for_url("**/comments/comments/*")
    words = page.locator(".prose").inner_text()
    assert "adversarially attack" in words
    page.get_by_role("link", name="See it on the saved page").click()
    page.wait_for_url("**/-/source/*")
    target = page.locator(":target")
    assert words[:30] in target.locator(".as-saved").inner_text()
    target.locator(".rail a").nth(1).click()
    page.wait_for_url("**/comments/comments/*")
    page.locator(".byline a").click()
    page.wait_for_url("**/-/author/*")
    assert page.get_by_role("heading", name="Comments", exact=True).is_visible()
    for _ in range(4):
        page.go_back()
    assert page.url == results
    page.context.close()


@pytest.mark.parametrize("java_script", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_a_reader_goes_from_the_home_page_to_a_thread_and_lands_on_a_comment_of_it(
    server: str, browser: Any, java_script: bool
) -> None:
    page = opened(browser, server + "/", java_script_enabled=java_script)
    page.get_by_role("region", name="Most discussed").get_by_role("link").first.click()
    page.wait_for_url("**/-/thread/*")
    comment = page.locator("article").nth(1)
    words = comment.locator(".prose").inner_text()
    comment.get_by_role("link", name="Page of the comment").click()
    page.wait_for_url("**/comments/comments/*")
    assert page.locator(".prose").inner_text().startswith(words[:80])
    page.get_by_role("link", name="Read in its thread").click()
    page.wait_for_url("**/-/thread/*")
    here = page.locator(":target")
    assert here.get_attribute("aria-current") == "true"
    assert here.locator(".prose").inner_text().startswith(words[:80])
    page.context.close()


@pytest.mark.parametrize("java_script", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_a_reader_searches_opens_a_comment_its_thread_and_comes_back(
    server: str, browser: Any, java_script: bool
) -> None:
    page = opened(browser, server + "/", java_script_enabled=java_script)
    page.get_by_role("main").get_by_role("searchbox").fill("models is:reply")
    page.keyboard.press("Enter")
    page.wait_for_url("**/-/find?*")
    assert page.get_by_role("heading", level=1).inner_text() == "Search: models is:reply"
    assert page.locator("mark").first.inner_text().lower().startswith("model")
    title = page.locator(".results h2").first.inner_text()
    page.locator(".results h2 a").first.click()
    page.wait_for_url("**/comments/comments/*")
    assert page.locator(".prose").inner_text().startswith(title.rstrip("…")[:20])
    page.go_back()
    page.get_by_role("link", name=f"Thread of: {title}").click()
    page.wait_for_url("**/-/thread/*")
    assert page.locator("[aria-current=true]").count() == 1
    page.go_back()
    assert page.get_by_role("main").get_by_role("searchbox").input_value() == "models is:reply"
    page.context.close()


def test_the_first_tab_offers_to_skip_the_menu(server: str, browser: Any) -> None:
    page = opened(browser, server + "/-/author/erik-jenner")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"
    page.context.close()


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_asks_nothing_of_another_host_and_reports_no_error(
    server: str, browser: Any, paths: dict[str, str], kind: str
) -> None:
    page = browser.new_page()
    asked: list[str] = []
    errors: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(server + paths[kind], wait_until="load")
    page.close()
    assert [url for url in asked if not url.startswith((server, "data:"))] == []
    assert errors == []


def test_a_click_beside_an_open_fold_leaves_it_open(server: str, browser: Any, paths: dict[str, str]) -> None:
    page = opened(browser, server + paths["comment"])
    page.get_by_text("BibTeX").click()
    page.get_by_role("heading", level=1).click(position={"x": 300, "y": 5}, force=True)
    assert page.locator("details[open]").count() == 1
    page.context.close()
