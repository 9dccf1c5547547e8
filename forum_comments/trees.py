"""Boosted decision trees, read from JSON and applied to a whole page at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from forum_comments.similarity import Floats

# Blocks that are looked up together, so that a long page needs no more memory than a short one.
AT_ONCE = 4096


class Trees:
    """An ensemble whose trees' leaves are added to log-odds.

    A node is `[feature, threshold, left, right]`, where a value up to the threshold goes left, or `[leaf value]`;
    `left` and `right` count nodes from the tree's first one.
    """

    def __init__(self, model: Mapping[str, Any]) -> None:
        """Take a model as its JSON gives it: `features` (names, in order), `start` and `trees`."""
        self.features: tuple[str, ...] = tuple(model["features"])
        self.usual = float(model["start"])  # log-odds before any tree: the share of all examples
        nodes: list[tuple[int, float, int, int, float]] = []
        roots = []
        self._depth = 0
        for tree in model["trees"]:
            root = len(nodes)
            roots.append(root)
            self._depth = max(self._depth, _depth(tree))
            for position, node in enumerate(tree):
                if len(node) == 1:  # a leaf leads to itself
                    nodes.append((0, 0.0, root + position, root + position, node[0]))
                else:
                    nodes.append((node[0], node[1], root + node[2], root + node[3], 0.0))
        columns = list(zip(*nodes, strict=True)) if nodes else [()] * 5
        self._roots = np.array(roots, dtype=np.int64)
        self._feature, self._left, self._right = (np.array(columns[c], dtype=np.int64) for c in (0, 2, 3))
        self._threshold, self._value = (np.array(columns[c], dtype=np.float64) for c in (1, 4))

    def log_odds(self, features: Mapping[str, Floats]) -> Floats:
        """Give the log-odds for each block; `features` holds an array over the blocks for every feature's name."""
        table = np.column_stack([features[name] for name in self.features])
        parts = [self._of(table[first : first + AT_ONCE]) for first in range(0, len(table), AT_ONCE)]
        return np.concatenate(parts) if parts else np.zeros(0)

    def _of(self, table: Floats) -> Floats:
        rows = np.arange(len(table))[:, None]
        at = np.repeat(self._roots[None, :], len(table), axis=0)
        for _ in range(self._depth):
            goes_left = table[rows, self._feature[at]] <= self._threshold[at]
            at = np.where(goes_left, self._left[at], self._right[at])
        total: Floats = self.usual + self._value[at].sum(axis=1)
        return total


def _depth(tree: Sequence[Sequence[float]]) -> int:
    """Count the steps from a tree's root to its farthest leaf; a node stands before those below it."""
    depths = [0] * len(tree)
    for position, node in enumerate(tree):
        if len(node) > 1:
            for child in (int(node[2]), int(node[3])):
                depths[child] = depths[position] + 1
    return max(depths)
