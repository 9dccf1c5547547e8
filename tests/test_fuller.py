"""What several sources say of a post or person becomes the fullest of each, whatever their order."""

from __future__ import annotations

from functools import reduce

from hypothesis import given
from hypothesis import strategies as st

from forum_comments.fuller import fuller, fuller_person, fuller_post
from forum_comments.records import Person, Post

texts = st.one_of(st.none(), st.text(max_size=3))
values = st.one_of(st.none(), st.booleans(), st.integers(-2, 2), st.floats(), st.text(max_size=2))
extras = st.dictionaries(st.sampled_from("ab"), values, max_size=2)
posts = st.builds(Post, st.just("lw"), st.just("a"), texts, texts, extras)
people = st.builds(Person, st.just("lw"), st.just("a"), st.text(max_size=3), texts, extras)


def test_the_longer_text_is_taken_and_unknown_is_no_text() -> None:
    assert fuller("Title", "A title") == "A title"
    assert fuller(None, "") == ""
    assert fuller("b", "a") == "b"
    assert fuller(None, None) is None


def test_a_post_of_two_sources_has_what_either_says() -> None:
    one = Post("hn", "1", "Title", None, {"score": 3, "by": "ann"})
    other = Post("hn", "1", None, "https://example.org/", {"score": 12})
    expected = Post("hn", "1", "Title", "https://example.org/", {"score": 12, "by": "ann"})
    assert fuller_post(one, other) == fuller_post(other, one) == expected


def test_a_person_of_two_sources_has_the_longer_bio() -> None:
    one, other = Person("lw", "1", "Ann", "Writes."), Person("lw", "1", "Ann", "Writes tests.", {"karma": 1})
    assert (
        fuller_person(one, other)
        == fuller_person(other, one)
        == Person("lw", "1", "Ann", "Writes tests.", {"karma": 1})
    )


@given(st.lists(posts, min_size=1, max_size=4).flatmap(lambda found: st.tuples(st.just(found), st.permutations(found))))
def test_posts_in_any_order_give_the_same(orders: tuple[list[Post], list[Post]]) -> None:
    assert repr_of(reduce(fuller_post, orders[0])) == repr_of(reduce(fuller_post, orders[1]))


@given(
    st.lists(people, min_size=1, max_size=4).flatmap(lambda found: st.tuples(st.just(found), st.permutations(found)))
)
def test_people_in_any_order_give_the_same(orders: tuple[list[Person], list[Person]]) -> None:
    assert repr_of(reduce(fuller_person, orders[0])) == repr_of(reduce(fuller_person, orders[1]))


def repr_of(told: Post | Person) -> str:
    """Give all of it as text: true is not 1 there."""
    texts = (told.title, told.url) if isinstance(told, Post) else (told.name, told.bio)
    return repr((*texts, sorted(told.extra.items())))
