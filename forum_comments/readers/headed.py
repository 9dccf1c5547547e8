"""What the readers of pages with a head above every comment share: lines become heads, comments and furniture."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timezone

from forum_comments.models import Block, Document, Furniture, Header, Layout, Page
from forum_comments.readers.lines import Line, furniture_of, read_blocks
from forum_comments.readers.patterns import HEAD_CHARACTERS, HEAD_LINES


@dataclass(frozen=True, slots=True)
class Head:
    """A head that was found: of a comment, or (`header` None) of a post, whose text is no comment."""

    header: Header | None
    first: int  # which line it begins with
    end: int  # and the line after it


FindHead = Callable[[Sequence[Line], int], Head | None]


@dataclass(frozen=True, slots=True)
class HeadedLines:
    """Lines read: the blocks from the first comment's head on, and what is no comment."""

    blocks: tuple[Block, ...]
    furniture: tuple[Furniture, ...]


def find_heads(lines: Sequence[Line], find: FindHead) -> list[Head]:
    """Find all heads, in their order; none begins within another."""
    heads: list[Head] = []
    position = 0
    while position < len(lines):
        head = find(lines, position) if len(lines[position].text) <= HEAD_CHARACTERS else None
        if head is None:
            position += 1
        else:
            heads.append(head)
            position = head.end
    return heads


def on_post(heads: Sequence[Head], title: str) -> list[Head]:
    """Give comments whose heads name no post the one that their page names."""
    return [
        replace(head, header=replace(head.header, post_title=title))
        if head.header is not None and head.header.post_title is None
        else head
        for head in heads
    ]


def reach(lines: Sequence[Line], first: int) -> int:
    """Give the line after the last that a head beginning here may take up: it is short, as all its lines are."""
    end = first
    while end < min(len(lines), first + HEAD_LINES) and len(lines[end].text) <= HEAD_CHARACTERS:
        end += 1
    return end


def read_headed(
    lines: Sequence[Line],
    heads: Sequence[Head],
    role_of_line: Callable[[str], str | None],
    bare_dots: bool = False,
) -> HeadedLines:
    """Read lines with their heads.

    `role_of_line` names the furniture that may end a comment (buttons, lists of replies) or stand above the first head;
    it gives None for what belongs to a comment.
    """
    first = heads[0].first if heads else len(lines)
    furniture = [furniture_of(line, role_of_line(line.text) or "above the comments") for line in lines[:first]]
    blocks: list[Block] = []
    for number, head in enumerate(heads):
        end = heads[number + 1].first if number + 1 < len(heads) else len(lines)
        content = lines[head.end : end]
        if head.header is None:
            furniture += [furniture_of(line, "post head") for line in lines[head.first : head.end]]
            furniture += [furniture_of(line, "post text") for line in content]
            continue
        blocks.append(head_block(lines[head.first : head.end], head.header))
        kept = len(content)
        while kept and role_of_line(content[kept - 1].text) is not None:
            kept -= 1
        blocks += read_blocks(content[:kept], lambda text: None, bare_dots)
        furniture += [furniture_of(line, role_of_line(line.text) or "") for line in content[kept:]]
    return HeadedLines(tuple(blocks), tuple(furniture))


def whole_page(
    document: Document,
    layout: Layout,
    title: str,
    owner: str | None,
    found: HeadedLines,
    leading: Sequence[Furniture],
) -> Page:
    """Make a page of a layout that shows each comment whole, under its head."""
    return Page(
        document=document,
        layout=layout,
        title=title,
        owner=owner,
        blocks=found.blocks,
        furniture=(*leading, *found.furniture),
        cuts=False,
        is_marked=True,
    )


def head_block(lines: Sequence[Line], header: Header) -> Block:
    """Make the lines of a head a block."""
    return Block(
        kind="full header",
        start=lines[0].start,
        end=lines[-1].end,
        text=header.score_text,
        header=header,
        indent=lines[0].indent,
        follows_blank=lines[0].follows_blank,
    )


def joined(lines: Sequence[Line]) -> str:
    """Give lines as one, with single spaces."""
    return " ".join(" ".join(line.text for line in lines).split())


def utc_minutes(text: str, pattern: str) -> str | None:
    """Read a date without a zone as UTC, in a `strptime` pattern; None where there is no such day or hour."""
    try:
        moment = datetime.strptime(text, pattern)
    except ValueError:
        return None
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ" if "%S" in pattern else "%Y-%m-%dT%H:%MZ")


def utc_iso(text: str) -> str | None:
    """Give an ISO 8601 moment with a zone in UTC, as exact as it is; None where it is none, or names no zone."""
    try:
        written = datetime.fromisoformat(text.replace("Z", "+00:00"))
        if written.tzinfo is None:  # Python would take this machine's
            return None
        moment = written.astimezone(timezone.utc)
    except (ValueError, OverflowError):
        return None
    return moment.isoformat(timespec="milliseconds" if moment.microsecond else "seconds").replace("+00:00", "Z")
