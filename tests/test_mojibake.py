import pytest
from hypothesis import given
from hypothesis import strategies as st
from making import REPLIES_HEAD, page_of

from forum_comments.readers.mojibake import repair


@pytest.mark.parametrize(
    ("broken", "meant"),
    [
        ("It\u00e2\u0080\u0099s", "It’s"),
        ("It\u00e2\u20ac\u2122s", "It’s"),
        ("\u00e2\u0080\u009cquoted\u00e2\u0080\u009d", "“quoted”"),
        ("\u00e2\u20ac\u0153quoted", "“quoted"),
        ("a dash \u00e2\u0080\u0094 there", "a dash — there"),
        ("\u00f0\u009f\u0099\u0082", "🙂"),
        ("\u00ab\u00e2\u0080\u0099\u00bb", "«’»"),
    ],
)
def test_what_was_decoded_wrongly_is_read_as_it_was_meant(broken: str, meant: str) -> None:
    assert repair(broken) == meant


@pytest.mark.parametrize("text", ["It’s", "São Paulo", "Ã© and Â°", "â€", "\u00e2\u0080", "naïve café", ""])
def test_what_may_be_meant_stays_as_it_is(text: str) -> None:
    assert repair(text) == text


@given(st.text(st.characters(min_codepoint=0x2010, max_codepoint=0x2030), min_size=1).filter(str.isprintable))
def test_whatever_latin_1_made_of_punctuation_is_repaired(text: str) -> None:
    assert repair(text.encode().decode("latin-1")) == text


def test_a_page_shows_passages_repaired_says_so_and_keeps_its_text() -> None:
    page = page_of(REPLIES_HEAD + "It\u00e2\u0080\u0099s broken.\n\nIt is not.\n")
    assert [block.text for block in page.blocks] == ["It’s broken.", "It is not."]
    assert "It\u00e2\u0080\u0099s" in page.document.text
    assert [(problem.kind, problem.detail) for problem in page.problems] == [
        (
            "mojibake",
            "Decoded wrongly before the page was saved: characters of 1 of its passages, such as "
            "“\\xe2\\x80\\x99” for “’”; they are shown repaired, and the document's text is as it was.",
        )
    ]
