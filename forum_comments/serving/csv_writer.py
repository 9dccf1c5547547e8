"""CSV of texts with a NUL on Python 3.10, whose writer takes that for the sign of escaping and fails."""

from __future__ import annotations

import csv
import sys
from functools import partial
from types import SimpleNamespace

from datasette.views import base

# A character that Unicode keeps out of texts. Where one holds it all the same, it is doubled.
ESCAPE = "\U0010ffff"


def write_any_text() -> None:
    """Let Datasette write any text as CSV."""
    if sys.version_info < (3, 11):
        vars(base)["csv"] = SimpleNamespace(writer=partial(csv.writer, escapechar=ESCAPE))
