"""What the heads of a comment's appearances state of it beside its author: when it was written, on what, its ids."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import reduce
from typing import NamedTuple

from forum_comments.fuller import fuller
from forum_comments.models import Comment, Header, Problem
from forum_comments.record_ids import TITLE_PREFIX, id_in

HASH_DIGITS = 12
DATES_DIFFER = "dates differ"  # a kind of problem
MINUTES = len("2020-01-02T03:04")


class StatedPost(NamedTuple):
    """A post that pages name: `id` is the forum's own, or made of its title where the pages give no more."""

    id: str
    title: str | None


def headers_of(comment: Comment) -> Iterator[Header]:
    """Give the heads of a comment's appearances, that of the fullest first."""
    return (appearance.header for appearance in comment.appearances if appearance.header is not None)


def stated(comment: Comment, field: str) -> str | None:
    """Give what the first head that has a field of `Header` says there; None where none has it."""
    return next((value for header in headers_of(comment) if (value := getattr(header, field)) is not None), None)


def posted_at_of(comment: Comment) -> str | None:
    """Give when a comment was written: what its fullest page says, or another that says the same more exactly."""
    dates = [header.posted_at for header in headers_of(comment) if header.posted_at is not None]
    same = [date for date in dates if date[:MINUTES] == dates[0][:MINUTES]]
    return max(same, key=len, default=None)


def scored_header(comment: Comment) -> Header | None:
    """Give the head whose numbers are the comment's: the first that shows its karma, or else the first."""
    headers = list(headers_of(comment))
    return next((header for header in headers if header.karma is not None), next(iter(headers), None))


def posts_of(comments: Sequence[Comment]) -> dict[Comment, StatedPost]:
    """Give the post that each comment is on, where a page names it.

    A title alone is a post of its own, even where a post with that title and an id is known: titles repeat.
    """
    named: dict[Comment, StatedPost] = {}
    for comment in comments:
        title = stated(comment, "post_title")
        ids = (
            id_in(header.source, header.post_source_id)
            for header in headers_of(comment)
            if header.source is not None and header.post_source_id is not None
        )
        if (post_id := next(ids, None)) is not None:
            named[comment] = StatedPost(post_id, reduce(fuller, (h.post_title for h in headers_of(comment)), None))
        elif title is not None:
            named[comment] = StatedPost(_id_of_title(title), title)
    return named


def _id_of_title(title: str) -> str:
    return f"{TITLE_PREFIX}-{hashlib.sha256(title.encode('utf-8', 'surrogatepass')).hexdigest()[:HASH_DIGITS]}"


def post_rows(posts: Mapping[Comment, StatedPost]) -> Iterator[dict[str, object]]:
    """Give the rows of `posts`, each post once, in the order of their ids."""
    titles: dict[str, list[str]] = defaultdict(list)
    for post in posts.values():
        titles[post.id] += [post.title] if post.title is not None else []
    for post_id, found in sorted(titles.items()):
        yield {"id": post_id, "title": reduce(fuller, found, None)}


def report_differences(comment: Comment) -> None:
    """Make a problem of dates on which a comment's pages disagree."""
    dates = sorted({header.posted_at for header in headers_of(comment) if header.posted_at is not None})
    # Pages print the same moment more or less exactly: 12:05 and 12:05:31 agree.
    if any(not date.startswith(dates[0].rstrip("Z")[:MINUTES]) for date in dates[1:]):
        detail = f"Its pages say that it was written on {', '.join(dates)}; {posted_at_of(comment)} was taken."
        comment.problems.append(Problem(DATES_DIFFER, detail, comment.fullest.document.id))
