"""The language of the search box."""

import sqlite3

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from forum_comments.schema import FTS_COLUMNS, FTS_TOKENIZE
from forum_comments.search_query import (
    MAX_CHARACTERS,
    MAX_WORDS,
    Query,
    Term,
    conditions,
    fts_expression,
    parse,
)

ROWS = [
    # body, own_text, quoted_text, author_name
    ("I love C++ and naïve robots", None, None, "Vanessa Kosoy"),
    ("You say robots are bad. No.", "No.", "You say robots are bad.", "Bob"),
    ("Robots? Robots!", "Robots!", "Robots?", "Rob O’Brien"),
    ("The universities teach about ships", None, None, None),
]


@pytest.fixture(scope="module")
def index():
    connection = sqlite3.connect(":memory:")
    connection.execute(f"create virtual table f using fts5({', '.join(FTS_COLUMNS)}, tokenize='{FTS_TOKENIZE}')")
    connection.executemany("insert into f values (?, ?, ?, ?)", ROWS)
    return connection


def found(index, text):
    expression = fts_expression(parse(text))
    if expression is None:
        return None
    return [number for (number,) in index.execute("select rowid from f where f match ? order by rowid", (expression,))]


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("robots", [1, 2, 3]),
        ("ROBOT", [1, 2, 3]),
        ("naive", [1]),
        ("universe", [4]),
        ("rob*", [1, 2, 3]),
        ("robots bad", [2]),
        ('"robots are"', [2]),
        ('"are robots"', []),
        ('"robots are', [2]),
        ("“robots are”", [2]),
        ('"you say rob"*', [2]),
        ("O'Brien", [3]),
        ("O’Brien", [3]),
        ("C++", [1]),
        ("robots AND", [1]),
        ("robots 👍", [1, 2, 3]),
        ("\0robots\0", [1, 2, 3]),
        ("own:robots", [1, 3]),
        ("quoted:robots", [2, 3]),
        ("own:robots quoted:robots", [3]),
        ('quoted:"robots are"', [2]),
        ("author:vanessa", [1]),
        ('author:"kosoy vanessa"', [1]),
        ("author:vanessa-kosoy", [1]),
        ("author:van*", [1]),
        ("AUTHOR:bob author:vanessa", [1, 2]),
        ("author:bob robots", [2]),
        ("vanessa robots", [1]),
    ],
)
def test_a_query_finds_the_rows_that_hold_all_its_words(index, text, numbers):
    assert found(index, text) == numbers


@pytest.mark.parametrize("text", ["", "   ", "👍", "++", '"', '""', "\0", "is:reply", "after:2021", "-- ; /* *"])
def test_a_query_without_a_word_has_no_fts_expression(index, text):
    assert found(index, text) is None


@given(st.text())
@example("(" * 500)
@example('" OR body:"')
@example("{body} : NEAR(a b, 3) ^x -y col:z* AND NOT OR")
@example("'; drop table comments; --")
@example("\ud800 lone surrogate")
@example("a" * 10_000)
@example(" ".join(f"word{n}" for n in range(2_000)))
@example(" ".join(f"own:w{n}" for n in range(100)))
@example('=HYPERLINK("http://example.com")')
def test_any_text_at_all_is_a_legal_query(index, text):
    query = parse(text)
    query.text.encode("utf-8")
    assert sum(len(term.words) for term in query.terms) <= MAX_WORDS
    numbers = found(index, text)
    assert numbers is None or set(numbers) <= {1, 2, 3, 4}


TOKENS = ["own:", "quoted:", "author:", "is:", "has:", "before:", "after:", '"', "*", " ", "é", "2021-", "ab"]


@given(st.lists(st.sampled_from(TOKENS)))
def test_any_mixture_of_operators_is_a_legal_query(index, tokens):
    text = "".join(tokens)
    numbers = found(index, text)
    assert numbers is None or set(numbers) <= {1, 2, 3, 4}


def test_all_operators_together_are_read_whole():
    assert parse('AI own:"my view" author:bob after:2021-05 before:2022 is:reply is:cut has:quotation') == Query(
        text='AI own:"my view" author:bob after:2021-05 before:2022 is:reply is:cut has:quotation',
        terms=(Term(("AI",)), Term(("my", "view"), "own"), Term(("bob",), "author")),
        after=("2021-05",),
        before=("2022",),
        flags=("is:reply", "is:cut", "has:quotation"),
    )


def test_dates_and_flags_become_conditions_with_parameters():
    assert conditions(parse("is:reply after:2021 after:2021-05 before:2023-01-02")) == (
        ["c.parent_id is not null", "c.posted_at >= :after", "c.posted_at < :before"],
        {"after": "2021-05", "before": "2023-01-02"},
    )


@pytest.mark.parametrize(
    ("text", "note"),
    [
        (
            "before:yesterday",
            "“before:yesterday” needs a date such as 2021, 2021-05 or 2021-05-17; it is searched as words.",
        ),
        (
            "after:2021-02-30",
            "“after:2021-02-30” needs a date such as 2021, 2021-05 or 2021-05-17; it is searched as words.",
        ),
        ("is:good", "“is:good” is none of is:reply, is:cut, is:quoted, has:quotation; it is searched as words."),
        ("own: view", "“own:” needs its value right after the colon; it is searched as a word."),
        ("C++", "Only letters and digits are searched: “C++” as “C”."),
        ("👍", "“👍” holds no letter or digit and is left out."),
        ("cats OR dogs", "“OR” is searched as a word: all words must be there anyway."),
        (
            "ro*",
            "“ro*” is too broad: give at least three letters before the *. It is searched as a word.",
        ),
        ("abc* abd* abe* abf*", "Only 3 words may end in *; “abf*” is searched as a word."),
        ("x" * (MAX_CHARACTERS + 1), "Only the first 2,000 characters are searched."),
        (" ".join(f"w{n}" for n in range(41)), "Only the first 40 words are searched."),
    ],
)
def test_what_is_read_in_another_way_than_it_was_meant_is_said(text, note):
    assert parse(text).notes == (note,)


@pytest.mark.parametrize(
    "text", ["robots", "rob*", "O'Brien", "don't, e.g. (this) well-known", '"a phrase"', "机*", "да*"]
)
def test_an_ordinary_query_needs_no_note(text):
    assert parse(text).notes == ()


def test_a_repeated_word_counts_once():
    assert parse("robot " * 300).terms == (Term(("robot",)),)
