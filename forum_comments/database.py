"""Rows become a SQLite file: tables, keys, indexes, full-text search and views, checked and moved into place.

There are no triggers: the file is published read-only and always built anew, so nothing has to keep the search
index in step, and loading takes half the time without them.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import textwrap
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import sqlite_utils

from forum_comments.beside import beside
from forum_comments.errors import OutputError
from forum_comments.inspection import described, inspection, undescribed
from forum_comments.replacement import replacement, resolve_target, working_file
from forum_comments.schema import (
    FTS_COLUMNS,
    FTS_CONTENT,
    FTS_TABLE,
    FTS_TOKENIZE,
    TABLES,
    VIEWS,
    Table,
    indexes_of,
)
from forum_comments.search_index import words_indexed
from forum_comments.statistics import STATISTICS_TABLE, statistics_rows
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
    # What SQLite sorts for an index stays in memory: no temporary file in a folder that nobody named.
    "pragma temp_store = memory",
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

JOURNAL_SUFFIXES = ("-wal", "-journal")
SQLITE_HEADER = b"SQLite format 3\x00"
BUSY_SECONDS = 1.0  # how long to wait for another program that has the old database open
BROKEN_KEYS_SHOWN = 10
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
    path = resolve_target(target)
    _require_database(path)
    settle_journals(path)
    with contextlib.ExitStack() as moved, replacement(path) as building:
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
    with working_file(path) as building:
        with contextlib.closing(_connect(path, building)) as connection:
            counts = _fill_tables(path, connection, rows, amend)
            counts[STATISTICS_TABLE] = _insert(path, connection, STATISTICS_TABLE, statistics_rows(connection))
            with _reported(path, "cannot be written"):
                connection.commit()
        with undescribed(path), _settled(path), contextlib.closing(_connect(path, path)) as connection:
            with _reported(path, "cannot be brought up to date"):
                connection.isolation_level = None
                connection.execute("pragma synchronous = full")
                connection.execute("attach ? as new", (str(building),))
                connection.execute("begin immediate")
                # While somebody reads the file, what was changed stays in memory: SQLite would wait for them again with
                # every page that it wants to write before the end.
                connection.execute("pragma busy_timeout = 0")
                update_rows(connection)
                _check_rows(path, connection, counts)
                connection.execute(f"pragma busy_timeout = {int(1000 * BUSY_SECONDS)}")
                connection.execute("commit")
                connection.execute("detach new")
            check_database(path, connection, counts)
    return counts


def require_no_fewer(target: Path, comments: int) -> None:
    """Raise OutputError where the database at `target` holds more than so many comments."""
    try:
        with contextlib.closing(sqlite3.connect(f"{target.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            (before,) = connection.execute("select comments from builds").fetchone()
    except (sqlite3.Error, TypeError, ValueError):
        return  # there is none, or it is none of this program's: whoever writes it says what is wrong
    if isinstance(before, int) and comments < before:
        what = f"holds {before} comments, and would hold {comments}; --allow-shrink writes it all the same"
        raise OutputError(target, what)


def check_database(path: Path, connection: sqlite3.Connection, counts: Mapping[str, int]) -> None:
    """Raise OutputError unless a database is sound: structure, keys, search index, `counts` rows in each table.

    `path` serves in the error only. That each index has what its table has is left to SQLite, which has just made them:
    looking every entry up takes as long as the search index, and the tests do.
    """
    with (
        contextlib.closing(_second_connection(connection)) as second,
        beside(second, lambda _: _values(second, "pragma quick_check")) as structure,
    ):
        _check_rows(path, connection, counts)
        with _reported(path, "it is damaged"):
            _require(path, "quick_check", structure.result(), ["ok"])


def _second_connection(connection: sqlite3.Connection) -> sqlite3.Connection:
    """Open the database of a connection again, to read it in another thread."""
    # As bytes: a file's name need not be UTF-8.
    query = "select cast(file as blob) from pragma_database_list where name = 'main'"
    (file,) = connection.execute(query).fetchone()
    address = f"{Path(os.fsdecode(file)).as_uri()}?mode=ro"
    return sqlite3.connect(address, uri=True, check_same_thread=False)


def _check_rows(path: Path, connection: sqlite3.Connection, counts: Mapping[str, int]) -> None:
    with _reported(path, "its keys cannot be checked"):
        broken = connection.execute("pragma foreign_key_check").fetchmany(BROKEN_KEYS_SHOWN)
        keys = [f"row {row} of {table} names no row of {other}" for table, row, other, _ in broken]
        _require(path, "foreign_key_check", keys, [])
    with _reported(path, "its rows cannot be counted"):
        for table, count in counts.items():
            _require(path, f"rows of {table}", _values(connection, f'select count(*) from "{table}"'), [count])
        # VACUUM numbers the rows of a table with a text key anew, from 1; the search index keeps the old numbers.
        last = _values(connection, f"select ifnull(max(rowid), 0) from {FTS_CONTENT}")
        _require(path, f"last row number of {FTS_CONTENT}", last, [counts[FTS_CONTENT]])
    with _reported(path, f"the search index is out of step with {FTS_CONTENT}"):
        # Without rank 1 an index of other words than the table's would pass.
        connection.execute(f"insert into {FTS_TABLE} ({FTS_TABLE}, rank) values ('integrity-check', 1)")


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


def settle_journals(path: Path) -> None:
    """Bring what a `-wal` or `-journal` beside an old database holds into it, so that neither outlives it.

    SQLite would take what is left of them for part of the new database. Raises OutputError where one remains.
    """
    journals = _journals(path)
    if not journals:
        return
    if not path.exists():
        raise OutputError(path, f"{journals} lies there without its database; move it away and build again")
    try:
        # Beside a file that is no database SQLite deletes the journals: look first without touching them.
        _query(f"{path.as_uri()}?mode=ro&immutable=1", "select count(*) from sqlite_master")
        # The query after the checkpoint rolls a journal back.
        _query(f"{path.as_uri()}?mode=rw", "pragma wal_checkpoint(truncate)", "select count(*) from sqlite_master")
    except sqlite3.Error as error:
        raise OutputError(path, f"what {journals} holds cannot be brought into the old database: {error}") from error
    if _journals(path):
        what = f"{_journals(path)} is in use by another program, or left by one; close it and build again"
        raise OutputError(path, what)


def _journals(path: Path) -> str:
    beside = [path.with_name(f"{path.name}{suffix}") for suffix in JOURNAL_SUFFIXES]
    return " and ".join(journal.name for journal in beside if os.path.lexists(journal))


def _query(address: str, *queries: str) -> None:
    with contextlib.closing(sqlite3.connect(address, uri=True, timeout=BUSY_SECONDS)) as connection:
        for query in queries:
            connection.execute(query).fetchall()


def _require_database(path: Path) -> None:
    """Refuse to replace a file that is no database: its name was probably a slip."""
    try:
        with path.open("rb") as file:
            beginning = file.read(len(SQLITE_HEADER))
    except FileNotFoundError:
        return
    except OSError as error:
        raise OutputError(path, f"cannot be read: {error.strerror or error}") from error
    if beginning not in (b"", SQLITE_HEADER):
        raise OutputError(path, "is there and no SQLite database; it is not overwritten")


def _connect(path: Path, building: Path) -> sqlite3.Connection:
    with _reported(path, "cannot be written"):
        return sqlite3.connect(building)


def _fill(
    path: Path, building: Path, connection: sqlite3.Connection, chunks: Chunks, amend: Amend | None
) -> dict[str, int]:
    """Make tables, rows, indexes, search index and views, and count the rows of each table."""
    counts = _fill_tables(path, connection, chunks, amend)
    database = _database(connection)
    with _reported(path, "cannot be written"), words_indexed(building):
        for name, table in TABLES.items():
            for columns in indexes_of(table):
                database.table(name).create_index(columns)
        for name, query in VIEWS.items():
            database.create_view(name, textwrap.dedent(query).strip())
        connection.commit()
        counts[STATISTICS_TABLE] = _insert(path, connection, STATISTICS_TABLE, statistics_rows(connection))
        connection.commit()
    return counts


def _fill_tables(path: Path, connection: sqlite3.Connection, chunks: Chunks, amend: Amend | None) -> dict[str, int]:
    """Make the tables with all rows but the statistics, and count them."""
    database = _database(connection)
    with _reported(path, "cannot be written"):
        for setting in SETTINGS:
            connection.execute(setting)
        for name, table in TABLES.items():
            _create_table(database, name, table)
    counts = dict.fromkeys(TABLES, 0)
    for name, rows in chunks:
        if name not in TABLES:
            raise ValueError(f"no such table in the schema: {name}")
        counts[name] += _insert(path, connection, name, rows, counts[name])
    with _reported(path, "cannot be written"):
        connection.execute(LINK_QUOTATIONS)
    if amend is not None:
        with _reported(path, "cannot be written"):
            amend(connection)
            counts = {name: connection.execute(f'select count(*) from "{name}"').fetchone()[0] for name in TABLES}
    with _reported(path, "cannot be written"):
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


def _values(connection: sqlite3.Connection, query: str) -> list[object]:
    return [row[0] for row in connection.execute(query)]


def _require(path: Path, what: str, found: Sequence[object], expected: Sequence[object]) -> None:
    if found != expected:
        raise OutputError(path, f"the new database fails {what}: found {found}, expected {expected}")


@contextlib.contextmanager
def _reported(path: Path, what: str) -> Iterator[None]:
    """Turn an error of SQLite into an OutputError."""
    try:
        yield
    except sqlite3.Error as error:
        raise OutputError(path, f"{what}: {error}") from error
