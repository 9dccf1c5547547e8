"""What Datasette answers with 500 although the address was at fault: a status and a sentence in its place."""

import sqlite3

from datasette import NotFound, hookimpl
from datasette.database import QueryInterrupted
from datasette.handle_exception import handle_exception as stock
from datasette.views.base import DatasetteError

# Datasette looks a row with a key of several columns up with the parts that the address has, however few.
MISSING_KEY_PART = "You did not supply a value for binding"

# Datasette 1.0 says what is wrong with a reader's SQL on the page and in JSON, but not in CSV.
READERS_SQL_AS_CSV = "/-/query.csv"


@hookimpl
def handle_exception(datasette, request, exception):
    """Answer such an exception as what it is; None leaves every other to Datasette."""
    if isinstance(exception, DatasetteError) and exception.message.startswith("Cannot sort table by"):
        return stock(datasette, request, DatasetteError(f"{exception.message}: it has no such column", status=400))
    if isinstance(exception, sqlite3.ProgrammingError) and str(exception).startswith(MISSING_KEY_PART):
        return stock(
            datasette, request, NotFound("The key of a row of this table has several parts, joined by commas.")
        )
    if isinstance(exception, sqlite3.Error) and request.path.endswith(READERS_SQL_AS_CSV):
        return stock(datasette, request, DatasetteError(str(exception), status=400))
    interrupted = exception.__context__ if isinstance(exception, DatasetteError) else exception
    if isinstance(interrupted, QueryInterrupted):
        return stock(datasette, request, took_too_long(datasette, interrupted))
    if isinstance(exception, MemoryError):
        sentence = "The answer needs more memory than this server has for it now. Ask for less, or try again."
        return stock(datasette, request, DatasetteError(sentence, status=503))
    return None


def took_too_long(datasette, interrupted):
    """Say it in words; Datasette says it in HTML, in JSON too, and with a script that no template holds."""
    limit = datasette.setting("sql_time_limit_ms")
    sentence = f"The SQL query took too long: it was stopped after {limit} milliseconds. Ask for less of it."
    return DatasetteError(sentence, title="SQL Interrupted", error_dict={"sql": interrupted.sql}, status=400)
