"""The search through everything that is published finds what is there, wherever and however it is written."""

import gzip
import os
import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner
from making import query
from removing import GARDEN, REPLY, archive, comment_with, removed

from forum_comments.errors import OutputError
from forum_comments.removal.finding import WordFinder, windows_of
from forum_comments.removal.proof import Proof, find_text, prove
from forum_comments.removal.requests import Wanted
from remove import main

WORDS = WordFinder()
WORDS.add(windows_of(GARDEN), "[gone]")
NAMES = ("Neel Nanda",)


def found_in(path: Path) -> list[str]:
    return [str(finding).removeprefix(f"{path}, ") for finding in prove([path], WORDS, NAMES).findings]


def test_words_are_found_in_text_with_their_line(tmp_path: Path) -> None:
    path = tmp_path / "page.md"
    path.write_text(f"# Title\n\nHe wrote: {GARDEN[:60].upper()}\n", encoding="utf-8")
    assert found_in(path) == [
        "byte 19, utf-8: “TOMATOES WANT A DEEP BED OF LOAM AND VERY MUCH SUN TO RIPEN” "
        "(line 3: He wrote: TOMATOES WANT A DEEP BED OF LOAM AND VERY MUCH S …)"
    ]


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("before", [b"", b"\x00", b"\xff\xfe\x00\x01\x02"])
def test_words_are_found_in_utf_16_at_any_byte(tmp_path: Path, encoding: str, before: bytes) -> None:
    path = tmp_path / "blob"
    path.write_bytes(before + GARDEN.encode(encoding) + b"\x00" * 7)
    assert any(f", {encoding}: “" in finding and "a deep bed of loam" in finding for finding in found_in(path))


def test_words_that_lie_across_the_parts_of_a_large_file_are_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("forum_comments.removal.proof.CHUNK_BYTES", 64)
    path = tmp_path / "large"
    path.write_bytes(b"\x80x " * 77 + GARDEN.encode() + b" y" * 99)
    assert any("Tomatoes want a deep bed of loam" in finding for finding in found_in(path))


def test_words_are_found_in_compressed_files(tmp_path: Path) -> None:
    with gzip.open(tmp_path / "a.csv.gz", "wt", encoding="utf-8") as file:
        file.write(GARDEN)
    with zipfile.ZipFile(tmp_path / "b.zip", "w", zipfile.ZIP_DEFLATED) as zipped:
        zipped.writestr("inner.json", f'"{GARDEN}"')
    findings = prove([tmp_path], WORDS, NAMES).findings
    assert [(finding.file.name, finding.place) for finding in findings] == [
        ("a.csv.gz", "byte 0, utf-8"),
        ("b.zip", "byte 1, utf-8 of inner.json"),
    ]


def test_a_name_is_found_in_an_address(tmp_path: Path) -> None:
    path = tmp_path / "README.md"
    path.write_text("See /-/author/neel-nanda.")
    assert found_in(path) == ["byte 14, utf-8: “neel-nanda” (line 1: See /-/author/neel-nanda.)"]


def test_what_cannot_be_searched_is_said(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"\x89PNG\r\n")
    (tmp_path / "b.zst").write_bytes(b"\x28\xb5\x2f\xfd\x00")
    assert prove([tmp_path], WORDS, NAMES) == Proof(
        (), 2, 11, ((tmp_path / "a.png", "a picture"), (tmp_path / "b.zst", "compressed with zstd"))
    )


def test_a_file_that_is_not_there_or_is_damaged_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "b.zip").write_bytes(b"PK\x03\x04")
    packed = gzip.compress(b"Tomatoes like the sun. " * 5000)
    (tmp_path / "c.gz").write_bytes(packed[:30] + b"\xff" * 20 + packed[50:])
    with zipfile.ZipFile(tmp_path / "d.zip", "w") as archive_with_password:
        archive_with_password.writestr("page.txt", "Tomatoes")
    content = bytearray((tmp_path / "d.zip").read_bytes())
    content[6] |= 1  # its flags, in front of the file and in the list at the end
    content[content.rindex(b"PK\x01\x02") + 8] |= 1
    (tmp_path / "d.zip").write_bytes(content)
    os.mkfifo(tmp_path / "pipe")
    for name in ("nothing", "b.zip", "c.gz", "d.zip", "pipe"):
        with pytest.raises(OutputError, match=f"{name}: cannot be searched"):
            prove([tmp_path / name], WORDS, NAMES)


def test_words_that_a_database_no_longer_uses_are_found(tmp_path: Path) -> None:
    """SQLite leaves what was deleted in its pages."""
    path = tmp_path / "x.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("pragma secure_delete = off")
        connection.execute("create table t (words text)")
        connection.execute("insert into t values (?)", [GARDEN * 300])
        connection.commit()
        connection.execute("delete from t")
        connection.commit()
    findings = found_in(path)
    assert any("Tomatoes" in finding for finding in findings)
    assert any("free pages" in finding for finding in findings)


def test_words_that_stand_in_the_search_index_only_are_found(tmp_path: Path) -> None:
    _, database = archive(tmp_path)
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("pragma secure_delete = on")
        for table in ("comments", "documents", "passages", "corrections", "problems"):
            connection.execute(f"delete from {table}")
        connection.commit()
        connection.execute("vacuum")
    assert len([finding for finding in found_in(database) if finding.startswith("search index: “")]) == 1


def test_a_text_is_found_by_its_line(tmp_path: Path) -> None:
    path = tmp_path / "metadata.yml"
    path.write_text("a: 1\nb: coalesce(:comment, 'p-123')\n")
    assert [str(finding) for finding in find_text(path, "p-123")] == [
        f"{path}, line 2: “p-123” (b: coalesce(:comment, 'p-123'))"
    ]


def run(folder: Path, *arguments: str) -> tuple[int, str]:
    options = ["-d", str(folder / "comments.db"), "--source", str(folder / "pages")]
    result = CliRunner().invoke(main, [*options, *arguments], catch_exceptions=False)
    return result.exit_code, result.output


def test_the_command_removes_says_what_is_left_and_proves(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    _, database = archive(tmp_path)
    gone = comment_with(database, GARDEN)
    code, output = run(tmp_path, gone, "--by", "moderator", "--reason", "spam", "--prove")
    assert code == 0
    assert (
        f"{database}: removed in all: comments 1, authors 0, documents 0; other comments with words struck out: 1"
        in output
    )
    assert (
        "git filter-repo --invert-paths --use-base-name --path other.txt --path page.txt --path profile.txt" in output
    )
    assert "Searched 11 runs of words and 0 names in 4 files" in output
    assert output.endswith("nothing found.\n")
    assert query(database, "select count(*) from comments where status = 'removed by moderator'") == [(1,)]


def test_the_proof_fails_while_anything_published_holds_the_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    pages, _ = archive(tmp_path)
    removed(pages, Wanted(authors=("neel-nanda",)), "author", None)
    (tmp_path / "metadata.yml").write_text("sql: select 1 where name = 'Neel Nanda'\n")
    (tmp_path / "build" / "publish").mkdir(parents=True)
    (tmp_path / "build" / "publish" / "page.html").write_text("Neel Nanda")
    code, output = run(tmp_path, "--prove", "--also", str(tmp_path / "build"))
    assert code == 1
    assert "Found: " in output and "metadata.yml, byte 28, utf-8: “Neel Nanda”" in output
    assert output.endswith(" 2 found.\n")


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        ([], 2, "Say what to remove: a COMMENT_ID, --author or --document; or only --prove."),
        (["p-1"], 2, "Say whose wish it is: --by author or --by moderator."),
        (["p-1", "--by", "moderator"], 2, "Say why: a removal by a moderator needs a --reason."),
        (["p-1", "--by", "author"], 1, "there is no comment “p-1” in it"),
    ],
)
def test_the_command_says_what_is_missing(tmp_path: Path, arguments: list[str], code: int, said: str) -> None:
    archive(tmp_path)
    assert run(tmp_path, *arguments)[0] == code
    assert said in run(tmp_path, *arguments)[1]


def test_an_id_of_a_removed_comment_in_an_example_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    _, database = archive(tmp_path)
    gone = comment_with(database, REPLY)
    (tmp_path / "metadata.yml").write_text(f"sql: select 1 where id = '{gone}'\n")
    code, output = run(tmp_path, gone, "--by", "author")
    assert code == 1
    assert f"Found: metadata.yml, line 1: “{gone}”" in output
