"""The page of one author: who, how much, when where that is known, whom they answer and quote, and their comments."""

from __future__ import annotations

import sqlite3
from typing import Any

from forum_comments.errors import BadRequestError, NotFoundError
from forum_comments.pages.bodies import bodies, shortened
from forum_comments.pages.reading import Row, first, paging, rows
from forum_comments.pages.wording import STATUS_WORDS

COMMENTS_ON_PAGE = 25
CHARACTERS_SHOWN = 2_000
COUNTED = 2_000  # of an author's comments, for whom they answer and quote: enough to rank, and always quick
ANSWERS_COUNTED = 20_000
PEOPLE_SHOWN = 10
DOCUMENTS_SHOWN = 20

# The name in the address -> what the reader sees, and the order. The builder writes comments as the sources have them.
SORTS = {
    "page": ("order of the sources", "rowid"),
    "new": ("newest first", "posted_at desc, rowid"),
    "old": ("oldest first", "posted_at asc nulls last, rowid"),
    "score": ("highest score first", "karma desc, rowid"),
    "length": ("longest first", "word_count desc, rowid"),
}

# Each is answered from one of the indexes that begin with author_id, whatever the number of comments.
DATES = """
    select count(*) as comments, count(posted_at) as dated, min(posted_at) as earliest, max(posted_at) as latest
    from comments where author_id = :id
"""
SCORES = "select count(karma) as scored from comments where author_id = :id"
WORDS = "select sum(word_count) as words from comments where author_id = :id"

# The inner query finds its rows in an index alone, so that a far page costs little more than the first.
COMMENTS = """
    select comments.id, comments.title, comments.author_id, comments.author_name, comments.author_basis,
        comments.parent_id, comments.root_id, comments.posted_at, comments.edited_at, comments.age, comments.karma,
        comments.is_truncated, comments.is_placeholder, comments.status, comments.word_count, comments.post_id,
        parent.author_name as parent_author_name, parent.is_placeholder as parent_is_placeholder,
        parent.status as parent_status, posts.title as post_title
    from (
        select rowid as row_number, row_number() over (order by {order}) as place
        from comments
        where author_id = :id
        order by {order}
        limit :limit offset :offset
    ) as listed
    join comments on comments.rowid = listed.row_number
    left join comments as parent on parent.id = comments.parent_id
    left join posts on posts.id = comments.post_id
    order by listed.place
"""

ANSWERS = f"""
    select parent.author_id as id, parent.author_name as name, count(*) as comments
    from (select parent_id from comments where author_id = :id limit {COUNTED}) as own
    join comments as parent on parent.id = own.parent_id
    where parent.author_id is not null
    group by parent.author_id
    order by comments desc, id
    limit {PEOPLE_SHOWN}
"""

ANSWERED_BY = f"""
    select author_id as id, author_name as name, count(*) as comments
    from (
        select reply.author_id, reply.author_name
        from (select id from comments where author_id = :id limit {COUNTED}) as own
        join comments as reply on reply.parent_id = own.id
        limit {ANSWERS_COUNTED}
    )
    where author_id is not null
    group by author_id
    order by comments desc, id
    limit {PEOPLE_SHOWN}
"""

QUOTES = f"""
    select quoted.author_id as id, quoted.author_name as name, count(distinct passages.comment_id) as comments
    from (select id from comments where author_id = :id limit {COUNTED}) as own
    join passages on passages.comment_id = own.id
    join comments as quoted on quoted.id = passages.quoted_comment_id
    where quoted.author_id is not null
    group by quoted.author_id
    order by comments desc, id
    limit {PEOPLE_SHOWN}
"""

PAGES_OWNED = f"select id, title, saved_at from documents where owner_id = :id order by id limit {DOCUMENTS_SHOWN}"


def author_page(connection: sqlite3.Connection, author_id: str, *, sort: str = "page", page: int = 1) -> dict[str, Any]:
    """The page of an author, with their comments sorted by a name of SORTS.

    Raises NotFoundError for an unknown author or a page beyond the last, BadRequestError for an unknown sort.
    """
    author = first(connection, "select id, name, bio from authors where id = :id", {"id": author_id})
    if author is None:
        raise NotFoundError(f"There is no author “{author_id}” here.")
    if sort not in SORTS:
        raise BadRequestError(f"Comments can be sorted by {', '.join(SORTS)}, and not by “{sort}”.")
    totals = _totals(connection, author_id)
    numbers = paging(totals["comments"], page, COMMENTS_ON_PAGE)
    return {
        "title": f"Comments by {author['name']}",
        "author": author,
        "totals": totals,
        "answers": rows(connection, ANSWERS, {"id": author_id}),
        "answered_by": rows(connection, ANSWERED_BY, {"id": author_id}),
        "quotes": rows(connection, QUOTES, {"id": author_id}),
        "counted": COUNTED if totals["comments"] > COUNTED else None,
        "documents": rows(connection, PAGES_OWNED, {"id": author_id}),
        "sort": sort,
        "sorts": [{"name": name, "label": label} for name, (label, _) in SORTS.items()],
        "comments": _comments(connection, author_id, SORTS[sort][1], numbers),
        "paging": numbers,
    }


def _totals(connection: sqlite3.Connection, author_id: str) -> Row:
    totals: Row = {}
    for sql in (DATES, SCORES, WORDS):
        totals.update(first(connection, sql, {"id": author_id}) or {})
    return {
        **totals,
        "words": totals["words"] or 0,
        "undated": totals["comments"] - totals["dated"],
        "without_score": totals["comments"] - totals["scored"],
    }


def _comments(
    connection: sqlite3.Connection, author_id: str, order: str, numbers: dict[str, Any]
) -> list[dict[str, Any]]:
    window = {"id": author_id, "limit": COMMENTS_ON_PAGE, "offset": (numbers["page"] - 1) * COMMENTS_ON_PAGE}
    found = rows(connection, COMMENTS.format(order=order), window)
    texts = bodies(connection, [comment["id"] for comment in found])
    listed = []
    for comment in found:
        body, is_shortened = shortened(texts[comment["id"]], CHARACTERS_SHOWN)
        status_words = STATUS_WORDS.get(comment["status"], comment["status"])
        listed.append({"comment": comment, "body": body, "is_shortened": is_shortened, "status_words": status_words})
    return listed
