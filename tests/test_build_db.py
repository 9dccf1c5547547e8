"""The command, as its user runs it: in a process of its own, in a folder of the user's own."""

import fcntl
import os
import random
import re
import resource
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner
from making import PROFILE_HEAD, REPLIES_HEAD, REPOSITORY, query, require_whole

from build_db import build, main

PAGE = REPLIES_HEAD + "A comment.\n\n2Neel Nanda1y\nA reply.\n"
GOOD_ENTRY = "{file: page.txt, opening: A comment, author: Bob, reason: r}"
SECONDS_AT_MOST = 600  # of one command; the longest takes half a minute on a machine with nothing else to do
NOISE = random.Random(1).randbytes(401)  # as a compressed file is


def write(path: Path, content: bytes | str = PAGE) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def run(folder: Path, *arguments: str, prepare: Callable[[], None] | None = None) -> "subprocess.CompletedProcess[str]":
    """Run the command in a folder; whatever it says, it is no traceback."""
    done = subprocess.run(
        [sys.executable, str(REPOSITORY / "build_db.py"), *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=SECONDS_AT_MOST,
        preexec_fn=prepare,
    )
    assert "Traceback" not in done.stderr
    return done


def refused(done: "subprocess.CompletedProcess[str]") -> str:
    """Give the error of a build that was refused."""
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("Error: ")
    return done.stderr.removeprefix("Error: ").rstrip("\n")


def test_a_folder_becomes_a_database_and_a_report(tmp_path: Path) -> None:
    write(tmp_path / "pages" / "page.txt")
    write(tmp_path / "pages" / "corrections.yml", f"corrections: [{GOOD_ENTRY}]")
    done = run(tmp_path, "pages", "-o", "out.db")
    assert done.returncode == 0
    assert done.stdout == (
        "out.db: 1 documents, 2 appearances of 2 comments\n"
        "1 replies, 3 authors, 0 comments cut short\n"
        "1 corrections applied, 0 skipped (their files were not read)\n"
        "0 problems (see the table problems)\n"
    )
    assert sorted(path.name for path in tmp_path.iterdir()) == ["inspect-data.json", "out.db", "pages"]
    require_whole(tmp_path / "out.db", tmp_path / "pages")


def test_without_arguments_the_seeds_become_comments_db(tmp_path: Path) -> None:
    (tmp_path / "seeds").symlink_to(REPOSITORY / "seeds")
    done = run(tmp_path)
    assert done.returncode == 0
    assert done.stdout.startswith("comments.db: 5 documents, 77 appearances of 70 comments\n12 replies, ")
    assert (tmp_path / "comments.db").exists()


def test_quiet_says_nothing_but_warnings(tmp_path: Path) -> None:
    write(tmp_path / "pages" / "page.txt")
    assert run(tmp_path, "pages", "--quiet").stderr == ""
    write(tmp_path / "pages" / "empty.txt", "")
    done = run(tmp_path, "pages", "--quiet")
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr == "Warning: pages/empty.txt: left out: empty; expected text\n"


@pytest.mark.parametrize("content", ["corrections: [", "corrections: [{file: page.txt}]"])
def test_no_corrections_reads_none(tmp_path: Path, content: str) -> None:
    write(tmp_path / "pages" / "page.txt")
    write(tmp_path / "pages" / "corrections.yml", content)
    assert run(tmp_path, "pages", "--no-corrections").returncode == 0
    assert query(tmp_path / "comments.db", "select corrections_applied from builds") == [(0,)]


def test_another_corrections_file_takes_the_place_of_the_folder_s_own(tmp_path: Path) -> None:
    write(tmp_path / "pages" / "page.txt")
    write(tmp_path / "pages" / "corrections.yml", "corrections: [")
    write(tmp_path / "mine.yml", f"corrections: [{GOOD_ENTRY.replace('page.txt', 'pages/page.txt')}]")
    assert run(tmp_path, "pages", "--corrections", "mine.yml").returncode == 0
    rows = query(tmp_path / "comments.db", "select kind, value_before, value_after, reason from corrections")
    assert rows == [("author", "Ada Example", "Bob", "r")]


def test_entries_about_files_that_are_not_in_the_run_are_counted(tmp_path: Path) -> None:
    write(tmp_path / "pages" / "page.txt")
    write(tmp_path / "pages" / "corrections.yml", f"corrections: [{GOOD_ENTRY.replace('page', 'other')}]")
    assert "0 corrections applied, 1 skipped (their files were not read)" in run(tmp_path, "pages").stdout


@pytest.mark.parametrize(
    ("arguments", "what"),
    [
        (["--no-corrections", "--corrections", "c.yml"], "--corrections and --no-corrections exclude each other."),
        (["--unknown"], "No such option"),
        (["-o"], "Option '-o' requires an argument."),
        (["--corrections"], "Option '--corrections' requires an argument."),
    ],
)
def test_wrong_use_exits_with_2_and_says_why(arguments: list[str], what: str) -> None:
    done = CliRunner().invoke(main, arguments)
    assert done.exit_code == 2
    assert what in done.output


def test_help_names_every_option() -> None:
    done = CliRunner().invoke(main, ["--help"])
    assert done.exit_code == 0
    for option in ("SOURCES", "-o, --output", "--corrections FILE", "--no-corrections", "--quiet", "comments.db"):
        assert option in done.output


def test_a_page_of_no_known_layout_is_refused_where_it_is_named_and_left_out_whole_of_a_folder(tmp_path: Path) -> None:
    write(tmp_path / "pages" / "one.txt", PAGE.encode())
    prose = write(tmp_path / "pages" / "prose.txt", b"Some notes.\n\nMore notes.\n")
    refused = run(tmp_path, str(prose))
    assert (refused.returncode, refused.stderr) == (
        1,
        f"Error: {prose}: The page is none of those that this program knows: expected a page of LessWrong, the "
        "Alignment Forum, the EA Forum, GreaterWrong or the issarice reader, as text or HTML; --unknown-pages list "
        "reads a text as paragraphs without any head\n",
    )
    done = run(tmp_path, "pages", "--quiet")
    assert done.returncode == 0
    assert done.stderr.startswith("Warning: prose.txt: left out: The page is none of those")
    require_whole(tmp_path / "comments.db", tmp_path / "pages")
    rows = query(
        tmp_path / "comments.db",
        "select format, role, problems.kind from documents join furniture on furniture.document_id = documents.id"
        " join problems on problems.document_id = documents.id where file_name = 'prose.txt'",
    )
    assert rows == [("unread", "unread", "layout not recognised")]


def test_a_page_of_no_known_layout_is_read_as_a_list_where_that_is_asked_or_an_editor_says_so(tmp_path: Path) -> None:
    write(tmp_path / "pages" / "prose.txt", b"Some notes.\n\nMore notes.\n")
    kinds = "select format, count(*) from documents join appearances on document_id = documents.id group by 1"
    assert run(tmp_path, "pages/prose.txt", "--unknown-pages", "list").returncode == 0
    assert [row[0] for row in query(tmp_path / "comments.db", kinds)] == ["list"]
    corrections = b"pages:\n  - {file: prose.txt, layout: list, reason: Its writer says so.}\n"
    write(tmp_path / "pages" / "corrections.yml", corrections)
    assert run(tmp_path, "pages").returncode == 0
    assert [row[0] for row in query(tmp_path / "comments.db", kinds)] == ["list"]


def test_odd_but_sound_text_is_built_without_loss(tmp_path: Path) -> None:
    contents = {
        "bom.txt": b"\xef\xbb\xbf" + PAGE.encode(),
        "crlf.txt": PAGE.replace("\n", "\r\n").encode(),
        "no-break space.txt": PAGE.replace("\n\n", "\n\u00a0\n").encode(),
        "nul.txt": (REPLIES_HEAD + "A comment with\0 one.\n\n\0\0\n").encode(),
        "line separator.txt": (REPLIES_HEAD + "One\u2028two\u2029three\x85four.\n\u2028\n").encode(),
        "emoji.txt": (REPLIES_HEAD + "🙂 👩‍👩‍👧 e\u0301.\n").encode(),
        "utf-16.txt": "\ufeff".encode("utf-16-le") + PAGE.encode("utf-16-le"),
        "no line end.txt": PAGE.rstrip("\n").encode(),
        "blank lines first.txt": ("\n \n\u00a0\n" + PAGE).encode(),
    }
    for name, content in contents.items():
        write(tmp_path / "pages" / name, content)
    done = run(tmp_path, "pages", "--quiet")
    assert (done.returncode, done.stderr) == (0, "")
    require_whole(tmp_path / "comments.db", tmp_path / "pages")
    rows = query(tmp_path / "comments.db", "select file_name from documents order by file_name")
    assert rows == [(name,) for name in sorted(contents)]
    assert query(tmp_path / "comments.db", "select count(*) from comments where instr(body, char(0))") == [(0,)]


@pytest.mark.slow
def test_50_megabytes_on_one_line_are_built(tmp_path: Path) -> None:
    write(tmp_path / "pages" / "line.txt", 10_000_000 * b"word ")
    assert run(tmp_path, "pages", "--quiet", "--unknown-pages", "list").returncode == 0
    rows = query(tmp_path / "comments.db", "select characters, length(body), word_count from documents, comments")
    assert rows == [(50_000_000, 49_999_999, 10_000_000)]


@pytest.mark.parametrize("replies", [5_000, pytest.param(100_000, marks=pytest.mark.slow)])
def test_a_page_of_very_many_paragraphs_is_built(tmp_path: Path, replies: int) -> None:
    write(tmp_path / "pages" / "paragraphs.txt", REPLIES_HEAD + replies * "2Neel Nanda1y\nA reply.\n\n")
    assert run(tmp_path, "pages", "--quiet").returncode == 0
    rows = query(tmp_path / "comments.db", "select count(*), count(distinct id), count(author_id) from comments")
    assert rows == [(replies, replies, replies)]


def test_what_is_strange_but_built_is_a_row_in_problems(tmp_path: Path) -> None:
    write(tmp_path / "pages" / "latin.txt", (REPLIES_HEAD + "The caf").encode() + b"\xe9 was closed.\n")
    write(tmp_path / "pages" / "furniture.txt", PROFILE_HEAD + "Load More\n")
    write(tmp_path / "pages" / "first.txt")
    write(tmp_path / "pages" / "second.txt")
    done = run(tmp_path, "pages", "--quiet")
    assert (done.returncode, done.stderr) == (0, "")
    rows = query(
        tmp_path / "comments.db",
        "select file_name, kind, detail from problems join documents on documents.id = document_id order by 1",
    )
    assert rows == [
        ("first.txt", "duplicate file", "the same bytes as second.txt"),
        ("furniture.txt", "no comments", "The page holds nothing but furniture: no comment was found on it."),
        (
            "latin.txt",
            "undecodable bytes",
            "1 byte is not utf-8, the first at byte offset 48 of 62; shown as U+FFFD",
        ),
    ]
    require_whole(tmp_path / "comments.db", tmp_path / "pages")


UNREADABLE = {
    "empty.txt": (b"", "empty; expected text"),
    "blank.txt": (" \n\u00a0\n".encode(), "blank, it holds white space only; expected text"),
    "noise.txt": (NOISE, "binary or no UTF-8"),
    "utf-16.txt": (PAGE.encode("utf-16-le"), "looks like UTF-16 without a byte order mark"),
    "link.txt": (None, "cannot be read: No such file or directory"),
    "folder.txt": (None, "a folder, though its name ends in .txt; expected a text file"),
}


def make_unreadable(folder: Path) -> None:
    for name, (content, _) in UNREADABLE.items():
        if content is not None:
            write(folder / name, content)
    (folder / "link.txt").symlink_to("nowhere")
    (folder / "folder.txt").mkdir()


def test_what_cannot_be_read_within_a_folder_is_a_warning_and_the_rest_is_built(tmp_path: Path) -> None:
    write(tmp_path / "pages" / "page.txt")
    make_unreadable(tmp_path / "pages")
    done = run(tmp_path, "pages", "--quiet")
    assert done.returncode == 0
    warnings = done.stderr.splitlines()
    assert len(warnings) == len(UNREADABLE)
    for name, (_, what) in UNREADABLE.items():
        assert [w for w in warnings if w.startswith(f"Warning: pages/{name}: left out: {what}")]
    assert query(tmp_path / "comments.db", "select file_name from documents") == [("page.txt",)]


@pytest.mark.parametrize("name", UNREADABLE)
def test_what_cannot_be_read_and_is_named_itself_is_refused(tmp_path: Path, name: str) -> None:
    make_unreadable(write(tmp_path / "page.txt").parent)
    assert refused(run(tmp_path, "page.txt", name, "--quiet")).startswith(f"{name}: {UNREADABLE[name][1]}")
    assert not (tmp_path / "comments.db").exists()


def test_a_folder_with_no_page_is_refused(tmp_path: Path) -> None:
    write(tmp_path / "pages" / "notes.md")
    assert refused(run(tmp_path, "pages", "--quiet")).startswith("pages: this folder holds no page")
    assert refused(run(tmp_path, "--quiet")) == "seeds: cannot be read: No such file or directory"


@pytest.mark.parametrize(
    ("content", "what"),
    [
        ("corrections: [", "is not YAML: while parsing a flow node"),
        ("[]", "expected a mapping with the keys “pages” and “corrections” and no others"),
        ("corrections: [{file: page.txt, opening: A}]", ", entry 1: decides nothing"),
        ("corrections: [{file: page.txt, opening: No such, author: Bob, reason: r}]", ", entry 1: “No such” in page"),
        ("corrections: [{file: page.txt, opening: A, author: Bob, reason: r}]", ", entry 1: “A” in page.txt: 2 para"),
    ],
)
def test_corrections_that_cannot_be_applied_are_refused_and_the_old_database_stays(
    tmp_path: Path, content: str, what: str
) -> None:
    old = build_old(tmp_path)
    write(tmp_path / "pages" / "corrections.yml", content)
    error = refused(run(tmp_path, "pages", "--quiet"))
    assert error.startswith(f"pages/corrections.yml{':' if not what.startswith(',') else ''}")
    assert what in error
    assert (tmp_path / "comments.db").read_bytes() == old


def test_a_corrections_file_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    write(tmp_path / "pages" / "page.txt")
    error = refused(run(tmp_path, "pages", "--quiet", "--corrections", "none.yml"))
    assert error == "none.yml: cannot be read: No such file or directory"
    assert not (tmp_path / "comments.db").exists()


@pytest.mark.parametrize("name", ["corrections.yml", "removals.yml"])
def test_nobody_is_waited_for_who_would_write_into_a_pipe(tmp_path: Path, name: str) -> None:
    write(tmp_path / "pages" / "page.txt")
    os.mkfifo(tmp_path / "pages" / name)
    assert refused(run(tmp_path, "pages", "--quiet")) == f"pages/{name}: is no regular file"


def build_old(folder: Path) -> bytes:
    """Build a database, as it was before, and give its bytes."""
    write(folder / "pages" / "page.txt")
    build([folder / "pages"], folder / "comments.db", [])
    return (folder / "comments.db").read_bytes()


@pytest.mark.parametrize(
    ("output", "what"),
    [
        ("pages", "pages: is a folder; expected the name of a file"),
        ("no/comments.db", "no/comments.db: there is no folder "),
        ("pages/page.txt", "page.txt: is there and no SQLite database; it is not overwritten"),
        ("/dev/null", "/dev/null: is no regular file; expected the name of a file"),
        ("pipe", "pipe: is no regular file; expected the name of a file"),
        ("/proc/comments.db", "/proc/comments.db: cannot be written: "),
    ],
)
def test_an_output_that_cannot_be_written_is_refused(tmp_path: Path, output: str, what: str) -> None:
    write(tmp_path / "pages" / "page.txt")
    os.mkfifo(tmp_path / "pipe")
    assert what in refused(run(tmp_path, "pages", "--quiet", "-o", output))
    assert what in refused(run(tmp_path, "pages", "--quiet", "-o", output, "--update"))
    assert (tmp_path / "pages" / "page.txt").read_text() == PAGE


def test_a_full_disk_leaves_the_old_database_and_no_litter(tmp_path: Path) -> None:
    old = build_old(tmp_path)
    for number in range(40):
        write(tmp_path / "pages" / f"{number}.txt", REPLIES_HEAD + f"Comment {number} of many words.\n" * 200)

    def fill_disk() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (len(old), len(old)))

    assert refused(run(tmp_path, "pages", "--quiet", prepare=fill_disk)).startswith(f"{tmp_path}/comments.db: ")
    assert (tmp_path / "comments.db").read_bytes() == old
    assert sorted(path.name for path in tmp_path.iterdir()) == ["comments.db", "inspect-data.json", "pages"]


def test_a_wal_that_another_program_uses_refuses_the_build(tmp_path: Path) -> None:
    build_old(tmp_path)
    with closing(sqlite3.connect(tmp_path / "comments.db")) as other:
        other.execute("pragma journal_mode = wal")
        other.execute("create table others_own (id)")
        other.commit()
        other.execute("begin immediate")
        error = refused(run(tmp_path, "pages", "--quiet"))
        assert "comments.db-wal" in error
    assert query(tmp_path / "comments.db", "select count(*) from comments") == [(2,)]


def test_a_second_build_of_the_same_file_is_refused(tmp_path: Path) -> None:
    old = build_old(tmp_path)
    with (tmp_path / ".comments.db.building").open("w") as building:
        fcntl.flock(building, fcntl.LOCK_EX)
        error = refused(run(tmp_path, "pages", "--quiet"))
    assert error.startswith(f"{tmp_path}/comments.db: another build is writing it now")
    assert (tmp_path / "comments.db").read_bytes() == old


def test_the_command_needs_no_terminal_and_no_locale(tmp_path: Path) -> None:
    write(tmp_path / "pages" / "naïve 🙂.txt", REPLIES_HEAD + "Ünï – “quoted”.\n")
    write(tmp_path / "pages" / "leer – ü.txt", "")
    done = subprocess.run(
        [sys.executable, str(REPOSITORY / "build_db.py"), "pages"],
        cwd=tmp_path,
        capture_output=True,
        env={"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PATH": os.environ["PATH"]},
        timeout=SECONDS_AT_MOST,
    )
    assert done.returncode == 0
    assert b"Traceback" not in done.stderr
    assert re.search(rb"Warning: pages/leer .*: left out: empty", done.stderr)
