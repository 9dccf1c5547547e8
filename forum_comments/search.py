"""Finding comments: the rows that a query gives, in an order, with a bound on how many are ranked or sorted.

Ranking reads every candidate, and a word that stands in three quarters of a million comments would take seconds. So
at most `CANDIDATES` comments are ranked or sorted, and `Found.notes` says when that bites.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass

from forum_comments.search_query import Query, conditions, fts_expression

# Ranking 20,000 candidates takes about 40 ms (500,000 comments, one core); it grows in proportion.
CANDIDATES = 20_000
# Of more than that, only so many are sorted; beyond them a reader wants SQL.
LEAFED = 1_000
# Without words every comment may have to be looked at until so many satisfy the conditions.
FILTER_BOUND = 5_000
# From so many hits on it is faster to take comments in their order and ask the full-text index for one after the
# other (20 µs each) than to sort all hits.
WALK_FROM = 100_000

# Weights of body, own_text, quoted_text, author_name. A word of one's own stands in body too, and counts once.
RANK = "bm25(comments_fts, 1.0, 0.0, 1.0, 1.0)"
# What a comment without a date or karma has stands last. Each begins with an indexed column.
SORTS = {
    "relevance": None,
    "new": "c.posted_at desc",
    "old": "c.posted_at asc nulls last",
    "top": "c.karma desc",
}

RANKED = """
    select {rank} as score, c.rowid as number
    from comments_fts cross join comments as c on c.rowid = comments_fts.rowid
    where comments_fts match :expression and {where}
    limit :bound
"""
SORTED = """
    select c.rowid as number
    from comments_fts cross join comments as c on c.rowid = comments_fts.rowid
    where comments_fts match :expression and {where}
    order by {order}, c.rowid limit :bound
"""
FILTERED = "select c.rowid as number from comments as c where {where} order by {order}, c.rowid limit :bound"
WALK = """
    select number from ({filtered})
    where exists (select 1 from comments_fts where comments_fts match :expression and comments_fts.rowid = number)
    limit :leafed
"""
HITS = "select rowid from comments_fts where comments_fts match :expression"
EVERYTHING = """select c.id, c.title, c.author_name, c.posted_at, c.karma, c.body
from {source}
where {where}
order by {order}"""

TOO_BROAD_PREFIX = (
    f"Words that begin so stand in more than {CANDIDATES:,} comments. Give more letters before the *, or more words."
)
RANKED_BOUND = (
    f"Only the first {CANDIDATES:,} of them in the order of the archive are ranked. "
    "Add a word, an author or a date to rank them all."
)


@dataclass(frozen=True, slots=True)
class Found:
    """Row numbers in their order, and how many comments there are in all, exactly or at least."""

    numbers: list[int]
    total: int
    is_total_exact: bool = True
    notes: tuple[str, ...] = ()


def search(connection: sqlite3.Connection, query: Query, sort: str) -> Found:
    """Return the rows that a query finds, in the order `sort`; for `relevance` it must have words or authors."""
    if query.is_empty:
        return Found([], 0)
    found_conditions, parameters = conditions(query)
    where = " and ".join(["not c.is_placeholder", *found_conditions])
    values: dict[str, object] = {**parameters, "expression": fts_expression(query), "bound": CANDIDATES + 1}
    order = SORTS[sort]
    filtered = FILTERED.format(where=where, order=order)
    if not query.terms:
        return _bounded(_numbers(connection, filtered, {**values, "bound": FILTER_BOUND + 1}), FILTER_BOUND)
    is_broad = count_hits(connection, values) > CANDIDATES
    if is_broad and query.has_prefix:
        return Found([], CANDIDATES, False, (TOO_BROAD_PREFIX,))
    # Counting hits needs no rows and is cheap; with conditions every row would have to be read.
    hits = count_hits(connection, {**values, "bound": -1}) if is_broad else 0
    total = None if found_conditions or not is_broad else hits
    if order is None:
        return _ranked(connection, RANKED.format(rank=RANK, where=where), values, total)
    in_order = SORTED.format(where=where, order=order)
    if not is_broad:
        return _bounded(_numbers(connection, in_order, values), CANDIDATES)
    numbers = _walked(connection, filtered, values) if hits > WALK_FROM else None
    if numbers is None:
        numbers = _numbers(connection, in_order, {**values, "bound": LEAFED + 1})
    return _bounded(numbers, LEAFED, total)


def count_hits(connection: sqlite3.Connection, values: Mapping[str, object]) -> int:
    """Return in how many comments `expression` is found, counting to `bound`, or to the end where that is -1."""
    sql = f"select count(*) from ({HITS} limit :bound)"
    number: int = connection.execute(sql, values).fetchone()[0]
    return number


def everything(query: Query, sort: str) -> tuple[str, dict[str, str]]:
    """Return SQL that gives all that is found, without any bound, and its parameters."""
    where, parameters = conditions(query)
    source, order = "comments as c", SORTS[sort]
    expression = fts_expression(query)
    if expression:
        source = "comments_fts join comments as c on c.rowid = comments_fts.rowid"
        where = ["comments_fts match :expression", *where]
        parameters = {"expression": expression, **parameters}
    where = [*where, "not c.is_placeholder"]
    return (
        EVERYTHING.format(source=source, where="\n  and ".join(where), order=order or "comments_fts.rank"),
        parameters,
    )


def _ranked(connection: sqlite3.Connection, sql: str, values: dict[str, object], total: int | None) -> Found:
    candidates = connection.execute(sql, values).fetchall()
    best_first = [number for _, number in sorted(map(tuple, candidates[:CANDIDATES]))]
    if len(candidates) <= CANDIDATES:
        return Found(best_first, len(best_first))
    return Found(best_first, total or CANDIDATES, total is not None, (RANKED_BOUND,))


def _walked(connection: sqlite3.Connection, filtered: str, values: dict[str, object]) -> list[int] | None:
    """Return the first hits among the first comments in the order of `filtered`; None where these are not enough."""
    numbers = _numbers(connection, WALK.format(filtered=filtered), {**values, "leafed": LEAFED + 1})
    if len(numbers) > LEAFED:
        return numbers
    (walked,) = _numbers(connection, f"select count(*) from ({filtered})", values)
    return numbers if walked <= CANDIDATES else None


def _bounded(numbers: list[int], bound: int, total: int | None = None) -> Found:
    """Return at most `bound` of these; `total` where it is known without them."""
    if len(numbers) <= bound:
        return Found(numbers, len(numbers))
    note = f"Only the first {bound:,} of them can be leafed through."
    return Found(numbers[:bound], total or bound, total is not None, (note,))


def _numbers(connection: sqlite3.Connection, sql: str, values: dict[str, object]) -> list[int]:
    return [number for (number,) in connection.execute(sql, values)]
