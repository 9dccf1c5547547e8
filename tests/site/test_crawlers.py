"""What search engines are told: robots.txt, the map of the site, and authors who asked not to be listed."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from copy import deepcopy
from pathlib import Path
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pytest
from conftest import METADATA, site_of
from datasette.app import Datasette

from forum_comments.serving import sitemap

LOCATIONS = "{http://www.sitemaps.org/schemas/sitemap/0.9}loc"
HIDDEN = "neel-nanda"


def is_allowed(robots: str, address: str) -> bool:
    """Decide as RFC 9309 says: the longest rule that fits decides, and Allow wins where two are as long."""
    rules = re.findall(r"^(Allow|Disallow): (\S+)$", robots, re.MULTILINE)
    fitting = [
        (len(pattern), rule == "Allow")
        for rule, pattern in rules
        if re.match(re.escape(pattern).replace(r"\*", ".*").replace(r"\$", "$"), address)
    ]
    return max(fitting, default=(0, True))[1]


@pytest.mark.parametrize(
    ("address", "allowed"),
    [
        ("/", True),
        ("/-/about", True),
        ("/-/statistics", True),
        ("/-/thread/p-1", True),
        ("/-/author/ann", True),
        ("/-/source/abc", True),
        ("/-/comment/p-1", True),
        ("/comments/comments/p-1", True),
        ("/static/site.css?0123", True),
        ("/-/static/app.css?0123", True),
        ("/-/sitemap/comments-1.xml", True),
        ("/-/thread/p-1?page=2", False),
        ("/-/thread/p-1.json", False),
        ("/-/find", False),
        ("/-/find?q=a", False),
        ("/-/feeds/all.atom", False),
        ("/-/search?q=a", False),
        ("/-/metadata", False),
        ("/?sql=1", False),
        ("/comments", False),
        ("/comments?sql=select+1", False),
        ("/comments.db", False),
        ("/comments/comments", False),
        ("/comments/comments?_facet=age", False),
        ("/comments/comments.csv", False),
        ("/comments/comments/p-1.json", False),
        ("/comments/authors/ann", False),
        ("/comments/search?q=a", False),
    ],
)
async def test_crawlers_are_sent_to_pages_alone(site: Datasette, address: str, allowed: bool) -> None:
    answer = await site.client.get("/robots.txt")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert is_allowed(answer.text, address) is allowed


async def test_robots_names_the_map_and_honours_base_url(database: Path) -> None:
    robots = (await site_of(database, base_url="/archive/").client.get("/robots.txt")).text
    assert robots.startswith("User-agent: *\nAllow: /archive/$\n")
    assert robots.endswith("\nSitemap: http://localhost/archive/sitemap.xml\n")


async def locations(site: Datasette, path: str) -> list[str]:
    """Give the paths that a part of the map names."""
    answer = await site.client.get(path)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/xml; charset=utf-8")
    return [urlsplit(found.text or "").path for found in ElementTree.fromstring(answer.text).iter(LOCATIONS)]


async def pages_of(site: Datasette) -> list[str]:
    return [page for part in await locations(site, "/sitemap.xml") for page in await locations(site, part)]


async def test_the_map_names_every_page_once(site: Datasette, database: Path) -> None:
    with closing(sqlite3.connect(database)) as connection:

        def paths(sql: str) -> list[str]:
            return [path for (path,) in connection.execute(sql)]

        expected = [
            "/",
            "/-/about",
            "/-/statistics",
            *paths("select '/comments/comments/' || id from comments where not is_placeholder"),
            *paths("select distinct '/-/thread/' || root_id from comments where root_id <> id"),
            *paths("select '/-/author/' || id from authors"),
            *paths("select '/-/source/' || id from documents"),
        ]
    assert sorted(await pages_of(site)) == sorted(expected)


async def test_every_page_of_the_map_is_there_and_may_be_listed(site: Datasette) -> None:
    robots = (await site.client.get("/robots.txt")).text
    for path in await pages_of(site):
        answer = await site.client.get(path)
        assert (path, answer.status_code, answer.headers.get("x-robots-tag")) == (path, 200, None)
        assert is_allowed(robots, path)


async def test_a_large_map_has_parts_and_is_read_in_batches(
    made_up: Datasette, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert sitemap.MOST_ADDRESSES <= 50_000  # of the protocol
    whole = await pages_of(made_up)
    monkeypatch.setattr(sitemap, "MOST_ADDRESSES", 100)
    monkeypatch.setattr(sitemap, "BATCH", 30)
    parts = await locations(made_up, "/sitemap.xml")
    assert "/-/sitemap/comments-8.xml" in parts
    assert max([len(await locations(made_up, part)) for part in parts]) == 100
    assert await pages_of(made_up) == whole


@pytest.mark.parametrize("path", ["/-/sitemap/comments-2.xml", "/-/sitemap/pages-2.xml", "/-/sitemap/nothing-1.xml"])
async def test_a_part_that_is_not_there_is_not_found(site: Datasette, path: str) -> None:
    assert (await site.client.get(path)).status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "/comments",
        "/comments/comments",
        "/-/home.json",
        "/-/find?q=a",
        "/-/feeds/all.atom",
        "/comments.db",
        "/robots.txt",
    ],
)
async def test_data_and_searches_are_not_to_be_listed(site: Datasette, path: str) -> None:
    assert (await site.client.get(path)).headers["x-robots-tag"] == "noindex"


async def test_pages_that_name_an_author_who_asked_so_are_not_to_be_listed(database: Path, site: Datasette) -> None:
    metadata = deepcopy(METADATA)
    metadata["plugins"]["forum-comments"]["authors_not_indexed"] = [HIDDEN]
    hiding = site_of(database, metadata)
    pages = await pages_of(site)
    hidden = {path for path in pages if (await hiding.client.get(path)).headers.get("x-robots-tag") == "noindex"}
    with closing(sqlite3.connect(database)) as connection:
        parameters = {"author": HIDDEN}
        theirs = {
            path
            for (path,) in connection.execute(
                """
                select '/comments/comments/' || id from comments where author_id = :author
                union select '/-/thread/' || root_id from comments
                    where author_id = :author and root_id in (select root_id from comments where id <> root_id)
                union select '/-/source/' || document_id from appearances
                    where comment_id in (select id from comments where author_id = :author)
                union select '/-/author/' || :author
                """,
                parameters,
            )
        }
    assert len(theirs) > 3
    assert theirs <= hidden
    assert "/" not in hidden
    assert len(hidden) < len(pages)
    named = await pages_of(hiding)
    assert set(pages) - set(named) == {path for path in theirs if not path.startswith("/-/source/")} - {
        path for path in theirs if path.startswith("/-/thread/") and path in named
    }
    assert f"/-/author/{HIDDEN}" not in named
