"""Writes an archive in the plain form: `python -m forum_comments.export comments.db -o archive.jsonl`.

Building from what it writes gives the same rows of comments, people, posts, passages and links. What pages showed where
(documents, appearances, furniture) is not part of it.
"""

from __future__ import annotations

import contextlib
import csv
import io
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

import click
import orjson

from forum_comments.commands import command, standard_output
from forum_comments.errors import OutputError, SourceError, as_output_error
from forum_comments.files import SQLITE_HEADER, beginning_of, open_to_read
from forum_comments.readers.plain_form import COLUMNS
from forum_comments.record_ids import PAGE_SOURCE, forum_of, prefix_of
from forum_comments.replacement import replacement, resolve_target

# In the order in which a reader wants them.
EXPORTED = ("id", "source", *COLUMNS, "bio", "post_title", "post_url", "extra")

PEOPLE = """
    select coalesce(accounts.source, :page) as source, coalesce(accounts.source_id, authors.id) as author_id,
        authors.name as author, authors.bio, authors.extra
    from authors left join accounts on accounts.author_id = authors.id
    order by authors.id
"""
POSTS = """
    select distinct coalesce(comments.source, :page) as source, posts.id as post_id, posts.title as post_title,
        posts.url as post_url, posts.extra
    from posts left join comments on comments.post_id = posts.id
    order by 2, 1
"""
COMMENTS = """
    select comments.id as key, comments.source, comments.source_id as id, comments.parent_id,
        comments.parent_source_id, comments.author_name as author, comments.author_id,
        accounts.source as account_source, accounts.source_id as account_id,
        comments.posted_at, comments.body, comments.post_id, comments.thread_source_id as thread_id, comments.url,
        comments.edited_at, comments.age, comments.karma, comments.af_karma, comments.agreement, comments.score_text,
        comments.status, comments.is_truncated, comments.author_basis, comments.author_confidence,
        comments.parent_basis, comments.parent_confidence, comments.extra
    from comments left join accounts on accounts.author_id = comments.author_id
    where not comments.is_placeholder
    order by comments.rowid
"""
PASSAGES = """
    select kind, text, label, is_quotation, quotation_basis, quotation_confidence, quoted_comment_id
    from passages where comment_id = ? order by position
"""
LINKS = "select url from links where comment_id = ? order by position"

Row = dict[str, Any]


def exported_rows(connection: sqlite3.Connection) -> Iterator[Row]:
    """Give the comments, people and posts of an archive as rows of the plain form; what is unknown is left out.

    Ids are those of the source that a row names, or those of the archive where that is `page`. Raises
    sqlite3.DatabaseError where the database is no archive.
    """
    connection.row_factory = sqlite3.Row
    for comment in connection.execute(COMMENTS):
        row = _told(_comment(connection, dict(comment)))
        row.setdefault("body", None)  # by its name in the first rows a file of this form is known
        yield row
    for person in connection.execute(PEOPLE, {"page": PAGE_SOURCE}):
        yield _told(dict(person))
    for post in connection.execute(POSTS, {"page": PAGE_SOURCE}):
        row = dict(post)
        row["post_id"] = _own_id(row["source"], row["post_id"])
        yield _told(row)


def _comment(connection: sqlite3.Connection, row: Row) -> Row:
    key, source, parent, stated = (row.pop(name) for name in ("key", "source", "parent_id", "parent_source_id"))
    account_source, account_id = row.pop("account_source"), row.pop("account_id")
    is_page = source == PAGE_SOURCE
    parent = parent or stated if is_page else stated or (_own_id(source, parent) if parent is not None else None)
    row.update(id=key if is_page else row["id"], source=source, parent_id=parent)
    row["is_truncated"] = True if row["is_truncated"] else None
    if row["author_id"] is not None:
        if account_source == forum_of(source):
            row["author_id"] = account_id
        elif not is_page:  # whom a saved page of the forum names has no account that is known
            row["author_source"] = PAGE_SOURCE
    if row["post_id"] is not None:
        row["post_id"] = _own_id(source, row["post_id"])
    row["passages"] = [_passage(dict(passage)) for passage in connection.execute(PASSAGES, (key,))]
    row["links"] = [url for (url,) in connection.execute(LINKS, (key,))]
    return row


def _passage(passage: Row) -> Row:
    passage["is_quotation"] = True if passage["is_quotation"] else None
    return {name: value for name, value in passage.items() if value is not None}


def _told(row: Row) -> Row:
    """Put a row in the order of the form, without what is unknown."""
    if row["extra"] is not None:
        row["extra"] = orjson.loads(row["extra"])
    return {name: row[name] for name in EXPORTED if row.get(name) not in (None, [])}


def _own_id(source: str, archive_id: str) -> str:
    """Give the id that a source has for what the archive calls `archive_id`."""
    return archive_id if source == PAGE_SOURCE else archive_id.removeprefix(f"{prefix_of(source)}-")


def write_lines(rows: Iterable[Row], stream: BinaryIO) -> None:
    """Write rows as JSON Lines."""
    for row in rows:
        stream.write(orjson.dumps(row) + b"\n")


def write_table(rows: Iterable[Row], stream: BinaryIO) -> None:
    """Write rows as CSV with a header line, in UTF-8; lists and objects as JSON."""
    text = io.TextIOWrapper(stream, encoding="utf-8", newline="")
    writer = csv.DictWriter(text, EXPORTED, lineterminator="\n")
    writer.writeheader()
    for row in rows:
        writer.writerow({name: _cell(value) for name, value in row.items()})
    text.flush()
    text.detach()  # the stream is the caller's


def _cell(value: object) -> object:
    if isinstance(value, bool):
        return int(value)
    return orjson.dumps(value).decode() if isinstance(value, list | dict) else value


Writer = Callable[[Iterable[Row], BinaryIO], None]
WRITERS: dict[str, Writer] = {"jsonl": write_lines, "csv": write_table}


def export(database: Path, form: str, stream: BinaryIO) -> None:
    """Write an archive to a stream, `form` being one of WRITERS. Raises SourceError where the file is no archive."""
    if not database.is_file():
        raise SourceError(database, "no such file; expected a database that build_db.py wrote")
    try:
        with contextlib.closing(open_to_read(database)) as connection:
            connection.execute("begin")  # what is read belongs together, whoever writes meanwhile
            WRITERS[form](exported_rows(connection), stream)
    except sqlite3.DatabaseError as error:
        raise SourceError(database, f"no archive that this version reads: {error}; build it again") from error


def export_to(output: Path, database: Path, form: str) -> None:
    """Write an archive to a file: whole, or not at all; not over a database, which would be a slip.

    Raises SourceError as `export`, OutputError for the file.
    """
    path = resolve_target(output)
    with as_output_error(output):
        if path.exists() and beginning_of(path) == SQLITE_HEADER:
            raise OutputError(output, "is a database; it is not overwritten")
    with replacement(path) as unfinished, as_output_error(output), unfinished.open("wb") as stream:
        export(database, form, stream)


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("database", type=click.Path(path_type=Path), default=Path("comments.db"))
@click.option("-o", "--output", type=click.Path(path_type=Path), help="The file to write; without it, standard output.")
@click.option("--format", "form", type=click.Choice(list(WRITERS)), default="jsonl", show_default=True)
def main(database: Path, output: Path | None, form: str) -> None:
    """Write all comments of DATABASE (default: comments.db) in the plain form, from which it can be built again."""
    with command():
        if output is not None:
            export_to(output, database, form)
            return
        with standard_output() as stream:
            export(database, form, stream)


if __name__ == "__main__":
    main()
