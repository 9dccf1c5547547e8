"""Small archives with something to remove: for tests only."""

from __future__ import annotations

from pathlib import Path

from making import query

from build_db import build
from forum_comments.documents import corrections_files
from forum_comments.removal.requests import Wanted
from forum_comments.removal.striking import Struck
from remove import remove

HEAD = "All of Ada Example's Comments + Replies\n\n"
GARDEN = "Tomatoes want a deep bed of loam and very much sun to ripen well before the autumn rains."
SLUGS = "Not in my garden, where the slugs eat everything that I plant before it is a finger high."
TREES = "Pruning apple trees is best done while they sleep, on a dry day in the last weeks of winter."
WOUNDS = "After that the wounds close quickly and no rot gets in."
REPLY = "Thanks, I had not heard of that."
BIO = "Grows apples on the north side of a hill, and writes of it."
PAGE = f"{HEAD}{GARDEN}\n\n3Neel Nanda1y\n{REPLY}\n\n{TREES} ... (read more)\n"
PROFILE = (
    f"Ada Example\n\n{BIO}\n\nSequences\nA Year in Apples\nWiki Contributions\n\n{GARDEN}\n\n{TREES} {WOUNDS}\n\nYes.\n"
)
OTHER = (
    f"All of Cem Third's Comments + Replies\n\n{SLUGS}\n\nThe bed is right:\n\n{GARDEN}\n\n"
    "But who has the sun for it, asks Ada Example's neighbour.\n\nYes.\n"
)
# On the third page Cem quotes the first comment, and Neel Nanda says "Yes." too.
CORRECTIONS = """# Ours
corrections:
  - {file: other.txt, opening: The bed is, starts_comment: true, reason: r}
  - file: other.txt
    opening: Tomatoes want a deep bed
    starts_comment: false
    quotation: true
    quotes: {file: page.txt, opening: "Tomatoes want a"}
    reason: >-
      It is the sentence that says “a deep bed of loam”,
      word for word.
  - {file: other.txt, opening: But who has the sun, starts_comment: false, reason: r}
  - {file: other.txt, opening: "Yes.", starts_comment: true, author: Neel Nanda, parent: "Not in my garden", reason: r}
"""
DAY = "2026-11-21"


def archive(folder: Path) -> tuple[Path, Path]:
    """Write and build the archive; gives its folder of sources and its database."""
    pages = folder / "pages"
    pages.mkdir(parents=True)
    for name, text in (("page", PAGE), ("profile", PROFILE), ("other", OTHER)):
        (pages / f"{name}.txt").write_text(text, encoding="utf-8")
    (pages / "corrections.yml").write_text(CORRECTIONS, encoding="utf-8")
    return pages, built(pages)


def built(pages: Path) -> Path:
    """Build a folder as the command does; gives the database, which lies beside it."""
    database = pages.parent / "comments.db"
    build([pages], database, corrections_files([pages]))
    return database


def removed(pages: Path, wanted: Wanted, by: str = "moderator", reason: str | None = "spam") -> Struck:
    """Remove as the command does."""
    return remove(pages.parent / "comments.db", wanted, by, DAY, reason, [pages])


def comment_with(database: Path, words: str) -> str:
    """Give the id of the one comment whose text has these words outside of quotations."""
    sql = "select id from comments where instr(coalesce(own_text, body), ?)"
    ((comment_id,),) = query(database, sql, [words])
    return str(comment_id)


def holds(path: Path, text: str) -> bool:
    """Whether a file has a text anywhere, used or not, in UTF-8 or UTF-16."""
    content = path.read_bytes()
    return any(text.encode(encoding) in content for encoding in ("utf-8", "utf-16-le", "utf-16-be"))
