"""The site's pages for search engines, in parts of at most 50,000 addresses (sitemaps.org), read a batch at a time."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Collection, Iterable
from xml.sax.saxutils import escape

MOST_ADDRESSES = 50_000  # in one part, by the protocol
BATCH = 2_000  # rows of a table read at once, between which other requests have their turn

DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'
NAMESPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
PARTS_START, PARTS_END = f"{DECLARATION}<sitemapindex {NAMESPACE}>\n", "</sitemapindex>\n"
PAGES_START, PAGES_END = f"{DECLARATION}<urlset {NAMESPACE}>\n", "</urlset>\n"

PAGES = ("/", "/-/about", "/-/statistics")

# For each kind of part, the rows with numbers above :after up to :until, as (number, path). `hidden` is a JSON list of
# ids of authors whose pages search engines are asked not to list. Row numbers are without gaps in a built database, so
# that a part is a range of them and no part has to be counted.
IS_SHOWN = "coalesce(author_id not in (select value from json_each(:hidden)), 1)"
PATHS = {
    "comments": f"""
        select rowid, '/comments/comments/' || id from comments
        where rowid > :after and rowid <= :until and not is_placeholder and {IS_SHOWN}
        order by rowid limit :batch
    """,
    "threads": f"""
        select rowid, '/-/thread/' || id from comments
        where rowid > :after and rowid <= :until and id = root_id and {IS_SHOWN}
            and exists (select 1 from comments as reply where reply.root_id = comments.id and reply.id <> comments.id)
        order by rowid limit :batch
    """,
    "authors": """
        select rowid, '/-/author/' || id from authors
        where rowid > :after and rowid <= :until and id not in (select value from json_each(:hidden))
        order by rowid limit :batch
    """,
    "sources": """
        select rowid, '/-/source/' || id from documents
        where rowid > :after and rowid <= :until order by rowid limit :batch
    """,
}
TABLES = {"comments": "comments", "threads": "comments", "authors": "authors", "sources": "documents"}


def parts(connection: sqlite3.Connection) -> list[tuple[str, int]]:
    """The parts of the site's map: kind and number from 1."""
    found = [("pages", 1)]
    for kind, table in TABLES.items():
        (last,) = connection.execute(f"select max(rowid) from {table}").fetchone()
        found += [(kind, number) for number in range(1, -(-(last or 0) // MOST_ADDRESSES) + 1)]
    return found


def batch(
    connection: sqlite3.Connection, kind: str, number: int, after: int | None, hidden: Collection[str]
) -> list[tuple[int, str]]:
    """The next paths of a part with the numbers of their rows; `after` is the last number read (None: none)."""
    start = (number - 1) * MOST_ADDRESSES
    values = {
        "after": start if after is None else after,
        "until": start + MOST_ADDRESSES,
        "hidden": json.dumps(sorted(hidden)),
        "batch": BATCH,
    }
    return connection.execute(PATHS[kind], values).fetchall()


def part_elements(found: Iterable[tuple[str, int]], address: Callable[[str], str]) -> str:
    """The entries of the index; `address` makes an absolute address of a path."""
    paths = (f"/-/sitemap/{kind}-{number}.xml" for kind, number in found)
    return "".join(f"<sitemap><loc>{escape(address(path))}</loc></sitemap>\n" for path in paths)


def page_elements(paths: Iterable[str], address: Callable[[str], str]) -> str:
    """The entries of a part."""
    return "".join(f"<url><loc>{escape(address(path))}</loc></url>\n" for path in paths)
