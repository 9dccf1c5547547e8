"""A post's page, or somebody's quick takes: the post, then its comments below "Click to highlight new comments since".

Source of the layout: ForumMagnum, `CommentsListSection.tsx` (the line above the comments, which names the quick takes
of the EA Forum too). Where a text keeps the heads, each comment has one; where it lost them, the comments are divided
as those of a replies page. What stands above that line is the post's, and no comment.
"""

from __future__ import annotations

from collections.abc import Sequence

from forum_comments.models import Document, Furniture, Page
from forum_comments.readers.forum_heads import read_comments
from forum_comments.readers.lines import Line, furniture_of
from forum_comments.readers.patterns import HEAD_CHARACTERS, HIGHLIGHT_NEW, SHORTFORM_TITLE


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
    found, is_marked = read_comments(lines[above + 1 :], owner)
    return Page(
        document=document,
        layout="post page",
        title=shortform.group() if shortform is not None else lines[0].text if above else "Comments on a post",
        owner=owner,
        blocks=found.blocks,
        furniture=(
            *leading,
            *(furniture_of(line, "post text") for line in lines[:above]),
            furniture_of(lines[above], "sort control"),
            *found.furniture,
        ),
        is_marked=is_marked,
    )
