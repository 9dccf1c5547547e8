"""Who wrote each comment and what it answers, as far as the pages say: unknown rather than wrong.

A comment with a head is its name's. A profile shows its owner's comments and nobody else's. On a page of comments and
replies a comment without a head is its owner's, or somebody's reply drawn whole whose head the scrape lost; it is named
only where it opens the page or a profile shows it too. Its words do not tell: a reply shares the subject with what it
answers, and by their small words and punctuation one name in twenty would still be wrong where they speak clearest.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from itertools import chain

from forum_comments.keys import plain_text
from forum_comments.models import Appearance, Header, Page
from forum_comments.vocabulary import KNOWN_AGAIN_WORDS, OPENING_WORDS

# A profile shows its owner's comments and nobody else's.
PROFILE_CONFIDENCE = 0.99
# A single-line reply stands under the comment that it answers, unless that one was not found as a comment of its own.
LAYOUT_CONFIDENCE = 0.97
# A run that can be read as several names, of which one stands clearly in another head: that person's, rather than
# somebody whose name is the same but for a digit.
KNOWN_NAME_CONFIDENCE = 0.9
# Of the comments that quote one other comment of the data, so many answer that very comment: 36 of 41 in the Reddit,
# ConvoKit and ForumMagnum samples.
QUOTED_IS_PARENT = 0.85
# Of the comments without a head on a page with replies, about so many are its owner's.
USUAL_SHARE = 0.87

Openings = dict[tuple[str, ...], list[tuple[str, str]]]


def attribute(pages: Sequence[Page], appearances: Sequence[Sequence[Appearance]]) -> None:
    """Set author and parent of all pages' comments, each with its basis and confidence; unknown stays None.

    `appearances` are the comments of each page, in page order, their quotations marked.
    """
    known_names = {a.header.name for of_page in appearances for a in of_page if a.header and a.header.name}
    openings = _openings_of_profiles(pages, appearances)
    for page, of_page in zip(pages, appearances, strict=True):
        owned: list[float] = []
        for number, appearance in enumerate(of_page):
            if appearance.header is not None and not (page.only_owner and appearance.header.name is None):
                _name_by_head(appearance, appearance.header, known_names)
                owned.append(0.0)
            elif page.only_owner and page.owner is not None:
                _give(appearance, page.owner, PROFILE_CONFIDENCE)
                owned.append(PROFILE_CONFIDENCE)
            else:
                owned.append(_name_without_head(page, number, appearance, openings))
        _find_quoted_parents(of_page)
        if page.is_marked:
            _find_shown_parents(of_page)
        elif not page.only_owner:
            _find_parents(of_page, owned)
    find_stated_parents(list(chain.from_iterable(appearances)))


def _name_by_head(appearance: Appearance, header: Header, known_names: set[str]) -> None:
    if header.name is not None:
        appearance.author_name, appearance.author_basis, appearance.author_confidence = header.name, "header", 1.0
        return
    known = [name for name in header.possible_names if name in known_names]
    if len(known) == 1:
        appearance.author_name, appearance.author_basis = known[0], "inferred"
        appearance.author_confidence = KNOWN_NAME_CONFIDENCE


def _name_without_head(
    page: Page,
    number: int,
    appearance: Appearance,
    openings: Openings,
) -> float:
    """Name the author where that is clear; returns the probability that it is the page's owner."""
    found = _shown_by(appearance, openings)
    if len(found) == 1:
        (name,) = found
        appearance.author_name, appearance.author_confidence = name, PROFILE_CONFIDENCE
        appearance.author_basis = "page owner" if name == page.owner else "inferred"
        return PROFILE_CONFIDENCE if name == page.owner else 1.0 - PROFILE_CONFIDENCE
    if page.owner_speaks and page.owner is not None:
        _give(appearance, page.owner, PROFILE_CONFIDENCE)
        return PROFILE_CONFIDENCE
    if number == 0 and page.layout == "replies page" and page.owner is not None:
        _give(appearance, page.owner, PROFILE_CONFIDENCE)
        return PROFILE_CONFIDENCE
    return USUAL_SHARE


def _give(appearance: Appearance, owner: str, confidence: float) -> None:
    appearance.author_name, appearance.author_basis = owner, "page owner"
    appearance.author_confidence = confidence


def _openings_of_profiles(pages: Sequence[Page], appearances: Sequence[Sequence[Appearance]]) -> Openings:
    """Give the comments of all profiles by their first words: text and owner."""
    openings: Openings = defaultdict(list)
    for page, of_page in zip(pages, appearances, strict=True):
        if page.only_owner and page.owner is not None:
            for appearance in of_page:
                text = plain_text(appearance.passages)
                openings[_opening(text)].append((text, page.owner))
    return openings


def _shown_by(appearance: Appearance, openings: Openings) -> set[str]:
    """Name the people whose profiles show a comment: word for word, or beginning with what a cut copy has of it."""
    text = plain_text(appearance.passages)
    opening = _opening(text)
    if len(opening) < KNOWN_AGAIN_WORDS:
        return set()
    return {
        owner
        for shown, owner in openings.get(opening, ())
        if shown == text or (appearance.is_truncated and shown.startswith(text))
    }


def _opening(text: str) -> tuple[str, ...]:
    return tuple(text.split(maxsplit=OPENING_WORDS)[:OPENING_WORDS])


def _find_parents(of_page: Sequence[Appearance], owned: Sequence[float]) -> None:
    """Let single-line replies answer the nearest comment above that may be the owner's.

    A comment that quotes that one is itself a reply to it, drawn whole.
    """
    above: Appearance | None = None
    confidence = 0.0
    for appearance, probability in zip(of_page, owned, strict=True):
        if appearance.header is None:
            answers_above = above is not None and appearance.parent is above
            if probability >= 0.5 and not answers_above:
                above, confidence = appearance, probability
        elif above is not None:
            appearance.parent, appearance.parent_basis = above, "page layout"
            appearance.parent_confidence = round(LAYOUT_CONFIDENCE * confidence, 3)


def _find_shown_parents(of_page: Sequence[Appearance]) -> None:
    """Let comments answer those that their page's layout shows them to answer; on this page every one has a head."""
    for appearance in of_page:
        if appearance.header is not None and appearance.header.answers is not None:
            appearance.parent, appearance.parent_basis = of_page[appearance.header.answers], "page layout"
            appearance.parent_confidence = LAYOUT_CONFIDENCE


def _find_quoted_parents(of_page: Sequence[Appearance]) -> None:
    """Let a comment whose parent is unknown answer the one comment that it quotes."""
    for appearance in of_page:
        quoting = [passage for passage in appearance.passages if passage.quoted is not None]
        if appearance.parent is None and quoting and len({passage.quoted for passage in quoting}) == 1:
            confidence = max(passage.quotation_confidence or 0.0 for passage in quoting)
            appearance.parent, appearance.parent_basis = quoting[0].quoted, "quotation"
            appearance.parent_confidence = round(QUOTED_IS_PARENT * confidence, 3)


def find_stated_parents(appearances: Sequence[Appearance]) -> None:
    """Let each comment answer the one whose id its page names as the parent's, on whatever page that stands."""
    by_id = {(a.header.source, a.header.source_id): a for a in reversed(appearances) if a.header and a.header.source_id}
    for appearance in appearances:
        header = appearance.header
        if header is not None and header.parent_source_id is not None:
            appearance.parent = by_id.get((header.source, header.parent_source_id))
            appearance.parent_basis, appearance.parent_confidence = "source", 1.0
