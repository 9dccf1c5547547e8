"""A source: a saved page exactly as it is, with each comment's stretch marked, or the records of a dump.

It is the proof of what the other pages say.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Any

from forum_comments.errors import NotFoundError
from forum_comments.pages.differences import differences
from forum_comments.pages.reading import Row, first, paging, rows
from forum_comments.pages.wording import AUTHOR_WORDS, BOUNDARY_WORDS, sureness

COMMENTS_ON_PAGE = 50
PROBLEMS_SHOWN = 20

# An id is the beginning of the sum of the file as it was read; the sum is that of what is kept of it.
DOCUMENT = """
    select documents.id, documents.title, documents.file_name, documents.format, documents.url, documents.saved_at,
        documents.encoding, documents.sha256, documents.bytes, documents.characters, documents.says_more,
        documents.owner_id, authors.name as owner_name, documents.text is not null as has_text,
        documents.raw is not null as has_raw,
        substr(documents.sha256, 1, length(documents.id)) != documents.id as is_amended,
        exists (
            select 1 from corrections
            where corrections.document_id = documents.id and kind = 'owner' and value_after = authors.name
        ) as is_owner_from_editor
    from documents
    left join authors on authors.id = documents.owner_id
    where documents.id = :id
"""

TOTAL = "select count(*) as comments from appearances where document_id = :id"

# Positions in a dump are numbers of records, some of which are posts or people: the index counts the comments.
COUNT_UP_TO = """
    select count(*) as place, max(position) as position
    from appearances
    where document_id = :id and position <= :position
"""

APPEARANCES = """
    select appearances.position, appearances.comment_id, appearances.start_offset, appearances.end_offset,
        appearances.record_number, appearances.is_truncated, appearances.boundary_basis,
        appearances.boundary_confidence, appearances.match_basis, appearances.age, appearances.karma,
        appearances.score_text, appearances.differs, appearances.author_name as printed_name, comments.title,
        comments.author_id, comments.author_name, comments.author_basis, comments.author_confidence,
        comments.parent_id, comments.is_placeholder, comments.posted_at, comments.status,
        comments.age as comment_age, comments.karma as comment_karma
    from (
        select rowid as row_number
        from appearances
        where document_id = :id
        order by position
        limit :limit offset :offset
    ) as listed
    join appearances on appearances.rowid = listed.row_number
    join comments on comments.id = appearances.comment_id
    order by appearances.position
"""

NEXT_START = """
    select start_offset from appearances where document_id = :id and position > :position order by position limit 1
"""

PROBLEMS = f"""
    select problems.kind, problems.detail, problems.comment_id, comments.title
    from problems
    left join comments on comments.id = problems.comment_id
    where problems.document_id = :id
    order by problems.id
    limit {PROBLEMS_SHOWN}
"""

COUNT_PROBLEMS = "select count(*) as problems from problems where document_id = :id"

FURNITURE = """
    select start_offset, end_offset, role
    from furniture
    where document_id = :id and start_offset >= :start and start_offset < :end
    order by start_offset
"""

QUOTATIONS = """
    select start_offset, end_offset
    from passages
    where document_id = :id and start_offset >= :start and start_offset < :end and is_quotation
    order by start_offset
"""


def source_page(
    connection: sqlite3.Connection, document_id: str, *, page: int = 1, position: int | None = None
) -> dict[str, Any]:
    """A document, fifty comments at a time: `page`, or the page on which the comment at `position` stands.

    Raises NotFoundError for an unknown document or position and for a page beyond the last.
    """
    document = first(connection, DOCUMENT, {"id": document_id})
    if document is None:
        raise NotFoundError(f"There is no document “{document_id}” here.")
    counted = first(connection, TOTAL, {"id": document_id})
    total = counted["comments"] if counted else 0
    if position is not None:
        page = _page_of(connection, document_id, position, total)
    numbers = paging(total, page, COMMENTS_ON_PAGE)
    window = {"id": document_id, "limit": COMMENTS_ON_PAGE, "offset": (page - 1) * COMMENTS_ON_PAGE}
    appearances = [_described(row) for row in rows(connection, APPEARANCES, window)]
    return {
        "title": f"Source: {document['title']}",
        "document": document,
        "comments": total,
        "position": position,
        "paging": numbers,
        "problems": {
            "total": rows(connection, COUNT_PROBLEMS, {"id": document_id})[0]["problems"],
            "shown": rows(connection, PROBLEMS, {"id": document_id}),
        },
        "stretches": _stretches(connection, document, appearances, numbers) if document["has_text"] else None,
        "records": None if document["has_text"] else appearances,
    }


def _page_of(connection: sqlite3.Connection, document_id: str, position: int, total: int) -> int:
    """The number of the page on which the comment at a position stands; NotFoundError where there is none."""
    up_to = rows(connection, COUNT_UP_TO, {"id": document_id, "position": position})[0]
    if up_to["position"] != position:
        raise NotFoundError(f"This document has {total} comments, and none at {position}.")
    return int((up_to["place"] - 1) // COMMENTS_ON_PAGE + 1)


def _described(appearance: Row) -> dict[str, Any]:
    place = {**appearance, "author_name": appearance["printed_name"]}
    comment = {
        "author_name": appearance["author_name"],
        "karma": appearance["comment_karma"],
        "age": appearance["comment_age"],
    }
    return {
        **appearance,
        "says_otherwise": differences(place, comment),
        "boundary_words": BOUNDARY_WORDS.get(appearance["boundary_basis"], appearance["boundary_basis"]),
        "author_words": AUTHOR_WORDS.get(appearance["author_basis"], appearance["author_basis"]),
        "sureness": sureness(appearance["boundary_confidence"]),
    }


def _stretches(
    connection: sqlite3.Connection, document: Row, appearances: Sequence[Row], numbers: dict[str, Any]
) -> list[dict[str, Any]]:
    """The text of this page of the document, without gap or overlap: comments and furniture in order."""
    # The whole text is read: SQLite's substr would stop at a NUL character, and the text has to be exact.
    found = first(connection, "select text from documents where id = :id", {"id": document["id"]})
    text: str = found["text"] if found else ""
    start = 0 if numbers["page"] == 1 or not appearances else appearances[0]["start_offset"]
    last = appearances[-1]["position"] if appearances else 0
    following = first(connection, NEXT_START, {"id": document["id"], "position": last})
    end = following["start_offset"] if following else len(text)
    window = {"id": document["id"], "start": start, "end": end}
    quotations = rows(connection, QUOTATIONS, window)
    stretches = [
        {"kind": "comment", **appearance, "pieces": _pieces(text, appearance, quotations)} for appearance in appearances
    ]
    for furniture in rows(connection, FURNITURE, window):
        stretches.append({"kind": "furniture", **furniture, "pieces": _pieces(text, furniture, ())})
    return sorted(stretches, key=lambda stretch: stretch["start_offset"])


def _pieces(text: str, stretch: Row, quotations: Sequence[Row]) -> list[dict[str, Any]]:
    """The characters of a stretch, cut where a quotation begins or ends."""
    pieces = []
    place, end = stretch["start_offset"], stretch["end_offset"]
    for quotation in quotations:
        if quotation["start_offset"] >= end or quotation["end_offset"] <= place:
            continue
        if quotation["start_offset"] > place:
            pieces.append({"text": text[place : quotation["start_offset"]], "is_quotation": False})
        until = min(quotation["end_offset"], end)
        pieces.append({"text": text[max(place, quotation["start_offset"]) : until], "is_quotation": True})
        place = until
    if place < end:
        pieces.append({"text": text[place:end], "is_quotation": False})
    return pieces
