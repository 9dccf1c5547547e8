"""Words and names are found in texts, and marks stand in their place."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forum_comments.removal.finding import NameFinder, Stretch, WordFinder, put_marks, windows_of

TEXT = st.text("abcé ’'-.\n2Ω\0\U0001f33b", max_size=60)


def finder_of(*texts: str) -> WordFinder:
    finder = WordFinder()
    for text in texts:
        finder.add(windows_of(text), "[gone]")
    return finder


def with_names_marked(text: str, *names: str) -> str:
    return put_marks(text, NameFinder(dict.fromkeys(names, "[name]")).stretches(text)).text


def test_eight_words_in_a_row_are_found_whatever_stands_between_them() -> None:
    finder = finder_of("One two three four five six seven eight nine.")
    text = "He said: “ONE two, three —\nfour five; six seven eight NINE!” And so on."
    assert put_marks(text, finder.stretches(text)).text == "He said: “[gone]!” And so on."


def test_seven_words_in_a_row_are_no_quotation() -> None:
    finder = finder_of("One two three four five six seven eight nine.")
    assert finder.stretches("One two three four five six seven. No: two three four five six seven eight.") == []


def test_the_first_mark_for_the_same_words_stays() -> None:
    finder = WordFinder()
    finder.add(windows_of("a b c d e f g h"), "[first]")
    finder.add(windows_of("a b c d e f g h"), "[second]")
    assert finder.stretches("a b c d e f g h") == [Stretch(0, 15, "[first]")]


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("As Neel Nanda said.", "As [name] said."),
        ("2Neel Nanda1y", "2[name]1y"),
        ("neel NANDA's view", "[name]'s view"),
        ("/users/neel-nanda/replies", "/users/[name]/replies"),
        ("?author=Neel+Nanda&x, Neel%20Nanda", "?author=[name]&x, Neel%20Nanda"),
        ("Neel\nNanda", "[name]"),
        ("Neel met Nanda; Neelam Nanda; Nanda, Neel", "Neel met Nanda; Neelam Nanda; Nanda, Neel"),
    ],
)
def test_a_name_of_two_words_is_found_however_it_is_written(text: str, marked: str) -> None:
    assert with_names_marked(text, "Neel Nanda") == marked


@pytest.mark.parametrize(
    ("text", "marked"),
    [("ask Will, he will", "ask [name], he will"), ("3Will2mo", "3[name]2mo"), ("Willow WILL", "Willow WILL")],
)
def test_a_name_of_one_word_is_found_in_its_own_spelling_only(text: str, marked: str) -> None:
    assert with_names_marked(text, "Will") == marked


def test_a_name_is_found_with_accents_without_them_and_with_accents_apart() -> None:
    apart = unicodedata.normalize("NFD", "José Pérez")
    assert with_names_marked(f"José Pérez, Jose Perez, {apart}.", "José Pérez") == "[name], [name], [name]."
    assert with_names_marked(f"René, Rene, {unicodedata.normalize('NFD', 'René')}.", "René") == "[name], Rene, [name]."


def test_of_two_names_that_begin_alike_the_longer_one_is_found() -> None:
    finder = NameFinder({"Ann Lee": "[A]", "Ann Lee Smith": "[B]"})
    text = "Ann Lee and Ann Lee Smith"
    assert put_marks(text, finder.stretches(text)).text == "[A] and [B]"


def test_a_name_without_a_letter_or_digit_cannot_be_found() -> None:
    assert with_names_marked("*** and ***", "***", "") == "*** and ***"


@given(TEXT, st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=5))
def test_what_stands_outside_the_marks_keeps_its_characters_and_its_order(
    text: str, pairs: list[tuple[int, int]]
) -> None:
    spans = [(min(a, b, len(text)), min(max(a, b), len(text))) for a, b in pairs]
    stretches = [Stretch(start, end, "[gone]") for start, end in spans if start < end]
    marked = put_marks(text, stretches)
    inside = {place for stretch in stretches for place in range(stretch.start, stretch.end)}
    assert marked.text.replace("[gone]", "") == "".join(c for place, c in enumerate(text) if place not in inside)
    places = [marked.place(offset) for offset in range(len(text) + 1)]
    assert places == sorted(places)
    assert (places[-1], marked.place(0)) == (len(marked.text), 0)
    assert all(marked.text[places[offset]] == text[offset] for offset in range(len(text)) if offset not in inside)


@given(TEXT, st.lists(st.text("abcé 2", min_size=1, max_size=8), max_size=3))
def test_what_was_found_is_not_found_again(text: str, names: list[str]) -> None:
    finder = NameFinder(dict.fromkeys(names, "[–]"))
    marked = put_marks(text, finder.stretches(text)).text
    assert finder.stretches(marked) == [] or any("–" not in mark for mark in finder.marks.values())
