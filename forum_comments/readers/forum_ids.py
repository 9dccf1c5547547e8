"""Ids and addresses in saved HTML: which forum they are of, and what a link names."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timezone
from urllib.parse import urlsplit

from forum_comments.readers.dom import Dom
from forum_comments.readers.selectors import (
    CANONICAL,
    FORUM_HOSTS,
    FORUM_ID,
    ID_IN_ADDRESS,
    NUMBER,
    POST_ADDRESS,
)


def canonical(dom: Dom) -> str | None:
    """Give the address that a page states as its own."""
    url = dom.attribute(dom.first(CANONICAL), "href")
    return url if url is not None and url.startswith(("https://", "http://")) else None


def forum_of(dom: Dom) -> str | None:
    """Say whose ids a page holds; None where it names no host of a known forum: then its ids are not used."""
    hrefs = (dom.attribute(link, "href") for link in dom.find("a[href]"))
    return next((forum for url in (canonical(dom), *hrefs) if (forum := _forum(url)) is not None), None)


def _forum(url: str | None) -> str | None:
    try:
        host = urlsplit(url or "").hostname or ""
    except ValueError:
        return None
    return next((forum for known, forum in FORUM_HOSTS.items() if host == known or host.endswith(f".{known}")), None)


def forum_id(text: str | None) -> str | None:
    """Give a text that can be an id."""
    return text if text is not None and FORUM_ID.match(text) else None


def comment_in(address: str | None) -> str | None:
    """Give the id of the comment that an address names."""
    match = ID_IN_ADDRESS.search(address or "")
    return match["id"] if match is not None else None


def post_in(addresses: Iterable[str | None]) -> str | None:
    """Give the id of the post that the first address with one names."""
    found = (POST_ADDRESS.search(address or "") for address in addresses)
    return next((match["post"] for match in found if match is not None), None)


def moment(seconds: float | None) -> str | None:
    """Give seconds since 1970 as ISO 8601 in UTC; None where there is no such day."""
    if seconds is None:
        return None
    try:
        found = datetime.fromtimestamp(seconds, timezone.utc)
    except (ValueError, OverflowError, OSError):
        return None
    return found.isoformat(timespec="milliseconds" if found.microsecond else "seconds").replace("+00:00", "Z")


def number(text: str | None) -> int | None:
    """Read a score; None where it is none."""
    return int(text.replace(",", "").replace("−", "-")) if text is not None and NUMBER.match(text) else None


def digits(text: str | None) -> int | None:
    """Read a count of milliseconds or seconds; None where it is none, or so long that no day has it."""
    return int(text) if text is not None and text.isascii() and text.isdigit() and len(text) <= 15 else None
