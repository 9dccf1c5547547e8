"""A post's page at `?commentId=…`: one comment with its replies in front, under "Comment Permalink".

Source of the layout: ForumMagnum, `CommentPermalink.tsx`: that label, the comment and replies, "See in context"; then
the post follows with all its comments, which are read where the page says where they begin (see `post_page`).
"""

from __future__ import annotations

from collections.abc import Sequence

from forum_comments.models import Document, Furniture, Page
from forum_comments.readers.forum_heads import find_head
from forum_comments.readers.headed import find_heads, read_headed
from forum_comments.readers.headers import parse_full_header, parse_reply_header
from forum_comments.readers.lines import Line, furniture_of, read_blocks
from forum_comments.readers.patterns import PERMALINK_END, PERMALINK_LABEL
from forum_comments.readers.post_page import role_of_line, stands_above_comments


def recognise(lines: Sequence[Line]) -> bool:
    """Whether the label and the link below the comment are there, in this order."""
    texts = [line.text for line in lines]
    return PERMALINK_LABEL in texts and PERMALINK_END in texts[texts.index(PERMALINK_LABEL) :]


def read(document: Document, lines: Sequence[Line], leading: Sequence[Furniture]) -> Page:
    """Read a document that `recognise` has recognised."""
    texts = [line.text for line in lines]
    label = texts.index(PERMALINK_LABEL)
    end = texts.index(PERMALINK_END, label)
    shown = lines[label + 1 : end]
    heads = find_heads(shown, lambda found, first: find_head(found, first, None))
    is_marked = bool(heads) and heads[0].first == 0
    if is_marked:
        found = read_headed(shown, heads, role_of_line)
        blocks, furniture = found.blocks, found.furniture
    else:
        blocks = read_blocks(
            shown, lambda text: parse_reply_header(text) or parse_full_header(text, None), bare_dots=False
        )
        furniture = ()
    below = next((n for n in range(end + 1, len(lines)) if stands_above_comments(lines[n])), len(lines))
    return Page(
        document=document,
        layout="comment permalink",
        title=f"Comment on {texts[0]}" if label else "Comment at its own address",
        owner=None,
        blocks=blocks,
        furniture=(
            *leading,
            *(furniture_of(line, "post text") for line in lines[:label]),
            furniture_of(lines[label], "permalink label"),
            *furniture,
            *(furniture_of(line, "post text") for line in lines[end:below]),
            *(furniture_of(line, "other comments") for line in lines[below:]),
        ),
        cuts=False,
        is_marked=is_marked,
    )
