"""Texts on the pages of the reading room: bodies with links and lists, citations, confidences, page numbers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rooms import bare_database, comment, row

from forum_comments.errors import NotFoundError
from forum_comments.pages.amendments import opening_words
from forum_comments.pages.bodies import bodies, pieces, shortened
from forum_comments.pages.citation import citation
from forum_comments.pages.reading import paging
from forum_comments.pages.wording import sureness


@given(st.text(), st.lists(st.sampled_from(["https://a.example/", "https://a.example/b?c=(d)", "javascript:alert(1)"])))
def test_a_text_with_links_is_cut_into_pieces_that_are_the_text(text: str, urls: list[str]) -> None:
    whole = text.join(urls)
    cut = pieces(whole, urls)
    assert "".join(piece["text"] for piece in cut) == whole
    assert all(piece["url"] is None or piece["url"].startswith("https://a.example/") for piece in cut)


def test_the_longer_of_two_addresses_that_begin_alike_is_linked() -> None:
    text = "See https://a.example/b, then https://a.example/"
    assert pieces(text, ["https://a.example/", "https://a.example/b"]) == [
        {"text": "See ", "url": None},
        {"text": "https://a.example/b", "url": "https://a.example/b"},
        {"text": ", then ", "url": None},
        {"text": "https://a.example/", "url": "https://a.example/"},
    ]


def test_list_items_are_lists_with_the_numbers_that_the_source_has() -> None:
    found = [("1.", "One"), ("3)", "Three"), (None, "Also"), ("b.", "Letter")]
    rows = {
        "passages": [
            row("passages", comment_id="c", position=1, kind="paragraph", text="Things:", is_quotation=0),
            *(
                row("passages", comment_id="c", position=number, kind="list item", text=text, label=label)
                for number, (label, text) in enumerate(found, start=2)
            ),
        ],
    }

    def item(text: str, label: str | None, number: int | None) -> dict[str, object]:
        return {"kind": "list item", "pieces": [{"text": text, "url": None}], "label": label, "number": number}

    assert bodies(bare_database(rows), ["c"]) == {
        "c": [
            {"kind": "paragraph", "pieces": [{"text": "Things:", "url": None}]},
            {"kind": "list", "marks": "numbers", "items": [item("One", "1.", 1), item("Three", "3)", 3)]},
            {"kind": "list", "marks": "bullets", "items": [item("Also", None, None)]},
            {"kind": "list", "marks": "labels", "items": [item("Letter", "b.", None)]},
        ]
    }


def test_a_comment_without_passages_is_read_from_its_body() -> None:
    rows = {"comments": [comment("c", body="One.\n\nTwo\nlines."), comment("empty", body=None)]}
    assert bodies(bare_database(rows), ["c", "empty"]) == {
        "c": [
            {"kind": "paragraph", "pieces": [{"text": "One.", "url": None}]},
            {"kind": "paragraph", "pieces": [{"text": "Two\nlines.", "url": None}]},
        ],
        "empty": [],
    }


def test_a_long_comment_is_shortened_where_it_is_one_of_many_and_says_so() -> None:
    block = {"kind": "paragraph", "pieces": [{"text": "x" * 30, "url": None}]}
    assert shortened([block], 30) == ([block], False)
    assert shortened([block, block], 30) == ([block], True)
    cut = {"kind": "paragraph", "pieces": [{"text": "x" * 10 + "…", "url": None}]}
    assert shortened([block], 10) == ([cut], True)
    item = {"kind": "list item", "pieces": [{"text": "y" * 30, "url": None}], "number": None}
    listing = {"kind": "list", "items": [item, item, item]}
    assert shortened([listing], 60) == ([{"kind": "list", "items": [item, item]}], True)


CITED = {
    "id": "p-1",
    "title": "50% of {all}…",
    "author_name": "Ann & Bob",
    "posted_at": "2020-05-17T08:00:00Z",
}
PLACE = {
    "document_title": "All of Ann's Comments",
    "file_name": "ann_1.txt",
    "sha256": "0123456789abcdef",
    "start_offset": 12,
    "end_offset": 90,
    "record_number": None,
}


def test_a_citation_names_author_date_place_build_and_address() -> None:
    made = citation(CITED, PLACE, permalink="https://a.example/-/comment/p-1", archive="Archive", build="ab12")
    assert made["plain"] == (
        "Ann & Bob: “50% of {all}…”. Forum comment, 2020-05-17. In: All of Ann's Comments (ann_1.txt, SHA-256 "
        "0123456789ab), characters 12 to 90. Archive, build ab12. https://a.example/-/comment/p-1"
    )
    assert made["bibtex"] == (
        "@misc{p-1,\n"
        "  author = {{Ann \\& Bob}},\n"
        "  title = {{50\\% of \\{all\\}…}},\n"
        "  howpublished = {Forum comment. Archive, build ab12},\n"
        "  year = {2020},\n"
        "  date = {2020-05-17},\n"
        "  note = {In: All of Ann's Comments (ann\\_1.txt, SHA-256 0123456789ab), characters 12 to 90},\n"
        "  url = {https://a.example/-/comment/p-1},\n"
        "}"
    )


def test_a_citation_makes_up_neither_author_nor_date() -> None:
    unknown = {**CITED, "author_name": None, "posted_at": None}
    made = citation(unknown, None, permalink="https://a.example/x", archive="Archive", build=None)
    assert made["plain"] == "Author unknown: “50% of {all}…”. Forum comment, undated. Archive. https://a.example/x"
    assert "author" not in made["bibtex"]
    assert "year" not in made["bibtex"]


@pytest.mark.parametrize(
    ("confidence", "shown"),
    [
        (1.0, ("sure", 100, "certain")),
        (0.999, ("sure", 99, "nearly sure")),
        (0.9, ("sure", 90, "nearly sure")),
        (0.7, ("likely", 70, "likely")),
        (0.0, ("guess", 0, "a guess")),
    ],
)
def test_a_confidence_is_told_in_a_word_and_only_the_certain_is_a_hundred_percent(
    confidence: float, shown: tuple[str, int, str]
) -> None:
    told = sureness(confidence)
    assert told is not None
    assert (told["level"], told["percent"], told["word"]) == shown


def test_nothing_is_said_of_a_confidence_that_is_not_known() -> None:
    assert sureness(None) is None


def test_a_list_names_its_pages_near_and_far() -> None:
    assert paging(1000, 10, 25) == {
        "page": 10,
        "pages": 40,
        "size": 25,
        "total": 1000,
        "first": 226,
        "last": 250,
        "shown": [1, None, 8, 9, 10, 11, 12, None, 40],
    }
    assert paging(0, 1, 25)["first"] == 0
    with pytest.raises(NotFoundError, match="There is no page 41"):
        paging(1000, 41, 25)


@given(st.text())
def test_opening_words_are_on_one_line_whatever_the_text(text: str) -> None:
    words = opening_words(text)
    assert "\n" not in words
    assert len(words.split()) <= 8
