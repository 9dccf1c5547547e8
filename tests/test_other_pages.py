from making import PROFILE_HEAD, page_of, prose

from forum_comments.models import Page
from forum_comments.other_pages import evidence_of_other_pages

FIRST, SECOND, THIRD = prose(80, "first"), prose(90, "second"), prose(85, "third")
NOTHING = [0.0, 0.0]


def profile(*paragraphs: str) -> Page:
    return page_of(PROFILE_HEAD + "\n\n".join(paragraphs) + "\n")


def test_a_gap_that_another_page_shows_with_both_its_paragraphs_counts_once() -> None:
    pages = [profile(FIRST, SECOND), profile(FIRST, SECOND)]
    assert evidence_of_other_pages(pages, [NOTHING, [0.0, 1.5]], [NOTHING, NOTHING]) == [[0.0, 1.5], NOTHING]


def test_two_gaps_of_other_pages_that_share_one_paragraph_each_count_both() -> None:
    pages = [profile(FIRST, SECOND), profile(FIRST, THIRD), profile(THIRD, SECOND)]
    found = [NOTHING, [0.0, 1.5], [0.0, 2.0]]
    assert evidence_of_other_pages(pages, found, [NOTHING] * 3)[0] == [0.0, 3.5]


def test_what_the_words_say_on_any_page_is_not_passed_on_and_the_rest_is_limited() -> None:
    pages = [profile(FIRST, SECOND), profile(FIRST, SECOND)]
    assert evidence_of_other_pages(pages, [NOTHING, [0.0, 3.0]], [NOTHING, [0.0, 3.0]])[0] == NOTHING
    assert evidence_of_other_pages(pages, [NOTHING, [0.0, -9.0]], [NOTHING, NOTHING])[0] == [0.0, -5.0]


def test_a_comment_of_a_dump_says_where_it_starts_goes_on_and_ends() -> None:
    page = profile(FIRST, SECOND, THIRD)
    nothing = [[0.0, 0.0, 0.0]]
    assert evidence_of_other_pages([page], nothing, nothing, [[FIRST, SECOND]]) == [[5.0, -5.0, 5.0]]
