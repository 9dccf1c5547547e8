"""The learned model as a text that can be read and compared: one opening, one stem, one tree a line."""

from __future__ import annotations

import json
from typing import Any


def model_text(model: dict[str, Any]) -> str:
    """Write a model as JSON, keys in alphabetical order."""
    return _text(model, 0) + "\n"


def _text(value: Any, depth: int) -> str:
    indent, inner = " " * depth, " " * (depth + 1)
    if isinstance(value, dict):
        members = [f"{inner}{_plain(key)}: {_text(value[key], depth + 1)}" for key in sorted(value)]
        return "{\n" + ",\n".join(members) + f"\n{indent}}}"
    if isinstance(value, list) and value and isinstance(value[0], list):
        return "[\n" + ",\n".join(f"{inner}{_plain(item)}" for item in value) + f"\n{indent}]"
    return _plain(value)


def _plain(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
