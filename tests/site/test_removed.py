"""What a reader sees of a removed comment: its place, by whose wish it went, and nothing of it."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from conftest import SEEDS, site_of
from datasette.app import Datasette

from build_db import build
from forum_comments.documents import corrections_files
from forum_comments.removal.requests import Wanted
from remove import remove

ROHIN, ZAC = "p-7f71f199d602", "p-93cc306f2692"  # a reply, and the comment that it answers
WORDS = "anything relying on safety properties"
ADDRESSES = (
    "/",
    "/-/home.json",
    "/-/find?q=relying",
    "/-/find.json?q=relying",
    "/-/feeds/all.atom",
    f"/-/feeds/thread/{ZAC}.atom",
    f"/-/thread/{ZAC}",
    f"/comments/comments/{ZAC}",
    f"/comments/comments/{ROHIN}",
    f"/-/comment/{ROHIN}/page.json",
    "/-/source/62bb6ecd7b88",
    "/-/source/62bb6ecd7b88?position=16",
    "/-/about",
    "/-/statistics",
    "/comments/comments.csv?_stream=1",
    "/comments/passages.json?_size=1000",
    "/comments/documents.json?_shape=array",
    "/comments/search.json?q=relying",
    "/comments/thread?comment=" + ROHIN,
)


@pytest.fixture(scope="module")
def removed(tmp_path_factory: pytest.TempPathFactory) -> Datasette:
    """Give the site of the seeds without a reply and, by its author's wish, without what it answers."""
    folder = tmp_path_factory.mktemp("removed")
    pages, database = folder / "pages", folder / "comments.db"
    shutil.copytree(SEEDS, pages)
    build([pages], database, corrections_files([pages]))
    remove(database, Wanted(comments=(ROHIN,)), "moderator", "2026-11-21", "off topic", [pages])
    remove(database, Wanted(comments=(ZAC,)), "author", "2026-11-22", None, [pages])
    return site_of(database)


@pytest.mark.parametrize("address", ADDRESSES)
async def test_no_page_feed_or_export_holds_the_words(removed: Datasette, site: Datasette, address: str) -> None:
    answer = await removed.client.get(address, follow_redirects=True)
    assert answer.status_code == 200
    assert WORDS not in answer.text
    assert "Rohin" not in answer.text


async def test_the_addresses_did_hold_them_before(site: Datasette) -> None:
    holding = [a for a in ADDRESSES if WORDS in (await site.client.get(a, follow_redirects=True)).text]
    assert len(holding) >= 9


@pytest.mark.parametrize(
    ("comment_id", "said", "status"),
    [
        (ROHIN, "A moderator removed this comment.", "removed by moderator"),
        (ZAC, "Its author asked for this comment to be deleted.", "deleted by author"),
    ],
)
async def test_its_page_says_by_whose_wish_it_went(removed: Datasette, comment_id: str, said: str, status: str) -> None:
    page = (await removed.client.get(f"/comments/comments/{comment_id}")).text
    assert said in page
    assert status in page
    assert said in (await removed.client.get(f"/-/thread/{ZAC}")).text
    for not_said in ("author unknown", "undated", "Is this wrong?", "Cite it", "nothing known", "not printed"):
        assert not_said not in page
    row = (await removed.client.get(f"/comments/comments/{comment_id}.json?_shape=array")).json()[0]
    assert (row["body"], row["author_id"], row["status"]) == (None, None, status)


async def test_what_an_editor_said_of_it_is_gone_and_nothing_stands_in_its_place(tmp_path: Path) -> None:
    answer = "p-455fae1fd016"  # an editor found what it answers
    pages, database = tmp_path / "pages", tmp_path / "comments.db"
    shutil.copytree(SEEDS, pages)
    build([pages], database, corrections_files([pages]))
    remove(database, Wanted(comments=(answer,)), "author", "2026-11-22", None, [pages])
    page = (await site_of(database).client.get(f"/comments/comments/{answer}")).text
    (said,) = re.findall(r"<strong>Parent corrected</strong>(.*?)</li>", page)
    assert re.sub(r"<[^>]+>", "", said) == (
        ", from nothing known to Llama 2 is not open source. (a few days after this comment, here&#39;s a …."
    )


async def test_its_permalink_still_leads_to_its_page(removed: Datasette) -> None:
    answer = await removed.client.get(f"/-/comment/{ROHIN}", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (302, f"/comments/comments/{ROHIN}")


async def test_the_thread_says_what_it_begins_with(removed: Datasette) -> None:
    assert "Replies to a comment that was removed" in (await removed.client.get(f"/-/thread/{ZAC}")).text


async def test_counts_leave_removed_comments_out_and_say_how_many_they_are(removed: Datasette) -> None:
    counts = (await removed.client.get("/-/home.json")).json()["counts"]
    assert (counts["comments"], counts["removed"], counts["placeholders"]) == (68, 2, 0)
    assert "So far 2 comments were removed." in (await removed.client.get("/-/about")).text
    assert "removed" in (await removed.client.get("/")).text


async def test_the_source_page_shows_the_mark_and_all_else(removed: Datasette) -> None:
    page = (await removed.client.get("/-/source/62bb6ecd7b88")).text
    assert page.count("[removed by a moderator]") >= 1
    assert page.count("[deleted by its author]") >= 1
    rail = page.partition('data-comment="p-7f71f199d602"')[2].partition("</section>")[0]
    assert ">[removed by a moderator]</a>" in rail
    assert "no source names the author" not in page  # one did, which this archive no longer says


async def test_a_page_that_lost_words_does_not_pass_for_the_page_that_was_saved(
    removed: Datasette, site: Datasette
) -> None:
    whole, left = [(await archive.client.get("/-/source/62bb6ecd7b88")).text for archive in (site, removed)]
    as_saved = "The saved page 000_b8f0fdf67a00a17d.txt as it is, character for character, with what"
    what_is_left = "What is left of the saved page 000_b8f0fdf67a00a17d.txt after words were removed or names replaced"
    assert [as_saved in page for page in (whole, left)] == [True, False]
    assert [what_is_left in page for page in (whole, left)] == [False, True]
    assert "SHA-256 of what is left" in left
    assert (
        as_saved.replace("000_b8f0fdf67a00a17d", "004_76387c8045064562")
        in (await removed.client.get("/-/source/0034447e81c8")).text
    )


async def test_a_file_that_was_removed_says_so_and_what_answers_a_removed_comment_too(tmp_path: Path) -> None:
    pages, database = tmp_path / "pages", tmp_path / "comments.db"
    shutil.copytree(SEEDS, pages)
    build([pages], database, corrections_files([pages]))
    wanted = Wanted(comments=("p-8da19f42e11a",), documents=("e2dbf18d6b9b",))
    remove(database, wanted, "moderator", "2026-11-21", "off topic", [pages])
    archive = site_of(database)
    source = (await archive.client.get("/-/source/e2dbf18d6b9b")).text
    assert "This file was removed: nothing of it is kept but its address." in source
    assert "off topic" in source
    assert [part in source for part in ("SHA-256 <code", 'class="figures"', 'class="saved"')] == [False, False, False]
    for address in ("/-/thread/p-8da19f42e11a", "/-/author/buck-shlegeris"):
        page = (await archive.client.get(address)).text
        assert "a comment that was removed</a>" in page
        assert "a comment that is not here" not in page


@pytest.mark.parametrize(
    ("contact", "link"),
    [
        ("mailto:archive@example.org", '<a href="mailto:archive@example.org">archive@example.org</a>'),
        (
            "https://example.org/ask?a&b",
            '<a href="https://example.org/ask?a&amp;b">https://example.org/ask?a&amp;b</a>',
        ),
    ],
)
async def test_every_page_says_whom_to_ask_where_the_publisher_has_said_it(
    database: Path, monkeypatch: pytest.MonkeyPatch, contact: str, link: str
) -> None:
    monkeypatch.setenv("REMOVAL_CONTACT", contact)
    site = site_of(database)
    for address in ("/", "/comments", f"/comments/comments/{ROHIN}", "/-/about", "/nothing", "/comments?_size=x"):
        assert f"removed: ask {link}" in (await site.client.get(address)).text


async def test_no_address_is_made_up(site: Datasette) -> None:
    page = (await site.client.get("/-/about")).text
    assert "mailto:" not in page
    assert "has not\n    stated an address" in page


async def test_a_reply_says_that_what_it_answers_was_removed(removed: Datasette) -> None:
    page = (await removed.client.get(f"/comments/comments/{ROHIN}")).text
    assert f'In reply to <a href="/comments/comments/{ZAC}" rel="prev">[deleted by its author]</a>' in page
