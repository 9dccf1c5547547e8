"""What the page readers share: a text's lines with their offsets, and lines as content blocks.

Lines end at a line feed only. A blank line belongs to the line before it; blank lines in front are furniture `blank`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from forum_comments.models import Block, BlockKind, CutMark, Furniture, Header
from forum_comments.vocabulary import (
    BULLET,
    DOTS_AFTER,
    DOTS_BEFORE,
    FOOTNOTE_INDENT,
    FOOTNOTE_OPENING,
    LOAD_MORE,
    NUMBER,
    READ_MORE,
)

_LINE = re.compile(r"[^\n]*\n|[^\n]+\Z")
HeaderParser = Callable[[str], Header | None]


@dataclass(frozen=True, slots=True)
class Line:
    """A line that is not blank, with the blank lines that follow it."""

    start: int
    end: int
    text: str  # without outer white space
    indent: int
    follows_blank: bool


def split_lines(text: str) -> tuple[list[Line], list[Furniture]]:
    """Split a text into its lines that are not blank, and the leading blank stretch as furniture (none or one)."""
    lines: list[Line] = []
    first = len(text) - len(text.lstrip())
    first = text.rfind("\n", 0, first) + 1 if first < len(text) else first
    leading = [Furniture("blank", 0, first)] if first else []
    start, content, indent, follows_blank = first, "", 0, True
    position = first
    for match in _LINE.finditer(text, first):
        stripped = match.group().strip()
        if stripped:
            if content:
                lines.append(Line(start, match.start(), content, indent, follows_blank))
                follows_blank = position < match.start()
            start, content = match.start(), stripped
            indent = len(match.group()) - len(match.group().lstrip())
            position = match.end()
    if content:
        lines.append(Line(start, len(text), content, indent, follows_blank))
    return lines, leading


def furniture_of(line: Line, role: str) -> Furniture:
    """Make a line furniture of a role."""
    return Furniture(role, line.start, line.end)


def split_load_more(lines: Sequence[Line]) -> tuple[Sequence[Line], list[Furniture]]:
    """Take the page's last line off where it is "Load More"."""
    if lines and lines[-1].text in LOAD_MORE:
        return lines[:-1], [furniture_of(lines[-1], "load more")]
    return lines, []


def read_blocks(lines: Sequence[Line], parse_header: HeaderParser, bare_dots: bool) -> tuple[Block, ...]:
    """Read lines as content blocks.

    `parse_header` says which lines name an author; `bare_dots` whether dots without "(read more)" may be a cut mark
    on this layout.
    """
    blocks: list[Block] = []
    in_footnote = False
    for line in lines:
        header = parse_header(line.text)
        opens_footnote = bool(FOOTNOTE_OPENING.match(line.text))
        in_footnote = opens_footnote or (in_footnote and line.indent >= FOOTNOTE_INDENT)
        if header is not None:
            blocks.append(_header_block(line, header))
            continue
        text, cut_mark = _take_cut_mark(line.text, bare_dots)
        kind, label, text = _kind(text, line.indent, in_footnote)
        blocks.append(
            Block(
                kind=kind if text else "cut mark",
                start=line.start,
                end=line.end,
                text=text,
                cut_mark=cut_mark,
                indent=line.indent,
                follows_blank=line.follows_blank,
                label=label,
            )
        )
    return tuple(blocks)


def _header_block(line: Line, header: Header) -> Block:
    # A full head stands above its comment with a blank line between; a single-line reply's body follows at once.
    kind: BlockKind = "reply header" if header.is_single_line else "full header"
    return Block(
        kind=kind,
        start=line.start,
        end=line.end,
        text=line.text,
        header=header,
        indent=line.indent,
        follows_blank=line.follows_blank,
    )


def _take_cut_mark(text: str, bare_dots: bool) -> tuple[str, CutMark | None]:
    shown = READ_MORE.sub("", text)
    if shown != text:
        return shown, "read more"
    if bare_dots and DOTS_AFTER.search(text):
        return text, "dots after"
    if bare_dots and DOTS_BEFORE.match(BULLET.sub("", text, count=1)):
        return text, "dots before"
    return text, None


def _kind(text: str, indent: int, in_footnote: bool) -> tuple[BlockKind, str | None, str]:
    """Give a line's kind, the number of a list's item, and the text without number or bullet."""
    if in_footnote:
        return "footnote", None, text
    item = BULLET.sub("", text, count=1)
    if item != text and item:
        return "list item", None, item
    number = NUMBER.match(text) if indent > 0 else None
    if number is not None and text[number.end() :]:
        return "list item", number.group().rstrip(), text[number.end() :]
    return "paragraph", None, text
