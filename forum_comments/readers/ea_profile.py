"""A profile of the EA Forum: name, "76 karma" and "Joined …", headings with numbers, then comments under post titles.

Source of the layout: ForumMagnum, `EAUsersProfile.tsx` and `EAUsersMetaInfo.tsx` as of January 2024: the first letter
of the name in place of a picture, the name, karma, the month of joining, bio, `Posts`, `Sequences` and `Comments`,
each with a number. Every comment is its owner's, none is cut, and the title of its post stands above it. Where a text
keeps the heads, they divide the page and the line above each is that title; without heads no title can be told from a
paragraph.
"""

from __future__ import annotations

from collections.abc import Sequence

from forum_comments.models import Document, Furniture, Page, Problem
from forum_comments.readers.forum_heads import heads_of, role_of_line, with_titles
from forum_comments.readers.headed import read_headed
from forum_comments.readers.lines import Line, furniture_of, read_blocks, split_load_more
from forum_comments.readers.patterns import EA_COUNTED, EA_META
from forum_comments.vocabulary import COMMENTS_HEADING, NAME_MAX_CHARACTERS, PROFILE_COMMENTS

TITLES_AMONG = "The titles of posts that stand above the comments of such a page cannot be told from their paragraphs."
META_WITHIN = 6  # lines from the top


def recognise(lines: Sequence[Line]) -> bool:
    """Whether a karma line follows the name at the top, and a heading "Comments" with its number stands below."""
    return _meta(lines) is not None and _first_comment(lines) is not None


def _meta(lines: Sequence[Line]) -> int | None:
    """Find the karma line; the name stands above it."""
    return next((n for n, line in enumerate(lines[:META_WITHIN]) if n and EA_META.match(line.text)), None)


def _first_comment(lines: Sequence[Line]) -> int | None:
    for position, line in enumerate(lines):
        match = EA_COUNTED.match(line.text)
        if match is not None and match["heading"] == COMMENTS_HEADING:
            has_number_below = position + 1 < len(lines) and lines[position + 1].text.replace(",", "").isdecimal()
            if match["count"] is not None:
                return position + 1
            if has_number_below:
                return position + 2
    return None


def read(document: Document, lines: Sequence[Line], leading: Sequence[Furniture]) -> Page:
    """Read a document that `recognise` has recognised."""
    meta, first = _meta(lines) or 1, _first_comment(lines) or len(lines)
    owner = _owner(lines[:meta])
    content, load_more = split_load_more(lines[first:])
    heads = [head for head in heads_of(content, owner) if head.header is not None and head.header.name == owner]
    is_marked = bool(heads) and heads[0].first <= 1
    if is_marked:
        found = read_headed(content, with_titles(content, heads, owner) if heads[0].first else heads, role_of_line)
        blocks, furniture = found.blocks, found.furniture
        problems: tuple[Problem, ...] = ()
    else:
        blocks, furniture = read_blocks(content, lambda text: None, bare_dots=False), ()
        problems = (Problem("titles among comments", TITLES_AMONG, document.id),)
    return Page(
        document=document,
        layout="EA Forum profile",
        title=f"Profile of {owner}",
        owner=owner,
        blocks=blocks,
        furniture=(
            *leading,
            *(furniture_of(line, "author name" if line.text == owner else "profile") for line in lines[:first]),
            *furniture,
            *load_more,
        ),
        says_more=bool(load_more),
        cuts=False,
        comment_count=PROFILE_COMMENTS if load_more else None,
        problems=problems,
        only_owner=True,
        is_marked=is_marked,
    )


def _owner(lines: Sequence[Line]) -> str:
    """Give the name: the first line that is more than the letter which stands for a missing picture."""
    texts = [line.text for line in lines]
    if len(texts) > 1 and texts[0] == texts[1][:1]:
        texts = texts[1:]
    return texts[0][:NAME_MAX_CHARACTERS]
