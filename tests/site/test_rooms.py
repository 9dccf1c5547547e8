"""The reading room as a reader's program sees it: every page of the seeds, its JSON twin, its links and its errors."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from urllib.parse import urldefrag, urljoin

import pytest
import yaml
from conftest import SEEDS
from datasette.app import Datasette
from rooms import PAGE_TEXT, PageReader, column

from forum_comments.corrections_file import CorrectionsFile, load_corrections
from forum_comments.documents import read_documents
from forum_comments.locating import select
from forum_comments.pages.amendments import AUTHOR, MERGE, PARENT, SPLIT
from forum_comments.readers import read_page


@pytest.fixture(scope="module")
def addresses(database: Path) -> list[str]:
    """Give the address of every page of the reading room over the seeds."""
    sql = """
        select '/' union all
        select '/comments/comments/' || id from comments union all
        select '/-/thread/' || id from comments union all
        select '/-/author/' || id from authors union all
        select '/-/source/' || id from documents
    """
    return column(database, sql)


async def test_every_page_of_the_seeds_answers_with_one_heading_a_language_and_a_way_past_the_menu(
    site: Datasette, addresses: list[str]
) -> None:
    assert len(addresses) == 1 + 70 + 70 + 9 + 5
    wrong = []
    for address in addresses:
        response = await site.client.get(address)
        page = PageReader(response.text)
        facts = (response.status_code, page.count("h1"), page.values("lang", "html"), page.values("href", "a")[0])
        if facts != (200, 1, ["en"], "#content"):
            wrong.append((address, facts))
    assert wrong == []


async def test_every_page_names_its_json_twin_which_says_the_same(site: Datasette, addresses: list[str]) -> None:
    for address in addresses[::7]:
        page = PageReader((await site.client.get(address)).text)
        links = [link for tag, link in page.elements if tag == "link"]
        twin = next(link["href"] for link in links if link.get("type") == "application/json+datasette")
        response = await site.client.get(twin)
        assert response.status_code == 200, twin
        assert response.json()["title"]


async def test_every_link_of_every_kind_of_page_leads_somewhere(site: Datasette, addresses: list[str]) -> None:
    kinds = [addresses[0], *addresses[1:6], *addresses[71:76], *addresses[141:]]
    found: set[str] = set()
    for address in kinds:
        page = PageReader((await site.client.get(address)).text)
        found |= {urldefrag(urljoin(address, href)).url for href in page.values("href", "a")}
    inside = sorted(href for href in found if href.startswith("/"))
    assert len(inside) > 150
    statuses = {href: (await site.client.get(href, follow_redirects=True)).status_code for href in inside}
    assert {href: status for href, status in statuses.items() if status != 200} == {}


async def test_a_source_page_holds_the_saved_page_character_for_character(site: Datasette, database: Path) -> None:
    for document_id in column(database, "select id from documents"):
        page = PageReader((await site.client.get(f"/-/source/{document_id}")).text, "as-saved")
        (file_name,) = column(database, f"select file_name from documents where id = '{document_id}'")
        assert "".join(page.texts) == (SEEDS / file_name).read_bytes().decode("utf-8")


async def test_a_source_page_keeps_carriage_returns_spaces_and_tags(made_up: Datasette) -> None:
    page = PageReader((await made_up.client.get("/-/source/page")).text, "as-saved")
    assert "".join(page.texts) == PAGE_TEXT
    assert page.texts == [
        "\r\n  ",
        "Ann's page\r\n\r\n",
        "First  comment.\n\n<b>quoted</b>\n\n\n",
        "Second comment.\t\n",
    ]


async def test_a_source_page_anchors_each_comment_by_its_position(site: Datasette, database: Path) -> None:
    for document_id in column(database, "select id from documents"):
        page = PageReader((await site.client.get(f"/-/source/{document_id}")).text)
        total = int(column(database, f"select count(*) from appearances where document_id = '{document_id}'")[0])
        anchors = [anchor for anchor in page.values("id") if anchor.startswith("c-")]
        assert anchors == [f"c-{position}" for position in range(1, total + 1)]


async def test_a_source_page_says_of_each_comment_why_it_starts_there_and_how_sure_that_is(made_up: Datasette) -> None:
    page = (await made_up.client.get("/-/source/page.json")).json()
    first = next(stretch for stretch in page["stretches"] if stretch["kind"] == "comment")
    assert first["boundary_basis"] == "language"
    assert first["boundary_words"] == "judged by the words on both sides"
    assert first["sureness"] == {"confidence": 0.75, "level": "likely", "percent": 75, "word": "likely"}
    assert first["pieces"] == [
        {"text": "First  comment.\n\n", "is_quotation": False},
        {"text": "<b>quoted</b>\n\n\n", "is_quotation": True},
    ]


async def test_a_dump_lists_its_records_in_place_of_a_text(made_up: Datasette) -> None:
    page = (await made_up.client.get("/-/source/dump.json")).json()
    assert page["stretches"] is None
    assert [(record["record_number"], record["comment_id"]) for record in page["records"]] == [(7, "orphan")]


async def test_a_comment_page_says_what_is_known_and_on_what_basis(made_up: Datasette) -> None:
    page = (await made_up.client.get("/-/comment/first/page.json")).json()
    assert page["title"] == "Ann: Title of first"
    assert page["basis"]["author"] == {
        "basis": "header",
        "words": "named in the line above the comment",
        "sureness": {"confidence": 0.97, "level": "sure", "percent": 97, "word": "nearly sure"},
    }
    assert page["parent"] is None
    assert page["thread"] is None
    assert [place["id"] for place in page["appearances"]] == ["page-1"]
    assert page["body"] == [
        {"kind": "paragraph", "pieces": [{"text": "First  comment.", "url": None}]},
        {
            "kind": "quotation",
            "quoted": {"id": "wide-0", "title": "Title of wide-0", "author_id": "ann", "author_name": "Ann"},
            "basis": "language",
            "words": "judged by the words",
            "sureness": {"confidence": 0.8, "level": "likely", "percent": 80, "word": "likely"},
            "blocks": [{"kind": "paragraph", "pieces": [{"text": "<b>quoted</b>", "url": None}]}],
        },
    ]


async def test_a_comment_whose_parent_was_not_read_says_so_on_its_page_and_in_its_thread(made_up: Datasette) -> None:
    reply = await made_up.client.get("/comments/comments/orphan")
    assert "a comment that is not in this archive" in reply.text
    thread = await made_up.client.get("/-/thread/orphan")
    assert PageReader(thread.text).values("data-comment") == ["ghost", "orphan"]
    assert "This comment is not in the archive; a reply names it" in thread.text
    data = (await made_up.client.get("/-/thread/orphan.json")).json()
    assert data["thread"]["comments"] == 1


async def test_an_author_page_counts_what_is_missing_and_sorts_what_is_there(site: Datasette, database: Path) -> None:
    author = "zac-hatfield-dodds"
    page = (await site.client.get(f"/-/author/{author}.json?sort=length")).json()
    sql = f"select {{}} from comments where author_id = '{author}'"
    assert page["totals"]["comments"] == int(column(database, sql.format("count(*)"))[0])
    assert page["totals"]["undated"] == page["totals"]["comments"]
    assert page["totals"]["words"] == int(column(database, sql.format("sum(word_count)"))[0])
    lengths = [entry["comment"]["word_count"] for entry in page["comments"]]
    assert lengths == sorted(lengths, reverse=True)
    in_order = (await site.client.get(f"/-/author/{author}.json")).json()
    ids = [entry["comment"]["id"] for entry in in_order["comments"]]
    assert ids == column(database, sql.format("id") + " order by rowid")[:25]


async def test_the_home_page_counts_what_the_tables_hold(made_up: Datasette) -> None:
    page = (await made_up.client.get("/-/home.json")).json()
    assert page["counts"] == {
        "comments": 705,
        "placeholders": 1,
        "unknown_authors": 0,
        "authors": 2,
        "documents": 2,
        "dated": 1,
        "replies": 700,
        "scored": 1,
        "undated": 704,
        "removed": 0,
    }
    assert page["cut"] == 1
    assert [(thread["id"], thread["comments"]) for thread in page["threads"]] == [
        ("wide-0", 501),
        ("deep-1", 200),
    ]


async def test_every_ready_correction_names_exactly_the_paragraph_that_it_is_about(
    site: Datasette, database: Path, tmp_path: Path
) -> None:
    kinds: dict[str, list[tuple[dict[str, object], int]]] = {}
    for comment_id in column(database, "select id from comments"):
        page = (await site.client.get(f"/-/comment/{comment_id}/page.json")).json()
        start = page["cited"]["start_offset"]
        for amendment in page["amendments"]:
            (entry,) = yaml.safe_load(amendment["yaml"])["corrections"]
            kinds.setdefault(amendment["what"], []).append((entry, start))
    read = read_documents([SEEDS])
    pages = [read_page(document, unknown_as_list=True) for document in read.documents]
    assert {what: len(entries) for what, entries in kinds.items()} == {MERGE: 66, SPLIT: 43, AUTHOR: 70, PARENT: 70}
    for what, entries in kinds.items():
        file = SEEDS / "corrections.yml"
        loaded = _loaded(tmp_path / "corrections.yml", [entry for entry, _ in entries])
        located = select([replace(loaded, path=file)], pages, read.ids_by_path).located
        starts = [pages[item.spot.page].blocks[item.spot.block].start for item in located]
        if what == SPLIT:
            assert all(start > own for start, (_, own) in zip(starts, entries, strict=True))
        else:
            assert starts == [own for _, own in entries]


def _loaded(path: Path, entries: list[dict[str, object]]) -> CorrectionsFile:
    path.write_text(yaml.safe_dump({"corrections": entries}, allow_unicode=True), encoding="utf-8")
    return load_corrections(path)


async def test_the_home_page_counts_the_comments_without_an_author_whoever_decided_so(site: Datasette) -> None:
    counts = (await site.client.get("/-/home.json")).json()["counts"]
    assert counts["unknown_authors"] == 2
    assert "2 have no known author." in (await site.client.get("/")).text


async def test_a_corrected_parent_is_named_by_its_title(site: Datasette) -> None:
    row = (await site.client.get("/comments/comments.json?_shape=array&title__startswith=First, an apology")).json()[0]
    text = (await site.client.get(f"/comments/comments/{row['id']}")).text
    parent = f'<a href="/comments/comments/{row["parent_id"]}">You&#39;re attacking a strawman'
    assert f"<strong>Parent corrected</strong>, from nothing known to {parent}" in text


async def test_an_owner_whom_only_an_editor_named_is_said_to_be_that(site: Datasette, database: Path) -> None:
    sql = "select id from documents where file_name like '{}%'"
    (by_editor,), (by_itself,) = column(database, sql.format("002")), column(database, sql.format("004"))
    words = "as an editor found; the page itself does not say so"
    assert words in (await site.client.get(f"/-/source/{by_editor}")).text
    assert words not in (await site.client.get(f"/-/source/{by_itself}")).text
