"""Saved HTML of GreaterWrong: every comment an item with its id, its date to the millisecond and its parent.

Source of the layout: kronusaturn/lw2-viewer, `comment-threads.lisp: comment-item-to-html` (`li.comment-item`, replies
nested in it), `data-viewers/comment.lisp: comment-to-html`, `interface-utils.lisp: vote-buttons`.
"""

from __future__ import annotations

from selectolax.lexbor import LexborNode

from forum_comments.models import Document, Header, Page
from forum_comments.readers import forum_ids
from forum_comments.readers.dom import Dom
from forum_comments.readers.headers import plain_name
from forum_comments.readers.html_comments import DELETED, found_in, page_of
from forum_comments.readers.patterns import GW_SCORE, PERMALINK_TITLE
from forum_comments.readers.selectors import (
    GW_AGREEMENT,
    GW_ANSWERED,
    GW_AUTHOR,
    GW_BODY,
    GW_COMMENT,
    GW_COMMENT_CLASS,
    GW_COMMENT_ID,
    GW_DATE,
    GW_DATE_ATTRIBUTE,
    GW_DELETED,
    GW_KARMA,
    GW_PARENT,
    GW_PERMALINK,
    GW_POST,
    GW_SHOWN,
    GW_TITLE,
)


def recognise(dom: Dom) -> bool:
    """Whether an item that is a comment is there."""
    return dom.first(f"{GW_COMMENT} {GW_BODY}") is not None


def read(document: Document, dom: Dom) -> Page:
    """Read a page that `recognise` has recognised."""
    forum = forum_ids.forum_of(dom)
    heading = dom.words(dom.first(GW_TITLE)) or None
    title = PERMALINK_TITLE.match(heading or "")
    post_title = title["title"] if title is not None else heading
    found = []
    items = [item for item in dom.find(GW_COMMENT) if dom.first(GW_BODY, item) is not None]
    for number, item in enumerate(items):
        limit = dom.place(items[number + 1]) if number + 1 < len(items) else len(document.text)
        body = dom.first(GW_BODY, item)
        if body is not None and dom.place(body) < limit:
            found.append(found_in(dom, _header(dom, item, post_title, forum), dom.place(item), body, limit))
    return page_of(document, dom, "GreaterWrong HTML", found, url=forum_ids.canonical(dom))


def _header(dom: Dom, item: LexborNode, post_title: str | None, forum: str | None) -> Header:
    shown = dom.first(GW_SHOWN, item) or item  # the item without the replies in it
    meta = dom.first(".comment-meta", shown)
    classes = (dom.attribute(shown, "class") or "").split()
    points = GW_SCORE.match(dom.words(dom.first(GW_KARMA, shown)))
    milliseconds = forum_ids.digits(dom.attribute(dom.first(GW_DATE, shown), GW_DATE_ATTRIBUTE))
    permalink = dom.attribute(dom.first(GW_PERMALINK, shown), "href")
    answered = dom.find(GW_ANSWERED, shown)
    name = dom.words(dom.first(GW_AUTHOR, shown))
    post = dom.first(GW_POST, shown)
    return Header(
        name=plain_name(name) if name else None,
        score_text=dom.words(meta),
        is_single_line=False,
        karma=forum_ids.number(points["karma"] or points["lw"]) if points is not None else None,
        af_karma=forum_ids.number(points["af"]) if points is not None else None,
        agreement=forum_ids.number(dom.words(dom.first(GW_AGREEMENT, shown)) or None),
        posted_at=forum_ids.moment(milliseconds / 1000 if milliseconds is not None else None),
        post_title=dom.words(post) or post_title,
        parent_author=dom.words(answered[0]) if answered else None,
        source=forum,
        source_id=_id(dom, item) if forum is not None else None,
        parent_source_id=_parent(dom, item, [dom.attribute(link, "href") for link in answered]) if forum else None,
        post_source_id=forum_ids.post_in([permalink, dom.attribute(post, "href")]) if forum is not None else None,
        status=DELETED if GW_DELETED in classes else "retracted" if "retracted" in classes else None,
    )


def _id(dom: Dom, item: LexborNode) -> str | None:
    match = GW_COMMENT_ID.match(dom.attribute(item, "id") or "")
    return match["id"] if match is not None else None


def _parent(dom: Dom, item: LexborNode, answered: list[str | None]) -> str | None:
    for around in dom.ancestors(item):
        if GW_COMMENT_CLASS in (dom.attribute(around, "class") or "").split():
            return _id(dom, around)
    link = (dom.attribute(dom.first(GW_PARENT, dom.first(GW_SHOWN, item)), "href") or "").removeprefix("#comment-")
    return forum_ids.forum_id(link) or next((i for i in map(forum_ids.comment_in, answered) if i is not None), None)
