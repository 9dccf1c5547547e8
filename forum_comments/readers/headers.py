"""The lines that name a comment's author: karma, name, age and scores run together without separators.

A run is split only where one reading is legal; otherwise its numbers stay unknown, the run is kept as printed and every
legal reading is listed.
"""

from __future__ import annotations

import re

from forum_comments.models import Header
from forum_comments.vocabulary import (
    AGE,
    AGE_LIMITS,
    ANSWER_PREFIX,
    FULL_HEADER,
    NAME_FORBIDDEN,
    NAME_MAX_CHARACTERS,
    NAME_MAX_WORDS,
    NOBODY,
)

_AGE_PARTS = re.compile(r"^([0-9]+)(mo|[mhdy])$")
_ENDS_WITH_AGE = re.compile(rf"{AGE}$")
_INTEGER = re.compile(r"(?:0|-?[1-9][0-9]*)$")


def parse_reply_header(line: str) -> Header | None:
    """Read `2Neel Nanda1y` as karma, name and age; None where the line is no such head.

    Source of the layout: ForumMagnum `SingleLineComment`. The number is one digit on LessWrong, since only replies
    under 10 are drawn on one line; it is missing where the post hides karma.
    """
    if len(line) > NAME_MAX_CHARACTERS + 10 or not _ENDS_WITH_AGE.search(line):
        return None
    readings = [
        (karma, name, age)
        for karma, rest in _karma_readings(line)
        for name, age in _age_readings(rest)
        # Words end in "now" too: "I don't know" is a head only where karma stands before it.
        if is_name(name) and (age != "now" or karma is not None)
    ]
    if not readings:
        return None
    digits = len(line) - len(line.lstrip("-0123456789"))
    if len(readings) == 1 and digits <= 1 + line.startswith("-"):
        karma, name, age = readings[0]
        return Header(plain_name(name), line, is_single_line=True, age=age, karma=karma)
    names = list(dict.fromkeys(name for _, name, _ in readings))
    ages = {age for _, _, age in readings}
    return Header(
        name=plain_name(names[0]) if len(names) == 1 else None,
        score_text=line,
        is_single_line=True,
        age=ages.pop() if len(ages) == 1 else None,
        readings=tuple(f"karma {'hidden' if k is None else k}, {n}, {a}" for k, n, a in readings),
        possible_names=tuple(names) if len(names) > 1 else (),
    )


def _karma_readings(line: str) -> list[tuple[int | None, str]]:
    """Every legal reading of the digits in front: karma shown (any number of them), or hidden."""
    readings: list[tuple[int | None, str]] = []
    if not line.startswith("-"):
        readings.append((None, line))
    for length in range(1, 5):
        number = re.match(rf"-?[0-9]{{{length}}}", line)
        if number and _INTEGER.fullmatch(number.group()):
            readings.append((int(number.group()), line[number.end() :]))
    # A digit before a name is karma: a name that begins with one is a reading only where more digits follow.
    if len(readings) == 2 and readings[0][0] is None and not readings[1][1][:1].isdigit():
        readings = readings[1:]
    return readings


def _age_readings(rest: str) -> list[tuple[str, str]]:
    """Every legal division of a run into name and age."""
    if rest.endswith("now"):
        return [(rest[:-3], "now")]
    readings = []
    for length in (2, 3, 4):
        name, age = rest[:-length], rest[-length:]
        parts = _AGE_PARTS.match(age)
        if parts and name and not parts[1].startswith("0") and int(parts[1]) <= AGE_LIMITS[parts[2]]:
            readings.append((name, age))
    return readings


def is_name(name: str) -> bool:
    """Whether a text may be somebody's name: short, with a letter in it, and not the end of a sentence."""
    return (
        0 < len(name) <= NAME_MAX_CHARACTERS
        and name == name.strip()
        and len(name.split()) <= NAME_MAX_WORDS
        and any(character.isalpha() for character in name)
        and not NAME_FORBIDDEN.search(name)
    )


def plain_name(name: str) -> str | None:
    """Give the name in a head, without "Answer by"; None where it names nobody, such as [deleted]."""
    name = name.removeprefix(ANSWER_PREFIX)
    return None if name.casefold() in NOBODY else name


def parse_full_header(line: str, owner: str | None) -> Header | None:
    """Read a whole comment's head, such as `Erik JennerΩ7103`; None where the line is none.

    It is one only with an `Ω`, or where it opens with the page owner's name: a line that just ends in digits is prose.
    Source of the layout: ForumMagnum `CommentsItemMeta`.
    """
    if len(line) > NAME_MAX_CHARACTERS + 20:
        return None
    match = FULL_HEADER.match(line)
    if match is None or not is_name(match["name"]):
        return None
    scores = match["scores"]
    if not scores.startswith("Ω") and match["name"] != owner:
        return None
    readings = score_readings(scores)
    if not readings:
        return None
    single = readings[0] if len(readings) == 1 else {}
    return Header(
        name=plain_name(match["name"]),
        score_text=line,
        is_single_line=False,
        age=match["age"],
        karma=single.get("karma"),
        af_karma=single.get("Alignment Forum karma"),
        agreement=single.get("agreement"),
        readings=() if single else tuple(_in_words(reading) for reading in readings),
    )


def score_readings(scores: str) -> list[dict[str, int]]:
    """Every legal division of a run of scores into integers without leading zeros; `-` starts a new one.

    With `Ω` two or three of them (Alignment Forum karma, karma, agreement), without it one or two (karma, agreement).
    """
    alignment = scores.startswith("Ω")
    run = scores.removeprefix("Ω")
    names = ("Alignment Forum karma", "karma", "agreement") if alignment else ("karma", "agreement")
    readings = []
    for count in range(2 if alignment else 1, len(names) + 1):
        for parts in _splits(run, count):
            readings.append(dict(zip(names, (int(part) for part in parts), strict=False)))
    return readings


def _splits(run: str, count: int) -> list[tuple[str, ...]]:
    if count == 1:
        return [(run,)] if _INTEGER.fullmatch(run) else []
    return [
        (run[:cut], *rest)
        for cut in range(1, len(run))
        if _INTEGER.fullmatch(run[:cut])
        for rest in _splits(run[cut:], count - 1)
    ]


def _in_words(reading: dict[str, int]) -> str:
    return ", ".join(f"{name} {number}" for name, number in reading.items())
