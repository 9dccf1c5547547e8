"""The search index is made beside the database, by a second connection, while the database gets its other indexes.

Making it takes longer than all else that is done with stored rows, so that is done beside it. The index grows in a
file without a name, and its tables are copied over at the end: what FTS5 stores does not say where it was made.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from forum_comments.beside import beside, scratch_database
from forum_comments.schema import FTS_COLUMNS, FTS_CONTENT, FTS_TABLE, FTS_TOKENIZE

WORDS_SUFFIX = ".words"
# Bytes of index that FTS5 gathers in memory before it writes. With its default of 1 MB indexing takes twice as long.
HASH_BYTES = 64 * 1024 * 1024
INDEXED_COLUMNS = ", ".join(FTS_COLUMNS)
INDEX = (
    f"create virtual table words using fts5({INDEXED_COLUMNS}, content='', tokenize='{FTS_TOKENIZE}')",
    f"insert into words (words, rank) values ('hashsize', {HASH_BYTES})",
    f"insert into words (rowid, {INDEXED_COLUMNS}) select rowid, {INDEXED_COLUMNS} from building.{FTS_CONTENT}",
    "insert into words (words) values ('optimize')",
)
STORE = (
    "pragma building.journal_mode = off",
    "pragma building.synchronous = off",
    "begin",
    *(
        statement
        for table in ("data", "idx", "docsize")
        for statement in (
            f"delete from building.{FTS_TABLE}_{table}",
            f"insert into building.{FTS_TABLE}_{table} select * from words_{table}",
        )
    ),
    "commit",
)


@contextlib.contextmanager
def words_indexed(building: Path) -> Iterator[None]:
    """Index the words of a database while the block runs, and store the index in it when the block ends.

    The block may write to the database, but not to its comments; all that it wrote is committed when it ends. Raises
    sqlite3.Error where the index cannot be made.
    """
    with scratch_database(building, WORDS_SUFFIX, FTS_CONTENT) as words:
        with beside(words, _index):
            yield
        _store(words, building)


def _index(words: sqlite3.Connection) -> None:
    for statement in INDEX:
        words.execute(statement)
    words.execute("commit")
    words.execute("detach building")


def _store(words: sqlite3.Connection, building: Path) -> None:
    words.execute("attach ? as building", (building.as_uri(),))
    for statement in STORE:
        words.execute(statement)
