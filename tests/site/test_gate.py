"""What every answer says of itself, what is refused, and what need not be sent twice."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest
from conftest import METADATA, REPOSITORY, SETTINGS, SQL_AT_FAULT, SQL_PATH, site_of
from datasette.app import Datasette

from forum_comments.pages.lines import IS_LINE_1
from forum_comments.serving import gate
from forum_comments.serving.markup import without_style_attributes

METADATA_STATUS = 404 if IS_LINE_1 else 200  # Datasette 1.0 has no such page
BOMB = "with recursive c(x) as (select 1 union all select x+1 from c) select count(*) from c"
EXPECTED = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "permissions-policy": (
        "accelerometer=(), browsing-topics=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), "
        "magnetometer=(), microphone=(), midi=(), payment=(), screen-wake-lock=(), usb=()"
    ),
    "cross-origin-opener-policy": "same-origin",
}
DIRECTIVES = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "connect-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
NONCE = re.compile(r" 'nonce-[A-Za-z0-9+/]{24}'")


@pytest.fixture(scope="module")
def ids(database: Path) -> dict[str, str]:
    """Give the id of a comment and of a document."""
    with closing(sqlite3.connect(database)) as connection:
        (comment,) = connection.execute("select id from comments order by id limit 1").fetchone()
        (document,) = connection.execute("select id from documents order by id limit 1").fetchone()
    return {"comment": comment, "document": document}


ROUTES = {
    "/": 200,
    "/-/home.json": 200,
    "/comments/comments/{comment}": 200,
    "/comments/comments/{comment}.json": 200,
    "/-/comment/{comment}": 302,
    "/-/comment/{comment}.json": 302,
    "/-/comment/nobody": 404,
    "/-/comment/{comment}/page.json": 200,
    "/-/thread/{comment}": 200,
    "/-/thread/{comment}.json": 200,
    "/-/thread/nobody": 404,
    "/-/thread/nobody.json": 404,
    "/-/author/neel-nanda": 200,
    "/-/source/{document}": 200,
    "/-/find?q=model": 200,
    "/-/find.json?q=model": 200,
    "/-/find?page=0": 400,
    "/-/feeds/all.atom": 200,
    "/-/feeds/find.atom?q=model": 200,
    "/-/statistics": 200,
    "/-/about": 200,
    "/-/search?q=model": 200,
    "/-/metadata.json": METADATA_STATUS,
    "/-/nothing": 404,
    "/static/site.css": 200,
    "/static/missing.css": 404,
    "/static/": 403,
    "/-/static/app.css": 200,
    "/favicon.ico": 200,
    "/comments": 200,
    "/comments/": 302,
    "/comments.json": 200,
    "/comments.db": 200,
    "/comments/comments": 200,
    "/comments/comments?_facet=author_id": 200,
    "/comments/comments.json": 200,
    "/comments/comments.csv": 200,
    "/comments/comments.csv?_stream=1": 200,
    "/comments/comments?_sort=nope": 400,
    "/comments/nothing": 404,
    "/comments/search?q=model": 200,
    "/comments/search.csv?q=model": 200,
    f"{SQL_PATH}?sql=select+1": 200,
    f"{SQL_PATH}?sql=select+nothing": SQL_AT_FAULT,
    f"{SQL_PATH}?sql=delete+from+comments": 400,
    "/-/threads": 404,
}


@pytest.mark.parametrize(("route", "status"), ROUTES.items())
async def test_every_answer_has_the_headers(site: Datasette, ids: dict[str, str], route: str, status: int) -> None:
    answer = await site.client.get(re.sub("{(comment|document)}", lambda match: ids[match[1]], route))
    assert answer.status_code == status
    require_headers(answer)


async def test_the_answer_that_a_query_took_too_long_has_the_headers(database: Path) -> None:
    answer = await site_of(database, sql_time_limit_ms=100).client.get(SQL_PATH, params={"sql": BOMB})
    assert answer.status_code == 400
    require_headers(answer)


def require_headers(answer: httpx.Response) -> None:
    assert {name: answer.headers.get(name) for name in EXPECTED} == EXPECTED
    directives = dict(part.split(" ", 1) for part in answer.headers["content-security-policy"].split("; "))
    assert {name: NONCE.sub("", value) for name, value in directives.items()} == DIRECTIVES


async def test_an_answer_says_each_thing_once(site: Datasette) -> None:
    for path in ("/", "/comments", "/comments.db", "/static/site.css", "/comments/comments.json", "/-/nothing"):
        names = [name for name, _ in (await site.client.get(path)).headers.multi_items()]
        assert sorted(set(names)) == sorted(names), path


async def test_the_pages_of_the_reading_room_have_no_inline_script_or_style(
    site: Datasette, ids: dict[str, str]
) -> None:
    paths = ["/", "/-/find?q=model", "/-/statistics", "/-/about", "/-/author/neel-nanda"]
    paths += [f"/-/thread/{ids['comment']}", f"/-/source/{ids['document']}", f"/comments/comments/{ids['comment']}"]
    for path in paths:
        page = await site.client.get(path)
        # A block of JSON-LD is data: no browser runs it, and no policy asks about it.
        text = re.sub('<script[^>]* type="application/ld\\+json">', "", page.text)
        assert re.findall(r"<style|<script(?![^>]*\bsrc=)|\sstyle=|\son[a-z]+=", text) == [], path


def test_style_attributes_go_and_everything_else_stays() -> None:
    content = (
        '<h1 class="a" style="border: 0">style="x" &lt;p style=&#34;y&#34;&gt;</h1><textarea style="height: 9em"\n>'
    )
    assert without_style_attributes(content) == (
        '<h1 class="a">style="x" &lt;p style=&#34;y&#34;&gt;</h1><textarea rows="9"\n>'
    )


@pytest.mark.parametrize(
    ("method", "path", "status", "sentence"),
    [
        ("post", "/comments", 405, "This site is for reading: it answers GET, HEAD, OPTIONS alone."),
        ("delete", "/comments/comments/x", 405, "This site is for reading: it answers GET, HEAD, OPTIONS alone."),
        ("get", "/-/threads", 404, "This page is not served here."),
        ("get", "/-/databases", 404, "This page is not served here."),
        ("get", "/-/permissions", 404, "This page is not served here."),
        ("get", "/-/messages", 404, "This page is not served here."),
        ("get", "/-/allow-debug", 404, "This page is not served here."),
        ("get", "/-/patterns", 404, "This page is not served here."),
        ("get", "/-/tasks", 404, "This page is not served here."),
        ("get", "/-/actions", 404, "This page is not served here."),
        ("get", "/-/allowed", 404, "This page is not served here."),
        ("get", "/-/rules", 404, "This page is not served here."),
        ("get", "/-/check", 404, "This page is not served here."),
        ("get", "/-/debug/autocomplete", 404, "This page is not served here."),
        ("get", "/-/api", 404, "This page is not served here."),
        ("get", "/-/auth-token", 404, "This page is not served here."),
        ("get", "/-/create-token", 404, "This page is not served here."),
        ("get", f"{SQL_PATH}?sql=" + "x" * 16_000, 414, "The address has more than 16,000 characters after its “?”."),
        ("get", f"{SQL_PATH}?sql=/**/" + "+" * 400 + "x", 400, "The SQL holds a run of several hundred blanks."),
        ("get", f"{SQL_PATH}?sql=/**/" + "%20" * 400 + "x", 400, "The SQL holds a run of several hundred blanks."),
        ("get", f"{SQL_PATH}?sql=select+'%00'", 400, "The SQL holds a NUL character."),
        ("get", "/comments?" + "a=1&" * 101, 400, "The address has more than 100 arguments."),
        ("get", "/comments/comments?" + "_facet=age&" * 9, 400, "One request may ask for at most 8 facets."),
        ("get", "/comments/comments.csv?_trace=1", 400, "The argument _trace is not served here."),
        ("get", "/comments?_context=1", 400, "The argument _context is not served here."),
    ],
)
async def test_what_is_not_for_readers_is_refused_in_a_sentence(
    site: Datasette, method: str, path: str, status: int, sentence: str
) -> None:
    answer = await getattr(site.client, method)(path)
    assert (answer.status_code, answer.text) == (status, sentence + "\n")
    assert answer.headers["cache-control"] == "no-store"


async def test_a_refusal_of_json_is_json(site: Datasette) -> None:
    answer = await site.client.get("/-/threads.json")
    assert answer.status_code == 404
    assert answer.json() == {"ok": False, "error": "This page is not served here.", "status": 404, "title": None}


@pytest.mark.parametrize("path", ["/-/settings.json", "/-/plugins.json", "/-/versions.json"])
async def test_what_describes_the_site_stays_open(site: Datasette, path: str) -> None:
    assert (await site.client.get(path)).status_code == 200


@pytest.mark.parametrize(
    ("path", "kept"),
    [
        ("/", "public, max-age=300"),
        ("/comments/comments", "public, max-age=300"),
        ("/comments/comments.csv?_stream=1", "public, max-age=300"),
        ("/-/find.json?q=model", "public, max-age=300"),
        ("/-/feeds/all.atom", "public, max-age=300"),
        ("/comments.db", "public, max-age=300"),
        ("/static/site.css", "public, max-age=300"),
        ("/static/site.css?other", "public, max-age=300"),
        ("/-/static/app.css?abc", "public, max-age=31536000, immutable"),
        ("/-/comment/{comment}", "no-cache"),
        ("/-/thread/nobody", "no-store"),
        (f"{SQL_PATH}?sql=delete+from+comments", "no-store"),
    ],
)
async def test_an_answer_says_how_long_it_may_be_kept(
    site: Datasette, ids: dict[str, str], path: str, kept: str
) -> None:
    answer = await site.client.get(path.format(**ids))
    assert answer.headers["cache-control"] == kept
    assert ("etag" in answer.headers) == (answer.status_code == 200)


async def test_the_files_of_a_page_may_be_kept_forever(site: Datasette) -> None:
    page = await site.client.get("/")
    addresses = re.findall(r'(?:href|src)="(/static/[^"]+)"', page.text)
    assert [address.partition("?")[0] for address in addresses] == [
        "/static/site.css",
        "/static/reading.css",
        "/static/site.js",
    ]
    for address in addresses:
        answer = await site.client.get(address)
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"


@pytest.mark.parametrize("path", ["/", "/comments/comments", "/comments.db", "/static/site.css", "/-/feeds/all.atom"])
async def test_what_a_reader_has_already_is_not_sent_again(site: Datasette, path: str) -> None:
    first = await site.client.get(path)
    again = await site.client.get(path, headers={"If-None-Match": f'"other", {first.headers["etag"]}'})
    assert (again.status_code, again.content) == (304, b"")
    assert {name: again.headers[name] for name in ("etag", "cache-control", "vary")} == {
        "etag": first.headers["etag"],
        "cache-control": first.headers["cache-control"],
        "vary": "Cookie, Authorization",
    }
    # A policy in a 304 would take the place of the page's own, without its nonce.
    assert "content-security-policy" not in again.headers


@pytest.mark.parametrize("headers", [{"Cookie": "ds_actor=x"}, {"Authorization": "Bearer x"}])
async def test_an_answer_to_somebody_who_may_be_known_is_not_kept(site: Datasette, headers: dict[str, str]) -> None:
    etag = (await site.client.get("/")).headers["etag"]
    answer = await site.client.get("/", headers={"If-None-Match": etag, **headers})
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "private, no-store")


async def test_another_state_of_the_site_has_another_tag(site: Datasette, database: Path, tmp_path: Path) -> None:
    tags = {(await site.client.get("/")).headers["etag"]}
    tags.add((await site_of(database, default_page_size=51).client.get("/")).headers["etag"])
    with closing(sqlite3.connect(tmp_path / "comments.db")) as changed, closing(sqlite3.connect(database)) as original:
        original.backup(changed)
        changed.execute("update comments set karma = -77")
        changed.commit()
    tags.add((await site_of(tmp_path / "comments.db").client.get("/")).headers["etag"])
    assert len(tags) == 3


async def test_the_same_state_of_the_site_has_the_same_tag(site: Datasette, database: Path) -> None:
    again = await site_of(database).client.get("/")
    assert again.headers["etag"] == (await site.client.get("/")).headers["etag"]


async def test_a_database_that_may_change_is_asked_for_each_time(database: Path) -> None:
    changing = Datasette(
        [str(database)],
        metadata=METADATA,
        settings=SETTINGS,
        plugins_dir=str(REPOSITORY / "plugins"),
        template_dir=str(REPOSITORY / "templates"),
        static_mounts=[("static", str(REPOSITORY / "static"))],
    )
    answer = await changing.client.get("/")
    assert "etag" not in answer.headers
    assert 'href="/static/site.css"' in answer.text


async def test_the_gate_knows_its_paths_under_a_base_url(database: Path) -> None:
    below = site_of(database, base_url="/archive/")
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=below.app()), base_url="http://localhost") as client:
        page = await client.get("/archive/")
        assert "x-robots-tag" not in page.headers
        assert (await client.get("/archive/-/threads")).status_code == 404
        (address,) = re.findall(r'href="(/archive/static/site\.css\?[^"]+)"', page.text)
        assert (await client.get(address)).headers["cache-control"] == "public, max-age=31536000, immutable"


async def test_head_is_answered_and_options_too(site: Datasette) -> None:
    assert (await site.client.head("/")).status_code == 200
    assert (await site.client.options("/comments/comments")).status_code == 200


async def test_what_is_no_request_goes_to_datasette_untouched() -> None:
    seen: list[Any] = []

    async def application(scope: Any, receive: Any, send: Any) -> None:
        seen.append(scope)

    await gate.Gate(application, gate.Site())({"type": "lifespan"}, None, None)  # type: ignore[arg-type]
    assert seen == [{"type": "lifespan"}]
