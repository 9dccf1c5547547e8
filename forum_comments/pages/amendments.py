"""Ready entries for `corrections.yml`, for a reader who sees that the program was wrong about a comment."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Any

import yaml

from forum_comments.pages.reading import Row, first

OPENING_WORDS = 8  # enough to know a block of a page by; where they repeat, `occurrence` says which is meant
MERGE = "It goes on from the comment above it and is none of its own"
SPLIT = "Another comment starts inside it (name the paragraph that opens it)"
AUTHOR = "Somebody else wrote it (null: nobody knows who)"
PARENT = "It answers another comment (its opening words; null: none that is known)"
REASON = "say why, and where it can be seen"

# The blocks of a document that open alike, and which of them the one at a place is. `passages` knows the blocks of the
# fullest appearance of each comment; where another one opens alike, the build says so and asks for more words.
ALIKE = """
    select count(*) as alike, count(*) filter (where start_offset <= :start_offset) as occurrence
    from passages
    where document_id = :document_id and substr(text, 1, length(:opening)) = :opening
"""


def opening_words(text: str) -> str:
    """The words by which an entry of `corrections.yml` names a block."""
    return " ".join(text.split()[:OPENING_WORDS])


def amendments(connection: sqlite3.Connection, appearance: Row, passages: Sequence[Row]) -> list[dict[str, str]]:
    """The entries that would change what is said of a comment, each with what it is for (`what`) and its `yaml`.

    `appearance` is the place in a text page that they name, with the `first_line` of its text; `passages` are the
    comment's passages there.
    """
    start = appearance["start_offset"]
    # A line that names the author opens the comment but is no passage.
    opens_with_passage = bool(passages) and passages[0]["start_offset"] == start
    opening = opening_words(passages[0]["text"] if opens_with_passage else appearance["first_line"])
    block = _block(connection, appearance, opening, start)
    entries = []
    if appearance["position"] > 1:  # the first one of a page has none above it
        entries.append((MERGE, {**block, "starts_comment": False}))
    if len(passages) > 1:
        words = opening_words(passages[-1]["text"])
        split = _block(connection, appearance, words, passages[-1]["start_offset"])
        entries.append((SPLIT, {**split, "starts_comment": True}))
    entries += [(AUTHOR, {**block, "author": None}), (PARENT, {**block, "parent": None})]
    return [{"what": what, "yaml": _yaml({**entry, "reason": REASON})} for what, entry in entries]


def _block(connection: sqlite3.Connection, appearance: Row, opening: str, start_offset: int) -> dict[str, Any]:
    block: dict[str, Any] = {"file": appearance["file_name"], "opening": opening}
    place = {"document_id": appearance["document_id"], "start_offset": start_offset, "opening": opening}
    found = first(connection, ALIKE, place)
    if found and found["alike"] > 1:
        block["occurrence"] = found["occurrence"]
    return block


def _yaml(entry: dict[str, Any]) -> str:
    return yaml.safe_dump({"corrections": [entry]}, sort_keys=False, allow_unicode=True, width=1000)
