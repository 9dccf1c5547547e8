"""A profile of 2026: name, "Top posts", tabs, and in one of them the owner's comments, cut, with direct replies.

Source of the layout: ForumMagnum, `app/users/[slug]/ProfilePage.tsx`, `UserProfileTopPostsSection.tsx` ("Top posts"
and "Top post" both stand in its text), `ProfilePageTabbedSection.tsx`, `ProfilePageCommentsTab.tsx`. Only one tab's
contents are on the page, mostly posts: comments are read only where their heads are there, below the tabs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from forum_comments.models import Document, Furniture, Page
from forum_comments.readers.forum_heads import heads_of, role_of_line, with_titles
from forum_comments.readers.headed import Head, read_headed
from forum_comments.readers.lines import Line, furniture_of
from forum_comments.readers.patterns import PROFILE_CONTROLS, PROFILE_SIDEBAR, PROFILE_TABS, TOP_POSTS

TOP_WITHIN = 6  # lines from the top
LEAST_TABS = 2


def recognise(lines: Sequence[Line]) -> bool:
    """Whether "Top posts" stands below the name, and the names of tabs one after the other below that."""
    return any(TOP_POSTS.match(line.text) for line in lines[1:TOP_WITHIN]) and _below_tabs(lines) is not None


def _below_tabs(lines: Sequence[Line]) -> int | None:
    """Find the line after the names of the tabs and the controls of the chosen one."""
    tabs = 0
    for position, line in enumerate(lines):
        words = set(line.text.replace("Quick takes", "Quick-takes").replace("Wiki edits", "Wiki-edits").split())
        if words <= PROFILE_TABS:
            tabs += len(words)
        elif tabs >= LEAST_TABS and line.text not in PROFILE_CONTROLS:
            return position
        elif tabs < LEAST_TABS:
            tabs = 0
    return len(lines) if tabs >= LEAST_TABS else None


def read(document: Document, lines: Sequence[Line], leading: Sequence[Furniture]) -> Page:
    """Read a document that `recognise` has recognised."""
    owner = lines[0].text
    first = _below_tabs(lines) or len(lines)
    end = _sidebar(lines, first, owner)
    content = lines[first:end]
    heads = heads_of(content, owner)
    if not heads or heads[0].first > 1:
        return _page(document, leading, owner, lines, ())
    heads = _with_parents(with_titles(content, heads, owner) if heads[0].first else heads, owner)
    found = read_headed(content, heads, role_of_line)
    page = _page(document, leading, owner, [*lines[:first], *lines[end:]], found.furniture)
    return replace(page, blocks=found.blocks)


def _page(
    document: Document,
    leading: Sequence[Furniture],
    owner: str,
    others: Sequence[Line],
    furniture: Sequence[Furniture],
) -> Page:
    return Page(
        document=document,
        layout="profile of 2026",
        title=f"Profile of {owner}",
        owner=owner,
        blocks=(),
        furniture=(*leading, *(furniture_of(line, "profile") for line in others), *furniture),
        is_marked=True,
    )


def _sidebar(lines: Sequence[Line], first: int, owner: str) -> int:
    """Find the owner's name above the buttons that follow the tab's contents."""
    for position in range(len(lines) - 2, first, -1):
        if lines[position].text == owner and lines[position + 1].text in PROFILE_SIDEBAR:
            return position
    return len(lines)


def _with_parents(heads: Sequence[Head], owner: str) -> list[Head]:
    """Let others answer the owner's comment above them; whether the owner's own next one is a reply is not shown."""
    above: int | None = None
    result = []
    for number, head in enumerate(heads):
        if head.header is None or head.header.name == owner:
            above = number
        elif above is not None:
            head = replace(head, header=replace(head.header, answers=above))
        result.append(head)
    return result
