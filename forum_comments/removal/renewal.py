"""What the build makes of a comment's words, made anew of those that are left."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterable, Iterator, Sequence

from forum_comments.keys import keys_of_page, keys_of_passages
from forum_comments.labels import title_of
from forum_comments.models import Passage
from forum_comments.reconcile import own_key

# Columns that are looked up once for each thing that goes.
LOOKED_UP = (
    ("appearances", "comment_id"),
    ("appearances", "document_id"),
    ("passages", "document_id"),
    ("permalinks", "comment_id"),
    ("problems", "comment_id"),
    ("corrections", "comment_id"),
    ("comments", "author_id"),
)


def _passages(connection: sqlite3.Connection, comment_id: str) -> list[Passage]:
    rows = connection.execute(
        "select kind, text, is_quotation from passages where comment_id = ? order by position", (comment_id,)
    )
    return [Passage(kind, text, is_quotation=bool(is_quotation)) for kind, text, is_quotation in rows]


@contextlib.contextmanager
def rewriting(connection: sqlite3.Connection) -> Iterator[None]:
    """Let a block change rows; nothing of what they were is left in the file, used or not.

    The database has no indexes yet: those that the block needs are made for it.
    """
    connection.execute("pragma secure_delete = on")
    for number, (table, column) in enumerate(LOOKED_UP):
        connection.execute(f"create index rewriting_{number} on {table} ({column})")
    yield
    for number in range(len(LOOKED_UP)):
        connection.execute(f"drop index rewriting_{number}")
    connection.commit()
    connection.execute("vacuum")


def forget_readings(connection: sqlite3.Connection) -> None:
    """Forget what an update goes on from, which has words of dumps: it starts anew where something was taken out."""
    connection.execute("update appearances set differs = null where differs is not null")
    connection.execute("update documents set division = null where division is not null")


def renew(connection: sqlite3.Connection, comments: Iterable[str], links: Sequence[str] = ()) -> None:
    """Make title, length and keys of comments anew of the words that are left, and take the links that were quoted."""
    for comment_id in sorted(comments):
        passages = _passages(connection, comment_id)
        own = [passage for passage in passages if not passage.is_quotation]
        (body,) = connection.execute("select body from comments where id = ?", (comment_id,)).fetchone()
        connection.execute(
            "update comments set title = ?, word_count = ?, opening_key = ? where id = ?",
            (title_of(own or passages), len((body or "").split()), own_key(passages), comment_id),
        )
        connection.executemany(
            "update passages set opening_key = ? where comment_id = ? and position = ?",
            [(key, comment_id, position) for position, key in enumerate(keys_of_passages(passages), start=1)],
        )
        connection.executemany("delete from links where comment_id = ? and url = ?", [(comment_id, u) for u in links])


def renew_permalinks(connection: sqlite3.Connection, changed: Iterable[str], pages: Iterable[str]) -> None:
    """Make the keys anew that may have been made of removed words: a key goes on into the comment below.

    The keys of a removed comment are gone; what is left of another one's are those of its own words.
    """
    beside = "select comment_id from appearances where document_id = ? and start_offset is not null"
    for comment_id in sorted({*changed, *(row[0] for page in pages for row in connection.execute(beside, (page,)))}):
        connection.execute("delete from permalinks where comment_id = ?", (comment_id,))
        keys = {(key, comment_id) for key, _ in keys_of_page(_passages(connection, comment_id))}
        connection.executemany("insert into permalinks (opening_key, comment_id) values (?, ?)", sorted(keys))
