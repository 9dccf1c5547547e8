"""Learning the language model from labelled pages.

Everything that is measured on training pages for the next step to learn from comes from a model that had not seen their
author, as it will be at run time: openings for the first look, the first look for the second.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from forum_comments.language import LanguageModel, PageLanguage
from forum_comments.models import Layout, Page
from forum_comments.segmentation import Rules, block_starts, hard_rules
from forum_comments.similarity import Floats
from training.boosting import fit_trees
from training.pages import MADE_UP, read, true_starts
from training.render import LabelledPage
from training.wording import Paragraphs, learn_openings, learn_rarity

LAYOUTS: tuple[Layout, ...] = ("replies page", "list", "profile")
PARTS = 3
FIRST_TREES, SECOND_TREES = 300, 120
# On lists a second look repeats what the lengths have said already: measured, it lost half a point of F1.
LOOKED_AT_ONCE: tuple[Layout, ...] = ("list",)


@dataclass(slots=True)
class Example:
    """A labelled page as it is read, and what was measured on it so far."""

    author: str
    labelled: LabelledPage
    page: Page
    rules: Rules
    labels: list[bool]
    features: dict[str, Floats] = field(default_factory=dict)
    first: list[float] = field(default_factory=list)

    @property
    def free(self) -> list[int]:
        """The blocks that no hard rule decides."""
        return [block for block, rule in enumerate(self.rules.starts) if rule is None]


def examples_of(pages: Mapping[str, Sequence[LabelledPage]]) -> list[Example]:
    """Read labelled pages."""
    examples = []
    for author, labelled_pages in pages.items():
        for labelled in labelled_pages:
            page = read(labelled)
            examples.append(Example(author, labelled, page, hard_rules(page), true_starts(labelled, page)))
    return examples


def learn(examples: Sequence[Example], material: Sequence[Paragraphs], others: Sequence[Paragraphs]) -> dict[str, Any]:
    """Learn a model from examples, the forum's own paragraphs and those of `others`; the result is its JSON.

    `material` is used for the authors of `examples` only: whoever is left out of them is left out of everything.
    """
    authors = sorted({example.author for example in examples})
    known = [item for item in material if item.author in authors]
    wording = {"rarity": learn_rarity([*known, *others])}
    real = [author for author in authors if not author.startswith(MADE_UP)]
    parts = [set(real[number::PARTS]) for number in range(PARTS)]
    if len(real) < len(authors):
        parts.append(set(authors) - set(real))
    for part in parts:
        unseen_others = [] if part - set(real) else others
        openings = learn_openings([*(item for item in known if item.author not in part), *unseen_others])
        reader = LanguageModel({**wording, "openings": openings, "layouts": {}})
        for example in examples:
            if example.author in part:
                example.features = PageLanguage(example.page, reader).features
    model: dict[str, Any] = {**wording, "openings": learn_openings([*known, *others]), "layouts": {}}
    for layout in LAYOUTS:
        of_layout = [example for example in examples if example.page.layout == layout]
        if of_layout:
            model["layouts"][layout] = _learn_layout(of_layout, parts, model)
    return model


def _learn_layout(examples: Sequence[Example], parts: Sequence[set[str]], model: Mapping[str, Any]) -> dict[str, Any]:
    first = _fit(examples, [example.features for example in examples], FIRST_TREES)
    if examples[0].page.layout in LOOKED_AT_ONCE:
        return {"first": first}
    for part in parts:
        seen = [example for example in examples if example.author not in part]
        unseen = [example for example in examples if example.author in part]
        if not seen or not unseen:
            continue
        looks = {examples[0].page.layout: {"first": _fit(seen, [e.features for e in seen], FIRST_TREES)}}
        apart = LanguageModel({**model, "layouts": looks})
        for example in unseen:
            example.first = apart.first[example.page.layout].log_odds(example.features).tolist()
    reader = LanguageModel({**model, "layouts": {}})
    second_features = []
    for example in examples:
        starts = block_starts(example.page, example.rules, example.first)
        language = PageLanguage(example.page, reader)
        language.features = example.features
        second_features.append(language.second_features(example.first, starts))
    return {"first": first, "second": _fit(examples, second_features, SECOND_TREES)}


def _fit(examples: Sequence[Example], features: Sequence[Mapping[str, Floats]], count: int) -> dict[str, Any]:
    names = tuple(features[0])
    rows = [np.column_stack(list(f.values()))[e.free] for e, f in zip(examples, features, strict=True)]
    labels = [np.array(example.labels)[example.free] for example in examples]
    return fit_trees(names, np.concatenate(rows), np.concatenate(labels), count)
