"""What is removed is gone from everything that the build makes, stays gone, and takes nothing else with it."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from making import SEEDS, query, require_sound
from removing import BIO, GARDEN, REPLY, SLUGS, TREES, WOUNDS, archive, built, comment_with, holds, removed

from build_db import build
from forum_comments.documents import corrections_files
from forum_comments.errors import BuildError, OutputError
from forum_comments.permalinks import resolve
from forum_comments.removal.proof import prove
from forum_comments.removal.requests import Wanted
from forum_comments.schema import TABLES
from remove import remove

ROW = "select title, status, is_placeholder, author_id, author_name, author_basis, body from comments where id = ?"


def text_of(database: Path, file_name: str) -> str:
    ((text,),) = query(database, "select text from documents where file_name = ?", [file_name])
    return str(text)


@pytest.mark.parametrize(
    ("by", "reason", "mark", "status", "detail"),
    [
        (
            "moderator",
            "spam",
            "[removed by a moderator]",
            "removed by moderator",
            "Removed by a moderator on 2026-11-21. Reason: spam",
        ),
        ("author", None, "[deleted by its author]", "deleted by author", "Deleted at its author's wish on 2026-11-21."),
    ],
)
def test_a_removed_comment_leaves_its_place_and_says_by_whose_wish(
    tmp_path: Path, by: str, reason: str | None, mark: str, status: str, detail: str
) -> None:
    pages, database = archive(tmp_path)
    gone, reply = comment_with(database, GARDEN), comment_with(database, REPLY)
    removed(pages, Wanted(comments=(gone,)), by, reason)
    assert query(database, ROW, [gone]) == [(mark, status, 1, None, None, "unknown", None)]
    assert query(database, "select kind, detail from problems where comment_id = ?", [gone]) == [("removed", detail)]
    assert query(database, "select parent_id, root_id, depth, body from comments where id = ?", [reply]) == [
        (gone, gone, 1, REPLY)
    ]
    assert text_of(database, "page.txt").startswith(
        f"All of Ada Example's Comments + Replies\n\n{mark}\n\n3Neel Nanda1y\n"
    )
    require_sound(database)


def test_the_words_of_a_removed_comment_are_nowhere_in_the_file(tmp_path: Path) -> None:
    pages, database = archive(tmp_path)
    assert holds(database, "a deep bed of loam")
    removed(pages, Wanted(comments=(comment_with(database, GARDEN),)))
    for words in ("a deep bed of loam", "before the autumn rains", "Tomatoes"):
        assert (words, holds(database, words), holds(pages / "corrections.yml", words)) == (words, False, False)
    assert not holds(pages / "removals.yml", "omatoes")
    assert query(database, "select count(*) from comments_fts where comments_fts match 'tomatoes'") == [(0,)]
    assert query(database, "pragma freelist_count") == [(0,)]


def test_a_quotation_of_a_removed_comment_is_struck_out_and_the_rest_of_its_comment_stays(tmp_path: Path) -> None:
    pages, database = archive(tmp_path)
    quoting = comment_with(database, "The bed is right")
    struck = removed(pages, Wanted(comments=(comment_with(database, GARDEN),)))
    mark = "[removed by a moderator]"
    body = f"The bed is right:\n\n{mark}\n\nBut who has the sun for it, asks Ada Example's neighbour."
    assert struck.changed == 1
    assert query(database, "select body, quoted_text, word_count from comments where id = ?", [quoting]) == [
        (body, mark, 19)
    ]
    assert query(database, "select text from passages where comment_id = ? and is_quotation", [quoting]) == [(mark,)]
    assert query(database, "select kind from problems where comment_id = ?", [quoting]) == [("words struck out",)]
    assert f"The bed is right:\n\n{mark}\n\nBut who" in text_of(database, "other.txt")


def test_everything_that_is_known_by_its_place_still_stands_there(tmp_path: Path) -> None:
    """Passages and furniture have the same characters of the page as before."""
    pages, database = archive(tmp_path)
    removed(pages, Wanted(comments=(comment_with(database, GARDEN),)))
    stretch = "trim(substr(documents.text, start_offset + 1, end_offset - start_offset), char(10))"
    shown = f"replace({stretch}, ' ... (read more)', '')"
    for table in ("passages", "furniture"):
        sql = f"select {table}.text, {shown} from {table} join documents on documents.id = document_id"
        rows = query(database, f"{sql} where {table}.text != ''")
        assert len(rows) > 3
        assert [row for row in rows if row[0] != row[1]] == []
    ((characters, size, sha256, text),) = query(
        database, "select characters, bytes, sha256, text from documents where file_name = 'page.txt'"
    )
    assert (characters, size) == (len(str(text)), len(str(text).encode()))
    assert isinstance(sha256, str)


def test_a_later_build_from_the_same_sources_is_the_same_file(tmp_path: Path) -> None:
    pages, database = archive(tmp_path)
    removed(pages, Wanted(comments=(comment_with(database, GARDEN),)))
    first = database.read_bytes()
    assert built(pages).read_bytes() == first


def test_an_update_does_not_bring_a_removed_comment_back(tmp_path: Path) -> None:
    pages, database = archive(tmp_path)
    removed(pages, Wanted(comments=(comment_with(database, GARDEN),)))
    first = database.read_bytes()
    build([pages], database, corrections_files([pages]), update=True)
    assert database.read_bytes() == first
    (pages / "new.txt").write_text(f"All of Bob's Comments + Replies\n\n{GARDEN}\n\nMore by Bob.\n")
    build([pages], database, corrections_files([pages]), update=True)
    assert not holds(database, "a deep bed of loam")
    assert holds(database, "More by Bob")


def test_a_build_without_corrections_leaves_the_removed_comment_out_too(tmp_path: Path) -> None:
    """Without them the quotation is taken for the comment itself, and the page is divided otherwise."""
    pages, database = archive(tmp_path)
    removed(pages, Wanted(comments=(comment_with(database, GARDEN),)))
    build([pages], database, [])
    assert not holds(database, "a deep bed of loam")


def test_a_page_that_is_named_by_itself_is_built_with_the_list_of_its_folder(tmp_path: Path) -> None:
    pages, database = archive(tmp_path)
    removed(pages, Wanted(comments=(comment_with(database, GARDEN),)))
    build([pages / "page.txt"], database, [], allow_shrink=True)
    assert not holds(database, "a deep bed of loam")


def test_a_removed_comment_that_turns_up_on_another_page_is_known_again(tmp_path: Path) -> None:
    """Cut short, in the middle of another comment, with another name above it."""
    pages, database = archive(tmp_path)
    removed(pages, Wanted(comments=(comment_with(database, TREES),)))
    (pages / "new.txt").write_text(f"All of Bob's Comments + Replies\n\n{TREES} ... (read more)\n\nMore by Bob.\n")
    built(pages)
    assert not holds(database, "is best done while they sleep")
    (pages / "new.txt").write_text(
        f"Bob\n\nWiki Contributions\n\nA long opening of his own words about it.\n\n{TREES}\n"
    )
    built(pages)
    assert not holds(database, "is best done while they sleep")


def test_of_short_comments_with_the_same_words_only_the_one_meant_goes(tmp_path: Path) -> None:
    pages, database = archive(tmp_path)
    ((mine,),) = query(database, "select id from comments where body = 'Yes.' and author_name = 'Ada Example'")
    removed(pages, Wanted(comments=(str(mine),)))
    assert query(database, "select author_name from comments where body = 'Yes.'") == [("Neel Nanda",)]
    # Ids of the same words are numbered: a third one may move the numbers.
    (pages / "third.txt").write_text("All of Aaa's Comments + Replies\n\nYes.\n")
    built(pages)
    names = query(database, "select author_name from comments where body = 'Yes.' order by author_name")
    assert names == [("Aaa",), ("Neel Nanda",)]


def test_the_address_of_a_removed_comment_resolves_and_its_other_keys_are_gone(tmp_path: Path) -> None:
    pages, database = archive(tmp_path)
    gone = comment_with(database, TREES)
    removed(pages, Wanted(comments=(gone,)))
    with closing(sqlite3.connect(database)) as connection:
        (found,) = resolve(connection, gone)
    assert (found.id, found.title, found.author_name) == (gone, "[removed by a moderator]", None)
    assert query(database, "select count(*) from permalinks where comment_id = ?", [gone]) == [(0,)]
    for table, columns in ((name, table.columns) for name, table in TABLES.items() if "opening_key" in table.columns):
        assert "opening_key" in columns
        assert query(database, f"select 1 from {table} where opening_key = ?", [gone.removeprefix("p-")]) == []


def test_an_author_who_goes_leaves_neither_name_nor_bio_nor_words(tmp_path: Path) -> None:
    pages, database = archive(tmp_path)
    struck = removed(pages, Wanted(authors=("ada-example",)), "author", None)
    assert struck.names == ("Ada Example",)
    for words in ("Ada Example", "ada-example", "ada example", BIO, "A Year in Apples", TREES, WOUNDS, GARDEN):
        assert (words, holds(database, words), holds(pages / "removals.yml", words)) == (words, False, False)
    assert query(database, "select id from authors") == [("cem-third",), ("neel-nanda",)]
    titles = query(database, "select title from documents order by 1")
    assert ("All of [name removed]'s Comments + Replies",) in titles
    assert ("Profile of [name removed]",) in titles
    assert query(
        database, "select body from comments where not is_placeholder and author_id is not null order by 1"
    ) == [
        (SLUGS,),
        (REPLY,),
        ("Yes.",),
    ]
    require_sound(database)


def test_the_comments_of_a_removed_author_are_known_again_without_the_name(tmp_path: Path) -> None:
    pages, database = archive(tmp_path)
    removed(pages, Wanted(authors=("ada-example",)), "author", None)
    (pages / "more.txt").write_text(
        f"All of Bob's Comments + Replies\n\nOther words of another person.\n\n{TREES} ... (read more)\n\nLast.\n"
    )
    built(pages)
    assert not holds(database, "is best done while they sleep")
    assert holds(database, "Other words of another person")


def test_a_removed_document_leaves_an_empty_row_and_takes_what_stands_nowhere_else(tmp_path: Path) -> None:
    pages, database = archive(tmp_path)
    trees, yes = comment_with(database, TREES), "select count(*) from comments where body = 'Yes.'"
    ((document_id,),) = query(database, "select id from documents where file_name = 'profile.txt'")
    assert query(database, yes) == [(2,)]
    removed(pages, Wanted(documents=(str(document_id),)))
    empty = "select title, file_name, owner_id, bytes, characters, text from documents where id = ?"
    assert query(database, empty, [document_id]) == [("[removed by a moderator]", "removed", None, 0, 0, "")]
    for words in (BIO, "A Year in Apples", WOUNDS):
        assert (words, holds(database, words)) == (words, False)
    # Another page shows the beginning of this comment; of the short one it was the only page.
    assert query(database, "select body, is_truncated from comments where id = ?", [trees]) == [(TREES, 1)]
    assert query(database, yes) == [(1,)]
    assert query(database, "select bio from authors where id = 'ada-example'") == [(None,)]
    require_sound(database)


def test_words_that_another_comment_holds_by_right_stay(tmp_path: Path) -> None:
    """Who quotes without saying so has words of somebody else: those above it, and those listed, keep theirs."""
    pages, database = archive(tmp_path)
    (pages / "reply.txt").write_text(
        f"All of Bea Quick's Comments + Replies\n\n{SLUGS} I say so too, since mine has them.\n\nLast.\n"
    )
    built(pages)
    copy = comment_with(database, "mine has them")
    ((original,),) = query(database, "select id from comments where body = ?", [SLUGS])
    removed(pages, Wanted(comments=(copy,), keeps=(str(original),)))
    assert query(database, "select body from comments where id = ?", [original]) == [(SLUGS,)]
    assert query(database, "select body from comments where id = ?", [copy]) == [(None,)]


def test_without_a_removal_nothing_changes(tmp_path: Path) -> None:
    """A list that names nothing here changes the sum over the inputs and nothing else."""
    pages, database = archive(tmp_path)
    before = database.read_bytes()
    assert built(pages).read_bytes() == before
    salt = "0" * 64
    (pages / "removals.yml").write_text(
        f"salt: '{salt}'\nremovals:\n- {{kind: comment, by: author, day: 2026-11-21, id: '{'0' * 32}'}}\n"
    )
    tables = {name: query(database, f'select * from "{name}"') for name in TABLES if name != "builds"}
    built(pages)
    assert {name: query(database, f'select * from "{name}"') for name in TABLES if name != "builds"} == tables


def test_what_cannot_be_removed_is_an_error_and_leaves_everything_as_it_was(tmp_path: Path) -> None:
    pages, database = archive(tmp_path)
    before = database.read_bytes()
    for wanted, what in (
        (Wanted(comments=("p-nothing",)), "there is no comment “p-nothing” in it"),
        (Wanted(authors=("nobody",)), "there is no author “nobody” in it"),
        (Wanted(documents=("0",)), "there is no document “0” in it"),
        (Wanted(comments=(comment_with(database, TREES),), keeps=("p-0",)), "there is no comment “p-0” in it"),
    ):
        with pytest.raises(OutputError) as raised:
            removed(pages, wanted)
        assert str(raised.value) == f"{database}: {what}"
    (pages / "page.txt").rename(tmp_path / "page.txt")
    with pytest.raises(OutputError, match=r"was built from other sources too, such as page\.txt; name all of them"):
        removed(pages, Wanted(comments=(comment_with(database, TREES),)))
    assert database.read_bytes() == before
    assert not (pages / "removals.yml").exists()


def test_a_removal_that_cannot_be_built_is_taken_back(tmp_path: Path) -> None:
    pages, database = archive(tmp_path)
    corrections = (pages / "corrections.yml").read_bytes()
    gone = comment_with(database, GARDEN)
    database.with_name("comments.db-wal").mkdir()
    with pytest.raises(BuildError):
        removed(pages, Wanted(comments=(gone,)))
    assert not (pages / "removals.yml").exists()
    assert (pages / "corrections.yml").read_bytes() == corrections


def test_a_second_removal_is_added_to_the_first(tmp_path: Path) -> None:
    pages, database = archive(tmp_path)
    first, second = comment_with(database, GARDEN), comment_with(database, TREES)
    removed(pages, Wanted(comments=(first,)))
    removed(pages, Wanted(comments=(second,)), "author", None)
    status = "select id, status from comments where is_placeholder order by status"
    assert query(database, status) == [(second, "deleted by author"), (first, "removed by moderator")]
    with pytest.raises(OutputError, match="has no text here: removed by moderator"):
        removed(pages, Wanted(comments=(first,)))


@pytest.fixture(scope="module")
def copied_seeds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pages = tmp_path_factory.mktemp("copied") / "pages"
    shutil.copytree(SEEDS, pages)
    return pages


@settings(max_examples=3)
@given(data=st.data())
def test_whatever_comments_of_the_seeds_are_removed_all_invariants_hold(
    copied_seeds: Path, seeds_path: Path, data: st.DataObject
) -> None:
    (copied_seeds / "removals.yml").unlink(missing_ok=True)
    shutil.copyfile(SEEDS / "corrections.yml", copied_seeds / "corrections.yml")
    database = copied_seeds.with_name("comments.db")
    shutil.copyfile(seeds_path, database)
    before = dict(query(database, "select id, body from comments order by id"))
    chosen = data.draw(st.lists(st.sampled_from(sorted(map(str, before))), min_size=1, max_size=3, unique=True))
    struck = remove(database, Wanted(comments=tuple(chosen)), "moderator", "2026-11-21", "test", [copied_seeds])
    require_sound(database)
    after = dict(query(database, "select id, body from comments"))
    assert after.keys() == before.keys()
    assert {key for key, body in after.items() if body is None} == set(chosen)
    changed = {key for key, body in after.items() if body not in (None, before[key])}
    assert len(changed) == struck.changed
    proof = prove(
        [database, copied_seeds / "corrections.yml", copied_seeds / "removals.yml"], struck.words, struck.names
    )
    assert proof.findings == ()
    again = built(copied_seeds).read_bytes()
    assert build([copied_seeds], database, corrections_files([copied_seeds])).struck.comments == len(chosen)
    assert database.read_bytes() == again
