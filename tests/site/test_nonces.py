"""Nonces: the scripts and style sheets of templates have the one of their answer, and nothing else ever does."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import httpx
import pytest
from conftest import SITE, SQL_PATH, site_of
from datasette.app import Datasette
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import DictLoader, Environment

from forum_comments.serving.exchange import Exchange, csp_nonce, current
from forum_comments.serving.nonces import NonceExtension, nonce_of

STOCK_PATHS = ["/comments", "/comments/comments", "/comments/authors/neel-nanda", f"{SQL_PATH}?sql=select+1+as+a"]
INLINE = re.compile(r"<(?:script(?![^>]* src=)|style)[^>]*>")


def admitted(answer: httpx.Response) -> set[str]:
    """Give the nonces that an answer's policy names."""
    return set(re.findall(r"'nonce-([^']+)'", answer.headers["content-security-policy"]))


def environment(templates: dict[str, str]) -> Environment:
    made = Environment(autoescape=True, loader=DictLoader(templates), extensions=[NonceExtension])
    made.globals["csp_nonce"] = csp_nonce
    return made


@pytest.mark.parametrize(
    ("source", "rendered"),
    [
        ("<script>let a = 1;</script>", '<script nonce="N">let a = 1;</script>'),
        ("<style media=all>p {}</style>", '<style nonce="N" media=all>p {}</style>'),
        ('<script{% if 1 %} type="module"{% endif %}>a</script>', '<script nonce="N" type="module">a</script>'),
        ("<script\n>a</script>", '<script nonce="N"\n>a</script>'),
        ('<script src="a.js"></script>', '<script src="a.js"></script>'),
        ('<script {% if 1 %}defer {% endif %}src="{{ text }}"></script>', '<script defer src="a&lt;b"></script>'),
        ("<scripted><styles></scripted>", "<scripted><styles></scripted>"),
        ("{# <script> #}<p>{{ text }}</p>", "<p>a&lt;b</p>"),
        ("{{ '<scr' ~ 'ipt>' }}", "&lt;script&gt;"),
        ("{{ markup|safe }}", "<script>alert(1)</script>"),
    ],
)
def test_a_script_or_style_sheet_in_a_source_gets_the_nonce(source: str, rendered: str) -> None:
    template = environment({"page": source}).get_template("page")
    with current(Exchange(lambda: "N")):
        assert template.render(text="a<b", markup="<script>alert(1)</script>") == rendered


def test_a_macro_and_a_file_that_is_included_have_the_nonce_of_their_page() -> None:
    made = environment(
        {
            "page": '{% import "macro" as macro %}{{ macro.box() }}{% include "part" %}',
            "macro": "{% macro box() %}<style>a</style>{% endmacro %}",
            "part": "<script>b</script>",
        }
    )
    for nonce in ("n1", "n2"):
        with current(Exchange(nonce.lower)):
            page = made.get_template("page").render()
        assert page == f'<style nonce="{nonce}">a</style><script nonce="{nonce}">b</script>'


def test_a_page_that_is_asked_for_within_another_leaves_that_its_nonce() -> None:
    with current(Exchange(lambda: "outer")):
        with current(Exchange(lambda: "inner")):
            assert csp_nonce() == "inner"
        assert csp_nonce() == "outer"
    assert csp_nonce() == ""


@given(st.text(), st.text(), st.text())
def test_another_version_or_address_has_another_nonce(version: str, path: str, query: str) -> None:
    nonce = nonce_of(version, path, query)
    assert re.fullmatch(r"[A-Za-z0-9+/]{24}", nonce)
    assert nonce == nonce_of(version, path, query)
    assert nonce not in {
        nonce_of(version + "x", path, query),
        nonce_of(version, path + nonce, query),
        nonce_of(version, path, query + nonce),
    }


@pytest.mark.parametrize("path", STOCK_PATHS)
async def test_what_stands_in_a_stock_page_has_the_nonce_of_its_header(site: Datasette, path: str) -> None:
    page = await site.client.get(path)
    (nonce,) = admitted(page)
    tags = INLINE.findall(page.text)
    assert tags
    assert all(f' nonce="{nonce}"' in tag for tag in tags)


async def test_each_address_has_a_nonce_of_its_own(site: Datasette) -> None:
    paths = [*STOCK_PATHS, f"{SQL_PATH}?sql=select+2+as+a", "/comments/comments?_size=1", "/comments/comments?_size=2"]
    nonces = [admitted(await site.client.get(path)).pop() for path in paths]
    nonces.append(admitted(await site.client.get("/comments", headers={"Host": "other.example"})).pop())
    assert len(set(nonces)) == len(nonces)


async def test_an_answer_agrees_with_one_that_was_kept(site: Datasette, database: Path) -> None:
    """Also with one of another server of the same site: a cache may take any of these for one page."""
    path = "/comments/comments?_size=1"
    first = await site.client.get(path)
    others = [await site.client.get(path), await site.client.head(path), await site_of(database).client.get(path)]
    for other in others:
        assert admitted(other) == admitted(first)
        assert other.headers["etag"] == first.headers["etag"]
    unchanged = await site.client.get(path, headers={"If-None-Match": first.headers["etag"]})
    assert (unchanged.status_code, "content-security-policy" in unchanged.headers) == (304, False)


async def test_another_state_of_the_site_has_other_nonces(site: Datasette, database: Path) -> None:
    other = site_of(database, default_page_size=51)
    assert admitted(await site.client.get("/comments")).isdisjoint(admitted(await other.client.get("/comments")))


@pytest.mark.parametrize(
    "path",
    [
        *("/comments.json", "/comments/comments.json", "/comments/comments.csv", "/static/site.css"),
        *("/-/feeds/all.atom", "/-/find?q=model", "/-/statistics", "/-/nothing.json", "/-/threads"),
    ],
)
async def test_an_answer_without_a_script_of_a_template_admits_none(site: Datasette, path: str) -> None:
    assert admitted(await site.client.get(path)) == set()


@pytest.mark.parametrize("column", ["x", "</style><script>alert(1)</script>"])
async def test_what_comes_with_an_address_never_has_the_nonce(site: Datasette, column: str) -> None:
    """Not even where it holds the nonce of the address without it."""
    (known,) = admitted(await site.client.get(f"{SQL_PATH}?sql=select+1"))
    text = f"<script nonce={known}>alert(1)</script>"
    page = await site.client.get(SQL_PATH, params={"sql": f"select '{text}' as \"{column}\"", "p": text})
    (nonce,) = admitted(page)
    assert nonce != known
    assert text not in page.text
    assert "<script>alert" not in page.text
    assert all(f' nonce="{nonce}"' in tag for tag in INLINE.findall(page.text))


async def test_a_query_that_took_too_long_is_told_without_a_script(database: Path) -> None:
    """Datasette's own page has one, which no template holds."""
    sql = "with recursive c(x) as (select 1 union all select x+1 from c)\n select count(*) '<script>'\n from c"
    answer = await site_of(database, sql_time_limit_ms=500).client.get(SQL_PATH, params={"sql": sql})
    assert answer.status_code == 400
    assert "The SQL query took too long: it was stopped after 500 milliseconds. Ask for less of it." in answer.text
    assert "\n select count(*) &#39;&lt;script&gt;&#39;\n from c</pre>" in answer.text
    assert "ta.style" not in answer.text


async def test_a_database_that_may_change_has_a_nonce_by_chance(database: Path, tmp_path: Path) -> None:
    copy = shutil.copy(database, tmp_path / "comments.db")
    folders = {"plugins_dir": str(SITE / "plugins"), "template_dir": str(SITE / "templates")}
    changing = Datasette([str(copy)], **folders)
    nonces = [admitted(await changing.client.get("/comments")).pop() for _ in range(3)]
    assert len(set(nonces)) == 3
