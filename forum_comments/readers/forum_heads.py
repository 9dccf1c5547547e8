"""Comments as ForumMagnum prints them where a text keeps their heads: a part of a head on a line, or all on one.

Source of the layout: ForumMagnum, `CommentsItemMeta.tsx`: `[-]`, name, age (a star where edited), `Ω` with the
Alignment Forum's karma, karma, agreement. The EA Forum sets the first letter of the name above it where somebody has
no picture.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from forum_comments.models import Header
from forum_comments.readers.headed import Head, HeadedLines, find_heads, joined, read_headed
from forum_comments.readers.headers import is_name, parse_full_header, parse_reply_header, plain_name
from forum_comments.readers.lines import Line, read_blocks
from forum_comments.readers.patterns import AGE_LINE, BUTTON_LINE, COLLAPSE_LINE, SCORE_LINE

MOST_SCORES = 3


def heads_of(lines: Sequence[Line], owner: str | None) -> list[Head]:
    """Find all heads, in their order; a head may name the page's owner without an age."""
    return find_heads(lines, lambda below, first: _find_head(below, first, owner))


def read_comments(lines: Sequence[Line], owner: str | None) -> tuple[HeadedLines, bool]:
    """Read comments, and say whether each has its head; where heads are lost, they are divided as on a replies page."""
    heads = heads_of(lines, owner)
    if heads and heads[0].first == 0:
        return read_headed(lines, heads, role_of_line), True
    blocks = read_blocks(
        lines, lambda text: parse_reply_header(text) or parse_full_header(text, owner), bare_dots=False
    )
    return HeadedLines(blocks, ()), False


def role_of_line(text: str) -> str | None:
    """Name the button that a line is; None where it is none."""
    return "buttons" if BUTTON_LINE.match(text) else None


def _find_head(lines: Sequence[Line], first: int, owner: str | None) -> Head | None:
    """Find the head that begins with a line: on that line alone, or a name with its age on the next."""
    position = first
    if COLLAPSE_LINE.match(lines[position].text):
        position += 1
    if position + 1 < len(lines) and lines[position].text == lines[position + 1].text[:1]:
        position += 1
    if position >= len(lines):
        return None
    one_line = parse_full_header(lines[position].text, owner) or parse_reply_header(lines[position].text)
    if one_line is not None:
        return Head(replace(one_line, is_single_line=False), first, position + 1)
    age = AGE_LINE.match(lines[position + 1].text) if position + 1 < len(lines) else None
    if age is None or not is_name(lines[position].text):
        return None
    end = position + 2
    while end < min(len(lines), position + 2 + MOST_SCORES) and SCORE_LINE.match(lines[end].text):
        end += 1
    scores = [line.text for line in lines[position + 2 : end]]
    return Head(_header(lines[position].text, age["age"], scores, joined(lines[first:end])), first, end)


def _header(name: str, age: str, scores: Sequence[str], text: str) -> Header:
    has_alignment = bool(scores) and scores[0].startswith("Ω")
    numbers: list[int | None] = [int(score.removeprefix("Ω")) for score in scores]
    alignment = numbers.pop(0) if has_alignment else None
    karma, agreement = (*numbers, None, None)[:2]
    return Header(
        name=plain_name(name),
        score_text=text,
        is_single_line=False,
        age=age,
        karma=karma,
        af_karma=alignment,
        agreement=agreement,
    )


def with_titles(lines: Sequence[Line], heads: Sequence[Head], owner: str | None) -> list[Head]:
    """Give the owner's heads the line above them, which on these pages is the title of the post."""
    result = []
    for head in heads:
        if head.header is not None and head.header.name == owner and head.first > 0:
            title = lines[head.first - 1].text
            head = Head(replace(head.header, post_title=title), head.first - 1, head.end)
        result.append(head)
    return result
