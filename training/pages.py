"""The labelled pages to learn from and to measure on, author by author."""

from __future__ import annotations

import hashlib
import random
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from forum_comments.models import Document, Page
from forum_comments.readers import read_page
from training.comments import Comment, load_authors, load_others
from training.render import (
    PAGE_COMMENTS,
    PROFILE_COMMENTS,
    LabelledPage,
    list_page,
    profile_page,
    replies_page,
    with_replies,
)

# The share of comments that get grafted replies, between these, by page. Single-line replies vanish from a list.
REPLIES_RATE = (0.4, 1.0)
LIST_RATE = (0.1, 0.6)
# Reddit's comments are among the grafted replies, but few: the forum's own are nearer to what a page holds.
OTHERS_AMONG_GRAFTS = 400
# Profiles of other forums' comments, by authors who do not exist. Most comments there have one paragraph; more than
# half of those drawn have several, as on the forum.
MADE_UP = "another forum"
MADE_UP_AUTHORS, MADE_UP_PROFILES = 6, 12
SEVERAL_SHARE = 0.6
SHORTEST_SINGLE = 60


def pages_by_author(folder: Path, rounds: int) -> dict[str, list[LabelledPage]]:
    """Lay every author's comments out as pages of the three layouts, `rounds` times with other windows and replies.

    The first round holds each comment once per layout: it is what is measured on. Deterministic.
    """
    authors = load_authors(folder)
    others = [comment for comment in load_others(folder) if comment.parent_id]
    answers: dict[str, list[Comment]] = defaultdict(list)
    for comments in authors.values():
        for comment in comments:
            if comment.parent_id:
                answers[comment.parent_id].append(comment)
    pages: dict[str, list[LabelledPage]] = {}
    for name, own in authors.items():
        pool = [c for other, comments in authors.items() if other != name for c in comments if c.parent_id]
        pool += random.Random(name).sample(others, min(OTHERS_AMONG_GRAFTS, len(others)))
        pages[name] = [
            page for number in range(rounds) for page in _pages(f"{name}/{number}", name, own, pool, answers, number)
        ]
    return pages


def pages_of_others(folder: Path) -> dict[str, list[LabelledPage]]:
    """Lay comments of other forums out as profiles, drawn at random for authors who do not exist.

    They are to learn from only: what stands next to what is made up, but how comments open and go on is not.
    """
    rng = random.Random(folder.name)
    comments = load_others(folder)
    several = [comment for comment in comments if "\n\n" in comment.markdown.strip()]
    single = [comment for comment in comments if comment not in several and len(comment.markdown) > SHORTEST_SINGLE]
    pages: dict[str, list[LabelledPage]] = {}
    for number in range(MADE_UP_AUTHORS):
        name = f"{MADE_UP} {number}"
        pages[name] = []
        for profile in range(MADE_UP_PROFILES):
            drawn = [rng.choice(several if rng.random() < SEVERAL_SHARE else single) for _ in range(PROFILE_COMMENTS)]
            pages[name].append(profile_page(f"{name}/0/profile/{profile}", name, drawn, rng))
    return pages


def _pages(
    label: str,
    owner: str,
    own: Sequence[Comment],
    pool: Sequence[Comment],
    answers: dict[str, list[Comment]],
    number: int,
) -> list[LabelledPage]:
    rng = random.Random(f"{owner} {number}")
    offset = 0 if number == 0 else rng.randrange(1, PROFILE_COMMENTS)
    wide = 0 if number == 0 else rng.randrange(1, PAGE_COMMENTS)
    pages = []
    for first in range(offset, len(own) - PROFILE_COMMENTS + 1, PROFILE_COMMENTS):
        pages.append(profile_page(f"{label}/profile/{first}", owner, own[first : first + PROFILE_COMMENTS], rng))
    for first in range(wide, max(1, len(own) - PAGE_COMMENTS + 1), PAGE_COMMENTS):
        window = own[first : first + PAGE_COMMENTS]
        threads = with_replies(window, pool, answers, rng, rng.uniform(*REPLIES_RATE))
        pages.append(replies_page(f"{label}/replies/{first}", owner, threads, rng))
        threads = with_replies(window, pool, answers, rng, rng.uniform(*LIST_RATE))
        pages.append(list_page(f"{label}/list/{first}", owner, threads, rng))
    return pages


def read(labelled: LabelledPage) -> Page:
    """Read a labelled page as the build would."""
    content = labelled.text.encode()
    sha256 = hashlib.sha256(content).hexdigest()
    return read_page(
        Document(sha256[:12], f"{labelled.name}.txt", content, labelled.text, "utf-8", sha256), unknown_as_list=True
    )


def true_starts(labelled: LabelledPage, page: Page) -> list[bool]:
    """Whether a comment truly starts at each block; ValueError where a comment starts at none."""
    starts = {comment.start for comment in labelled.comments}
    labels = [block.start in starts for block in page.blocks]
    if sum(labels) != len(starts):
        missing = sorted(starts - {block.start for block in page.blocks})
        raise ValueError(f"{labelled.name}: no block starts at offsets {missing[:5]}, where a comment does")
    return labels
