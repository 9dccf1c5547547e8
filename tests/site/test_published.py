"""What the site tells hosts, search engines and whoever finds a hole in it."""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
import struct
import zlib
from pathlib import Path
from typing import Any

import pytest
from conftest import METADATA, site_of
from datasette.app import Datasette
from datasette.utils import StartupError
from rooms import PageReader, column

from forum_comments.errors import PageError
from forum_comments.pages.card import HEIGHT, LINES, MARGIN, PALETTE, WIDTH, draw, png
from forum_comments.pages.publisher import Publisher, publisher_of, security_text
from forum_comments.schema import SCHEMA_VERSION

SAID = {
    "SITE_URL": "https://comments.example",
    "SECURITY_CONTACT": "mailto:security@comments.example",
    "SECURITY_EXPIRES": "2030-01-31T00:00:00Z",
}


def links_of(html: str) -> dict[str, str]:
    """Give what the head of a page says of itself: canonical link and Open Graph properties."""
    elements = PageReader(html).elements
    said = {link["rel"]: link["href"] for tag, link in elements if tag == "link" and link.get("rel") == "canonical"}
    return said | {meta["property"]: meta["content"] for tag, meta in elements if tag == "meta" and "property" in meta}


def damaged(database: Path, folder: Path, sql: str) -> Datasette:
    """Make the site over a copy of the database to which something was done."""
    copy = folder / "comments.db"
    shutil.copy(database, copy)
    with sqlite3.connect(copy) as connection:
        connection.execute(sql)
    connection.close()
    return site_of(copy)


async def test_a_healthy_site_names_its_build_and_is_asked_anew_each_time(site: Datasette, database: Path) -> None:
    answer = await site.client.get("/-/health")
    (inputs,) = column(database, "select inputs_sha256 from builds")
    (program,) = column(database, "select program_version from builds")
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    assert answer.json() == {
        "ok": True,
        "build": str(inputs)[:12],
        "inputs_sha256": inputs,
        "program_version": program,
        "schema_version": SCHEMA_VERSION,
    }


@pytest.mark.parametrize(
    ("sql", "error"),
    [
        ("update builds set schema_version = 99", "The database has schema version 99; expected "),
        ("delete from builds", "The database holds no build."),
        ("drop table builds", "no such table: builds"),
        ("drop table comments_fts", "no such table: comments_fts"),
    ],
)
async def test_a_database_that_cannot_be_served_is_unhealthy(
    database: Path, tmp_path: Path, sql: str, error: str
) -> None:
    answer = await damaged(database, tmp_path, sql).client.get("/-/health")
    assert answer.status_code == 503
    assert answer.json()["ok"] is False
    assert answer.json()["error"].startswith(error)


async def test_a_site_without_the_database_is_unhealthy(database: Path, tmp_path: Path) -> None:
    shutil.copy(database, tmp_path / "other.db")
    answer = await site_of(tmp_path / "other.db").client.get("/-/health")
    assert answer.status_code == 503
    assert answer.json() == {"ok": False, "error": "No database named “comments” is served here."}


async def test_the_footer_of_every_page_names_the_build(site: Datasette, database: Path) -> None:
    (inputs,) = column(database, "select inputs_sha256 from builds")
    for path in ("/", "/-/about", "/comments", "/comments/comments", "/-/search"):
        assert f">{str(inputs)[:12]}</code>" in (await site.client.get(path)).text, path


async def test_the_manifest_is_served_where_one_lies_beside_the_database(database: Path, tmp_path: Path) -> None:
    copy = tmp_path / "comments.db"
    shutil.copy(database, copy)
    assert (await site_of(copy).client.get("/-/manifest.json")).status_code == 404
    (tmp_path / "manifest.json").write_text('{"format": 1}')
    answer = await site_of(copy).client.get("/-/manifest.json")
    assert (answer.status_code, answer.json()) == (200, {"format": 1})


async def test_without_a_contact_there_is_no_security_text(site: Datasette) -> None:
    assert (await site.client.get("/.well-known/security.txt")).status_code == 404


async def test_the_publishers_words_come_from_the_environment(database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in SAID.items():
        monkeypatch.setenv(name, value)
    site = site_of(database)
    answer = await site.client.get("/.well-known/security.txt")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.text == (
        "Contact: mailto:security@comments.example\n"
        "Expires: 2030-01-31T00:00:00Z\n"
        "Preferred-Languages: en\n"
        "Canonical: https://comments.example/.well-known/security.txt\n"
    )
    assert links_of((await site.client.get("/")).text)["canonical"] == "https://comments.example/"
    assert "<id>https://comments.example/" in (await site.client.get("/-/feeds/all.atom")).text


async def test_a_word_of_the_publisher_that_cannot_be_used_stops_the_start(
    database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SITE_URL", "comments.example")
    with pytest.raises(StartupError, match=r"site_url is “comments\.example”; expected https:// and a host"):
        await site_of(database).invoke_startup()


@pytest.mark.parametrize(
    ("said", "what"),
    [
        ({"site_url": "https://a.example/path"}, "expected https:// and a host, without a path"),
        ({"site_url": "javascript:alert(1)"}, "expected https:// and a host, without a path"),
        ({"security_contact": "me@a.example", "security_expires": "2030-01-31T00:00:00Z"}, "expected it to begin with"),
        ({"security_contact": "mailto:me@a.example"}, "belong together"),
        ({"removal_contact": "me@a.example"}, "removal_contact is “me@a.example”; expected it to begin with mailto:"),
        ({"security_expires": "2030-01-31T00:00:00Z"}, "belong together"),
        ({"security_contact": "mailto:me@a.example", "security_expires": "2030-01-31"}, "expected a time such as"),
        ({"security_contact": "mailto:me@a.example", "security_expires": "soon"}, "expected a time such as"),
    ],
)
def test_what_the_publisher_cannot_have_meant_is_said(said: dict[str, str], what: str) -> None:
    with pytest.raises(PageError, match=what):
        publisher_of(said)


def test_what_the_publisher_has_not_said_is_left_out() -> None:
    assert publisher_of(None) == publisher_of({"site_url": None, "security_contact": ""}) == Publisher()
    assert security_text(Publisher(), "https://a.example/.well-known/security.txt") is None
    assert publisher_of({"site_url": "https://a.example/"}) == Publisher(site_url="https://a.example/")


def test_the_sites_metadata_asks_the_environment_for_what_is_known() -> None:
    assert set(METADATA["plugins"]["forum-comments"]) >= set(Publisher.__slots__)


@pytest.mark.parametrize(
    ("asked", "canonical"),
    [
        ("/", "/"),
        ("/?utm_source=x", "/"),
        ("/-/find?q=model+C%2B%2B&sort=new&x=1", "/-/find?q=model+C%2B%2B&sort=new"),
        ("/-/author/zac-hatfield-dodds?sort=length&page=1", "/-/author/zac-hatfield-dodds?sort=length"),
        ("/-/about?x", "/-/about"),
        ("/-/statistics", "/-/statistics"),
    ],
)
async def test_a_page_names_its_one_address(site: Datasette, asked: str, canonical: str) -> None:
    said = links_of((await site.client.get(asked)).text)
    assert (said["canonical"], said["og:url"]) == (f"http://localhost{canonical}",) * 2


async def test_the_page_of_a_part_of_a_long_list_names_the_part(made_up: Datasette) -> None:
    said = links_of((await made_up.client.get("/-/thread/wide-0?page=2&from=mail")).text)
    assert said["canonical"] == "http://localhost/-/thread/wide-0?page=2"
    assert (await made_up.client.get(said["canonical"].removeprefix("http://localhost"))).status_code == 200


async def test_a_comment_is_canonical_where_its_permalink_leads(site: Datasette, database: Path) -> None:
    comment = column(database, "select id from comments order by id limit 1")[0]
    led = (await site.client.get(f"/-/comment/{comment}")).headers["location"]
    said = links_of((await site.client.get(f"{led}?x=1")).text)
    assert said["canonical"] == f"http://localhost{led}" == f"http://localhost/comments/comments/{comment}"
    assert said["og:type"] == "article"


async def test_canonical_links_honour_the_base_url(database: Path) -> None:
    site = site_of(database, base_url="/archive/")
    said = links_of((await site.client.get("/-/about")).text)
    assert said["canonical"] == "http://localhost/archive/-/about"
    assert said["og:image"] == "http://localhost/archive/-/card.png"


async def test_what_stands_beside_a_link_elsewhere_is_the_text_of_the_comment(made_up: Datasette) -> None:
    said = links_of((await made_up.client.get("/comments/comments/first")).text)
    assert said["og:title"] == "Ann: Title of first"
    assert said["og:description"] == "First comment. <b>quoted</b>"


async def test_stock_pages_name_no_canonical_address(site: Datasette) -> None:
    assert links_of((await site.client.get("/comments/authors")).text) == {}


def pixels_of(picture: bytes) -> tuple[int, int, list[bytes]]:
    """Give width, height and lines of a PNG with a byte a pixel and no filter; its checksums are checked."""
    assert picture.startswith(b"\x89PNG\r\n\x1a\n")
    place, chunks = 8, {}
    while place < len(picture):
        (length,) = struct.unpack(">I", picture[place : place + 4])
        kind, content = picture[place + 4 : place + 8], picture[place + 8 : place + 8 + length]
        (checksum,) = struct.unpack(">I", picture[place + 8 + length : place + 12 + length])
        assert checksum == zlib.crc32(kind + content)
        chunks[kind] = content
        place += 12 + length
    assert list(chunks) == [b"IHDR", b"PLTE", b"IDAT", b"IEND"]
    width, height = struct.unpack(">II", chunks[b"IHDR"][:8])
    raw = zlib.decompress(chunks[b"IDAT"])
    return width, height, [raw[start + 1 : start + 1 + width] for start in range(0, len(raw), width + 1)]


def test_a_picture_is_read_back_as_it_was_drawn() -> None:
    lines = [b"\0\1\2", b"\2\1\0"]
    assert pixels_of(png(lines)) == (3, 2, lines)


def test_each_comment_is_a_block_as_wide_as_it_is_long_and_as_dark_as_it_stands_deep() -> None:
    lines = draw([(100, 0), (400, 1), (100, 99)] * 20)
    assert (len(lines), {len(line) for line in lines}) == (HEIGHT, {WIDTH})
    deepest = len(PALETTE) - 1
    widths = {colour: len(re.findall(b"[%c]+" % colour, lines[MARGIN])[0]) for colour in (1, 2, deepest)}
    assert (widths[2], widths[deepest]) == (2 * widths[1], widths[1])
    assert set(b"".join(lines)) == {0, 1, 2, deepest}


@pytest.mark.parametrize("comments", [[], [(1, 0)], [(10**9, 3)] * 2000, [(1, 0)] * 2000], ids=len)
def test_the_picture_of_any_archive_has_its_size(comments: list[tuple[int, int]]) -> None:
    lines = draw(comments)
    assert (len(lines), {len(line) for line in lines}) == (HEIGHT, {WIDTH})
    blocks = {line for line in lines if any(line)}
    assert len(blocks) <= LINES


async def test_the_picture_is_small_and_made_of_the_comments(site: Datasette) -> None:
    answer = await site.client.get("/-/card.png")
    assert answer.headers["content-type"] == "image/png"
    assert len(answer.content) < 20_000
    width, height, lines = pixels_of(answer.content)
    assert (width, height) == (WIDTH, HEIGHT)
    assert set(b"".join(lines)) > {0, 1}


def described_in(page: str) -> Any:
    """Give the description of the archive as a schema.org Dataset that a page holds."""
    (block,) = re.findall(r'<script[^>]* type="application/ld\+json"[^>]*>(.*?)</script>', page, re.DOTALL)
    return json.loads(block)


async def test_the_home_page_describes_the_archive_as_a_dataset(site: Datasette, database: Path) -> None:
    page = (await site.client.get("/")).text
    (inputs,) = column(database, "select inputs_sha256 from builds")
    assert described_in(page) == {
        "@context": "https://schema.org/",
        "@type": "Dataset",
        "name": METADATA["title"],
        "description": METADATA["description"],
        "url": "http://localhost/",
        "identifier": inputs,
        "version": f"build {str(inputs)[:12]}",
        "keywords": ["forum comments", "discussion threads", "replies", "quotations", "provenance"],
        "isAccessibleForFree": True,
        "usageInfo": "http://localhost/-/about",
        "isBasedOn": METADATA["source_url"],
        "size": "70 comments by 9 authors",
        "image": "http://localhost/-/card.png",
        "distribution": [
            {
                "@type": "DataDownload",
                "contentUrl": "http://localhost/comments.db",
                "encodingFormat": "application/vnd.sqlite3",
            },
            {
                "@type": "DataDownload",
                "contentUrl": "http://localhost/comments/comments.csv?_stream=on",
                "encodingFormat": "text/csv",
            },
        ],
    }


async def test_a_dataset_with_dates_says_which_days_it_covers(made_up: Datasette) -> None:
    page = (await made_up.client.get("/")).text
    assert described_in(page)["temporalCoverage"] == "2020-05-17/2020-05-17"


async def test_everything_the_dataset_names_answers(site: Datasette) -> None:
    page = (await site.client.get("/")).text
    found = described_in(page)
    named = [found["url"], found["usageInfo"], found["image"], *(part["contentUrl"] for part in found["distribution"])]
    paths = [address.removeprefix("http://localhost") for address in named]
    assert [(await site.client.get(path)).status_code for path in paths] == [200] * 5


async def test_a_title_that_tries_to_be_markup_stays_data_in_the_description(database: Path) -> None:
    hostile = "</script><script>alert(1)</script>"
    site = site_of(database, {**METADATA, "title": hostile})
    page = (await site.client.get("/")).text
    assert hostile not in page
    assert described_in(page)["name"] == hostile
