"""The numbers of a list's items, as a browser draws them from HTML's attributes."""

from __future__ import annotations

import re
from typing import Final

# Of HTML's integers; larger ones are not counted with.
_INTEGER = re.compile(r"\s*([-+]?[0-9]{1,9})")
# Letters and Roman numbers end here; decimal ones go on.
_LETTERS, _ROMANS = 26, 3999
_ROMAN = (
    *((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl")),
    *((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")),
)
DECIMAL: Final = "1"
STYLES = frozenset({DECIMAL, "a", "A", "i", "I"})  # as the attribute `type` names them


def integer(text: str | None) -> int | None:
    """Read an attribute that is an integer; None where it is none."""
    found = _INTEGER.match(text or "")
    return int(found.group(1)) if found else None


class Numbering:
    """Counts the items of a list from `first` on, and writes their numbers in a style of `STYLES`."""

    def __init__(self, first: int = 1, style: str = DECIMAL) -> None:
        """Begin before the first item."""
        self._number = first
        self._style = style if style in STYLES else DECIMAL

    def label(self, number: int | None = None) -> str:
        """Give what stands before the next item, such as "1."; its number, where the item says one itself."""
        number = self._number if number is None else number
        self._number = number + 1
        text = str(number)
        if self._style in "aA" and 0 < number <= _LETTERS:
            text = chr(ord("a") + number - 1)
        elif self._style in "iI" and 0 < number <= _ROMANS:
            text = _roman(number)
        return f"{text.upper() if self._style.isupper() else text}."


def _roman(number: int) -> str:
    text = ""
    for value, letters in _ROMAN:
        text += letters * (number // value)
        number %= value
    return text
