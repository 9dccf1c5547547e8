"""A post's page at `?commentId=…`: one comment with its replies in front, under "Comment Permalink".

Source of the layout: ForumMagnum, `CommentPermalink.tsx`: that label, the comment and replies, "See in context"; then
the post follows with all its comments, which are read where the page says where they begin (see `post_page`).
"""

from __future__ import annotations

from collections.abc import Sequence

from forum_comments.models import Document, Furniture, Page
from forum_comments.readers.forum_heads import read_comments
from forum_comments.readers.lines import Line, furniture_of
from forum_comments.readers.patterns import PERMALINK_END, PERMALINK_LABEL
from forum_comments.readers.post_page import stands_above_comments


def recognise(lines: Sequence[Line]) -> bool:
    """Whether the label and the link below the comment are there, in this order."""
    texts = [line.text for line in lines]
    return PERMALINK_LABEL in texts and PERMALINK_END in texts[texts.index(PERMALINK_LABEL) :]


def read(document: Document, lines: Sequence[Line], leading: Sequence[Furniture]) -> Page:
    """Read a document that `recognise` has recognised."""
    texts = [line.text for line in lines]
    label = texts.index(PERMALINK_LABEL)
    end = texts.index(PERMALINK_END, label)
    found, is_marked = read_comments(lines[label + 1 : end], None)
    below = next((n for n in range(end + 1, len(lines)) if stands_above_comments(lines[n])), len(lines))
    return Page(
        document=document,
        layout="comment permalink",
        title=f"Comment on {texts[0]}" if label else "Comment at its own address",
        owner=None,
        blocks=found.blocks,
        furniture=(
            *leading,
            *(furniture_of(line, "post text") for line in lines[:label]),
            furniture_of(lines[label], "permalink label"),
            *found.furniture,
            *(furniture_of(line, "post text") for line in lines[end:below]),
            *(furniture_of(line, "other comments") for line in lines[below:]),
        ),
        cuts=False,
        is_marked=is_marked,
    )
