"""What cells show: links to rows, paragraphs, excerpts."""

from __future__ import annotations

from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st

from forum_comments.cells import MAX_CHARACTERS, excerpt_html, id_column_of, target_of, text_html


class TagsOf(HTMLParser):
    """Collects the tags of a piece of HTML."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)


def test_a_foreign_key_leads_to_its_table_wherever_it_stands() -> None:
    assert target_of("comments", "parent_id") == "comments"
    assert target_of(None, "author_id") == "authors"
    assert target_of("replies", "reply_id") == "comments"
    assert target_of("threads", "id") == "comments"


def test_other_columns_lead_nowhere() -> None:
    assert target_of("builds", "id") is None
    assert target_of(None, "source_id") is None


def test_words_beside_an_id_take_its_link() -> None:
    assert id_column_of(None, "author", ["author", "author_id"]) == "author_id"
    assert id_column_of("threads", "title", ["id", "title"]) == "id"


def test_words_without_an_id_beside_them_take_none() -> None:
    assert id_column_of(None, "author", ["author"]) is None
    assert id_column_of(None, "source", ["source", "source_id"]) is None


def test_text_is_shown_in_its_paragraphs_and_lines() -> None:
    html = text_html("One.\n\nTwo,\nin two lines.\n \nThree & <four>.", 0)
    assert html == ('<div class="text"><p>One.</p><p>Two,<br>in two lines.</p><p>Three &amp; &lt;four&gt;.</p></div>')


def test_long_text_is_folded_behind_its_beginning() -> None:
    html = text_html("A beginning\n\nand an end.", 14)
    assert html == (
        '<details class="text"><summary>A beginning a …</summary><p>A beginning</p><p>and an end.</p></details>'
    )


def test_very_long_text_says_how_much_is_left_out() -> None:
    html = text_html("x" * (MAX_CHARACTERS + 1234), 0)
    assert html.endswith("<p>… 1,234 more characters are in the JSON and CSV.</p></div>")


def test_the_words_found_are_marked_in_an_excerpt() -> None:
    assert excerpt_html("a ⟦b⟧ & <c> ⟦d⟧") == "a <mark>b</mark> &amp; &lt;c&gt; <mark>d</mark>"


def test_marks_that_do_not_pair_stay_text() -> None:
    assert excerpt_html("a ⟧ b ⟦ c ⟦d⟧") == "a ⟧ b ⟦ c <mark>d</mark>"


@given(st.text())
def test_text_never_becomes_markup(text: str) -> None:
    assert TagsOf(text_html(text, 20)).tags <= {"div", "details", "summary", "p", "br"}
    assert TagsOf(excerpt_html(text)).tags <= {"mark"}
