import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from making import PROFILE_HEAD, REPLIES_HEAD, REPOSITORY, SEED_NAMES, page_of, seed_page

from forum_comments.models import Page
from forum_comments.readers import read_page
from forum_comments.readers.mojibake import repair

LABELS = {
    page["file"]: page
    for page in json.loads((REPOSITORY / "training" / "labels" / "seeds.json").read_text(encoding="utf-8"))["pages"]
}
LINES = st.one_of(
    st.sampled_from(
        [
            "All of Ada Example's Comments + Replies",
            "Ada Example",
            "Sequences",
            "Posts",
            "Wiki Contributions",
            "Comments",
            "Sorted by",
            "Load More",
            "2Neel Nanda1y",
            "Ada ExampleΩ7103",
            "A paragraph of some words.",
            "It ends ... (read more)",
            "... (read more)",
            "...dots before",
            "dots after...",
            "  • a list item",
            "    1. a deep item",
            "- another",
            "•",
            "  1. ^",
            "    the footnote's words",
            "",
            " ",
            "\u00a0",
            "\u2028",
            "\ufeff",
            "a\u2028b",
            "\0",
            "a\0b",
            "\r",
            "🙂",
            "\x1c",
        ]
    ),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
)
TEXTS = st.builds(
    lambda head, lines, end: head + end.join(lines),
    st.sampled_from(["", REPLIES_HEAD, PROFILE_HEAD, "\n \n", "\r\n\u00a0\r\n"]),
    st.lists(LINES, max_size=30),
    st.sampled_from(["\n", "\n\n", "\r\n", "\r\n\r\n", "\r", "\n\u00a0\n"]),
)


def spans_of(page: Page) -> list[tuple[int, int]]:
    return sorted((item.start, item.end) for item in (*page.blocks, *page.furniture))


@given(TEXTS)
def test_the_spans_of_any_text_cover_it_without_gap_or_overlap(text: str) -> None:
    page = page_of(text)
    spans = spans_of(page)
    assert "".join(text[start:end] for start, end in spans) == text
    assert all(start < end for start, end in spans)
    assert [start for start, _ in spans] == [0, *(end for _, end in spans)][: len(spans)]


@given(TEXTS)
def test_a_blank_line_belongs_to_the_span_before_it(text: str) -> None:
    page = page_of(text)
    blank = [item for item in page.furniture if item.role == "blank"]
    assert [item.start for item in blank] in ([], [0])
    assert all(not text[item.start : item.end].strip() for item in blank)
    for item in (*page.blocks, *(item for item in page.furniture if item.role != "blank")):
        assert text[item.start : item.end].split("\n")[0].strip()


@given(TEXTS)
def test_a_block_shows_words_of_its_own_span_only(text: str) -> None:
    for block in page_of(text).blocks:
        span = text[block.start : block.end]
        assert block.text in span or block.text in repair(span)
        assert (block.kind == "cut mark") == (not block.text)


@pytest.mark.parametrize("text", ["", "\n", " \n\u00a0\n", "\r\n\r\n"])
def test_a_text_without_words_is_a_page_without_comments_and_says_so(text: str) -> None:
    page = page_of(text)
    assert page.blocks == ()
    assert [problem.kind for problem in page.problems] == ["no comments"]
    assert page.title == "List that begins “no text”"


def test_lines_end_at_a_line_feed_only() -> None:
    page = page_of(REPLIES_HEAD + "One\u2028two\x85three\rfour\x0bfive\r\n\r\nSix\n")
    assert [block.text for block in page.blocks] == ["One\u2028two\x85three\rfour\x0bfive", "Six"]
    assert [(block.start, block.end) for block in page.blocks] == [(41, 68), (68, 72)]


@pytest.mark.parametrize("name", SEED_NAMES)
def test_the_furniture_of_a_seed_is_as_it_was_labelled(name: str) -> None:
    page = seed_page(name)
    found = [[page.document.text.count("\n", 0, item.start) + 1, item.role] for item in page.furniture]
    assert found == LABELS[name]["furniture"]


def test_the_layout_of_each_seed_is_found() -> None:
    pages = [seed_page(name) for name in SEED_NAMES]
    zac, erik = "Zac Hatfield-Dodds", "Erik Jenner"
    made_title = "List that begins “There is Dario's written testimony before Congress, which …”"
    assert [(page.layout, page.title, page.owner, page.problems) for page in pages] == [
        ("replies page", f"All of {zac}'s Comments + Replies", zac, ()),
        ("profile", f"Profile of {zac}", zac, ()),
        ("list", made_title, None, ()),
        ("profile", f"Profile of {zac}", zac, ()),
        ("profile", f"Profile of {erik}", erik, ()),
    ]
    assert [(page.says_more, page.cuts, page.comment_count, len(page.blocks)) for page in pages] == [
        (False, True, None, 41),
        (True, False, 10, 29),
        (False, True, None, 61),
        (True, False, 10, 43),
        (True, False, 10, 89),
    ]


@pytest.mark.parametrize("name", SEED_NAMES)
def test_a_page_is_read_the_same_whatever_its_file_is_called(name: str) -> None:
    page = seed_page(name)
    renamed = replace(page.document, file_name="All of Bob's Comments + Replies")
    assert read_page(renamed, unknown_as_list=True) == replace(page, document=renamed)


@pytest.mark.parametrize("title", ["All of Ada Example's Comments + Replies", "All of Iris’ Comments + Replies"])
def test_the_owner_of_a_replies_page_stands_in_its_title(title: str) -> None:
    page = page_of(f"{title}\n\nA comment.\n")
    assert (page.layout, page.owner) == ("replies page", title.removeprefix("All of ").split("'")[0].split("’")[0])


def test_everything_above_a_profile_s_comments_has_its_role() -> None:
    page = page_of(
        "\n\nAda Example\n\nWrites tests.\n\nTwo lines of them.\n\nSequences\n\nOn tests\n\nPosts\n\nOn more\n\n"
        "Wikitag Contributions\n\nTesting\n\nComments\n\nSorted by\n\nA comment.\n\nLoad More\n"
    )
    shown = [(item.role, page.document.text[item.start : item.end].strip()) for item in page.furniture]
    assert shown == [
        ("blank", ""),
        ("author name", "Ada Example"),
        ("bio", "Writes tests."),
        ("bio", "Two lines of them."),
        ("section heading", "Sequences"),
        ("sequence title", "On tests"),
        ("section heading", "Posts"),
        ("post title", "On more"),
        ("section heading", "Wikitag Contributions"),
        ("wiki contribution", "Testing"),
        ("section heading", "Comments"),
        ("sort control", "Sorted by"),
        ("load more", "Load More"),
    ]
    assert [block.text for block in page.blocks] == ["A comment."]
    assert page.bio == "Writes tests.\n\nTwo lines of them."


def test_a_profile_without_load_more_does_not_say_how_many_comments_it_lists() -> None:
    page = page_of(PROFILE_HEAD + "A comment.\n")
    assert (page.layout, page.says_more, page.comment_count) == ("profile", False, None)


def test_load_more_within_a_comment_is_no_furniture() -> None:
    page = page_of(REPLIES_HEAD + "Load More\n\nis what the button says.\n")
    assert [block.text for block in page.blocks] == ["Load More", "is what the button says."]
    assert page.says_more is False


def test_a_page_of_no_known_layout_is_read_as_a_list_and_says_so() -> None:
    page = page_of("Some notes.\n\nMore notes.\n")
    assert (page.layout, page.owner, page.title) == ("list", None, "List that begins “Some notes.”")
    assert [problem.kind for problem in page.problems] == ["layout not recognised"]


def test_heads_marks_lists_and_footnotes_are_told_apart() -> None:
    page = page_of(
        REPLIES_HEAD
        + "2Neel Nanda1y\nA reply.\n\nAda ExampleΩ12\n\nA list:\n\n  • first\n  1. second\n- third\n\n1. is prose\n\n"
        + "It was cut ... (read more)\n\nAnother\n... (read more)\n\nWith a note.[1]\n\n  1. ^\n\n    The note.\n"
    )
    assert [(block.text, block.label) for block in page.blocks if block.kind == "list item"] == [
        ("first", None),
        ("second", "1."),
        ("third", None),
    ]
    assert [(block.kind, block.text, block.cut_mark) for block in page.blocks] == [
        ("reply header", "2Neel Nanda1y", None),
        ("paragraph", "A reply.", None),
        ("full header", "Ada ExampleΩ12", None),
        ("paragraph", "A list:", None),
        ("list item", "first", None),
        ("list item", "second", None),
        ("list item", "third", None),
        ("paragraph", "1. is prose", None),
        ("paragraph", "It was cut", "read more"),
        ("paragraph", "Another", None),
        ("cut mark", "", "read more"),
        ("paragraph", "With a note.[1]", None),
        ("footnote", "1. ^", None),
        ("footnote", "The note.", None),
    ]


def test_bare_dots_may_mark_a_cut_only_where_a_layout_loses_the_words_of_the_mark() -> None:
    lines = "It goes on...\n...from here.\nNot ... here.\nCut between ...\n...\n- ...an item\n"
    marks = [block.cut_mark for block in page_of(lines).blocks]
    assert marks == ["dots after", "dots before", None, "dots after", None, "dots before"]
    assert [block.cut_mark for block in page_of(REPLIES_HEAD + lines).blocks] == [None] * 6
