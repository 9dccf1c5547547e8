"""Where each comment starts: the inverse of the forum's own rendering.

Three kinds of evidence, combined in one search over the whole page:

- hard rules: a head opens a comment, a "(read more)" closes one, a single-line reply is one line;
- counted rules: a cut comment shows 562 characters, an uncut one came from at most 750 of HTML, a profile that says
  "Load More" lists ten comments;
- the words (`language.boundary_log_odds`), and what another page shows as one comment.

A division of the page into comments is scored as a whole; the best one is taken (Viterbi), and the confidence of each
of its boundaries is the share of all divisions, weighted by their probability, that have it (forward-backward).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from forum_comments.counts import Cost, block_cost, comment_log_likelihood
from forum_comments.language import boundary_log_odds
from forum_comments.models import Block, Boundary, BoundaryBasis, Page
from forum_comments.other_pages import evidence_of_other_pages

# The search looks no further than this many blocks; where lengths count, `counts` stops it much earlier.
MAX_BLOCKS = 100
# How many times the pages are divided: once alone, once more with what the first round found on other pages.
ROUNDS = 2
# Evidence that moves the log-odds by so much names the basis of a boundary.
DECISIVE = 2.0
IMPOSSIBLE = -math.inf
CERTAIN_LOG_ODDS = 12.0


@dataclass(frozen=True, slots=True)
class Division:
    """A page divided into comments: its boundaries in page order, and the last blocks of the comments that were cut."""

    boundaries: tuple[Boundary, ...]
    cut_ends: frozenset[int]


@dataclass(frozen=True, slots=True)
class Rules:
    """What the hard rules say of each block: it starts a comment (True), it does not (False), or nothing (None)."""

    starts: tuple[bool | None, ...]


def divide_pages(pages: Sequence[Page]) -> list[Division]:
    """Divide each page into comments; pages that show the same paragraphs inform each other.

    The result has the order of `pages`. Linear in the length of the text.
    """
    rules = [hard_rules(page) for page in pages]
    words = [boundary_log_odds(page) for page in pages]
    elsewhere: list[list[float]] = [[0.0] * len(page.blocks) for page in pages]
    lattices: list[Lattice] = []
    for _ in range(ROUNDS):
        lattices = [
            Lattice(page, rule, [w + e for w, e in zip(word, other, strict=True)])
            for page, rule, word, other in zip(pages, rules, words, elsewhere, strict=True)
        ]
        marginals = [lattice.marginals() for lattice in lattices]
        log_odds = [[to_log_odds(p) for p in page_marginals] for page_marginals in marginals]
        if len(pages) == 1:
            break
        elsewhere = evidence_of_other_pages(pages, log_odds, words)
    return [
        _division(lattice, marginal, word, other)
        for lattice, marginal, word, other in zip(lattices, marginals, words, elsewhere, strict=True)
    ]


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
        else:
            starts.append(None)
    return Rules(tuple(starts))


def _closes_comment(blocks: Sequence[Block], position: int) -> bool:
    """Whether a comment surely ends with this block: at a "(read more)", or as the one line of a single-line reply."""
    block = blocks[position]
    if block.cut_mark == "read more":
        return True
    if block.kind == "reply header":  # without a body: hidden for its score, or deleted
        return position + 1 < len(blocks) and blocks[position + 1].follows_blank
    return position > 0 and blocks[position - 1].kind == "reply header"


def to_log_odds(probability: float) -> float:
    """Turn a probability into log-odds, kept within what an index of doubles can tell from certainty."""
    if probability <= 0.0 or probability >= 1.0:
        return CERTAIN_LOG_ODDS if probability > 0.5 else -CERTAIN_LOG_ODDS
    return max(-CERTAIN_LOG_ODDS, min(CERTAIN_LOG_ODDS, math.log(probability / (1.0 - probability))))


class Lattice:
    """All divisions of one page with their scores: comments are runs of blocks, and a path joins them.

    A state is a place between blocks and, on a page whose number of comments is known, how many came before.
    """

    def __init__(self, page: Page, rules: Rules, log_odds: Sequence[float]) -> None:
        """Score every run of blocks that may be a comment."""
        self.page = page
        self.rules = rules
        self.size = len(page.blocks)
        possible = sum(start is not False for start in rules.starts)
        certain = sum(start is True for start in rules.starts)
        wanted = page.comment_count
        # A page that cannot hold so many comments is divided as if the number were not known.
        self.comments = wanted if wanted is not None and certain <= wanted <= possible else None
        self._start = [_log_sigmoid(value) for value in log_odds]
        self._inside = [_log_sigmoid(-value) for value in log_odds]
        self._costs = [block_cost(block) for block in page.blocks]
        self.runs = [self._runs_from(position) for position in range(self.size)]
        # Nor is it where comments would have to be longer than the search looks.
        if self.comments is not None and self.size > MAX_BLOCKS and self.forward()[-1][-1] == IMPOSSIBLE:
            self.comments = None

    def _runs_from(self, first: int) -> list[tuple[int, float]]:
        """List the runs of blocks that begin at a block: the place where each ends, and its log score."""
        if self.rules.starts[first] is False:
            return []
        runs = []
        score = 0.0 if self.rules.starts[first] else self._start[first]
        cost = Cost()
        for position in range(first, self.size):
            if position > first:
                if self.rules.starts[position] is True:
                    break
                if self.rules.starts[position] is None:
                    score += self._inside[position]
            cost = cost + self._costs[position]
            # However long a comment is, it goes on as far as no other one may start.
            if position + 1 < self.size and self.rules.starts[position + 1] is False:
                continue
            likelihood, _ = comment_log_likelihood(self.page, first, position + 1, cost)
            runs.append((position + 1, score + likelihood))
            if position + 1 - first >= MAX_BLOCKS or (self.page.cuts and cost.is_beyond_reach):
                break
        return runs

    def _layers(self) -> int:
        return 1 if self.comments is None else self.comments + 1

    def _next_layer(self, layer: int) -> int:
        return 0 if self.comments is None else layer + 1

    def forward(self) -> list[list[float]]:
        """For each place and count: the log of the summed scores of all paths that lead there."""
        reached: list[list[list[float]]] = [[[] for _ in range(self._layers())] for _ in range(self.size + 1)]
        sums = [[IMPOSSIBLE] * self._layers() for _ in range(self.size + 1)]
        sums[0][0] = 0.0
        for place in range(self.size + 1):
            for layer in range(self._layers()):
                if reached[place][layer]:
                    sums[place][layer] = _log_sum(reached[place][layer])
            reached[place] = []
            if place == self.size:
                break
            for layer, total in enumerate(sums[place]):
                following = self._next_layer(layer)
                if total == IMPOSSIBLE or following >= self._layers():
                    continue
                for end, score in self.runs[place]:
                    reached[end][following].append(total + score)
        return sums

    def backward(self) -> list[list[float]]:
        """For each place and count: the log of the summed scores of all paths from there to the end."""
        sums = [[IMPOSSIBLE] * self._layers() for _ in range(self.size + 1)]
        sums[self.size][self._layers() - 1] = 0.0
        for place in range(self.size - 1, -1, -1):
            for layer in range(self._layers()):
                following = self._next_layer(layer)
                if following < self._layers():
                    sums[place][layer] = _log_sum([score + sums[end][following] for end, score in self.runs[place]])
        return sums

    def marginals(self) -> list[float]:
        """Give each block the probability that a comment starts there, over all divisions."""
        forward, backward = self.forward(), self.backward()
        total = backward[0][0] if self.size else 0.0
        return [
            min(1.0, math.exp(_log_sum([f + b for f, b in zip(forward[p], backward[p], strict=True)]) - total))
            if self.rules.starts[p] is None
            else float(bool(self.rules.starts[p]))
            for p in range(self.size)
        ]

    def best(self) -> list[tuple[int, int]]:
        """Give the best division: first block and end of each comment."""
        best = [[IMPOSSIBLE] * self._layers() for _ in range(self.size + 1)]
        came_from: list[list[int]] = [[-1] * self._layers() for _ in range(self.size + 1)]
        best[0][0] = 0.0
        for place in range(self.size):
            for layer, total in enumerate(best[place]):
                following = self._next_layer(layer)
                if total == IMPOSSIBLE or following >= self._layers():
                    continue
                for end, score in self.runs[place]:
                    if total + score > best[end][following]:
                        best[end][following] = total + score
                        came_from[end][following] = place
        comments = []
        place, layer = self.size, self._layers() - 1
        while place > 0:
            first = came_from[place][layer]
            comments.append((first, place))
            place, layer = first, layer if self.comments is None else layer - 1
        return comments[::-1]


def ends_cut(page: Page, first: int, end: int) -> bool:
    """Whether a comment of the blocks from `first` to `end` is taken to be cut short at its end."""
    cost = sum((block_cost(block) for block in page.blocks[first:end]), Cost())
    return comment_log_likelihood(page, first, end, cost)[1]


def _division(
    lattice: Lattice, marginals: Sequence[float], words: Sequence[float], elsewhere: Sequence[float]
) -> Division:
    comments = lattice.best()
    cut_ends = frozenset(end - 1 for first, end in comments if ends_cut(lattice.page, first, end))
    boundaries = []
    for first, _ in comments:
        basis = _basis(lattice, first, cut_ends, to_log_odds(marginals[first]) - words[first], elsewhere[first])
        boundaries.append(Boundary(first, basis, marginals[first]))
    return Division(tuple(boundaries), cut_ends)


def _basis(lattice: Lattice, block: int, cut_ends: frozenset[int], gained: float, elsewhere: float) -> BoundaryBasis:
    """Name the evidence that decided; `gained` is what the whole page added to the words, in log-odds."""
    if block == 0:
        return "page start"
    if lattice.page.blocks[block].is_header:
        return "header"
    if lattice.rules.starts[block] or block - 1 in cut_ends:
        return "mark"
    if elsewhere >= DECISIVE:
        return "other page"
    return "count" if gained - elsewhere >= DECISIVE else "language"


def _log_sigmoid(value: float) -> float:
    return -math.log1p(math.exp(-value)) if value > -30 else value


def _log_sum(values: Sequence[float]) -> float:
    """Sum numbers given as logarithms."""
    largest = max(values, default=IMPOSSIBLE)
    if largest == IMPOSSIBLE:
        return IMPOSSIBLE
    return largest + math.log(sum(math.exp(value - largest) for value in values))
