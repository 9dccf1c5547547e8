from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from forum_comments.models import Header
from forum_comments.readers.headers import parse_full_header, parse_reply_header, score_readings

AGES = st.one_of(
    st.just("now"),
    st.integers(1, 45).map("{}m".format),
    st.integers(1, 22).map("{}h".format),
    st.integers(1, 26).map("{}d".format),
    st.integers(1, 11).map("{}mo".format),
    st.integers(1, 21).map("{}y".format),
)
NAMES = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,9}( [A-Za-z0-9]{1,8}){0,2}", fullmatch=True).filter(
    lambda name: any(character.isalpha() for character in name) and not name.endswith("-") and ". " not in name
)
NUMBERS = st.integers(-999, 999)


def single_line(name: str | None, score_text: str, **numbers: Any) -> Header:
    return Header(name, score_text, is_single_line=True, **numbers)


def whole(name: str | None, score_text: str, **numbers: Any) -> Header:
    return Header(name, score_text, is_single_line=False, **numbers)


@pytest.mark.parametrize(
    ("line", "header"),
    [
        ("2Neel Nanda1y", single_line(name="Neel Nanda", score_text="2Neel Nanda1y", age="1y", karma=2)),
        ("-3Bob5m", single_line(name="Bob", score_text="-3Bob5m", age="5m", karma=-3)),
        ("0Bob3mo", single_line(name="Bob", score_text="0Bob3mo", age="3mo", karma=0)),
        ("5Bobnow", single_line(name="Bob", score_text="5Bobnow", age="now", karma=5)),
        ("3blue1d", single_line(name="blue", score_text="3blue1d", age="1d", karma=3)),
        (
            "Neel Nanda22h",
            single_line(
                name=None,
                score_text="Neel Nanda22h",
                readings=("karma hidden, Neel Nanda2, 2h", "karma hidden, Neel Nanda, 22h"),
                possible_names=("Neel Nanda2", "Neel Nanda"),
            ),
        ),
        ("Neel Nanda1y", single_line(name="Neel Nanda", score_text="Neel Nanda1y", age="1y")),
        ("2Answer by Bob1y", single_line(name="Bob", score_text="2Answer by Bob1y", age="1y", karma=2)),
    ],
)
def test_karma_name_and_age_that_run_together_are_told_apart(line: str, header: Header) -> None:
    assert parse_reply_header(line) == header


@pytest.mark.parametrize(
    ("line", "age", "names", "readings"),
    [
        (
            "42fish2y",
            "2y",
            ("42fish", "2fish", "fish"),
            ("karma hidden, 42fish, 2y", "karma 4, 2fish, 2y", "karma 42, fish, 2y"),
        ),
        ("9Q712y", None, ("Q71", "Q7"), ("karma 9, Q71, 2y", "karma 9, Q7, 12y")),
        (
            "12Bob1y",
            "1y",
            ("12Bob", "2Bob", "Bob"),
            ("karma hidden, 12Bob, 1y", "karma 1, 2Bob, 1y", "karma 12, Bob, 1y"),
        ),
        ("7Bob11mo", None, ("Bob1", "Bob"), ("karma 7, Bob1, 1mo", "karma 7, Bob, 11mo")),
        ("05x1y", "1y", ("05x", "5x"), ("karma hidden, 05x, 1y", "karma 0, 5x, 1y")),
    ],
)
def test_a_run_with_several_readings_keeps_its_numbers_unknown_and_lists_them(
    line: str, age: str | None, names: tuple[str, ...], readings: tuple[str, ...]
) -> None:
    assert parse_reply_header(line) == single_line(
        name=None, score_text=line, age=age, readings=readings, possible_names=names
    )


def test_two_digits_in_front_are_ambiguous_even_where_one_reading_is_left() -> None:
    name = "A" * 50  # "2" before it would make it too long for a name
    assert parse_reply_header(f"12{name}1y") == single_line(
        name=name, score_text=f"12{name}1y", age="1y", readings=(f"karma 12, {name}, 1y",)
    )


@pytest.mark.parametrize(
    ("line", "name", "age", "karma"),
    [
        ("7Bob12mo", "Bob1", "2mo", 7),  # twelve months are a year
        ("7Bob46m", "Bob4", "6m", 7),  # 46 minutes are an hour
        ("7Bob27d", "Bob2", "7d", 7),  # 27 days are a month
        ("7Bob99y", "Bob9", "9y", 7),  # no comment is older than 2006
        ("2Q71y", "Q7", "1y", 2),
    ],
)
def test_an_age_that_the_forum_does_not_print_is_no_reading(line: str, name: str, age: str, karma: int) -> None:
    assert parse_reply_header(line) == single_line(name=name, score_text=line, age=age, karma=karma)


@pytest.mark.parametrize("nobody", ["[comment deleted]", "[anonymous]", "[deleted]", "anonymous"])
def test_a_head_that_names_nobody_keeps_its_numbers_and_has_no_name(nobody: str) -> None:
    line = f"3{nobody}2y"
    assert parse_reply_header(line) == single_line(name=None, score_text=line, age="2y", karma=3)
    assert parse_reply_header(f"{nobody}2y") == single_line(name=None, score_text=f"{nobody}2y", age="2y")


@pytest.mark.parametrize(
    "line",
    [
        "",
        "1y",
        "-1y",
        "5now",
        "[comment deleted]",
        "I don't know",
        "know",
        "Right now",
        "I have waited for it 3d",
        "4 Bob1y",
        "It takes long: 1y",
        "Is it x or y? z1y",
        "https://example.org/2y",
        "A name of far too many words to be one1y",
        "A" * 60 + "1y",
        "2Bob\u0661y",  # the forum prints no other digits than these ten
    ],
)
def test_a_line_that_only_looks_like_a_head_is_none(line: str) -> None:
    assert parse_reply_header(line) is None


def test_a_whole_head_with_one_reading_of_its_scores_gives_the_numbers() -> None:
    lines = ["Ada Example2yΩ12", "Ada Example3mo*Ω00", "Ada Example5", "Ada Example-3", "Ada Example1yΩ-12"]
    assert [parse_full_header(line, "Ada Example") for line in lines] == [
        whole("Ada Example", lines[0], age="2y", karma=2, af_karma=1),
        whole("Ada Example", lines[1], age="3mo", karma=0, af_karma=0),
        whole("Ada Example", lines[2], karma=5),
        whole("Ada Example", lines[3], karma=-3),
        whole("Ada Example", lines[4], age="1y", karma=2, af_karma=-1),
    ]
    assert parse_full_header(lines[2], "Bob") is None


@pytest.mark.parametrize(
    ("line", "readings"),
    [
        (
            "Erik JennerΩ7103",
            (
                "Alignment Forum karma 7, karma 103",
                "Alignment Forum karma 710, karma 3",
                "Alignment Forum karma 7, karma 10, agreement 3",
                "Alignment Forum karma 71, karma 0, agreement 3",
            ),
        ),
        (
            "Erik JennerΩ-1-32",
            ("Alignment Forum karma -1, karma -32", "Alignment Forum karma -1, karma -3, agreement 2"),
        ),
        ("Erik Jenner20", ("karma 20", "karma 2, agreement 0")),
        ("Erik Jenner1y12", ("karma 12", "karma 1, agreement 2")),
    ],
)
def test_a_whole_head_with_several_readings_keeps_its_scores_raw(line: str, readings: tuple[str, ...]) -> None:
    header = parse_full_header(line, "Erik Jenner")
    assert header is not None
    assert (header.name, header.score_text, header.readings) == ("Erik Jenner", line, readings)
    assert (header.karma, header.af_karma, header.agreement) == (None, None, None)


@pytest.mark.parametrize("line", ["", "Ω-1-32", "Erik JennerΩ0", "Chapter 20", "I counted 5", "Erik Jenner", "Ω"])
def test_a_line_that_just_ends_in_digits_is_no_whole_head(line: str) -> None:
    assert parse_full_header(line, "Erik Jenner") is None


@given(st.text(max_size=80))
def test_no_line_makes_the_parsers_fail(line: str) -> None:
    for header in (parse_reply_header(line), parse_full_header(line, None), parse_full_header(line, line[:5])):
        assert header is None or header.score_text == line


@given(st.one_of(st.none(), NUMBERS), NAMES, AGES)
def test_what_a_head_was_made_of_is_among_its_readings(karma: int | None, name: str, age: str) -> None:
    assume(karma is not None or (age != "now" and not name[0].isdigit()))
    assume(name.casefold() != "anonymous")
    line = f"{'' if karma is None else karma}{name}{age}"
    header = parse_reply_header(line)
    assert header is not None
    assert header.score_text == line
    if header.readings:
        assert f"karma {'hidden' if karma is None else karma}, {name}, {age}" in header.readings
        assert header.karma is None
        assert len(header.readings) > 1 or karma is None or abs(karma) > 9 or name[0].isdigit()
    else:
        assert (header.karma, header.name, header.age) == (karma, name, age)


@given(
    st.from_regex(r"-?\d{0,4}[A-Za-z0-9]{1,3}[a-z ]{0,6}\d{0,3}", fullmatch=True),
    st.one_of(AGES, st.from_regex(r"\d{1,3}(m|h|d|mo|y)", fullmatch=True)),
)
def test_what_is_read_from_a_head_spells_its_line_again(start: str, age: str) -> None:
    line = start + age
    header = parse_reply_header(line)
    if header is None:
        return
    if not header.readings:
        karma = "" if header.karma is None else str(header.karma)
        assert line == f"{karma}{header.name}{header.age}"
    for reading in header.readings:
        karma, name, age = reading.removeprefix("karma ").split(", ")
        assert line == f"{karma.removeprefix('hidden')}{name}{age}"


@given(st.lists(NUMBERS, min_size=2, max_size=3))
def test_the_scores_that_were_run_together_are_among_the_readings(numbers: list[int]) -> None:
    run = "Ω" + "".join(map(str, numbers))
    readings = [list(reading.values()) for reading in score_readings(run)]
    assert numbers in readings
    assert ["".join(map(str, reading)) for reading in readings] == [run[1:]] * len(readings)
    assert len(readings) == len({tuple(reading) for reading in readings})


@given(st.text(alphabet="Ω-0123456789", max_size=12))
def test_numbers_of_a_whole_head_are_given_only_where_one_reading_is_legal(scores: str) -> None:
    header = parse_full_header(f"Ada Example{scores}", "Ada Example")
    if header is None:
        return
    readings = score_readings(scores[scores.rfind("Ω") :] if "Ω" in scores else scores)
    assert (header.karma is None) == (len(readings) > 1)
    assert len(header.readings) == (len(readings) if len(readings) > 1 else 0)
