"""Made-up forums: words, authors, threads and bodies as unevenly spread as real ones, the same for the same seed.

`python -m benchmarks.made_up FOLDER` writes one. It takes much memory, so the measuring programs run it as a command:
the kernel counts what a process holds as that of the commands which it starts.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import random
import sqlite3
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import accumulate
from pathlib import Path
from typing import Literal, NamedTuple

import click

from forum_comments.database import write_database
from forum_comments.schema import TABLES

Row = tuple[object, ...]
Markup = Literal["plain", "html", "markdown"]
MARKUPS: tuple[Markup, ...] = ("plain", "html", "markdown")

VOCABULARY = 60_000
SYLLABLES = [consonant + vowel for consonant in "bdfgklmnprstvz" for vowel in "aeiou"]
# Of a comment: median and spread of its number of words (log-normal: about 105 on average, or 600 characters).
WORDS, WORDS_SIGMA, MOST_WORDS = 70, 0.9, 3_000
PARAGRAPH_WORDS, SENTENCE_WORDS, ITEM_WORDS, QUOTED_WORDS = 45, 14, 8, 15
# Shares of comments.
QUOTE, LIST, LINK = 0.15, 0.08, 0.12
ROOTS, MISSING_PARENTS, UNDATED = 0.3, 0.01, 0.02
RECENCY = 0.4  # a reply answers one of the last comments of its thread; the larger, the nearer
COMMENTS_PER_POST, COMMENTS_PER_AUTHOR = 20, 33
COMMENTS, SEED = 100_000, 1
ID_LENGTH = 17  # as on LessWrong
# The row of `builds` of an archive that no build has made.
MADE_UP_BUILD = {
    "id": 1,
    "program_version": "0",
    "schema_version": 1,
    "program_sha256": "0" * 64,
    "inputs_sha256": "0" * 64,
    "is_amended": 0,
}


@click.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--comments", type=click.IntRange(1), default=COMMENTS, show_default=True)
@click.option("--bodies", multiple=True, type=click.Choice(MARKUPS), default=MARKUPS, show_default=True)
@click.option("--seed", default=SEED, show_default=True)
def main(folder: Path, comments: int, bodies: Sequence[Markup], seed: int) -> None:
    """Write made-up comments to FOLDER, once for each kind of bodies and once ready to be stored."""
    write_files(folder, made_up_comments(comments, seed), bodies)


class Part(NamedTuple):
    """A stretch of a body: `paragraph` and `quotation` have one text, `list` its items, `link` a text and a URL."""

    kind: Literal["paragraph", "quotation", "list", "link"]
    texts: tuple[str, ...]


class MadeUp(NamedTuple):
    """A comment. Missing is what a dump would not say; a date is ISO 8601 in UTC."""

    id: str
    parent_id: str | None
    post_id: str
    post_title: str
    author: str
    posted_at: str | None
    karma: int
    parts: list[Part]


def word(number: int) -> str:
    """Give a word of the made-up language; the smaller the number, the commoner the word."""
    syllables: list[str] = []
    while number or len(syllables) < 2:
        number, place = divmod(number, len(SYLLABLES))
        syllables.append(SYLLABLES[place])
    return "".join(syllables)


class Words:
    """A source of words and texts, spread by Zipf's law with Mandelbrot's shift."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._words = [word(number) for number in range(VOCABULARY)]
        self._weights = list(accumulate(1 / (number + 2.7) for number in range(VOCABULARY)))

    def take(self, number: int) -> list[str]:
        """Give so many words."""
        return self._chance.choices(self._words, cum_weights=self._weights, k=number)

    def text(self, number: int) -> str:
        """Give so many words as sentences."""
        words = self.take(number)
        sentences = (" ".join(words[n : n + SENTENCE_WORDS]) for n in range(0, number, SENTENCE_WORDS))
        return ". ".join(sentences) + "."


def made_up_comments(number: int, seed: int) -> Iterator[MadeUp]:
    """Give so many comments in the order of their dates; about one parent in a hundred is not among them."""
    chance = random.Random(seed)
    words = Words(chance)
    posts, authors = max(1, number // COMMENTS_PER_POST), max(1, number // COMMENTS_PER_AUTHOR)
    titles = [words.text(6) for _ in range(posts)]
    names = [f"{word(n).title()} {word(n + 500).title()}" for n in range(authors)]
    fame = list(accumulate(1 / (n + 10) for n in range(authors)))
    members: list[list[int]] = [[] for _ in range(posts)]  # of each thread: the numbers of its comments
    openings: list[str] = []  # of each comment: what a reply may quote
    for count in range(number):
        post = int(posts * chance.random() ** 2)
        parent = _parent(members[post], chance)
        members[post].append(count)
        is_lost = parent is not None and chance.random() < MISSING_PARENTS
        parts = _parts(words, chance, openings[parent] if parent is not None else None)
        openings.append(" ".join(parts[0].texts[0].split()[:QUOTED_WORDS]))
        yield MadeUp(
            id=_id("comment", count),
            parent_id=None if parent is None else _id("lost" if is_lost else "comment", parent),
            post_id=_id("post", post),
            post_title=titles[post],
            author=chance.choices(names, cum_weights=fame)[0],
            posted_at=None if chance.random() < UNDATED else _date(count, number),
            karma=int(chance.lognormvariate(1.2, 1.1)) - 2,
            parts=parts,
        )


def _parent(members: list[int], chance: random.Random) -> int | None:
    if not members or chance.random() < ROOTS:
        return None
    return members[-1 - min(int(chance.expovariate(RECENCY)), len(members) - 1)]


def _parts(words: Words, chance: random.Random, opening: str | None) -> list[Part]:
    parts: list[Part] = []
    if opening is not None and chance.random() < QUOTE:
        parts.append(Part("quotation", (opening,)))
    left = min(MOST_WORDS, 1 + int(WORDS * chance.lognormvariate(0, WORDS_SIGMA)))
    while left > 0:
        length = min(left, 1 + int(2 * PARAGRAPH_WORDS * chance.random()))
        parts.append(Part("paragraph", (words.text(length),)))
        left -= length
    if chance.random() < LIST:
        parts.append(Part("list", tuple(words.text(ITEM_WORDS) for _ in range(chance.randint(2, 5)))))
    if chance.random() < LINK:
        host, page = words.take(2)
        parts.append(Part("link", (words.text(ITEM_WORDS), f"https://{host}.example/{page}")))
    return parts


def _id(kind: str, number: int) -> str:
    return hashlib.sha256(f"{kind} {number}".encode()).hexdigest()[:ID_LENGTH]


def _date(count: int, number: int) -> str:
    """Spread the comments evenly over the years from 2010 to 2025."""
    minutes = 16 * 12 * 28 * 24 * 60 * count // number
    days, minute = divmod(minutes, 24 * 60)
    months, day = divmod(days, 28)
    return f"{2010 + months // 12}-{months % 12 + 1:02}-{day + 1:02}T{minute // 60:02}:{minute % 60:02}:00Z"


def _plain(part: Part) -> str:
    if part.kind == "quotation":
        return f"> {part.texts[0]}"
    if part.kind == "list":
        return "\n".join(f"- {item}" for item in part.texts)
    return " ".join(part.texts)


def _html(part: Part) -> str:
    if part.kind == "quotation":
        return f"<blockquote><p>{part.texts[0]}</p></blockquote>"
    if part.kind == "list":
        return "<ul>" + "".join(f"<li>{item}</li>" for item in part.texts) + "</ul>"
    if part.kind == "link":
        return f'<p>{part.texts[0]} <a href="{part.texts[1]}">there</a></p>'
    return f"<p>{part.texts[0]}</p>"


def _markdown(part: Part) -> str:
    if part.kind == "link":
        return f"{part.texts[0]} [there]({part.texts[1]})"
    return _plain(part)


RENDERERS: dict[Markup, Callable[[Part], str]] = {"plain": _plain, "html": _html, "markdown": _markdown}
BETWEEN_PARTS: dict[Markup, str] = {"plain": "\n\n", "html": "\n", "markdown": "\n\n"}


def body(parts: list[Part], markup: Markup) -> str:
    """Write a body down."""
    return BETWEEN_PARTS[markup].join(map(RENDERERS[markup], parts))


def row(table: str, **values: object) -> Row:
    """Give a row of a table with these values and NULL in its other columns."""
    return tuple(values.get(column) for column in TABLES[table].columns)


@contextlib.contextmanager
def made_up_archive(rows: Mapping[str, Iterable[Row]]) -> Iterator[sqlite3.Connection]:
    """Open a database of these rows, beside that of `builds`, for as long as the block lasts."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "comments.db"
        write_database(path, {"builds": [row("builds", **MADE_UP_BUILD)], **rows})
        with contextlib.closing(sqlite3.connect(path)) as connection:
            yield connection


def author_rows(authors: int) -> Iterator[Row]:
    """Give so many authors."""
    return (row("authors", id=f"a-{number}", name=f"Author {number}") for number in range(authors))


def some_author(chance: random.Random, authors: int) -> int:
    """Give the number of an author; one in a hundred writes half of all comments."""
    return chance.randrange(max(1, authors // 100)) if chance.random() < 0.5 else chance.randrange(authors)


def write_files(folder: Path, comments: Iterable[MadeUp], markups: Iterable[Markup]) -> None:
    """Write comments in the plain form, JSON Lines, to `<markup>.jsonl`, and ready to be stored to `ready.jsonl`."""
    with contextlib.ExitStack() as stack:
        files = {markup: stack.enter_context((folder / f"{markup}.jsonl").open("w")) for markup in markups}
        ready = stack.enter_context((folder / "ready.jsonl").open("w"))
        for comment in comments:
            fields = comment._asdict()
            del fields["parts"]
            for markup, file in files.items():
                file.write(json.dumps({**fields, "markup": markup, "body": body(comment.parts, markup)}) + "\n")
            ready.write(json.dumps({**fields, **_texts(comment.parts)}) + "\n")


def _texts(parts: list[Part]) -> dict[str, str | None]:
    """Give the texts of a comment's row: without markup, own and quoted words apart."""
    quoted = [part for part in parts if part.kind == "quotation"]
    own = [part for part in parts if part.kind != "quotation"]
    return {
        "body": body(parts, "plain"),
        "own_text": body(own, "plain") if quoted else None,
        "quoted_text": body(quoted, "plain") if quoted else None,
    }


if __name__ == "__main__":
    main()
