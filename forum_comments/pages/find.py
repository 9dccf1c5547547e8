"""The search page: what a query finds, page by page, with the found words marked."""

from __future__ import annotations

import sqlite3
from typing import Any

from forum_comments.errors import BadRequestError
from forum_comments.pages.reading import Row, paging, rows
from forum_comments.search import CANDIDATES, SORTS, Found, count_hits, everything, search
from forum_comments.search_query import Query, fts_expression, parse

PAGE_SIZE = 20
SNIPPET_WORDS = 40  # FTS5 allows at most 64
SNIPPET_CHARACTERS = 1_000  # where a word is a whole paragraph
BEGINNING = 300  # characters of a comment shown where no word was searched

BODY, QUOTED_TEXT, AUTHOR_NAME = 0, 2, 3  # numbers of the columns in the full-text index
# Unicode noncharacters, which no text interchanges; one in a text only shifts a mark.
OPEN, CLOSE = "\ufdd0", "\ufdd1"

UNDATED = """
    select count(*) as n
    from (select 1 from comments where posted_at is null and not is_placeholder limit :bound)
"""
RESULTS = """
    select rowid as number, id, title, author_id, author_name, author_basis, posted_at, age, karma, status,
        is_truncated, word_count, parent_id, root_id, is_placeholder, substr(body, 1, :beginning) as beginning
    from comments where rowid in ({numbers})
"""
SNIPPETS = """
    select rowid as number, snippet(comments_fts, :column, :open, :close, '…', :words) as snippet,
        highlight(comments_fts, :name, :open, :close) as author
    from comments_fts where comments_fts match :expression and {rowid} in ({numbers})
"""


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
    sql, parameters = everything(query, sort)
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
        "everything": None if query.is_empty else {"sql": sql, "parameters": parameters},
    }


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
        # For each row number SQLite asks FTS5 anew, which is fast for words; a prefix is put together anew each time,
        # so its few hits are read once instead ("+" hides the row number from FTS5).
        sql = SNIPPETS.format(numbers=listed, rowid="+rowid" if query.has_prefix else "rowid")
        snippets = {row["number"]: row for row in rows(connection, sql, values)}
    for number, result in found.items():
        beginning = result.pop("beginning") or ""
        cut = beginning if len(beginning) <= BEGINNING else beginning[:BEGINNING] + "…"
        hit = snippets.get(number, {"snippet": cut, "author": result["author_name"]})
        result["snippet"] = pieces(hit["snippet"] or "")
        result["author_pieces"] = pieces(hit["author"] or "")
    return [found[number] for number in numbers]


def pieces(marked: str) -> list[dict[str, Any]]:
    """Split a text at its marks into pieces, each `text` and `is_match`; white space becomes one blank.

    What is longer than SNIPPET_CHARACTERS is cut there.
    """
    if len(marked) > SNIPPET_CHARACTERS:
        marked = marked[:SNIPPET_CHARACTERS] + "…"
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
        undated = rows(connection, UNDATED, {"bound": CANDIDATES + 1})[0]["n"]
        if undated:
            many = f"more than {CANDIDATES:,}" if undated > CANDIDATES else f"{undated:,}"
            notes.append(f"after: and before: leave out the comments whose date is not known: {many} of this archive.")
    if results and sort in ("new", "old") and results[0]["posted_at"] is None:
        notes.append("No date is known of the comments on this page; they stand in the order of the archive.")
    if results and sort == "top" and results[0]["karma"] is None:
        notes.append("No score is known of the comments on this page; they stand in the order of the archive.")
    authors = tuple(term for term in query.terms if term.field == "author")
    by_them: dict[str, object] = {"expression": fts_expression(Query("", authors)), "bound": 1}
    if authors and not found.total and not count_hits(connection, by_them):
        names = " or ".join(f"“{' '.join(term.words)}”" for term in authors)
        notes.append(f"No comment here is by an author whose name holds {names}.")
    return notes
