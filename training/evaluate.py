"""How well comments are found on pages by authors whom the model has never seen.

Each author in turn is left out: rarities, openings and trees are learnt from the others alone, then that author's pages
are divided. Pages to measure on hold every comment once per layout.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from forum_comments.language import LanguageModel, PageLanguage
from forum_comments.lattice import to_log_odds, to_probability
from forum_comments.segmentation import block_starts, divide_pages
from training.learn import LAYOUTS, Example, learn
from training.material import Material
from training.measures import Tally, calibration_bins

FULL = "rules and words"
TOGETHER = "rules, words and the author's other pages"
DIGITS = 3
Found = list[dict[int, float]]  # for each page the boundaries, by block, with their confidence
LIKELY = 0.5


def measured_examples(material: Material) -> list[Example]:
    """The pages that are measured on: the first round, in which each comment stands once per layout."""
    return [example for example in material.examples if example.labelled.name.split("/")[1] == "0"]


def cross_validate(material: Material, report: Callable[[str], None]) -> dict[tuple[str, str], Tally]:
    """Leave each author out in turn; tallies by layout and by the evidence that was used."""
    tallies: dict[tuple[str, str], Tally] = defaultdict(Tally)
    measured = measured_examples(material)
    for author in material.authors:
        seen = [example for example in material.examples if example.author != author]
        model = LanguageModel(learn([*seen, *material.made_up], material.own, material.others))
        pages = [example for example in measured if example.author == author]
        for evidence, found in _divisions(pages, seen, model):
            for example, boundaries in zip(pages, found, strict=True):
                tallies[example.page.layout, evidence].add(example.labels, boundaries)
        report(f"{author}: divided {len(pages)} pages")
    return dict(tallies)


def _divisions(pages: Sequence[Example], seen: Sequence[Example], model: LanguageModel) -> Iterator[tuple[str, Found]]:
    """Divide pages with less and with more evidence, to see what each kind of it adds."""
    yield "every paragraph", [dict.fromkeys(range(len(page.labels)), 1.0) for page in pages]
    shares = {layout: _share_of_starts(seen, layout) for layout in LAYOUTS}
    constant = [[to_log_odds(shares[page.page.layout])] * len(page.labels) for page in pages]
    yield "rules alone", [_likely(_starts(page, odds)) for page, odds in zip(pages, constant, strict=True)]
    looks = [PageLanguage(page.page, model).first_look() for page in pages]
    yield "words alone", [_likely([to_probability(value) for value in look]) for look in looks]
    yield "rules and first look", [_likely(_starts(page, look)) for page, look in zip(pages, looks, strict=True)]
    yield FULL, [_boundaries(divide_pages([page.page], model)[0].boundaries) for page in pages]
    together = divide_pages([page.page for page in pages], model)
    yield TOGETHER, [_boundaries(division.boundaries) for division in together]


def _starts(example: Example, log_odds: Sequence[float]) -> list[float]:
    return block_starts(example.page, example.rules, log_odds)


def _likely(starts: Sequence[float]) -> dict[int, float]:
    return {block: start for block, start in enumerate(starts) if start > LIKELY}


def _boundaries(boundaries: Sequence[Any]) -> dict[int, float]:
    return {boundary.block: boundary.confidence for boundary in boundaries}


def _share_of_starts(examples: Sequence[Example], layout: str) -> float:
    labels = [np.array(example.labels)[example.free] for example in examples if example.page.layout == layout]
    return float(np.concatenate(labels).mean())


def rows(tallies: dict[tuple[str, str], Tally]) -> list[dict[str, Any]]:
    """Make the measures the rows of `evaluation.json`, one per layout, evidence and measure."""
    found: list[dict[str, Any]] = []
    for (layout, evidence), tally in tallies.items():
        for measure, value in tally.measures().items():
            found.append(
                {
                    "layout": layout,
                    "evidence": evidence,
                    "measure": measure,
                    "value": round(value, DIGITS),
                    "counted": len(tally.given) if measure == "calibration error" else tally.comments,
                }
            )
        if evidence == FULL:
            for number, confidence, share, count in calibration_bins(tally.given):
                measure = f"right among boundaries given {number / 10:.1f} to {number / 10 + 0.1:.1f}"
                row = {"layout": layout, "evidence": evidence, "measure": measure, "value": round(share, DIGITS)}
                found.append({**row, "counted": count, "mean_confidence": round(confidence, DIGITS)})
    return found


def table(tallies: dict[tuple[str, str], Tally]) -> str:
    """Print the measures as the README's table."""
    lines = [
        "| layout | evidence | precision | recall | F1 | comments right | calibration error |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    for layout in LAYOUTS:
        for (of, evidence), tally in tallies.items():
            if of == layout:
                values = " | ".join(f"{value:.2f}" for value in tally.measures().values())
                lines.append(f"| {layout} | {evidence} | {values} |")
    return "\n".join(lines)
