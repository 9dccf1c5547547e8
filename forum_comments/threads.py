"""Parents, roots and depths. Nothing here recurses: how deep a thread is, its writers decide."""

from __future__ import annotations

from collections.abc import Sequence

from forum_comments.models import Comment, Problem


def thread(comments: Sequence[Comment]) -> None:
    """Set root and depth of every comment; a link that would close a loop is refused and becomes a problem.

    Of a loop's links the one of the comment with the smallest id is refused, whatever the order of `comments`.
    """
    _refuse_loops(comments)
    for comment in comments:
        path = []
        node: Comment | None = comment
        while node is not None and node.root is None:
            path.append(node)
            node = node.parent
        for step in reversed(path):
            step.root = step if step.parent is None else step.parent.root
            step.depth = 0 if step.parent is None else step.parent.depth + 1


def _refuse_loops(comments: Sequence[Comment]) -> None:
    done: set[Comment] = set()
    for comment in comments:
        path: list[Comment] = []
        on_path: set[Comment] = set()
        node: Comment | None = comment
        while node is not None and node not in done and node not in on_path:
            path.append(node)
            on_path.add(node)
            node = node.parent
        if node is not None and node in on_path:
            _refuse(min(path[path.index(node) :], key=lambda member: member.id))
        done.update(path)


def _refuse(comment: Comment) -> None:
    assert comment.parent is not None
    detail = f"That it answers {comment.parent.id} would close a loop; the link was refused."
    comment.problems.append(Problem("reply loop", detail))
    comment.parent = None
    comment.parent_basis = "unknown"
    comment.parent_confidence = None
