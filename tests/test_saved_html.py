"""Saved HTML of every family: small pages written for these tests, with the sites' own elements and classes."""

import re
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from making import appearances_in, heads_of, page_of, query, require_whole
from sample_html import FORUM, GREATERWRONG, OLD, READER_POST, READER_USER

from build_db import build
from forum_comments.models import Page
from forum_comments.readers import MARKUP_READERS
from forum_comments.readers.dom import Dom, is_too_costly
from forum_comments.readers.headed import utc_iso

PAGES = {
    "ForumMagnum HTML": [FORUM],
    "GreaterWrong HTML": [GREATERWRONG],
    "old LessWrong HTML": [OLD],
    "reader HTML": [READER_POST, READER_USER],
}
EVERY = [(layout, text) for layout, texts in PAGES.items() for text in texts]


def shown(page: Page) -> list[tuple[str | None, list[str]]]:
    """Give author and passages of the comments of a page."""
    (found,) = appearances_in(page)
    return [(a.author_name, [passage.text for passage in a.passages]) for a in found]


def ids_of(page: Page) -> list[tuple[str | None, str | None, str | None, str | None]]:
    return [(h.source, h.source_id, h.parent_source_id, h.post_source_id) for h in heads_of(page)]


@pytest.mark.parametrize(("layout", "text"), EVERY)
def test_each_site_s_html_is_recognised_as_its_own_alone_and_nothing_is_lost(layout: str, text: str) -> None:
    assert len([reader for reader in MARKUP_READERS if reader.recognise(Dom(text))]) == 1
    page = page_of(text)
    assert (page.layout, page.problems) == (layout, ())
    require_covered(page)


def require_covered(page: Page) -> None:
    """Check that comments and furniture cover the file without gap or overlap."""
    (found,) = appearances_in(page)
    spans = sorted([(a.start or 0, a.end or 0) for a in found] + [(item.start, item.end) for item in page.furniture])
    assert [start for start, _ in spans] == [0, *(end for _, end in spans[:-1])]
    assert spans[-1][1] == len(page.document.text)
    assert all(start < end for start, end in spans)


def test_html_of_the_forum_gives_ids_dates_scores_titles_and_parents() -> None:
    page = page_of(FORUM)
    assert (page.owner, page.url, page.title) == (
        "Ada Example",
        "https://www.lesswrong.com/users/ada",
        "Ada Example - LessWrong",
    )
    assert shown(page) == [
        ("Ada Example", ["It holds, see here.", "A quotation.", "one", "two"]),
        ("Bob", ["On one line."]),
    ]
    first, second = heads_of(page)
    assert (first.posted_at, first.age, first.post_title) == ("2024-01-02T09:05:31.123Z", "2y", "On tests & more")
    assert (first.karma, first.af_karma, first.agreement) == (12, 3, -2)
    assert (second.posted_at, second.karma, second.is_single_line) == ("2024-01-03T09:05:31Z", 4, True)
    post, a, b = "p" * 17, "a" * 17, "b" * 17
    assert ids_of(page)[0] == ("lw", a, None, post)
    assert ids_of(page)[1] == ("lw", b, a, post)


def test_passages_of_html_have_their_kind_their_mark_their_links_and_their_place_in_the_source() -> None:
    page = page_of(FORUM)
    ((first, _),) = appearances_in(page)
    text = page.document.text
    assert [(p.kind, p.is_quotation, p.quotation_basis, p.links) for p in first.passages] == [
        ("paragraph", False, None, ("https://example.org/a?b=1&c=2",)),
        ("paragraph", True, "source", ()),
        ("list item", False, None, ()),
        ("list item", False, None, ()),
    ]
    assert [text[p.start : p.end].lstrip()[:6] for p in first.passages] == ["<p>It ", "<block", "<ol st", "<ol st"]
    assert [p.label for p in first.passages] == [None, None, "2.", "3."]
    assert first.is_truncated
    assert first.boundary_basis == "source"


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2024-01-02T09:05:31.123Z", "2024-01-02T09:05:31.123Z"),
        ("2024-01-02T09:05:31+02:00", "2024-01-02T07:05:31Z"),
        ("2024-01-02T09:05:31", None),
        ("2024-01-02", None),
        ("0001-01-01T00:00:00+14:00", None),
        ("yesterday", None),
    ],
)
def test_a_moment_without_a_zone_is_none_wherever_the_archive_is_built(
    written: str, expected: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    time.tzset()
    try:
        assert utc_iso(written) == expected
    finally:
        monkeypatch.undo()
        time.tzset()


def test_html_of_greaterwrong_gives_ids_dates_scores_and_parents() -> None:
    page = page_of(GREATERWRONG)
    assert shown(page) == [("ada", ["It holds.", "And more."]), ("Bob", ["No paragraph."]), (None, [])]
    first, second, third = heads_of(page)
    assert (first.posted_at, first.karma, first.af_karma, first.agreement) == ("2024-01-02T09:05:31Z", 12, 7, -2)
    assert (first.status, second.status, third.status) == ("retracted", None, "deleted")
    assert {head.post_title for head in heads_of(page)} == {"On tests"}
    a, b, c, q = ("a" * 17, "b" * 17, "c" * 17, "q" * 17)
    assert [(i, parent) for _, i, parent, _ in ids_of(page)] == [(a, q), (b, a), (c, a)]
    assert second.karma is None


def test_html_of_lesswrong_before_2018_gives_its_own_numbers_dates_and_parents() -> None:
    page = page_of(OLD)
    assert shown(page) == [("ada_example", ["It holds."]), (None, [])]
    assert [(h.posted_at, h.karma, h.status) for h in heads_of(page)] == [
        ("2012-01-02T09:05:31Z", 5, None),
        ("2012-01-02T09:05:32Z", None, "deleted"),
    ]
    assert ids_of(page) == [("lw1", "abc1", None, None), ("lw1", "abc2", "abc1", None)]


def test_html_of_the_reader_gives_ids_dates_posts_and_parents() -> None:
    page = page_of(READER_POST)
    assert shown(page) == [("Ada Example", ["It holds.", "And more."]), ("Bob", ["No paragraph."])]
    assert [(h.posted_at, h.post_title) for h in heads_of(page)] == [
        ("2024-01-02T09:05:31.123Z", "On tests"),
        ("2024-01-03T09:05:31Z", "On tests"),
    ]
    post, a, b = "p" * 17, "a" * 17, "b" * 17
    assert ids_of(page) == [("lw", a, None, post), ("lw", b, a, post)]


def test_answers_to_a_question_on_a_page_of_the_reader_are_read_too() -> None:
    c = "c" * 17
    answer = (
        f'<h2 id="answers">Answers</h2><div id="{c}" style="x">\n answer by <a href="/users/cleo">cleo</a> · <a\n'
        f'href="#{c}">2024-01-04T00:00:00.000Z</a> · <span>LW · GW</span>\n<br>\n<p>An answer.</p>\n'
        '</div><h2 id="comments">'
    )
    page = page_of(READER_POST.replace('<h2 id="comments">', answer))
    assert shown(page)[0] == ("cleo", ["An answer."])
    assert ids_of(page)[0] == ("lw", c, None, None)
    assert len(shown(page)) == 3
    require_covered(page)


def test_html_of_a_user_page_of_the_reader_gives_ids_posts_and_its_owner() -> None:
    page = page_of(READER_USER)
    assert shown(page) == [("Ada Example", ["It holds."]), ("ada", ["A second."])]
    assert [(h.posted_at, h.post_title) for h in heads_of(page)] == [
        ("2024-01-02T09:05:31.123Z", "On tests & more"),
        ("2024-01-03T00:00:00Z", None),
    ]
    assert ids_of(page) == [("ea", "a" * 17, None, "p" * 17), ("ea", "b" * 17, None, "q" * 17)]


def test_ids_are_not_used_where_no_link_says_whose_they_are() -> None:
    page = page_of(re.sub(r"https://www\.(lesswrong|greaterwrong)\.com", "", FORUM))
    assert {head.source_id for head in heads_of(page)} == {None}
    assert [name for name, _ in shown(page)] == ["Ada Example", "Bob"]


@pytest.mark.parametrize(
    "text",
    [
        "<!DOCTYPE html><html><body><p>Prose.</p></body></html>",
        "<html><body><div class='comments'>No comment of these sites.</div></body></html>",
        "<div><!-- <li class='comment-item'><div class='comment-body'> --></div>",
        '<html><script>\'<div class="comments-node" id="x">\'</script></html>',
    ],
)
def test_html_of_another_site_is_not_read_even_as_a_list(text: str) -> None:
    page = page_of(text)
    assert page.layout == "unread"
    assert [(item.role, item.start, item.end) for item in page.furniture] == [("unread", 0, len(text))]


def test_html_that_is_too_deep_or_wide_to_parse_in_linear_time_is_not_read() -> None:
    begun = time.process_time()
    deep_or_wide = ["<div>" * 200_000, "<p><b>x</p>" * 100_000, "<a " + "b " * 300_000 + ">", "<a " * 300_000]
    for text in deep_or_wide:
        assert is_too_costly(text)
        assert page_of(f"<html>{text}").layout == "unread"
    assert time.process_time() - begun < 2  # seconds of a processor; they take less than a tenth of one


def test_a_page_s_own_attributes_and_unclosed_tags_do_not_move_its_places() -> None:
    hostile = FORUM.replace("<div>\n", '<div data-at=5 title="a <b c">\n', 1).replace("</blockquote>", "")
    page = page_of(hostile)
    require_covered(page)
    assert [block.start for block in page.blocks if block.header] == sorted(
        block.start for block in page.blocks if block.header
    )
    assert shown(page)[1] == ("Bob", ["On one line."])


@given(st.sampled_from([text for _, text in EVERY]), st.data())
def test_damaged_html_is_read_without_loss_or_failure(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(len(text), start + 400)))
    filler = data.draw(st.sampled_from(["", "<", "</div>", "<b>", "\0", '"', "<!--", "<script>", "&#99999999;"]))
    page = page_of(text[:start] + filler + text[end:])
    assert page.document.text
    require_covered(page)


def test_saved_html_is_built_whole_with_ids_parents_posts_and_links(tmp_path: Path) -> None:
    folder = tmp_path / "pages"
    folder.mkdir()
    (folder / "ada.html").write_text(FORUM, encoding="utf-8")
    (folder / "permalink.htm").write_text(GREATERWRONG, encoding="utf-8")
    database = tmp_path / "comments.db"
    assert build([folder], database, []).warnings == ()
    require_whole(database, folder)
    columns = "id, parent_id, author_name, posted_at, post_id, source, parent_basis"
    rows = query(database, f"select {columns} from comments where not is_placeholder order by id")
    a, b, c, missing, post = (f"lw-{letter * 17}" for letter in "abcqp")
    assert rows == [
        (a, missing, "ada", "2024-01-02T09:05:31.123Z", post, "lw", "source"),
        (b, a, "Bob", "2024-01-03T09:05:31Z", post, "lw", "source"),
        (c, a, None, None, post, "lw", "source"),
    ]
    assert query(database, "select comment_id, url from links") == [(a, "https://example.org/a?b=1&c=2")]
    assert query(database, "select count(*) from appearances") == [(5,)]
    assert ("", "markup") in query(database, "select distinct text, role from furniture")


def test_a_user_page_of_greaterwrong_names_the_post_and_the_comment_that_each_one_answers() -> None:
    links = (
        '<a class="permalink" href="/posts/ppppppppppppppppp/x/comment/bbbbbbbbbbbbbbbbb"></a>'
        '<div class="comment-post-title"><span class="comment-in-reply-to">in reply to: '
        '<a href="/users/cleo" class="inline-author">Cleo</a>’s '
        '<a href="/posts/ppppppppppppppppp/x#comment-ddddddddddddddddd">comment</a> </span>'
        '<span class="comment-post-title2">on: <a href="/posts/ppppppppppppppppp/x">Other tests</a></span></div>'
    )
    alone = GREATERWRONG.replace('<ul class="comment-thread"><li id="comment-b', '</li><li id="comment-b')
    page = page_of(alone.replace("3 Jan 2024 9:05 UTC</a>", f"3 Jan 2024 9:05 UTC</a>{links}"))
    second = heads_of(page)[1]
    assert (second.name, second.post_title, second.parent_author) == ("Bob", "Other tests", "Cleo")
    assert ids_of(page)[1] == ("lw", "b" * 17, "d" * 17, "p" * 17)
