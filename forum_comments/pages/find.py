"""The search page: what a query finds, ranked and with the found words marked.

Ranking reads every candidate, and a word that stands in three quarters of a million comments would take seconds. So
at most `CANDIDATES` comments are ranked or sorted, and the page says when that bites.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import Any

from forum_comments.errors import BadRequestError
from forum_comments.pages.reading import Row, paging, rows
from forum_comments.search_query import Query, conditions, fts_expression, parse

PAGE_SIZE = 20
# Ranking 20,000 candidates takes about 40 ms (500,000 comments, one core); it grows in proportion.
CANDIDATES = 20_000
# Of more than that, only so many are sorted; beyond them a reader wants SQL.
LEAFED = 1_000
# From so many hits on it is faster to walk along the sorted index and ask the full-text index for one row at each step
# (20 µs) than to sort them all.
WALK_FROM = 100_000
SNIPPET_WORDS = 40  # FTS5 allows at most 64
BEGINNING = 300  # characters of a comment shown where no word was searched

# Weights of body, own_text, quoted_text, author_name. A word of one's own stands in body too, and counts once.
RANK = "bm25(comments_fts, 1.0, 0.0, 1.0, 1.0)"
BODY, QUOTED_TEXT, AUTHOR_NAME = 0, 2, 3  # numbers of the columns in the full-text index
# Unicode noncharacters, which no text interchanges; one in a text only shifts a mark.
OPEN, CLOSE = "\ufdd0", "\ufdd1"

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
    limit :candidates
"""
SORTED = """
    select c.rowid as number
    from comments_fts cross join comments as c on c.rowid = comments_fts.rowid
    where comments_fts match :expression and {where}
    order by {order}, c.rowid limit :candidates
"""
WALK = """
    select c.rowid as number from comments as c
    where {where} and exists (
        select 1 from comments_fts where comments_fts match :expression and comments_fts.rowid = c.rowid
    )
    order by {order} limit :candidates
"""
FILTERED = "select c.rowid as number from comments as c where {where} order by {order}, c.rowid limit :candidates"
PROBE = "select count(*) as n from (select 1 from comments_fts where comments_fts match :expression limit :candidates)"
COUNT = "select count(*) as n from comments_fts where comments_fts match :expression"
UNDATED = """
    select count(*) as n
    from (select 1 from comments where posted_at is null and not is_placeholder limit :candidates)
"""
RESULTS = """
    select rowid as number, id, title, author_id, author_name, author_basis, posted_at, age, karma, is_truncated,
        word_count, parent_id, root_id, is_placeholder, substr(body, 1, :beginning) as beginning
    from comments where rowid in ({numbers})
"""
SNIPPETS = """
    select rowid as number, snippet(comments_fts, :column, :open, :close, '…', :words) as snippet,
        highlight(comments_fts, :name, :open, :close) as author
    from comments_fts where comments_fts match :expression and rowid in ({numbers})
"""
# What the page offers as SQL, to take away everything that a search finds.
EVERYTHING = """select c.id, c.title, c.author_name, c.posted_at, c.karma, c.body
from {source}
where {where}
order by {order}"""


@dataclass(frozen=True, slots=True)
class Found:
    """Row numbers in their order, and how many comments there are in all, exactly or at least."""

    numbers: list[int]
    total: int
    is_total_exact: bool = True
    notes: tuple[str, ...] = ()


def find_page(connection: sqlite3.Connection, q: str, sort: str | None = None, page: int = 1) -> Row:
    """Return what the search page says about the text `q`, in the order `sort`, a key of SORTS.

    Without a sort it is relevance for words and newest first for authors, dates and flags. Raises BadRequestError for
    another sort and for a search that takes too long, NotFoundError for a page beyond the last.
    """
    if sort is not None and sort not in SORTS:
        raise BadRequestError(f"sort must be one of {', '.join(SORTS)}, and “{sort}” is not.")
    query = parse(q)
    has_words = any(term.field != "author" for term in query.terms)
    if sort is None or (sort == "relevance" and not query.terms):
        sort = "relevance" if has_words or query.is_empty else "new"
    try:
        found = search(connection, query, sort)
        paged = paging(len(found.numbers), page, PAGE_SIZE)
        numbers = found.numbers[paged["first"] - 1 : paged["last"]] if found.numbers else []
        results = _results(connection, query, numbers)
        notes = [*query.notes, *found.notes, *_notes(connection, query, sort, found, results)]
    except sqlite3.OperationalError as error:
        if "interrupted" not in str(error):
            raise
        raise BadRequestError(
            "This search takes too long. Add a word, give more letters before a *, or take fewer filters."
        ) from error
    return {
        "title": f"{query.text} – search" if query.text.strip() else "Search the comments",
        "query": query.text,
        "is_empty": query.is_empty,
        "sort": sort,
        "sorts": list(SORTS) if query.terms else [name for name, order in SORTS.items() if order],
        "total": found.total,
        "is_total_exact": found.is_total_exact,
        "notes": notes,
        "paging": paged,
        "results": results,
        "everything": None if query.is_empty else _everything(query, sort),
    }


def search(connection: sqlite3.Connection, query: Query, sort: str) -> Found:
    """Return the rows that a query finds, in the order `sort`; for `relevance` it must have words or authors."""
    if query.is_empty:
        return Found([], 0)
    found_conditions, parameters = conditions(query)
    where = " and ".join(["not c.is_placeholder", *found_conditions])
    values: dict[str, object] = {**parameters, "expression": fts_expression(query), "candidates": CANDIDATES + 1}
    order = SORTS[sort]
    if not query.terms:
        return _bounded(_numbers(connection, FILTERED.format(where=where, order=order), values), CANDIDATES)
    is_broad = rows(connection, PROBE, values)[0]["n"] > CANDIDATES
    if is_broad and query.has_prefix:
        return Found([], CANDIDATES, False, (TOO_BROAD_PREFIX,))
    # Counting the hits of words alone needs no rows and is cheap; with conditions each row would have to be read.
    total = rows(connection, COUNT, values)[0]["n"] if is_broad and not found_conditions else None
    if order is None:
        candidates = connection.execute(RANKED.format(rank=RANK, where=where), values).fetchall()
        best_first = [number for _, number in sorted(map(tuple, candidates[:CANDIDATES]))]
        if len(candidates) <= CANDIDATES:
            return Found(best_first, len(best_first))
        return Found(best_first, total or CANDIDATES, total is not None, (RANKED_BOUND,))
    in_order = SORTED.format(where=where, order=order)
    if not is_broad:
        return _bounded(_numbers(connection, in_order, values), CANDIDATES, total)
    values["candidates"] = LEAFED + 1
    numbers = []
    if total is not None and total > WALK_FROM:
        walk = WALK.format(where=f"{where} and {order.split()[0]} is not null", order=order)
        numbers = _numbers(connection, walk, values)
    if len(numbers) <= LEAFED:  # too few have a date or karma; the others follow them
        numbers = _numbers(connection, in_order, values)
    return _bounded(numbers, LEAFED, total)


TOO_BROAD_PREFIX = (
    f"Words that begin so stand in more than {CANDIDATES:,} comments. Give more letters before the *, or more words."
)
RANKED_BOUND = (
    f"Only the first {CANDIDATES:,} of them in the order of the archive are ranked. "
    "Add a word, an author or a date to rank them all."
)


def _bounded(numbers: list[int], bound: int, total: int | None = None) -> Found:
    """Return at most `bound` of these; `total` where it is known without them."""
    if len(numbers) <= bound:
        return Found(numbers, len(numbers))
    note = f"Only the first {bound:,} of them can be leafed through."
    return Found(numbers[:bound], total or bound, total is not None, (note,))


def _numbers(connection: sqlite3.Connection, sql: str, values: dict[str, object]) -> list[int]:
    return [number for (number,) in connection.execute(sql, values)]


def _results(connection: sqlite3.Connection, query: Query, numbers: list[int]) -> list[Row]:
    """Return the comments with these row numbers, in their order, each with the stretch that was found."""
    listed = ", ".join(str(number) for number in numbers)
    found = {
        row.pop("number"): row for row in rows(connection, RESULTS.format(numbers=listed), {"beginning": BEGINNING + 1})
    }
    snippets = {}
    if query.terms and numbers:
        only_quoted = all(term.field in ("quoted", "author") for term in query.terms) and any(
            term.field == "quoted" for term in query.terms
        )
        values = {
            "expression": fts_expression(query),
            "column": QUOTED_TEXT if only_quoted else BODY,
            "name": AUTHOR_NAME,
            "open": OPEN,
            "close": CLOSE,
            "words": SNIPPET_WORDS,
        }
        snippets = {row["number"]: row for row in rows(connection, SNIPPETS.format(numbers=listed), values)}
    for number, result in found.items():
        beginning = result.pop("beginning") or ""
        cut = beginning if len(beginning) <= BEGINNING else beginning[:BEGINNING] + "…"
        hit = snippets.get(number, {"snippet": cut, "author": result["author_name"]})
        result["snippet"] = pieces(hit["snippet"] or "")
        result["author_pieces"] = pieces(hit["author"] or "")
    return [found[number] for number in numbers]


def pieces(marked: str) -> list[dict[str, Any]]:
    """Split a text at its marks into pieces, each `text` and `is_match`; white space becomes one blank."""
    found: list[dict[str, Any]] = []
    for number, part in enumerate(marked.replace(CLOSE, OPEN + CLOSE).split(OPEN)):
        is_match = number > 0 and not part.startswith(CLOSE)
        text = part.removeprefix(CLOSE)
        if text:
            found.append({"text": _one_blank(text), "is_match": is_match})
    return found


def _one_blank(text: str) -> str:
    words = " ".join(text.split())
    return f"{' ' if text[0].isspace() else ''}{words}{' ' if words and text[-1].isspace() else ''}"


def _notes(connection: sqlite3.Connection, query: Query, sort: str, found: Found, results: list[Row]) -> list[str]:
    """Return what a reader must know about the order and about what was left out."""
    notes = []
    if query.after or query.before:
        undated = rows(connection, UNDATED, {"candidates": CANDIDATES + 1})[0]["n"]
        if undated:
            many = f"more than {CANDIDATES:,}" if undated > CANDIDATES else f"{undated:,}"
            notes.append(f"after: and before: leave out the comments whose date is not known: {many} of this archive.")
    if results and sort in ("new", "old") and results[0]["posted_at"] is None:
        notes.append("No date is known of the comments on this page; they stand in the order of the archive.")
    if results and sort == "top" and results[0]["karma"] is None:
        notes.append("No score is known of the comments on this page; they stand in the order of the archive.")
    authors = tuple(term for term in query.terms if term.field == "author")
    if authors and not found.total:
        expression = fts_expression(Query("", authors))
        if not rows(connection, PROBE, {"expression": expression, "candidates": 1})[0]["n"]:
            names = " or ".join(f"“{' '.join(term.words)}”" for term in authors)
            notes.append(f"No comment here is by an author whose name holds {names}.")
    return notes


def _everything(query: Query, sort: str) -> dict[str, Any]:
    """Return the SQL that gives all that is found, and its parameters."""
    where, parameters = conditions(query)
    source, order = "comments as c", SORTS[sort]
    expression = fts_expression(query)
    if expression:
        source = "comments_fts join comments as c on c.rowid = comments_fts.rowid"
        where = ["comments_fts match :expression", *where]
        parameters = {"expression": expression, **parameters}
    sql = EVERYTHING.format(
        source=source, where="\n  and ".join([*where, "not c.is_placeholder"]), order=order or "comments_fts.rank"
    )
    return {"sql": sql, "parameters": parameters}
