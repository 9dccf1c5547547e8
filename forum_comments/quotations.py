"""Which passages of a comment quote somebody else: a text scrape prints them like the author's own words.

The evidence is the same words in another comment, which is then the quoted one, and how the passage reads above what
follows it. Words alone are weak evidence: where they only raise a suspicion, its probability is kept for editors and
the passage stays the author's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain

from forum_comments.models import Appearance, Passage
from forum_comments.quotation_language import probabilities, weights
from forum_comments.shared_words import Match, SharedWords, words_of

SAME_WORDS, LANGUAGE = "same words", "language"
# Of passages with an answer below them whose words stand inside a longer passage of another comment, so many are
# quotations: 29 of 32 in the Reddit and ConvoKit samples, 8 of 8 in the ForumMagnum one, plus one of each kind.
EMBEDDED_CONFIDENCE = 0.9
# The same where both comments show the passage whole and it is clear which one quotes.
WHOLE_CONFIDENCE = 0.8
# Where both could quote, the one in which the passage reads so much likelier as a quotation does.
CLEARER_BY = 0.2
# From this probability on a passage is marked for its language alone; one that opens a comment takes more, since the
# comment's id is made of its first own words.
MARKED_FROM, OPENING_MARKED_FROM = 0.7, 0.8
# From this one on its probability is kept.
SUSPECTED_FROM = 0.3


def mark_quotations(appearances: Sequence[Sequence[Appearance]], learned: Mapping[str, float] | None = None) -> None:
    """Mark the passages that quote somebody else, with basis and confidence, and the comment quoted where it is known.

    `appearances` are the comments of each page, in page order; `learned` weighs the signs of the language
    (None: the package's own weights). Linear in the length of the text.
    """
    learned = weights() if learned is None else learned
    comments = list(chain.from_iterable(appearances))
    words = [[words_of(passage) for passage in comment.passages] for comment in comments]
    language = [probabilities(comment.passages, own, learned) for comment, own in zip(comments, words, strict=True)]
    for comment, of_comment in zip(comments, language, strict=True):
        if comment.has_markup:
            continue
        for position, (passage, probability) in enumerate(zip(comment.passages, of_comment, strict=True)):
            if probability >= SUSPECTED_FROM:
                least = MARKED_FROM if position else OPENING_MARKED_FROM
                _mark(passage, LANGUAGE, probability, None, is_quotation=probability >= least)
    linked: dict[int, float] = {}
    for match in SharedWords(comments, words).matches():
        confidence = _confidence(match, comments, language)
        passage = comments[match.comment].passages[match.passage]
        if comments[match.comment].has_markup:
            if passage.is_quotation and passage.quoted is None:
                passage.quoted = comments[match.source]
        elif confidence is not None and confidence > linked.get(id(passage), 0.0):
            linked[id(passage)] = confidence
            _mark(passage, SAME_WORDS, confidence, comments[match.source], is_quotation=True)


def _mark(passage: Passage, basis: str, confidence: float, quoted: Appearance | None, is_quotation: bool) -> None:
    passage.is_quotation, passage.quotation_basis, passage.quoted = is_quotation, basis, quoted
    passage.quotation_confidence = round(confidence, 3)


def _confidence(match: Match, comments: Sequence[Appearance], language: Sequence[Sequence[float]]) -> float | None:
    """How sure it is that one comment quotes the other; None where it may be the other way round."""
    if match.is_embedded:
        return EMBEDDED_CONFIDENCE * match.coverage
    source_is_answered = match.source_passage < len(comments[match.source].passages) - 1
    only_opens_here = match.passage == 0 and match.source_passage > 0
    reads_clearer = language[match.comment][match.passage] >= language[match.source][match.source_passage] + CLEARER_BY
    if not source_is_answered or only_opens_here or reads_clearer:
        return WHOLE_CONFIDENCE * match.coverage
    return None
