"""Pages of comments and replies whose people are unseen: to learn and to measure who wrote what.

Authors fall into groups; the pages of a group show only its own members' comments, so that no text and no person
stands both in what is learned from and in what is measured on. Grafted replies are drawn at random and no page shows
one twice: a reply chosen for its words or repeated would betray itself.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from training.comments import Comment, load_authors
from training.render import PAGE_COMMENTS, REPLY_COUNTS, LabelledPage, Thread, replies_page

GROUPS = 3
SEED = "people"


@dataclass(frozen=True, slots=True)
class Fold:
    """Pages to learn from and pages to measure on, that share neither people nor texts; by owner."""

    learned: dict[str, list[LabelledPage]]
    measured: dict[str, list[LabelledPage]]


def folds(folder: Path, rounds: int) -> Iterator[Fold]:
    """Give one fold per group of authors; each page is laid out `rounds` times with other replies. Deterministic."""
    authors = load_authors(folder)
    names = sorted(authors)
    random.Random(SEED).shuffle(names)
    for group in range(GROUPS):
        held_out = names[group::GROUPS]
        yield Fold(
            learned=pages_of({name: authors[name] for name in names if name not in held_out}, rounds),
            measured=pages_of({name: authors[name] for name in held_out}, rounds),
        )


def pages_of(authors: dict[str, tuple[Comment, ...]], rounds: int) -> dict[str, list[LabelledPage]]:
    """Lay out the replies pages of some authors, with replies by the others of them."""
    pages: dict[str, list[LabelledPage]] = {}
    for owner, own in authors.items():
        pool = [c for name, comments in authors.items() if name != owner for c in comments if c.parent_id]
        pages[owner] = []
        for number in range(rounds):
            rng = random.Random(f"{SEED} {owner} {number}")
            for first in range(0, len(own), PAGE_COMMENTS):
                threads = _threads(own[first : first + PAGE_COMMENTS], pool, rng)
                pages[owner].append(replies_page(f"{owner}/people {number}/{first}", owner, threads, rng))
    return pages


def _threads(own: Sequence[Comment], pool: Sequence[Comment], rng: random.Random) -> list[Thread]:
    counts = [rng.choices(range(len(REPLY_COUNTS)), REPLY_COUNTS)[0] for _ in own]
    drawn = iter(rng.sample(pool, min(len(pool), sum(counts))))
    threads = []
    for comment, count in zip(own, counts, strict=True):
        replies = [reply for _, reply in zip(range(count), drawn, strict=False)]
        threads.append((comment, tuple(sorted(replies, key=lambda reply: reply.posted_at, reverse=True))))
    return threads
