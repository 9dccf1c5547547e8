"""A removed document gives no comment its text, where another document shows that comment too."""

from __future__ import annotations

from collections.abc import Sequence

from forum_comments.models import Comment
from forum_comments.reconcile import choose_author
from forum_comments.removal.lists import RemovalList
from forum_comments.removal.matching import removed_documents


def prefer_other_documents(comments: Sequence[Comment], lists: Sequence[RemovalList]) -> None:
    """Take text, head and author of comments from documents that stay; a comment that stands in no other is left."""
    documents = {a.document.id for comment in comments for a in comment.appearances}
    removed = {document_id for document_id, _ in removed_documents(lists, documents)}
    for comment in comments if removed else ():
        gone = [a for a in comment.appearances if a.document.id in removed]
        if 0 < len(gone) < len(comment.appearances):
            stays = [a for a in comment.appearances if a.document.id not in removed]
            for appearance in gone:
                appearance.header = None
            comment.appearances = [*stays, *gone]
            choose_author(comment, stays)
