"""Ready entries for `corrections.yml`, for a reader who sees that the program was wrong about a comment."""

from __future__ import annotations

import sqlite3
from typing import Any

import yaml

from forum_comments.locating import plain
from forum_comments.pages.reading import Row, first, rows

# Enough words to know a block of a page by; where they repeat, more of them; where all do, `occurrence` says which.
OPENING_WORDS = (8, 16, 32)
MERGE = "It goes on from the comment above it and is none of its own"
SPLIT = "Another comment starts inside it (name the paragraph that opens it)"
AUTHOR = "Somebody else wrote it (null: nobody knows who)"
PARENT = "It answers another comment (its opening words; null: none that is known)"
REASON = "say why, and where it can be seen"

# The blocks of a page that may open with a word: paragraphs, and the heads of comments as they are printed.
BLOCKS = """
    select start_offset, substr(text, 1, :length) as text
    from passages
    where document_id = :document_id and start_offset is not null
        and substr(ltrim(text, :dots), 1, length(:word)) = :word
    union all
    select start_offset, substr(score_text, 1, :length)
    from appearances
    where document_id = :document_id and start_offset is not null
        and substr(ltrim(score_text, :dots), 1, length(:word)) = :word
    order by start_offset
"""
DOTS = ".… "  # with which an opening does not begin: see `locating.plain`

# Comments whose paragraphs on this page nobody stored: their text was taken from another place, or removed.
UNSTORED = """
    select (select count(*) from appearances where document_id = :document_id)
        - (select count(distinct comment_id) from passages where document_id = :document_id) as comments
"""


def opening_words(text: str, words: int = OPENING_WORDS[0]) -> str:
    """The words by which an entry of `corrections.yml` names a block."""
    return " ".join(text.split()[:words])


def amendments(
    connection: sqlite3.Connection, place: Row, first_passage: Row | None, last_passage: Row | None
) -> list[dict[str, str]]:
    """The entries that would change what is said of a comment, each with what it is for (`what`) and its `yaml`.

    `place` is the appearance in a page that they name; the passages are the comment's first one there, and its last one
    where there are several.
    """
    start = place["start_offset"]
    # The head that names the author opens the comment, and is no passage.
    head = {"text": place["score_text"], "start_offset": start}
    opens = first_passage if first_passage and first_passage["start_offset"] == start else head
    named = _named(connection, place, opens) if opens["text"] else None
    entries = []
    if named and place["position"] > 1:  # the first one of a page has none above it
        entries.append((MERGE, {**named, "starts_comment": False}))
    if last_passage:
        entries.append((SPLIT, {**_named(connection, place, last_passage), "starts_comment": True}))
    if named:
        entries += [(AUTHOR, {**named, "author": None}), (PARENT, {**named, "parent": None})]
    return [{"what": what, "yaml": _yaml({**entry, "reason": REASON})} for what, entry in entries]


def _named(connection: sqlite3.Connection, place: Row, block: Row) -> dict[str, Any]:
    """Name a block by its opening, and by its number among those that open alike."""
    opening, alike = "", []
    for words in OPENING_WORDS:
        opening = opening_words(block["text"], words)
        alike = _alike(connection, place["document_id"], plain(opening))
        if len(alike) < 2:
            break
    named: dict[str, Any] = {"file": place["file_name"], "opening": opening}
    if len(alike) > 1 and _knows_all(connection, place, is_head=block["text"] == place["score_text"]):
        named["occurrence"] = sum(start <= block["start_offset"] for start in alike)
    return named


def _knows_all(connection: sqlite3.Connection, place: Row, *, is_head: bool) -> bool:
    """Whether all heads, or all blocks, of a page are stored as its file has them, so that they can be numbered.

    Where they are not, an entry has no number: a build then asks for it, and takes no other paragraph.
    """
    is_whole = place["sha256"].startswith(place["document_id"])  # else words were removed from it, or names replaced
    unstored = first(connection, UNSTORED, {"document_id": place["document_id"]})
    return is_whole and (is_head or unstored == {"comments": 0})


def _alike(connection: sqlite3.Connection, document_id: str, wanted: str) -> list[int]:
    """Where the stored blocks of a page begin that a build would find by these opening words."""
    length = 4 * len(wanted) + 200  # as much as a build looks at
    word = wanted.partition(" ")[0]
    found = rows(connection, BLOCKS, {"document_id": document_id, "word": word, "length": length, "dots": DOTS})
    return [block["start_offset"] for block in found if plain(block["text"]).startswith(wanted)]


def _yaml(entry: dict[str, Any]) -> str:
    return yaml.safe_dump({"corrections": [entry]}, sort_keys=False, allow_unicode=True, width=1000)
