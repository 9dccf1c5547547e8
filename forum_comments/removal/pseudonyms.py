"""A pseudonym in the place of every name that the archive knows: the same one everywhere, made with a salt.

What is looked for are the names of authors. Nobody is found by first name, nickname or a misspelling; a name of one
word that is an everyday word too stays where people wrote it; and who searches the web for a comment's words finds its
author.
"""

from __future__ import annotations

import os
import secrets
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from forum_comments.errors import OutputError
from forum_comments.removal.finding import NameFinder
from forum_comments.removal.lists import SALT_BYTES, salted_hash
from forum_comments.removal.renewal import forget_readings, renew, renew_permalinks, rewriting
from forum_comments.removal.texts import Strikes, distinctive, strike_cells, strike_pages
from forum_comments.removal.wording import LEFT_OUT, PSEUDONYMISED, PSEUDONYMISED_DETAIL
from forum_comments.schema import TABLES

SALT_FILE = Path(".pseudonyms")  # a server shows no file whose name begins with a dot, and Git ignores this one
SALT_MODE = 0o600
# A pseudonym ends in letters: heads print an age or a score right after a name.
PSEUDONYM_LETTERS = 12
LETTERS = str.maketrans("0123456789abcdef", "abcdefghjkmnpqrs")
OWNERS_TABLE = "authors"
# What leads to the person or the original, and would undo the pseudonym; and the bytes of pages with names in them.
EMPTIED = {
    "authors": ("bio", "extra"),
    "posts": ("url", "extra"),
    "documents": ("url", "raw"),
    "comments": ("url", "extra"),
    "corrections": ("url",),
}


@dataclass(frozen=True, slots=True)
class Replaced:
    """What was replaced: for a proof that it is gone."""

    names: tuple[str, ...] = ()  # that stand nowhere any more
    everyday: tuple[str, ...] = ()  # that stay in what people wrote, since they are words too, or very short


def read_salt(path: Path) -> bytes:
    """Give the salt of a file, which is made where there is none. Raises OutputError where it cannot be used."""
    try:
        if not path.exists():
            _make_salt(path)
        salt = bytes.fromhex(path.read_text(encoding="ascii"))
    except OSError as error:
        raise OutputError(path, f"cannot be used for pseudonyms: {error.strerror or error}") from error
    except ValueError:
        salt = b""
    if len(salt) != SALT_BYTES:
        raise OutputError(path, f"is no salt for pseudonyms; expected {2 * SALT_BYTES} hexadecimal digits")
    return salt


def _make_salt(path: Path) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, SALT_MODE)
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_hex(SALT_BYTES) + "\n")
    except BaseException:  # an empty file would be refused from then on
        path.unlink()
        raise


def pseudonymise(connection: sqlite3.Connection, salt: bytes) -> Replaced:
    """Replace every name in a database whose rows are written and whose indexes are not."""
    names = _names(connection)
    clear = distinctive(connection, names)
    with rewriting(connection):
        _replace(connection, salt, names, clear)
    return Replaced(tuple(clear), tuple(name for name in names if name not in clear))


def _replace(connection: sqlite3.Connection, salt: bytes, names: Sequence[str], clear: Sequence[str]) -> None:
    """Replace names: those that are `clear` in what people wrote too."""
    forget_readings(connection)
    marks = {name: f"Person {_letters(salt, 'name', name)}" for name in names}
    strikes = Strikes(
        names=NameFinder({spelling: mark for name, mark in marks.items() for spelling in (name.lower(), name)}),
        mentions=NameFinder({name: marks[name] for name in clear}),
        furniture={(document_id, "bio"): LEFT_OUT for (document_id,) in connection.execute("select id from documents")},
    )
    for comment_id, head, new in _heads(connection, marks):
        strikes.quoting.setdefault(comment_id, []).append((head, new))
    for table, columns in EMPTIED.items():
        connection.execute(f"update {table} set {', '.join(f'{column} = null' for column in columns)}")
    pages = strike_pages(connection, strikes)
    _replace_in_columns(connection, marks)
    _replace_authors(connection, salt, marks)
    changed = strike_cells(connection, strikes)
    renew(connection, changed)
    renew_permalinks(connection, changed, pages)
    connection.execute("insert into problems (kind, detail) values (?, ?)", (PSEUDONYMISED, PSEUDONYMISED_DETAIL))


def _letters(salt: bytes, what: str, value: str) -> str:
    return salted_hash(salt, what, value)[:PSEUDONYM_LETTERS].translate(LETTERS)


def _names(connection: sqlite3.Connection) -> list[str]:
    """Give every name that stands for somebody, in an order of their own."""
    return [
        name
        for (name,) in connection.execute(
            "select name from authors union select author_name from comments where author_name is not null"
            " union select author_name from appearances where author_name is not null order by 1"
        )
    ]


def _heads(connection: sqlite3.Connection, marks: Mapping[str, str]) -> Iterable[tuple[str, str, str]]:
    """Give the heads that pages print above comments, with those to put in their place.

    A head holds its name without borders. One whose name is not known may be split in several ways, and goes whole.
    """
    rows = connection.execute(
        "select comment_id, author_name, score_text from appearances where score_text is not null"
    )
    for comment_id, name, head in rows.fetchall():
        known = name is not None and name in head
        yield comment_id, head, head.replace(name, marks[name]) if known else LEFT_OUT


def _replace_in_columns(connection: sqlite3.Connection, marks: Mapping[str, str]) -> None:
    """Replace what the heads say in the rows that repeat them."""
    for table in ("comments", "appearances"):
        rows = connection.execute(
            f"select rowid, author_name, score_text from {table}"
            " where author_name is not null or score_text is not null"
        ).fetchall()
        connection.executemany(
            f"update {table} set author_name = ?, score_text = ? where rowid = ?",
            [
                (marks.get(name), head.replace(name, marks[name]) if head and name and name in head else None, rowid)
                for rowid, name, head in rows
            ],
        )
    connection.execute("update problems set detail = ? where kind = 'ambiguous header'", (LEFT_OUT,))


def _replace_authors(connection: sqlite3.Connection, salt: bytes, marks: Mapping[str, str]) -> None:
    """Give the authors new ids, and write them in the order of those: the old order was that of the names."""
    rows = connection.execute("select id, name from authors").fetchall()
    ids = {author_id: f"person-{_letters(salt, 'author', author_id)}" for author_id, _ in rows}
    connection.execute("delete from accounts")
    connection.execute("delete from authors")
    connection.executemany(
        "insert into authors (id, name) values (?, ?)",
        sorted((ids[author_id], marks[name]) for author_id, name in rows),
    )
    for name, table in TABLES.items():
        for column, other in table.foreign_keys.items():
            if other == OWNERS_TABLE:
                used = connection.execute(f"select rowid, {column} from {name} where {column} is not null").fetchall()
                connection.executemany(
                    f"update {name} set {column} = ? where rowid = ?", [(ids[old], rowid) for rowid, old in used]
                )
