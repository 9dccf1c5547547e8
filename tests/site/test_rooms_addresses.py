"""What the reading room answers to odd addresses, to slow queries, to hostile text, below another base_url."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from conftest import site_of
from datasette.app import Datasette
from datasette.utils.asgi import BadRequest, Request
from rooms import HOSTILE, PageReader, column, write_made_up

from forum_comments.pages.serving import read_kept, read_page


@pytest.mark.parametrize(
    ("address", "status", "sentence"),
    [
        ("/-/thread/nobody", 404, "There is no comment “nobody” here."),
        ("/-/thread/first?page=2", 404, "The thread below “first” has no page 2."),
        ("/-/thread/first?page=x", 400, "“page” has to be a whole number from 1, and is “x”."),
        ("/-/thread/first?page=0", 400, "“page” has to be a whole number from 1, and is “0”."),
        ("/-/author/nobody", 404, "There is no author “nobody” here."),
        ("/-/author/ann?sort=best", 400, "Comments can be sorted by page, new, old, score, length, and not by “best”."),
        ("/-/author/ann?page=99", 404, "There is no page 99: the last one is 29."),
        ("/-/source/nothing", 404, "There is no document “nothing” here."),
        ("/-/source/page?position=3", 404, "This document has 2 comments, and none at 3."),
        ("/-/source/page?position=-1", 400, "“position” has to be a whole number from 1, and is “-1”."),
        ("/-/comment/nobody/page", 404, None),
    ],
)
async def test_a_wrong_address_is_answered_with_a_sentence(
    made_up: Datasette, address: str, status: int, sentence: str | None
) -> None:
    page = await made_up.client.get(address)
    assert page.status_code == status
    path, _, query = address.partition("?")
    twin = await made_up.client.get(f"{path}.json?{query}")
    assert twin.status_code == status
    assert twin.json()["ok"] is False
    if sentence is not None:
        assert sentence in page.text
        assert twin.json()["error"] == sentence


async def test_a_page_that_takes_too_long_is_given_up_with_a_sentence(site: Datasette, database: Path) -> None:
    endless = "with recursive n(i) as (select 1 union all select i + 1 from n) select max(i) from n"
    quick = site_of(database, sql_time_limit_ms=50)
    await quick.invoke_startup()
    with pytest.raises(BadRequest, match="The answer took longer than 50 milliseconds"):
        await read_page(quick, Request.fake("/"), lambda connection: {"i": connection.execute(endless).fetchone()})


async def test_a_page_that_is_kept_is_made_once(site: Datasette) -> None:
    made: list[int] = []

    def page(connection: sqlite3.Connection) -> dict[str, int]:
        made.append(1)
        return {"made": len(made)}

    for _ in range(3):
        assert await read_kept(site, Request.fake("/"), page) == {"made": 1}


async def test_hostile_text_stays_text_on_every_page(made_up: Datasette) -> None:
    for address in ("/comments/comments/hostile", "/-/thread/hostile", "/-/author/eve", "/-/source/page", "/"):
        page = (await made_up.client.get(address)).text
        assert "<script>alert" not in page, address
        assert "{{ 7 * 7 }}" in page or HOSTILE[:8] not in page, address
    shown = PageReader((await made_up.client.get("/-/author/eve")).text, "lead")
    links = PageReader((await made_up.client.get("/comments/comments/hostile")).text).values("href")
    assert [href for href in links if "alert" in href] == []
    assert shown.texts == [HOSTILE]


async def test_all_links_stay_below_another_base_url(database: Path) -> None:
    site = site_of(database, base_url="/archive/")
    document_id = column(database, "select id from documents")[0]
    comment_id = column(database, "select id from comments where parent_id is not null")[0]
    for address in (  # Datasette's client puts base_url before each
        "/",
        f"/comments/comments/{comment_id}",
        f"/-/thread/{comment_id}",
        "/-/author/erik-jenner",
        f"/-/source/{document_id}",
        "/comments/comments",
        "/nothing",
    ):
        response = await site.client.get(address)
        assert response.status_code == (404 if address.endswith("nothing") else 200), address
        page = PageReader(response.text)
        here = [*page.values("href"), *page.values("src"), *page.values("action")]
        assert [href for href in here if href.startswith("/") and not href.startswith("/archive/")] == []


async def test_every_control_of_the_stock_pages_has_a_name(site: Datasette) -> None:
    for address in ("/comments/comments?author_id=erik-jenner", "/comments", "/comments?sql=select+1", "/-/search"):
        page = PageReader((await site.client.get(address)).text)
        labelled = set(page.values("for", "label"))
        nameless = [
            (tag, attributes)
            for tag, attributes in page.elements
            if tag in ("input", "select", "textarea")
            and attributes.get("type") not in ("hidden", "submit", "checkbox")  # a check box stands in its label
            and "aria-label" not in attributes
            and attributes.get("id") not in labelled
        ]
        assert nameless == [], address


async def test_a_page_is_not_shown_of_a_database_of_another_name(tmp_path: Path) -> None:
    write_made_up(tmp_path / "archive.db")
    site = site_of(tmp_path / "archive.db")
    response = await site.client.get("/-/thread/first.json")
    assert response.status_code == 404
    assert response.json()["error"] == (
        "This page shows a database named “comments”, and none of that name is served here."
    )
    assert (await site.client.get("/")).status_code == 200
