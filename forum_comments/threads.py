"""Roots, depths and loops of replies, in arrays. Nothing recurses: how deep a thread is, its writers decide."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.int64]
NONE = -1  # in an array of parents: no parent
LOOP = "That it answers {parent} would close a loop; the link was refused."


def roots_and_depths(parents: Numbers) -> tuple[Numbers, Numbers]:
    """Give each node its root, itself where it has no parent, and the number of links to it.

    `parents` holds the number of each node's parent, or NONE, and no loop. Every step doubles how far a node has
    looked, so that a chain of a million replies takes twenty.
    """
    above = np.where(parents == NONE, np.arange(len(parents)), parents)
    depths = (parents != NONE).astype(np.int64)
    while True:
        further = above[above]
        if np.array_equal(further, above):
            return above, depths
        depths += depths[above]
        above = further


def refuse_loops(parents: Numbers, id_of: Callable[[int], str]) -> list[int]:
    """Cut each loop at the node with the smallest id: set its parent to NONE, and give those nodes in order."""
    refused = []
    for loop in _loops(parents):
        number = min(loop, key=id_of)
        parents[number] = NONE
        refused.append(number)
    return sorted(refused)


def _loops(parents: Numbers) -> list[list[int]]:
    """Find the loops; no node is in two, since each has one parent."""
    above = np.where(parents == NONE, np.arange(len(parents)), parents)
    for _ in range(len(parents).bit_length()):
        above = above[above]
    # After so many doublings every node has come to its root, or else to a node of a loop.
    waiting = {int(number) for number in np.unique(above[parents[above] != NONE])}
    found = []
    while waiting:
        loop = [waiting.pop()]
        while (number := int(parents[loop[-1]])) != loop[0]:
            loop.append(number)
        waiting.difference_update(loop)
        found.append(loop)
    return found
