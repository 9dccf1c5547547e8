"""Where each comment starts: the inverse of the forum's own rendering.

Three kinds of evidence, combined in one search over the whole page:

- hard rules: a head opens a comment, a "(read more)" closes one, a single-line reply is one line;
- counted rules: a cut comment shows 562 characters, an uncut one came from at most 750 of HTML, a profile that says
  "Load More" lists ten comments;
- the words (`language`), and what another page shows as one comment.

The confidence of a boundary is the share of all divisions of its page, weighted by their probability, that have it
(`lattice`).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from forum_comments.counts import OVER_LIMIT, RunLengths, cut_ends_of
from forum_comments.language import LanguageModel, PageLanguage, default_model, learnt_as
from forum_comments.lattice import (
    best_division,
    comments_with_lengths,
    starts_with_count,
    starts_with_lengths,
    to_log_odds,
    to_probability,
)
from forum_comments.models import Block, Boundary, BoundaryBasis, Layout, Page
from forum_comments.other_pages import evidence_of_other_pages
from forum_comments.similarity import Floats
from forum_comments.vocabulary import FOOTNOTE_OPENING, FOOTNOTE_REFERENCE

# Evidence that moves the log-odds by so much names the basis of a boundary.
DECISIVE = 2.0
LIKELY = 0.5
# Digits of a confidence: further ones may differ between processors.
CONFIDENCE_DIGITS = 6
# What the words say on one page is, by this share, what they say on another: their neighbours and the layout differ.
SAME_WORDS = 0.85
# What a comment found whole counts for, against a boundary found. On replies pages, whose heads and marks make
# boundaries surer, and beside other pages that show the same, it would cost more of them than it gains comments.
WHOLE_COMMENT_WORTH: dict[Layout, float] = {"list": 1.0}


@dataclass(frozen=True, slots=True)
class Division:
    """A page divided into comments: its boundaries in page order, and the last blocks of the comments that were cut."""

    boundaries: tuple[Boundary, ...]
    cut_ends: frozenset[int]


class KnownDivision(NamedTuple):
    """How a page was divided before, when it was read as `layout` and had so many blocks."""

    layout: str
    blocks: int
    division: Division

    def is_of(self, page: Page) -> bool:
        """Whether the page is still read as it was then."""
        return self.layout == page.layout and self.blocks == len(page.blocks)


def division_json(page: Page, division: Division) -> str:
    """Write a page's division as JSON, which `division_of_json` reads."""
    boundaries = [[boundary.block, boundary.basis, boundary.confidence] for boundary in division.boundaries]
    found = {"boundaries": boundaries, "cut_ends": sorted(division.cut_ends)}
    return json.dumps({"layout": page.layout, "blocks": len(page.blocks), **found})


def division_of_json(text: str) -> KnownDivision:
    """Read a division back."""
    data = json.loads(text)
    boundaries = tuple(Boundary(block, basis, confidence) for block, basis, confidence in data["boundaries"])
    return KnownDivision(data["layout"], data["blocks"], Division(boundaries, frozenset(data["cut_ends"])))


@dataclass(frozen=True, slots=True)
class Rules:
    """What the hard rules say of each block: it starts a comment (True), it does not (False), or nothing (None)."""

    starts: tuple[bool | None, ...]


@dataclass(slots=True)
class _Search:
    """One page while it is divided; numbers stand for its blocks."""

    page: Page
    rules: Rules
    usual: float  # log-odds that a comment starts at any block of such a page
    words: list[float]  # log-odds from the words alone
    log_odds: list[float]  # from the words, knowing what was found so far
    starts: list[float]  # probability that a comment starts there
    elsewhere: list[float] = field(default_factory=list)  # log-odds that other pages add


def divide_pages(
    pages: Sequence[Page], model: LanguageModel | None = None, records: Sequence[Sequence[str]] = ()
) -> list[Division]:
    """Divide each page into comments; pages that show the same paragraphs inform each other, and records of dumps them.

    `records` are comments of dumps, each as its paragraphs. The result has the order of `pages`. Linear in the length
    of the text.
    """
    unmarked = [page for page in pages if not page.is_marked]
    found = iter(_search_pages(unmarked, model or default_model(), records))
    return [_marked_division(page) if page.is_marked else next(found) for page in pages]


def _marked_division(page: Page) -> Division:
    """Divide a page on which every comment has a head."""
    chosen = [position for position, block in enumerate(page.blocks) if block.is_header]
    basis: BoundaryBasis = "source" if page.has_markup else "header"
    return Division(tuple(Boundary(block, basis, 1.0) for block in chosen), cut_ends_of(page, chosen))


def _search_pages(pages: Sequence[Page], model: LanguageModel, records: Sequence[Sequence[str]]) -> list[Division]:
    searches = [_search(page, model) for page in pages]
    if len(pages) > 1 or records:
        found = [[to_log_odds(start) for start in search.starts] for search in searches]
        added = evidence_of_other_pages(pages, found, [_common_words(search) for search in searches], records)
        for search, elsewhere in zip(searches, added, strict=True):
            search.elsewhere = elsewhere
            together = [own + other for own, other in zip(search.log_odds, elsewhere, strict=True)]
            search.starts = block_starts(search.page, search.rules, together)
    return [_division(search) for search in searches]


def _search(page: Page, model: LanguageModel) -> _Search:
    """Look at a page twice: at what stands around each gap, then, where that helps, at the comments found so far."""
    rules = hard_rules(page)
    language = PageLanguage(page, model)
    words = log_odds = language.first_look()
    starts = block_starts(page, rules, words)
    if learnt_as(page.layout) in model.second:
        log_odds = language.second_look(words, starts)
        starts = block_starts(page, rules, log_odds)
    return _Search(
        page=page,
        rules=rules,
        usual=model.first[learnt_as(page.layout)].usual,
        words=words,
        log_odds=log_odds,
        starts=starts,
        elsewhere=[0.0] * len(words),
    )


def _common_words(search: _Search) -> list[float]:
    """Give the part of the words' log-odds that another page with the same paragraphs finds by itself."""
    return [search.usual + SAME_WORDS * (value - search.usual) for value in search.words]


def hard_rules(page: Page) -> Rules:
    """Apply the rules that need no weighing; `page.blocks` and the result have the same length."""
    starts: list[bool | None] = []
    blocks = page.blocks
    has_blank_lines = any(block.follows_blank for block in blocks[1:])
    for position, block in enumerate(blocks):
        before = blocks[position - 1] if position else None
        if before is None or block.is_header or _closes_comment(blocks, position - 1):
            starts.append(True)
        elif (
            before.is_header or block.kind in ("cut mark", "footnote") or (has_blank_lines and not block.follows_blank)
        ):
            starts.append(False)
        else:  # a comment's footnotes stand at its end
            starts.append(True if before.kind == "footnote" else None)
    for reference, footnote in _referring_blocks(blocks):
        for between in range(reference + 1, footnote):
            starts[between] = False if starts[between] is None else starts[between]
    return Rules(tuple(starts))


def _referring_blocks(blocks: Sequence[Block]) -> Iterator[tuple[int, int]]:
    """Pair the block that refers to a comment's first footnote with the block that opens the footnotes.

    The footnotes of a comment stand at its end, so that what lies between belongs to it too. The nearest block above
    that refers to the number is taken; a head or a "(read more)" between them cuts the search off.
    """
    references: dict[str, int] = {}
    for position, block in enumerate(blocks):
        opening = FOOTNOTE_OPENING.match(block.text) if block.kind == "footnote" else None
        if block.is_header or block.cut_mark == "read more":
            references = {}
        elif block.kind != "footnote":
            references.update(dict.fromkeys(FOOTNOTE_REFERENCE.findall(block.text), position))
        elif opening:
            if opening[1] in references:
                yield references[opening[1]], position
            references = {}


def _closes_comment(blocks: Sequence[Block], position: int) -> bool:
    """Whether a comment surely ends with this block: at a "(read more)", or as the one line of a single-line reply."""
    block = blocks[position]
    if block.cut_mark == "read more":
        return True
    if block.kind == "reply header":  # without a body: hidden for its score, or deleted
        return position + 1 < len(blocks) and blocks[position + 1].follows_blank
    return position > 0 and blocks[position - 1].kind == "reply header"


def block_starts(page: Page, rules: Rules, log_odds: Sequence[float]) -> list[float]:
    """Give each block the probability that a comment starts there, over all divisions of the page.

    Exactly `page.comment_count` comments start where that is known and the page can hold them.
    """
    if page.cuts:
        return _starts_by_length(page, rules, log_odds)
    starts = [
        float(rule) if rule is not None else to_probability(value)
        for rule, value in zip(rules.starts, log_odds, strict=True)
    ]
    count = _known_count(page, rules)
    return starts if count is None else starts_with_count(starts, count)


def _starts_by_length(page: Page, rules: Rules, log_odds: Sequence[float]) -> list[float]:
    """Search over runs of units: a block where a comment may start, with those after it where none may."""
    units, certain, lengths = _units(page, rules)
    weights = np.array([log_odds[unit] for unit in units], dtype=np.float64)
    found = starts_with_lengths(weights, certain, lengths)
    starts = [0.0] * len(log_odds)
    for unit, start in zip(units, found, strict=True):
        starts[unit] = start
    return starts


def _units(page: Page, rules: Rules) -> tuple[list[int], NDArray[np.bool_], Floats]:
    """Give the blocks where comments may start, which of them surely do, and how well the runs' lengths fit."""
    units = [block for block, rule in enumerate(rules.starts) if rule is not False]
    certain = np.array([bool(rules.starts[unit]) for unit in units], dtype=bool)
    return units, certain, RunLengths(page.blocks, units).log_likelihoods()


def _known_count(page: Page, rules: Rules) -> int | None:
    """The number of comments on a page; None where it is not known, or contradicts the hard rules."""
    certain = sum(start is True for start in rules.starts)
    possible = sum(start is not False for start in rules.starts)
    wanted = page.comment_count
    return wanted if wanted is not None and certain <= wanted <= possible else None


def _division(search: _Search) -> Division:
    page, starts = search.page, search.starts
    chosen = _chosen(search)
    cut_ends = cut_ends_of(page, chosen)
    boundaries = [
        Boundary(block, _basis(search, block, cut_ends), round(starts[block], CONFIDENCE_DIGITS)) for block in chosen
    ]
    return Division(tuple(boundaries), cut_ends)


def _chosen(search: _Search) -> list[int]:
    """Choose the blocks that start a comment: by length where a page cuts, by number where that is known."""
    starts = search.starts
    if search.page.cuts:
        return _chosen_by_length(search)
    count = _known_count(search.page, search.rules)
    if count is None:
        return [block for block, start in enumerate(starts) if start > LIKELY]
    likeliest = sorted(range(len(starts)), key=lambda block: (-starts[block], block))
    return sorted(likeliest[:count])


def _chosen_by_length(search: _Search) -> list[int]:
    """Choose boundaries and, where that pays, comments that are likely as wholes."""
    units, certain, lengths = _units(search.page, search.rules)
    starts, log_odds = (np.array(values)[units] for values in (search.starts, search.log_odds))
    whole = 0.0 if any(search.elsewhere) else WHOLE_COMMENT_WORTH.get(learnt_as(search.page.layout), 0.0)
    worth = whole * comments_with_lengths(log_odds, certain, lengths) if whole else None
    return [units[unit] for unit in best_division(starts, certain, lengths > OVER_LIMIT, worth)]


def _basis(search: _Search, block: int, cut_ends: frozenset[int]) -> BoundaryBasis:
    """Name the evidence that decided."""
    if block == 0:
        return "page start"
    if search.page.blocks[block].is_header:
        return "header"
    if search.rules.starts[block] or block - 1 in cut_ends:
        return "mark"
    if search.elsewhere[block] >= DECISIVE:
        return "other page"
    gained = to_log_odds(search.starts[block]) - search.words[block] - search.elsewhere[block]
    return "count" if gained >= DECISIVE else "language"
