import random

import pytest

from forum_comments.quotation_language import CONSTANT
from training.comments import Comment
from training.logistic import fit, weigh
from training.people import Count, PeopleTally, measure
from training.people_pages import pages_of
from training.quotations import answered, examples, learn, run_together
from training.render import profile_page, replies_page

CLAIM = "Whoever preserves originals forever promises something that nobody has managed so far."
LONG = f"Some preliminary remarks about everything. {CLAIM} And a few closing remarks that follow it."
WITHOUT_LANGUAGE = {CONSTANT: -9.0}


def comment(id: str, markdown: str, karma: int = 12, author: str = "Ada Verne", parent: str | None = None) -> Comment:
    return Comment(id, author, parent, markdown, karma, "2024", "forummagnum")


def test_names_replies_and_quotations_of_a_page_are_counted() -> None:
    threads = [
        (
            comment("a", LONG),
            (comment("b", f"> {CLAIM}\n\nToo strong.", 30, "Cy"), comment("c", "No.", 3, "bo")),
        ),
        (comment("d", "Own words, some of them."), ()),
    ]
    tally = PeopleTally()
    measure(tally, [replies_page("p", "Ada Verne", threads, random.Random(1))], WITHOUT_LANGUAGE)
    assert (tally.names.true, tally.names.given, tally.names.right) == (4, 2, 2)
    assert (tally.names_without_head.true, tally.names_without_head.given) == (3, 1)
    assert (tally.replies.true, tally.replies.given, tally.replies.right) == (2, 2, 2)
    assert (tally.quotations.true, tally.quotations.given, tally.quotations.right) == (1, 1, 1)
    assert tally.suspicions == [(0.9, True)]


def test_a_measure_of_nothing_is_left_out() -> None:
    assert PeopleTally().measures() == {}
    assert PeopleTally(names=Count(true=4, given=2, right=1)).measures() == {
        "wrong names": (0.5, 2),
        "names given": (0.5, 4),
    }


def test_a_profile_beside_the_page_names_what_both_show() -> None:
    own = [comment("a", LONG), comment("b", f"{LONG[5:]} Twice.")]
    page = replies_page("p", "Ada Verne", [(c, ()) for c in own], random.Random(1))
    alone, beside = PeopleTally(), PeopleTally()
    measure(alone, [page], WITHOUT_LANGUAGE)
    measure(beside, [profile_page("q", "Ada Verne", own, random.Random(1)), page], WITHOUT_LANGUAGE)
    assert (alone.names_without_head.given, beside.names_without_head.given) == (1, 2)


def test_a_page_shows_no_grafted_reply_twice_and_nobody_of_another_group() -> None:
    authors = {
        name: tuple(comment(f"{name}{n}", f"Comment number {n} by {name}.", author=name, parent="x") for n in range(60))
        for name in ("Ada", "Bo", "Cy")
    }
    pages = pages_of(authors, 1)
    for owner, of_owner in pages.items():
        for page in of_owner:
            others = [c.source_id for c in page.comments if c.author != owner]
            assert len(set(others)) == len(others)
            assert {c.author for c in page.comments} <= set(authors)


def test_quotations_are_learned_from_what_stands_below_them() -> None:
    quoting = [comment(f"q{n}", f"> Claim number {n} is true.\n\nI disagree with you on {n}.") for n in range(9)]
    plain = [comment(f"p{n}", f"A remark, the {n}th.\n\nAnother remark about that.") for n in range(9)]
    material = examples([*quoting, *plain])
    assert [(e.is_quotation, e.is_first) for e in material] == [(True, True)] * 9 + [(False, True)] * 9
    weights = learn(material)
    assert weights["below addresses"] > 0.2 > 0.0 > weights["below first person 0"]


def test_a_real_reply_stands_below_a_paragraph_of_what_it_answers() -> None:
    parent = comment("a", "A paragraph of at least five words.")
    (found,) = answered([parent, comment("b", "No, it is not.", parent="a"), comment("c", "Alone.")])
    assert (found.is_quotation, found.is_first, found.weight) == (True, True, 0.3)
    assert "below group dissent" in found.signs


def test_the_end_of_a_comment_above_the_next_one_is_no_quotation() -> None:
    (found,) = run_together([comment("a", "One.\n\nTwo."), comment("b", "Three.")])
    assert (found.is_quotation, found.is_first, found.weight) == (False, False, 0.15)


def test_logistic_regression_gives_the_share_of_each_feature() -> None:
    rows = [{"a": 1.0}] * 4 + [{}] * 4
    labels = [True, True, True, False, True, False, False, False]
    weights = fit(rows, labels, 1e-6, 1, [1.0] * 8)
    assert weigh({"a": 1.0}, weights) == pytest.approx(1.0986, abs=1e-3)  # three of four
    assert weigh({}, weights) == pytest.approx(-1.0986, abs=1e-3)


def test_rare_features_get_no_weight() -> None:
    assert set(fit([{"a": 1.0, "b": 1.0}, {"a": 1.0}, {}], [True, False, False], 1.0, 2, [1.0] * 3)) == {"a", CONSTANT}
