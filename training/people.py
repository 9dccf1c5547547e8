"""How well quotations, authors and replies are found on labelled pages.

This takes the true boundaries between comments, so that what it prints is the work of these stages alone, and
leaves each author out of the weights that judge his pages. Names and replies are measured on pages of comments and
replies whose people and texts nothing was learned from.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from forum_comments.attribution import attribute
from forum_comments.comments import appearances_of
from forum_comments.models import Appearance, Boundary, Page
from forum_comments.quotations import mark_quotations
from forum_comments.segmentation import Division
from training.comments import load_authors
from training.pages import pages_by_author, read, true_starts
from training.people_pages import pages_of
from training.quotations import learn, material
from training.render import LabelledComment, LabelledPage

ROUNDS = 2
DIGITS = 3
ALONE = "people, true boundaries"
BESIDE = "people, true boundaries, beside the owner's profile"


@dataclass(slots=True)
class Count:
    """How many there are, how many were given, and how many of these are right."""

    true: int = 0
    given: int = 0
    right: int = 0

    @property
    def precision(self) -> float:
        """Share of what was given that is right; 1 where nothing was given."""
        return self.right / self.given if self.given else 1.0

    @property
    def recall(self) -> float:
        """Share of what there is that was found; 1 where there is nothing."""
        return self.right / self.true if self.true else 1.0


@dataclass(slots=True)
class PeopleTally:
    """Names, reply edges and quotations, counted over pages."""

    names: Count = field(default_factory=Count)
    names_without_head: Count = field(default_factory=Count)  # on pages where others speak too
    replies: Count = field(default_factory=Count)
    quotations: Count = field(default_factory=Count)
    suspicions: list[tuple[float, bool]] = field(default_factory=list)  # confidence, and whether it is a quotation

    def add(self, labelled: LabelledPage, appearances: Sequence[Appearance]) -> None:
        """Count what was found on a page; `appearances` are its comments, whatever their boundaries."""
        for appearance in appearances:
            self._add_name(labelled, appearance)
            self._add_quotations(labelled, appearance)
        self._add_replies(labelled, appearances)

    def _add_name(self, labelled: LabelledPage, appearance: Appearance) -> None:
        author = _comment_at(labelled, appearance.start).author
        is_without_head = appearance.header is None and labelled.layout != "profile"
        for count in (self.names, self.names_without_head) if is_without_head else (self.names,):
            count.true += 1
            count.given += appearance.author_name is not None
            count.right += appearance.author_name == author

    def _add_replies(self, labelled: LabelledPage, appearances: Sequence[Appearance]) -> None:
        starts = [comment.start for comment in labelled.comments]
        true = {(comment.start, starts[comment.parent]) for comment in labelled.comments if comment.parent is not None}
        given = {(a.start, a.parent.start) for a in appearances if a.parent is not None and a.parent in appearances}
        self.replies.true += len(true)
        self.replies.given += len(given)
        self.replies.right += len(true & given)

    def _add_quotations(self, labelled: LabelledPage, appearance: Appearance) -> None:
        for passage in appearance.passages:
            spans = _comment_at(labelled, passage.start).quotations
            is_quotation = any(start <= (passage.start or 0) < end for start, end in spans)
            self.quotations.true += is_quotation
            self.quotations.given += passage.is_quotation
            self.quotations.right += is_quotation and passage.is_quotation
            if passage.quotation_confidence is not None:
                self.suspicions.append((passage.quotation_confidence, is_quotation))

    def measures(self) -> dict[str, tuple[float, int]]:
        """Give the figures by name: a share, and of how many; what there is none of is left out."""
        found = {
            "wrong names": (1.0 - self.names.precision, self.names.given),
            "names given": (self.names.given / (self.names.true or 1), self.names.true),
            "names given without head": (self.names_without_head.recall, self.names_without_head.true),
            "replies precision": (self.replies.precision, self.replies.given),
            "replies recall": (self.replies.recall, self.replies.true),
            "quotations precision": (self.quotations.precision, self.quotations.given),
            "quotations recall": (self.quotations.recall, self.quotations.true),
        }
        return {name: (share, count) for name, (share, count) in found.items() if count}


def _comment_at(labelled: LabelledPage, offset: int | None) -> LabelledComment:
    """Find the comment that truly stands at an offset."""
    place = -1 if offset is None else offset
    return next((c for c in reversed(labelled.comments) if c.start <= place), labelled.comments[0])


def find_people(
    pages: Sequence[Page], divisions: Sequence[Division], learned: Mapping[str, float] | None = None
) -> list[list[Appearance]]:
    """Find quotations, authors and replies of divided pages, as the build does."""
    found = [appearances_of(page, division) for page, division in zip(pages, divisions, strict=True)]
    mark_quotations(found, learned)
    attribute(pages, found)
    return found


def true_division(labelled: LabelledPage, page: Page) -> Division:
    """Divide a page where its comments truly start and end."""
    starts = [block for block, is_start in enumerate(true_starts(labelled, page)) if is_start]
    cut = {comment.start for comment in labelled.comments if comment.is_truncated}
    ends = [*starts[1:], len(page.blocks)]
    return Division(
        tuple(Boundary(block, "correction", 1.0) for block in starts),
        frozenset(end - 1 for start, end in zip(starts, ends, strict=True) if page.blocks[start].start in cut),
    )


def measure(tally: PeopleTally, group: Sequence[LabelledPage], learned: Mapping[str, float] | None = None) -> None:
    """Count a group of pages, divided where comments truly start; they inform each other, as an archive's do."""
    pages = [read(labelled) for labelled in group]
    divisions = [true_division(labelled, page) for labelled, page in zip(group, pages, strict=True)]
    for labelled, appearances in zip(group, find_people(pages, divisions, learned), strict=True):
        tally.add(labelled, appearances)


def cross_validate(folder: Path) -> dict[tuple[str, str], PeopleTally]:
    """Leave each author out in turn; tallies by layout and by the pages that were read together."""
    tallies: dict[tuple[str, str], PeopleTally] = defaultdict(PeopleTally)
    examples = material(folder)
    replies_pages = pages_of(load_authors(folder), ROUNDS)
    for name, pages in pages_by_author(folder, 1).items():
        learned = learn([e for author, of_author in examples.items() if author != name for e in of_author])
        profiles = [page for page in pages if page.layout == "profile"]
        for profile in profiles:
            measure(tallies["profile", ALONE], [profile], learned)
        for page in replies_pages[name]:
            measure(tallies["replies page", ALONE], [page], learned)
            measure(tallies["replies page", BESIDE], [profiles[0], page], learned)
    return dict(tallies)


def rows(tallies: Mapping[tuple[str, str], PeopleTally]) -> list[dict[str, Any]]:
    """Make the measures rows of `evaluation.json`."""
    return [
        {"layout": layout, "evidence": evidence, "measure": measure, "value": round(share, DIGITS), "counted": count}
        for (layout, evidence), tally in tallies.items()
        for measure, (share, count) in tally.measures().items()
    ]


def table(tallies: Mapping[tuple[str, str], PeopleTally]) -> str:
    """Print the measures as the README's table."""
    lines = ["| layout | pages read together | measure | share | of |", "| --- | --- | --- | --- | --- |"]
    for row in rows(tallies):
        lines.append("| {layout} | {evidence} | {measure} | {value:.2f} | {counted} |".format(**row))
    return "\n".join(lines)
