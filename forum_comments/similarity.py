"""How alike the words of near blocks are, for a whole page at once.

Every block is a sparse vector: a stem weighs its rarity times one plus the logarithm of its count. All that is asked is
answered from the inner products of blocks at most REACH apart, which are found in one pass over the page's words, so
the time grows linearly with the page.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

REACH = 16
Floats = NDArray[np.float64]


class Band:
    """Inner products of the blocks of a page with those that follow them, up to REACH - 1 blocks further."""

    def __init__(self, size: int, blocks: Sequence[int], terms: Sequence[int], weights: Sequence[float]) -> None:
        """Take a page of `size` blocks as entries: block number, term number, weight; one entry per block and term."""
        self.size = size
        block, term = np.asarray(blocks, dtype=np.int64), np.asarray(terms, dtype=np.int64)
        order = np.lexsort((block, term))
        self._block, self._term = block[order], term[order]
        self._weight = np.asarray(weights, dtype=np.float64)[order]
        products = np.zeros((REACH, size + REACH))
        products[0, :size] = np.bincount(self._block, self._weight**2, minlength=size)[:size] if size else 0
        # Entries of one term stand in page order: one that is so many blocks away is at most so many entries away.
        for step in range(1, REACH):
            same = self._term[step:] == self._term[:-step]
            distance = self._block[step:] - self._block[:-step]
            near = same & (distance < REACH)
            np.add.at(
                products,
                (distance[near], self._block[:-step][near]),
                self._weight[:-step][near] * self._weight[step:][near],
            )
        self._products = products

    def between(self, left: Floats, right: Floats) -> Floats:
        """Cosine between the blocks before each gap and those after it, each weighted.

        `left[q]` and `right[q]` (arrays over the blocks) weigh the block `q` before the gap's left neighbour, and `q`
        after its right one. The gap of a block is the one before it.
        """
        dot = np.zeros(self.size)
        for q in range(len(left)):
            for r in range(len(right)):
                dot += left[q] * right[r] * self.product(q + r + 1, -1 - q)
        norms = self._norm(left, -1) * self._norm(right, 1)
        result: Floats = np.divide(dot, norms, out=np.zeros(self.size), where=norms > 0)
        return result

    def _norm(self, weights: Floats, direction: int) -> Floats:
        total = np.zeros(self.size)
        for q in range(len(weights)):
            for r in range(q, len(weights)):
                first = -1 - r if direction < 0 else q
                total += (1 if q == r else 2) * weights[q] * weights[r] * self.product(r - q, first)
        root: Floats = np.sqrt(np.maximum(total, 0.0))
        return root

    def product(self, distance: int, first: int) -> Floats:
        """Inner product of block i + first with the one `distance` after it, for each block i; 0 beyond the page."""
        row = self._products[distance]
        if first >= 0:
            shifted: Floats = row[first : first + self.size]
            return shifted
        return np.concatenate([np.zeros(min(-first, self.size)), row[: max(0, self.size + first)]])

    def pair(self, first: int, second: int) -> Floats:
        """Cosine of the blocks at offsets `first` < `second` from each block."""
        norms = np.sqrt(self.product(0, first) * self.product(0, second))
        dot = self.product(second - first, first)
        result: Floats = np.divide(dot, norms, out=np.zeros(self.size), where=norms > 0)
        return result

    def containment(self, first: int, second: int) -> Floats:
        """Inner product of two blocks over the smaller one's own, at offsets `first` < `second` from each block."""
        smaller = np.minimum(self.product(0, first), self.product(0, second))
        result: Floats = self.product(second - first, first) / (smaller + 30.0)
        return result

    @cached_property
    def _repeated(self) -> NDArray[np.bool_]:
        """Which entries' terms stand in one of the three blocks before theirs too."""
        repeated = np.zeros(len(self._block), dtype=bool)
        repeated[1:] = (self._term[1:] == self._term[:-1]) & (self._block[1:] - self._block[:-1] <= 3)
        return repeated

    def newness(self) -> Floats:
        """Share of each block's weight in terms that none of the three blocks before has."""
        total = np.bincount(self._block, self._weight, minlength=self.size)[: self.size]
        old = np.bincount(self._block, self._weight * self._repeated, minlength=self.size)[: self.size]
        result: Floats = 1.0 - np.divide(old, total, out=np.zeros(self.size), where=total > 0)
        return result

    def shared_rarities(self, most: int) -> Floats:
        """Count the terms of each block that one of the three before has, and at most `most` of the page do."""
        if not len(self._term):
            return np.zeros(self.size)
        spread = np.bincount(self._term)[self._term]
        counted = self._repeated & (spread <= most)
        return np.bincount(self._block, counted, minlength=self.size)[: self.size].astype(np.float64)

    def spread_weights(self) -> Band:
        """Weigh each entry by how few blocks of this page have its term: what a page is about says little."""
        spread = np.bincount(self._term)[self._term] if len(self._term) else np.zeros(0)
        weights = self._weight * np.log((self.size + 1) / np.maximum(spread, 1))
        return Band(self.size, self._block.tolist(), self._term.tolist(), weights.tolist())


def constant(weights: Sequence[float], size: int) -> Floats:
    """Weights for `Band.between` that are the same at every gap."""
    return np.repeat(np.asarray(weights, dtype=np.float64)[:, None], size, axis=1)
