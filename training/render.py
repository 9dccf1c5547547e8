"""Pages of text as a scrape leaves them, made from structured comments, with the truth that the scrape lost.

The three layouts and every loss follow the forum's own rendering (ForumMagnum) and what extraction then drops:

- "replies page": comments newest first, long ones cut at 562 characters, each followed by its direct replies,
  newest first: on one line under a run of karma, name and age where karma is under 10, else without a head;
- "profile": ten comments, never cut, then "Load More";
- "list": as a replies page, one paragraph a line: no heads, no blank lines, no single-line replies, bare dots
  for cut marks (in front of a cut quotation or list), lists lost on some pages, the newest comment last.

Who answers whom is mostly not in the data (ten authors who hardly answer each other), so replies are grafted:
see `with_replies`.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from forum_comments.models import Layout
from training.comments import Comment
from training.markdown import (
    FORMULA_END,
    FORMULA_START,
    Element,
    html_length,
    parse,
    printed,
    visible_length,
)

UNCUT_HTML_MAX = 750  # `commentExcerptFromHTML`, off post pages
CUT_VISIBLE = 562  # 750 - 750/4
SINGLE_LINE_KARMA_BELOW = 10  # `beginSingleLine`
SINGLE_LINE_MAX = 2000  # `plaintextMainText`
PAGE_COMMENTS = 50
PROFILE_COMMENTS = 10
# How often a comment has no, one, two, three direct replies on a page that grafts replies at the full rate.
REPLY_COUNTS = (0.45, 0.32, 0.15, 0.08)
# A grafted reply is the one of so many drawn at random that shares most words with what it answers.
GRAFT_CANDIDATES = 12
AGES = ("3h", "2d", "5d", "1mo", "4mo", "7mo", "1y", "2y", "3y", "5y")
BIOS = (
    "Researcher. Views my own.",
    "I work on making software that does what it says; formerly a physicist.",
    "PhD student. You can reach me by mail.\n\nI write about games, models and gardens.",
    "",
)
SEQUENCES = ("Notes on careful measurement", "Small models of large things", "Against tidy stories")


@dataclass(frozen=True, slots=True)
class LabelledComment:
    """Where a comment stands on a page, and what is known of it. Offsets are half-open, in code points."""

    start: int
    end: int
    author: str
    parent: int | None  # position in `LabelledPage.comments`
    is_truncated: bool
    has_header: bool
    quotations: tuple[tuple[int, int], ...]
    source_id: str


@dataclass(frozen=True, slots=True)
class LabelledPage:
    """A page as a scrape leaves it, with its truth."""

    name: str
    layout: Layout
    owner: str
    text: str
    comments: tuple[LabelledComment, ...]


Thread = tuple[Comment, tuple[Comment, ...]]


@dataclass(slots=True)
class _Canvas:
    """The text written so far, and what stands where."""

    text: list[str] = field(default_factory=list)
    length: int = 0
    comments: list[LabelledComment] = field(default_factory=list)

    def write(self, text: str) -> tuple[int, int]:
        start = self.length
        self.text.append(text)
        self.length += len(text)
        return start, self.length


def excerpt(elements: tuple[Element, ...]) -> tuple[tuple[Element, ...], bool]:
    """What a page that cuts long comments shows of one, and whether it was cut."""
    room = CUT_VISIBLE
    if html_length(elements) <= UNCUT_HTML_MAX or sum(visible_length(e.source) for e in elements) <= room:
        return elements, False
    shown: list[Element] = []
    for element in elements:
        length = visible_length(element.source)
        if length >= room:
            shown.append(replace(element, source=_first_characters(element.source, room)))
            break
        shown.append(element)
        room -= length
    return tuple(shown), True


def _first_characters(source: str, count: int) -> str:
    taken = 0
    for position, character in enumerate(source):
        if taken == count:
            return source[:position]
        taken += character not in ("\n", FORMULA_START, FORMULA_END)
    return source


def with_replies(
    own: Sequence[Comment],
    pool: Sequence[Comment],
    everything: dict[str, list[Comment]],
    rng: random.Random,
    rate: float,
) -> list[Thread]:
    """Each comment with its direct replies: the real ones of the data, and others grafted from `pool`.

    `everything` maps a comment's id to the real replies to it; `rate` (0 to 1) scales how many are grafted.
    """
    threads = []
    for comment in own:
        count = rng.choices(range(len(REPLY_COUNTS)), REPLY_COUNTS)[0] if rng.random() < rate else 0
        replies = list(everything.get(comment.id, ()))
        replies += [_graft(comment, pool, rng) for _ in range(count)] if pool else []
        replies.sort(key=lambda reply: reply.posted_at, reverse=True)
        threads.append((comment, tuple(replies)))
    return threads


def _graft(comment: Comment, pool: Sequence[Comment], rng: random.Random) -> Comment:
    words = _long_words(comment.markdown)
    candidates = [pool[rng.randrange(len(pool))] for _ in range(GRAFT_CANDIDATES)]
    return max(candidates, key=lambda candidate: len(words & _long_words(candidate.markdown)))


def _long_words(text: str) -> set[str]:
    return {word.casefold() for word in text[:1500].split() if len(word) > 5}


def replies_page(name: str, owner: str, threads: Iterable[Thread], rng: random.Random) -> LabelledPage:
    """The layout "All of NAME's Comments + Replies"."""
    canvas = _Canvas()
    canvas.write(f"All of {owner}'s Comments + Replies\n\n")
    for comment, replies in threads:
        parent = _draw(canvas, comment, None, "replies page", rng)
        for reply in replies:
            if reply.karma < SINGLE_LINE_KARMA_BELOW:
                _draw_single_line(canvas, reply, parent, rng)
            else:
                _draw(canvas, reply, parent, "replies page", rng)
    return _finish(canvas, name, "replies page", owner)


def profile_page(name: str, owner: str, comments: Sequence[Comment], rng: random.Random) -> LabelledPage:
    """A profile: name, bio, headings, its comments whole, "Load More"."""
    canvas = _Canvas()
    head = [owner, rng.choice(BIOS)]
    if rng.random() < 0.4:
        head += ["Sequences", rng.choice(SEQUENCES)]
    head.append("Wiki Contributions")
    if rng.random() < 0.4:
        head += ["Comments", "Sorted by"]
    canvas.write("\n\n".join(part for part in head if part) + "\n\n")
    for comment in comments:
        _draw(canvas, comment, None, "profile", rng)
    canvas.write("Load More")
    return _finish(canvas, name, "profile", owner)


def list_page(name: str, owner: str, threads: Sequence[Thread], rng: random.Random) -> LabelledPage:
    """A list without a head of any kind, one paragraph a line, the newest comment last."""
    canvas = _Canvas()
    keep_lists = rng.random() < 0.5
    newest = threads[0][0] if threads else None
    parents: dict[str, int | None] = {}
    waiting: list[tuple[int, str]] = []
    for comment, replies in threads:
        if comment is not newest:
            parents[comment.id] = _draw(canvas, comment, None, "list", rng, keep_lists)
        for reply in replies:
            if reply.karma >= SINGLE_LINE_KARMA_BELOW:
                drawn = _draw(canvas, reply, None, "list", rng, keep_lists)
                if drawn is not None:
                    waiting.append((drawn, comment.id))
    if newest is not None:
        parents[newest.id] = _draw(canvas, newest, None, "list", rng, keep_lists)
    for drawn, parent_id in waiting:
        canvas.comments[drawn] = replace(canvas.comments[drawn], parent=parents.get(parent_id))
    return _finish(canvas, name, "list", owner)


def _finish(canvas: _Canvas, name: str, layout: Layout, owner: str) -> LabelledPage:
    return LabelledPage(name, layout, owner, "".join(canvas.text), tuple(canvas.comments))


def _draw(
    canvas: _Canvas,
    comment: Comment,
    parent: int | None,
    layout: Layout,
    rng: random.Random,
    keep_lists: bool = True,
) -> int | None:
    """Write a comment without its head; returns its position, or None where a scrape leaves nothing of it."""
    elements = parse(comment.markdown)
    is_cut = False
    if layout != "profile":
        elements, is_cut = excerpt(elements)
    start = canvas.length
    writer = _write_lines if layout == "list" else _write_paragraphs
    quotations = writer(canvas, elements, is_cut, keep_lists, rng)
    if canvas.length == start:
        return None
    canvas.comments.append(
        LabelledComment(start, canvas.length, comment.author, parent, is_cut, False, tuple(quotations), comment.id)
    )
    return len(canvas.comments) - 1


def _write_paragraphs(
    canvas: _Canvas, elements: tuple[Element, ...], is_cut: bool, keep_lists: bool, rng: random.Random
) -> list[tuple[int, int]]:
    """Blank lines between paragraphs, a list's items on lines of their own; returns the quotations' places."""
    quotations = []
    loose = rng.random() < 0.2
    for position, element in enumerate(elements):
        text = printed(element.source).strip()
        following = elements[position + 1] if position + 1 < len(elements) else None
        if element.kind == "list item":
            text = f"{' ' * (2 + 2 * element.depth)}{element.marker} {text}"
        elif element.kind == "footnote":
            text = f"  {position + 1 - sum(e.kind != 'footnote' for e in elements)}. ^\n\n    {text}"
        tight = element.kind == "list item" and not loose and following is not None and following.group == element.group
        end = "\n" if tight else "\n\n"
        if is_cut and following is None:
            end = _cut_mark(element)
        if not text.strip():
            continue
        span = canvas.write(text + end)
        if element.quoted:
            quotations.append(span)
    return quotations


def _cut_mark(last: Element) -> str:
    """The mark stands inside the last open element; a scrape moves it below a list or a quotation."""
    if last.quoted:
        return "\n\n... (read more)\n"
    return "\n... (read more)\n\n" if last.listed else "... (read more)\n\n"


def _write_lines(
    canvas: _Canvas, elements: tuple[Element, ...], is_cut: bool, keep_lists: bool, rng: random.Random
) -> list[tuple[int, int]]:
    """One element a line, bullets not indented, bare dots for the cut mark; returns the quotations' places."""
    quotations = []
    marked = elements[-1] if is_cut else None
    in_front = marked is not None and (marked.quoted or marked.listed)
    for position, element in enumerate(elements):
        if element.listed and not element.quoted and not keep_lists:
            continue
        text = " ".join(printed(element.source).split("\n")).lstrip()
        text = text if element is marked else text.rstrip()  # a cut may leave a space before its mark
        first_of_group = position == 0 or elements[position - 1].group != element.group
        if in_front and marked is not None and element.group == marked.group and first_of_group:
            text = "..." + text
        if element is marked and not in_front:
            text += "..."
        if element.kind == "list item":
            text = f"- {text}"
        if not text.strip():
            continue
        span = canvas.write(text + "\n")
        if element.quoted:
            quotations.append(span)
    return quotations


def _draw_single_line(canvas: _Canvas, reply: Comment, parent: int | None, rng: random.Random) -> None:
    own = [element for element in parse(reply.markdown) if not element.quoted]
    body = " ".join(" ".join(printed(element.source).split()) for element in own)[:SINGLE_LINE_MAX]
    start, end = canvas.write(f"{reply.karma}{reply.author}{rng.choice(AGES)}\n{body}\n\n")
    canvas.comments.append(LabelledComment(start, end, reply.author, parent, False, True, (), reply.id))
