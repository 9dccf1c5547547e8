"""A corrections file without the words and names of what was removed; its decisions, its layout and its comments stay.

The opening words by which an entry names a removed paragraph become their hash, a removed name becomes null, and a
reason that quotes becomes a mark.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from forum_comments.corrections_file import load_corrections
from forum_comments.locating import plain
from forum_comments.removal.finding import NameFinder, WordFinder, normal_text, windows_of, words_of
from forum_comments.removal.lists import OPENING_HASH, salted_hash

# An editor quotes a few words where a comment would quote a sentence.
QUOTED_WORDS = 4
MARK = '"[removed]"'
ABOUT = {"reason": MARK, "url": "null"}
PLACES = ("parent", "quotes", "same_comment_as")
NAMES = ("author", "owner")
SHOWN = """
    select substr(documents.text, start_offset + 1, end_offset - start_offset)
    from appearances join documents on documents.id = document_id
    where comment_id = ? and documents.text is not null
    union all select body from comments where id = ? and body is not null
"""


@dataclass(frozen=True, slots=True)
class Gone:
    """What must not stand in a corrections file any more: the lines of the comments, as pages show them, and names."""

    lines: tuple[str, ...]  # words alone
    names: tuple[str, ...]
    words: WordFinder

    def opens(self, opening: str) -> bool:
        """Whether one of the lines begins with these words."""
        wanted = normal_text(opening)
        return bool(wanted) and any(line.startswith(wanted) for line in self.lines)


def gone_of(connection: sqlite3.Connection, comment_ids: Iterable[str], names: Iterable[str]) -> Gone:
    """Collect the lines of comments from a database that still has them."""
    lines: set[str] = set()
    finder = WordFinder(QUOTED_WORDS)
    for comment_id in comment_ids:
        for (text,) in connection.execute(SHOWN, (comment_id, comment_id)):
            lines.update(normal_text(line) for line in text.split("\n") if words_of(line))
            finder.add(windows_of(text, QUOTED_WORDS), MARK)
    return Gone(tuple(sorted(lines)), tuple(names), finder)


def hidden_files(paths: Iterable[Path], salt: bytes, gone: Gone) -> dict[Path, bytes]:
    """Give the new contents of those corrections files that hold anything of what is gone.

    Raises CorrectionError where one cannot be read.
    """
    found = {}
    for path in paths:
        content = load_corrections(path).content
        hidden = hide(content, salt, gone)
        if hidden != content:
            found[path] = hidden
    return found


def hide(content: bytes, salt: bytes, gone: Gone) -> bytes:
    """Give a corrections file without what is gone; the same bytes where it holds nothing of it.

    `content` is a file that `load_corrections` accepts.
    """
    text = content.decode("utf-8-sig")
    node = yaml.compose(text, Loader=yaml.SafeLoader)
    if not isinstance(node, yaml.MappingNode):
        return content
    changes = sorted(_changes(node, salt, gone), reverse=True)
    for start, end, new in changes:
        text = text[:start] + new + text[end:]
    return text.encode() if changes else content


def _changes(root: yaml.MappingNode, salt: bytes, gone: Gone) -> Iterator[tuple[int, int, str]]:
    names = NameFinder(dict.fromkeys(gone.names, ""))
    for _, items in _pairs(root):
        for item in getattr(items, "value", ()):
            for key, value in _pairs(item):
                if key == "opening" or key in PLACES:
                    yield from _hidden_openings(key, value, salt, gone)
                elif key in NAMES and _is_text(value) and names.stretches(value.value):
                    yield _change(value, "null")
                elif (
                    key in ABOUT
                    and _is_text(value)
                    and (names.stretches(value.value) or gone.words.stretches(value.value))
                ):
                    yield _change(value, ABOUT[key])


def _hidden_openings(key: str, value: Any, salt: bytes, gone: Gone) -> Iterator[tuple[int, int, str]]:
    """Hide an opening, or that of a place which another entry names."""
    if _is_text(value) and gone.opens(value.value):
        shown = plain(value.value)
        hidden = f"{{removed: '{salted_hash(salt, OPENING_HASH, shown)}', characters: {len(shown)}}}"
        yield _change(value, hidden if key == "opening" else f"{{opening: {hidden}}}")
    elif key in PLACES:
        for inner, opening in _pairs(value):
            if inner == "opening":
                yield from _hidden_openings(inner, opening, salt, gone)


def _pairs(node: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(node, yaml.MappingNode):
        yield from ((key.value, value) for key, value in node.value)


def _is_text(node: Any) -> bool:
    return isinstance(node, yaml.ScalarNode) and node.tag == "tag:yaml.org,2002:str"


def _change(node: Any, new: str) -> tuple[int, int, str]:
    """Put a value in the place of a scalar; one that folds over lines ends after its last line."""
    folds = node.style in (">", "|")
    return node.start_mark.index, node.end_mark.index, f"{new}\n" if folds else new
