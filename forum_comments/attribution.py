"""Who wrote each comment of a page and what it answers, as far as the page's layout says."""

from __future__ import annotations

from collections.abc import Sequence

from forum_comments.models import Appearance, Page

# A profile shows its owner's comments and nobody else's.
PROFILE_CONFIDENCE = 0.99
# A comment without a head on a replies page is its owner's, unless it is a reply drawn whole whose head was lost.
NO_HEADER_CONFIDENCE = 0.9
# A single-line reply stands under the comment that it answers; other replies to that comment may stand between.
REPLY_CONFIDENCE = 0.95


def attribute(page: Page, appearances: Sequence[Appearance]) -> None:
    """Set author and parent of a page's comments, each with its basis and confidence; unknown stays None."""
    above: Appearance | None = None
    for appearance in appearances:
        _set_author(page, appearance)
        if appearance.header is not None and page.layout != "profile":
            if above is not None:
                appearance.parent = above
                appearance.parent_basis = "page layout"
                appearance.parent_confidence = REPLY_CONFIDENCE
        else:
            above = appearance


def _set_author(page: Page, appearance: Appearance) -> None:
    header = appearance.header
    if header is not None:
        if header.name is not None:
            appearance.author_name, appearance.author_basis, appearance.author_confidence = header.name, "header", 1.0
        return
    if page.owner is not None:
        appearance.author_name, appearance.author_basis = page.owner, "page owner"
        appearance.author_confidence = PROFILE_CONFIDENCE if page.layout == "profile" else NO_HEADER_CONFIDENCE
