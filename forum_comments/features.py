"""What is measured at each gap between two blocks, for the trees of the language model to weigh.

The gap of a block is the one before it. "before" is the block that ends there, "block" the one that starts,
"after" the next one, "before that" the one two earlier.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from forum_comments.models import Block, BlockKind, CutMark
from forum_comments.similarity import Band, Floats, constant
from forum_comments.words import BlockWords, opening_features, read_words, stem_counts

# Rarities (natural logarithms) under this are those of words that every comment has.
COMMON_RARITY = 1.3
# Weight of blocks further and further from the gap, in a window that fades.
FADING = tuple(0.7**distance for distance in range(6))
SOFT_REACH = 8
RARE_BLOCKS = 4
URL_NEAR_END = 60
KINDS: dict[BlockKind, int] = {
    "paragraph": 0, "list item": 1, "footnote": 2, "code block": 3, "heading": 4, "cut mark": 5,
    "reply header": 6, "full header": 7,
}  # fmt: skip
MARKS: dict[CutMark | None, int] = {None: 0, "dots after": 1, "dots before": 2, "read more": 3}
NEIGHBOURS = {"before that": -2, "before": -1, "block": 0, "after": 1}
_ENUMERATION = re.compile(r"\(?\d{1,2}[.):]")


@dataclass(frozen=True, slots=True)
class PageWords:
    """A page's blocks read once, with the similarity of their words."""

    blocks: Sequence[Block]
    words: tuple[BlockWords, ...]
    openings: Floats  # log-odds that each block opens a comment, from its first words alone
    band: Band
    spread_band: Band


def read_page_words(
    blocks: Sequence[Block], opening_weights: Mapping[str, float], rarity: Mapping[str, float], rarest: float
) -> PageWords:
    """Read the words of a page's blocks.

    `opening_weights` weigh what `opening_features` names; `rarity` gives the natural logarithm of how rare a stem is,
    `rarest` that of a stem it does not hold.
    """
    words = tuple(read_words(block) for block in blocks)
    numbers: dict[str, int] = {}
    entries: tuple[list[int], list[int], list[float]] = ([], [], [])
    for position, block in enumerate(words):
        for stem, count in stem_counts(block).items():
            weight = rarity.get(stem, rarest)
            if weight > COMMON_RARITY:
                entries[0].append(position)
                entries[1].append(numbers.setdefault(stem, len(numbers)))
                entries[2].append(weight * (1.0 + math.log(count)))
    band = Band(len(words), *entries)
    openings = np.array([sum(opening_weights.get(f, 0.0) for f in opening_features(block)) for block in words])
    return PageWords(blocks, words, openings, band, band.spread_weights())


def gap_features(page: PageWords) -> dict[str, Floats]:
    """Measure each gap; arrays over the blocks, by the feature's name."""
    features: dict[str, Floats] = {}
    for name, values in {**_style(page), "opening": page.openings}.items():
        for neighbour, offset in NEIGHBOURS.items():
            features[f"{name} of {neighbour}"] = _moved(values, offset)
    features.update(_similarities(page))
    features.update(_places(page))
    return features


def _style(page: PageWords) -> dict[str, Floats]:
    """How each block is written."""
    rows = [
        (
            math.log1p(len(words.text)),
            10.0 * words.second_person / (len(words.words) + 5),
            10.0 * words.first_person / (len(words.words) + 5),
            math.log1p(words.text.count("?")),
            math.log1p(words.text.count("!")),
            words.last,
            words.first,
            KINDS[block.kind],
            math.log1p(len(words.first_sentence)),
            "?" in words.first_sentence,
            words.references,
            MARKS[block.cut_mark],
        )
        for block, words in zip(page.blocks, page.words, strict=True)
    ]
    names = (
        "length", "second person", "first person", "questions", "exclamations", "end", "beginning", "kind",
        "first sentence", "first sentence asks", "references", "mark",
    )  # fmt: skip
    table = np.array(rows, dtype=np.float64).reshape(len(rows), len(names))
    return {name: table[:, column] for column, name in enumerate(names)}


def _similarities(page: PageWords) -> dict[str, Floats]:
    """How alike the words on both sides of each gap are."""
    band, size = page.band, page.band.size
    windows = {width: band.between(*[constant([1.0] * width, size)] * 2) for width in (1, 2, 3, 5)}
    three = windows[3]
    gaps = max(1, size - 1)
    pairs = np.array([band.pair(-1 - q, r) for q in range(3) for r in range(3)])
    one, four = constant([1.0], size), constant([1.0] * 4, size)
    return {
        **{f"similarity of {width}": values for width, values in windows.items()},
        "similarity fading": band.between(*[constant(FADING, size)] * 2),
        "similarity of 3 here": page.spread_band.between(*[constant([1.0] * 3, size)] * 2),
        "similarity of 1 here": page.spread_band.pair(-1, 0),
        "similarity of 3 above the page's": three - three.sum() / gaps,
        "similarity of 3 before": _moved(three, -1),
        "similarity of 3 after": _moved(three, 1),
        "similarity of 1 before": _moved(windows[1], -1),
        "similarity of 1 after": _moved(windows[1], 1),
        "depth": three - np.maximum(_moved(three, -1), _moved(three, -2)) / 2
        - np.maximum(_moved(three, 1), _moved(three, 2)) / 2,
        "block to 4 before": band.between(four, one),
        "before to 4 after": band.between(one, four),
        "containment": band.containment(-1, 0),
        "containment before after": band.containment(-1, 1),
        "containment before that block": band.containment(-2, 0),
        "containment block after": band.containment(0, 1),
        "containment before that before": band.containment(-2, -1),
        "likest pair": pairs.max(axis=0),
        "mean pair": pairs.mean(axis=0),
        "newness": band.newness(),
        "rarities shared": band.shared_rarities(RARE_BLOCKS),
    }  # fmt: skip


def _places(page: PageWords) -> dict[str, Floats]:
    """Where each gap stands on its page, and what the page is like."""
    size = len(page.words)
    lengths = np.array([len(words.text) for words in page.words], dtype=np.float64)
    total = np.concatenate([[0.0], np.cumsum(lengths)])
    here = np.arange(size)
    items = np.array([block.kind == "list item" for block in page.blocks], dtype=bool)
    last_item = np.maximum.accumulate(np.where(items, here, -1)) if size else here
    first_words = [words.text[:8] for words in page.words]
    near_end = [words.text[-URL_NEAR_END:] for words in page.words]
    return {
        "blocks": np.full(size, math.log1p(size)),
        "mean length": np.full(size, math.log1p(lengths.mean() if size else 0.0)),
        "share of list items": np.full(size, items.mean() if size else 0.0),
        "place": here / max(1, size),
        "blocks to the end": np.minimum(size - here, 20.0),
        "since list item": np.minimum(here - _moved(last_item.astype(np.float64), -1), 20.0),
        "length ahead": np.log1p(total[np.minimum(here + 4, size)] - total[here]),
        "length behind": np.log1p(total[here] - total[np.maximum(here - 4, 0)]),
        "quotation marks": np.array(['"' in w.text or "“" in w.text for w in page.words], dtype=np.float64),
        "enumeration": np.array([bool(_ENUMERATION.match(text)) for text in first_words], dtype=np.float64),
        "URL ends before": _moved(np.array(["http" in text for text in near_end], dtype=np.float64), -1),
        "opening above the page's": page.openings - (page.openings.mean() if size else 0.0),
    }


def soft_features(page: PageWords, starts: Floats) -> dict[str, Floats]:
    """Measure each gap against the comments that a first look found around it.

    `starts` gives the probability that a comment starts at each block: a block counts for a gap as far as it is likely
    to belong to the same comment as the block next to the gap.
    """
    left, right = _soft_weights(starts)
    one = constant([1.0], len(starts))
    to_left = page.band.between(left, one)
    to_right = page.band.between(one, right)
    return {
        "comment to comment": page.band.between(left, right),
        "block to comment before": to_left,
        "before to comment after": to_right,
        "before to its comment": _moved(to_left, -1),
        "block to its comment": _moved(to_right, 1),
        "comment before": left.sum(axis=0),
        "comment after": right.sum(axis=0),
        **{f"start {offset:+d}": _moved(starts, offset, 1.0) for offset in (-2, -1, 0, 1, 2)},
    }


def _soft_weights(starts: Floats) -> tuple[Floats, Floats]:
    """Probability that the blocks up to SOFT_REACH away belong to the comment next to the gap, on both sides."""
    goes_on = 1.0 - starts
    left: list[Floats] = [np.ones(len(starts))]
    right: list[Floats] = [np.ones(len(starts))]
    for step in range(1, SOFT_REACH):
        left.append(left[-1] * _moved(goes_on, -step))
        right.append(right[-1] * _moved(goes_on, step))
    return np.array(left), np.array(right)


def _moved(values: Floats, offset: int, beyond: float = 0.0) -> Floats:
    """Give each block the value of the block at an offset from it; `beyond` outside the page."""
    moved = np.full(len(values), beyond)
    if offset < 0:
        moved[-offset:] = values[:offset]
    elif offset:
        moved[:-offset] = values[offset:]
    else:
        moved[:] = values
    return moved
