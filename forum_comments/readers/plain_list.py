"""A list without any head: one paragraph a line, comments and replies one after the other, nobody named.

That is what some text extractions leave of a replies page: "(read more)" is lost and bare dots stay, before the block
where the cut fell inside a quotation or a list; lists that stand directly in a comment vanish; the newest comment
comes last.
Nothing in such a text says what it is: it is read only where an editor or whoever builds says that it is one.
"""

from __future__ import annotations

from collections.abc import Sequence

from forum_comments.models import Document, Furniture, Page, Problem
from forum_comments.readers.headers import parse_reply_header
from forum_comments.readers.lines import Line, read_blocks, split_load_more

TITLE_CHARACTERS = 60


def read(document: Document, lines: Sequence[Line], leading: Sequence[Furniture]) -> Page:
    """Read a document as a list of paragraphs."""
    content, load_more = split_load_more(lines)
    problems: tuple[Problem, ...] = ()
    if any(line.follows_blank for line in content[1:]):
        problems = (
            Problem(
                "layout not recognised",
                "The page is none of those that this program knows: it was read as a list of paragraphs "
                "without any head, as was asked; its comments, authors and replies are guesses.",
                document.id,
            ),
        )
    return Page(
        document=document,
        layout="list",
        title=_made_title(content),
        owner=None,
        blocks=read_blocks(content, parse_reply_header, bare_dots=True),
        furniture=(*leading, *load_more),
        says_more=bool(load_more),
        problems=problems,
    )


def _made_title(lines: Sequence[Line]) -> str:
    """Make a title of the opening words, since the page has none."""
    opening = lines[0].text[: TITLE_CHARACTERS + 1] if lines else "no text"
    if len(opening) > TITLE_CHARACTERS:
        opening = opening[:TITLE_CHARACTERS].rsplit(" ", 1)[0] + " …"
    return f"List that begins “{opening}”"
