"""What the templates and pages of a request have to tell the gate, which answers it."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

CONFIGURATION = "forum-comments"  # the name under `plugins:` of metadata.yml
KEY = "forum_comments.exchange"  # in the ASGI scope


class Exchange:
    """What one request has told so far.

    `styles` are the hashes of the style sheets that stand in its page; `is_hidden` says that the page names a person
    of `hidden_authors`, whose pages search engines are asked not to list.
    """

    __slots__ = ("hidden_authors", "is_hidden", "styles")

    def __init__(self, hidden_authors: frozenset[str] = frozenset()) -> None:
        self.hidden_authors = hidden_authors
        self.is_hidden = False
        self.styles: list[str] = []

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


def exchange_of(request: Any) -> Exchange:
    """The exchange of a request; one of its own where there is no gate or, as on error pages, no request."""
    found = getattr(request, "scope", {}).get(KEY)
    return found if isinstance(found, Exchange) else Exchange()


def hidden_authors(configuration: dict[str, Collection[str]] | None) -> frozenset[str]:
    """The ids of authors that `authors_not_indexed` lists, in the plugin's configuration."""
    return frozenset((configuration or {}).get("authors_not_indexed") or ())
