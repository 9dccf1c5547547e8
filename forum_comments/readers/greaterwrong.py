"""Pages of GreaterWrong as text: user pages, posts with their comments, permalinks; a dated head above every comment.

Source of the layout: kronusaturn/lw2-viewer, `data-viewers/comment.lisp: comment-to-html` (name, date in UTC, points,
then on user pages `in reply to: NAME’s comment` and `on: TITLE`), `lw2.lisp: view-post-lw2-link` (a permalink's title,
`NAME comments on TITLE`). A head's parts may stand on one line or on several. A post in a list of posts has a head of
the same kind with a number of comments in it.
"""

from __future__ import annotations

from collections.abc import Sequence

from forum_comments.models import Document, Furniture, Header, Page
from forum_comments.readers.headed import (
    Head,
    HeadedLines,
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
    GW_BYLINE,
    GW_DATE_FORMAT,
    GW_HEAD,
    GW_POST_HEAD,
    GW_UNFINISHED,
    PERMALINK_TITLE,
)
from forum_comments.vocabulary import NAME_MAX_CHARACTERS, NAME_MAX_WORDS

ABOVE_POST = "post title"


def recognise(lines: Sequence[Line]) -> bool:
    """Whether a comment's head with a date in UTC stands on the page, with a score or what it is on."""
    return any(head.header is not None and _is_sure(head.header) for head in find_heads(lines, find_head))


def _is_sure(header: Header) -> bool:
    return header.karma is not None or header.post_title is not None


def read(document: Document, lines: Sequence[Line], leading: Sequence[Furniture]) -> Page:
    """Read a document that `recognise` has recognised."""
    heads = find_heads(lines, find_head)
    title = PERMALINK_TITLE.match(lines[0].text)
    if title is not None:
        heads = on_post(heads, title["title"])
    headers = [head.header for head in heads if head.header is not None]
    names = {header.name for header in headers if header.parent_author is not None or header.post_title is not None}
    owner = next(iter(names)) if title is None and len(names) == 1 else None
    found = _post_titles(read_headed(lines, heads, lambda text: None), lines, heads)
    heading = lines[0].text if title is not None else f"Comments by {owner}" if owner else "Comments on GreaterWrong"
    return whole_page(document, "GreaterWrong", heading, owner, found, leading)


def _post_titles(found: HeadedLines, lines: Sequence[Line], heads: Sequence[Head]) -> HeadedLines:
    """Take the line above each post's head off the comment before it: it is the post's title."""
    starts = {lines[head.first - 1].start for head in heads if head.header is None and head.first > 0}
    titles = [block for block in found.blocks if block.start in starts and not block.is_header]
    return HeadedLines(
        tuple(block for block in found.blocks if block not in titles),
        (*found.furniture, *(Furniture(ABOVE_POST, block.start, block.end) for block in titles)),
    )


def find_head(lines: Sequence[Line], first: int) -> Head | None:
    """Find the head that begins with a line: a name and a date, or a name with the date on the next line."""
    end, limit = first + 1, reach(lines, first)
    byline = GW_BYLINE.match(lines[first].text)
    if byline is None and end < limit and GW_BYLINE.match(lines[end].text):
        end += 1
        byline = GW_BYLINE.match(joined(lines[first:end])) if _opens_with_date(lines[first + 1]) else None
    if byline is None or byline["name"] is None or not _may_be_name(byline["name"]):
        return None
    rest = byline["rest"] or ""
    is_post = bool(GW_POST_HEAD.search(rest))
    while end < limit and _goes_on(rest, lines[end].text, is_post):
        is_post = is_post or bool(GW_POST_HEAD.match(lines[end].text))
        rest, end = f"{rest} {lines[end].text}".strip(), end + 1
    if not is_post and not GW_HEAD.match(rest):
        return None
    posted_at = utc_minutes(byline["date"], GW_DATE_FORMAT)
    if posted_at is None:
        return None
    header = None if is_post else _header(joined(lines[first:end]), byline["name"], posted_at, rest)
    return Head(header, first, end)


def _goes_on(rest: str, line: str, is_post: bool) -> bool:
    """Whether a line goes on with a head of which `rest` has been read after the date."""
    if GW_UNFINISHED.search(rest) or GW_POST_HEAD.match(line):
        return True
    if is_post:
        return bool(GW_HEAD.match(line))
    head = GW_HEAD.match(rest)
    if head is not None and head["title"] is not None:
        return False  # the title ends the head
    return bool(GW_HEAD.match(f"{rest} {line}".strip()) or GW_UNFINISHED.match(line))


def _opens_with_date(line: Line) -> bool:
    byline = GW_BYLINE.match(line.text)
    return byline is not None and byline["name"] is None


def _header(text: str, name: str, posted_at: str, rest: str) -> Header:
    parts = GW_HEAD.match(rest)
    assert parts is not None
    return Header(
        name=plain_name(name),
        score_text=text,
        is_single_line=False,
        karma=_number(parts["karma"] or parts["lw"]),
        af_karma=_number(parts["af"]),
        agreement=_number(parts["agreement"]),
        posted_at=posted_at,
        post_title=parts["title"],
        parent_author=parts["answered"],
    )


def _number(text: str | None) -> int | None:
    return int(text.replace(",", "").replace("−", "-")) if text is not None else None


def _may_be_name(name: str) -> bool:
    return len(name) <= NAME_MAX_CHARACTERS and len(name.split()) <= NAME_MAX_WORDS
