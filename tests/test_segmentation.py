import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from making import (
    PROFILE_HEAD,
    REPLIES_HEAD,
    SEED_NAMES,
    appearances_in,
    division_of,
    page_of,
    prose,
    seed_page,
    starts_of,
)

from forum_comments.models import BoundaryBasis, Page
from forum_comments.segmentation import LIKELY, divide_pages, hard_rules
from forum_comments.vocabulary import CUT_VISIBLE, PROFILE_COMMENTS
from tests.quality.pages import labelled_pages
from training.pages import read

# A page's lines, and the space between them, as scrapes leave them.
PAGE_LINES = st.sampled_from(
    [
        "2Neel Nanda1y",
        "A paragraph of some words.",
        "However, that goes on.",
        "Thanks!",
        "It ends here ... (read more)",
        "... (read more)",
        "...with dots before",
        "  • a list item",
        "  1. ^",
        "    a note",
        prose(300, "long"),
        prose(700, "longer"),
    ]
)
PAGES = st.builds(
    lambda head, lines, space, end: head + "".join(line + space for line in lines) + end,
    st.sampled_from(["", REPLIES_HEAD, PROFILE_HEAD]),
    st.lists(PAGE_LINES, max_size=25),
    st.sampled_from(["\n", "\n\n"]),
    st.sampled_from(["", "Load More\n"]),
)


def paragraphs(*texts: str) -> str:
    return "\n\n".join(texts) + "\n"


def texts_of(page: Page) -> list[list[str]]:
    (found,) = appearances_in(page)
    return [[passage.text for passage in appearance.passages] for appearance in found]


@given(PAGES)
def test_every_comment_starts_with_a_basis_and_a_confidence(text: str) -> None:
    page = page_of(text)
    (division,) = divide_pages([page])
    starts = [boundary.block for boundary in division.boundaries]
    assert starts[:1] == ([0] if page.blocks else [])
    assert all(first < second for first, second in pairwise(starts))
    assert {boundary.basis for boundary in division.boundaries} <= set(BoundaryBasis.__args__)  # type: ignore[attr-defined]
    assert all(0.0 <= boundary.confidence <= 1.0 for boundary in division.boundaries)
    assert division.cut_ends <= {end - 1 for end in [*starts, len(page.blocks)]}


@given(PAGES)
def test_no_division_breaks_a_hard_rule(text: str) -> None:
    page = page_of(text)
    starts = set(starts_of(text))
    for block, start in enumerate(hard_rules(page).starts):
        assert start is None or (block in starts) == start


@given(PAGES)
def test_comments_and_furniture_cover_a_page_without_gap_or_overlap(text: str) -> None:
    page = page_of(text)
    (found,) = appearances_in(page)
    spans = sorted([(a.start, a.end) for a in found] + [(item.start, item.end) for item in page.furniture])
    assert "".join(text[start:end] for start, end in spans) == text


def test_a_head_opens_a_comment_and_its_line_ends_it() -> None:
    page = page_of(REPLIES_HEAD + paragraphs("A comment.", "2Neel Nanda1y\nA reply.", "1Bob1y\nOne more.", "Next."))
    assert texts_of(page) == [["A comment."], ["A reply."], ["One more."], ["Next."]]
    (division,) = divide_pages([page])
    assert [(boundary.block, boundary.basis, boundary.confidence) for boundary in division.boundaries] == [
        (0, "page start", 1.0),
        (1, "header", 1.0),
        (3, "header", 1.0),
        (5, "mark", 1.0),
    ]


def test_a_head_whose_comment_is_hidden_stands_alone() -> None:
    page = page_of(REPLIES_HEAD + paragraphs("A comment.", "-7Neel Nanda1y", "Another paragraph."))
    (found,) = appearances_in(page)
    assert [(a.header.name if a.header else None, len(a.passages)) for a in found] == [
        (None, 1),
        ("Neel Nanda", 0),
        (None, 1),
    ]


def test_a_whole_head_opens_a_comment_of_several_paragraphs() -> None:
    text = PROFILE_HEAD + paragraphs("A comment.", "Ada ExampleΩ12", "Its first.", "  1. its list")
    assert 1 in starts_of(text)
    assert 2 not in starts_of(text)


def test_read_more_closes_a_comment_wherever_the_mark_stands() -> None:
    text = REPLIES_HEAD + paragraphs(
        prose(560) + " ... (read more)", prose(500, "other") + "\n... (read more)", "However, this is new."
    )
    page = page_of(text)
    (found,) = appearances_in(page)
    assert [(a.is_truncated, a.boundary_basis) for a in found] == [
        (True, "page start"),
        (True, "mark"),
        (False, "mark"),
    ]
    assert [a.passages[0].text for a in found] == [prose(560), prose(500, "other"), "However, this is new."]


def test_a_line_that_follows_without_a_blank_line_goes_on_where_a_page_has_blank_lines() -> None:
    assert starts_of(REPLIES_HEAD + "A comment.\nThanks!\n\n2Bob1y\nYes.\n") == [0, 2]


def test_a_footnote_belongs_to_the_comment_above_it() -> None:
    assert starts_of(REPLIES_HEAD + paragraphs("With a note.[1]", "  1. ^", "    The note.")) == [0]


def test_a_comment_ends_with_its_footnotes() -> None:
    text = PROFILE_HEAD + paragraphs(
        "With a note.[1]", "  1. ^", "    The note.", "    More of it.", "However, on we go."
    )
    assert starts_of(text) == [0, 4]


def test_what_stands_between_a_footnote_and_the_words_that_refer_to_it_is_one_comment() -> None:
    text = PROFILE_HEAD + paragraphs(
        "Thanks! An earlier comment.[1]",
        "Thanks! I agree with this.[1]",
        "I disagree with your second point.",
        "Thank you, that makes sense.",
        "  1. ^",
        "    The note.",
        "  2. ^",
        "    Another.",
        "Thanks! What follows.",
        "  1. ^",
        "    A note that nothing refers to.",
    )
    assert hard_rules(page_of(text)).starts == (True, None, False, False, *[False] * 4, True, False, False)


def test_a_footnote_is_not_looked_for_beyond_a_head_or_a_cut() -> None:
    text = REPLIES_HEAD + paragraphs("See.[1]", "2Bob1y\nYes.", "Others.", "See.[1] ... (read more)", "One.", "  1. ^")
    assert hard_rules(page_of(text)).starts == (True, True, False, True, None, True, False)


@pytest.mark.parametrize("before", [1, 2, 3])
def test_a_cut_comment_starts_where_562_characters_are_reached(before: int) -> None:
    """The last paragraphs sum up to 562 characters; what stands before them is another comment."""
    cut = [prose(200, "first"), prose(200, "second"), prose(CUT_VISIBLE - 400, "third") + " ... (read more)"]
    others = [prose(190 + 10 * number, f"before{number}x") for number in range(before)]
    assert before in starts_of(REPLIES_HEAD + paragraphs(*others, *cut))
    (found,) = appearances_in(page_of(REPLIES_HEAD + paragraphs(*others, *cut)))
    assert found[-1].is_truncated
    assert sum(len(passage.text) for passage in found[-1].passages) == CUT_VISIBLE


def test_two_paragraphs_of_more_than_750_characters_are_no_uncut_comment_of_a_page_that_cuts() -> None:
    text = paragraphs(prose(500, "one"), prose(500, "two"), "2Bob1y\nYes.")
    assert starts_of(REPLIES_HEAD + text) == [0, 1, 2]


def test_562_characters_that_end_in_bare_dots_are_a_cut_comment() -> None:
    (found,) = appearances_in(page_of(f"Well...\n{prose(400)}\n{prose(562, 'other')}...\n"))
    assert found[-1].is_truncated
    assert [passage.text for passage in found[-1].passages] == [prose(562, "other")]


def test_a_boundary_less_likely_than_not_is_given_for_the_whole_comments_it_makes_on_a_list_that_stands_alone() -> None:
    pages = [page for page in map(read, labelled_pages()) if page.cuts]
    alone = [divide_pages([page])[0] for page in pages]
    given = {
        (page.layout, which)
        for which, divisions in {"alone": alone, "together": divide_pages(pages)}.items()
        for page, division in zip(pages, divisions, strict=True)
        if any(boundary.confidence < LIKELY for boundary in division.boundaries)
    }
    assert given == {("list", "alone")}


@pytest.mark.parametrize("blocks", [10, 11, 14, 40])
def test_a_profile_that_says_load_more_lists_ten_comments(blocks: int) -> None:
    texts = [f"Paragraph {number} of {prose(50, f'p{number}x')}." for number in range(blocks)]
    assert len(starts_of(PROFILE_HEAD + paragraphs(*texts, "Load More"))) == PROFILE_COMMENTS == 10


def test_a_profile_with_fewer_paragraphs_than_ten_is_divided_without_the_number() -> None:
    assert starts_of(PROFILE_HEAD + paragraphs("One.", "  • a list", "Load More")) == [0]


def test_a_profile_with_more_than_ten_heads_is_divided_without_the_number() -> None:
    texts = [f"Ada ExampleΩ12\n\n{prose(40, f'p{number}x')}" for number in range(12)]
    assert starts_of(PROFILE_HEAD + paragraphs(*texts, "Load More")) == list(range(0, 24, 2))


def test_a_cut_copy_on_one_page_tells_another_page_where_its_whole_one_starts() -> None:
    first, second = prose(300, "first"), prose(400, "second")
    replies = page_of(
        REPLIES_HEAD
        + paragraphs("2Bob1y\nYes.", first, second[: CUT_VISIBLE - 300] + " ... (read more)", "1Cy2y\nNo."),
        "replies.txt",
    )
    before, after = prose(80, "before"), prose(90, "after")
    profile = page_of(PROFILE_HEAD + paragraphs(before, first, second, after), "profile.txt")
    alone = divide_pages([profile])[0]
    together = divide_pages([profile, replies])[0]
    confidence_of = {boundary.block: boundary.confidence for boundary in together.boundaries}
    assert 1 in confidence_of
    assert confidence_of[1] > max((b.confidence for b in alone.boundaries if b.block == 1), default=0.0)
    assert {boundary.block: boundary.basis for boundary in together.boundaries}[1] == "other page"


def test_the_order_of_pages_does_not_matter() -> None:
    pages = [seed_page(name) for name in SEED_NAMES]
    forwards = divide_pages(pages)
    assert divide_pages(pages[::-1]) == forwards[::-1]
    assert divide_pages([*pages[2:], *pages[:2]]) == [*forwards[2:], *forwards[:2]]


@pytest.mark.parametrize(
    "text",
    [
        PROFILE_HEAD + 1200 * "A paragraph.\n\n" + "Load More\n",
        PROFILE_HEAD + 300 * "A line.\n" + "\nA paragraph.\n\nLoad More\n",
        PROFILE_HEAD + 10 * ("Ada ExampleΩ12\n\n" + 130 * "A paragraph.\n\n") + "Load More\n",
        REPLIES_HEAD + "A paragraph.\n\n" + 300 * "A line.\n",
        REPLIES_HEAD + "A paragraph.\n\n" + 3 * (prose(1000) + "\n") + "... (read more)\n",
        PROFILE_HEAD + "With a note.[1]\n\n" + 300 * "A paragraph.\n\n" + "  1. ^\n\nLoad More\n",
        REPLIES_HEAD + "With a note.\n\n  1. ^\n\n" + 300 * "    A line of it.\n\n",
    ],
)
def test_no_part_of_a_page_is_lost_however_long_its_comments_are(text: str) -> None:
    page = page_of(text)
    (found,) = appearances_in(page)
    assert [(a.start, a.end) for a in found[:1]] == [(page.blocks[0].start, found[0].end)]
    assert [a.start for a in found[1:]] == [a.end for a in found[:-1]]
    assert found[-1].end == page.blocks[-1].end


def test_a_page_without_blocks_has_no_comments() -> None:
    assert division_of("\n").boundaries == ()
    assert divide_pages([]) == []


def seconds_for(text: str) -> float:
    page = page_of(text)
    best = float("inf")
    for _ in range(3):
        start = time.process_time()
        divide_pages([page])
        best = min(best, time.process_time() - start)
    return best


def require_linear(short: str, long: str) -> None:
    """Eight times the text may take twenty times as long, since machines vary; a square would take 64 times."""
    assert seconds_for(long) < 20 * max(seconds_for(short), 0.002)


@pytest.mark.parametrize(
    ("head", "paragraph", "end"),
    [
        (REPLIES_HEAD, "A paragraph of a few words.\n\n", ""),
        (PROFILE_HEAD, "A paragraph of a few words.\n\n", "Load More\n"),
        ("", "A paragraph of a few words...\n", ""),
        (REPLIES_HEAD, "2Neel Nanda1y\nYes.\n\n", ""),
    ],
)
def test_the_time_that_a_page_takes_grows_as_its_length(head: str, paragraph: str, end: str) -> None:
    require_linear(head + 200 * paragraph + end, head + 1600 * paragraph + end)


def test_the_time_that_one_very_long_line_takes_grows_as_its_length() -> None:
    require_linear(REPLIES_HEAD + 62_500 * "word " + "\n", REPLIES_HEAD + 500_000 * "word " + "\n")


def test_paragraphs_that_are_all_alike_are_not_taken_for_one_endless_comment() -> None:
    page = page_of("\n\n".join(f"Para {number}" for number in range(1000)))
    (division,) = divide_pages([page])
    starts = [boundary.block for boundary in division.boundaries]
    assert max(end - first for first, end in pairwise([*starts, 1000])) <= 100
