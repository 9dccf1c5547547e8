"""Applies an editor's decisions to pages, boundaries and appearances, and keeps what the program had decided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from forum_comments.counts import cut_ends_of
from forum_comments.locating import Located, Selection, Spot
from forum_comments.models import Appearance, Boundary, Document, Page, Passage, Problem
from forum_comments.segmentation import Division

STARTS, CONTINUES = "starts a comment", "continues a comment"
QUOTATION, OWN = "quotation", "own words"
TO_ITSELF = {"parent": "answer", "quotes": "quote", "same_comment_as": "repeat"}
OWNERS = "every comment without a head is the owner's"


@dataclass(frozen=True, slots=True)
class Applied:
    """A decision that was applied; a row of `corrections`. An Appearance stands for the id of its comment."""

    kind: str
    document: Document
    start: int | None  # offset of the paragraph that it is about; None: the page as a whole
    appearance: Appearance | None
    before: str | Appearance | None
    after: str | Appearance | None
    reason: str | None
    url: str | None


def correct_pages(selection: Selection, pages: Sequence[Page]) -> tuple[list[Page], list[Applied]]:
    """Give pages the facts that an editor knows: owner, address, day of saving; that it is a list was used already."""
    corrected = list(pages)
    applied = []
    for facts, number in selection.facts:
        page = corrected[number]
        changes = (
            ("owner", page.owner, facts.owner),
            ("url", page.url, facts.url),
            ("saved at", page.saved_at, facts.saved_at),
            ("owner", None, OWNERS if facts.owner_speaks else None),
            ("layout", None, facts.layout),
        )
        for kind, before, after in changes:
            if after is not None:
                applied.append(Applied(kind, page.document, None, None, before, after, facts.reason, facts.url))
        overruled = page.owner is not None and facts.owner is not None and facts.owner != page.owner
        detail = f"The page names {page.owner} as its owner; an editor's decision, {facts.owner}, was taken."
        corrected[number] = replace(
            page,
            problems=(*page.problems, *([Problem("owner overruled", detail, page.document.id)] if overruled else [])),
            owner=facts.owner or page.owner,
            url=facts.url or page.url,
            saved_at=facts.saved_at or page.saved_at,
            owner_speaks=facts.owner_speaks,
        )
    return corrected, applied


def correct_boundaries(
    selection: Selection, pages: Sequence[Page], divisions: Sequence[Division]
) -> tuple[list[Division], list[Applied]]:
    """Add and take away boundaries as decided; a comment's end is judged anew where it moved."""
    corrected = [{boundary.block: boundary for boundary in division.boundaries} for division in divisions]
    changed: set[int] = set()
    applied = []
    for item in selection.located:
        wanted = item.entry.decisions.get("starts_comment")
        if wanted is None:
            continue
        page, block = item.spot.page, item.spot.block
        before = STARTS if block in corrected[page] else CONTINUES
        if wanted:
            corrected[page][block] = Boundary(block, "correction", item.entry.confidence)
        elif block == 0:
            raise item.error("is the page's first paragraph, which always starts a comment")
        else:
            corrected[page].pop(block, None)
        changed.add(page)
        applied.append(_applied(item, "boundary", pages, before, STARTS if wanted else CONTINUES))
    result = list(divisions)
    for number in changed:
        starts = sorted(corrected[number])
        boundaries = tuple(corrected[number][block] for block in starts)
        result[number] = Division(boundaries, cut_ends_of(pages[number], starts))
    return result, applied


def _applied(
    item: Located,
    kind: str,
    pages: Sequence[Page],
    before: str | Appearance | None,
    after: str | Appearance | None,
    appearance: Appearance | None = None,
) -> Applied:
    page = pages[item.spot.page]
    start = page.blocks[item.spot.block].start
    return Applied(kind, page.document, start, appearance, before, after, item.entry.reason, item.entry.url)


def correct_appearances(
    selection: Selection, pages: Sequence[Page], appearances: Sequence[Sequence[Appearance]]
) -> tuple[list[Applied], list[tuple[Appearance, Appearance]]]:
    """Correct authors, parents and quotations; also give the pairs of appearances that are the same comment."""
    applied: list[Applied] = []
    same: list[tuple[Appearance, Appearance]] = []
    for item in selection.located:
        decisions = item.entry.decisions
        appearance = _appearance_at(item.spot, pages, appearances)
        others = {key: _appearance_at(spot, pages, appearances) for key, spot in item.others.items()}
        for key, other in others.items():
            if other is appearance:
                raise item.error(
                    f"a comment cannot {TO_ITSELF[key]} itself; “{key}” names a paragraph of the same comment"
                )
        if decisions.keys() & {"author", "parent", "same_comment_as"}:
            _check_starts(item, item.spot, appearance, pages)
            for spot in (item.others[key] for key in ("parent", "same_comment_as") if key in item.others):
                _check_starts(item, spot, _appearance_at(spot, pages, appearances), pages)
        if "author" in decisions:
            applied.append(_correct_author(item, pages, appearance))
        if "parent" in decisions:
            applied.append(_correct_parent(item, pages, appearance, others.get("parent")))
        if decisions.keys() & {"quotation", "quotes"}:
            applied.append(_correct_quotation(item, pages, appearance, others.get("quotes")))
        if "same_comment_as" in decisions:
            same.append((appearance, others["same_comment_as"]))
            applied.append(_applied(item, "same comment", pages, None, others["same_comment_as"], appearance))
    return applied, same


def _appearance_at(spot: Spot, pages: Sequence[Page], appearances: Sequence[Sequence[Appearance]]) -> Appearance:
    start = pages[spot.page].blocks[spot.block].start
    return next(a for a in reversed(appearances[spot.page]) if a.start is not None and a.start <= start)


def _check_starts(item: Located, spot: Spot, appearance: Appearance, pages: Sequence[Page]) -> None:
    block = pages[spot.page].blocks[spot.block]
    if appearance.start != block.start:
        raise item.error(f"the paragraph “{block.text[:40]}” starts no comment; add “starts_comment: true” for it")


def _correct_author(item: Located, pages: Sequence[Page], appearance: Appearance) -> Applied:
    before = appearance.author_name
    after = item.entry.decisions["author"]
    assert after is None or isinstance(after, str)
    appearance.author_name, appearance.author_basis = after, "correction"
    appearance.author_confidence = item.entry.confidence
    return _applied(item, "author", pages, before, after, appearance)


def _correct_parent(item: Located, pages: Sequence[Page], appearance: Appearance, parent: Appearance | None) -> Applied:
    before = appearance.parent
    appearance.parent, appearance.parent_basis = parent, "correction"
    appearance.parent_confidence = item.entry.confidence
    return _applied(item, "parent", pages, before, parent, appearance)


def _correct_quotation(
    item: Located, pages: Sequence[Page], appearance: Appearance, quoted: Appearance | None
) -> Applied:
    passage = _passage_at(item, pages, appearance)
    before = QUOTATION if passage.is_quotation else OWN
    passage.is_quotation = bool(item.entry.decisions.get("quotation", True))
    passage.quotation_basis, passage.quotation_confidence = "correction", item.entry.confidence
    passage.quoted = quoted if passage.is_quotation else None
    return _applied(item, "quotation", pages, before, QUOTATION if passage.is_quotation else OWN, appearance)


def _passage_at(item: Located, pages: Sequence[Page], appearance: Appearance) -> Passage:
    start = pages[item.spot.page].blocks[item.spot.block].start
    for passage in appearance.passages:
        if passage.start is not None and passage.end is not None and passage.start <= start < passage.end:
            return passage
    raise item.error("is a head or a cut mark, which cannot be a quotation")
