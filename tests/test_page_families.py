"""Every page family as text: small pages written for these tests, in the words of the sites' own layouts."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from making import PROFILE_HEAD, REPLIES_HEAD, appearances_in, heads_of, page_of
from sample_pages import (
    EA_PROFILE,
    GREATERWRONG_PERMALINK,
    GREATERWRONG_USER,
    OLD_PERMALINK,
    OLD_USER,
    PERMALINK,
    POST_PAGE,
    PROFILE_2026,
    READER_POST,
    READER_USER,
    TITLED,
)

from forum_comments.models import Page
from forum_comments.readers import readers_of
from forum_comments.readers.lines import split_lines

FAMILIES = {
    "reader": [READER_USER, READER_POST],
    "GreaterWrong": [GREATERWRONG_USER, GREATERWRONG_PERMALINK],
    "old LessWrong": [OLD_PERMALINK, OLD_USER],
    "EA Forum profile": [EA_PROFILE],
    "profile of 2026": [PROFILE_2026],
    "post page": [POST_PAGE],
    "comment permalink": [PERMALINK],
    "titled permalink": [TITLED, "Ada Example comments on On tests - LessWrong\nIt holds.\n"],
    "profile": [PROFILE_HEAD + "It holds.\n"],
    "replies page": [REPLIES_HEAD + "It holds.\n"],
}
PAGES = [(layout, text) for layout, texts in FAMILIES.items() for text in texts]


def shown(page: Page) -> list[tuple[str | None, str]]:
    """Give author and text of the comments of a page."""
    (found,) = appearances_in(page)
    return [(a.author_name, " / ".join(passage.text for passage in a.passages)) for a in found]


def parents_of(page: Page) -> list[tuple[str, str | None]]:
    """Give the first words of each comment and of the one that it answers."""
    (found,) = appearances_in(page)
    return [(a.passages[0].text, a.parent.passages[0].text if a.parent else None) for a in found]


def furniture_of(page: Page) -> list[tuple[str, str]]:
    items = sorted(page.furniture, key=lambda item: item.start)
    return [(item.role, page.document.text[item.start : item.end].strip()) for item in items]


@pytest.mark.parametrize(("layout", "text"), PAGES)
def test_each_family_is_recognised_as_itself_and_nothing_is_lost(layout: str, text: str) -> None:
    page = page_of(text)
    assert page.layout == layout
    spans = sorted((item.start, item.end) for item in (*page.blocks, *page.furniture))
    assert [start for start, _ in spans] == [0, *(end for _, end in spans[:-1])]
    assert spans[-1][1] == len(text)


def test_a_user_page_of_the_reader_gives_dates_titles_and_its_owner() -> None:
    page = page_of(READER_USER)
    assert shown(page) == [("Ada Example", "It holds. / And more."), ("Ada Example", "Another."), ("ada", "A third.")]
    assert [(head.posted_at, head.post_title) for head in heads_of(page)] == [
        ("2020-01-02T09:05:31.123Z", "On tests"),
        ("2020-01-03T10:00:00Z", "Some other post"),
        ("2020-01-04T10:00:00Z", None),
    ]


def test_a_post_s_page_of_the_reader_gives_the_tree_of_its_comments() -> None:
    page = page_of(READER_POST)
    assert shown(page) == [
        ("Ada Example", "First."),
        ("Bob", "Second."),
        ("Ada Example", "Third."),
        ("cleo", "Fourth."),
        (None, "Fifth."),
    ]
    assert parents_of(page) == [
        ("First.", None),
        ("Second.", "First."),
        ("Third.", "Second."),
        ("Fourth.", "First."),
        ("Fifth.", None),
    ]
    assert {head.post_title for head in heads_of(page)} == {"On tests"}
    assert ("post text", "The post's text.") in furniture_of(page)


def test_replies_whose_names_disagree_with_the_list_above_them_answer_nobody_known() -> None:
    page = page_of(READER_POST.replace("Replies from: bob, cleo", "Replies from: dora, cleo"))
    assert [parent for _, parent in parents_of(page)] == [None, None, "Second.", None, None]


def test_a_user_page_of_greaterwrong_gives_dates_scores_titles_and_whom_it_answers() -> None:
    page = page_of(GREATERWRONG_USER)
    assert shown(page) == [
        ("Ada Example", "It holds. / And more."),
        ("Ada Example", "Another."),
        ("Ada Example", "A third."),
    ]
    assert page.owner == "Ada Example"
    assert [(h.posted_at, h.karma, h.af_karma, h.post_title, h.parent_author) for h in heads_of(page)] == [
        ("2020-01-02T09:05Z", -5, None, "Some other post", "Bob"),
        ("2020-01-03T09:05Z", 12, 7, "Some other post", None),
        ("2020-01-04T09:05Z", 2, None, "Some other post", "Bob"),
    ]
    assert ("post title", "On more tests") in furniture_of(page)


def test_a_permalink_of_greaterwrong_gives_names_dates_scores_and_the_post() -> None:
    page = page_of(GREATERWRONG_PERMALINK)
    assert shown(page) == [("Ada Example", "First."), ("Bob", "Second."), (None, "Third.")]
    assert [(h.posted_at, h.karma, h.agreement, h.post_title) for h in heads_of(page)] == [
        ("2020-01-02T09:05Z", 5, 3, "On tests"),
        ("2020-01-03T10:00Z", 1, None, "On tests"),
        ("2020-01-03T11:00Z", 0, None, "On tests"),
    ]


def test_pages_of_lesswrong_before_2018_give_exact_dates_scores_and_posts() -> None:
    page = page_of(OLD_PERMALINK)
    assert shown(page) == [("ada_example", "First."), ("Bob", "Second.")]
    assert [(h.posted_at, h.karma, h.post_title) for h in heads_of(page)] == [
        ("2012-01-02T09:05:31Z", 5, "On tests"),
        ("2012-01-03T23:00:00Z", -1, "On tests"),
    ]
    assert [(h.post_title, h.parent_author) for h in heads_of(page_of(OLD_USER))] == [
        ("On tests", None),
        ("On other tests", "Bob"),
    ]


def test_an_ea_forum_profile_gives_the_titles_above_its_comments() -> None:
    page = page_of(EA_PROFILE)
    assert shown(page) == [("Ada Example", "First. / And more."), ("Ada Example", "Second.")]
    assert [(h.post_title, h.age, h.karma, h.agreement) for h in heads_of(page)] == [
        ("Some post", "2y", 7, 0),
        ("Another post", "3y", None, None),
    ]


def test_an_ea_forum_profile_without_heads_says_that_titles_stand_among_its_comments() -> None:
    page = page_of("A\nAda Example\n76 karmaJoined Mar 2020\n\nComments\n\n12\n\nSome post\n\nIt holds.\n")
    assert (page.layout, page.owner) == ("EA Forum profile", "Ada Example")
    assert [problem.kind for problem in page.problems] == ["titles among comments"]
    assert {author for author, _ in shown(page)} == {"Ada Example"}


def test_a_profile_of_2026_gives_cut_comments_and_who_answers_them() -> None:
    page = page_of(PROFILE_2026)
    assert shown(page) == [("Ada Example", "First"), ("Bob", "A reply."), ("Ada Example", "Second.")]
    assert parents_of(page) == [("First", None), ("A reply.", "First"), ("Second.", None)]
    assert [(h.post_title, h.af_karma, h.karma, h.agreement) for h in heads_of(page)] == [
        ("On other tests", None, 7, -2),
        (None, None, 2, None),
        ("On more tests", 3, 12, 0),
    ]
    (found,) = appearances_in(page)
    assert [appearance.is_truncated for appearance in found] == [True, False, False]


def test_a_profile_of_2026_that_shows_posts_gives_no_comments_and_says_so() -> None:
    page = page_of("Ada Example\nTop postsTop post\nOn tests\n45\nAll\nPosts\nComments\nOn more tests\n12\n")
    assert (page.layout, page.blocks) == ("profile of 2026", ())
    assert [problem.kind for problem in page.problems] == ["no comments"]


def test_quick_takes_are_read_below_the_line_that_opens_their_list() -> None:
    page = page_of(POST_PAGE)
    assert (page.owner, page.title) == ("Ada Example", "Ada Example's Shortform")
    assert shown(page) == [("Ada Example", "First."), ("Bob", "Second.")]
    assert [(h.age, h.karma, h.agreement) for h in heads_of(page)] == [("2y", 7, None), ("now", 1, 0)]


def test_of_a_permalink_only_what_stands_between_its_marks_is_taken() -> None:
    page = page_of(PERMALINK)
    assert shown(page) == [("Ada Example", "First."), ("Bob", "A reply.")]
    assert [role for role, _ in furniture_of(page)] == [
        "post text",
        "permalink label",
        "post text",
        "post text",
        "post text",
        "other comments",
        "other comments",
        "other comments",
        "other comments",
        "other comments",
    ]


def test_a_title_names_the_author_of_the_first_comment_below_it_and_nobody_else() -> None:
    page = page_of(TITLED)
    first, *others = shown(page)
    assert first[0] == "Ada Example"
    assert first[1].startswith("It holds.")
    assert {author for author, _ in others} <= {None}
    assert [block.text for block in page.blocks] == [
        "Ada Example comments on On tests",
        "It holds.",
        "And more.",
        "Second, without a head.",
    ]
    assert [problem.kind for problem in page.problems] == ["heads lost"]


@pytest.mark.parametrize(
    "text",
    [
        "Some notes.\n\nMore notes.\n",
        "She comments on the news.\n\nAnd he does not.\n",
        "Ada comments on tests\n\nA headline of a newspaper.\n",
        "It was posted on 2 Jan 2020 9:05 UTC by somebody.\n",
        "We sorted by size.\n\nSee in context\n\nComment Permalink\n",
        "Top posts\n\nPosts\n\nAda Example\n",
        "comment by Ada on tests\n",
        "Ada 31 Feb 2020 9:05 UTC 5 points\nA day that there is not.\n",
        "76 karma\n\nComments\n",
        "My trip\n\nIt was long.\n\nComments\n\nNice!\n",
        "Comment author: Ada\n",
        "",
    ],
)
def test_prose_is_no_page_of_any_family(text: str) -> None:
    assert readers_of(split_lines(text)[0]) == ()


WORDS = st.lists(st.sampled_from(["it", "holds", "and", "more", "so", "tests"]), min_size=1, max_size=8).map(
    lambda words: " ".join(words).capitalize() + "."
)
NAMES = st.sampled_from(["Ada", "Ada Example", "bob_2", "Zoë"])
MINUTES = st.integers(0, 59)
BODIES = st.lists(WORDS, min_size=1, max_size=4)


def _reader(name: str, minute: int) -> str:
    return f"comment by {name} · 2020-01-02T09:{minute:02}:00.000Z · LW(p) · GW(p)"


def _greaterwrong(name: str, minute: int) -> str:
    return f"{name} 2 Jan 2020 9:{minute:02} UTC\n{minute} points"


def _old(name: str, minute: int) -> str:
    return f"Comment author: {name.replace(' ', '_')} 02 January 2012 09:{minute:02}:31AM {minute} points [-]"


def _forum(name: str, minute: int) -> str:
    return f"{name}\n{minute % 20 + 1}y\n{minute}"


ANY_LINES = st.lists(
    st.sampled_from(sorted({line for _, text in PAGES for line in text.split("\n")})), min_size=1, max_size=40
)


@given(ANY_LINES, st.sampled_from(["\n", "\n\n", "\r\n", "\n\u00a0\n"]))
def test_lines_of_all_families_in_any_order_are_covered_without_gap_or_overlap(lines: list[str], end: str) -> None:
    text = end.join(lines)
    page = page_of(text)
    (found,) = appearances_in(page)
    spans = sorted([(a.start or 0, a.end or 0) for a in found] + [(item.start, item.end) for item in page.furniture])
    assert "".join(text[start:stop] for start, stop in spans) == text
    assert all(start < stop for start, stop in spans)


GENERATED: dict[str, tuple[str, Callable[[str, int], str]]] = {
    "reader": ("Home\n", _reader),
    "GreaterWrong": ("Home\n", _greaterwrong),
    "old LessWrong": ("Home\n", _old),
    "post page": ("On tests\nClick to highlight new comments since: Today\n", _forum),
    "EA Forum profile": ("Ada\n76 karma\nComments\n12\n", lambda name, minute: _forum("Ada", minute)),
}


@given(
    st.sampled_from(sorted(GENERATED)),
    st.lists(st.tuples(NAMES, MINUTES, BODIES), min_size=1, max_size=6),
    st.sampled_from(["\n", "\n\n", "\r\n"]),
)
def test_generated_pages_are_their_own_family_alone_and_give_back_their_comments(
    layout: str, comments: list[tuple[str, int, list[str]]], end: str
) -> None:
    opening, head = GENERATED[layout]
    lines = [opening.rstrip("\n")]
    for name, minute, body in comments:
        lines += [head(name, minute), *body]
    text = "\n".join(lines).replace("\n", end)
    assert len(readers_of(split_lines(text)[0])) == 1
    page = page_of(text)
    assert page.layout == layout
    assert [body for _, body in shown(page)] == [" / ".join(body) for _, _, body in comments]
    spans = sorted((item.start, item.end) for item in (*page.blocks, *page.furniture))
    assert "".join(text[start:end] for start, end in spans) == text
