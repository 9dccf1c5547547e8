from pathlib import Path

import pytest
from making import SEEDS

from forum_comments.corrections_file import Entry, PageFacts, Place, load_corrections
from forum_comments.errors import CorrectionError

ENTRY = "{file: a.txt, opening: Some words, reason: r"  # to be closed by a decision and "}"
DECISIONS = "starts_comment, author, parent, quotation, quotes, same_comment_as"
ENTRY_KEYS = (
    "author, confidence, file, occurrence, opening, parent, quotation, quotes, reason, same_comment_as, "
    "starts_comment, url"
)


def write(folder: Path, text: str | bytes) -> Path:
    path = folder / "corrections.yml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_a_file_gives_its_facts_and_entries_in_order(tmp_path: Path) -> None:
    text = """
pages:
  - file: a.txt
    owner: Ada Example
    url: https://example.org/ada
    saved_at: 2024-11-02
    reason: " It is hers. "
corrections:
  - file: a.txt
    opening: "Thanks a lot"
    occurrence: 2
    starts_comment: true
    author: null
    parent: "Some words"
    quotation: false
    quotes: {opening: Other words, occurrence: 3}
    same_comment_as: {file: b.txt, opening: Thanks a lot}
    confidence: 0.5
    url: https://example.org/evidence
  - {file: b.txt, opening: "Yes", starts_comment: false, reason: one argument}
"""
    path = write(tmp_path, text)
    corrections = load_corrections(path)
    assert corrections.path == path
    assert corrections.content == text.encode()
    assert corrections.pages == (
        PageFacts(1, "a.txt", "Ada Example", "https://example.org/ada", "2024-11-02", "It is hers."),
    )
    assert corrections.entries == (
        Entry(
            number=1,
            place=Place("a.txt", "Thanks a lot", 2),
            decisions={
                "starts_comment": True,
                "author": None,
                "parent": Place("a.txt", "Some words"),
                "quotation": False,
                "quotes": Place("a.txt", "Other words", 3),
                "same_comment_as": Place("b.txt", "Thanks a lot"),
            },
            confidence=0.5,
            reason=None,
            url="https://example.org/evidence",
        ),
        Entry(2, Place("b.txt", "Yes"), {"starts_comment": False}, 1.0, "one argument", None),
    )


REPEATED = range(1, 10)  # each line repeats the one before ten times
MERGED = "- &a0 {key: value}\n" + "".join(f"- &a{n} {{<<: [{', '.join([f'*a{n - 1}'] * 10)}]}}\n" for n in REPEATED)
LISTED = "[" + "".join(f"&a{n} [{', '.join([f'*a{n - 1}'] * 10) if n else 'x'}], " for n in (0, *REPEATED)) + "]"


@pytest.mark.parametrize("text", ["", "# nothing yet\n", "pages:\ncorrections:\n", "corrections: []\n", "\ufeff{}"])
def test_a_file_without_entries_decides_nothing(tmp_path: Path, text: str) -> None:
    corrections = load_corrections(write(tmp_path, text))
    assert (corrections.pages, corrections.entries) == ((), ())


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("corrections: [", "is not YAML: while parsing a flow node"),
        ("a: b: c", "is not YAML: mapping values are not allowed here"),
        (b"corrections: \xff", "is not YAML: 'utf-8' codec can't decode byte 0xff"),
        ("corrections: !!python/object:os.system {}", "is not YAML: could not determine a constructor"),
        ("a: \0", "is not YAML: unacceptable character #x0000"),
        ("pages: [{saved_at: 2024-13-45}]", "is not YAML: month must be in 1..12"),
        ("? [a]\n: b", "is not YAML: while constructing a mapping"),
        ("pages: !!bool perhaps", "is not YAML: a value is not what its tag (“!!…”) says"),
        ("pages: !!timestamp soon", "is not YAML: a value is not what its tag (“!!…”) says"),
        ("pages: !!int ''", "is not YAML: a value is not what its tag (“!!…”) says"),
        (MERGED, "is not YAML: a mapping with more than 10000 keys"),
        ("[" * 5000, "is not YAML: maximum recursion depth exceeded"),
        ("- file: a.txt", "expected a mapping with the keys “pages” and “corrections” and no others"),
        ("just text", "expected a mapping with the keys “pages” and “corrections” and no others"),
        ("correction: []", "expected a mapping with the keys “pages” and “corrections” and no others"),
        ("corrections: {file: a.txt}", "“corrections” has to be a list, and is a mapping"),
        ("pages: a.txt", "“pages” has to be a list, and is text"),
        ("corrections: 2024-01-01", "“corrections” has to be a list, and is a date"),
    ],
)
def test_a_file_of_another_shape_is_refused(tmp_path: Path, text: str | bytes, what: str) -> None:
    path = write(tmp_path, text)
    with pytest.raises(CorrectionError) as raised:
        load_corrections(path)
    assert str(raised.value).startswith(f"{path}: {what}")
    assert "\n" not in str(raised.value)
    assert raised.value.entry is None


@pytest.mark.parametrize(
    ("entry", "what"),
    [
        ("just text", "expected a mapping, and found text"),
        ("null", "expected a mapping, and found nothing"),
        ("[a.txt]", "expected a mapping, and found a list"),
        (f"{ENTRY}, autor: Bob}}", f"unknown key “autor”: expected {ENTRY_KEYS}"),
        (f"{ENTRY}, 5: Bob}}", f"unknown key “5”: expected {ENTRY_KEYS}"),
        ("{opening: Some words, quotation: true, reason: r}", "“file” is missing"),
        ("{file: a.txt, quotation: true, reason: r}", "“opening” is missing"),
        ("{file: a.txt, opening: 1, quotation: true}", "“opening” has to be text, and is a number: quote it"),
        ("{file: a.txt, opening: ' ', quotation: true}", "“opening” has to be text, and is empty text: quote it"),
        ("{file: a.txt, opening: Yes, quotation: true}", "“opening” has to be text, and is true or false: quote it"),
        ("{file: 002, opening: a, quotation: true}", "“file” has to be text, and is a number: quote it"),
        (f"{ENTRY}, occurrence: 0, quotation: true}}", "“occurrence” has to be a whole number from 1"),
        (f"{ENTRY}, occurrence: true, quotation: true}}", "“occurrence” has to be a whole number from 1"),
        (f"{ENTRY}, occurrence: '2', quotation: true}}", "“occurrence” has to be a whole number from 1"),
        (f"{ENTRY}}}", f"decides nothing: expected one of {DECISIONS}"),
        (f"{ENTRY}, quotation: 'yes'}}", "“quotation” cannot be text"),
        (f"{ENTRY}, starts_comment: 1}}", "“starts_comment” cannot be a number"),
        (f"{ENTRY}, author: 5}}", "“author” cannot be a number"),
        (f"{ENTRY}, author: 2024-01-01}}", "“author” cannot be a date"),
        (f"{ENTRY}, author: ''}}", "“author” cannot be empty text"),
        (f"{ENTRY}, parent: ' '}}", "“parent” cannot be empty text"),
        (f"{ENTRY}, parent: true}}", "“parent” cannot be true or false"),
        (f"{ENTRY}, parent: {{file: a.txt}}}}", "“opening” is missing"),
        (f"{ENTRY}, parent: {{author: Bob}}}}", "unknown key “author”: expected file, occurrence, opening"),
        (f"{ENTRY}, quotes: null}}", "“quotes” cannot be nothing"),
        (f"{ENTRY}, same_comment_as: [a]}}", "“same_comment_as” cannot be a list"),
        (f"{ENTRY}, quotation: true, confidence: 0}}", "“confidence” has to be a number above 0 and at most 1"),
        (f"{ENTRY}, quotation: true, confidence: 1.1}}", "“confidence” has to be a number above 0 and at most 1"),
        (f"{ENTRY}, quotation: true, confidence: true}}", "“confidence” has to be a number above 0 and at most 1"),
        (f"{ENTRY}, quotation: true, confidence: .nan}}", "“confidence” has to be a number above 0 and at most 1"),
        (f"{ENTRY}, quotation: true, url: 5}}", "“url” has to be text, and is a number: quote it"),
        (
            f"{ENTRY}, quotation: true, url: 'javascript:alert(1)'}}",
            "“url” has to begin with https:// or http://, and is “javascript:alert(1)”",
        ),
        ("{file: a.txt, opening: Some words, quotation: true}", "has neither a “reason” nor a “url”"),
    ],
)
def test_an_entry_of_another_shape_is_refused_and_named(tmp_path: Path, entry: str, what: str) -> None:
    good = f"{ENTRY}, quotation: true}}"
    path = write(tmp_path, f"corrections:\n  - {good}\n  - {entry}\n")
    with pytest.raises(CorrectionError) as raised:
        load_corrections(path)
    assert str(raised.value) == f"{path}, entry 2: {what}"


@pytest.mark.parametrize(
    ("facts", "what"),
    [
        ("a.txt", "expected a mapping, and found text"),
        ("{owner: Ada, reason: r}", "“file” is missing"),
        (
            "{file: a.txt, reason: r}",
            "of “pages” states no fact: expected “layout”, “owner”, “owner_speaks”, “url” or “saved_at”",
        ),
        ("{file: a.txt, owner: Ada}", "of “pages” has neither a “reason” nor a “url”"),
        ("{file: a.txt, url: 'a b', reason: r}", "“url” has to begin with https:// or http://, and is “a b”"),
        ("{file: a.txt, owner: [Ada], reason: r}", "“owner” has to be text, and is a list: quote it"),
        (f"{{file: a.txt, saved_at: {LISTED}, reason: r}}", "“saved_at” has to be an ISO 8601 date, and is a list"),
        ("{file: a.txt, saved_at: in May, reason: r}", "“saved_at” has to be an ISO 8601 date, and is “in May”"),
        ("{file: a.txt, owner_speaks: 1, reason: r}", "“owner_speaks” has to be true or false, and is a number"),
        (
            "{file: a.txt, saved: 2024-01-01}",
            "unknown key “saved”: expected file, layout, owner, owner_speaks, reason, saved_at, url",
        ),
    ],
)
def test_facts_of_another_shape_are_refused_and_named(tmp_path: Path, facts: str, what: str) -> None:
    path = write(tmp_path, f"pages:\n  - {facts}\n")
    with pytest.raises(CorrectionError) as raised:
        load_corrections(path)
    assert str(raised.value) == f"{path}, entry 1: {what}"


def test_a_key_that_stands_twice_is_refused_because_the_first_would_be_lost(tmp_path: Path) -> None:
    path = write(tmp_path, f"corrections:\n  - {ENTRY}, quotation: true}}\ncorrections: []\n")
    with pytest.raises(CorrectionError) as raised:
        load_corrections(path)
    assert str(raised.value) == f"{path}: is not YAML: “corrections” stands twice, again on line 3"


def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    for path, what in ((tmp_path / "none.yml", "No such file or directory"), (tmp_path, "Is a directory")):
        with pytest.raises(CorrectionError) as raised:
            load_corrections(path)
        assert str(raised.value) == f"{path}: cannot be read: {what}"


@pytest.mark.parametrize("saved_at", ["2024-11-02", "2024-11-02T10:00:00+00:00", "2024-11-02T10:00:00Z"])
def test_the_day_of_saving_is_kept_as_it_was_written(tmp_path: Path, saved_at: str) -> None:
    path = write(tmp_path, f"pages: [{{file: a.txt, saved_at: '{saved_at}', reason: r}}]")
    assert [facts.saved_at for facts in load_corrections(path).pages] == [saved_at]


def test_every_entry_about_the_seeds_has_a_reason() -> None:
    corrections = load_corrections(SEEDS / "corrections.yml")
    assert len(corrections.entries) > 0
    assert [entry.number for entry in corrections.entries if entry.reason is None] == []
