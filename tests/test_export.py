"""What an archive exports builds the same archive again."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
import sample_html
import sample_pages
from click.testing import CliRunner
from making import REPOSITORY, query

from build_db import build
from forum_comments.export import EXPORTED, WRITERS, export_to, main
from forum_comments.schema import TABLES

# Where a passage stands in which document is not part of an export.
PLACES = {"document_id", "start_offset", "end_offset"}
COMPARED = ("comments", "authors", "posts", "passages", "links")

FORUM = """
{"_id": "aaaaaaaaaaaaaaaaa", "postId": "ppppppppppppppppp", "userId": "uuuuuuuuuuuuuuuuu", "user":\
 {"displayName": "Ada"}, "postedAt": "2020-01-02T03:04:05.000Z", "baseScore": 3, "af": true, "contents": {"html":\
 "<p>One <a href='https://example.com/a'>link</a>.</p><blockquote>Said.</blockquote><ol start='2'><li>a<li>b</ol>\
<pre>c\\n d</pre>"},\
 "post": {"_id": "ppppppppppppppppp", "title": "On a"}}
{"_id": "bbbbbbbbbbbbbbbbb", "postId": "ppppppppppppppppp", "parentCommentId": "aaaaaaaaaaaaaaaaa", "postedAt":\
 "2020-01-03T03:04:05.000Z", "contents": null, "deleted": true, "user": null}
{"_id": "ccccccccccccccccc", "postId": "ppppppppppppppppp", "parentCommentId": "not in the data", "userId": "vvv",\
 "user": {"displayName": "Ada"}, "postedAt": "2021", "contents": {"markdown": "=1+1, \\"so\\"\\r\\n\\r\\n\u00e9"}}
"""
OTHERS = """
{"id": "p-0123456789ab", "source": "page", "author": "Ada", "author_id": "ada-uuuuuuuuuuuuuuuuu", "body": "Own words.",\
 "passages": [{"kind": "paragraph", "text": "Said.", "is_quotation": true, "quotation_basis": "same words",\
 "quotation_confidence": 0.75, "quoted_comment_id": "lw-aaaaaaaaaaaaaaaaa"}, {"kind": "paragraph", "text":\
 "Own words.", "quotation_basis": "language", "quotation_confidence": 0.25}],\
 "author_basis": "inferred", "author_confidence": 0.5,\
 "is_truncated": true, "age": "1y", "parent_id": "lw-aaaaaaaaaaaaaaaaa", "parent_basis": "page layout",\
 "parent_confidence": 0.5, "score_text": "Ada12"}
{"id": 1, "source": "lw", "parent_id": "p-0123456789ab", "body": "Yes.", "author_basis": "correction"}
{"id": "1.a/b", "author": "Zoë Q", "bio": "Writes.", "parent_id": 1, "body": "No.", "colour": {"of": ["red", 1.5]}}
{"id": "x", "author": "Zoë Q", "body": "> No.\\n\\nNo?", "post_id": "7", "post_url": "https://example.com/7",\
 "thread_id": 8, "url": "https://example.com/7#x", "edited_at": "2020-02-03", "karma": -1, "af_karma": 2,\
 "agreement": 0, "status": "retracted"}
{"author": "Nobody's", "author_id": "n", "born": 1990}
{"id": 3, "source": "lw", "author": "Cy", "author_id": "cy", "author_source": "page", "bio": "Reads.", "body": "So.",\
 "post_id": "title-0123456789ab", "post_title": "On b"}
"""


def compared_rows(database: Path) -> dict[str, list[tuple[object, ...]]]:
    rows = {}
    for table in COMPARED:
        columns = ", ".join(column for column in TABLES[table].columns if column not in PLACES)
        rows[table] = query(database, f"select {columns} from {table} order by 1, 2")
    return rows


def exported(database: Path, form: str, folder: Path) -> Path:
    path = folder / f"archive of {form}"
    done = CliRunner().invoke(main, [str(database), "-o", str(path), "--format", form])
    assert (done.exit_code, done.output) == (0, "")
    return path


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give an archive of dumps in which there is everything that an export can hold."""
    folder = tmp_path_factory.mktemp("made")
    (folder / "forum").write_text(FORUM.strip(), encoding="utf-8")
    (folder / "others").write_text(OTHERS.strip(), encoding="utf-8")
    build([folder / "forum", folder / "others"], folder / "made.db", [])
    return folder / "made.db"


@pytest.mark.parametrize("form", WRITERS)
def test_pages_exported_and_built_again_are_the_same(seeds_path: Path, tmp_path: Path, form: str) -> None:
    build([exported(seeds_path, form, tmp_path)], tmp_path / "again.db", [])
    rows = compared_rows(seeds_path)
    assert all(rows[table] for table in COMPARED if table != "posts")
    assert compared_rows(tmp_path / "again.db") == rows


@pytest.mark.parametrize("form", WRITERS)
def test_pages_of_every_family_exported_and_built_again_are_the_same(tmp_path: Path, form: str) -> None:
    """They name comments by ids and their authors without, posts by titles, and times to the minute."""
    (tmp_path / "pages").mkdir()
    for module, suffix in ((sample_pages, "txt"), (sample_html, "html")):
        for name, text in vars(module).items():
            if name.isupper() and isinstance(text, str):
                (tmp_path / "pages" / f"{name}.{suffix}").write_text(text, encoding="utf-8")
    build([tmp_path / "pages"], tmp_path / "pages.db", [])
    first = exported(tmp_path / "pages.db", form, tmp_path)
    build([first], tmp_path / "again.db", [])
    content = first.read_bytes()
    again = exported(tmp_path / "again.db", form, tmp_path).read_bytes()
    assert sorted(again.splitlines()) == sorted(content.splitlines())
    rows = compared_rows(tmp_path / "pages.db")
    assert all(rows.values())
    assert compared_rows(tmp_path / "again.db") == rows


@pytest.mark.parametrize("form", WRITERS)
def test_an_archive_with_pseudonyms_is_exported_and_built_again_with_them(
    made: Path, tmp_path: Path, form: str
) -> None:
    build([made.parent / "forum", made.parent / "others"], tmp_path / "a.db", [], pseudonym_salt=bytes(32))
    build([exported(tmp_path / "a.db", form, tmp_path)], tmp_path / "again.db", [])
    assert compared_rows(tmp_path / "again.db") == compared_rows(tmp_path / "a.db")


@pytest.mark.parametrize("form", WRITERS)
def test_dumps_exported_and_built_again_are_the_same(made: Path, tmp_path: Path, form: str) -> None:
    build([exported(made, form, tmp_path)], tmp_path / "again.db", [])
    rows = compared_rows(made)
    assert all(rows.values())
    assert compared_rows(tmp_path / "again.db") == rows


def test_what_is_exported_is_exported_again_byte_for_byte(made: Path, tmp_path: Path) -> None:
    first = exported(made, "jsonl", tmp_path).read_bytes()
    (tmp_path / "first").write_bytes(first)
    build([tmp_path / "first"], tmp_path / "again.db", [])
    assert exported(tmp_path / "again.db", "jsonl", tmp_path).read_bytes() == first


def test_rows_say_what_is_known_and_nothing_else(made: Path, tmp_path: Path) -> None:
    rows = [json.loads(line) for line in exported(made, "jsonl", tmp_path).read_text(encoding="utf-8").splitlines()]
    (reply,) = (row for row in rows if row.get("id") == "1")
    assert reply == {
        "id": "1",
        "source": "lw",
        "parent_id": "p-0123456789ab",
        "body": "Yes.",
        "passages": [{"kind": "paragraph", "text": "Yes."}],
        "author_basis": "correction",
        "parent_basis": "source",
        "parent_confidence": 1.0,
    }
    assert set().union(*rows) == set(EXPORTED) - {"markup"}  # a body that is exported has none left


def test_a_comment_that_is_quoted_and_not_in_the_data_is_left_out_and_reported(tmp_path: Path) -> None:
    passage = {"kind": "paragraph", "text": "b", "is_quotation": True, "quoted_comment_id": "lw-gone"}
    (tmp_path / "a").write_text(json.dumps({"id": 1, "body": "b", "passages": [passage]}))
    build([tmp_path / "a"], tmp_path / "a.db", [])
    assert query(tmp_path / "a.db", "select is_quotation, quoted_comment_id from passages") == [(1, None)]
    assert query(tmp_path / "a.db", "select kind, detail from problems") == [
        (
            "quoted comment not in the data",
            "Its source says that it quotes lw-gone, which is not in the data; that was left out.",
        )
    ]


def test_standard_output_is_utf8_whatever_the_locale(made: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "forum_comments.export", str(made)]
    environment = {**os.environ, "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii"}
    done = subprocess.run(command, cwd=REPOSITORY, env=environment, capture_output=True, check=True)
    assert done.stdout == exported(made, "jsonl", tmp_path).read_bytes()


def test_what_is_no_archive_is_refused_and_nothing_is_written(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("no database at all, whatever it is called")
    with closing(sqlite3.connect(tmp_path / "other.db")) as connection:
        connection.execute("create table comments (id)")
    expected = {
        "missing.db": "no such file; expected a database that build_db.py wrote",
        "text": "no archive that this version reads: file is not a database; build it again",
        "other.db": "no archive that this version reads: no such table: accounts; build it again",
    }
    for name, what in expected.items():
        done = CliRunner().invoke(main, [str(tmp_path / name), "-o", str(tmp_path / "out")])
        assert (done.exit_code, done.output) == (1, f"Error: {tmp_path / name}: {what}\n")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["other.db", "text"]


def test_a_file_that_cannot_be_written_is_named(made: Path, tmp_path: Path) -> None:
    output = tmp_path / "missing" / "out"
    done = CliRunner().invoke(main, [str(made), "-o", str(output)])
    assert (done.exit_code, done.output) == (1, f"Error: {output}: there is no folder {output.parent}\n")


def test_an_export_takes_the_place_of_no_database_and_of_no_device(made: Path, tmp_path: Path) -> None:
    database, device = tmp_path / "archive.db", tmp_path / "device"
    shutil.copy(made, database)
    os.mkfifo(device)
    expected = {
        database: "is a database; it is not overwritten",
        device: "is no regular file; expected the name of a file",
    }
    for output, what in expected.items():
        done = CliRunner().invoke(main, [str(database), "-o", str(output)])
        assert (done.exit_code, done.output) == (1, f"Error: {output}: {what}\n")
    assert database.read_bytes() == made.read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["archive.db", "device"]


def test_an_export_through_a_link_replaces_the_file_that_it_names(made: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("real")
    (tmp_path / "real").write_text("an older export")
    export_to(tmp_path / "link", made, "jsonl")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_bytes() == exported(made, "jsonl", tmp_path).read_bytes()


@pytest.mark.parametrize("form", ["jsonl", "csv"])
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_standard_output_is_an_error(made: Path, form: str) -> None:
    command = [sys.executable, "-m", "forum_comments.export", str(made), "--format", form]
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(command, cwd=REPOSITORY, stdout=full, stderr=subprocess.PIPE, text=True)
    expected = "Error: standard output: cannot be written: No space left on device\n"
    assert (done.returncode, done.stderr) == (1, expected)


def test_every_column_of_a_comment_is_exported_or_made_from_those_that_are(made: Path) -> None:
    filled = {
        column
        for column in TABLES["comments"].columns
        if query(made, f"select 1 from comments where {column} is not null and not is_placeholder limit 1")
    }
    assert filled == set(TABLES["comments"].columns)
