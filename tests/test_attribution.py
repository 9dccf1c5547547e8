from dataclasses import replace

from making import PROFILE_HEAD, REPLIES_HEAD, appearances_in, page_of

from forum_comments.attribution import attribute
from forum_comments.models import Appearance

WHOLE = "The measurement that everybody quotes was taken on a single afternoon in the old laboratory."
CUT = "The measurement that everybody quotes was taken on a single afternoon in the ... (read more)"
OTHER = "Nobody at the meeting remembered who had asked for that second table of numbers, which is odd."


def authors(appearances: list[Appearance]) -> list[tuple[str | None, str, float | None]]:
    return [(a.author_name, a.author_basis, a.author_confidence) for a in appearances]


def test_a_profile_shows_its_owner_s_comments_only() -> None:
    (found,) = appearances_in(page_of(PROFILE_HEAD + WHOLE))
    assert authors(found) == [("Ada Example", "page owner", 0.99)]


def test_a_comment_without_a_head_is_named_where_it_opens_the_page_and_unknown_below() -> None:
    (found,) = appearances_in(page_of(f"{REPLIES_HEAD}{CUT}\n\n2Neel Nanda1y\nNo.\n\n{OTHER} ... (read more)\n"))
    assert authors(found) == [
        ("Ada Example", "page owner", 0.99),
        ("Neel Nanda", "header", 1.0),
        (None, "unknown", None),
    ]


def test_a_comment_that_stands_on_the_owner_s_profile_is_the_owner_s_though_it_was_cut() -> None:
    replies = page_of(f"{REPLIES_HEAD}{OTHER} ... (read more)\n\n{CUT}\n")
    found, _ = appearances_in(replies, page_of(PROFILE_HEAD + WHOLE))
    assert authors(found)[1] == ("Ada Example", "page owner", 0.99)


def test_a_comment_that_stands_on_somebody_else_s_profile_is_that_person_s() -> None:
    replies = page_of(f"{REPLIES_HEAD}{OTHER} ... (read more)\n\n{CUT}\n")
    found, _ = appearances_in(replies, page_of(PROFILE_HEAD.replace("Ada Example", "Bo Other") + WHOLE))
    assert authors(found)[1] == ("Bo Other", "inferred", 0.99)


def test_a_comment_that_stands_on_two_people_s_profiles_is_nobody_s_for_sure() -> None:
    replies = page_of(f"{REPLIES_HEAD}{OTHER} ... (read more)\n\n{CUT}\n")
    profiles = [page_of(PROFILE_HEAD.replace("Ada Example", name) + WHOLE) for name in ("Ada Example", "Bo Other")]
    assert authors(appearances_in(replies, *profiles)[0])[1] == (None, "unknown", None)


def test_a_short_comment_is_not_known_again_on_a_profile() -> None:
    replies = page_of(f"{REPLIES_HEAD}{OTHER} ... (read more)\n\nYes. ... (read more)\n")
    found, _ = appearances_in(replies, page_of(PROFILE_HEAD + "Yes."))
    assert authors(found)[1] == (None, "unknown", None)


def test_a_list_that_names_nobody_stays_without_names() -> None:
    (found,) = appearances_in(page_of(f"{WHOLE}\n{OTHER}\n"))
    assert {author for author, _, _ in authors(found)} == {None}


def test_an_editor_may_say_that_every_comment_without_a_head_is_the_owner_s() -> None:
    page = page_of(f"{REPLIES_HEAD}{CUT}\n\n2Neel Nanda1y\nNo.\n\n{OTHER} ... (read more)\n")
    (found,) = appearances_in(page)
    attribute([replace(page, owner_speaks=True)], [found])
    assert [author for author, _, _ in authors(found)] == ["Ada Example", "Neel Nanda", "Ada Example"]


def test_of_several_readings_the_one_name_that_another_head_prints_is_taken() -> None:
    text = f"{REPLIES_HEAD}{CUT}\n\n42fish2y\nNo.\n\n3fish1y\nYes.\n"
    assert authors(appearances_in(page_of(text))[0])[1] == ("fish", "inferred", 0.9)


def test_several_readings_of_which_two_are_known_names_stay_unknown() -> None:
    text = f"{REPLIES_HEAD}{CUT}\n\n9Q712y\nNo.\n\n3Q71now\nYes.\n\n3Q7now\nHm.\n"
    (found,) = appearances_in(page_of(text))
    assert [author for author, _, _ in authors(found)[1:]] == [None, "Q71", "Q7"]


def test_single_line_replies_answer_the_comment_above_them() -> None:
    text = f"{REPLIES_HEAD}{CUT}\n\n2Neel Nanda1y\nNo.\n\n1Bob1y\nYes.\n\n{OTHER} ... (read more)\n\n0Bob2y\nSo.\n"
    (found,) = appearances_in(page_of(text))
    parents = [(found.index(a.parent) if a.parent else None, a.parent_basis, a.parent_confidence) for a in found]
    assert parents == [
        (None, "unknown", None),
        (0, "page layout", 0.96),
        (0, "page layout", 0.96),
        (None, "unknown", None),
        (3, "page layout", 0.844),
    ]


def test_a_comment_that_quotes_one_other_comment_answers_it() -> None:
    quoted = "Whoever preserves originals forever promises something that nobody has managed so far."
    source = f"Some preliminary remarks about everything. {quoted} And a few closing remarks that follow it."
    text = f"{REPLIES_HEAD}{source} ... (read more)\n\n{quoted}\n\nThat is too strong, as I see it. ... (read more)\n"
    (found,) = appearances_in(page_of(text))
    assert [a.parent_basis for a in found] == ["unknown", "quotation"]
    assert (found[1].parent, found[1].parent_confidence) == (found[0], 0.765)


def test_a_profile_s_layout_says_nothing_of_replies() -> None:
    (found,) = appearances_in(page_of(f"{PROFILE_HEAD}{WHOLE}\n\n{OTHER}\n"))
    assert {a.parent for a in found} == {None}
