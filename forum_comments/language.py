"""The evidence of the words: how likely it is that a comment starts at a block, judged from the text alone.

What the words say was learnt from comments whose beginnings are known (`training/`); the result is
`language_model.json`, described in `training/MODEL_CARD.md`. A first look weighs what stands around each gap; a second
one compares the comments that the first, together with the page's marks and counts, has found.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from forum_comments.features import gap_features, read_page_words, soft_features
from forum_comments.models import Layout, Page
from forum_comments.trees import Trees

MODEL_FILE = Path(__file__).with_name("language_model.json")
FIRST_LOOK = "log-odds of the first look"
# Layouts that nothing was learnt of, with the one that they show comments like.
LIKE: dict[Layout, Layout] = {
    "post page": "replies page",
    "comment permalink": "replies page",
    "titled permalink": "replies page",
    "EA Forum profile": "profile",
    "unread": "list",
}


class LanguageModel:
    """What was learnt: how rare words are, how comments open, and trees for each layout."""

    def __init__(self, model: Mapping[str, Any]) -> None:
        """Take the model as its JSON gives it."""
        self.openings: Mapping[str, float] = model["openings"]
        self.rarity: Mapping[str, float] = model["rarity"]["stems"]
        self.rarest = float(model["rarity"]["rarest"])
        self.first: dict[Layout, Trees] = {layout: Trees(looks["first"]) for layout, looks in model["layouts"].items()}
        self.second: dict[Layout, Trees] = {
            layout: Trees(looks["second"]) for layout, looks in model["layouts"].items() if "second" in looks
        }


def learnt_as(layout: Layout) -> Layout:
    """Give the layout whose model divides pages of this one."""
    return LIKE.get(layout, layout)


@lru_cache(maxsize=1)
def default_model() -> LanguageModel:
    """Read the model that the package brings along, once."""
    return LanguageModel(json.loads(MODEL_FILE.read_text(encoding="utf-8")))


class PageLanguage:
    """The words of one page, and what the model makes of them."""

    def __init__(self, page: Page, model: LanguageModel) -> None:
        """Read the words of the page's blocks; linear in their length."""
        self._layout = learnt_as(page.layout)
        self._model = model
        self.words = read_page_words(page.blocks, model.openings, model.rarity, model.rarest)
        self.features = gap_features(self.words)

    def first_look(self) -> list[float]:
        """Give each block the log-odds that a comment starts there."""
        return [float(value) for value in self._model.first[self._layout].log_odds(self.features)]

    def second_look(self, first: Sequence[float], starts: Sequence[float]) -> list[float]:
        """Give them again, knowing the first look and the probability, so far, that a comment starts at each block."""
        trees = self._model.second[self._layout]
        return [float(value) for value in trees.log_odds(self.second_features(first, starts))]

    def second_features(self, first: Sequence[float], starts: Sequence[float]) -> dict[str, Any]:
        """Measure each gap for the second look."""
        return {**self.features, **soft_features(self.words, np.asarray(starts)), FIRST_LOOK: np.asarray(first)}
