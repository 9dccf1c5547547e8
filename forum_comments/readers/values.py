"""Values as dumps write them become values of a Record: dates, whole numbers, ids, names.

`take_...` takes one out of a record. What is no such value stays, and the record says so: nothing is guessed or lost.
These are called for every field of every comment: what is ordinary comes first in them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from typing import Any, TypeVar

from forum_comments.records import Fault
from forum_comments.vocabulary import HIDDEN_NAMES

Extra = dict[str, Any]  # a decoded record: what nothing has taken out of it becomes `Record.extra`
Problems = list[tuple[str, str]]  # kind and detail
Value = TypeVar("Value", int, str)

NO_ID = "record without id"
WRONG_VALUE = "wrong value"
SHOWN_CHARACTERS = 60
A_DATE = "ISO 8601 up to the year 9999, or seconds since 1970 between 1973 and 2286"
A_NUMBER = "a whole number of 64 bits"

NOBODY = HIDDEN_NAMES | {"", "[unknown]"}  # in the place of a name

# SQLite's whole numbers have 64 bits.
LEAST_NUMBER, MOST_NUMBER = -(2**63), 2**63 - 1
_EPOCH = datetime(1970, 1, 1)
# 1973-03-03T09:46:40Z and 2286-11-20T17:46:39Z. A number out of these is no date of a forum, but a year (2021), a day
# without hyphens (20210304), milliseconds, or what counts from a beginning of its own.
_FIRST_SECOND, _LAST_SECOND = 100_000_000, 9_999_999_999
_NUMBER = re.compile(r"[+-]?[0-9]{1,19}(?:\.[0-9]{1,9})?")
_ISO_DATE = re.compile(
    r"(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})"
    r"(?:[T ](?P<time>(?:[01][0-9]|2[0-3]):[0-9]{2}(?::[0-9]{2})?)(?P<fraction>\.[0-9]{1,9})?"
    r" ?(?P<zone>Z|UTC|[+-][0-9]{2}(?::?[0-9]{2})?)?)?"
)


def moment(value: object) -> str | None:
    """Give a date as ISO 8601 in UTC, ending in `Z`: from seconds since 1970 (also as text) or from ISO 8601.

    A day without a time stays a day. A time without a zone is taken for UTC, which all of these sources write.
    """
    seconds = -1.0
    if type(value) is int or type(value) is float:
        seconds = value
    elif isinstance(value, str):
        if (iso := _ISO_DATE.fullmatch(value)) is not None:
            return _from_iso(iso)
        if _NUMBER.fullmatch(value):
            seconds = float(value)
    if not _FIRST_SECOND <= seconds <= _LAST_SECOND:
        return None
    return (_EPOCH + timedelta(seconds=seconds)).isoformat() + "Z"


def _from_iso(iso: re.Match[str]) -> str | None:
    time, fraction, zone = iso["time"], iso["fraction"] or "", iso["zone"] or "Z"
    try:
        read = datetime.fromisoformat(f"{iso['day']}T{time or '00:00'}")
        if zone not in ("Z", "UTC"):
            hours, minutes = int(zone[1:3]), int(zone[3:].removeprefix(":") or 0)
            ahead = timedelta(hours=hours, minutes=minutes)
            read = read - ahead if zone[0] == "+" else read + ahead
    except (ValueError, OverflowError):  # a thirteenth month, or beyond the last year
        return None
    if time is None:
        return iso["day"]
    return f"{read.isoformat(timespec='seconds' if time.count(':') > 1 else 'minutes')}{fraction}Z"


def whole_number(value: object) -> int | None:
    """Give a whole number of 64 bits, which may be written as a float or as text."""
    if type(value) is int and LEAST_NUMBER <= value <= MOST_NUMBER:
        return value
    if isinstance(value, str) and _NUMBER.fullmatch(value):
        value = float(value) if "." in value else int(value)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if type(value) is int and LEAST_NUMBER <= value <= MOST_NUMBER:
        return value
    return None


def identifier(value: object) -> str | None:
    """Give an id as text; sources write them as text or as whole numbers."""
    if type(value) is int:
        return str(value)
    return value if isinstance(value, str) and value else None


def name(value: object) -> str | None:
    """Give the name of a person; None for what stands in the place of one."""
    if not isinstance(value, str) or value in NOBODY:
        return None
    return value.strip() or None


def text(value: object) -> str | None:
    """Give a text that is not empty."""
    return value if isinstance(value, str) and value else None


def take_id(key: str, extra: Extra, problems: Problems) -> str | None:
    """Take an id out of a record."""
    value = extra.pop(key, None)
    if type(value) is str:
        return value or None
    if type(value) is int:
        return str(value)
    refuse(key, value, "text or a whole number", extra, problems)
    return None


def take_text(key: str, extra: Extra, problems: Problems) -> str | None:
    """Take a text out of a record; None where it is empty."""
    value = extra.pop(key, None)
    if type(value) is str:
        return value or None
    refuse(key, value, "text", extra, problems)
    return None


def take_name(key: str, extra: Extra, problems: Problems) -> str | None:
    """Take the name of a person out of a record; None for what stands in the place of one."""
    value = take_text(key, extra, problems)
    return None if value is None or value in NOBODY else value.strip() or None


def take_number(key: str, extra: Extra, problems: Problems) -> int | None:
    """Take a whole number out of a record."""
    return _take(key, whole_number, A_NUMBER, extra, problems)


def take_moment(key: str, extra: Extra, problems: Problems) -> str | None:
    """Take a date out of a record."""
    return _take(key, moment, A_DATE, extra, problems)


def _take(
    key: str, read: Callable[[object], Value | None], expected: str, extra: Extra, problems: Problems
) -> Value | None:
    value = extra.pop(key, None)
    if value is None:
        return None
    taken = read(value)
    if taken is None:
        refuse(key, value, expected, extra, problems)
    return taken


def refuse(key: str, value: object, expected: str, extra: Extra, problems: Problems) -> None:
    """Keep a value that cannot be used in `extra`, and report it. A missing one (None) is neither."""
    if value is None:
        return
    extra[key] = value
    shown = repr(value)
    shown = shown if len(shown) <= SHOWN_CHARACTERS else f"{shown[:SHOWN_CHARACTERS]}..."
    problems.append((WRONG_VALUE, f"{key} is {shown}; expected {expected}"))


def said(extra: Extra) -> Extra:
    """Give what a dump says: a null is what it does not say, and rows of Reddit have dozens of them."""
    return {key: value for key, value in extra.items() if value is not None}


def without_id(number: int, key: str, keys: Collection[str]) -> Fault:
    """Report a record that cannot be referred to."""
    shown = ", ".join(sorted(keys)[:8])
    return Fault(NO_ID, f"record {number}: expected an id under the key {key}; it has the keys {shown}")
