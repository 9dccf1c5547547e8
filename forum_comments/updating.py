"""Brings the rows of a database up to date in place, in the transaction that is open.

What they are to be stands in another database. Rows that are the same stay untouched. Comments keep their numbers in
the table where they can, and take those that are free, from 1 on without a gap: the search index goes by them, and
VACUUM gives them anew.
"""

from __future__ import annotations

import sqlite3

from forum_comments.schema import FTS_CONTENT, FTS_TABLE, TABLES, Table
from forum_comments.search_index import INDEXED_COLUMNS

# The comments that stay where they are, `same` or with other values; those beyond the last number to be must move.
KEPT = """
    create temporary table kept as
    select old.rowid as number, new.rowid as new_number, ({same}) as same
    from main.{name} as old join new.{name} as new on {key}
    where old.rowid <= (select max(rowid) from new.{name})
"""
WRITE_OVER = """
    create temporary table gone as
    select rowid as number from main.{name} where rowid not in (select number from kept where same)
"""
WRITE_INTO = """
    create temporary table written as
    select number, new_number from kept where not same
    union all
    select free.rowid, homeless.rowid
    from (
        select rowid, row_number() over (order by rowid) as place from new.{name}
        where rowid not in (select number from kept)
    ) as free
    join (
        select rowid, row_number() over (order by rowid) as place from new.{name}
        where rowid not in (select new_number from kept)
    ) as homeless using (place)
"""
FORGET_WORDS = f"""
    insert into main.{FTS_TABLE} ({FTS_TABLE}, rowid, {INDEXED_COLUMNS})
    select 'delete', rowid, {INDEXED_COLUMNS} from main.{FTS_CONTENT} where rowid in (select number from gone)
"""
LEARN_WORDS = f"""
    insert into main.{FTS_TABLE} (rowid, {INDEXED_COLUMNS})
    select rowid, {INDEXED_COLUMNS} from main.{FTS_CONTENT} where rowid in (select number from written)
"""
FORGET_ROWS = "delete from main.{name} where rowid in (select number from gone)"
WRITE_ROWS = """
    insert into main.{name} (rowid, {columns})
    select number, {values} from written join new.{name} as new on new.rowid = new_number
"""
CLEAR = ("drop table kept", "drop table gone", "drop table written")

FORGET_OTHERS = """
    delete from main.{name} where rowid in (
        select old.rowid from main.{name} as old
        where not exists (select 1 from new.{name} as new where {key} and {same})
    )
"""
WRITE_OTHERS = """
    insert into main.{name}
    select * from new.{name} as new where not exists (select 1 from main.{name} as old where {key})
"""


def update_rows(connection: sqlite3.Connection) -> None:
    """Give the tables of `main` the rows of the attached database `new`.

    Rows come in any order of parents and children: foreign keys are off, and whoever commits checks them.
    """
    for name, table in TABLES.items():
        numbered = (KEPT, WRITE_OVER, WRITE_INTO, FORGET_WORDS, FORGET_ROWS, WRITE_ROWS, LEARN_WORDS, *CLEAR)
        for statement in numbered if name == FTS_CONTENT else (FORGET_OTHERS, WRITE_OTHERS):
            connection.execute(statement.format(name=name, **_parts(table)))


def _parts(table: Table) -> dict[str, str]:
    """Give what the statements say of a table's columns."""
    return {
        "key": " and ".join(f'new."{column}" = old."{column}"' for column in table.key),
        "same": " and ".join(f'new."{column}" is old."{column}"' for column in table.columns),
        "columns": ", ".join(f'"{column}"' for column in table.columns),
        "values": ", ".join(f'new."{column}"' for column in table.columns),
    }
