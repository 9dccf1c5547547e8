"""How commands end: by a line that says why, an exit code, and nothing half done, whatever comes in their way."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from making import HEARS_SIGNALS, REPLIES_HEAD, REPOSITORY, query

from build_db import build
from forum_comments.commands import command
from forum_comments.errors import SourceError

SECONDS = 60
BEGINS_AND_WAITS = """
import sys, time
from forum_comments.commands import command

with command():
    try:
        print("begun", flush=True)
        time.sleep(60)
    finally:
        time.sleep(0.2 if "slowly" in sys.argv else 0)
        print("undone", flush=True)
"""
# The program of the file that is named first, which stops when rows are about to be written.
STOPS_AT_THE_ROWS = """
import sys, time
import build_db

def chunks_of(archive):
    print("begun", flush=True)
    time.sleep(60)

build_db.chunks_of = chunks_of
program = __import__(sys.argv[1])
sys.argv = sys.argv[1:]
program.main()
"""


def begun(code: str, *arguments: str, folder: Path | None = None) -> subprocess.Popen[str]:
    """Start a program, and wait until it says that it has begun."""
    program = subprocess.Popen(
        [sys.executable, "-c", HEARS_SIGNALS + code, *arguments],
        cwd=folder or REPOSITORY,
        env=os.environ | {"PYTHONPATH": str(REPOSITORY)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert program.stdout is not None
    assert program.stdout.readline() == "begun\n"
    return program


@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP"])
def test_a_signal_that_asks_a_program_to_end_lets_it_undo_what_it_began(name: str) -> None:
    number = signal.Signals[name]
    program = begun(BEGINS_AND_WAITS)
    program.send_signal(number)
    assert program.communicate(timeout=SECONDS) == ("undone\n", f"Ended by {name}.\n")
    assert program.returncode == 128 + number


def test_a_second_signal_does_not_break_off_what_the_first_one_began() -> None:
    program = begun(BEGINS_AND_WAITS, "slowly")
    for _ in range(5):
        program.send_signal(signal.SIGTERM)
    assert program.communicate(timeout=SECONDS) == ("undone\n", "Ended by SIGTERM.\n")


def test_who_asked_not_to_be_ended_with_the_terminal_is_not() -> None:
    code = (
        "import os, signal; from forum_comments.commands import command\n"
        "signal.signal(signal.SIGHUP, signal.SIG_IGN)\n"  # as `nohup` does
        "with command(): os.kill(os.getpid(), signal.SIGHUP)\n"
        "print('still here')"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=REPOSITORY, capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, "still here\n", "")


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    """Give a folder with a page, a file that is left out, and a database beside it."""
    folder = tmp_path / "pages"
    folder.mkdir()
    (folder / "page.txt").write_text(REPLIES_HEAD + "A comment of more than a few words.\n", encoding="utf-8")
    (folder / "notes.md").write_text("No page.\n")
    build([folder], tmp_path / "comments.db", [])
    return folder


def everything_in(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize(
    ("program", "arguments"),
    [
        ("build_db", ["pages"]),
        ("remove", ["{comment}", "--by", "author", "--source", "pages"]),
    ],
)
def test_a_program_that_is_ended_leaves_all_as_it_was(
    pages: Path, tmp_path: Path, program: str, arguments: list[str]
) -> None:
    ((comment,),) = query(tmp_path / "comments.db", "select id from comments")
    before = everything_in(tmp_path)
    named = [argument.format(comment=comment) for argument in arguments]
    running = begun(STOPS_AT_THE_ROWS, program, *named, folder=tmp_path)
    running.terminate()
    _, errors = running.communicate(timeout=SECONDS)
    assert (running.returncode, errors) == (143, "Ended by SIGTERM.\n")
    assert everything_in(tmp_path) == before


def build_with(folder: Path, ends: str) -> subprocess.CompletedProcess[str]:
    """Build with a shell's redirections."""
    words = f'exec "$0" "$1" pages -o new.db {ends}'
    return subprocess.run(
        ["sh", "-c", words, sys.executable, str(REPOSITORY / "build_db.py")],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=SECONDS,
    )


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_report_that_cannot_be_written_is_an_error_of_one_line(pages: Path) -> None:
    done = build_with(pages.parent, ">/dev/full")
    expected = "Error: standard output: cannot be written: No space left on device\n"
    assert (done.returncode, done.stderr) == (1, expected)


def test_a_program_without_standard_output_and_error_builds(pages: Path) -> None:
    done = build_with(pages.parent, ">&- 2>&-")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert query(pages.parent / "new.db", "select count(*) from comments") == [(1,)]


def test_what_nobody_reads_is_not_missed_and_warnings_are_told_all_the_same(pages: Path) -> None:
    read_end, write_end = os.pipe()
    os.close(read_end)
    done = subprocess.run(
        [sys.executable, str(REPOSITORY / "build_db.py"), "pages", "-o", "new.db"],
        cwd=pages.parent,
        stdout=write_end,
        stderr=subprocess.PIPE,
        text=True,
    )
    os.close(write_end)
    assert done.returncode == 0
    assert done.stderr.startswith("Warning: pages/notes.md: left out: ")


def ended(error: Callable[[], None]) -> tuple[int, str]:
    @click.command()
    def main() -> None:
        with command():
            error()

    done = CliRunner().invoke(main)
    return done.exit_code, done.output


def raises(error: BaseException) -> Callable[[], None]:
    def fail() -> None:
        raise error

    return fail


def test_errors_of_the_machine_are_told_in_one_line() -> None:
    assert ended(raises(SourceError(Path("page.txt"), "blank"))) == (1, "Error: page.txt: blank\n")
    assert ended(raises(MemoryError())) == (1, "Error: there is not enough memory\n")
    assert ended(raises(OSError(24, "Too many open files"))) == (1, "Error: [Errno 24] Too many open files\n")


def test_the_signals_are_as_they_were_after_a_command() -> None:
    before = [signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGHUP)]
    assert ended(lambda: None) == (0, "")
    assert [signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGHUP)] == before
