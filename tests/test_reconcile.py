import random

import pytest
from making import appearance_of, words

from forum_comments.models import Appearance, Comment, Header
from forum_comments.reconcile import reconcile

TEXT = words(20)
CUT = TEXT[:90]  # ends within the fifteenth word


def described(comments: list[Comment]) -> list[tuple[str, str | None, list[str]]]:
    """Give each comment's id without its key, its author, and where it stands."""
    found = []
    for comment in comments:
        assert comment.id.startswith(f"p-{comment.opening_key}")
        places = [f"{a.document.file_name} {a.position}" for a in comment.appearances]
        found.append((comment.id.removeprefix(f"p-{comment.opening_key}"), comment.author_name, places))
    return found


def test_the_same_words_on_two_pages_are_one_comment() -> None:
    one, other = appearance_of(TEXT, document="a"), appearance_of(TEXT, document="b", position=2)
    (comment,) = reconcile([one, other])
    assert set(comment.appearances) == {one, other}
    assert list(comment.match_basis.values()) == ["same text"]


def test_the_same_words_in_paragraphs_and_on_one_line_are_one_comment() -> None:
    paragraphs = appearance_of([words(9), "It’s Word9 and", words(5, 10)], document="a")
    line = appearance_of(f"{words(9)}  it's word9 AND {words(5, 10)}", document="b")
    assert len(reconcile([paragraphs, line])) == 1


@pytest.mark.parametrize("text", ["Thanks!", words(7)])
def test_a_text_of_less_than_eight_words_repeats_without_being_the_same(text: str) -> None:
    comments = reconcile([appearance_of(text, document="a"), appearance_of(text, document="b")])
    assert [suffix for suffix, _, _ in described(comments)] in (["", "-2"], ["-2", ""])


def test_a_cut_copy_is_the_comment_that_begins_with_it() -> None:
    cut, whole = appearance_of(CUT, document="a", is_truncated=True), appearance_of(TEXT, document="b")
    for order in ([cut, whole], [whole, cut]):
        (comment,) = reconcile(order)
        assert comment.appearances == [whole, cut]
        assert comment.fullest is whole
        assert comment.match_basis == {cut: "cut copy"}


def test_a_cut_copy_that_shows_less_than_twelve_words_is_left_alone() -> None:
    cut = appearance_of(words(11) + " wo", document="a", is_truncated=True)
    assert len(reconcile([cut, appearance_of(TEXT, document="b")])) == 2


def test_a_whole_text_is_no_copy_of_a_longer_one_that_begins_with_it() -> None:
    assert len(reconcile([appearance_of(CUT, document="a"), appearance_of(TEXT, document="b")])) == 2


def test_the_longer_of_two_cut_copies_gives_the_text() -> None:
    short = appearance_of(CUT, document="a", is_truncated=True)
    long = appearance_of(TEXT, document="b", is_truncated=True)
    (comment,) = reconcile([short, long])
    assert comment.fullest is long


def test_a_cut_copy_that_two_different_texts_begin_with_is_joined_to_none_and_reported() -> None:
    cut = appearance_of(CUT, document="a", is_truncated=True)
    wholes = [appearance_of(TEXT + " one end", document="b"), appearance_of(TEXT + " another end", document="c")]
    comments = reconcile([cut, *wholes])
    assert len(comments) == 3
    assert [(problem.kind, problem.detail) for problem in cut.problems] == [
        (
            "cut copy of several",
            "2 different texts begin with what this cut copy shows; it was joined to none.",
        )
    ]


def test_two_different_authors_that_are_certain_keep_the_same_words_apart() -> None:
    ada, bob = appearance_of(TEXT, document="a", author="Ada"), appearance_of(TEXT, document="b", author="Bob")
    assert len(reconcile([ada, bob])) == 2


def test_an_author_that_is_less_certain_gives_way_and_the_conflict_is_reported() -> None:
    header = appearance_of(TEXT, document="a", author="Bob")
    owner = appearance_of(TEXT, document="b", author="Ada", author_confidence=0.9)
    owner.author_basis = "page owner"
    for order in ([header, owner], [owner, header]):
        (comment,) = reconcile(order)
        assert (comment.author_name, comment.author_basis, comment.author_confidence) == ("Bob", "header", 1.0)
        assert [(problem.kind, problem.detail) for problem in comment.problems] == [
            ("authors differ", "Its appearances name Ada, Bob; Bob was taken (header).")
        ]


@pytest.mark.parametrize("basis", ["header", "page owner", "inferred"])
def test_an_editor_s_author_wins(basis: str) -> None:
    found = appearance_of(TEXT, document="a", author="Ada", author_confidence=0.9)
    found.author_basis = basis  # type: ignore[assignment]
    corrected = appearance_of(TEXT, document="b", author="Bob", author_confidence=0.5)
    corrected.author_basis = "correction"
    (comment,) = reconcile([found, corrected])
    assert (comment.author_name, comment.author_basis) == ("Bob", "correction")


def test_what_an_editor_joins_is_one_comment_whatever_its_words() -> None:
    one, other = appearance_of("Yes.", document="a"), appearance_of("Yes, I think so.", document="b")
    (comment,) = reconcile([one, other], [(other, one)])
    assert comment.fullest is other
    assert comment.match_basis == {one: "correction"}


def test_a_whole_text_is_fuller_than_a_longer_one_that_was_cut() -> None:
    whole, cut = appearance_of(words(9), document="b"), appearance_of(words(12), document="a", is_truncated=True)
    (comment,) = reconcile([cut, whole], [(whole, cut)])
    assert comment.fullest is whole


def test_the_parents_of_all_copies_are_one_when_the_parents_are() -> None:
    parents = [appearance_of(words(10, 50), document=name) for name in "ab"]
    replies = [appearance_of(TEXT, document=name, position=2) for name in "ab"]
    for reply, parent in zip(replies, parents, strict=True):
        reply.parent, reply.parent_basis, reply.parent_confidence = parent, "page layout", 0.95
    comments = reconcile([*parents, *replies])
    assert [(comment.parent, comment.parent_basis) for comment in comments] == [
        (None, "unknown"),
        (comments[0], "page layout"),
    ]
    assert comments[1].problems == []


def test_copies_that_answer_different_comments_are_reported_and_the_stronger_basis_wins() -> None:
    first, second = appearance_of(words(10, 50), document="a"), appearance_of(words(10, 70), document="b")
    replies = [appearance_of(TEXT, document=name, position=2) for name in "ab"]
    replies[0].parent, replies[0].parent_basis, replies[0].parent_confidence = first, "quotation", 0.99
    replies[1].parent, replies[1].parent_basis, replies[1].parent_confidence = second, "page layout", 0.9
    comments = reconcile([first, second, *replies])
    assert (comments[2].parent, comments[2].parent_basis, comments[2].parent_confidence) == (
        comments[1],
        "page layout",
        0.9,
    )
    assert [problem.detail for problem in comments[2].problems] == [
        "Its appearances answer 2 different comments; the one by page layout was taken."
    ]


def test_a_parent_that_an_editor_took_away_stays_away() -> None:
    parent = appearance_of(words(10, 50), document="a")
    replies = [appearance_of(TEXT, document=name, position=2) for name in "ab"]
    replies[0].parent, replies[0].parent_basis = parent, "page layout"
    replies[1].parent_basis, replies[1].parent_confidence = "correction", 1.0
    comments = reconcile([parent, *replies])
    assert (comments[1].parent, comments[1].parent_basis) == (None, "correction")


def test_the_numbers_of_repeated_short_replies_go_by_author_then_parent_then_place() -> None:
    def replies() -> list[Appearance]:
        question = appearance_of("Is it? " + words(12, 90), document="q")
        found = [
            appearance_of("Yes.", document="a", position=1, author="Bob"),
            appearance_of("Yes.", document="b", position=1, author="Ada"),
            appearance_of("Yes.", document="c", position=1, author="Ada"),
            appearance_of("Yes.", document="d", position=2, author="Ada"),
            appearance_of("Yes.", document="d", position=1, author="Ada"),
        ]
        found[2].parent, found[2].parent_basis = question, "page layout"
        return [*found, question]

    def ids(order: int) -> dict[tuple[str, int], str]:
        shuffled = replies()
        random.Random(order).shuffle(shuffled)
        comments = reconcile(shuffled)
        return {(c.fullest.document.file_name, c.fullest.position): c.id.split("-", 2)[-1] for c in comments}

    first = ids(0)
    numbers = {place: number for place, number in first.items() if place[0] != "q.txt"}
    assert all(ids(order) == first for order in range(1, 10))
    assert numbers["a.txt", 1] == "5"
    assert numbers["c.txt", 1] == "4"
    assert len(set(numbers.values())) == 5


def test_the_order_of_appearances_changes_the_order_of_comments_only() -> None:
    def archive() -> list[Appearance]:
        return [
            appearance_of(TEXT, document="a", author="Ada"),
            appearance_of(CUT, document="b", is_truncated=True),
            appearance_of(TEXT, document="c"),
            appearance_of(TEXT, document="d", author="Bob"),
            appearance_of(TEXT + " and more", document="e", is_truncated=True),
            appearance_of(words(7), document="f"),
            appearance_of(words(7), document="g"),
        ]

    found = sorted(described(reconcile(archive())), key=str)
    for order in range(20):
        appearances = archive()
        random.Random(order).shuffle(appearances)
        assert sorted(described(reconcile(appearances)), key=str) == found


def test_a_head_on_one_page_serves_the_comment_of_both() -> None:
    named = appearance_of(TEXT, document="a", author="Ada")
    named.header = Header("Ada", "2Ada1y", is_single_line=True, age="1y", karma=2)
    unnamed = appearance_of(TEXT, document="b")
    (comment,) = reconcile([unnamed, named])
    assert (comment.author_name, comment.author_basis) == ("Ada", "header")
