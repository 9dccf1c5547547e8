"""Pages of the reader at lw2.issarice.com and eaforum.issarice.com: exact dates and names above every comment.

Source of the layout: riceissa/ea-forum-reader, `users.py: html_page_for_user` (posts, then comments, each `Comment by
NAME on TITLE · ISO date · LW · GW`) and `posts.py` (`post by NAME · ISO date · …`, the post's text, then `comment by
NAME · ISO date · …` with an arrow where it answers a comment, each followed by its direct replies in full and by
`Replies from: NAMES`). Comments stand in the order of the tree, so that these names say who answers whom.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from forum_comments.models import Document, Furniture, Header, Page
from forum_comments.readers.headed import Head, find_heads, joined, on_post, reach, read_headed, utc_iso, whole_page
from forum_comments.readers.headers import plain_name
from forum_comments.readers.lines import Line
from forum_comments.readers.patterns import (
    READER_HEAD,
    READER_LINK_LINE,
    READER_OPENING,
    READER_POST,
    READER_REPLIES,
    READER_USER,
)

DELETED_POST = "[deleted post]"


def recognise(lines: Sequence[Line]) -> bool:
    """Whether a line, with those that follow it, is one of the reader's heads of a comment."""
    return any(head.header is not None for head in find_heads(lines, find_head))


def read(document: Document, lines: Sequence[Line], leading: Sequence[Furniture]) -> Page:
    """Read a document that `recognise` has recognised."""
    heads = find_heads(lines, find_head)
    title = _post_title(lines, heads)
    headers = [head.header for head in heads if head.header is not None]
    is_user_page = all(header.post_title is not None for header in headers)
    names = {header.name for header in headers}
    owner = names.pop() if is_user_page and len(names) == 1 else None
    if title is not None:
        heads = on_post(heads, title)
    found = read_headed(lines, _with_parents(lines, heads), _role)
    heading = f"Comments by {owner}" if owner is not None else f"Comments on {title or 'several posts'}"
    return whole_page(document, "reader", heading, owner, found, leading)


def find_head(lines: Sequence[Line], first: int) -> Head | None:
    """Find the head that begins with a line; it may be broken into several."""
    if not READER_OPENING.match(lines[first].text):
        return None
    for end in range(first + 1, reach(lines, first) + 1):
        text = joined(lines[first:end])
        if end < len(lines) and READER_LINK_LINE.match(lines[end].text):
            continue
        if READER_POST.match(text):
            return Head(None, first, end)
        if (header := read_head(text)) is not None:
            return Head(header, first, end)
    return None


def read_head(text: str) -> Header | None:
    """Read a head as one line; None where it is none, or its date is no date."""
    match = READER_HEAD.match(text)
    posted_at = utc_iso(match["date"]) if match is not None else None
    if match is None or posted_at is None:
        return None
    # `userlink`: the display name, and the account's in brackets where that differs.
    return Header(
        name=plain_name(READER_USER.sub(r"\g<name>", match["name"])),
        score_text=text,
        is_single_line=False,
        posted_at=posted_at,
        post_title=match["title"] if match["title"] != DELETED_POST else None,
    )


def _with_parents(lines: Sequence[Line], heads: Sequence[Head]) -> list[Head]:
    """Say which comment each one answers, where the names below the comments and the arrows agree about the tree."""
    comments = [head for head in heads if head.header is not None]
    ends = [head.first for head in heads[1:]] + [len(lines)]
    end_of = dict(zip(heads, ends, strict=True))
    expected: list[tuple[int, list[str]]] = []  # open comments with the replies that are still to come
    parents: dict[Head, int] = {}
    for number, head in enumerate(comments):
        while expected and not expected[-1][1]:
            expected.pop()
        if not _answers(head):
            expected.clear()
        elif expected and expected[-1][1][0] in _accounts(head):
            parents[head] = expected[-1][0]
            expected[-1][1].pop(0)
        else:
            expected.clear()
        expected.append((number, _names_of_replies(lines[head.end : end_of[head]])))
    return [
        replace(head, header=replace(head.header, answers=parents[head])) if head in parents and head.header else head
        for head in heads
    ]


def _answers(head: Head) -> bool:
    match = READER_HEAD.match(head.header.score_text) if head.header is not None else None
    return match is not None and match["answers"] is not None


def _accounts(head: Head) -> set[str]:
    """The names under which a list of replies may show a comment's author: the account's."""
    match = READER_HEAD.match(head.header.score_text) if head.header is not None else None
    name = match["name"] if match is not None else ""
    return {name, name.removesuffix(")").rpartition("(")[2]}


def _names_of_replies(lines: Sequence[Line]) -> list[str]:
    match = READER_REPLIES.match(lines[-1].text) if lines else None
    return match["names"].split(", ") if match is not None else []


def _role(text: str) -> str | None:
    return "names of replies" if READER_REPLIES.match(text) else None


def _post_title(lines: Sequence[Line], heads: Sequence[Head]) -> str | None:
    """Give the line above the post's head: on the page of a post the title stands there."""
    post = next((head for head in heads if head.header is None), None)
    return lines[post.first - 1].text if post is not None and post.first > 0 else None
