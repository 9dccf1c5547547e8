"""A post's page, or somebody's quick takes: the post, then its comments below "Click to highlight new comments since".

Source of the layout: ForumMagnum, `CommentsListSection.tsx` (the line above the comments, which names the quick takes
of the EA Forum too). Where a text keeps the heads, each comment has one; where it lost them, the comments are divided
as those of a replies page. What stands above that line is the post's, and no comment.
"""

from __future__ import annotations

from collections.abc import Sequence

from forum_comments.models import Document, Furniture, Page
from forum_comments.readers.forum_heads import find_head
from forum_comments.readers.headed import find_heads, read_headed
from forum_comments.readers.headers import parse_full_header, parse_reply_header
from forum_comments.readers.lines import Line, furniture_of, read_blocks
from forum_comments.readers.patterns import BUTTON_LINE, HEAD_CHARACTERS, HIGHLIGHT_NEW, SHORTFORM_TITLE


def recognise(lines: Sequence[Line]) -> bool:
    """Whether the line that stands above the comments of a post is there."""
    return any(stands_above_comments(line) for line in lines)


def stands_above_comments(line: Line) -> bool:
    """Whether a line is the one between a post and its comments."""
    return len(line.text) <= HEAD_CHARACTERS and bool(HIGHLIGHT_NEW.match(line.text))


def read(document: Document, lines: Sequence[Line], leading: Sequence[Furniture]) -> Page:
    """Read a document that `recognise` has recognised."""
    above = next(position for position, line in enumerate(lines) if stands_above_comments(line))
    shortform = next((match for line in lines[:above] if (match := SHORTFORM_TITLE.match(line.text))), None)
    owner = shortform["name"] if shortform is not None else None
    content = lines[above + 1 :]
    heads = find_heads(content, lambda below, first: find_head(below, first, owner))
    is_marked = bool(heads) and heads[0].first == 0
    if is_marked:
        found = read_headed(content, heads, role_of_line)
        blocks, furniture = found.blocks, found.furniture
    else:
        blocks = read_blocks(
            content, lambda text: parse_reply_header(text) or parse_full_header(text, owner), bare_dots=False
        )
        furniture = ()
    return Page(
        document=document,
        layout="post page",
        title=shortform.group() if shortform is not None else lines[0].text if above else "Comments on a post",
        owner=owner,
        blocks=blocks,
        furniture=(
            *leading,
            *(furniture_of(line, "post text") for line in lines[:above]),
            furniture_of(lines[above], "sort control"),
            *furniture,
        ),
        is_marked=is_marked,
    )


def role_of_line(text: str) -> str | None:
    """Name the button that a line is; None where it is none."""
    return "buttons" if BUTTON_LINE.match(text) else None
