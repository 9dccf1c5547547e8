"""How the seeds fare without corrections, against `labels/seeds.json`: `python -m training.seeds` measures it.

Nothing was learnt from them. The command builds nothing; it divides the five pages together, as a build does, and
compares line by line.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from forum_comments.documents import read_documents
from forum_comments.models import Page
from forum_comments.readers import read_page
from forum_comments.segmentation import divide_pages
from training.measures import Tally
from training.people import PeopleTally, find_people
from training.render import LabelledComment, LabelledPage

LABELS = Path(__file__).with_name("labels") / "seeds.json"


def labelled_page(page: Page, labels: dict[str, Any]) -> LabelledPage:
    """Turn the labels of a seed, which count lines from 1, into offsets of its text."""
    lines = [0]
    for line in page.document.text.split("\n"):
        lines.append(lines[-1] + len(line) + 1)
    comments = labels["comments"]
    starts = [comment["start_line"] for comment in comments]
    labelled = [
        LabelledComment(
            start=lines[comment["start_line"] - 1],
            end=lines[comment["end_line"]],
            author=comment["author"] or "",
            parent=None if comment["parent_line"] is None else starts.index(comment["parent_line"]),
            is_truncated=comment["is_truncated"],
            has_header=comment["age"] is not None,
            quotations=tuple((lines[first - 1], lines[last]) for first, last in comment["quotation_lines"]),
            source_id=str(comment["start_line"]),
        )
        for comment in comments
    ]
    return LabelledPage(labels["file"], page.layout, labels["owner"], page.document.text, tuple(labelled))


def measure_seeds(folder: Path) -> tuple[dict[str, Tally], PeopleTally]:
    """Divide the seeds without corrections; boundaries by file, and people over all of them."""
    pages = [read_page(document, unknown_as_list=True) for document in read_documents([folder]).documents]
    pages.sort(key=lambda page: page.document.file_name)
    labels = {page["file"]: page for page in json.loads(LABELS.read_text(encoding="utf-8"))["pages"]}
    divisions = divide_pages(pages)
    tallies: dict[str, Tally] = {}
    people = PeopleTally()
    for page, division, found in zip(pages, divisions, find_people(pages, divisions), strict=True):
        labelled = labelled_page(page, labels[page.document.file_name])
        starts = {comment.start for comment in labelled.comments}
        tally = tallies.setdefault(page.document.file_name, Tally())
        tally.add(
            [block.start in starts for block in page.blocks],
            {boundary.block: boundary.confidence for boundary in division.boundaries},
        )
        people.add(labelled, found)
    return tallies, people


def table(tallies: dict[str, Tally], people: PeopleTally) -> str:
    """Print the figures as the README's two tables."""
    lines = [
        "| page | boundaries right | wrong | missed | F1 | comments right |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for name, tally in [*tallies.items(), ("all", _sum(list(tallies.values())))]:
        f1 = tally.measures()["F1"]
        right = f"{tally.whole} of {tally.comments}"
        lines.append(f"| {name[:3]} | {tally.right} | {tally.wrong} | {tally.missed} | {f1:.2f} | {right} |")
    lines += ["", "| measure | share | of |", "| --- | --- | --- |"]
    lines += [f"| {measure} | {share:.2f} | {count} |" for measure, (share, count) in people.measures().items()]
    return "\n".join(lines)


@click.command(help=__doc__)
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False, exists=True), default="seeds")
def main(folder: Path) -> None:
    """Print the README's tables."""
    click.echo(table(*measure_seeds(folder)))


def _sum(tallies: Sequence[Tally]) -> Tally:
    total = Tally()
    for tally in tallies:
        total.right += tally.right
        total.wrong += tally.wrong
        total.missed += tally.missed
        total.whole += tally.whole
        total.comments += tally.comments
    return total


if __name__ == "__main__":
    main()
