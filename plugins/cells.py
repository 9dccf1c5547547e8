"""Cells of tables, row pages and query results: ids become links to what they name, text becomes paragraphs."""

from datasette import hookimpl
from datasette.utils import tilde_encode
from markupsafe import Markup

from forum_comments.cells import EXCERPT_COLUMN, TEXT_COLUMNS, excerpt_html, id_column_of, target_of, text_html
from forum_comments.pages.lines import labels_of


@hookimpl
def render_cell(row, value, column, table, database, datasette):
    """Show a cell in words; None leaves it to Datasette."""
    # A foreign key that Datasette has labelled comes as a dict and is linked already; to one of a post without a title
    # it gives the label “None”.
    if isinstance(value, dict) and value["label"] is None and (target := target_of(table, column)) is not None:
        return link(datasette, database, target, str(value["value"]), value["value"])
    if not isinstance(value, str) or not value:
        return None
    target = target_of(table, column)
    if target is not None:
        return linked_id(datasette, database, table, column, value, target)
    id_column = id_column_of(table, column, row.keys())
    if id_column is not None and row[id_column]:
        return link(datasette, database, target_of(table, id_column), row_id(row[id_column]), value)
    if column == EXCERPT_COLUMN:
        return excerpt_html(value)
    if column in TEXT_COLUMNS:
        return text_html(value, datasette.setting("truncate_cells_html"))
    return None


async def linked_id(datasette, database, table, column, value, target):
    """Link an id; on a page of a table with the label that Datasette itself shows only in lists."""
    labels = await labels_of(datasette, database, table, column, [value]) if table else {}
    return link(datasette, database, target, value, labels.get((column, value)) or value)


def link(datasette, database, table, key, label):
    """Link a row under a label; the key is encoded, because any SQL may be run and call any text an author_id."""
    href = datasette.urls.row(database, table, tilde_encode(key))
    return Markup('<a href="{}">{}</a>').format(href, label)


def row_id(value):
    """Give the id in a cell, which is a dict where Datasette has labelled it."""
    return str(value["value"] if isinstance(value, dict) else value)
