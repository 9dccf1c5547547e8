"""Puts together what several sources say of one post or person: the fullest of each, whatever the sources' order."""

from __future__ import annotations

from collections.abc import Mapping

from forum_comments.labels import json_of
from forum_comments.records import Person, Post


def fuller(one: str | None, other: str | None) -> str | None:
    """Give the longer of two texts, of two that are as long the one that comes last in the order of characters."""
    texts = [text for text in (one, other) if text is not None]
    return max(texts, key=lambda text: (len(text), text), default=None)


def fuller_post(one: Post, other: Post) -> Post:
    """Put together what two sources say of a post."""
    extra = _fuller_extra(one.extra, other.extra)
    return Post(one.source, one.id, fuller(one.title, other.title), fuller(one.url, other.url), extra)


def fuller_person(one: Person, other: Person) -> Person:
    """Put together what two sources say of somebody."""
    extra = _fuller_extra(one.extra, other.extra)
    return Person(one.source, one.id, fuller(one.name, other.name) or one.name, fuller(one.bio, other.bio), extra)


def _fuller_extra(one: Mapping[str, object], other: Mapping[str, object]) -> dict[str, object]:
    """Give what either says; where both say something of the same, that which is longer as JSON."""
    found = {**one, **other}
    for key in one.keys() & other.keys():
        found[key] = max(one[key], other[key], key=_fullness)
    return found


def _fullness(value: object) -> tuple[int, str]:
    text = json_of({"": value}) or ""
    return len(text), text
