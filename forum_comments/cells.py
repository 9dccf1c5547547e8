"""What a cell of a table shows: which row it leads to, and how text that people wrote becomes safe HTML."""

from __future__ import annotations

import re
from collections.abc import Collection

from markupsafe import Markup, escape

from forum_comments.schema import TABLES

# Columns that name a row of another table: every foreign key, and what views and canned queries call the same thing.
TARGETS: dict[str, str] = {column: other for table in TABLES.values() for column, other in table.foreign_keys.items()}
TARGETS |= {"reply_id": "comments", "answered_author_id": "authors", "quoted_author_id": "authors"}

# Columns of views that show in words what another column of the view holds as an id.
VIEW_LABELS: dict[tuple[str, str], str] = {
    ("threads", "title"): "id",
    ("replies", "reply_title"): "reply_id",
    ("replies", "parent_title"): "parent_id",
    ("author_totals", "name"): "author_id",
}
VIEW_KEYS: dict[tuple[str, str], str] = {("threads", "id"): "comments"}

# Columns that hold running text.
TEXT_COLUMNS = frozenset(
    (
        "beginning bio body detail last_words own_text problem quoted_text reason text text_before value_after "
        "value_before"
    ).split()
)
EXCERPT_COLUMN = "excerpt"

# Longer texts (a document may have megabytes) end here on a page, which says so; JSON and CSV have all of them.
MAX_CHARACTERS = 20_000

BLANK_LINES = re.compile(r"\n\s*\n")
# What the search queries put around each word found.
FOUND = re.compile("⟦([^⟦⟧]*)⟧")


def target_of(table: str | None, column: str) -> str | None:
    """Name the table whose row a column's values lead to, or give None. `table` is None in the result of a query."""
    return VIEW_KEYS.get((table or "", column)) or TARGETS.get(column)


def id_column_of(table: str | None, column: str, columns: Collection[str]) -> str | None:
    """Name the column that holds the id of what this one shows in words, such as `author_id` for `author`."""
    name = VIEW_LABELS.get((table or "", column), f"{column}_id")
    return name if name in columns and target_of(table, name) is not None else None


def text_html(text: str, fold_after: int) -> Markup:
    """Show text as paragraphs, folded behind its beginning where longer than `fold_after` characters (0: never)."""
    shown = text[:MAX_CHARACTERS]
    paragraphs = Markup("").join(
        Markup("<p>{}</p>").format(Markup("<br>").join(paragraph.splitlines()))
        for paragraph in BLANK_LINES.split(shown.strip())
    )
    left_out = len(text) - len(shown)
    if left_out:
        paragraphs += Markup("<p>… {:,} more characters are in the JSON and CSV.</p>").format(left_out)
    if fold_after == 0 or len(text) <= fold_after:
        return Markup('<div class="text">{}</div>').format(paragraphs)
    beginning = " ".join(text[:fold_after].split())
    return Markup('<details class="text"><summary>{} …</summary>{}</details>').format(beginning, paragraphs)


def excerpt_html(excerpt: str) -> Markup:
    """Show an excerpt with the words found marked. The text is escaped first, so that nothing in it becomes markup."""
    return Markup(FOUND.sub(r"<mark>\1</mark>", str(escape(excerpt))))
