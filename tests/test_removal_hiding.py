"""A corrections file loses the words of what was removed, and goes on deciding the same."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from making import query
from removing import CORRECTIONS, GARDEN, archive, built, comment_with, removed

from forum_comments.corrections_file import Hidden, load_corrections
from forum_comments.errors import CorrectionError
from forum_comments.removal.hiding import gone_of, hide
from forum_comments.removal.lists import salted_hash
from forum_comments.removal.requests import Wanted

SALT = bytes(32)


def hidden_in(database: Path, content: str, *comment_ids: str, names: tuple[str, ...] = ()) -> str:
    with closing(sqlite3.connect(database)) as connection:
        return hide(content.encode(), SALT, gone_of(connection, comment_ids, names)).decode()


def hashed(opening: str) -> str:
    return f"{{removed: '{salted_hash(SALT, 'opening words', opening)}', characters: {len(opening)}}}"


def test_openings_become_hashes_and_reasons_that_quote_marks(tmp_path: Path) -> None:
    _, database = archive(tmp_path)
    hidden = hidden_in(database, CORRECTIONS, comment_with(database, GARDEN))
    assert hidden == CORRECTIONS.replace(
        "Tomatoes want a deep bed\n", hashed("Tomatoes want a deep bed") + "\n"
    ).replace('opening: "Tomatoes want a"', f"opening: {hashed('Tomatoes want a')}").replace(
        ">-\n      It is the sentence that says “a deep bed of loam”,\n      word for word.\n", '"[removed]"\n'
    )


def test_a_name_becomes_null_and_a_place_that_is_a_text_a_mapping(tmp_path: Path) -> None:
    _, database = archive(tmp_path)
    content = (
        "pages:\n- {file: a.txt, owner: Neel Nanda, url: 'https://x.org/neel-nanda', reason: r}\n"
        "corrections:\n- {file: other.txt, opening: 'Yes.', parent: Tomatoes want, author: Neel Nanda, reason: r}\n"
    )
    assert hidden_in(database, content, comment_with(database, GARDEN), names=("Neel Nanda",)) == (
        "pages:\n- {file: a.txt, owner: null, url: null, reason: r}\n"
        "corrections:\n- {file: other.txt, opening: 'Yes.', "
        f"parent: {{opening: {hashed('Tomatoes want')}}}, author: null, reason: r}}\n"
    )


def test_a_file_that_says_nothing_of_it_stays_as_it_is(tmp_path: Path) -> None:
    _, database = archive(tmp_path)
    content = "\ufeff# ours\r\ncorrections:\r\n- {file: a.txt, opening: Nothing, author: null, reason: r}\r\n"
    assert hidden_in(database, content, comment_with(database, GARDEN)) == content


def test_hidden_openings_still_find_their_paragraphs(tmp_path: Path) -> None:
    pages, database = archive(tmp_path)
    removed(pages, Wanted(comments=(comment_with(database, GARDEN),)))
    entries = load_corrections(pages / "corrections.yml").entries
    assert [isinstance(entry.place.opening, Hidden) for entry in entries] == [False, True, False, False]
    built(pages)
    assert query(database, "select corrections_applied, corrections_skipped from builds") == [(7, 0)]


@pytest.mark.parametrize(
    ("opening", "what"),
    [
        ("{removed: abc, characters: 3}", "its opening is a hash, but no list of removals has its salt"),
        ("{removed: abc}", "“characters” has to be a whole number from 1"),
        ("{removed: abc, characters: 0}", "“characters” has to be a whole number from 1"),
        ("{characters: 3}", "“removed” is missing"),
        ("{words: 3}", "unknown key “words”: expected characters, removed"),
    ],
)
def test_a_hidden_opening_that_cannot_be_used_is_an_error(tmp_path: Path, opening: str, what: str) -> None:
    pages, _ = archive(tmp_path)
    (pages / "corrections.yml").write_text(
        f"corrections:\n- {{file: page.txt, opening: {opening}, author: null, reason: r}}\n"
    )
    with pytest.raises(CorrectionError) as raised:
        built(pages)
    assert str(raised.value) == f"{pages / 'corrections.yml'}, entry 1: {what}"


def test_a_hidden_opening_that_matches_nothing_is_named_by_its_hash(tmp_path: Path) -> None:
    pages, database = archive(tmp_path)
    removed(pages, Wanted(comments=(comment_with(database, GARDEN),)))
    (pages / "corrections.yml").write_text(
        "corrections:\n- {file: page.txt, opening: {removed: abc, characters: 3}, author: null, reason: r}\n"
    )
    with pytest.raises(CorrectionError, match=r"“removed: abc” in page\.txt: no paragraph opens with these words"):
        built(pages)
