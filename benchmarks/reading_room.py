"""Measures the pages of the reading room on a made-up archive: `python -m benchmarks.reading_room [--comments N]`.

Each page's function is called on a database with a chain of 200 replies, a comment with 500 replies, one with 20,000,
an author of many comments and a page of many megabytes; the printed table has the first call and the best of four more.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from functools import partial

import click

from benchmarks.made_up import Row, author_rows, made_up_archive, row, some_author
from benchmarks.timing import Call, first_and_warm
from forum_comments.pages.author import SORTS, author_page
from forum_comments.pages.comment import comment_page
from forum_comments.pages.home import home_page
from forum_comments.pages.source import source_page
from forum_comments.pages.thread import thread_page
from forum_comments.schema import TABLES

DEEP, WIDE, WIDEST = 200, 500, 20_000
ON_THE_PAGE = 30_000  # comments that stand on the one saved page; the others are in a dump
STRETCH = 600  # characters of a comment
WORDS = [f"word{number}" for number in range(5_000)]


@click.command()
@click.option(
    "--comments",
    type=click.IntRange(ON_THE_PAGE),
    default=500_000,
    show_default=True,
    help="How many comments to make up.",
)
def main(comments: int) -> None:
    """Make an archive up and print how long each page takes."""
    with made_up_archive(archive(comments)) as connection:
        click.echo(f"{comments} comments\n\n| page | first call, ms | warm, ms |\n| --- | --- | --- |")
        for name, page in pages(comments).items():
            click.echo(f"| {name} | {first_and_warm(page, connection)} |")


def pages(comments: int) -> dict[str, Call]:
    """Give the pages to measure, by name."""
    of_comment = partial(comment_page, permalink="https://example.org/-/comment/x", archive="Archive", build=None)
    widest = f"c-{DEEP + WIDE + 2}"
    last_page = WIDEST // 250
    return {
        "home": home_page,
        "comment": partial(of_comment, comment_id=f"c-{comments}"),
        "comment on a long page": partial(of_comment, comment_id=f"c-{ON_THE_PAGE}"),
        f"thread {DEEP} deep, from its root": partial(thread_page, comment_id="c-1"),
        f"thread {DEEP} deep, from its end": partial(thread_page, comment_id=f"c-{DEEP}"),
        f"thread {WIDE} wide": partial(thread_page, comment_id=f"c-{DEEP + 1}"),
        f"thread {WIDEST} wide": partial(thread_page, comment_id=widest),
        f"thread {WIDEST} wide, a late page": partial(thread_page, comment_id=widest, page=last_page),
        **{f"author, {label}": partial(author_page, author_id="a-0", sort=sort) for sort, (label, _) in SORTS.items()},
        "source, first part": partial(source_page, document_id="page"),
        "source, a late comment": partial(source_page, document_id="page", position=min(ON_THE_PAGE, comments) - 1),
        "source, a dump": partial(source_page, document_id="dump"),
    }


def archive(comments: int) -> dict[str, Iterator[Row]]:
    """Give the rows of the archive; half of the comments are by one author in a hundred."""
    on_page = min(ON_THE_PAGE, comments)
    text = ("x" * (STRETCH - 1) + "\n") * on_page
    authors = max(2, comments // 30)
    usual = {"says_more": 0, "bytes": 1}
    page = row("documents", id="page", title="Page", file_name="page.txt", format="text page", sha256="0" * 64, **usual)
    values = dict(zip(TABLES["documents"].columns, page, strict=True)) | {"text": text, "characters": len(text)}
    dump = row("documents", id="dump", title="Dump", file_name="d.json", format="dump", sha256="1" * 64, **usual)
    return {
        "authors": author_rows(authors),
        "documents": iter([tuple(values.values()), dump]),
        "comments": comment_rows(comments, authors),
        "appearances": (appearance_row(number, on_page) for number in range(1, comments + 1)),
        "passages": (passage_row(number, on_page) for number in range(1, comments + 1)),
    }


def comment_rows(comments: int, authors: int) -> Iterator[Row]:
    """Give the chain, the two wide threads, and threads of about ten comments."""
    chance = random.Random(1)
    starts = {1, DEEP + 1, DEEP + WIDE + 2}
    root = 1
    for number in range(1, comments + 1):
        if number in starts or (number > DEEP + WIDE + WIDEST + 2 and chance.random() < 0.1):
            root = number
        parent = number - 1 if number <= DEEP else root
        author = some_author(chance, authors)
        body = " ".join(chance.choices(WORDS, k=90))
        yield row(
            "comments",
            id=f"c-{number}",
            title=body[:50],
            author_id=f"a-{author if number % 10 else 0}",
            author_name=f"Author {author if number % 10 else 0}",
            author_basis="header",
            parent_id=f"c-{parent}" if number != root else None,
            parent_basis="source" if number != root else "unknown",
            root_id=f"c-{root}",
            depth=number - root if number <= DEEP else int(number != root),
            posted_at=f"20{10 + number % 15}-01-01T00:00:00Z" if number % 3 else None,
            karma=number % 77 if number % 2 else None,
            word_count=number % 300,
            is_truncated=int(number % 9 == 0),
            is_placeholder=0,
            source="page",
            body=body,
        )


def appearance_row(number: int, on_page: int) -> Row:
    """Give where a comment stands: on the page, or in the dump."""
    document, position = ("page", number) if number <= on_page else ("dump", number - on_page)
    place = {"start_offset": STRETCH * (number - 1), "end_offset": STRETCH * number} if number <= on_page else {}
    return row(
        "appearances",
        id=f"{document}-{position}",
        comment_id=f"c-{number}",
        document_id=document,
        position=position,
        is_truncated=0,
        boundary_basis="language",
        boundary_confidence=number % 100 / 100,
        **place,
    )


def passage_row(number: int, on_page: int) -> Row:
    """Give a comment's one passage; every twentieth quotes the comment before it."""
    quotes = number > 1 and number % 20 == 0
    place = {"document_id": "page", "start_offset": STRETCH * (number - 1), "end_offset": STRETCH * number}
    return row(
        "passages",
        comment_id=f"c-{number}",
        position=1,
        kind="paragraph",
        text=f"{number} {' '.join(WORDS[:80])}",
        is_quotation=int(quotes),
        quoted_comment_id=f"c-{number - 1}" if quotes else None,
        **(place if number <= on_page else {}),
    )


if __name__ == "__main__":
    main()
