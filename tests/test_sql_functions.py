"""The functions that take the place of SQLite's give what SQLite's give, in bounded time."""

from __future__ import annotations

import sqlite3
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forum_comments.serving.sql_functions import FUNCTIONS, LONGEST_TEXT

# A text with a NUL is cut at it by some of SQLite's functions and not by others.
TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=8)
FEW_LETTERS = st.text("ab%", max_size=12)
VALUES = st.one_of(st.none(), TEXTS, FEW_LETTERS, st.integers(-(2**63), 2**63 - 1), st.floats(allow_nan=False))
SECONDS = 1.0  # of a processor; they take a twentieth of it


def by_sqlite(name: str, *values: Any) -> Any:
    connection = sqlite3.connect(":memory:")
    (value,) = connection.execute(f"select {name}({', '.join('?' * len(values))})", values).fetchone()
    return value


@given(VALUES, VALUES)
def test_instr_gives_what_sqlites_gives(text: Any, part: Any) -> None:
    assert FUNCTIONS["instr", 2](text, part) == by_sqlite("instr", text, part)


@given(st.binary(max_size=6), st.binary(max_size=2))
def test_instr_of_blobs_counts_bytes(blob: bytes, part: bytes) -> None:
    assert FUNCTIONS["instr", 2](blob, part) == by_sqlite("instr", blob, part)


@given(VALUES, VALUES, VALUES)
def test_replace_gives_what_sqlites_gives(text: Any, old: Any, new: Any) -> None:
    expected = by_sqlite("replace", text, old, new)
    is_text = expected is None or isinstance(expected, str)
    # Where nothing is replaced SQLite may give a number back as a number; trim() makes a text of it.
    assert FUNCTIONS["replace", 3](text, old, new) == (expected if is_text else by_sqlite("trim", expected))


@pytest.mark.parametrize("name", ["trim", "ltrim", "rtrim"])
@given(text=VALUES, characters=VALUES)
def test_trim_gives_what_sqlites_gives(name: str, text: Any, characters: Any) -> None:
    assert FUNCTIONS[name, 2](text, characters) == by_sqlite(name, text, characters)


@pytest.mark.parametrize(
    "arguments", [("%05d|%-5s|%.3f", 1, "a", 2.5), ("%,d %%", 1234567), ("%q", "it's"), ("none",), (None,), ()]
)
def test_printf_gives_what_sqlites_gives(arguments: tuple[Any, ...]) -> None:
    assert FUNCTIONS["printf", -1](*arguments) == by_sqlite("printf", *arguments)


@pytest.mark.parametrize("format", ["%.*c", "%*d", "%2000000d", "%.2000000f", "%600000d%600000d", "%.9999999999c"])
def test_printf_refuses_widths_without_a_bound(format: str) -> None:
    with pytest.raises(ValueError, match=r"printf\(\)"):
        FUNCTIONS["printf", -1](format, 10**9, "x")


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("instr", ("a" * LONGEST_TEXT, "a" * (LONGEST_TEXT // 2) + "b")),
        ("replace", ("a" * LONGEST_TEXT, "a" * (LONGEST_TEXT // 2) + "b", "")),
        ("trim", ("a" * LONGEST_TEXT, "".join(map(chr, range(1000, 50_000))) + "a")),
    ],
)
def test_the_longest_texts_take_a_moment(name: str, arguments: tuple[str, ...]) -> None:
    """SQLite's own take seconds to hours for these, in one step that no time limit can end."""
    begun = time.process_time()
    FUNCTIONS[name, len(arguments)](*arguments)
    assert time.process_time() - begun < SECONDS


def test_replace_makes_no_text_that_is_too_long() -> None:
    with pytest.raises(sqlite3.DataError, match="too big"):
        FUNCTIONS["replace", 3]("a" * 2000, "a", "b" * 1000)
