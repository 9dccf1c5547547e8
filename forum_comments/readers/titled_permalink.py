"""A comment's page of which the title alone names anybody: `NAME comments on TITLE`, then the text, perhaps twice.

Source of the layout: kronusaturn/lw2-viewer, `lw2.lisp: view-post-lw2-link`, and tricycle/lesswrong, `lib/strings.py:
permalink_title`; the heads are lost. The first comment is the named person's. What follows it may be replies, its
parent or, from LessWrong before 2018, the post, all without a head. "She comments on the news" is prose: the title
counts only with the site's name behind it, or where the text below it is printed twice, as some extractions do.
"""

from __future__ import annotations

from collections.abc import Sequence

from forum_comments.models import Document, Furniture, Header, Page, Problem
from forum_comments.readers.headed import head_block
from forum_comments.readers.headers import is_name
from forum_comments.readers.lines import Line, read_blocks
from forum_comments.readers.patterns import PERMALINK_TITLE

FOLLOWING = "What follows the first comment may be its parent, replies or the post itself: the page names nobody else."
MOST_REPEATS_TRIED = 20  # places at which the text could begin anew


def recognise(lines: Sequence[Line]) -> bool:
    """Whether the first line is a permalink's title, by the site's name or because the text below it stands twice."""
    title = PERMALINK_TITLE.match(lines[0].text) if lines else None
    if title is None or not is_name(title["name"]):
        return False
    return title["site"] is not None or _printed_twice(lines[1:]) > 0


def read(document: Document, lines: Sequence[Line], leading: Sequence[Furniture]) -> Page:
    """Read a document that `recognise` has recognised."""
    title = PERMALINK_TITLE.match(lines[0].text)
    assert title is not None
    twice = _printed_twice(lines[1:])
    header = Header(name=title["name"], score_text=lines[0].text, is_single_line=False, post_title=title["title"])
    # The head takes in the first of two copies: the other one stands beside what follows the comment.
    blocks = read_blocks(lines[1 + twice :], lambda text: None, bare_dots=False)
    return Page(
        document=document,
        layout="titled permalink",
        title=lines[0].text,
        owner=None,
        blocks=(head_block(lines[: 1 + twice], header), *blocks),
        furniture=tuple(leading),
        cuts=False,
        problems=(Problem("heads lost", FOLLOWING, document.id),) if len(blocks) > 1 else (),
    )


def _printed_twice(lines: Sequence[Line]) -> int:
    """Give the number of lines that stand twice one after the other from the first on; 0 where none do."""
    texts = [line.text for line in lines]
    again = [position for position in range(1, len(texts) // 2 + 1) if texts[position] == texts[0]]
    for position in again[:MOST_REPEATS_TRIED]:
        if texts[:position] == texts[position : 2 * position]:
            return position
    return 0
