"""Bodies, whatever they hold: no word is lost or made, nothing raises, and time grows no faster than length."""

from __future__ import annotations

import gc
import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forum_comments.bodies import html, read_body, tag_stream
from forum_comments.bodies.writer import PassageWriter
from forum_comments.comments import body_of
from forum_comments.models import Passage
from forum_comments.records import Body, BodyPassage, Markup

MARKUPS: tuple[Markup, ...] = ("html", "markdown", "plain")
WORD = re.compile(r"[^\W_]+")
TAG = re.compile(r"<[^>]*>")

words = st.lists(st.sampled_from([f"word{n}" for n in range(50)]), min_size=1, max_size=4).map(" ".join)


def inside(*tags: str, of: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.tuples(st.sampled_from(tags), of).map(lambda found: f"<{found[0]}>{found[1]}</{found[0]}>")


inline = st.lists(words | inside("i", "b", "a", "code", "span", "unknown", of=words), min_size=1, max_size=4).map(
    " ".join
)
flat_blocks = inside("p", "h2", "div", "blockquote", of=inline)
lists = st.lists(inside("li", of=inline | flat_blocks), min_size=1, max_size=3).map("".join)
blocks = st.recursive(
    flat_blocks | inside("ul", "ol", of=lists) | inside("pre", of=words),
    lambda children: inside("blockquote", "div", of=st.lists(children, min_size=1, max_size=3).map("".join)),
    max_leaves=8,
)
documents = st.lists(blocks | inline, max_size=6).map(" ".join)

marks = st.sampled_from(["", "> ", ">", ">> ", "* ", "1. ", "# ", "    ", ">! ", "> - ", "- 1. ", "```\n"])
markdown_lines = st.tuples(marks, words, st.sampled_from(["", "*", "`", "**", " ", "  "])).map(
    lambda found: f"{found[0]}{found[2].strip()}{found[1]}{found[2]}"
)
markdown_documents = st.lists(markdown_lines | st.just(""), max_size=10).map("\n".join)

noise = st.text(
    st.sampled_from("ab1 \n\t<>/&;#=\"'!-*_`[]()|$^~\\\0\x0b\x85\u2028\ud83d•") | st.characters(), max_size=80
)
fragments = st.lists(
    noise
    | st.sampled_from(
        "<p> </p> <li> <ul> </ul> <blockquote> </blockquote> <sup> </sup> <a> </a> <pre> <td> <tr>".split()
    )
    | st.sampled_from(
        "<table> </table> <br> <script> <!-- --> <div class='footnotes'> <ol> </li> <sub> <h1> \n\n".split(" ")
    )
    | st.sampled_from(["> ", "\n* ", "```\n", "[^a]", "\n[^a]: ", "[b](c)", "|-|-|\n", "$$", ">!", "!<", "    "]),
    max_size=20,
).map("".join)


def words_of(body: Body) -> list[str]:
    return WORD.findall(" ".join(passage.text for passage in body.passages))


def stream_of(text: str) -> Body:
    writer = PassageWriter()
    tag_stream.read_into(writer, text)
    return writer.body()


@given(documents)
def test_html_gives_the_words_between_its_tags(text: str) -> None:
    assert words_of(read_body(text, "html")) == WORD.findall(TAG.sub(" ", text))


@given(documents)
def test_the_stream_of_tags_gives_what_the_tree_gives(text: str) -> None:
    assert stream_of(text) == html.read(text)


@given(markdown_documents)
def test_markdown_gives_the_words_that_are_typed(text: str) -> None:
    numbers = re.sub(r"\b1\. ", "", text)  # a list's own numbers
    assert re.findall(r"[a-z]{2,}\d+", " ".join(words_of(read_body(text, "markdown")))) == WORD.findall(numbers)


@given(fragments)
def test_plain_text_gives_the_words_that_are_typed(text: str) -> None:
    whole = text.replace("\0", " ").encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    assert words_of(read_body(text, "plain")) == WORD.findall(whole)


@given(st.sampled_from(MARKUPS), fragments)
def test_any_text_becomes_passages_that_a_cell_can_hold(markup: Markup, text: str) -> None:
    body = read_body(text, markup)
    for passage in body.passages:
        assert passage.text.strip()
        assert "\0" not in passage.text
        passage.text.encode()
    assert all(link.startswith(("http://", "https://")) for link in body.links)


@given(fragments)
def test_the_stream_of_tags_reads_any_text(text: str) -> None:
    assert all(passage.text.strip() for passage in stream_of(text).passages)


@given(st.sampled_from(MARKUPS), fragments | documents | markdown_documents)
def test_paragraphs_and_items_joined_and_read_as_plain_text_are_the_same(markup: Markup, text: str) -> None:
    found = read_body(text, markup).passages
    unquoted = [p for p in found if not p.is_quotation and p.kind in ("paragraph", "list item")]
    again = read_body(body_of([Passage(p.kind, p.text) for p in unquoted]), "plain").passages
    assert again == [p._replace(label=None) for p in unquoted]  # a typed number is read as text


DEEP = {
    "html": [
        "<div>",
        "<b>",
        "<p><b id=1>x</p>",
        "<ul><li>",
        "<blockquote>a",
        "<table><tr><td>",
        "<a>",
        "<sup>a",
        "<svg>",
    ],
    "markdown": [
        ">",
        "> ",
        "- a\n ",
        "[",
        "![",
        "*a",
        "**a ",
        "_a",
        "`",
        "$a",
        "[a](",
        "[^a]: ",
        "<div>",
        "1. ",
        "|a",
        "<b>",
    ],
    "plain": [">", "> ", "- ", "\n", "• ", "http://(", "http://a)", " \n"],
}
BROKEN = {
    "html": ["<", "</", "<!--", "<a ", "<a b='", "&", "&#1", "&amp", "<![CDATA[", "<?", "</p>", "<br>", "<li>"],
    "markdown": ["<", "<!--", "&", "\\", "<a ", "]", "(", "|-", "~", "!", "#", ">!", "\n[a]: b\n", "<![CDATA["],
    "plain": ["*", "\t", "a\n\n", "http://"],
}
PATTERNS = [(m, p) for m in MARKUPS for p in (*DEEP[m], *BROKEN[m])]
SMALL, TIMES_LARGER = 8_000, 8
# Eight times the length takes eight times as long; 64 times where time grew with the square. Clocks are not exact.
MOST_TIMES_LONGER, NOTHING_MUCH = 30, 0.02


def seconds(markup: Markup, text: str) -> float:
    """Measure the shorter of two readings, without the collector: its work grows with all that the suite holds."""
    taken = []
    gc.disable()
    try:
        for _ in range(2):
            started = time.process_time()
            read_body(text, markup)
            taken.append(time.process_time() - started)
    finally:
        gc.enable()
    return min(taken)


@pytest.mark.parametrize(("markup", "pattern"), PATTERNS, ids=[f"{m} {p!r}" for m, p in PATTERNS])
def test_time_grows_with_length_and_not_with_its_square(markup: Markup, pattern: str) -> None:
    small = (pattern * SMALL)[:SMALL]
    assert seconds(markup, small * TIMES_LARGER) <= MOST_TIMES_LONGER * seconds(markup, small) + NOTHING_MUCH


@pytest.mark.parametrize(
    ("markup", "opening", "expected"),
    [
        ("html", "<blockquote>", BodyPassage("paragraph", "deep", True)),
        ("html", "<ul><li>", BodyPassage("list item", "deep")),
        ("markdown", ">", BodyPassage("paragraph", "deep", True)),
    ],
)
def test_what_is_nested_a_hundred_thousand_deep_is_read(markup: Markup, opening: str, expected: BodyPassage) -> None:
    assert read_body(opening * 100_000 + "deep", markup).passages == [expected]
