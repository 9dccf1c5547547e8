"""Reads a `corrections.yml`: an editor's decisions, each with its reason or a public URL.

pages:                           # facts that a page does not state itself
  - file: 002.txt                # the page, relative to the folder of the corrections file
    owner: Ada Example
    owner_speaks: true           # every comment without a head is the owner's, unless an entry says otherwise
    layout: list                 # it is a list of paragraphs without heads; no other layout has to be named
    url: https://example.org/users/ada/replies
    saved_at: "2024-11-02"       # ISO 8601
    reason: …
corrections:
  - file: 002.txt
    opening: Thanks a lot for    # the opening words of a paragraph, as many as it takes; of a comment that was removed:
                                 # {removed: …, characters: 16}, their hash with the salt of removals.yml
    occurrence: 2                # only where several paragraphs open with them
    starts_comment: true         # or false: it goes on with the comment above
    author: Ada Example          # of the comment that it opens; null: unknown
    parent: Huh, that's          # opening words of the comment that it answers, {file:, opening:, occurrence:}, or null
    quotation: true              # or false: the paragraph is the author's own
    quotes: One year is          # the comment that it quotes, as `parent`
    same_comment_as: {file: 003.txt, opening: One year is}
    confidence: 0.9              # how sure the editor is; 1 where it is not given
    reason: …
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from forum_comments.errors import CorrectionError
from forum_comments.yaml_file import UnreadableError, kind_of, read_yaml

PAGE_KEYS = frozenset({"file", "owner", "owner_speaks", "layout", "url", "saved_at", "reason"})
LIST_LAYOUT = "list"
PLACE_KEYS = frozenset({"file", "opening", "occurrence"})
HIDDEN_KEYS = frozenset({"removed", "characters"})
# Each decision with the types that its value may have.
DECISIONS: dict[str, tuple[type, ...]] = {
    "starts_comment": (bool,),
    "author": (str, type(None)),
    "parent": (str, dict, type(None)),
    "quotation": (bool,),
    "quotes": (str, dict),
    "same_comment_as": (str, dict),
}
ENTRY_KEYS = PLACE_KEYS | DECISIONS.keys() | {"confidence", "reason", "url"}


@dataclass(frozen=True, slots=True)
class Hidden:
    """The opening of a paragraph that was removed: a salted hash of so many of its first characters."""

    hash: str
    characters: int

    def __str__(self) -> str:
        """Name it in a message."""
        return f"removed: {self.hash}"


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands: the paragraph of a file that opens with these words."""

    file: str
    opening: str | Hidden
    occurrence: int | None = None


@dataclass(frozen=True, slots=True)
class PageFacts:
    """What an editor knows of a page; None: not said."""

    number: int  # of the entry, from 1
    file: str
    owner: str | None
    url: str | None  # the page's address
    saved_at: str | None
    reason: str | None
    owner_speaks: bool = False  # every comment without a head is the owner's
    layout: str | None = None  # LIST_LAYOUT: it is a list without heads, which nothing on the page says


@dataclass(frozen=True, slots=True)
class Entry:
    """An editor's decisions about the paragraph at a place."""

    number: int  # from 1, in the list `corrections`
    place: Place
    decisions: Mapping[str, object]  # a key of DECISIONS -> bool, str, None or Place
    confidence: float
    reason: str | None
    url: str | None  # public evidence


@dataclass(frozen=True, slots=True)
class CorrectionsFile:
    """A corrections file as it was read; its entries are about pages below `folder`."""

    path: Path
    content: bytes
    salts: tuple[bytes, ...]  # of the lists of what was removed, for the hashes among the openings
    pages: tuple[PageFacts, ...] = field(default=())
    entries: tuple[Entry, ...] = field(default=())


def load_corrections(path: Path, salts: Iterable[bytes] = ()) -> CorrectionsFile:
    """Read and check a corrections file; raises CorrectionError with the file, the entry and what is wrong.

    `salts` are those of the lists of what was removed.
    """
    try:
        content, data = read_yaml(path)
    except UnreadableError as error:
        raise CorrectionError(path, None, str(error)) from error
    data = {} if data is None else data
    if not isinstance(data, dict) or not data.keys() <= {"pages", "corrections"}:
        raise CorrectionError(path, None, "expected a mapping with the keys “pages” and “corrections” and no others")
    pages = [_page_facts(path, number, item) for number, item in enumerate(_list(path, data, "pages"), 1)]
    entries = [_entry(path, number, item) for number, item in enumerate(_list(path, data, "corrections"), 1)]
    return CorrectionsFile(path, content, tuple(salts), tuple(pages), tuple(entries))


def _list(path: Path, data: Mapping[str, object], key: str) -> list[object]:
    value = data.get(key)
    if value is None:
        return []
    if not isinstance(value, list):
        raise CorrectionError(path, None, f"“{key}” has to be a list, and is {kind_of(value)}")
    return value


def _page_facts(path: Path, number: int, item: object) -> PageFacts:
    values = _mapping(path, number, item, PAGE_KEYS)
    saved_at = values.get("saved_at")
    if isinstance(saved_at, datetime.date):
        saved_at = saved_at.isoformat()
    facts = PageFacts(
        number=number,
        file=_text(path, number, values, "file"),
        owner=_optional_text(path, number, values, "owner"),
        url=_address(path, number, values),
        saved_at=_iso_date(path, number, saved_at),
        reason=_optional_text(path, number, values, "reason"),
        owner_speaks=_flag(path, number, values, "owner_speaks"),
        layout=_optional_text(path, number, values, "layout"),
    )
    if facts.layout not in (None, LIST_LAYOUT):
        raise CorrectionError(path, number, f"“layout” can be “{LIST_LAYOUT}” only, and is “{facts.layout}”")
    # An owner that is null says that nobody may be named.
    states_nothing = all(getattr(facts, key) in (None, False) for key in PAGE_KEYS - {"file", "reason"})
    if states_nothing and "owner" not in values:
        raise CorrectionError(
            path, number, "of “pages” states no fact: expected “layout”, “owner”, “owner_speaks”, “url” or “saved_at”"
        )
    if facts.reason is None and facts.url is None:
        raise CorrectionError(path, number, "of “pages” has neither a “reason” nor a “url”")
    return facts


def _entry(path: Path, number: int, item: object) -> Entry:
    values = _mapping(path, number, item, ENTRY_KEYS)
    place = _place(path, number, values, None)
    decisions = {}
    for key, types in DECISIONS.items():
        if key in values:
            value = values[key]
            if not isinstance(value, types) or (isinstance(value, str) and not value.strip()):
                raise CorrectionError(path, number, f"“{key}” cannot be {kind_of(value)}")
            names_place = key in ("parent", "quotes", "same_comment_as") and value is not None
            decisions[key] = _place(path, number, value, place.file) if names_place else value
    if not decisions:
        raise CorrectionError(path, number, f"decides nothing: expected one of {', '.join(DECISIONS)}")
    confidence = values.get("confidence", 1.0)
    if isinstance(confidence, bool) or not isinstance(confidence, (int, float)) or not 0 < confidence <= 1:
        raise CorrectionError(path, number, "“confidence” has to be a number above 0 and at most 1")
    reason, url = _optional_text(path, number, values, "reason"), _address(path, number, values)
    if reason is None and url is None:
        raise CorrectionError(path, number, "has neither a “reason” nor a “url”")
    return Entry(number, place, decisions, float(confidence), reason, url)


def _place(path: Path, number: int, value: object, file: str | None) -> Place:
    """Read a place; a bare text is the opening words of a paragraph of `file`."""
    if isinstance(value, str):
        value = {"opening": value}
    if file is not None:
        value = {"file": file, **_mapping(path, number, value, PLACE_KEYS)}
    assert isinstance(value, dict)
    occurrence = value.get("occurrence")
    if occurrence is not None and (isinstance(occurrence, bool) or not isinstance(occurrence, int) or occurrence < 1):
        raise CorrectionError(path, number, "“occurrence” has to be a whole number from 1")
    opening = value.get("opening")
    words = _hidden(path, number, opening) if isinstance(opening, dict) else _text(path, number, value, "opening")
    return Place(_text(path, number, value, "file"), words, occurrence)


def _hidden(path: Path, number: int, opening: object) -> Hidden:
    values = _mapping(path, number, opening, HIDDEN_KEYS)
    characters = values.get("characters")
    if isinstance(characters, bool) or not isinstance(characters, int) or characters < 1:
        raise CorrectionError(path, number, "“characters” has to be a whole number from 1")
    return Hidden(_text(path, number, values, "removed"), characters)


def _mapping(path: Path, number: int, item: object, keys: frozenset[str]) -> dict[str, object]:
    if not isinstance(item, dict):
        raise CorrectionError(path, number, f"expected a mapping, and found {kind_of(item)}")
    unknown = sorted(str(key) for key in item if key not in keys)
    if unknown:
        raise CorrectionError(path, number, f"unknown key “{unknown[0]}”: expected {', '.join(sorted(keys))}")
    return item


def _text(path: Path, number: int, values: Mapping[str, object], key: str) -> str:
    text = _optional_text(path, number, values, key)
    if text is None:
        raise CorrectionError(path, number, f"“{key}” is missing")
    return text


def _optional_text(path: Path, number: int, values: Mapping[str, object], key: str) -> str | None:
    value = values.get(key)
    if value is None:
        return None
    if not isinstance(value, str) or not value.strip():
        raise CorrectionError(path, number, f"“{key}” has to be text, and is {kind_of(value)}: quote it")
    return value if key == "file" else value.strip()  # a file's name may begin or end with a space


def _address(path: Path, number: int, values: Mapping[str, object]) -> str | None:
    url = _optional_text(path, number, values, "url")
    if url is not None and not url.startswith(("https://", "http://")):
        raise CorrectionError(path, number, f"“url” has to begin with https:// or http://, and is “{url}”")
    return url


def _flag(path: Path, number: int, values: Mapping[str, object], key: str) -> bool:
    value = values.get(key, False)
    if not isinstance(value, bool):
        raise CorrectionError(path, number, f"“{key}” has to be true or false, and is {kind_of(value)}")
    return value


def _iso_date(path: Path, number: int, value: object) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str):
        raise CorrectionError(path, number, f"“saved_at” has to be an ISO 8601 date, and is {kind_of(value)}")
    try:
        datetime.datetime.fromisoformat(value.replace("Z", "+00:00"))
    except ValueError:
        raise CorrectionError(path, number, f"“saved_at” has to be an ISO 8601 date, and is “{value}”") from None
    return value
