"""What was learned from comments and is kept beside the program, as readable JSON."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def load(name: str) -> Any:
    """Give the content of a model file of this package; it is shared, so nobody may change it."""
    return json.loads(files("forum_comments").joinpath(name).read_text(encoding="utf-8"))
