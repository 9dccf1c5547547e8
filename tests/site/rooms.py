"""A made-up archive for the tests of the reading room, and how they read its pages."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import closing
from html.parser import HTMLParser
from pathlib import Path

from forum_comments.database import write_database
from forum_comments.schema import TABLES

DEEP = 200  # comments in a chain
WIDE = 500  # replies to one comment
HOSTILE = '<script>alert(1)</script> \'); drop table comments; -- "x" AND =1+1 {{ 7 * 7 }}'

# A page with everything that a template might change: carriage returns, blank lines, spaces, a tag.
PAGE_TEXT = "\r\n  Ann's page\r\n\r\nFirst  comment.\n\n<b>quoted</b>\n\n\nSecond comment.\t\n"


def row(table: str, **values: object) -> tuple[object, ...]:
    """Give a row of a table with these values and NULL in its other columns."""
    assert set(values) <= set(TABLES[table].columns)
    return tuple(values.get(column) for column in TABLES[table].columns)


def comment(comment_id: str, **values: object) -> tuple[object, ...]:
    """Give a comment by Ann that answers nothing, with these values instead of the usual ones."""
    usual: dict[str, object] = {
        "id": comment_id,
        "title": f"Title of {comment_id}",
        "body": f"Body of {comment_id}.",
        "author_id": "ann",
        "author_name": "Ann",
        "author_basis": "header",
        "author_confidence": 0.97,
        "root_id": comment_id,
        "depth": 0,
        "parent_basis": "unknown",
        "is_truncated": 0,
        "is_placeholder": 0,
        "word_count": 3,
        "source": "page",
    }
    return row("comments", **usual | values)


def reply(comment_id: str, parent_id: str, root_id: str, depth: int, **values: object) -> tuple[object, ...]:
    """Give a comment that answers another, as the page's layout shows."""
    usual: dict[str, object] = {
        "parent_id": parent_id,
        "root_id": root_id,
        "depth": depth,
        "parent_basis": "page layout",
        "parent_confidence": 0.9,
    }
    return comment(comment_id, **usual | values)


def span(start: str, end: str | None = None) -> dict[str, object]:
    """Give the offsets of PAGE_TEXT from where one text stands to where another one does, or to the end."""
    return {
        "start_offset": PAGE_TEXT.index(start) if start else 0,
        "end_offset": len(PAGE_TEXT) if end is None else PAGE_TEXT.index(end),
    }


def comment_rows() -> list[tuple[object, ...]]:
    """Give a chain, a wide thread, a reply to a placeholder, a hostile comment and the two of the page."""
    deep = [comment("deep-1")] + [
        reply(f"deep-{number}", f"deep-{number - 1}", "deep-1", number - 1) for number in range(2, DEEP + 1)
    ]
    wide = [comment("wide-0")] + [reply(f"wide-{number}", "wide-0", "wide-0", 1) for number in range(1, WIDE + 1)]
    nobody = {"author_id": None, "author_name": None, "author_basis": "unknown", "author_confidence": None}
    eve = {"author_id": "eve", "author_name": HOSTILE, "status": HOSTILE, "url": "javascript:alert(1)"}
    return [
        *deep,
        *wide,
        comment("ghost", title="[not in the data]", body=None, is_placeholder=1, source_id="t1_ghost", **nobody),
        reply("orphan", "ghost", "ghost", 1, posted_at="2020-05-17T08:00:00Z", karma=4),
        comment("hostile", title=HOSTILE, body=HOSTILE, **eve),
        comment("first", body="First  comment.\n\n<b>quoted</b>", word_count=3),
        comment("second", body="Second comment.", is_truncated=1),
    ]


def document_rows() -> list[tuple[object, ...]]:
    """Give a text page and a dump."""
    size = {"characters": len(PAGE_TEXT), "bytes": len(PAGE_TEXT)}
    page = {"title": HOSTILE, "file_name": "page.txt", "format": "text page", "encoding": "utf-8", "text": PAGE_TEXT}
    dump = {"title": "Dump", "file_name": "d.json", "format": "dump", "bytes": 9}
    return [
        row("documents", id="page", says_more=1, sha256="0" * 64, **page, **size),
        row("documents", id="dump", says_more=0, sha256="1" * 64, **dump),
    ]


def appearance(document_id: str, position: int, comment_id: str, **values: object) -> tuple[object, ...]:
    """Give where a comment stands, by the language of what is around it."""
    basis = {"is_truncated": 0, "boundary_basis": "language", "boundary_confidence": 0.75}
    place = {"document_id": document_id, "position": position, "comment_id": comment_id}
    return row("appearances", id=f"{document_id}-{position}", **place, **basis, **values)


def passage(comment_id: str, position: int, text: str, **values: object) -> tuple[object, ...]:
    """Give a paragraph of a comment on the page, its author's own unless the values say otherwise."""
    usual = {"kind": "paragraph", "is_quotation": 0, "document_id": "page"}
    return row("passages", comment_id=comment_id, position=position, text=text, **usual | values)


def made_up_rows() -> dict[str, Iterable[tuple[object, ...]]]:
    """Give an archive with threads of every kind, a page, a dump and hostile text."""
    quotation = {"is_quotation": 1, "quoted_comment_id": "wide-0", "quotation_basis": "language"}
    return {
        "builds": [
            row(
                "builds",
                id=1,
                program_version="1.2",
                schema_version=1,
                program_sha256="cd" * 32,
                inputs_sha256="ab" * 32,
                is_amended=0,
            )
        ],
        "authors": [row("authors", id="ann", name="Ann"), row("authors", id="eve", name=HOSTILE, bio=HOSTILE)],
        "documents": document_rows(),
        "comments": comment_rows(),
        "appearances": [
            appearance("page", 1, "first", **span("First", "Second")),
            appearance("page", 2, "second", **span("Second")),
            appearance("dump", 1, "orphan", record_number=7),
        ],
        "passages": [
            passage("first", 1, "First  comment.", **span("First", "<b>")),
            passage("first", 2, "<b>quoted</b>", quotation_confidence=0.8, **quotation, **span("<b>", "Second")),
            passage("second", 1, "Second comment.", **span("Second")),
        ],
        "furniture": [
            row("furniture", document_id="page", role="blank", text="\r\n  ", **span("", "Ann")),
            row("furniture", document_id="page", role="title", text="Ann's page", **span("Ann", "First")),
        ],
    }


def column(database: Path, sql: str) -> list[str]:
    """Give the first column of a query's rows."""
    with closing(sqlite3.connect(database)) as connection:
        return [str(found[0]) for found in connection.execute(sql)]


def write_made_up(path: Path) -> None:
    """Write the made-up archive as a database."""
    write_database(path, made_up_rows())


def bare_database(rows: Mapping[str, Iterable[tuple[object, ...]]]) -> sqlite3.Connection:
    """Give a database in memory with the tables of the schema, without keys and checks, that holds these rows."""
    connection = sqlite3.connect(":memory:")
    for name, table in TABLES.items():
        connection.execute(f"create table {name} ({', '.join(table.columns)})")
        places = ", ".join("?" for _ in table.columns)
        connection.executemany(f"insert into {name} values ({places})", rows.get(name, ()))
    return connection


class PageReader(HTMLParser):
    """Reads what the tests ask of a page: elements with their attributes, and the text in those of a class."""

    def __init__(self, html: str, text_class: str = "") -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self._class = text_class
        self._depth = 0
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep the element; start a text where it has the class."""
        attributes = dict(attrs)
        self.elements.append((tag, attributes))
        if self._depth:
            self._depth += tag in ("div", "q", "p")
        elif self._class and self._class in (attributes.get("class") or "").split():
            self._depth = 1
            self.texts.append("")

    def handle_endtag(self, tag: str) -> None:
        """End the text with its element."""
        if self._depth and tag in ("div", "q", "p"):
            self._depth -= 1

    def handle_data(self, data: str) -> None:
        """Keep the text."""
        if self._depth:
            self.texts[-1] += data

    def values(self, attribute: str, tag: str | None = None) -> list[str]:
        """Give an attribute's values in the order of the page."""
        return [
            value
            for name, attributes in self.elements
            if (tag is None or name == tag) and (value := attributes.get(attribute)) is not None
        ]

    def count(self, tag: str) -> int:
        """Count the elements of a kind."""
        return sum(name == tag for name, _ in self.elements)
