"""Pages and their boundaries to appearances: each comment's passages, as its page shows them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Protocol

from forum_comments.labels import HasText
from forum_comments.models import Appearance, Block, Page, Passage, Problem
from forum_comments.segmentation import Division

# The passage kinds that stand line by line in a body; between all others stands an empty line.
TIGHT = "list item"
BULLET = "•"  # before an item that has no number
LIST_LOST = "It ends where it announces a list, which the extraction that made the page dropped; it counts as cut."


def appearances_of(page: Page, division: Division) -> list[Appearance]:
    """Give the comments of a page in page order, with their passages; nobody is named yet."""
    starts = [boundary.block for boundary in division.boundaries]
    found = []
    for number, (boundary, (first, end)) in enumerate(
        zip(division.boundaries, pairwise([*starts, len(page.blocks)]), strict=True), start=1
    ):
        blocks = page.blocks[first:end]
        lost_its_list = end - 1 not in division.cut_ends and _lost_its_list(page, blocks)
        is_truncated = end - 1 in division.cut_ends or lost_its_list
        found.append(
            Appearance(
                document=page.document,
                position=number,
                start=blocks[0].start,
                end=blocks[-1].end,
                passages=passages_of(blocks, is_truncated),
                is_truncated=is_truncated,
                boundary_basis=boundary.basis,
                boundary_confidence=boundary.confidence,
                header=blocks[0].header,
                has_markup=page.has_markup,
                problems=[Problem("list lost", LIST_LOST, page.document.id)] if lost_its_list else [],
            )
        )
    for appearance in found:
        _report_ambiguous_header(appearance)
    return found


def _lost_its_list(page: Page, blocks: Sequence[Block]) -> bool:
    """Whether the page shows no more of a comment than what announces a list: some extractions drop every list."""
    return page.layout == "list" and blocks[-1].text.endswith(":")


def passages_of(blocks: Sequence[Block], is_truncated: bool) -> list[Passage]:
    """Make a comment's blocks passages: heads and cut marks go, a footnote's lines are one passage."""
    passages: list[Passage] = []
    before: Block | None = None
    for number, block in enumerate(blocks):
        is_last = number == len(blocks) - 1
        if not block.is_header and block.kind != "cut mark":
            text = _without_dots(block) if is_truncated and is_last else block.text
            continues = before is not None and before.kind == block.kind == "footnote" and block.indent > before.indent
            if continues:
                passages[-1].text += f" {text}"
                passages[-1].end = block.end
            else:
                passages.append(_passage(block, text))
        elif passages:  # the line of a bare cut mark belongs to the passage that it cuts
            passages[-1].end = block.end
        before = block
    return passages


def _passage(block: Block, text: str) -> Passage:
    passage = Passage(block.kind, text, block.start, block.end, links=block.links, label=block.label)
    if block.is_quotation:
        passage.is_quotation, passage.quotation_basis, passage.quotation_confidence = True, "source", 1.0
    return passage


def _without_dots(block: Block) -> str:
    if block.cut_mark == "dots after":
        return block.text.removesuffix("...").removesuffix("…").rstrip()
    if block.cut_mark == "dots before":
        return block.text.removeprefix("...").removeprefix("…").lstrip()
    return block.text


def _report_ambiguous_header(appearance: Appearance) -> None:
    header = appearance.header
    if header is not None and header.readings:
        readings = "; ".join(header.readings)
        detail = f"“{header.score_text}” can be read as: {readings}. Its numbers are left out."
        appearance.problems.append(Problem("ambiguous header", detail, appearance.document.id))


class BodyPart(HasText, Protocol):
    """A passage whose kind and label decide how it stands in a body."""

    @property
    def kind(self) -> str:
        """One of `models.BlockKind`."""

    @property
    def label(self) -> str | None:
        """What stands before a list's item in the place of a bullet, such as "1."."""


def body_of(passages: Sequence[BodyPart]) -> str:
    """Join passages to a comment's text: empty lines between them, none within a list; items keep number or bullet."""
    parts: list[str] = []
    before: BodyPart | None = None
    for passage in passages:
        if before is not None:
            parts.append("\n" if before.kind == passage.kind == TIGHT else "\n\n")
        parts.append(f"{passage.label or BULLET} {passage.text}" if passage.kind == TIGHT else passage.text)
        before = passage
    return "".join(parts)
