"""What a build found out, whole: pages, comments, corrections and problems, before they become rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from forum_comments.corrections import Applied
from forum_comments.models import Comment, Page, Problem

OWNER_UNKNOWN = "The page does not say whose it is: its comments without a head have no author."


@dataclass(frozen=True, slots=True)
class Archive:
    """Everything that the build found out; `pages` are in the order in which their comments stand in `comments`."""

    pages: Sequence[Page]
    comments: Sequence[Comment]
    applied: Sequence[Applied]
    skipped: int  # correction entries about files that are not in this run
    inputs: Sequence[tuple[str, bytes]]  # name and content of every input, for the build's own sha256

    def problems(self) -> list[tuple[str | None, Problem]]:
        """Give every problem with the id of the comment that it is about, in an order of their own."""
        found: list[tuple[str | None, Problem]] = []
        for page in self.pages:
            found += [(None, problem) for problem in (*page.document.problems, *page.problems)]
            if page.owner is None and page.blocks and not page.is_marked:
                found.append((None, Problem("owner unknown", OWNER_UNKNOWN, page.document.id)))
        for comment in self.comments:
            found += [(comment.id, problem) for problem in comment.problems]
            found += [(comment.id, problem) for a in comment.appearances for problem in a.problems]
        return sorted(found, key=lambda item: (item[1].document_id or "", item[1].kind, item[1].detail, item[0] or ""))
