"""What heads state: the forum's ids join and keep apart, dates and posts are stored."""

import json

from making import appearance_of, archive_of_comments, words

from forum_comments.attribution import find_stated_parents
from forum_comments.models import Appearance, Comment, Header
from forum_comments.reconcile import reconcile
from forum_comments.rows import chunks_of
from forum_comments.schema import TABLES


def headed(text: str, document: str = "one page", **fields: str | None) -> Appearance:
    """Make an appearance under a head that states these fields."""
    appearance = appearance_of(text, document=document)
    appearance.header = Header("Ada Example", "Ada Example", is_single_line=False, **fields)  # type: ignore[arg-type]
    return appearance


def column(comments: list[Comment], table: str, *names: str) -> list[tuple[object, ...]]:
    places = [list(TABLES[table].columns).index(name) for name in names]
    chunks = chunks_of(archive_of_comments([], comments))
    return [tuple(row[place] for place in places) for name, rows in chunks if name == table for row in rows]


def test_appearances_with_the_forum_s_same_id_are_one_comment_whatever_their_words() -> None:
    one = headed("Short.", "one page", source="lw", source_id="abc")
    other = headed("Edited since.", "another page", source="lw", source_id="abc")
    (comment,) = reconcile([one, other])
    assert comment.id == "lw-abc"
    assert list(comment.match_basis.values()) == ["same id"]


def test_the_same_words_under_two_ids_of_the_forum_are_two_comments() -> None:
    pages = [
        headed(words(20), "one page", source="lw", source_id="abc"),
        headed(words(20), "another page", source="lw", source_id="def"),
        headed(words(20), "a third page"),
    ]
    found = {comment.id: len(comment.appearances) for comment in reconcile(pages)}
    assert sorted(found) == ["lw-abc", "lw-def"]
    assert sorted(found.values()) == [1, 2]


def test_a_comment_answers_the_one_whose_id_its_page_names_on_whatever_page_that_stands() -> None:
    answer = headed("An answer.", "one page", source="lw", source_id="b", parent_source_id="a")
    orphan = headed("Another.", "one page", source="lw", source_id="c", parent_source_id="elsewhere")
    question = headed("A question.", "another page", source="lw", source_id="a")
    find_stated_parents([answer, orphan, question])
    comments = reconcile([answer, orphan, question])
    assert column(comments, "comments", "id", "parent_id", "parent_basis", "parent_source_id") == [
        ("lw-elsewhere", None, "unknown", None),  # a placeholder: no page holds it
        ("lw-b", "lw-a", "source", "a"),
        ("lw-c", "lw-elsewhere", "source", "elsewhere"),
        ("lw-a", None, "unknown", None),
    ]


def test_what_a_head_states_is_stored_and_a_page_that_says_more_fills_what_another_left_open() -> None:
    bare = headed(words(20), "one page")
    full = headed(
        words(20),
        "another page",
        posted_at="2020-01-02T03:04Z",
        post_title="On tests",
        parent_author="Bob",
        url="https://example.org/c",
    )
    comments = reconcile([bare, full])
    names = ("posted_at", "post_id", "url", "source", "source_id", "extra")
    assert column(comments, "comments", *names) == [
        (
            "2020-01-02T03:04Z",
            "title-04d864c82541",
            "https://example.org/c",
            "page",
            None,
            json.dumps({"parent_author": "Bob"}),
        )
    ]
    assert column(comments, "posts", "id", "title") == [("title-04d864c82541", "On tests")]


def test_a_title_without_an_id_is_not_taken_for_the_post_of_that_title_whose_id_is_known() -> None:
    comments = reconcile(
        [
            headed("One.", source="lw", source_id="a", post_source_id="p1", post_title="On tests"),
            headed("Two.", "another page", post_title="On tests"),
        ]
    )
    assert column(comments, "comments", "post_id") == [("lw-p1",), ("title-04d864c82541",)]


def test_the_scores_are_those_of_a_page_that_shows_them() -> None:
    bare = headed(words(20), "one page")
    scored = headed(words(19), "another page", source="lw", source_id="a")
    scored.header = Header("Ada Example", "Ada Example 5", is_single_line=False, karma=5, source="lw", source_id="a")
    bare.header = Header("Ada Example", "Ada Example", is_single_line=False, source="lw", source_id="a")
    comments = reconcile([bare, scored])
    assert column(comments, "comments", "karma", "score_text") == [(5, "Ada Example 5")]


def test_pages_that_give_different_dates_make_a_problem_and_more_exact_ones_do_not() -> None:
    def problems(*dates: str) -> list[str]:
        pages = [headed(words(20), f"page {number}", posted_at=date) for number, date in enumerate(dates)]
        (comment,) = reconcile(pages)
        return [problem.kind for problem in comment.problems]

    assert problems("2020-01-02T03:04Z", "2020-01-02T03:04:31Z") == []
    assert problems("2020-01-02T03:04Z", "2021-01-02T03:04Z") == ["dates differ"]
