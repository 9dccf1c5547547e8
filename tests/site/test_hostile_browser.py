"""Hostile texts in a real browser: no dialog opens, no script of theirs runs, and nothing even tries to."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import CHROMIUM, PATIENCE, lay_out, painted, serving
from hostile import write_hostile
from test_hostile import column
from test_policy_browser import watched

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed")


@pytest.fixture(scope="module")
def hostile_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_hostile(tmp_path_factory.mktemp("hostile-served"))


@pytest.fixture(scope="module")
def hostile_server(hostile_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving(lay_out(hostile_database, tmp_path_factory.mktemp("hostile-folder"), **PATIENCE)) as address:
        yield address


def test_no_text_runs_or_opens_anything(hostile_server: str, hostile_database: Path, browser: Any) -> None:
    comment, *_ = column(hostile_database, "select id from comments where source <> 'page' order by id")
    document, *_ = column(hostile_database, "select id from documents where text is not null order by id")
    author, *_ = column(hostile_database, "select author_id from comments where source <> 'page' order by id")
    page = watched(browser)
    for path in (
        "/",
        f"/comments/comments/{comment}",
        f"/-/thread/{comment}",
        f"/-/author/{author}",
        f"/-/source/{document}",
        "/-/find?q=said",
        "/-/find?q=%3Cscript%3Ealert(1)%3C/script%3E",
        "/-/search?q=said",
        "/-/statistics",
        "/-/about",
        "/comments/comments",
        "/comments/authors",
        "/comments/documents",
        "/comments?sql=select+body,+author_name+as+%22%3Cscript%3Ealert(1)%3C/script%3E%22+from+comments",
    ):
        page.goto(hostile_server + path, wait_until="load")
        painted(page)
        assert (path, page.dialogs, page.evaluate("window.violations")) == (path, [], [])
        assert page.locator("xss").count() == 0
    page.context.close()
