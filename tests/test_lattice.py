import math
from itertools import combinations, pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forum_comments.lattice import (
    best_division,
    comments_with_lengths,
    starts_with_count,
    starts_with_lengths,
    to_log_odds,
    to_probability,
)

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


@given(PROBABILITIES, st.integers(0, 2**32 - 1), st.data())
def test_a_run_is_one_comment_in_its_share_of_all_divisions(probabilities, seed, data) -> None:
    size = len(probabilities)
    longest = data.draw(st.integers(1, size))
    lengths = np.random.default_rng(seed).normal(size=(size, longest))
    odds = np.array([to_log_odds(p) for p in probabilities])
    certain = np.array([True] + [False] * (size - 1))
    shares = np.zeros((size, longest))
    for starts in divisions(size):
        runs = [(first, end - first - 1) for first, end in pairwise([*sorted(starts), size])]
        if all(n < longest for _, n in runs):
            fit = math.exp(sum(lengths[run] for run in runs))
            for run in runs:
                shares[run] += weight_of(starts, probabilities) * fit
    expected = shares / shares[0].sum()
    assert comments_with_lengths(odds, certain, lengths) == pytest.approx(expected, abs=1e-9)


@given(PROBABILITIES, st.data())
def test_the_best_division_has_fewest_impossible_comments_and_then_most_that_is_likely(probabilities, data) -> None:
    size = len(probabilities)
    longest = data.draw(st.integers(1, size))
    flags = st.lists(st.booleans(), min_size=size * longest, max_size=size * longest)
    possible = np.array(data.draw(flags)).reshape(size, longest)
    certain = np.array([True, *data.draw(st.lists(st.booleans(), min_size=size - 1, max_size=size - 1))])
    starts = np.where(certain, 1.0, probabilities)
    shares = st.lists(st.floats(0.0, 3.0), min_size=size * longest, max_size=size * longest)
    added = np.array(data.draw(st.just([0.0] * (size * longest)) | shares)).reshape(size, longest)

    def worth(found: set[int]) -> tuple[int, float]:
        runs = [(first, end - first - 1) for first, end in pairwise([*sorted(found), size])]
        gained = sum(starts[unit] - 0.5 for unit in found) + sum(added[run] for run in runs)
        return -sum(not possible[run] for run in runs), gained

    allowed = [
        found
        for found in divisions(size)
        if set(np.flatnonzero(certain)) <= found
        and all(end - first <= longest for first, end in pairwise([*sorted(found), size]))
    ]
    assert worth(set(best_division(starts, certain, possible, added))) == pytest.approx(max(map(worth, allowed)))
    if not added.any():
        assert best_division(starts, certain, possible) == best_division(starts, certain, possible, added)


def test_what_comments_are_worth_can_outweigh_a_boundary_that_is_less_likely_than_not() -> None:
    odds, certain, lengths = np.array([0.0, -0.4, 4.0]), np.array([True, False, False]), np.zeros((3, 3))
    starts = np.array(starts_with_lengths(odds, certain, lengths))
    comments = comments_with_lengths(odds, certain, lengths)
    assert starts == pytest.approx([1.0, 0.401, 0.982], abs=0.001)
    assert best_division(starts, certain, lengths == 0.0) == [0, 2]
    assert best_division(starts, certain, lengths == 0.0, comments) == [0, 1, 2]


def test_nothing_makes_up_for_a_comment_that_cannot_be() -> None:
    starts, certain, possible = np.array([1.0, 0.0]), np.array([True, False]), np.array([[True, False], [True, True]])
    assert best_division(starts, certain, possible, np.array([[0.0, 9.0], [0.0, 0.0]])) == [0, 1]


def test_two_unlikely_places_are_divided_at_one_where_a_comment_would_be_too_long() -> None:
    possible = np.array([[True, True, False], [True, True, False], [True, True, False]])
    assert best_division(np.array([1.0, 0.3, 0.4]), np.array([True, False, False]), possible) == [0, 2]


def test_no_comment_goes_over_a_certain_start() -> None:
    found = starts_with_lengths(np.array([0.0, -9.0, -9.0]), np.array([True, False, True]), np.zeros((3, 3)))
    assert found[2] == pytest.approx(1.0)


def test_a_page_without_blocks_has_no_starts() -> None:
    assert starts_with_lengths(np.zeros(0), np.zeros(0, dtype=bool), np.zeros((0, 1))) == []
    assert comments_with_lengths(np.zeros(0), np.zeros(0, dtype=bool), np.zeros((0, 1))).shape == (0, 1)
    assert starts_with_count([], 0) == []
    assert best_division(np.zeros(0), np.zeros(0, dtype=bool), np.zeros((0, 1), dtype=bool)) == []


def test_a_known_number_is_kept_on_a_page_of_a_hundred_thousand_blocks() -> None:
    found = starts_with_count([1.0] + [0.3] * 99_999, 10)
    assert sum(found) == pytest.approx(10.0)


@given(st.floats(-11, 11))
def test_log_odds_and_probabilities_are_each_others_inverse(value: float) -> None:
    assert to_log_odds(to_probability(value)) == pytest.approx(value, abs=1e-6)


def test_certainty_is_bounded() -> None:
    assert (to_log_odds(1.0), to_log_odds(0.0), to_probability(-1000.0)) == (12.0, -12.0, 0.0)
