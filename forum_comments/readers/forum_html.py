"""Saved HTML of LessWrong, the Alignment Forum or the EA Forum: every comment a node with its id.

Source of the layout: ForumMagnum, `CommentsNode.tsx` and `CommentFrame.tsx` (`comments-node`, the comment's id,
replies nested in it), `CommentsItemMeta.tsx` and `SingleLineComment.tsx` (author, `<time datetime>`, scores),
`CommentBody.tsx`.
"""

from __future__ import annotations

from bisect import bisect_right

from selectolax.lexbor import LexborNode

from forum_comments.models import Document, Header, Page
from forum_comments.readers import forum_ids
from forum_comments.readers.dom import Dom
from forum_comments.readers.headed import utc_iso
from forum_comments.readers.headers import plain_name
from forum_comments.readers.html_comments import DELETED, Found, found_in, page_of
from forum_comments.readers.selectors import (
    ALIGNMENT_SYMBOL,
    FM_AGREEMENT,
    FM_AUTHOR,
    FM_AUTHOR_LINK,
    FM_BODY,
    FM_COMMENT,
    FM_COMMENT_CLASS,
    FM_KARMA,
    FM_META,
    FM_PERMALINK,
    FM_POST_TITLE,
    FM_RETRACTED,
    FM_SECOND_SCORE,
    FM_SECOND_SYMBOL,
    FM_SINGLE_LINE,
    USER_ADDRESS,
)


def recognise(dom: Dom) -> bool:
    """Whether a node of a comment with its id is there, and the head of one."""
    return dom.first(FM_COMMENT) is not None and dom.first(FM_META) is not None


def read(document: Document, dom: Dom) -> Page:
    """Read a page that `recognise` has recognised."""
    forum = forum_ids.forum_of(dom)
    address = forum_ids.canonical(dom)
    titles = _by_comment(dom, FM_POST_TITLE)
    bodies = _by_comment(dom, FM_BODY)
    nodes = {dom.place(node): node for node in dom.find(FM_COMMENT)}
    metas = {place: meta for place, meta in _by_comment(dom, FM_META).items() if place in nodes}
    starts = [*sorted(dom.place(meta) for meta in metas.values()), len(document.text)]
    found = []
    for place, meta in metas.items():
        node = nodes[place]
        header = _header(dom, node, meta, titles.get(place), bodies.get(place), forum, address)
        start = min(dom.place(meta), dom.place(titles[place]) if place in titles else dom.place(meta))
        limit = starts[bisect_right(starts, dom.place(meta))]
        found.append(_found(dom, header, start, meta, bodies.get(place), limit))
    return page_of(document, dom, "ForumMagnum HTML", found, owner=_owner(dom, metas, address), url=address)


def _by_comment(dom: Dom, selector: str) -> dict[int, LexborNode]:
    """Give the first element of a kind that is a comment's own, by the place of the comment's node."""
    found: dict[int, LexborNode] = {}
    for element in dom.find(selector):
        comment = _comment_around(dom, element)
        if comment is not None:
            found.setdefault(dom.place(comment), element)
    return found


def _comment_around(dom: Dom, element: LexborNode) -> LexborNode | None:
    for around in dom.ancestors(element):
        if FM_COMMENT_CLASS in (dom.attribute(around, "class") or "").split():
            return around
    return None


def _found(dom: Dom, header: Header, start: int, meta: LexborNode, body: LexborNode | None, limit: int) -> Found:
    if body is None or dom.place(body) > limit:
        body_start = dom.end(meta, limit)[1]
        return Found(header, start, body_start, body_start)
    return found_in(dom, header, start, body, limit)


def _header(
    dom: Dom,
    node: LexborNode,
    meta: LexborNode,
    title: LexborNode | None,
    body: LexborNode | None,
    forum: str | None,
    address: str | None,
) -> Header:
    # A comment that is shown inside of another as what that one answers has no id on its node.
    parent = _comment_around(dom, node) if dom.attribute(node, "id") else None
    permalinks = [dom.attribute(link, "href") for link in dom.find(FM_PERMALINK, meta)]
    symbol, second = dom.words(dom.first(FM_SECOND_SYMBOL, meta)), forum_ids.number(_words(dom, FM_SECOND_SCORE, meta))
    karma = forum_ids.number(_words(dom, FM_KARMA, meta))
    name = dom.words(_author(dom, meta))
    is_retracted = FM_RETRACTED in (dom.attribute(body, "class") or "")
    return Header(
        name=plain_name(name) if name else None,
        score_text=dom.words(meta),
        is_single_line=FM_SINGLE_LINE in (dom.attribute(meta, "class") or ""),
        age=dom.words(dom.first("time", meta)) or None,
        # On the Alignment Forum a comment that is not of it shows its karma on LessWrong in the second place.
        karma=karma if karma is not None or symbol == ALIGNMENT_SYMBOL else second,
        af_karma=second if symbol == ALIGNMENT_SYMBOL else None,
        agreement=forum_ids.number(_words(dom, FM_AGREEMENT, meta)),
        posted_at=utc_iso(dom.attribute(dom.first("time[datetime]", meta), "datetime") or ""),
        post_title=dom.words(title) or None,
        source=forum,
        source_id=_id(dom, node, permalinks) if forum is not None else None,
        parent_source_id=_id(dom, parent, []) if forum is not None else None,
        post_source_id=forum_ids.post_in([*permalinks, dom.attribute(title, "href"), address]) if forum else None,
        url=next((url for url in permalinks if url and url.startswith("https://")), None),
        status="retracted" if is_retracted else DELETED if name == "[comment deleted]" else None,
    )


def _author(dom: Dom, meta: LexborNode) -> LexborNode | None:
    return dom.first(FM_AUTHOR_LINK, meta) or dom.first(FM_AUTHOR, meta)


def _id(dom: Dom, node: LexborNode | None, permalinks: list[str | None]) -> str | None:
    own = forum_ids.forum_id(dom.attribute(node, "id"))
    return own or next((i for i in map(forum_ids.comment_in, permalinks) if i is not None), None)


def _words(dom: Dom, selector: str, meta: LexborNode) -> str:
    return dom.words(dom.first(selector, meta))


def _owner(dom: Dom, metas: dict[int, LexborNode], address: str | None) -> str | None:
    """Give the name of whom the page's own address names, as the heads have it."""
    own = USER_ADDRESS.search(address or "")
    for meta in metas.values() if own is not None else ():
        author = _author(dom, meta)
        link = USER_ADDRESS.search(dom.attribute(author, "href") or "")
        if link is not None and own is not None and link["slug"] == own["slug"]:
            return dom.words(author)
    return None
