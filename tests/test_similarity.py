import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forum_comments.similarity import REACH, Band, constant

# Blocks as bags of terms with weights.
PAGES = st.lists(st.dictionaries(st.integers(0, 5), st.floats(0.5, 3.0), max_size=4), min_size=1, max_size=24)


def band_of(page: list[dict[int, float]]) -> Band:
    entries = [(block, term, weight) for block, terms in enumerate(page) for term, weight in terms.items()]
    return Band(len(page), [e[0] for e in entries], [e[1] for e in entries], [e[2] for e in entries])


def dot(left: dict[int, float], right: dict[int, float]) -> float:
    return sum(weight * right.get(term, 0.0) for term, weight in left.items())


def cosine(left: dict[int, float], right: dict[int, float]) -> float:
    norms = math.sqrt(dot(left, left) * dot(right, right))
    return dot(left, right) / norms if norms else 0.0


def together(blocks: list[dict[int, float]], weights: list[float]) -> dict[int, float]:
    total: dict[int, float] = {}
    for block, factor in zip(blocks, weights, strict=False):
        for term, weight in block.items():
            total[term] = total.get(term, 0.0) + factor * weight
    return total


@given(PAGES)
def test_products_are_those_of_the_blocks(page) -> None:
    band = band_of(page)
    for distance in range(REACH):
        expected = [dot(page[i], page[i + distance]) if i + distance < len(page) else 0.0 for i in range(len(page))]
        assert band.product(distance, 0).tolist() == pytest.approx(expected)


@given(PAGES)
def test_windows_are_compared_as_if_their_blocks_were_one(page) -> None:
    weights = [1.0, 0.5, 0.25]
    found = band_of(page).between(constant(weights, len(page)), constant(weights, len(page)))
    for gap in range(len(page)):
        before, after = page[:gap][::-1][:3], page[gap : gap + 3]
        assert found[gap] == pytest.approx(cosine(together(before, weights), together(after, weights)), abs=1e-6)


@given(PAGES)
def test_pairs_newness_and_rarities_are_those_of_the_blocks(page) -> None:
    band = band_of(page)
    spread = {term: sum(term in block for block in page) for term in range(6)}
    pair, newness, shared = band.pair(-1, 0), band.newness(), band.shared_rarities(4)
    for here, block in enumerate(page):
        near = {term for earlier in page[max(0, here - 3) : here] for term in earlier}
        total = sum(block.values())
        assert pair[here] == pytest.approx(cosine(page[here - 1], block) if here else 0.0, abs=1e-6)
        new = sum(weight for term, weight in block.items() if term not in near)
        assert newness[here] == pytest.approx(new / total if total else 1.0)
        assert shared[here] == sum(term in near and spread[term] <= 4 for term in block)


def test_a_term_that_every_block_of_the_page_has_says_little_here() -> None:
    page = [{0: 1.0, 1: 1.0}, {0: 1.0, 1: 1.0}, {0: 1.0}, {0: 1.0}]
    weighted = band_of(page).spread_weights().product(0, 0)
    assert weighted.tolist() == pytest.approx(
        [math.log(5 / 4) ** 2 + math.log(5 / 2) ** 2] * 2 + [math.log(5 / 4) ** 2] * 2
    )


def test_a_page_without_words_is_like_nothing() -> None:
    band = band_of([{}, {}])
    assert band.pair(-1, 0).tolist() == [0.0, 0.0]
    assert np.isfinite(band.between(constant([1.0], 2), constant([1.0], 2))).all()
