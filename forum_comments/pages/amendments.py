"""Ready entries for `corrections.yml`, for a reader who sees that the program was wrong about a comment."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import yaml

from forum_comments.locating import blocks_that_open_with, plain
from forum_comments.models import Block
from forum_comments.pages.reading import Row

OPENING_WORDS = 8  # enough to know a block of a page by; where they repeat, `occurrence` says which is meant
MERGE = "It goes on from the comment above it and is none of its own"
SPLIT = "Another comment starts inside it (name the paragraph that opens it)"
AUTHOR = "Somebody else wrote it (null: nobody knows who)"
PARENT = "It answers another comment (its opening words; null: none that is known)"
REASON = "say why, and where it can be seen"


def opening_words(text: str) -> str:
    """The words by which an entry of `corrections.yml` names a block."""
    return " ".join(text.split()[:OPENING_WORDS])


def amendments(place: Row, blocks: Sequence[Block], last_start: int | None) -> list[dict[str, str]]:
    """The entries that would change what is said of a comment, each with what it is for (`what`) and its `yaml`.

    `place` is the appearance in a page that they name, with the `file_name` and whether the page `is_amended`; `blocks`
    are those of the page, as a build reads them; `last_start` is where the last of its several passages begins there.
    None where the page has no block at the place: words were removed from it, which changes how it is read.
    """
    by_start = {block.start: block for block in blocks}
    own = by_start.get(place["start_offset"])
    last = by_start.get(last_start) if last_start is not None else None
    if own is None:
        return []
    named = _named(place, blocks, own)
    entries = []
    if place["position"] > 1:  # the first one of a page has none above it
        entries.append((MERGE, {**named, "starts_comment": False}))
    if last is not None:
        entries.append((SPLIT, {**_named(place, blocks, last), "starts_comment": True}))
    entries += [(AUTHOR, {**named, "author": None}), (PARENT, {**named, "parent": None})]
    return [{"what": what, "yaml": _yaml({**entry, "reason": REASON})} for what, entry in entries]


def _named(place: Row, blocks: Sequence[Block], block: Block) -> dict[str, Any]:
    """Name a block by its opening, and by its number among those that open alike."""
    opening = opening_words(block.text)
    named: dict[str, Any] = {"file": place["file_name"], "opening": opening}
    alike = [blocks[position] for position in blocks_that_open_with(blocks, plain(opening))]
    # Where words were removed from the page, the file may have more such blocks: a build then asks for more words.
    if len(alike) > 1 and not place["is_amended"]:
        named["occurrence"] = alike.index(block) + 1
    return named


def _yaml(entry: dict[str, Any]) -> str:
    return yaml.safe_dump({"corrections": [entry]}, sort_keys=False, allow_unicode=True, width=1000)
