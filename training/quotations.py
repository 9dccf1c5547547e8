"""Learn which passages read like quotations, from comments whose Markdown still marks them.

Quotations are few (a few hundred, by ten people), so answers help out: a paragraph of a comment with a real reply
below it stands for a quotation, at a lower weight.

`python -m training.quotations` writes the model.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import click

from forum_comments.models import Passage
from forum_comments.quotation_language import MODEL_FILE, read, signs
from forum_comments.shared_words import words_of
from training.comments import DEFAULT_FOLDER, Comment, load_authors, load_others
from training.logistic import fit
from training.markdown import Element, parse, printed
from training.render import excerpt

PENALTY = 3.0
LEAST = 5  # a sign that fewer passages show gets no weight
ANSWERED_WEIGHT = 0.3
# About so many boundaries between comments are missed.
RUN_TOGETHER_WEIGHT = 0.15
# Words of a paragraph that may stand for a quotation.
QUOTABLE = range(5, 91)
DIGITS = 3
OTHERS = ""  # the authors of the samples that only help


@dataclass(frozen=True, slots=True)
class Example:
    """A passage with something below it: its signs, and whether it is a quotation."""

    signs: frozenset[str]
    is_quotation: bool
    is_first: bool
    weight: float = 1.0


def passages_of(elements: Iterable[Element]) -> list[tuple[Passage, bool]]:
    """Give what a page shows of a comment, and whether each passage is a quotation."""
    shown = ((element, " ".join(printed(element.source).split())) for element in elements)
    return [(Passage(element.kind, text), element.quoted) for element, text in shown if text]


def examples(comments: Iterable[Comment]) -> list[Example]:
    """Give the passages of comments, whole and, where a page would cut them, cut."""
    found = []
    for comment in comments:
        elements = parse(comment.markdown)
        shown, is_cut = excerpt(elements)
        for version in (elements, shown) if is_cut else (elements,):
            found += _examples_of(passages_of(version))
    return found


def answered(comments: Sequence[Comment]) -> list[Example]:
    """Put a paragraph of a comment above each real reply to it."""
    by_id = {comment.id: comment for comment in comments}
    rng = random.Random("answered")
    found = []
    for reply in comments:
        parent = by_id.get(reply.parent_id or "")
        below = passages_of(parse(reply.markdown))
        if parent is None or not below or any(is_quotation for _, is_quotation in below):
            continue
        above = [
            p for p, quoted in passages_of(parse(parent.markdown)) if not quoted and len(p.text.split()) in QUOTABLE
        ]
        if above:
            first, *_ = _examples_of([(rng.choice(above), True), *below])
            found.append(Example(first.signs, True, True, ANSWERED_WEIGHT))
    return found


def run_together(comments: Sequence[Comment]) -> list[Example]:
    """Give the last passages of comments with the next comment below, as a missed boundary leaves them."""
    shown = [passages for comment in comments if (passages := passages_of(parse(comment.markdown)))]
    found = []
    for above, below in pairwise(shown):
        last = _examples_of([*above, *below])[len(above) - 1]
        found.append(Example(last.signs, last.is_quotation, last.is_first, RUN_TOGETHER_WEIGHT))
    return found


def _examples_of(passages: Sequence[tuple[Passage, bool]]) -> list[Example]:
    readings = [read(passage, words_of(passage)) for passage, _ in passages]
    return [
        Example(frozenset(signs(readings, position)), passages[position][1], position == 0)
        for position in range(len(passages) - 1)
    ]


def learn(material: Sequence[Example]) -> dict[str, float]:
    """Learn the weights that `forum_comments.quotation_language` reads."""
    weights = fit(
        [dict.fromkeys(example.signs, 1.0) for example in material],
        [example.is_quotation for example in material],
        PENALTY,
        LEAST,
        [example.weight for example in material],
    )
    return {name: round(weight, DIGITS) for name, weight in weights.items()}


def material(folder: Path) -> dict[str, list[Example]]:
    """Give the passages to learn from by author; under OTHERS those that only help."""
    others = load_others(folder)
    by_author = {name: examples(comments) + run_together(comments) for name, comments in load_authors(folder).items()}
    return {**by_author, OTHERS: examples(others) + answered(others)}


@click.command()
@click.option("--comments", "folder", type=click.Path(path_type=Path, exists=True), default=DEFAULT_FOLDER)
@click.option("--to", "target", type=click.Path(path_type=Path, dir_okay=False), default=MODEL_FILE)
def main(folder: Path, target: Path) -> None:
    """Learn which passages read like quotations from the comments in a folder, and write the weights."""
    weights = learn([example for of_author in material(folder).values() for example in of_author])
    target.write_text(json.dumps(weights, ensure_ascii=False, indent=0, sort_keys=True) + "\n", encoding="utf-8")
    click.echo(f"{target}: {len(weights)} weights")


if __name__ == "__main__":
    main()
