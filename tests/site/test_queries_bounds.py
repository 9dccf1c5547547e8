"""Canned queries over an archive that is large where they look: no answer is larger than a page may be."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from conftest import METADATA, site_of
from datasette.app import Datasette

from build_db import build
from forum_comments.serving.sqlite_limits import PAGE

QUERIES = METADATA["databases"]["comments"]["queries"]
COMMENTS = 700
FILLING = "rope " * 500
# For each parameter a value that finds everything.
ASKED = {"q": "rope", "comment": "plain-0", "author": "Ada", "post": "plain-post", "host": "a.example"}


def row(number: int) -> dict[str, object]:
    """Give a long comment in one thread with all others, which quotes the first and has an address of its own."""
    body = f"> Number 0 begins the thread in which all others stand.\n\nhttps://a.example/{number} {FILLING}"
    if number == 0:
        body = f"Number 0 begins the thread in which all others stand.\n\n{FILLING}"
    return {
        "id": number,
        "parent_id": 0 if number else None,
        "author": "Ada" if number % 2 else f"Bob {number}",
        "post_id": "post",
        "post_title": "On ropes",
        "body": body,
        "markup": "markdown",
    }


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Datasette:
    """Give the site over two dumps of one long thread, which disagree on the dates of its comments."""
    folder = tmp_path_factory.mktemp("large")
    for year in (2020, 2021):
        rows = [{**row(number), "posted_at": f"{year}-01-01T00:00:00Z"} for number in range(COMMENTS)]
        (folder / f"{year}.jsonl").write_text("".join(f"{json.dumps(each)}\n" for each in rows), encoding="utf-8")
    path: Path = folder / "comments.db"
    build([folder / "2020.jsonl", folder / "2021.jsonl"], path, [])
    return site_of(path)


@pytest.mark.parametrize("name", list(QUERIES))
async def test_a_query_never_answers_more_than_a_page_may_hold(large: Datasette, name: str) -> None:
    asked = {parameter: ASKED[parameter] for parameter in QUERIES[name].get("params", [])}
    answer = await large.client.get(f"/comments/{name}.json", params={**asked, "_shape": "array"})
    rows = answer.json()
    assert sum(len(each) for each in rows) <= PAGE.cells
    assert sum(len(value) for each in rows for value in each.values() if isinstance(value, str)) <= PAGE.characters


@pytest.mark.parametrize("name", ["author_comments", "comments_on_a_post", "thread", "who_answers_whom"])
async def test_the_page_of_a_query_that_finds_much_is_answered(large: Datasette, name: str) -> None:
    asked = {parameter: ASKED[parameter] for parameter in QUERIES[name]["params"]}
    assert (await large.client.get(f"/comments/{name}", params=asked)).status_code == 200
