import math
from itertools import combinations, pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forum_comments.lattice import starts_with_count, starts_with_lengths, to_log_odds, to_probability

PROBABILITIES = st.lists(st.floats(0.05, 0.95), min_size=1, max_size=8)


def divisions(size: int):
    """Every set of starts of a page of so many blocks; the first block always starts one."""
    for count in range(size):
        for rest in combinations(range(1, size), count):
            yield {0, *rest}


def weight_of(starts: set[int], probabilities: list[float]) -> float:
    return math.prod(p if block in starts else 1 - p for block, p in enumerate(probabilities) if block)


def brute_force(probabilities: list[float], weigh) -> list[float]:
    weights = [(starts, weigh(starts)) for starts in divisions(len(probabilities))]
    total = sum(weight for _, weight in weights)
    return [sum(weight for starts, weight in weights if block in starts) / total for block in range(len(probabilities))]


@given(PROBABILITIES, st.data())
def test_a_known_number_of_comments_gives_the_shares_over_all_divisions_with_that_number(probabilities, data) -> None:
    count = data.draw(st.integers(1, len(probabilities)))
    found = starts_with_count([1.0, *probabilities[1:]], count)
    expected = brute_force(
        probabilities, lambda starts: weight_of(starts, probabilities) if len(starts) == count else 0.0
    )
    assert found == pytest.approx(expected, abs=1e-9)


@given(PROBABILITIES, st.integers(0, 2**32 - 1))
def test_lengths_give_the_shares_over_all_divisions_weighted_by_each_comments_length(probabilities, seed) -> None:
    size = len(probabilities)
    lengths = np.random.default_rng(seed).normal(size=(size, size))
    odds = np.array([to_log_odds(p) for p in probabilities])
    certain = np.array([True] + [False] * (size - 1))

    def weigh(starts: set[int]) -> float:
        edges = [*sorted(starts), size]
        fit = sum(lengths[first, end - first - 1] for first, end in pairwise(edges))
        return weight_of(starts, probabilities) * math.exp(fit)

    assert starts_with_lengths(odds, certain, lengths) == pytest.approx(brute_force(probabilities, weigh), abs=1e-9)


def test_no_comment_goes_over_a_certain_start() -> None:
    found = starts_with_lengths(np.array([0.0, -9.0, -9.0]), np.array([True, False, True]), np.zeros((3, 3)))
    assert found[2] == pytest.approx(1.0)


def test_a_page_without_blocks_has_no_starts() -> None:
    assert starts_with_lengths(np.zeros(0), np.zeros(0, dtype=bool), np.zeros((0, 1))) == []
    assert starts_with_count([], 0) == []


def test_a_known_number_is_kept_on_a_page_of_a_hundred_thousand_blocks() -> None:
    found = starts_with_count([1.0] + [0.3] * 99_999, 10)
    assert sum(found) == pytest.approx(10.0)


@given(st.floats(-11, 11))
def test_log_odds_and_probabilities_are_each_others_inverse(value: float) -> None:
    assert to_log_odds(to_probability(value)) == pytest.approx(value, abs=1e-6)


def test_certainty_is_bounded() -> None:
    assert (to_log_odds(1.0), to_log_odds(0.0), to_probability(-1000.0)) == (12.0, -12.0, 0.0)
