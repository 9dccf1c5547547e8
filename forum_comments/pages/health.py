"""Whether the site can be served from its database: what a host asks every few seconds."""

from __future__ import annotations

import sqlite3
from typing import Any

from forum_comments.errors import PageError
from forum_comments.pages.reading import first
from forum_comments.schema import FTS_TABLE, SCHEMA_VERSION

BUILD = "select inputs_sha256, program_version, schema_version from builds limit 1"
# Each reads one row at most; a file that is cut short or damaged at its start fails here.
READ = ("select id from comments limit 1", f"select rowid from {FTS_TABLE} limit 1")


def health(connection: sqlite3.Connection) -> dict[str, Any]:
    """The build that is served. Raises PageError or sqlite3.Error, with what is wrong, where it cannot be."""
    build = first(connection, BUILD)
    if build is None:
        raise PageError("The database holds no build.")
    if build["schema_version"] != SCHEMA_VERSION:
        raise PageError(f"The database has schema version {build['schema_version']}; expected {SCHEMA_VERSION}.")
    for sql in READ:
        first(connection, sql)
    return {"ok": True, "build": build["inputs_sha256"][:12], **build}
