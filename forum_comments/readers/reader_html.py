"""Saved HTML of the reader at lw2.issarice.com and eaforum.issarice.com: heads as in its text, with ids and links.

Source of the layout: riceissa/ea-forum-reader, `posts.py: show_comment` (a `div` with the comment's id, its head a
`summary`, replies nested in it) and `users.py: html_page_for_user` (a `div` each, the head's links name post and
comment). A body has no element of its own: it begins after the head and ends before the list of replies, the next
comment or the end of its `div`.
"""

from __future__ import annotations

import html
import re
from bisect import bisect_left
from dataclasses import replace
from typing import NamedTuple

from selectolax.lexbor import LexborNode

from forum_comments.models import Document, Header, Page
from forum_comments.readers import forum_ids
from forum_comments.readers.dom import Dom
from forum_comments.readers.html_comments import Found, page_of
from forum_comments.readers.patterns import ISO_MOMENT, READER_REPLIES_LABEL
from forum_comments.readers.reader_page import read_head
from forum_comments.readers.selectors import (
    READER_COMMENT,
    READER_FRAMES,
    READER_SUMMARY,
    READER_USER_COMMENT,
)

# The end of a user page's head: the date, in a link or not, and the links to the forum and to GreaterWrong.
USER_HEAD_END = re.compile(rf"{ISO_MOMENT}(?:</a>)?(?:\s*·\s*<a\s[^<>]*>(?:LW|EA|AF|GW)</a>)*")
HEAD_CHARACTERS = 4_000
ANSWER_HEAD = re.compile(r"\s*(?P<head>answer by\b.*?)<br\s*/?>", re.DOTALL)
TAG = re.compile(r"<[^<>]*>")


class _Head(NamedTuple):
    header: Header
    comment: LexborNode
    element: LexborNode  # that holds the head's links
    body: int  # where the body begins


def recognise(dom: Dom) -> bool:
    """Whether a comment's head is there."""
    return bool(_of_post(dom) or _of_user(dom))


def read(document: Document, dom: Dom) -> Page:
    """Read a page that `recognise` has recognised."""
    of_post = _of_post(dom)
    found = of_post or _of_user(dom)
    names = {comment.header.name for comment in found}
    owner = names.pop() if not of_post and len(names) == 1 else None
    return page_of(document, dom, "reader HTML", found, owner=owner, url=forum_ids.canonical(dom))


def _of_post(dom: Dom) -> list[Found]:
    forum, title = forum_ids.forum_of(dom), dom.words(dom.first("h1")) or None
    heads = sorted([*_comments(dom), *_answers(dom)], key=lambda head: head.body)
    lists = [dom.place(span) for span in dom.find("span") if dom.words(span).startswith(READER_REPLIES_LABEL)]
    found = []
    for number, head in enumerate(heads):
        limit = dom.place(heads[number + 1].comment) if number + 1 < len(heads) else len(dom.text)
        end = dom.end(head.comment, limit)[0]
        below = bisect_left(lists, head.body)
        if below < len(lists):
            end = min(end, lists[below])
        header = replace(head.header, post_title=title)
        stated = _with_ids(dom, header, head, forum) if forum is not None else header
        found.append(Found(stated, dom.place(head.comment), head.body, end))
    return found


def _comments(dom: Dom) -> list[_Head]:
    heads = []
    for summary in dom.find(READER_SUMMARY):
        header = read_head(dom.words(summary))
        comment = next(around for around in dom.ancestors(summary) if around.tag == "div")
        if header is not None:
            heads.append(_Head(header, comment, summary, dom.end(summary, len(dom.text))[1]))
    return heads


def _answers(dom: Dom) -> list[_Head]:
    """Find the answers to a question: their head has no element of its own, and ends at a line break."""
    heads = []
    for answer in dom.find(READER_COMMENT):
        start = dom.inside(answer)
        match = ANSWER_HEAD.match(dom.text, start, start + HEAD_CHARACTERS)
        header = read_head(_visible(match["head"])) if match is not None else None
        if match is not None and header is not None:
            heads.append(_Head(header, answer, answer, match.end()))
    return heads


def _with_ids(dom: Dom, header: Header, head: _Head, forum: str) -> Header:
    around = [dom.attribute(element, "id") for element in dom.ancestors(head.comment) if element.tag == "div"]
    parents = [i for i in map(forum_ids.forum_id, around) if i is not None and i not in READER_FRAMES]
    return replace(
        header,
        source=forum,
        source_id=forum_ids.forum_id(dom.attribute(head.comment, "id")),
        parent_source_id=parents[0] if parents else None,
        post_source_id=forum_ids.post_in(dom.attribute(link, "href") for link in dom.find("a[href]", head.element)),
    )


def _of_user(dom: Dom) -> list[Found]:
    forum = forum_ids.forum_of(dom)
    comments = dom.find(READER_USER_COMMENT)
    found = []
    for number, comment in enumerate(comments):
        limit = dom.place(comments[number + 1]) if number + 1 < len(comments) else len(dom.text)
        start = dom.place(comment)
        match = USER_HEAD_END.search(dom.text, start, min(limit, start + HEAD_CHARACTERS))
        header = read_head(_visible(dom.text[dom.inside(comment) : match.end()])) if match is not None else None
        if match is not None and header is not None:
            link = dom.attribute(dom.first('a[href*="#"]', comment), "href")
            own = forum_ids.comment_in(link)
            if forum is not None and own is not None:
                header = replace(header, source=forum, source_id=own, post_source_id=forum_ids.post_in([link]))
            found.append(Found(header, start, match.end(), dom.end(comment, limit)[0]))
    return found


def _visible(markup: str) -> str:
    return " ".join(html.unescape(TAG.sub("", markup)).split())
