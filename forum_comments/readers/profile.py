"""A profile: name, bio, headings with titles under them, then ten whole comments of that person, then "Load More".

Source of the layout: ForumMagnum `UsersProfile` and `RecentComments`, 2021 to early 2026. Nothing is cut and nobody
else speaks, except where the owner quotes. The line "Comments" and its sort control came in August 2024.
"""

from __future__ import annotations

from collections.abc import Sequence

from forum_comments.models import Document, Furniture, Page
from forum_comments.readers.headers import parse_full_header
from forum_comments.readers.lines import Line, furniture_of, read_blocks, split_load_more
from forum_comments.vocabulary import (
    COMMENTS_HEADING,
    NAME_MAX_CHARACTERS,
    NAME_MAX_WORDS,
    PROFILE_COMMENTS,
    PROFILE_HEAD_LINES,
    SORT_CONTROL,
    TITLE_HEADINGS,
    WIKI_HEADINGS,
)


def recognise(lines: Sequence[Line]) -> bool:
    """Whether a short first line, as a name is, stands above one of the headings that only a profile has."""
    return (
        bool(lines)
        and len(lines[0].text) <= NAME_MAX_CHARACTERS
        and len(lines[0].text.split()) <= NAME_MAX_WORDS
        and _first_comment(lines) is not None
    )


def _first_comment(lines: Sequence[Line]) -> int | None:
    """Find the line after the last heading; None where no heading closes a profile's head."""
    head = [line.text for line in lines[1:PROFILE_HEAD_LINES]]
    if COMMENTS_HEADING in head:
        after = 2 + head.index(COMMENTS_HEADING)
        if after < len(lines) and SORT_CONTROL.match(lines[after].text):
            return after + 1
        # Alone, that word is a heading of many a page; another of a profile's has to stand above it.
        if any(text in TITLE_HEADINGS or text in WIKI_HEADINGS for text in head[: after - 2]):
            return after
    found = [position for position, text in enumerate(head) if text in WIKI_HEADINGS]
    return 2 + found[0] if found else None


def read(document: Document, lines: Sequence[Line], leading: Sequence[Furniture]) -> Page:
    """Read a document that `recognise` has recognised."""
    owner = lines[0].text
    first = _first_comment(lines) or len(lines)
    head = _head_roles(lines[1:first])
    content, load_more = split_load_more(lines[first:])
    bio = [line.text for line, role in zip(lines[1:first], head, strict=True) if role == "bio"]
    return Page(
        document=document,
        layout="profile",
        title=f"Profile of {owner}",
        owner=owner,
        blocks=read_blocks(content, lambda text: parse_full_header(text, owner), bare_dots=False),
        furniture=(
            *leading,
            furniture_of(lines[0], "author name"),
            *(furniture_of(line, role) for line, role in zip(lines[1:first], head, strict=True)),
            *load_more,
        ),
        bio="\n\n".join(bio) or None,
        says_more=bool(load_more),
        cuts=False,
        only_owner=True,
        comment_count=PROFILE_COMMENTS if load_more else None,
    )


def _head_roles(lines: Sequence[Line]) -> list[str]:
    """Say what each line between the name and the first comment is."""
    roles = []
    under = "bio"
    for line in lines:
        if line.text in TITLE_HEADINGS or line.text in WIKI_HEADINGS or line.text == COMMENTS_HEADING:
            roles.append("section heading")
            under = {**TITLE_HEADINGS, **WIKI_HEADINGS}.get(line.text, "unknown")
        else:
            roles.append("sort control" if SORT_CONTROL.match(line.text) and under == "unknown" else under)
    return roles
