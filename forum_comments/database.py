"""Rows become a SQLite file: tables, keys, indexes, full-text search and views, checked and moved into place.

There are no triggers: the file is published read-only and always built anew, so nothing has to keep the search
index in step, and loading takes half the time without them.
"""

from __future__ import annotations

import contextlib
import sqlite3
import textwrap
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import sqlite_utils

from forum_comments.checks import check_database, check_rows
from forum_comments.errors import OutputError, as_output_error
from forum_comments.files import SQLITE_HEADER, beginning_of, open_to_read
from forum_comments.inspection import described, inspection
from forum_comments.journals import BUSY_SECONDS, settle_journals
from forum_comments.replacement import replacement, resolve_target, working_file
from forum_comments.schema import (
    FTS_COLUMNS,
    FTS_CONTENT,
    FTS_TOKENIZE,
    TABLES,
    VIEWS,
    Table,
    indexes_of,
)
from forum_comments.search_index import words_indexed
from forum_comments.statistics import STATISTICS_TABLE, statistics_counted
from forum_comments.temporary import sqlite_files_in
from forum_comments.updating import update_rows

SETTINGS = (
    # Said here because builds of SQLite differ in them and the bytes of the file depend on them. Pages of 16 KB load
    # 6 % faster (measured with 50,000 comments) and double the size of a small archive.
    "pragma page_size = 4096",
    "pragma auto_vacuum = none",
    "pragma encoding = 'UTF-8'",
    # Nothing reads the file before it is whole, checked and synced, so it needs no journal.
    "pragma journal_mode = off",
    "pragma synchronous = off",
    # Ids come in no order, so every row goes to another page of the key's index. With SQLite's 2 MB inserting takes a
    # quarter longer at 150,000 comments.
    "pragma cache_size = -65536",
    # What SQLite sorts for an index stays in memory only as far as the cache goes; see `sqlite_files_in`.
    "pragma temp_store = file",
)
# Dumps mark what is quoted, but not whom: it is the comment that is answered, where its text holds the words. So few
# characters ("Yes.") say nothing.
QUOTED_CHARACTERS = 20
LINK_QUOTATIONS = f"""
    update passages set quoted_comment_id = (
        select parent.id from comments as reply join comments as parent on parent.id = reply.parent_id
        where reply.id = passages.comment_id and instr(parent.body, passages.text) > 0
    )
    where is_quotation and quoted_comment_id is null and start_offset is null and length(text) >= {QUOTED_CHARACTERS}
"""

# Problems come in the order in which they were found; their numbers must not depend on it.
NUMBER_PROBLEMS = (
    "create temporary table found as select kind, detail, comment_id, document_id from problems",
    "delete from problems",
    """
    insert into problems (kind, detail, comment_id, document_id) select kind, detail, comment_id, document_id
    from found order by ifnull(document_id, ''), kind, detail, ifnull(comment_id, '')
    """,
    "drop table found",
)

# What sqlite3 raises for a value that cannot be stored; besides its own errors, for an integer beyond 64 bits and
# for half a surrogate pair.
STORING_ERRORS = (sqlite3.Error, OverflowError, UnicodeEncodeError)


Rows = Iterable[Sequence[object]]
Chunks = Iterable[tuple[str, Rows]]  # rows of one table at a time
Amend = Callable[[sqlite3.Connection], None]


def write_database(target: Path, rows: Mapping[str, Rows] | Chunks, amend: Amend | None = None) -> dict[str, int]:
    """Write a whole database, put it in the place of `target`, or leave `target` as it is; count each table's rows.

    `rows` gives the rows of each table of `schema.TABLES`, values in the order of its columns; each iterable is
    consumed once. In chunks, a table may come again. One that is not named stays empty; `statistics` is counted from
    the others, and problems are numbered in an order of their own. Rows may refer to rows that come later. `amend` may
    change rows when all are written and nothing is indexed yet. Where `target` is a link, the file that it names is
    replaced. What Datasette would count is written beside it, to `inspect-data.json`.

    Raises OutputError where the file cannot be written or is no database, the rows break the schema, another
    build is writing it, or another program has the old database open with changes beside it.
    """
    path = require_target(target)
    settle_journals(path)
    with contextlib.ExitStack() as moved, replacement(path) as building, sqlite_files_in(path.parent):
        with contextlib.closing(_connect(path, building)) as connection:
            chunks = rows.items() if isinstance(rows, Mapping) else rows
            counts = _fill(path, building, connection, chunks, amend)
            check_database(path, connection, counts)
        entry = inspection(path, building, counts)
        settle_journals(path)  # a program may have opened the old database in the meantime
        moved.enter_context(described(path, entry))
    return counts


def update_database(target: Path, rows: Chunks, amend: Amend | None = None) -> dict[str, int]:
    """Give a database that `write_database` has written other rows, in place and in one transaction; count them.

    After a crash SQLite finds what it needs beside the file to bring back what was there before. Raises OutputError as
    `write_database` does.
    """
    path = resolve_target(target)
    settle_journals(path)
    with working_file(path) as building, sqlite_files_in(path.parent):
        with contextlib.closing(_connect(path, building)) as connection:
            counts = _fill_tables(path, connection, rows, amend)
            with as_output_error(path), statistics_counted(building) as counted:
                counts[STATISTICS_TABLE] = _insert(path, connection, STATISTICS_TABLE, counted.result())
                connection.commit()
        with described(path), _settled(path), contextlib.closing(_connect(path, path)) as connection:
            with as_output_error(path, "cannot be brought up to date"):
                connection.isolation_level = None
                connection.execute("pragma synchronous = full")
                connection.execute("attach ? as new", (str(building),))
                connection.execute("begin immediate")
                # While somebody reads the file, what was changed stays in memory: SQLite would wait for them again with
                # every page that it wants to write before the end.
                connection.execute("pragma busy_timeout = 0")
                update_rows(connection)
                check_rows(path, connection, counts)
                connection.execute(f"pragma busy_timeout = {int(1000 * BUSY_SECONDS)}")
                connection.execute("commit")
                connection.execute("detach new")
            check_database(path, connection, counts)
    return counts


def require_target(target: Path) -> Path:
    """Give the absolute path of a database that can be written. Raises OutputError where another file is in the way."""
    path = resolve_target(target)
    _require_database(path)
    return path


def require_no_fewer(target: Path, comments: int) -> None:
    """Raise OutputError where the database at `target` holds more than so many comments."""
    try:
        with contextlib.closing(open_to_read(target)) as connection:
            (before,) = connection.execute("select comments from builds").fetchone()
    except (sqlite3.Error, TypeError, ValueError):
        return  # there is none, or it is none of this program's: whoever writes it says what is wrong
    if isinstance(before, int) and comments < before:
        what = f"holds {before} comments, and would hold {comments}; --allow-shrink writes it all the same"
        raise OutputError(target, what)


@contextlib.contextmanager
def _settled(path: Path) -> Iterator[None]:
    """Where the block fails, bring back what was there before it: after an error of the disk SQLite leaves that over.

    Who reads the file as one that never changes would see half of what was written.
    """
    try:
        yield
    except BaseException:  # Ctrl-C too
        with contextlib.suppress(OutputError):  # the next build says so
            settle_journals(path)
        raise


def _require_database(path: Path) -> None:
    """Refuse to replace a file that is no database: its name was probably a slip."""
    try:
        beginning = beginning_of(path)
    except FileNotFoundError:
        return
    except OSError as error:
        raise OutputError(path, f"cannot be read: {error.strerror or error}") from error
    if beginning not in (b"", SQLITE_HEADER):
        raise OutputError(path, "is there and no SQLite database; it is not overwritten")


def _connect(path: Path, building: Path) -> sqlite3.Connection:
    with as_output_error(path):
        return sqlite3.connect(building)


def _fill(
    path: Path, building: Path, connection: sqlite3.Connection, chunks: Chunks, amend: Amend | None
) -> dict[str, int]:
    """Make tables, rows, indexes, search index and views, and count the rows of each table."""
    counts = _fill_tables(path, connection, chunks, amend)
    database = _database(connection)
    with as_output_error(path), words_indexed(building), statistics_counted(building) as counted:
        for name, table in TABLES.items():
            for columns in indexes_of(table):
                database.table(name).create_index(columns)
        for name, query in VIEWS.items():
            database.create_view(name, textwrap.dedent(query).strip())
        counts[STATISTICS_TABLE] = _insert(path, connection, STATISTICS_TABLE, counted.result())
        connection.commit()
    return counts


def _fill_tables(path: Path, connection: sqlite3.Connection, chunks: Chunks, amend: Amend | None) -> dict[str, int]:
    """Make the tables with all rows but the statistics, and count them."""
    database = _database(connection)
    with as_output_error(path):
        for setting in SETTINGS:
            connection.execute(setting)
        for name, table in TABLES.items():
            _create_table(database, name, table)
    counts = dict.fromkeys(TABLES, 0)
    for name, rows in chunks:
        if name not in TABLES:
            raise ValueError(f"no such table in the schema: {name}")
        counts[name] += _insert(path, connection, name, rows, counts[name])
    with as_output_error(path):
        connection.execute(LINK_QUOTATIONS)
    if amend is not None:
        with as_output_error(path):
            amend(connection)
            counts = {name: connection.execute(f'select count(*) from "{name}"').fetchone()[0] for name in TABLES}
    with as_output_error(path):
        for statement in NUMBER_PROBLEMS:
            connection.execute(statement)
        # Once: whenever rows are committed all pages that they touched are written, and every row touches many.
        connection.commit()
    return counts


def _database(connection: sqlite3.Connection) -> sqlite_utils.Database:
    return sqlite_utils.Database(connection, execute_plugins=False)  # the file is the same whatever is installed


def _create_table(database: sqlite_utils.Database, name: str, table: Table) -> None:
    database.table(name).create(
        table.columns,
        pk=table.key if len(table.key) > 1 else table.key[0],
        foreign_keys=[(column, other, "id") for column, other in table.foreign_keys.items()],
        not_null={*table.not_null, *table.key},  # SQLite lets a key be NULL unless told
    )
    if name == FTS_CONTENT:  # while it is empty: the index is filled once, when its memory has been set
        database.table(name).enable_fts(FTS_COLUMNS, tokenize=FTS_TOKENIZE)


def _insert(path: Path, connection: sqlite3.Connection, name: str, rows: Rows, before: int = 0) -> int:
    """Write rows of a table, which has so many already, and count them."""
    count = 0

    def counted() -> Iterator[Sequence[object]]:
        nonlocal count
        for row in rows:
            count += 1
            yield row

    places = ", ".join("?" for _ in TABLES[name].columns)
    try:
        connection.executemany(f'insert into "{name}" values ({places})', counted())
    except STORING_ERRORS as error:
        raise OutputError(path, f"row {before + count} of {name} cannot be written: {error}") from error
    return count
