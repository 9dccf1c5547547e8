"""removals.yml: what is in it, what is refused, and that it holds nothing of what was removed."""

import resource
from pathlib import Path

import pytest

from forum_comments.errors import RemovalError
from forum_comments.removal.lists import Removal, load_removals, new_list, replaced_files, with_removals, write_file

SALT = "0123456789abcdef" * 4
HASH = "00112233445566778899aabbccddeeff"
ENTRY = f"- kind: comment\n  by: author\n  day: 2026-11-21\n  id: '{HASH}'\n"


def list_of(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "removals.yml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_list_is_read_as_it_was_written(tmp_path: Path) -> None:
    path = tmp_path / "removals.yml"
    removals = [
        Removal(
            kind="comment",
            by="moderator",
            day="2026-11-21",
            reason="“Spam”: 100 % of it",
            id=HASH,
            text=HASH[::-1],
            places=frozenset([HASH]),
            passages=frozenset([HASH, HASH[::-1]]),
        ),
        Removal(kind="author", by="author", day="2026-11-22", reason=None, id=HASH, name=HASH),
        Removal(kind="document", by="author", day="2026-11-22", reason=None, id="1" * 32),
    ]
    empty = new_list(path)
    one = with_removals(empty, removals[:1])
    write_file(path, with_removals(one, removals).content)
    read = load_removals(path)
    assert read.removals == tuple(removals)
    assert read.salt == empty.salt


def test_what_a_person_wrote_into_the_list_stays(tmp_path: Path) -> None:
    path = list_of(tmp_path, f"# ours\nsalt: '{SALT}'\nremovals:\n{ENTRY}  # asked by mail\n")
    added = Removal(kind="document", by="author", day="2026-11-22", reason=None, id=HASH)
    text = with_removals(load_removals(path), [added]).content.decode()
    assert text == f"# ours\nsalt: '{SALT}'\nremovals:\n{ENTRY}  # asked by mail\n" + (
        f"- kind: document\n  by: author\n  day: '2026-11-22'\n  id: {HASH}\n"
    )


def test_an_entry_that_is_on_the_list_is_not_added_again(tmp_path: Path) -> None:
    path = list_of(tmp_path, f"salt: '{SALT}'\nremovals:\n{ENTRY}")
    current = load_removals(path)
    assert with_removals(current, current.removals).content == current.content


def test_a_list_to_which_nothing_can_be_added_is_refused_and_not_written(tmp_path: Path) -> None:
    entry = f"{{kind: comment, by: author, day: 2026-11-21, id: '{HASH}'}}"
    path = list_of(tmp_path, f"{{salt: '{SALT}', removals: [{entry}]}}\n")
    added = Removal(kind="document", by="author", day="2026-11-22", reason=None, id=HASH)
    with pytest.raises(RemovalError, match="entries cannot be added at its end"):
        with_removals(load_removals(path), [added])


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("", "expected a mapping with the keys “salt” and “removals” and no others"),
        ("removals: []", "expected a mapping with the keys “salt” and “removals” and no others"),
        (
            f"salt: '{SALT}'\nremovals: []\nmore: 1",
            "expected a mapping with the keys “salt” and “removals” and no others",
        ),
        ("salt: 12\nremovals: []", "“salt” has to be 64 hexadecimal digits: quote it"),
        (f"salt: '{SALT[:-1]}'\nremovals: []", "“salt” has to be 64 hexadecimal digits: quote it"),
        (f"salt: '{SALT}'\nsalt: '{SALT}'\nremovals: []", "is not YAML: “salt” stands twice, again on line 2"),
        ("salt: [", "is not YAML: while parsing a flow node"),
        (f"salt: '{SALT}'\nremovals: spam", "“removals” has to be a list, and is text"),
    ],
)
def test_a_file_that_is_no_list_is_refused(tmp_path: Path, text: str, what: str) -> None:
    with pytest.raises(RemovalError) as raised:
        load_removals(list_of(tmp_path, text))
    assert str(raised.value).startswith(f"{tmp_path / 'removals.yml'}: {what}")


@pytest.mark.parametrize(
    ("entry", "what"),
    [
        ("- spam", "expected a mapping, and found text"),
        ("- {}", "“kind” has to be one of comment, author, document"),
        ("- {kind: [comment]}", "“kind” has to be one of comment, author, document"),
        (
            "- {kind: comment, words: x}",
            "unknown key “words”: expected kind, by, day, reason, id, text, opening, places",
        ),
        ("- {kind: document, text: x}", "unknown key “text”: expected kind, by, day, reason, id"),
        ("- {kind: comment, by: nobody}", "“by” has to be one of author, moderator"),
        ("- {kind: comment, by: author, reason: 5}", "“reason” has to be text, and is a number: quote it"),
        (
            "- {kind: document, by: author, id: '00000000000000000000000000000000', day: [1]}",
            "“day” has to be a day such as 2026-11-21, and is a list",
        ),
        ("- {kind: comment, by: author}", "“id” is missing"),
        ("- {kind: comment, by: author, id: Spam}", "“id” has to be a hash of 32 hexadecimal digits, quoted"),
        (
            f"- {{kind: comment, by: author, id: '{HASH}', places: '{HASH}'}}",
            "“places” has to be a list of hashes of 32",
        ),
        (f"- {{kind: comment, by: author, id: '{HASH}'}}", "“day” has to be a day such as 2026-11-21"),
        (
            f"- {{kind: comment, by: author, id: '{HASH}', day: May}}",
            "“day” has to be a day such as 2026-11-21, and is “May”",
        ),
    ],
)
def test_an_entry_that_makes_no_sense_is_refused_by_its_number(tmp_path: Path, entry: str, what: str) -> None:
    with pytest.raises(RemovalError) as raised:
        load_removals(list_of(tmp_path, f"salt: '{SALT}'\nremovals:\n{ENTRY}{entry}\n"))
    assert str(raised.value).startswith(f"{tmp_path / 'removals.yml'}, entry 2: {what}")


def test_a_list_that_cannot_be_read_is_an_error_that_names_it(tmp_path: Path) -> None:
    (tmp_path / "removals.yml").mkdir()
    with pytest.raises(RemovalError, match=r"removals\.yml: cannot be read: Is a directory"):
        load_removals(tmp_path / "removals.yml")


def test_two_lists_hash_the_same_differently(tmp_path: Path) -> None:
    one, other = new_list(tmp_path / "a.yml"), new_list(tmp_path / "b.yml")
    assert one.hash("text", "words") == one.hash("text", "words")
    assert len({one.hash("text", "words"), one.hash("name", "words"), other.hash("text", "words")}) == 3


def test_files_are_put_back_when_what_follows_fails(tmp_path: Path) -> None:
    old, new = tmp_path / "old.yml", tmp_path / "new.yml"
    old.write_bytes(b"before")
    with pytest.raises(KeyboardInterrupt), replaced_files({old: b"after", new: b"after"}):
        assert (old.read_bytes(), new.read_bytes()) == (b"after", b"after")
        raise KeyboardInterrupt
    assert [path.name for path in tmp_path.iterdir()] == ["old.yml"]
    assert old.read_bytes() == b"before"


def test_through_a_link_the_file_that_it_names_is_replaced_and_keeps_its_permissions(tmp_path: Path) -> None:
    """The words that a list takes out of corrections.yml would otherwise stay in the file that the link named."""
    real, link = tmp_path / "shared.yml", tmp_path / "corrections.yml"
    real.write_bytes(b"before")
    real.chmod(0o640)
    link.symlink_to("shared.yml")
    with replaced_files({link: b"after"}):
        pass
    assert (link.is_symlink(), real.read_bytes(), real.stat().st_mode & 0o777) == (True, b"after", 0o640)


def test_a_full_disk_leaves_the_list_as_it_was_and_no_litter(tmp_path: Path) -> None:
    path = tmp_path / "removals.yml"
    path.write_bytes(b"before")
    limit = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, limit[1]))
    try:
        with pytest.raises(RemovalError, match=r"removals\.yml: cannot be written: File too large"):
            write_file(path, b"after" * 100)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limit)
    assert [(file.name, file.read_bytes()) for file in tmp_path.iterdir()] == [("removals.yml", b"before")]
