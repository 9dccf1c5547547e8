from forum_comments.quotations import mark_quotations
from tests.making import appearance_of, words

CLAIM = "Everything that a careful archive promises can be checked against whatever the website printed yesterday."
LONGER = f"Before anything else, consider patience. {CLAIM} That stays difficult wherever nobody preserved them."
ANSWER = "That does not follow, because somebody must have preserved the originals first."


def marks(*comments):
    """Say of each passage that was marked: comment, passage, basis, confidence, comment quoted."""
    mark_quotations([comments])
    return [
        (number, position, passage.quotation_basis, passage.quotation_confidence, comments.index(passage.quoted))
        for number, comment in enumerate(comments)
        for position, passage in enumerate(comment.passages)
        if passage.is_quotation
    ]


def test_a_sentence_taken_out_of_another_comment_and_answered_quotes_that_comment():
    source, reply = appearance_of(LONGER, position=1), appearance_of([CLAIM, ANSWER], position=2)
    assert marks(source, reply) == [(1, 0, "same words", 0.9, 0)]


def test_a_paragraph_that_opens_one_comment_and_not_the_other_is_quoted_by_the_one_that_it_opens():
    source = appearance_of(["Some remarks on what was written above, in no order at all.", CLAIM], position=1)
    assert marks(source, appearance_of([CLAIM, ANSWER], position=2)) == [(1, 0, "same words", 0.8, 0)]


def test_the_same_paragraph_at_the_beginning_of_two_comments_is_no_evidence_of_who_quotes_whom():
    assert marks(appearance_of([CLAIM, ANSWER]), appearance_of([CLAIM, words(30)], position=2)) == []


def test_copies_of_a_comment_on_two_pages_do_not_quote_each_other():
    whole = appearance_of([CLAIM, LONGER, ANSWER], document="profile")
    cut = appearance_of([CLAIM, LONGER[:60]], document="replies page", is_truncated=True)
    assert marks(whole, cut) == []


def test_a_copy_with_something_else_in_front_of_it_is_no_quotation():
    merged = appearance_of(["Huh, that is helpful, thanks.", CLAIM, LONGER], document="replies page")
    assert marks(merged, appearance_of([CLAIM, LONGER, ANSWER], document="profile")) == []


def test_the_whole_of_a_short_comment_on_one_line_is_not_quoted_by_its_copy_in_paragraphs():
    one_line = appearance_of(f"{CLAIM} {ANSWER}", document="replies page")
    assert marks(one_line, appearance_of([CLAIM, ANSWER], document="profile")) == []


def test_what_nobody_answers_is_not_a_quotation():
    assert marks(appearance_of(LONGER), appearance_of([ANSWER, CLAIM], position=2)) == []


def test_words_that_many_comments_share_are_not_followed():
    everywhere = [appearance_of([LONGER, f"Number {n}."], position=n + 1) for n in range(40)]
    assert marks(*everywhere, appearance_of([CLAIM, ANSWER], position=41)) == []
