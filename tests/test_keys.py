import hashlib
from collections.abc import Sequence
from itertools import pairwise

from hypothesis import example, given
from hypothesis import strategies as st
from making import REPLIES_HEAD, appearances_in, page_of, words

from forum_comments.comments import appearances_of
from forum_comments.keys import (
    MAX_PASSAGES,
    key_of_words,
    keys_of_page,
    keys_of_passages,
    opening_key,
    opening_words,
    word_count_up_to,
)
from forum_comments.models import Boundary, Passage
from forum_comments.reconcile import own_key
from forum_comments.segmentation import Division
from forum_comments.vocabulary import WORD

TEXTS = st.one_of(
    st.sampled_from(["Yes.", "Thanks!", "One two three.", "...", "🙂", "", words(11), words(12), words(30)]),
    st.text(max_size=30),
)
PASSAGES = st.lists(st.tuples(TEXTS, st.booleans()), min_size=1, max_size=14)


def passages_of(texts: Sequence[tuple[str, bool]]) -> list[Passage]:
    return [Passage("paragraph", text, is_quotation=is_quotation) for text, is_quotation in texts]


def divided(passages: Sequence[Passage], starts: set[int]) -> list[list[Passage]]:
    """Divide passages into comments that start at the first passage and at `starts`."""
    edges = sorted({0, len(passages), *(start for start in starts if start < len(passages))})
    return [list(passages[first:end]) for first, end in pairwise(edges)]


ASCII = "ab Z09'_-.\n\t"


@given(st.text(ASCII, max_size=140) | st.text(f"{ASCII}’é", max_size=140), st.integers(1, 20))
@example("a''b", 20)
@example("'a' b'c d' 'e", 20)
def test_opening_words_are_those_that_the_pattern_of_a_word_finds(text: str, limit: int) -> None:
    found = [match.group().casefold().replace("’", "'") for match in WORD.finditer(text)]
    assert opening_words([text], limit) == found[:limit]


def test_a_key_is_a_hash_of_the_first_twelve_words() -> None:
    expected = hashlib.sha256(b"it's a key of the first twelve words whatever may follow them").hexdigest()[:12]
    assert opening_key(["It’s a KEY: of the first (twelve) words, whatever may follow them"]) == expected
    assert opening_key(["It's a key of the first", "twelve words", "whatever may follow THEM – and more."]) == expected
    assert expected == "f13036d990b9"


def test_words_are_letters_and_digits_without_what_stands_between_them() -> None:
    assert opening_words(["  • One_two, «don't» 3.5 ", "Ünï — naïve\u2028x"], limit=20) == [
        "one",
        "two",
        "don't",
        "3",
        "5",
        "ünï",
        "naïve",
        "x",
    ]


def test_a_text_without_words_has_the_key_of_no_words() -> None:
    assert opening_key(["...", "🙂"]) == key_of_words([]) == opening_key([])


def test_words_are_counted_no_further_than_asked() -> None:
    assert [word_count_up_to("one two three", limit) for limit in (0, 2, 3, 9)] == [0, 2, 3, 3]


def test_a_cut_a_whole_and_a_single_line_copy_have_the_same_key() -> None:
    pages = [
        page_of(REPLIES_HEAD + f"Read this list:\n\n  • {words(5)}\n  • {words(9, 5)} wo ... (read more)\n"),
        page_of(REPLIES_HEAD + f"Read this list:\n\n  • {words(5)}\n  • {words(30, 5)}\n"),
        page_of(REPLIES_HEAD + f"One.\n\n2Neel Nanda1y\nRead this list: {words(35)}\n"),
    ]
    keys = {own_key(found[-1].passages) for found in appearances_in(*pages)}
    assert keys == {opening_key([f"Read this list: {words(9)}"])}


@given(PASSAGES)
def test_a_comment_s_key_leaves_its_quotations_out_unless_it_is_all_quoted(texts: list[tuple[str, bool]]) -> None:
    own = [text for text, is_quotation in texts if not is_quotation]
    assert own_key(passages_of(texts)) == opening_key(own or [text for text, _ in texts])


@given(
    st.lists(st.tuples(TEXTS, st.booleans(), st.booleans()), min_size=1, max_size=4),
    st.sets(st.integers(1, 3)),
    st.sets(st.integers(1, 3)),
)
def test_an_id_resolves_to_whoever_holds_its_words_however_a_page_is_divided_and_its_quotations_judged_anew(
    texts: list[tuple[str, bool, bool]], published: set[int], rebuilt: set[int]
) -> None:
    old = passages_of([(text, was_quotation) for text, was_quotation, _ in texts])
    new = passages_of([(text, is_quotation) for text, _, is_quotation in texts])
    comment_of = {id(p): number for number, comment in enumerate(divided(new, rebuilt)) for p in comment}
    resolved: dict[str, set[int]] = {}
    for key, number in keys_of_page(new):
        resolved.setdefault(key, set()).add(comment_of[id(new[number])])
    for comment in divided(old, published):
        own = [passage for passage in comment if not passage.is_quotation] or comment
        first = next(number for number, passage in enumerate(old) if passage is own[0])
        assert comment_of[id(new[first])] in resolved[own_key(comment)]


@given(PASSAGES, st.sets(st.integers(1, 13)), st.sets(st.integers(1, 13)))
def test_an_id_resolves_however_long_its_comment_is_where_its_quotations_are_the_same(
    texts: list[tuple[str, bool]], published: set[int], rebuilt: set[int]
) -> None:
    passages = passages_of(texts)
    comment_of = {id(p): number for number, comment in enumerate(divided(passages, rebuilt)) for p in comment}
    resolved: dict[str, set[int]] = {}
    for key, number in keys_of_page(passages):
        resolved.setdefault(key, set()).add(comment_of[id(passages[number])])
    for comment in divided(passages, published):
        own = [passage for passage in comment if not passage.is_quotation] or comment
        assert comment_of[id(own[0])] in resolved[own_key(comment)]


@given(PASSAGES)
def test_the_key_of_a_passage_is_that_of_a_comment_that_begins_with_it_less_later_quotations(
    texts: list[tuple[str, bool]],
) -> None:
    assert keys_of_passages(passages_of(texts)) == [
        opening_key([text, *(later for later, is_quotation in texts[number:] if not is_quotation)])
        for number, (text, _) in enumerate(texts, start=1)
    ]


def test_a_key_takes_words_from_no_more_passages_than_are_bounded() -> None:
    passages = passages_of([("...", False)] * MAX_PASSAGES + [("Words.", False)])
    assert keys_of_passages(passages)[:2] == [opening_key([]), opening_key(["Words."])]


def test_a_page_of_many_paragraphs_has_few_keys_for_each() -> None:
    def keys_for_each(texts: Sequence[str]) -> float:
        return len(list(keys_of_page([Passage("paragraph", text) for text in texts]))) / len(texts)

    assert keys_for_each([words(40, 40 * number) for number in range(200)]) == 1
    assert keys_for_each(["Yes."] * 200) <= 12
    assert keys_for_each([words(5, 5 * number) for number in range(200)]) <= 25
    assert keys_for_each([f"word{number}" for number in range(200)]) <= 50


def test_the_division_of_a_real_page_may_change_and_its_ids_resolve() -> None:
    page = page_of(REPLIES_HEAD + "One comment.\n\nTwo.\n\nThree of them.\n\n  • Four\n\nFive.\n")
    size = len(page.blocks)
    for bits in range(2 ** (size - 1)):
        starts = [0, *(block for block in range(1, size) if bits >> (block - 1) & 1)]
        division = Division(tuple(Boundary(start, "language", 0.5) for start in starts), frozenset())
        comments = appearances_of(page, division)
        passages = [passage for comment in comments for passage in comment.passages]
        keys = dict(keys_of_page(passages))
        for comment in comments:
            assert passages[keys[own_key(comment.passages)]] is comment.passages[0]
