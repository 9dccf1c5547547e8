"""The page "All of NAME's Comments + Replies" (`/users/<slug>/replies`): truncated comments, each with its replies.

Source of the layout: ForumMagnum `UserCommentsReplies`. No author is named but in the title and in the heads of
single-line replies; a reply with ten points or more is drawn whole, and a scrape mostly loses its head.
"""

from __future__ import annotations

from collections.abc import Sequence

from forum_comments.models import Document, Furniture, Page
from forum_comments.readers.headers import parse_full_header, parse_reply_header
from forum_comments.readers.lines import Line, furniture_of, read_blocks, split_load_more
from forum_comments.vocabulary import REPLIES_TITLE


def recognise(lines: Sequence[Line]) -> bool:
    """Whether the page opens with its title."""
    return bool(lines and REPLIES_TITLE.match(lines[0].text))


def read(document: Document, lines: Sequence[Line], leading: Sequence[Furniture]) -> Page:
    """Read a document that `recognise` has recognised."""
    title = REPLIES_TITLE.match(lines[0].text)
    owner = title["owner"] if title else None
    content, load_more = split_load_more(lines[1:])
    return Page(
        document=document,
        layout="replies page",
        title=lines[0].text,
        owner=owner,
        blocks=read_blocks(
            content, lambda text: parse_reply_header(text) or parse_full_header(text, owner), bare_dots=False
        ),
        furniture=(*leading, furniture_of(lines[0], "title"), *load_more),
        says_more=bool(load_more),
    )
