"""The stock pages with our cells: tables, views, rows, search, permalinks, and under another base_url."""

from __future__ import annotations

import csv
import io
import re
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from conftest import METADATA, SQL_PATH, site_of
from datasette.app import Datasette

from build_db import build
from forum_comments.schema import TABLES, VIEWS

DESCRIBED = METADATA["databases"]["comments"]["tables"]

HOSTILE_PAGE = """All of <b>Eve</b>'s Comments + Replies

<script>alert('body')</script> and ⟦no mark⟧ and ⟧⟦ and <img src=x onerror=alert(1)> zebra & "quotes"

Another comment, which is ordinary. =1+1

3<i>Mallory</i>1y
You answer '); drop table comments; -- with https://example.org/"onmouseover="alert(1) and javascript:alert(1)
"""


@pytest.fixture(scope="module")
def hostile_site(tmp_path_factory: pytest.TempPathFactory) -> Datasette:
    folder = tmp_path_factory.mktemp("hostile")
    (folder / "pages").mkdir()
    (folder / "pages" / "eve.txt").write_text(HOSTILE_PAGE, encoding="utf-8")
    build([folder / "pages"], folder / "comments.db", [])
    return site_of(folder / "comments.db")


def first_id(database: Path, sql: str) -> str:
    with sqlite3.connect(database) as connection:
        return str(connection.execute(sql).fetchone()[0])


@pytest.mark.parametrize("name", [*TABLES, *VIEWS])
async def test_every_table_and_view_answers_as_page_json_and_csv(site: Datasette, name: str) -> None:
    page = await site.client.get(f"/comments/{name}")
    rows = await site.client.get(f"/comments/{name}.json?_shape=array&_size=max")
    table = await site.client.get(f"/comments/{name}.csv?_size=max")
    whole = await site.client.get(f"/comments/{name}.csv?_stream=1")
    assert {response.status_code for response in (page, rows, table, whole)} == {200}
    assert len(list(csv.reader(io.StringIO(table.text)))) == 1 + len(rows.json())
    assert len(list(csv.reader(io.StringIO(whole.text)))) == 1 + len(rows.json())


@pytest.mark.parametrize("name", [*TABLES, *VIEWS])
async def test_paging_through_a_table_gives_every_row_once(site: Datasette, database: Path, name: str) -> None:
    seen: list[str] = []
    following = ""
    while following is not None:
        page = (await site.client.get(f"/comments/{name}.json?_size=7{following and '&_next=' + following}")).json()
        seen += [repr(row) for row in page["rows"]]
        following = page["next"]
    with sqlite3.connect(database) as connection:
        (count,) = connection.execute(f"select count(*) from [{name}]").fetchone()
    assert (len(seen), len(set(seen))) == (count, count)


@pytest.mark.parametrize("name", [name for name, table in DESCRIBED.items() if "facets" in table])
async def test_the_facets_of_a_table_are_counted_in_time(site: Datasette, name: str) -> None:
    page = await site.client.get(f"/comments/{name}")
    counted = (await site.client.get(f"/comments/{name}.json?_extra=facet_results")).json()["facet_results"]
    assert sorted(counted.get("results", counted)) == sorted(DESCRIBED[name]["facets"])
    assert "facets timed out" not in page.text


async def test_the_table_of_comments_names_authors_and_parents_in_words(site: Datasette) -> None:
    page = (await site.client.get("/comments/comments?author_name=Neel+Nanda")).text
    assert '<a href="/comments/authors/neel-nanda">Neel Nanda</a>' in page
    assert re.search(r'<a href="/comments/comments/p-[0-9a-f]+">For Python basics, I have to anti-recommend', page)


async def test_the_table_of_comments_has_a_search_box_that_finds_words(site: Datasette) -> None:
    page = (await site.client.get("/comments/comments")).text
    assert 'name="_search"' in page
    found = (await site.client.get("/comments/comments.json?_search=anti-recommend&_shape=array")).json()
    assert [row["author_name"] for row in found] == ["Zac Hatfield-Dodds"]


async def test_search_over_all_tables_is_offered_and_knows_the_comments(site: Datasette) -> None:
    page = await site.client.get("/-/search?q=llama")
    assert page.status_code == 200
    assert "/comments/comments" in page.text
    # Without JavaScript nothing is looked up: the page has to say what its links are for.
    assert re.search(r"<noscript><p>[^<]*each link leads to what is found in its table", page.text)


async def test_the_sql_that_is_proposed_finds_comments_and_any_other_stays_as_it_is(site: Datasette) -> None:
    proposed = "select id, title, author_name, posted_at from comments limit 100"
    assert f">{proposed}</textarea>" in (await site.client.get("/comments")).text
    page = (await site.client.get(SQL_PATH, params={"sql": "select * from accounts"})).text
    assert ">select * from accounts</textarea>" in page


async def test_the_whole_database_can_be_downloaded(site: Datasette, database: Path) -> None:
    assert 'href="/comments.db"' in (await site.client.get("/comments")).text
    assert (await site.client.get("/comments.db")).content == database.read_bytes()


async def test_a_row_page_links_its_author_and_parent_in_words(site: Datasette, database: Path) -> None:
    reply = first_id(database, "select id from comments where author_id = 'neel-nanda'")
    appearance = first_id(database, f"select id from appearances where comment_id = '{reply}'")
    page = (await site.client.get(f"/comments/appearances/{appearance}")).text
    assert re.search(rf'<a href="/comments/comments/{reply}">Thanks! I learned Python', page)
    assert re.search(r'<a href="/comments/documents/[0-9a-f]{12}">All of Zac', page)


async def test_a_query_links_names_and_titles_to_their_rows(site: Datasette) -> None:
    page = (await site.client.get("/comments/author_comments?author=neel-nanda")).text
    assert '<a href="/comments/authors/neel-nanda">Neel Nanda</a>' in page
    assert re.search(r'<a href="/comments/comments/p-[0-9a-f]+">Thanks! I learned Python', page)


async def test_a_view_links_its_titles_to_comments(site: Datasette) -> None:
    page = (await site.client.get("/comments/replies")).text
    assert re.search(r'<a href="/comments/comments/p-[0-9a-f]+">Thanks! I learned Python', page)


async def test_every_link_to_a_row_leads_to_one(site: Datasette) -> None:
    paths: set[str] = set()
    for page in ("threads", "replies", "author_totals", "least_certain_boundaries", "who_answers_whom", "quotations"):
        paths.update(re.findall(r'href="(/comments/\w+/[\w-]+)"', (await site.client.get(f"/comments/{page}")).text))
    assert len(paths) > 20
    statuses = {path: (await site.client.get(f"{path}.json")).status_code for path in paths}
    assert {path: status for path, status in statuses.items() if status != 200} == {}


async def test_a_permalink_leads_to_its_comment(site: Datasette, database: Path) -> None:
    comment = first_id(database, "select id from comments order by id")
    page = await site.client.get(f"/-/comment/{comment}")
    twin = await site.client.get(f"/-/comment/{comment}.json")
    assert (page.status_code, page.headers["location"]) == (302, f"/comments/comments/{comment}")
    assert (twin.status_code, twin.headers["location"]) == (302, f"/comments/comments/{comment}.json")


async def test_a_permalink_made_of_the_words_of_a_later_passage_leads_to_the_comment_with_them(
    site: Datasette, database: Path
) -> None:
    sql = """
        select opening_key, comment_id from permalinks
        where 'p-' || opening_key not in (select id from comments)
        group by opening_key having count(*) = 1 order by opening_key limit 1
    """
    with sqlite3.connect(database) as connection:
        key, comment = connection.execute(sql).fetchone()
    response = await site.client.get(f"/-/comment/p-{key}-2")
    assert (response.status_code, response.headers["location"]) == (302, f"/comments/comments/{comment}")


@pytest.mark.parametrize("comment", ["p-000000000000", "lw-nothing", "~3Cscript~3E", "x'y"])
async def test_an_unknown_permalink_is_not_found_and_says_so(site: Datasette, comment: str) -> None:
    page = await site.client.get(f"/-/comment/{comment}")
    twin = await site.client.get(f"/-/comment/{comment}.json")
    assert (page.status_code, twin.status_code) == (404, 404)
    assert "No comment has, or ever had, the id" in page.text
    assert "<script>" not in page.text.partition("No comment has")[2].partition("in this database")[0]
    assert twin.json()["error"].startswith("No comment has, or ever had, the id")


async def test_a_permalink_of_words_that_stand_in_several_comments_names_them_all(
    database: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "comments.db"
    copy.write_bytes(database.read_bytes())
    with sqlite3.connect(copy) as connection:
        ids = [row[0] for row in connection.execute("select id from comments order by id limit 2")]
        connection.executemany("insert into permalinks values ('split', ?)", [(comment,) for comment in ids])
    connection.close()
    site = site_of(copy)
    page = await site.client.get("/-/comment/p-split")
    twin = await site.client.get("/-/comment/p-split.json")
    assert (page.status_code, twin.status_code) == (300, 300)
    assert [candidate["id"] for candidate in twin.json()["candidates"]] == ids
    assert [comment in page.text for comment in ids] == [True, True]


async def test_links_and_permalinks_honour_the_base_url(database: Path) -> None:
    site = site_of(database, base_url="/archive/")
    comment = first_id(database, "select id from comments order by id")
    redirect = await site.client.get(f"/-/comment/{comment}")
    assert redirect.headers["location"] == f"/archive/comments/comments/{comment}"
    for path in ("/comments/author_comments", "/comments/comments", "/comments/replies", "/comments/appearances"):
        page = (await site.client.get(path)).text
        links = re.findall(r'href="(/[^"]*)"', page)
        assert [link for link in links if not link.startswith("/archive/")] == [], path


PAGES_WITH_TEXT = [
    "/comments/comments",
    "/comments/passages",
    "/comments/links",
    "/comments/documents",
    "/comments/authors",
    "/comments/furniture",
    "/comments/replies",
    "/comments/threads",
    "/comments/search?q=zebra",
    "/comments/author_comments",
    "/comments/least_certain_boundaries",
    "/comments/short_heads",
    "/comments?sql=select+body+as+excerpt,+author_name+as+author,+id+as+author_id+from+comments",
    "/comments?sql=select+'x%22onclick=alert(1)'+as+author_id,+'<script>'+as+author,+'<script>'+as+body",
]


@pytest.mark.parametrize("path", PAGES_WITH_TEXT)
async def test_text_that_looks_like_markup_stays_text(hostile_site: Datasette, path: str) -> None:
    page = await hostile_site.client.get(path, follow_redirects=True)
    assert page.status_code == 200
    for hostile in ("<script>alert", "<img src=x", "<b>Eve", "<i>Mallory", '"onclick', '"onmouseover'):
        assert hostile not in page.text


async def test_words_found_are_marked_in_hostile_text(hostile_site: Datasette) -> None:
    page = (await hostile_site.client.get("/comments/search?q=zebra")).text
    assert "<mark>zebra</mark>" in page
    assert page.count("<mark>") == page.count("</mark>") == 2, "the page's own ⟦no mark⟧ is marked too, but no tag is"


async def test_no_row_links_to_a_script(hostile_site: Datasette) -> None:
    for path in PAGES_WITH_TEXT:
        assert not re.search(
            r"href=[\"']?javascript:", (await hostile_site.client.get(path, follow_redirects=True)).text
        )


async def test_a_thread_says_why_a_reply_is_placed_where_it_is(site: Datasette) -> None:
    page = (await site.client.get("/-/thread/p-034f78efa26a")).text
    assert "Placed here: decided by an editor." in page


async def test_a_long_description_of_an_author_is_folded_and_keeps_its_lines(database: Path, tmp_path: Path) -> None:
    long = "Works on * lists.\n" * 30
    copy = shutil.copy(database, tmp_path / "comments.db")
    with closing(sqlite3.connect(copy)) as connection:
        connection.execute("update authors set bio = ? where id = 'erik-jenner'", (long,))
        connection.commit()
    site = site_of(copy)
    page = (await site.client.get("/-/author/erik-jenner")).text
    assert f'<summary>All of this description</summary><div class="inside as-written">{long}</div>' in page
    (beginning,) = re.findall(r'<p class="lead">([^<]*)</p>', page)
    assert 300 < len(beginning) <= 405
    assert "All of this description" not in (await site.client.get("/-/author/zac-hatfield-dodds")).text
