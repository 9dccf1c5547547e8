"""What the figures were measured on."""

from __future__ import annotations

import os
import platform
import sqlite3
from importlib.metadata import version


def machine() -> str:
    """Give the size of this machine and the versions of what is measured, for the line above a table."""
    gibibytes = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{os.cpu_count()} cores, {gibibytes:.0f} GB, Python {platform.python_version()}, "
        f"SQLite {sqlite3.sqlite_version}, sqlite-utils {version('sqlite-utils')}, Datasette {version('datasette')}"
    )
