"""Saved HTML of LessWrong before 2018: every comment a row with its number in base 36, and a date to the second.

Source of the layout: tricycle/lesswrong, `templates/printable.html` (`thingrow_t1_…`, replies nested in it),
`comment_skeleton.html`, `comment.html`.
"""

from __future__ import annotations

from selectolax.lexbor import LexborNode

from forum_comments.models import Document, Header, Page
from forum_comments.readers import forum_ids
from forum_comments.readers.dom import Dom
from forum_comments.readers.headers import plain_name
from forum_comments.readers.html_comments import DELETED, found_in, page_of
from forum_comments.readers.patterns import PERMALINK_TITLE
from forum_comments.readers.selectors import (
    OLD_AUTHOR,
    OLD_BODY,
    OLD_COMMENT,
    OLD_DATE,
    OLD_DATE_ATTRIBUTE,
    OLD_ID,
    OLD_KARMA,
    OLD_LESSWRONG,
    OLD_META,
    OLD_POINTS,
    OLD_POST,
    OLD_SHOWN,
)


def recognise(dom: Dom) -> bool:
    """Whether the row of a comment is there."""
    return any(_id(dom, row) is not None for row in dom.find(OLD_COMMENT))


def read(document: Document, dom: Dom) -> Page:
    """Read a page that `recognise` has recognised."""
    title = PERMALINK_TITLE.match(dom.words(dom.first("title")))
    rows = [row for row in dom.find(OLD_COMMENT) if _id(dom, row) is not None]
    found = []
    for number, row in enumerate(rows):
        limit = dom.place(rows[number + 1]) if number + 1 < len(rows) else len(document.text)
        own = _id(dom, row)
        shown = dom.first(OLD_SHOWN.format(id=own), row)
        body = dom.first(OLD_BODY.format(id=own), row)
        if shown is not None and body is not None and dom.place(body) < limit:
            header = _header(dom, row, shown, title["title"] if title is not None else None)
            found.append(found_in(dom, header, dom.place(row), body, limit))
    return page_of(document, dom, "old LessWrong HTML", found, url=forum_ids.canonical(dom))


def _header(dom: Dom, row: LexborNode, shown: LexborNode, post_title: str | None) -> Header:
    meta = dom.first(OLD_META, shown)
    points = OLD_POINTS.match(dom.words(dom.first(OLD_KARMA, meta)) if meta is not None else "")
    name = dom.words(dom.first(OLD_AUTHOR, shown))
    own = _id(dom, row)
    title = dom.words(dom.first(OLD_POST.format(id=own), row))
    return Header(
        name=plain_name(name) if name else None,
        score_text=dom.words(meta),
        is_single_line=False,
        karma=forum_ids.number(points["karma"]) if points is not None else None,
        posted_at=forum_ids.moment(forum_ids.digits(dom.attribute(dom.first(OLD_DATE, shown), OLD_DATE_ATTRIBUTE))),
        post_title=title or post_title,
        source=OLD_LESSWRONG,
        source_id=own,
        parent_source_id=next((i for i in (_id(dom, around) for around in dom.ancestors(row)) if i is not None), None),
        status=None if name else DELETED,
    )


def _id(dom: Dom, row: LexborNode) -> str | None:
    match = OLD_ID.match(dom.attribute(row, "id") or "")
    return match["id"] if match is not None else None
