"""Counts a facet of an immutable database once at the most: what the build has counted, or what was asked before.

The build counts the facets that stand beside a whole table into `inspect-data.json`. Of a table that is filtered, they
are counted when somebody asks, and kept. Where one of them takes longer than it may, the others of that page are given
up too: each has to find the same rows first.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any
from weakref import WeakKeyDictionary

from datasette.app import Datasette
from datasette.database import QueryInterrupted, Results
from datasette.facets import Facet
from datasette.utils import CustomRow

from forum_comments.inspection import MOST_VALUES

# What is kept at the most: counts, and characters of their values. Those of the site's own tables are some dozens.
MOST_COUNTS, MOST_CHARACTERS = 200, 10_000

# How Datasette counts a column of a whole table: neither columns nor table leave room for a condition.
COUNT_OF_A_TABLE = re.compile(
    r"select (\S+) as value, count\(\*\) as count from \( select [^\s,]+(?:, [^\s,]+)* from (\S+) \)"
    r" where \1 is not null group by \1 order by count desc, value limit (\d+)"
)
COLUMNS = ["value", "count"]
COUNT = "count(*) as count"
OUT_OF_TIME = "another facet of these rows took too long"

_Key = tuple[str, str, tuple[object, ...]]
_kept: WeakKeyDictionary[Datasette, dict[_Key, Results]] = WeakKeyDictionary()


class Counting:
    """A Datasette, for a facet, which executes what it has executed before by giving what came of it."""

    def __init__(self, datasette: Datasette) -> None:
        self._datasette = datasette
        self._kept = _kept.setdefault(datasette, {})
        self._is_out_of_time = False

    def __getattr__(self, name: str) -> Any:
        return getattr(self._datasette, name)

    async def execute(self, database: str, sql: str, params: Any = None, **how: Any) -> Results:
        """Execute a statement, unless the database is immutable and the answer is known or kept.

        Raises QueryInterrupted where it takes too long, or another one over the same part of a table did.
        """
        if self._datasette.get_database(database).is_mutable:
            return await self._execute(database, sql, params, **how)
        if (known := self._known(database, sql)) is not None:
            return known
        key = (database, sql, tuple(sorted(params.items()) if isinstance(params, dict) else params or ()))
        if key in self._kept:
            results = self._kept.pop(key)  # it goes to the end: what was not asked for longest is dropped first
        else:
            results = await self._execute(database, sql, params, **how)
        if sum(len(str(value)) for row in results.rows for value in row) <= MOST_CHARACTERS:
            self._kept[key] = results
        while len(self._kept) > MOST_COUNTS:
            del self._kept[next(iter(self._kept))]
        return results

    async def _execute(self, database: str, sql: str, params: Any, **how: Any) -> Results:
        is_count = COUNT in sql  # not a facet that is only suggested, which has less time
        if self._is_out_of_time and is_count and _count_of_a_table(sql) is None:
            raise QueryInterrupted(OUT_OF_TIME, sql, params)
        try:
            return await self._datasette.execute(database, sql, params, **how)
        except QueryInterrupted:
            self._is_out_of_time |= is_count  # the error is not kept: its traceback holds the statement open
            raise

    def _known(self, database: str, sql: str) -> Results | None:
        """Give what the build has counted, where this counts the same and asks for no more values than were kept."""
        count = _count_of_a_table(sql)
        if count is None:
            return None
        facets = (self._datasette.inspect_data or {}).get(database, {}).get("facets", {})
        column, table, limit = count[1].strip("[]"), count[2].strip("[]"), int(count[3])
        values = facets.get(table, {}).get(column)
        if values is None or len(values) == MOST_VALUES < limit:
            return None
        rows = [CustomRow(COLUMNS, dict(zip(COLUMNS, value, strict=True))) for value in values[:limit]]
        return Results(rows, False, tuple((name,) for name in COLUMNS))


def _count_of_a_table(sql: str) -> re.Match[str] | None:
    return COUNT_OF_A_TABLE.fullmatch(" ".join(sql.split()))


@cache
def counted_once(facet: type[Facet]) -> type[Facet]:
    """Give a kind of facet whose statements are executed once."""

    class CountedOnce(facet):  # type: ignore[misc]
        def __init__(self, ds: Datasette, *given: Any, **named: Any) -> None:
            super().__init__(Counting(ds), *given, **named)

    return CountedOnce
