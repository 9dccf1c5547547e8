"""Which passages of a comment quote somebody else: a text scrape prints them like the author's own words.

The evidence is the same words in another comment, which is then the quoted one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain

from forum_comments.models import Appearance
from forum_comments.shared_words import Match, SharedWords

SAME_WORDS = "same words"
# Of passages with an answer below them whose words stand inside a longer passage of another comment, so many are
# quotations: 29 of 32 in the Reddit and ConvoKit samples, 8 of 8 in the ForumMagnum one, plus one of each kind.
EMBEDDED_CONFIDENCE = 0.9
# The same where both comments show the same passage whole, it opens one of them and does not open the other.
OPENING_CONFIDENCE = 0.8


def mark_quotations(appearances: Sequence[Sequence[Appearance]]) -> None:
    """Mark the passages that quote somebody else, with basis and confidence, and the comment quoted where it is known.

    `appearances` are the comments of each page, in page order. Linear in the length of their text.
    """
    comments = list(chain.from_iterable(appearances))
    for match, confidence in _decided(SharedWords(comments).matches()):
        passage = comments[match.comment].passages[match.passage]
        if confidence > (passage.quotation_confidence or 0.0):
            passage.is_quotation, passage.quotation_basis = True, SAME_WORDS
            passage.quotation_confidence, passage.quoted = confidence, comments[match.source]


def _decided(matches: Iterable[Match]) -> Iterable[tuple[Match, float]]:
    """Give the matches of which it is clear who quotes whom, with the confidence that they are quotations."""
    for match in matches:
        if match.is_embedded:
            yield match, round(EMBEDDED_CONFIDENCE * match.coverage, 3)
        elif match.passage == 0 and match.source_passage > 0:
            yield match, round(OPENING_CONFIDENCE * match.coverage, 3)
