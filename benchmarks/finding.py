"""Measures search, feeds and statistics on a made-up archive: `python -m benchmarks.finding [--comments N]`.

The words are spread as in a language, so that the commonest stands in most comments. The printed table has the first
call and the best of four more, in milliseconds of processor time, which other programs disturb little; what the build
needs to count the statistics stands below it.
"""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator
from functools import partial

import click

from benchmarks.made_up import Row, Words, author_rows, made_up_archive, row, some_author, word
from benchmarks.timing import Call, first_and_warm, milliseconds
from forum_comments.pages.feeds import all_feed, author_feed, find_feed
from forum_comments.pages.find import find_page
from forum_comments.pages.statistics import statistics_page
from forum_comments.statistics import statistics_rows

WORDS_OF_A_COMMENT = 90
QUOTED = 15  # words that one comment in seven quotes from its parent

MOST, SECOND, THIRD, RARE = (word(number) for number in (0, 1, 2, 20_000))
SEARCHES = (
    (MOST, None),
    (MOST, "new"),
    (MOST, "top"),
    (f"{MOST} {SECOND} {THIRD}", None),
    (RARE, None),
    (f'"{MOST} {SECOND}"', None),
    (f"{RARE[:4]}*", None),
    (f"{RARE[:3]}*", None),
    (f"{MOST[:3]}*", None),
    (f"own:{MOST}", None),
    (f"quoted:{MOST}", None),
    (f"{MOST} author:17", None),
    (f"{MOST} is:reply", "new"),
    (f"{MOST} is:quoted", "old"),
    (f"{MOST} is:cut", None),
    (f"{MOST} after:2023", None),
    (f"{MOST} after:2023", "new"),
    ("after:2020-05 before:2021", None),
    ("is:quoted", None),
    ("has:quotation is:reply", "top"),
    (" ".join(word(number) for number in range(40)), None),
)


@click.command()
@click.option("--comments", default=500_000, show_default=True, help="How many comments to make up.")
def main(comments: int) -> None:
    """Make an archive up and print how long each search takes."""
    with made_up_archive(archive(comments)) as connection:
        click.echo(f"{comments} comments\n\n| what | finds | first call, ms | warm, ms |\n| --- | --- | --- | --- |")
        for q, sort in SEARCHES:
            search = partial(find_page, q=q, sort=sort)
            page = search(connection)
            finds = f"{page['total']:,}" if page["is_total_exact"] else f"more than {page['total']:,}"
            report(f"`{q if len(q) < 40 else q[:30] + ' …'}` {page['sort']}", finds, search, connection)
        report("feed of all", "", all_feed, connection)
        report("feed of an author", "", partial(author_feed, author_id="a-0"), connection)
        report(f"feed of `{MOST}`", "", partial(find_feed, q=MOST), connection)
        report("statistics", "", statistics_page, connection)
        click.echo(f"\nCounting the statistics: {milliseconds(statistics_rows, connection) / 1000:.1f} s")


def report(name: str, finds: str, call: Call, connection: sqlite3.Connection) -> None:
    """Print one line of the table."""
    click.echo(f"| {name} | {finds} | {first_and_warm(call, connection)} |")


def archive(comments: int) -> dict[str, Iterator[Row]]:
    """Give the rows of the archive."""
    authors = max(1, comments // 30)
    return {
        "authors": author_rows(authors),
        "comments": comment_rows(comments, authors),
        "passages": (
            row(
                "passages",
                comment_id=f"c-{number}",
                position=1,
                kind="paragraph",
                text="quoted",
                is_quotation=1,
                quoted_comment_id=f"c-{number - 1}",
            )
            for number in range(8, comments + 1, 7)
        ),
    }


def comment_rows(comments: int, authors: int) -> Iterator[Row]:
    """Give the comments, in threads of ten; one author in a hundred writes half of them."""
    chance = random.Random(1)
    words = Words(chance)
    for number in range(1, comments + 1):
        text = words.take(WORDS_OF_A_COMMENT)
        quotes = number > 1 and number % 7 == 1
        author = some_author(chance, authors)
        root = number - (number - 1) % 10
        yield row(
            "comments",
            id=f"c-{number}",
            title=" ".join(text[:8]),
            author_id=f"a-{author}",
            author_name=f"Author {author}",
            author_basis="source",
            parent_id=f"c-{number - 1}" if number != root else None,
            parent_basis="source" if number != root else "unknown",
            root_id=f"c-{root}",
            depth=number - root,
            posted_at=f"20{10 + 15 * number // (comments + 1)}-{number % 12 + 1:02}-01T00:00:00Z",
            karma=number % 77 if number % 2 else None,
            word_count=WORDS_OF_A_COMMENT,
            is_truncated=int(number % 1000 == 0),
            is_placeholder=0,
            source="page",
            body=" ".join(text),
            own_text=" ".join(text[QUOTED:]) if quotes else None,
            quoted_text=" ".join(text[:QUOTED]) if quotes else None,
        )


if __name__ == "__main__":
    main()
