"""Comments that a page's markup sets apart become blocks: a head, then its body's passages, in the order of the
source.

The document's text is the file as it is. A comment spans its head and its body; what stands between comments is
furniture `markup`. The passages are the visible text; each points to the element of the body in which it stands.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from selectolax.lexbor import LexborNode

from forum_comments.bodies import read_body
from forum_comments.models import Block, Document, Furniture, Header, Layout, Page
from forum_comments.readers.dom import Dom
from forum_comments.vocabulary import READ_MORE

# Elements of a body that are paragraphs of their own; others are parts of one.
BLOCK_TAGS = frozenset("p div ul ol blockquote pre h1 h2 h3 h4 h5 h6 hr table section figure details dl".split())
DELETED = "deleted"
NO_TAGS = frozenset({"-comment", "style", "script"})


@dataclass(frozen=True, slots=True)
class Found:
    """A comment that was found: where its markup and its body begin, and where the body ends, in the source."""

    header: Header
    start: int
    body_start: int
    body_end: int
    parts: tuple[int, ...] = ()  # where the body's paragraphs begin; none: it is read as one


def found_in(dom: Dom, header: Header, start: int, body: LexborNode, limit: int) -> Found:
    """Make a comment of its body's element; of a deleted one that says only so, nothing is text."""
    end = dom.end(body, limit)[1]
    if header.status == DELETED:
        return Found(header, start, end, end)
    return Found(header, start, dom.inside(body), end, parts_of(dom, body))


def parts_of(dom: Dom, body: LexborNode) -> tuple[int, ...]:
    """Give the places of a body's paragraphs where nothing but such elements stands in it."""
    places = []
    for child in body.iter(include_text=True):
        if child.tag in BLOCK_TAGS:
            places.append(dom.place(child))
        elif child.tag not in NO_TAGS and dom.words(child):
            return ()
    return tuple(places)


def page_of(
    document: Document,
    dom: Dom,
    layout: Layout,
    found: Sequence[Found],
    *,
    owner: str | None = None,
    url: str | None = None,
) -> Page:
    """Make a page of the comments found, which do not overlap."""
    ordered = _with_posts_of_parents(sorted(found, key=lambda comment: comment.start))
    blocks: list[Block] = []
    furniture: list[Furniture] = []
    position = 0
    for comment in ordered:
        if comment.start < position:  # inside of another's body: a page that shows a comment in a comment
            continue
        if comment.start > position:
            furniture.append(Furniture("markup", position, comment.start))
        blocks += _blocks(document.text, comment)
        position = blocks[-1].end
    if position < len(document.text):
        furniture.append(Furniture("markup", position, len(document.text)))
    title = dom.words(dom.first("title")) or dom.words(dom.first("h1"))
    return Page(
        document=document,
        layout=layout,
        title=title or f"Saved page {document.id}",
        owner=owner,
        blocks=tuple(blocks),
        furniture=tuple(furniture),
        is_marked=True,
        has_markup=True,
        url=url,
    )


def _with_posts_of_parents(found: Sequence[Found]) -> list[Found]:
    """Give replies the post of the comment that they answer, where they do not name it: it is the same one."""
    by_id: dict[str | None, Header] = {}
    result = []
    for comment in found:
        header = comment.header
        parent = by_id.get(header.parent_source_id)
        if parent is not None and header.post_source_id is None:
            header = replace(header, post_source_id=parent.post_source_id, post_title=parent.post_title)
        if header.source_id is not None:
            by_id.setdefault(header.source_id, header)
        result.append(replace(comment, header=header))
    return result


def _blocks(text: str, comment: Found) -> list[Block]:
    starts = [comment.body_start, *(place for place in comment.parts if place > comment.body_start)]
    blocks = [
        Block(
            kind="full header",
            start=comment.start,
            end=comment.body_start,
            text=comment.header.score_text,
            header=comment.header,
        )
    ]
    for start, end in pairwise([*starts, comment.body_end]):
        blocks += _passages(text, start, end)
    if blocks[-1].end < comment.body_end:
        last = blocks[-1]
        blocks.append(Block(kind="cut mark", start=last.end, end=comment.body_end, text=""))
    return blocks


def _passages(text: str, start: int, end: int) -> list[Block]:
    body = read_body(text[start:end], "html")
    blocks = []
    for number, passage in enumerate(body.passages):
        shown = READ_MORE.sub("", passage.text)
        blocks.append(
            Block(
                kind=passage.kind if shown else "cut mark",
                start=start,
                end=end,
                text=shown,
                cut_mark="read more" if shown != passage.text else None,
                is_quotation=passage.is_quotation,
                links=tuple(body.links) if number == 0 else (),
                label=passage.label,
            )
        )
    return blocks
