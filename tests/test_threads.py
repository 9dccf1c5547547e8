import random
from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st
from making import appearance_of, nothing_gathered

from forum_comments.linking import link
from forum_comments.models import Comment


def comments_of(parents: Sequence[int | None]) -> list[Comment]:
    """Make comments `p-0`, `p-1`, ...; each number is the parent of the comment that stands at its place."""
    comments = [Comment([appearance_of("Yes.")], "key", {}, id=f"p-{number}") for number in range(len(parents))]
    for comment, parent in zip(comments, parents, strict=True):
        if parent is not None:
            comment.parent = comments[parent]
            comment.parent_basis, comment.parent_confidence = "page layout", 0.9
    return comments


def threaded(parents: Sequence[int | None], order: Sequence[int] | None = None) -> list[tuple[str | None, str, int]]:
    """Give each comment's parent, root and depth, with the comments handed over in this order."""
    comments = comments_of(parents)
    link(nothing_gathered(), [comments[number] for number in order or range(len(comments))])
    found = []
    for comment in comments:
        found.append((comment.parent_id, comment.root_id, comment.depth))
    return found


def test_a_comment_that_answers_nothing_is_its_own_root() -> None:
    assert threaded([None]) == [(None, "p-0", 0)]


def test_depth_counts_from_the_root() -> None:
    assert threaded([None, 0, 1, 0, None]) == [
        (None, "p-0", 0),
        ("p-0", "p-0", 1),
        ("p-1", "p-0", 2),
        ("p-0", "p-0", 1),
        (None, "p-4", 0),
    ]


def test_a_chain_of_5000_replies_has_its_depth() -> None:
    for order in (range(5000), range(4999, -1, -1)):
        found = threaded([None, *range(4999)], order)
        assert found[0] == (None, "p-0", 0)
        assert found[4999] == ("p-4998", "p-0", 4999)


def test_a_reply_to_itself_is_refused_and_reported() -> None:
    (comment,) = comments_of([0])
    link(nothing_gathered(), [comment])
    assert (comment.parent, comment.parent_basis, comment.parent_confidence) == (None, "unknown", None)
    assert (comment.root_id, comment.depth) == (comment.id, 0)
    assert [(problem.kind, problem.detail) for problem in comment.problems] == [
        ("reply loop", "That it answers p-0 would close a loop; the link was refused.")
    ]


def test_of_two_comments_that_answer_each_other_the_one_with_the_smaller_id_loses_its_parent() -> None:
    for order in ([0, 1, 2], [2, 1, 0]):
        assert threaded([1, 0, 1], order) == [(None, "p-0", 0), ("p-0", "p-0", 1), ("p-1", "p-0", 2)]


def test_a_loop_is_opened_at_one_place_and_reported_once() -> None:
    comments = comments_of([2, 0, 1, 2, None])
    link(nothing_gathered(), comments)
    assert [len(comment.problems) for comment in comments] == [1, 0, 0, 0, 0]
    assert [comment.depth for comment in comments] == [0, 1, 2, 3, 0]


@given(
    st.integers(1, 30).flatmap(
        lambda size: st.lists(st.one_of(st.none(), st.integers(0, size - 1)), min_size=size, max_size=size)
    ),
    st.integers(),
)
def test_any_replies_become_trees_that_do_not_depend_on_the_order(parents: list[int | None], seed: int) -> None:
    found = threaded(parents)
    order = list(range(len(parents)))
    random.Random(seed).shuffle(order)
    assert threaded(parents, order) == found
    depth_of = {f"p-{number}": depth for number, (_, _, depth) in enumerate(found)}
    root_of = {f"p-{number}": root for number, (_, root, _) in enumerate(found)}
    for number, (parent, root, depth) in enumerate(found):
        if parent is None:
            assert (root, depth) == (f"p-{number}", 0)
        else:
            assert (root, depth) == (root_of[parent], depth_of[parent] + 1)
