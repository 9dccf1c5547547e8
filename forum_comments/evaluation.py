"""The figures of the last evaluation, which a database carries so that its readers can see how far to trust it.

`python -m training evaluate` writes them; the build only copies them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

EVALUATION_FILE = Path(__file__).with_name("evaluation.json")


def evaluation_rows(file: Path = EVALUATION_FILE) -> list[Mapping[str, object]]:
    """Give the rows of the table `evaluation`."""
    rows: list[Mapping[str, object]] = json.loads(file.read_text(encoding="utf-8"))
    return rows
