"""Text is data: nothing that a body, name, title, address or file name holds becomes markup, script or SQL."""

from __future__ import annotations

import csv
import io
import json
import re
import sqlite3
import sys
from contextlib import closing
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit
from xml.etree import ElementTree

import httpx
import pytest
from conftest import METADATA, SQL_PATH, site_of
from datasette.app import Datasette
from hostile import FILE_NAMES, TEXTS, write_hostile

from forum_comments.schema import TABLES, VIEWS

QUERIES = METADATA["databases"]["comments"]["queries"]
ADDRESSES = ("href", "src", "action", "data", "formaction", "poster")
BAD_ELEMENTS = {"xss", "iframe", "object", "embed", "base", "img", "marquee", "frame", "applet"}
# Python 3.10 writes CSV that holds a NUL, but reads none.
READABLE = str.maketrans({"\0": "\N{SYMBOL FOR NULL}"}) if sys.version_info < (3, 11) else {}
ATOM = "{http://www.w3.org/2005/Atom}"


class Markup(HTMLParser):
    """Reads a page and notes every element, attribute or script in it that no template has."""

    def __init__(self, page: httpx.Response) -> None:
        super().__init__(convert_charrefs=True)
        self.nonces = re.findall(r"'nonce-([^']+)'", page.headers["content-security-policy"])[:1]
        self.found: list[str] = []
        self.links: set[str] = set()
        self.text: list[str] = []
        self._script: list[str] | None = None
        self._is_data = False
        self.feed(page.text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in BAD_ELEMENTS:
            self.found.append(f"<{tag}>")
        if tag in ("script", "style") and "src" not in dict(attrs) and dict(attrs).get("nonce") not in self.nonces:
            self.found.append(f"<{tag}> without the nonce")
        if tag == "script":
            self._script = []
            self._is_data = dict(attrs).get("type") == "application/ld+json"
        for name, value in attrs:
            if name == "xss" or name.startswith("on") or name == "style":
                self.found.append(f"<{tag} {name}={value}>")
            if name in ADDRESSES and value is not None:
                self._address(tag, name, value)

    def _address(self, tag: str, name: str, value: str) -> None:
        # A browser leaves out these characters before it looks at the scheme.
        scheme = urlsplit(re.sub(r"[\x00-\x20]", "", value)).scheme.lower()
        if scheme not in ("", "http", "https"):
            self.found.append(f"<{tag} {name}={value}>")
        if tag == "a" and value.startswith("/") and not value.startswith("//"):
            self.links.add(value.partition("#")[0])

    def handle_endtag(self, tag: str) -> None:
        if tag == "script" and self._script is not None:
            script = "".join(self._script)
            if self._is_data:
                json.loads(script)
            self._script = None

    def handle_data(self, data: str) -> None:
        (self.text if self._script is None else self._script).append(data)


@pytest.fixture(scope="module")
def hostile_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_hostile(tmp_path_factory.mktemp("hostile"))


@pytest.fixture(scope="module")
def hostile(hostile_database: Path) -> Datasette:
    return site_of(hostile_database)


def column(database: Path, sql: str) -> list[Any]:
    with closing(sqlite3.connect(database)) as connection:
        connection.text_factory = lambda blob: blob.decode("utf-8", "replace")
        return [value for (value,) in connection.execute(sql)]


def pages_of(database: Path) -> list[str]:
    """Give the addresses of every kind of page for every hostile row."""
    comments = column(database, "select id from comments")
    return [
        *["/", "/-/about", "/-/statistics", "/-/find", "/comments", "/-/settings", "/-/search?q=xss"],
        *(f"/comments/comments/{each}" for each in comments),
        *(f"/-/thread/{each}" for each in comments[:20]),
        *(f"/-/author/{each}" for each in column(database, "select id from authors")),
        *(f"/-/source/{each}" for each in column(database, "select id from documents")),
        *(f"/comments/{name}?_size=20" for name in [*TABLES, *VIEWS]),
        *(f"/comments/{name}" for name in QUERIES),
    ]


async def test_no_page_makes_markup_of_a_text(hostile: Datasette, hostile_database: Path) -> None:
    links: set[str] = set()
    for address in pages_of(hostile_database):
        answer = await hostile.client.get(address)
        page = Markup(answer)
        assert (address, answer.status_code, page.found) == (address, 200, [])
        assert "1337" not in answer.text.replace(hostile_database.name, ""), address
        links |= page.links
    rows = sorted(
        link for link in links if re.match(r"/comments/(?:authors|documents|posts|passages|links|problems)/", link)
    )
    for address in rows[:60]:
        answer = await hostile.client.get(address)
        assert (address, answer.status_code, Markup(answer).found) == (address, 200, [])


@pytest.mark.parametrize("text", TEXTS.values(), ids=list(TEXTS))
async def test_a_text_in_an_address_stays_text(hostile: Datasette, text: str) -> None:
    asked = text[:1500]
    addresses = [
        "/-/find?" + urlencode({"q": asked}),
        "/comments/search?" + urlencode({"q": asked}),
        "/comments/author_comments?" + urlencode({"author": asked}),
        "/comments/links_by_host?" + urlencode({"host": asked}),
        "/comments/comments?" + urlencode({"_search": asked.replace("\x00", "")}),
        "/comments/comments?" + urlencode({"author_name": asked}),
        "/-/search?" + urlencode({"q": asked}),
        "/-/thread/" + urlencode({"": asked})[1:].replace("+", "%20"),
        "/comments/" + urlencode({"": asked})[1:].replace("+", "%20"),
        SQL_PATH
        + "?"
        + urlencode({"sql": f"select :p as body, '{asked.replace(chr(39), chr(39) * 2)}' as x", "p": asked}),
        SQL_PATH + "?" + urlencode({"sql": asked}),
        SQL_PATH + "?" + urlencode({"sql": 'select 1 as "' + asked.replace('"', '""') + '"'}),
    ]
    for address in addresses:
        for format in ("", ".json", ".csv"):
            path, _, query = address.partition("?")
            answer = await hostile.client.get(f"{path}{format}?{query}")
            assert answer.status_code in (200, 302, 400, 404), address
            if answer.headers["content-type"].startswith("text/html"):
                assert Markup(answer).found == [], address
            elif answer.headers["content-type"].startswith("application/json"):
                json.loads(answer.text)


@pytest.mark.parametrize("name", [*TABLES, *VIEWS])
async def test_json_and_csv_hold_the_texts_themselves(hostile: Datasette, hostile_database: Path, name: str) -> None:
    rows = (await hostile.client.get(f"/comments/{name}.json?_shape=array&_size=max")).json()
    answer = await hostile.client.get(f"/comments/{name}.csv?_stream=1")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    table = list(csv.DictReader(io.StringIO(answer.text.translate(READABLE), newline="")))
    assert len(table) == len(rows)
    for cells, row in zip(table, rows, strict=True):
        texts = {key: value.translate(READABLE) for key, value in row.items() if isinstance(value, str)}
        assert {key: cells[key] for key in texts} == texts


async def test_the_json_twins_hold_the_texts_themselves(hostile: Datasette, hostile_database: Path) -> None:
    for author_id, name in zip(
        column(hostile_database, "select id from authors order by id"),
        column(hostile_database, "select name from authors order by id"),
        strict=True,
    ):
        page = (await hostile.client.get(f"/-/author/{author_id}.json")).json()
        assert page["author"]["name"] == name


async def test_feeds_and_the_map_are_xml_that_holds_the_texts(hostile: Datasette, hostile_database: Path) -> None:
    feeds = ["/-/feeds/all.atom", "/-/feeds/find.atom?q=said"]
    feeds += [f"/-/feeds/author/{each}.atom" for each in column(hostile_database, "select id from authors")]
    feeds += [f"/-/feeds/thread/{each}.atom" for each in column(hostile_database, "select id from comments")[:10]]
    titles = set(column(hostile_database, "select title from comments"))
    not_xml = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
    for feed in feeds:
        answer = await hostile.client.get(feed)
        root = ElementTree.fromstring(answer.content)
        names = {element.tag.rpartition("}")[2] for element in root.iter()}
        assert names <= {
            *("feed", "id", "title", "subtitle", "updated", "rights", "link", "entry", "author", "name", "published"),
            *("category", "content", "in-reply-to"),
        }, feed
        found = {element.text for element in root.iter(f"{ATOM}title")} - {root.findtext(f"{ATOM}title")}
        assert found <= {not_xml.sub("\ufffd", title).replace("\r", "\n") for title in titles}, feed
    for part in ("pages", "comments", "authors", "sources"):
        ElementTree.fromstring((await hostile.client.get(f"/-/sitemap/{part}-1.xml")).content)


def test_the_build_keeps_the_texts(hostile_database: Path) -> None:
    names = set(column(hostile_database, "select file_name from documents"))
    assert {f"{name}.txt" for name in FILE_NAMES} <= {Path(name).name for name in names}
    bodies = column(hostile_database, "select body from comments where source <> 'page'")
    assert len(bodies) == len(TEXTS)
    assert any(body.startswith(TEXTS["script"]) for body in bodies)


def test_no_cell_but_a_saved_page_holds_what_ends_a_text_for_sqlite(hostile_database: Path) -> None:
    with closing(sqlite3.connect(hostile_database)) as connection:
        holding = {
            (table, name)
            for table, columns in TABLES.items()
            for name in columns.columns
            if connection.execute(f"select 1 from {table} where instr(cast({name} as blob), x'00')").fetchone()
        }
    assert holding == {("documents", "text")}


async def test_the_tables_are_as_they_were_after_all_that(hostile: Datasette, hostile_database: Path) -> None:
    for text in TEXTS.values():
        await hostile.client.get("/-/find", params={"q": text[:500]})
    assert column(hostile_database, "pragma integrity_check") == ["ok"]
    assert column(hostile_database, "select count(*) from comments where source <> 'page'") == [len(TEXTS)]
