"""Ids and labels that readers see: authors' ids, comments' titles, text as a cell can hold it."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Protocol, overload
from urllib.parse import urlsplit

from forum_comments.models import Appearance

TITLE_CHARACTERS = 70
NO_TEXT = "[no text]"


class HasText(Protocol):
    """A passage, wherever it comes from."""

    @property
    def text(self) -> str:
        """Its words, without markup."""


@overload
def shown(text: str) -> str: ...


@overload
def shown(text: str | None) -> str | None: ...


def shown(text: str | None) -> str | None:
    """Give a text as a cell can hold it: without NUL characters, which end a text for SQLite's own functions."""
    return text.replace("\0", "\N{REPLACEMENT CHARACTER}") if text is not None else None


def slug_of(name: str) -> str:
    """Make an id of a name, of `a-z 0-9 -`; a name without such letters gets a hash of itself."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    return slug or f"author-{hashlib.sha256(name.encode()).hexdigest()[:12]}"


def title_of(passages: Sequence[HasText]) -> str:
    """Make a comment's label of its opening words."""
    text = " ".join(shown(" ".join(passage.text[: 2 * TITLE_CHARACTERS] for passage in passages[:3])).split())
    if len(text) <= TITLE_CHARACTERS:
        return text or NO_TEXT
    opening = text[:TITLE_CHARACTERS]
    return (opening.rsplit(" ", 1)[0] if " " in opening else opening) + " …"


def appearance_id(appearance: Appearance) -> str:
    """Give the id of a place where a comment stands."""
    return f"{appearance.document.id}-{appearance.position}"


def json_of(value: Mapping[str, object]) -> str | None:
    """Give what has no column of its own as JSON, its keys in order; None where there is nothing."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True) if value else None


def host_of(url: str) -> str | None:
    """Give the host that a URL names; None where it cannot be read."""
    try:
        return urlsplit(url).hostname
    except ValueError:  # such as a bracket that opens an IPv6 address and does not close
        return None
