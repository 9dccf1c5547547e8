"""Pages of LessWrong before 2018 as text: `Comment author: NAME DATE N points` above every comment.

Source of the layout: tricycle/lesswrong, `templates/comment.html` (head, then on user pages `In response to comment by
NAME on TITLE` above it, buttons below the text), `lib/utils/utils.py: prettytime` (dates; the site's zone was UTC),
`lib/strings.py: permalink_title`. A permalink shows the comment, then its replies; the notice "You are viewing a
comment permalink" stands in place of the post.
"""

from __future__ import annotations

from collections.abc import Sequence

from forum_comments.models import Document, Furniture, Header, Page
from forum_comments.readers.headed import (
    Head,
    find_heads,
    joined,
    on_post,
    reach,
    read_headed,
    utc_minutes,
    whole_page,
)
from forum_comments.readers.headers import plain_name
from forum_comments.readers.lines import Line
from forum_comments.readers.patterns import (
    OLD_BUTTONS,
    OLD_DATE_FORMAT,
    OLD_HEAD,
    OLD_NOTICE,
    OLD_OPENING,
    PERMALINK_TITLE,
)


def recognise(lines: Sequence[Line]) -> bool:
    """Whether a comment's head stands on the page."""
    return bool(find_heads(lines, find_head))


def read(document: Document, lines: Sequence[Line], leading: Sequence[Furniture]) -> Page:
    """Read a document that `recognise` has recognised."""
    heads = find_heads(lines, find_head)
    title = next((match for line in lines[: heads[0].first] if (match := PERMALINK_TITLE.match(line.text))), None)
    if title is not None:
        heads = on_post(heads, title["title"])
    found = read_headed(lines, heads, _role)
    heading = title.group() if title is not None else "Comments on LessWrong before 2018"
    return whole_page(document, "old LessWrong", heading, None, found, leading)


def find_head(lines: Sequence[Line], first: int) -> Head | None:
    """Find the head that begins with a line; it may be broken into several."""
    if not OLD_OPENING.match(lines[first].text):
        return None
    found: Head | None = None
    for end in range(first + 1, reach(lines, first) + 1):
        header = read_head(joined(lines[first:end]))
        if header is None and found is not None:
            break
        found = Head(header, first, end) if header is not None else None
    return found


def read_head(text: str) -> Header | None:
    """Read a head as one line; None where it is none, or its date is no date."""
    match = OLD_HEAD.match(text)
    posted_at = utc_minutes(match["date"], OLD_DATE_FORMAT) if match is not None else None
    if match is None or posted_at is None:
        return None
    return Header(
        name=plain_name(match["name"]),
        score_text=text,
        is_single_line=False,
        karma=int(match["karma"]) if match["karma"] is not None else None,
        posted_at=posted_at,
        post_title=match["title"],
        parent_author=match["answered"],
    )


def _role(text: str) -> str | None:
    if OLD_NOTICE.match(text):
        return "permalink notice"
    return "buttons" if OLD_BUTTONS.match(text) else None
