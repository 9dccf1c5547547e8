"""Finds the pages and paragraphs that the entries of corrections files are about.

An entry whose file is not in the run is skipped and counted; one that matches no paragraph, or several, is an error.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from forum_comments.corrections_file import CorrectionsFile, Entry, Hidden, PageFacts, Place
from forum_comments.errors import CorrectionError
from forum_comments.models import Block, Page
from forum_comments.removal.lists import OPENING_HASH, salted_hash


@dataclass(frozen=True, slots=True)
class Spot:
    """A paragraph that a place names: a page and a block of it, both as positions."""

    page: int
    block: int


@dataclass(frozen=True, slots=True)
class Located:
    """An entry with the paragraphs that it names; a decision whose place is in a file that was not read is left out."""

    file: CorrectionsFile
    entry: Entry
    spot: Spot
    others: dict[str, Spot]  # a decision's key -> the place that it names

    def error(self, what: str) -> CorrectionError:
        """Make an error that names this entry and what was found."""
        return CorrectionError(self.file.path, self.entry.number, f"“{self.entry.place.opening}”: {what}")


@dataclass(frozen=True, slots=True)
class Selection:
    """The entries of all corrections files that are about the pages of this run."""

    facts: list[tuple[PageFacts, int]]  # with the page's position
    located: list[Located]
    skipped: int  # entries about files that are not in this run


def select(files: Iterable[CorrectionsFile], pages: Sequence[Page], ids_by_path: Mapping[Path, str]) -> Selection:
    """Find the pages and paragraphs that the entries are about.

    `ids_by_path` gives the document of each file that was read, by its absolute path. Raises CorrectionError where an
    entry matches no paragraph, or several.
    """
    number_of = {page.document.id: number for number, page in enumerate(pages)}
    facts: list[tuple[PageFacts, int]] = []
    located: list[Located] = []
    skipped = 0
    for file in files:
        numbers = _pages_below(file, number_of, ids_by_path)
        for page_facts in file.pages:
            if page_facts.file in numbers:
                facts.append((page_facts, numbers[page_facts.file]))
            else:
                skipped += 1
        for entry in file.entries:
            places = {key: value for key, value in entry.decisions.items() if isinstance(value, Place)}
            if entry.place.file not in numbers or any(place.file not in numbers for place in places.values()):
                skipped += 1
                continue
            others = {key: _find(file, entry, place, pages, numbers) for key, place in places.items()}
            located.append(Located(file, entry, _find(file, entry, entry.place, pages, numbers), others))
    _refuse_contradictions(located)
    return Selection(facts, located, skipped)


def _refuse_contradictions(located: Sequence[Located]) -> None:
    """Raise CorrectionError where two entries decide the same thing of the same paragraph: one would be lost."""
    decided: dict[tuple[Spot, str], Located] = {}
    for item in located:
        for key in item.entry.decisions:
            earlier = decided.setdefault((item.spot, key), item)
            if earlier is not item:
                raise item.error(f"entry {earlier.entry.number} of {earlier.file.path} decides “{key}” of it already")


def _pages_below(
    file: CorrectionsFile, number_of: Mapping[str, int], ids_by_path: Mapping[Path, str]
) -> dict[str, int]:
    """Give the position of the page of every file below the corrections file's folder, by its name relative to that."""
    folder = file.path.parent.resolve()
    return {
        path.relative_to(folder).as_posix(): number_of[document_id]
        for path, document_id in ids_by_path.items()
        if path.is_relative_to(folder) and document_id in number_of
    }


def _find(file: CorrectionsFile, entry: Entry, place: Place, pages: Sequence[Page], numbers: dict[str, int]) -> Spot:
    number = numbers[place.file]
    blocks = pages[number].blocks
    if isinstance(place.opening, Hidden):
        hidden = place.opening
        found = [position for position, block in enumerate(blocks) if _opens_hidden(file, entry, block, hidden)]
    else:
        found = blocks_that_open_with(blocks, plain(place.opening))
    if place.occurrence is not None and len(found) >= place.occurrence:
        return Spot(number, found[place.occurrence - 1])
    if len(found) == 1 and place.occurrence is None:
        return Spot(number, found[0])
    if not found:
        what = "no paragraph opens with these words"
    elif place.occurrence is not None:
        what = f"“occurrence: {place.occurrence}”, but only {len(found)} paragraphs open with these words"
    else:
        what = f"{len(found)} paragraphs open with these words: give more of them, or “occurrence:”"
    raise CorrectionError(file.path, entry.number, f"“{place.opening}” in {place.file}: {what}")


def plain(text: str) -> str:
    """Give a text as openings are compared: on one line, without dots in front."""
    return " ".join(text.split()).lstrip(".…").lstrip()


def blocks_that_open_with(blocks: Sequence[Block], wanted: str) -> list[int]:
    """Give the positions of the blocks whose text opens with words that `plain` gave."""
    # So much of a block is enough to hold the wanted words, however much white space stands between them.
    length = 4 * len(wanted) + 200
    return [position for position, block in enumerate(blocks) if plain(block.text[:length]).startswith(wanted)]


def _opens_hidden(file: CorrectionsFile, entry: Entry, block: Block, opening: Hidden) -> bool:
    if not file.salts:
        raise CorrectionError(file.path, entry.number, "its opening is a hash, but no list of removals has its salt")
    shown = plain(block.text[: 4 * opening.characters + 200])[: opening.characters]
    hashes = (salted_hash(salt, OPENING_HASH, shown) for salt in file.salts)
    return len(shown) == opening.characters and opening.hash in hashes
