"""The counted rules: what a comment's length says about where it starts.

Source: ForumMagnum `commentExcerptFromHTML`. On a page that cuts, a comment whose HTML is longer than 750 characters
shows 562 visible ones (paragraph breaks and bullets not counted), fewer where formulas, links or lists were lost; any
other comment came from at most 750 characters of HTML.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from forum_comments.models import Block, Page
from forum_comments.similarity import Floats
from forum_comments.vocabulary import CUT_VISIBLE, PARAGRAPH_HTML, UNCUT_HTML_MAX

# How much likelier a number of visible characters is in a cut comment than in any run of blocks, as a logarithm, by
# characters missing from 562 at most: what is missing are formulas, links and lists that a scrape loses.
CUT_LIKELIHOODS = ((-5, -7.0), (2, 4.0), (12, 2.8), (60, 0.5), (250, -1.5), (CUT_VISIBLE, -2.5))
# Every character more than 562 makes a cut comment so much less likely.
PER_CHARACTER_OVER = 0.05
# An uncut comment over the limit is next to impossible.
OVER_LIMIT = -12.0
# Bare dots at a block's end or front are a cut mark this often, before lengths are looked at.
DOTS_ARE_A_CUT = 0.9
# A run that is too long for a whole comment and has so many characters more than a cut one is not looked at.
BEYOND_REACH = CUT_VISIBLE + 100
MAX_UNITS = 100
DOTS_CHARACTERS = 3
IMPOSSIBLE = -math.inf


class RunLengths:
    """What each run of blocks takes, from running totals of visible characters, texts and dots in front.

    `units` are the blocks at which a comment may start; a run goes from one of them to another.
    """

    def __init__(self, blocks: Sequence[Block], units: Sequence[int]) -> None:
        """Count once, so that each run is a subtraction; linear in the number of blocks."""
        visible = [_visible(block) for block in blocks]
        edges = np.array([*units, len(blocks)], dtype=np.int64)
        self.size = len(units)
        self._visible = _totals(visible)[edges]
        self._html = self._visible + PARAGRAPH_HTML * _totals([int(count > 0) for count in visible])[edges]
        self._dots_before = _totals([int(block.cut_mark == "dots before") for block in blocks])[edges]
        last = [blocks[edge - 1] for edge in edges[1:]]
        self._read_more = np.array([block.cut_mark == "read more" for block in last], dtype=bool)
        self._dots = np.array([block.cut_mark is not None for block in last], dtype=bool)
        self._single_line = np.array([blocks[unit].kind == "reply header" for unit in units], dtype=bool)

    def log_likelihoods(self) -> Floats:
        """Say how well each run fits the counts as one comment: `[unit, n]` is the run of n + 1 units from there on."""
        longest = self._longest()
        table = np.full((self.size, longest), IMPOSSIBLE)
        for n in range(longest):
            as_cut, as_whole = self.readings(n + 1)
            table[: self.size - n, n] = np.maximum(as_cut, as_whole)
        return table

    def _longest(self) -> int:
        """Count the units of the longest run that is looked at; a run of one always is."""
        by_html = np.searchsorted(self._html, self._html[:-1] + UNCUT_HTML_MAX, side="right")
        by_visible = np.searchsorted(self._visible, self._visible[:-1] + BEYOND_REACH, side="right")
        reach = np.maximum(by_html, by_visible) - 1 - np.arange(self.size)
        return int(min(MAX_UNITS, max(1, reach.max(initial=1)), max(1, self.size)))

    def readings(self, units: int) -> tuple[Floats, Floats]:
        """Give the log-likelihood of each run of so many units as a comment that was cut, and as a whole one."""
        visible = self._visible[units:] - self._visible[:-units]
        html = self._html[units:] - self._html[:-units]
        dots_before = self._dots_before[units:] > self._dots_before[:-units]
        read_more, dots = self._read_more[units - 1 :], self._dots[units - 1 :]
        single_line = self._single_line[: len(visible)]  # drawn on one line, up to 2,000 characters
        cut = _cut(visible)
        whole = np.where(html > UNCUT_HTML_MAX, OVER_LIMIT, 0.0)
        # Dots before a block mark a cut inside the quotation or list that it opens, which may go on for some blocks.
        marked = dots | dots_before
        as_cut = np.where(read_more, cut, np.where(marked, cut + math.log(DOTS_ARE_A_CUT), IMPOSSIBLE))
        as_whole = np.where(read_more, IMPOSSIBLE, whole + np.where(marked, math.log(1 - DOTS_ARE_A_CUT), 0.0))
        return (
            np.where(single_line, np.where(read_more, 0.0, IMPOSSIBLE), as_cut),
            np.where(single_line, np.where(read_more, IMPOSSIBLE, 0.0), as_whole),
        )


def cut_ends_of(page: Page, starts: Sequence[int]) -> frozenset[int]:
    """Give the last blocks of the comments that are taken to be cut short, where `starts` are their first blocks."""
    runs = pairwise([*starts, len(page.blocks)])
    return frozenset(end - 1 for first, end in runs if _ends_cut(page, first, end))


def _ends_cut(page: Page, first: int, end: int) -> bool:
    blocks = page.blocks[first:end]
    if page.is_marked:
        return any(block.cut_mark == "read more" for block in blocks)
    if not page.cuts or all(block.cut_mark is None for block in blocks):
        return False
    as_cut, as_whole = RunLengths(blocks, [0]).readings(1)
    return bool(as_cut[0] >= as_whole[0])


def _visible(block: Block) -> int:
    if block.is_header:
        return 0
    return max(0, len(block.text) - (DOTS_CHARACTERS if block.cut_mark in ("dots after", "dots before") else 0))


def _totals(counts: Sequence[int]) -> NDArray[np.int64]:
    return np.concatenate([[0], np.cumsum(np.array(counts, dtype=np.int64))])


def _cut(visible: NDArray[np.int64]) -> Floats:
    missing = CUT_VISIBLE - visible
    limits = np.array([most for most, _ in CUT_LIKELIHOODS])
    values = np.array([likelihood for _, likelihood in CUT_LIKELIHOODS])
    table = values[np.minimum(np.searchsorted(limits, missing), len(limits) - 1)]
    over = np.minimum(0, missing - limits[0]) * PER_CHARACTER_OVER
    result: Floats = table + over
    return result
