"""The counted rules: what a comment's length says about where it starts.

Source: ForumMagnum `commentExcerptFromHTML`. On a page that cuts, a comment whose HTML is longer than 750 characters
shows 562 visible ones (paragraph breaks and bullets not counted), fewer where formulas, links or lists were lost; any
other comment came from at most 750 characters of HTML.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from forum_comments.models import Block, Page
from forum_comments.vocabulary import CUT_VISIBLE, PARAGRAPH_HTML, UNCUT_HTML_MAX

# How much likelier a number of visible characters is in a cut comment than in any run of blocks, as a logarithm, by
# characters missing from 562 at most: what is missing are formulas, links and lists that a scrape loses.
CUT_LIKELIHOODS = ((-4, -6.0), (12, 3.2), (60, 1.0), (250, -0.6), (CUT_VISIBLE, -2.0))
# An uncut comment over the limit is next to impossible; a margin covers what the estimate of its HTML misses.
OVER_LIMIT = -12.0
UNCUT_MARGIN = 10
# Bare dots at a block's end or front are a cut mark this often, before lengths are looked at.
DOTS_ARE_A_CUT = 0.9
# A comment with this many visible characters more than the limit is not searched further.
BEYOND_REACH = 3 * UNCUT_HTML_MAX
DOTS_CHARACTERS = 3


@dataclass(frozen=True, slots=True)
class Cost:
    """What blocks take: visible characters, and characters of HTML as far as a text shows them."""

    visible: int = 0
    html: int = 0
    # Dots before a block mark a cut inside the quotation or list that it opens, which may go on for some blocks.
    has_dots_before: bool = False

    def __add__(self, other: Cost) -> Cost:
        return Cost(self.visible + other.visible, self.html + other.html, self.has_dots_before or other.has_dots_before)

    @property
    def is_beyond_reach(self) -> bool:
        """Whether no comment on a page that cuts can be so long."""
        return self.visible > BEYOND_REACH


def block_cost(block: Block) -> Cost:
    """Give the cost of a block; a head's is nothing."""
    if block.is_header or not block.text:
        return Cost()
    visible = len(block.text) - (DOTS_CHARACTERS if block.cut_mark in ("dots after", "dots before") else 0)
    return Cost(visible, visible + PARAGRAPH_HTML, block.cut_mark == "dots before")


def comment_log_likelihood(page: Page, first: int, end: int, cost: Cost) -> tuple[float, bool]:
    """Say how well a comment of the blocks from `first` to `end` fits the counts, and whether it is taken to be cut."""
    if not page.cuts:
        return 0.0, False
    if page.blocks[first].kind == "reply header":  # drawn on one line, up to 2,000 characters
        return 0.0, page.blocks[end - 1].cut_mark == "read more"
    mark = page.blocks[end - 1].cut_mark
    if mark == "read more":
        return _cut(cost.visible), True
    uncut = OVER_LIMIT if cost.html > UNCUT_HTML_MAX + UNCUT_MARGIN else 0.0
    if mark is None and not cost.has_dots_before:
        return uncut, False
    as_cut = _cut(cost.visible) + math.log(DOTS_ARE_A_CUT)
    as_prose = uncut + math.log(1 - DOTS_ARE_A_CUT)
    return max(as_cut, as_prose), as_cut >= as_prose


def _cut(visible: int) -> float:
    missing = CUT_VISIBLE - visible
    if missing < CUT_LIKELIHOODS[0][0]:
        return CUT_LIKELIHOODS[0][1] + (missing - CUT_LIKELIHOODS[0][0]) * 0.05
    for most, likelihood in CUT_LIKELIHOODS[1:]:
        if missing <= most:
            return likelihood
    return CUT_LIKELIHOODS[-1][1]
