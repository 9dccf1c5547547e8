"""What the templates and pages of a request have to tell the gate, which answers it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

CONFIGURATION = "forum-comments"  # the name under `plugins:` of metadata.yml


class Exchange:
    """What one request has told so far.

    `admitted` is the page's nonce, made by `make_nonce` when a template first asks for it; `is_hidden` says that the
    page names a person of `hidden_authors`, whose pages search engines are asked not to list.
    """

    __slots__ = ("_make_nonce", "admitted", "hidden_authors", "is_hidden")

    def __init__(self, make_nonce: Callable[[], str] = str, hidden_authors: frozenset[str] = frozenset()) -> None:
        self._make_nonce = make_nonce
        self.hidden_authors = hidden_authors
        self.is_hidden = False
        self.admitted: str | None = None

    def nonce(self) -> str:
        """The page's nonce, which the policy names from now on."""
        if self.admitted is None:
            self.admitted = self._make_nonce()
        return self.admitted

    def note(self, page: Any) -> None:
        """Look through a page's data, as `forum_comments.pages` makes it, for the ids of hidden authors."""
        waiting = [page] if self.hidden_authors else []
        while waiting and not self.is_hidden:
            value = waiting.pop()
            if isinstance(value, dict):
                ids = {each for key, each in value.items() if key.endswith("id") and isinstance(each, str)}
                self.is_hidden = not self.hidden_authors.isdisjoint(ids)
                waiting += value.values()
            elif isinstance(value, list):
                waiting += value


_current: ContextVar[Exchange | None] = ContextVar("exchange", default=None)


@contextmanager
def current(exchange: Exchange) -> Iterator[None]:
    """Make an exchange the one that is answered as long as the block lasts; one request may ask for another."""
    token = _current.set(exchange)
    try:
        yield
    finally:
        _current.reset(token)


def current_exchange() -> Exchange:
    """The exchange that is answered; one of its own where there is no gate."""
    return _current.get() or Exchange()


def csp_nonce() -> str:
    """The nonce of the page that is being rendered."""
    return current_exchange().nonce()


def hidden_authors(configuration: dict[str, Collection[str]] | None) -> frozenset[str]:
    """The ids of authors that `authors_not_indexed` lists, in the plugin's configuration."""
    return frozenset((configuration or {}).get("authors_not_indexed") or ())
