"""A build with pseudonyms: no known name is left anywhere, and all else is as it was."""

import re
import resource
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner
from making import SEEDS, query, require_sound
from removing import CORRECTIONS, DAY, HEAD, SLUGS, TREES, archive

from build_db import build, main
from forum_comments.documents import corrections_files
from forum_comments.errors import OutputError
from forum_comments.removal.finding import WordFinder
from forum_comments.removal.proof import prove
from forum_comments.removal.pseudonyms import read_salt
from forum_comments.removal.requests import Wanted
from remove import remove

SALT, OTHER_SALT = bytes(32), bytes(range(32))
PSEUDONYM = re.compile(r"Person [a-s]{12}")


def built(folder: Path, salt: bytes | None = SALT, name: str = "pseudonyms.db") -> Path:
    database = folder.parent / name
    build([folder], database, corrections_files([folder]), pseudonym_salt=salt)
    return database


def test_no_name_of_the_seeds_is_left_and_everything_else_is(tmp_path: Path, seeds_path: Path) -> None:
    database = tmp_path / "pseudonyms.db"
    replaced = build([SEEDS], database, corrections_files([SEEDS]), pseudonym_salt=SALT).replaced
    assert replaced.names == tuple(name for (name,) in query(seeds_path, "select name from authors order by name"))
    assert prove([database], WordFinder(), replaced.names).findings == ()
    require_sound(database)
    for sql in (
        "select id, parent_id, depth, karma, age, is_truncated, source, status from comments order by id",
        "select id, comment_id, boundary_basis, position from appearances order by id",
        "select comment_id, position, is_quotation, quoted_comment_id from passages order by 1, 2",
        "select count(*) from authors",
    ):
        assert query(database, sql) == query(seeds_path, sql)
    assert all(PSEUDONYM.fullmatch(str(name)) for (name,) in query(database, "select name from authors"))


def test_names_in_texts_titles_heads_and_file_names_are_replaced_by_the_same_pseudonym(tmp_path: Path) -> None:
    pages, _ = archive(tmp_path)
    (pages / "ada-example.txt").write_text(f"{HEAD}{TREES} Ask Neel Nanda.\n\n-1Neel Nanda2mo\nAda Example knows.\n")
    database = built(pages)
    ada, neel = (
        str(query(database, "select distinct author_name from comments where instr(body, ?)", [words])[0][0])
        for words in ("Pruning", "had not heard")
    )
    assert PSEUDONYM.fullmatch(ada) and PSEUDONYM.fullmatch(neel)
    ((title, file_name, text),) = query(
        database, "select title, file_name, text from documents where instr(file_name, 'Person')"
    )
    assert file_name == f"{ada}.txt"
    assert str(title).startswith(f"All of {ada}'s Comments + Replies")
    assert text == f"All of {ada}'s Comments + Replies\n\n{TREES} Ask {neel}.\n\n-1{neel}2mo\n{ada} knows.\n"
    assert query(database, "select author_name, score_text from appearances where age = '2mo'") == [
        (neel, f"-1{neel}2mo")
    ]
    assert query(database, "select body from comments where instr(body, 'knows')") == [(f"{ada} knows.",)]
    assert [value for (value,) in query(database, "select value_after from corrections where kind = 'author'")] == [
        neel
    ]


def test_bios_addresses_and_the_bytes_of_files_are_left_out(tmp_path: Path) -> None:
    pages, _ = archive(tmp_path)
    (pages / "corrections.yml").write_text(
        f"pages:\n- {{file: page.txt, url: 'https://example.org/users/ada-example', reason: r}}\n{CORRECTIONS}"
    )
    (pages / "bytes.txt").write_bytes(b"All of Ada Example's Comments + Replies\n\nNot text: \xff, says Ada Example.\n")
    database = built(pages)
    assert query(database, "select distinct bio, extra from authors") == [(None, None)]
    assert query(database, "select distinct url, raw is null from documents") == [(None, 1)]
    assert "[left out]" in str(query(database, "select text from documents where file_name = 'profile.txt'")[0][0])


def test_a_head_that_may_hold_several_names_is_left_out_whole(tmp_path: Path) -> None:
    pages = tmp_path / "pages"
    pages.mkdir()
    (pages / "page.txt").write_text(f"{HEAD}{SLUGS}\n\n9Q712y\nSo I think.\n")
    database = built(pages)
    assert query(database, "select score_text, author_name from appearances where position = 2") == [(None, None)]
    assert "\n\n[left out]\nSo I think.\n" in str(query(database, "select text from documents")[0][0])
    assert query(database, "select detail from problems where kind = 'ambiguous header'") == [("[left out]",)]


def test_a_name_that_is_an_everyday_word_stays_in_texts_and_is_named(tmp_path: Path) -> None:
    pages = tmp_path / "pages"
    pages.mkdir()
    (pages / "page.txt").write_text(f"{HEAD}It will rain. Will it?\n\n2Will1y\nYes, said Al.\n\n3Al1y\nNo.\n")
    replaced = build([pages], tmp_path / "a.db", [], pseudonym_salt=SALT).replaced
    assert (replaced.names, replaced.everyday) == (("Ada Example",), ("Al", "Will"))
    bodies = query(tmp_path / "a.db", "select body from comments order by rowid")
    assert bodies == [("It will rain. Will it?",), ("Yes, said Al.",), ("No.",)]
    names = query(tmp_path / "a.db", "select author_name, score_text from comments order by rowid")
    assert all(PSEUDONYM.fullmatch(str(name)) for name, _ in names)
    assert [score and PSEUDONYM.sub("X", str(score)) for _, score in names] == [None, "2X1y", "3X1y"]


def test_pseudonyms_depend_on_the_salt_alone(tmp_path: Path) -> None:
    pages, _ = archive(tmp_path)
    names = "select name from authors order by rowid"
    one, same, other = (built(pages, salt, f"{n}.db") for n, salt in enumerate((SALT, SALT, OTHER_SALT)))
    assert one.read_bytes() == same.read_bytes()
    assert set(query(one, names)).isdisjoint(query(other, names))
    sums = [
        query(database, "select inputs_sha256 from builds") for database in (one, other, built(pages, None, "3.db"))
    ]
    assert len({str(each) for each in sums}) == 3


def test_authors_stand_in_the_order_of_their_pseudonyms(tmp_path: Path) -> None:
    pages, _ = archive(tmp_path)
    ids = query(built(pages), "select id from authors order by rowid")
    assert ids == sorted(ids)


def test_what_was_removed_is_left_out_of_a_build_with_pseudonyms_too(tmp_path: Path) -> None:
    pages, database = archive(tmp_path)
    remove(database, Wanted(authors=("ada-example",)), "author", DAY, None, [pages])
    with_pseudonyms = built(pages)
    require_sound(with_pseudonyms)
    assert query(with_pseudonyms, "select count(*) from comments where instr(body, 'Pruning')") == [(0,)]
    with pytest.raises(OutputError, match="has pseudonyms; remove from the database with names"):
        remove(with_pseudonyms, Wanted(authors=("ada-example",)), "author", DAY, None, [pages])


def test_search_finds_nobody_by_name(tmp_path: Path) -> None:
    pages, _ = archive(tmp_path)
    with closing(sqlite3.connect(built(pages))) as connection:
        found = connection.execute("select count(*) from comments_fts where comments_fts match 'example'")
        assert found.fetchone() == (0,)


def test_the_salt_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / ".pseudonyms"
    salt = read_salt(path)
    assert (len(salt), read_salt(path)) == (32, salt)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_salt_that_the_disk_does_not_take_leaves_no_file_that_is_none(tmp_path: Path) -> None:
    limit = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10, limit[1]))
    try:
        with pytest.raises(OutputError, match="salt: cannot be used for pseudonyms: File too large"):
            read_salt(tmp_path / "salt")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limit)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("content", ["", "abc", "0" * 62, "zz" * 32, "ä" * 64])
def test_a_file_that_is_no_salt_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "salt"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(OutputError, match="salt: is no salt for pseudonyms; expected 64 hexadecimal digits"):
        read_salt(path)


def test_the_command_replaces_names_and_says_which_it_could_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("page.txt").write_text(f"{HEAD}It will rain.\n\n2Will1y\nYes.\n")
    result = CliRunner().invoke(main, ["page.txt", "--pseudonymise"], catch_exceptions=False)
    assert result.exit_code == 0
    assert "1 names replaced by pseudonyms" in result.output
    assert "Note: Will cannot be told from an everyday word" in result.output
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        ".pseudonyms",
        "comments.db",
        "inspect-data.json",
        "page.txt",
    ]
