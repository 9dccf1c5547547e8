import pytest
from hypothesis import given
from hypothesis import strategies as st
from making import appearance_of, words

from forum_comments.models import Appearance, Passage
from forum_comments.quotation_language import CONSTANT, probabilities, read, signs
from forum_comments.quotations import mark_quotations
from forum_comments.shared_words import covered, words_of

CLAIM = "Everything that a careful archive promises can be checked against whatever the website printed yesterday."
LONGER = f"Before anything else, consider patience. {CLAIM} That stays difficult wherever nobody preserved them."
ANSWER = "That does not follow, because somebody must have preserved the originals first."


NO_LANGUAGE = {CONSTANT: -9.0}
Mark = tuple[int, int, str | None, float | None, int]


def marks(*comments: Appearance) -> list[Mark]:
    """Say of each passage that was marked: comment, passage, basis, confidence, comment quoted."""
    mark_quotations([comments], NO_LANGUAGE)
    return [
        (
            number,
            position,
            passage.quotation_basis,
            passage.quotation_confidence,
            comments.index(passage.quoted) if passage.quoted else -1,
        )
        for number, comment in enumerate(comments)
        for position, passage in enumerate(comment.passages)
        if passage.is_quotation
    ]


def test_a_sentence_taken_out_of_another_comment_and_answered_quotes_that_comment() -> None:
    source, reply = appearance_of(LONGER, position=1), appearance_of([CLAIM, ANSWER], position=2)
    assert marks(source, reply) == [(1, 0, "same words", 0.9, 0)]


def test_a_paragraph_that_opens_one_comment_and_not_the_other_is_quoted_by_the_one_that_it_opens() -> None:
    source = appearance_of(["Some remarks on what was written above, in no order at all.", CLAIM], position=1)
    assert marks(source, appearance_of([CLAIM, ANSWER], position=2)) == [(1, 0, "same words", 0.8, 0)]


def test_the_same_paragraph_at_the_beginning_of_two_comments_is_no_evidence_of_who_quotes_whom() -> None:
    assert marks(appearance_of([CLAIM, ANSWER]), appearance_of([CLAIM, words(30)], position=2)) == []


def test_copies_of_a_comment_on_two_pages_do_not_quote_each_other() -> None:
    whole = appearance_of([CLAIM, LONGER, ANSWER], document="profile")
    cut = appearance_of([CLAIM, LONGER[:60]], document="replies page", is_truncated=True)
    assert marks(whole, cut) == []


def test_a_copy_with_something_else_in_front_of_it_is_no_quotation() -> None:
    merged = appearance_of(["Huh, that is helpful, thanks.", CLAIM, LONGER], document="replies page")
    assert marks(merged, appearance_of([CLAIM, LONGER, ANSWER], document="profile")) == []


def test_the_whole_of_a_short_comment_on_one_line_is_not_quoted_by_its_copy_in_paragraphs() -> None:
    one_line = appearance_of(f"{CLAIM} {ANSWER}", document="replies page")
    assert marks(one_line, appearance_of([CLAIM, ANSWER], document="profile")) == []


def test_what_nobody_answers_is_not_a_quotation() -> None:
    assert marks(appearance_of(LONGER), appearance_of([ANSWER, CLAIM], position=2)) == []


def test_words_that_many_comments_share_are_not_followed() -> None:
    everywhere = [appearance_of([LONGER, f"Number {n}."], position=n + 1) for n in range(40)]
    assert marks(*everywhere, appearance_of([CLAIM, ANSWER], position=41)) == []


def test_a_page_that_shows_what_stands_below_a_paragraph_shows_a_copy_of_it_and_no_quotation() -> None:
    apart = [
        appearance_of(CLAIM, document="replies page", position=1),
        appearance_of("Somebody's reply.", document="replies page", position=2),
        appearance_of(ANSWER, document="replies page", position=3),
    ]
    assert marks(*apart, appearance_of([CLAIM, ANSWER], document="profile")) == []


def test_a_comment_that_stands_in_another_one_as_a_whole_is_taken_for_its_copy_with_a_missed_boundary() -> None:
    assert marks(appearance_of(CLAIM, position=1), appearance_of([CLAIM, ANSWER], position=2)) == []


@pytest.mark.parametrize(
    ("position", "log_odds", "expected"),
    [
        (0, 2.0, (True, "language", 0.881)),
        (0, 1.2, (False, "language", 0.769)),  # it would change the comment's id
        (1, 1.2, (True, "language", 0.769)),
        (1, 0.5, (False, "language", 0.622)),
        (1, -1.0, (False, None, None)),
    ],
)
def test_language_marks_from_seven_in_ten_on_and_keeps_a_suspicion(
    position: int, log_odds: float, expected: tuple[bool, str | None, float | None]
) -> None:
    comment = appearance_of(["A claim.", "Another claim.", "What I say to it."])
    mark_quotations([[comment]], {CONSTANT: log_odds})
    passage = comment.passages[position]
    assert (passage.is_quotation, passage.quotation_basis, passage.quotation_confidence) == expected


def test_the_last_passage_and_a_single_one_are_never_quotations_by_their_language() -> None:
    passages = [Passage("paragraph", "A claim."), Passage("paragraph", "An answer.")]
    read_words = [words_of(passage) for passage in passages]
    assert probabilities(passages, read_words, {CONSTANT: 0.0}) == [0.5, 0.0]
    assert probabilities(passages[:1], read_words[:1], {CONSTANT: 0.0}) == [0.0]


def test_a_sign_that_was_learned_moves_the_probability() -> None:
    passages = [Passage("paragraph", "“Nobody can say that.”"), Passage("paragraph", "You did say it.")]
    readings = [read(passage, words_of(passage)) for passage in passages]
    assert {"in quotation marks", "below addresses", "below second person 1", "place 0 of 1"} <= set(signs(readings, 0))
    weights = {CONSTANT: 0.0, "below addresses": 1.0}
    assert probabilities(passages, [words_of(p) for p in passages], weights)[0] == pytest.approx(0.7311, abs=1e-4)


@pytest.mark.parametrize(
    ("text", "by", "share"),
    [
        ("a b c d", "x a b c d y", 1.0),
        ("a b c z", "a b c d", 0.75),
        ("a b", "a b", 0.0),
        ("a b c", "c b a", 0.0),
    ],
)
def test_words_are_covered_in_runs_of_three(text: str, by: str, share: float) -> None:
    assert covered(text.split(), by.split()) == share


@given(st.lists(st.lists(st.text(max_size=30), min_size=1, max_size=4), max_size=6))
def test_any_text_can_be_judged_and_confidences_are_probabilities(comments: list[list[str]]) -> None:
    found = [appearance_of(texts, position=number) for number, texts in enumerate(comments, 1)]
    mark_quotations([found])
    for comment in found:
        assert all(0.0 <= (passage.quotation_confidence or 0.0) <= 1.0 for passage in comment.passages)
        assert not comment.passages[-1].is_quotation
