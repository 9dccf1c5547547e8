"""Rows of a made-up archive. As a program: `python sample_database.py TARGET COUNT` writes a database of them.

The program prints "started" when it begins. With a third argument it prints "waiting" before its last comment, and
waits for a line of input.
"""

import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from forum_comments.database import write_database
from forum_comments.schema import TABLES

WORDS = "naïve universe word rotor meadow lantern quartz basil copper delta ember fjord".split()


def row(table: str, **values: object) -> tuple[object, ...]:
    """Give a row of a table with these values and NULL in its other columns."""
    assert set(values) <= set(TABLES[table].columns)
    return tuple(values.get(column) for column in TABLES[table].columns)


def comment(number: int, **values: object) -> tuple[object, ...]:
    """Give a comment whose body holds the word `unique<number>`, with these values instead of the usual ones."""
    body = " ".join(WORDS[(number * step) % len(WORDS)] for step in range(1, 40))
    usual: dict[str, object] = {
        "id": f"p-{number}",
        "title": f"Comment {number}",
        "body": f"unique{number} {body}",
        "author_id": "ann",
        "author_name": "Ann",
        "author_basis": "header",
        "parent_basis": "unknown",
        "is_truncated": 0,
        "is_placeholder": 0,
        "source": "page",
    }
    return row("comments", **usual | values)


def sample_rows(count: int = 3, wait: Callable[[], object] = lambda: None) -> dict[str, Any]:
    """Give rows in which every comment but the last answers the one after it; `wait` is called before the last."""

    def comments() -> Iterator[tuple[object, ...]]:
        for number in range(1, count + 1):
            if number == count:
                wait()
            yield comment(number, parent_id=f"p-{number + 1}" if number < count else None, root_id=f"p-{count}")

    return {
        "authors": [row("authors", id="ann", name="Ann")],
        "comments": comments(),
        "links": [row("links", comment_id="p-1", position=1, url="https://example.org/a", host="example.org")],
    }


def wait_for_a_line() -> None:
    """Say that the program waits, and wait for a line of input."""
    print("waiting", flush=True)
    sys.stdin.readline()


if __name__ == "__main__":
    # A shell that is not interactive starts a job in the background deaf to Ctrl-C, and its children with it.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    print("started", flush=True)
    wait = wait_for_a_line if len(sys.argv) > 3 else lambda: None
    write_database(Path(sys.argv[1]), sample_rows(int(sys.argv[2]), wait))
