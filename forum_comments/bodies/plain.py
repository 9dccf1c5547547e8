"""Plain text: paragraphs between empty lines, and what people type for lists and quotations.

`typed_passages` reads typed marks in the paragraphs of the other markups too: `- ` and `> ` are typed everywhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from forum_comments.bodies.links import bare_urls
from forum_comments.records import Body, BodyPassage, PassageKind
from forum_comments.vocabulary import BULLET

# What a line begins with that has a typed mark; most lines have none and are not looked at further.
TYPED_STARTS = frozenset(">-*–•◦▪‣·")
_QUOTE_MARKS = re.compile(r"(?:>\s*)+")
# What follows a `>` without a space where it marks a quotation: no smiley, no arrow, no number that something exceeds.
_QUOTED_STARTS = "\"'“‘([…"
_RULE = re.compile(r"(?:[-*_–—]\s*){3,}")


def read(text: str) -> Body:
    """Read plain text. A line break within a paragraph is kept."""
    passages: list[BodyPassage] = []
    for lines in paragraphs(line.strip() for line in text.split("\n")):
        passages += typed_passages(lines, "paragraph", False)
    return Body(passages, list(bare_urls(text)) if "://" in text else [])


def paragraphs(lines: Iterable[str]) -> Iterator[list[str]]:
    """Divide lines at the empty ones."""
    group: list[str] = []
    for line in lines:
        if line:
            group.append(line)
        elif group:
            yield group
            group = []
    if group:
        yield group


def typed_passages(lines: Sequence[str], kind: PassageKind, is_quotation: bool) -> Iterable[BodyPassage]:
    """Make passages of the lines of a paragraph or list item: quotations of those with a typed `>`, items of bullets.

    `lines` have no outer white space and are not empty. What follows a bullet belongs to its item; what follows a
    quotation without a mark does not belong to it.
    """
    if not any(line[0] in TYPED_STARTS for line in lines):
        return (BodyPassage(kind, "\n".join(lines), is_quotation),)
    return _typed_passages(lines, kind, is_quotation)


def _typed_passages(lines: Sequence[str], kind: PassageKind, is_quotation: bool) -> Iterator[BodyPassage]:
    found: list[str] = []
    state = (kind, is_quotation)
    for number, line in enumerate(lines):
        if kind == "list item" and number == 0:  # its bullet is gone: what it begins with now is its text
            found.append(line)
            continue
        content = _quoted(line)
        is_quoted = is_quotation or content is not None
        line = line if content is None else content
        item = BULLET.sub("", line, count=1)
        is_item = bool(item) and item != line and not _RULE.fullmatch(line)
        if found and (is_item or not line or is_quoted != state[1]):
            yield BodyPassage(state[0], "\n".join(found), state[1])
            found = []
        if not found:
            state = ("list item" if is_item else "paragraph", is_quoted)
        if line:
            found.append(item if is_item else line)
    if found:
        yield BodyPassage(state[0], "\n".join(found), state[1])


def _quoted(line: str) -> str | None:
    """Give what a line quotes, without the marks; None where it quotes nothing."""
    marks = _QUOTE_MARKS.match(line)
    if marks is None:
        return None
    content = line[marks.end() :]
    if not content or marks.group()[-1].isspace() or content[0].isalpha() or content[0] in _QUOTED_STARTS:
        return content
    return None
