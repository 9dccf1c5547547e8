"""Addresses: those that stand in a text as they are, and those that markup links to. Only http(s) counts."""

from __future__ import annotations

import re
from collections.abc import Iterator

from forum_comments.vocabulary import URL, URL_TRAILING

_SCHEME = re.compile(r"https?://(?=[^/?#\s])", re.IGNORECASE)
# What browsers take out of an address wherever it stands.
_IGNORED = str.maketrans("", "", "\t\n\r")


def target_of(address: str | None) -> str | None:
    """Give what a link leads to, or None where that is no http(s) address with a host: `javascript:`, `/posts/1`."""
    if address is None:
        return None
    address = address.strip().translate(_IGNORED)
    scheme = _SCHEME.match(address)
    return scheme.group().lower() + address[scheme.end() :] if scheme else None


def bare_urls(text: str) -> Iterator[str]:
    """Give the addresses that stand in a text, without the punctuation that follows them."""
    for match in URL.finditer(text):
        url = match.group().rstrip(URL_TRAILING)
        # A bracket that the address itself opened belongs to it: https://en.wikipedia.org/wiki/Ada_(ship)
        unclosed = url.count("(") - url.count(")")
        end = len(url)
        while unclosed > 0 and match.group()[end : end + 1] == ")":
            end, unclosed = end + 1, unclosed - 1
        if _SCHEME.match(url):
            yield match.group()[:end]
