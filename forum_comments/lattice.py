"""All divisions of a page into comments at once: the probability of each boundary over all of them.

A division's score is the product of what speaks for each of its boundaries, against a boundary at each block inside a
comment, and for the length of each comment. Where lengths say nothing, blocks are independent but for their number.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from forum_comments.similarity import Floats

IMPOSSIBLE = -math.inf
CERTAIN_LOG_ODDS = 12.0


def to_probability(log_odds: float) -> float:
    """Turn log-odds into a probability."""
    return 1.0 / (1.0 + math.exp(-log_odds)) if log_odds > -700 else 0.0


def to_log_odds(probability: float) -> float:
    """Turn a probability into log-odds, kept within what is worth telling from certainty."""
    if probability <= 0.0 or probability >= 1.0:
        return CERTAIN_LOG_ODDS if probability > 0.5 else -CERTAIN_LOG_ODDS
    return max(-CERTAIN_LOG_ODDS, min(CERTAIN_LOG_ODDS, math.log(probability / (1.0 - probability))))


def starts_with_count(starts: Sequence[float], count: int) -> list[float]:
    """Give each block the probability that a comment starts there, given that exactly `count` comments do.

    `starts` are the probabilities without that knowledge, 0 and 1 where rules decide; at least `count` of them are over
    0 and at most `count` are 1. Time and memory grow as blocks times count.
    """
    size = len(starts)
    ahead = np.zeros((size + 1, count + 1))  # ahead[i, k]: k of the blocks from i on start a comment, up to a factor
    ahead[size, 0] = 1.0
    for place in range(size - 1, -1, -1):
        row = ahead[place + 1] * (1.0 - starts[place])
        row[1:] += ahead[place + 1, :-1] * starts[place]
        ahead[place] = row / row.max()
    before = np.zeros(count + 1)
    before[0] = 1.0
    result = []
    for place, start in enumerate(starts):
        rest = ahead[place + 1, ::-1]  # rest[k]: what the remaining count - k comments need
        yes = float(before[:-1] @ rest[1:]) * start
        no = float(before @ rest) * (1.0 - start)
        result.append(yes / (yes + no) if yes + no > 0 else start)
        row = before * (1.0 - start)
        row[1:] += before[:-1] * start
        before = row / row.max() if row.max() > 0 else before
    return result


def starts_with_lengths(log_odds: Floats, certain: NDArray[np.bool_], lengths: Floats) -> list[float]:
    """Give each unit of a page the probability that a comment starts there, where the lengths of comments count.

    A comment is a run of units. `log_odds` weigh each unit as a start, `certain` ones are starts; `lengths[unit, n]` is
    the logarithm of what speaks for the n + 1 units from `unit` on as one comment (a run of one is always possible).
    Forward-backward over all divisions; time and memory grow as units times the longest run.
    """
    _, forward, backward = _forward_backward(log_odds, certain, lengths)
    return [float(p) for p in np.minimum(1.0, np.exp(forward[:-1] + backward[:-1] - backward[0]))]


def comments_with_lengths(log_odds: Floats, certain: NDArray[np.bool_], lengths: Floats) -> Floats:
    """Give each run of units the probability that it is one whole comment; the result has the shape of `lengths`."""
    runs, forward, backward = _forward_backward(log_odds, certain, lengths)
    size, longest = lengths.shape
    ends = np.minimum(np.arange(size)[:, None] + np.arange(1, longest + 1), size)
    found: Floats = np.exp(runs + forward[:-1, None] + backward[ends] - backward[0])
    return found


def _forward_backward(log_odds: Floats, certain: NDArray[np.bool_], lengths: Floats) -> tuple[Floats, Floats, Floats]:
    """Score each run, and sum over all divisions of the units before each edge and of those after it; logarithms."""
    size, longest = lengths.shape
    runs = _run_scores(log_odds, certain, lengths)
    backward = np.full(size + 1, IMPOSSIBLE)
    backward[size] = 0.0
    for first in range(size - 1, -1, -1):
        reach = min(longest, size - first)
        backward[first] = _log_sum(runs[first, :reach] + backward[first + 1 : first + 1 + reach])
    by_end = np.full((size + 1, longest), IMPOSSIBLE)  # by_end[end, n]: the run of n + 1 units that ends there
    for n in range(min(longest, size)):
        by_end[n + 1 :, n] = runs[: size - n, n]
    forward = np.full(size + 1, IMPOSSIBLE)
    forward[0] = 0.0
    for end in range(1, size + 1):
        reach = min(longest, end)
        forward[end] = _log_sum(by_end[end, :reach] + forward[end - reach : end][::-1])
    return runs, forward, backward


def best_division(
    starts: Floats, certain: NDArray[np.bool_], possible: NDArray[np.bool_], worth: Floats | None = None
) -> list[int]:
    """Give the units that start a comment, in the division with most right boundaries, less wrong ones, to be expected.

    `starts` gives the probability that a comment starts at each unit, `certain` is as above; `possible[unit, n]`:
    n + 1 units from `unit` on may be one comment. Other runs are made one only where every division has such runs, and
    then as few as can be. `worth[unit, n]` (0 or more) is what that run adds besides as one comment. Time grows as
    units times the longest run.
    """
    size, longest = possible.shape
    best = np.zeros(size + 1)  # what the units from each one on give at best
    length = np.ones(size, dtype=np.int64)
    added = np.zeros((size, longest)) if worth is None else worth
    forbidden = -size * (1.0 + added.max(initial=0.0))  # more than all boundaries and comments of a page can outweigh
    added = np.where(possible, added, added + forbidden)
    next_certain = _next_certain(certain)
    for first in range(size - 1, -1, -1):
        reach = min(longest, next_certain[first] - first)
        gains = best[first + 1 : first + 1 + reach] + added[first, :reach]
        length[first] = int(gains.argmax()) + 1
        best[first] = gains[length[first] - 1] + starts[first] - 0.5
    found = [0] if size else []
    while found and found[-1] + length[found[-1]] < size:
        found.append(int(found[-1] + length[found[-1]]))
    return found


def _next_certain(certain: NDArray[np.bool_]) -> list[int]:
    """Give for each unit the next one that is certain to start a comment, or the number of units."""
    following = np.where(certain, np.arange(len(certain)), len(certain))
    return [int(unit) for unit in np.minimum.accumulate(following[::-1])[::-1][1:]] + [len(certain)] * bool(
        len(certain)
    )


def _run_scores(log_odds: Floats, certain: NDArray[np.bool_], lengths: Floats) -> Floats:
    """Score each run: its start, every unit inside it as no start, and its length."""
    size, longest = lengths.shape
    start = np.where(certain, 0.0, -np.logaddexp(0.0, -log_odds))
    inside = np.concatenate([[0.0], np.cumsum(np.where(certain, 0.0, -np.logaddexp(0.0, log_odds)))])
    starts_before = np.concatenate([[0], np.cumsum(certain)])
    scores = np.full((size, longest), IMPOSSIBLE)
    for n in range(min(longest, size)):
        first = slice(0, size - n)
        crosses = starts_before[n + 1 :] - starts_before[1 : size - n + 1] > 0
        score = start[first] + inside[n + 1 :] - inside[1 : size - n + 1] + lengths[first, n]
        scores[first, n] = np.where(crosses, IMPOSSIBLE, score)
    return scores


def _log_sum(values: Floats) -> float:
    """Sum numbers given as logarithms."""
    largest = float(values.max())
    return largest if largest == IMPOSSIBLE else largest + math.log(float(np.exp(values - largest).sum()))
