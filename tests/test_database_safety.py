"""What happens to the old database when a build is killed, meets a full disk or another program, or runs twice."""

import hashlib
import json
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sample_database import sample_rows

from forum_comments.database import write_database
from forum_comments.errors import OutputError
from forum_comments.inspection import INSPECT_FILE

WRITER = Path(__file__).with_name("sample_database.py")
MANY = 4000  # comments; enough for the writing to outlast the start of the program
KILLS = 20


@pytest.fixture
def target(tmp_path: Path) -> Path:
    path = tmp_path / "folder" / "comments.db"
    path.parent.mkdir()
    write_database(path, sample_rows())
    return path


def start_writer(target: Path, count: int, *more: str, **environment: str) -> "subprocess.Popen[str]":
    """Start a program that writes a database, and wait until it begins to."""
    writer = subprocess.Popen(
        [sys.executable, str(WRITER), str(target), str(count), *more],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | environment,
    )
    assert writer.stdout is not None
    assert writer.stdout.readline() == "started\n"
    return writer


def start_waiting_writer(target: Path) -> "subprocess.Popen[str]":
    """Start a program that writes a database, and wait until it waits before the last of many comments."""
    writer = start_writer(target, MANY, "wait")
    assert writer.stdout is not None
    assert writer.stdout.readline() == "waiting\n"
    return writer


def names_beside(target: Path) -> list[str]:
    """Give the files of the target's folder but the counts, which every build leaves there."""
    return sorted(path.name for path in target.parent.iterdir() if path.name != INSPECT_FILE)


def require_true_counts(target: Path) -> None:
    """Check that what lies beside a database for Datasette speaks of this very file, or not at all."""
    beside = target.with_name(INSPECT_FILE)
    entry = json.loads(beside.read_bytes()).get("comments") if beside.exists() else None
    assert entry is None or entry["hash"] == hashlib.sha256(target.read_bytes()).hexdigest()


def count_of(target: Path) -> int:
    with closing(sqlite3.connect(target)) as connection:
        (count,) = connection.execute("select count(*) from comments").fetchone()
        assert connection.execute("pragma integrity_check").fetchall() == [("ok",)]
    return int(count)


def write_twenty(target: Path) -> None:
    """Build anew; what remains beside the target must then be gone."""
    write_database(target, sample_rows(20))
    assert count_of(target) == 20
    assert names_beside(target) == [target.name]


def test_the_same_rows_give_the_same_bytes_wherever_and_whenever(tmp_path: Path) -> None:
    digests = set()
    for number, (seed, locale, zone) in enumerate([("0", "C", "UTC"), ("1", "C.UTF-8", "Asia/Tokyo")]):
        target = tmp_path / f"folder {number}" / f"{'x' * number}.db"
        target.parent.mkdir()
        writer = start_writer(target, 500, PYTHONHASHSEED=seed, LC_ALL=locale, TZ=zone)
        assert writer.communicate() == ("", "")
        digests.add(hashlib.sha256(target.read_bytes()).hexdigest())
    write_database(tmp_path / "here.db", sample_rows(500))
    digests.add(hashlib.sha256((tmp_path / "here.db").read_bytes()).hexdigest())
    assert len(digests) == 1


def test_a_build_over_an_old_database_gives_the_same_bytes_as_one_beside_nothing(target: Path, tmp_path: Path) -> None:
    write_database(target, sample_rows(20))
    write_database(tmp_path / "new.db", sample_rows(20))
    assert target.read_bytes() == (tmp_path / "new.db").read_bytes()


@pytest.mark.slow
def test_a_build_killed_at_any_moment_leaves_the_old_database_and_the_next_one_leaves_no_litter(target: Path) -> None:
    before = target.read_bytes()
    writer = start_writer(target.with_name("other.db"), MANY)
    began = time.monotonic()
    writer.wait()
    duration = time.monotonic() - began
    whole = target.with_name("other.db").read_bytes()
    target.with_name("other.db").unlink()
    moments = random.Random(20)
    kills = 0
    for _ in range(10 * KILLS):
        writer = start_writer(target, MANY)
        began = time.monotonic()
        try:
            writer.wait(duration * (kills + moments.random()) / KILLS)
            duration = time.monotonic() - began  # it was faster than the first one
            before = whole
        except subprocess.TimeoutExpired:
            writer.kill()
            writer.wait()
            kills += 1
        # A kill can fall between the move and the end of the program: then the new database is there, whole.
        assert target.read_bytes() in (before, whole)
        require_true_counts(target)
        if kills % 5 == 4:
            write_twenty(target)
            before = target.read_bytes()
        if kills == KILLS:
            break
    assert kills == KILLS
    write_twenty(target)


def test_a_killed_build_leaves_only_what_the_next_one_takes_over(target: Path) -> None:
    before = target.read_bytes()
    writer = start_waiting_writer(target)
    with pytest.raises(OutputError, match="another build is writing it now"):
        write_database(target, sample_rows(20))
    writer.kill()
    writer.wait()
    assert target.read_bytes() == before
    assert names_beside(target) == [".comments.db.building", "comments.db"]
    write_twenty(target)


def test_ctrl_c_leaves_the_old_database_and_no_litter(target: Path) -> None:
    before = target.read_bytes()
    writer = start_waiting_writer(target)
    writer.send_signal(2)
    _, errors = writer.communicate()
    assert errors.endswith("KeyboardInterrupt\n")
    assert target.read_bytes() == before
    assert names_beside(target) == ["comments.db"]


FULL_DISK = """
import resource, signal, sys
from pathlib import Path
from forum_comments.database import write_database
from forum_comments.errors import OutputError
from forum_comments.inspection import INSPECT_FILE
from sample_database import sample_rows
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), int(sys.argv[2])))
try:
    write_database(Path(sys.argv[1]), sample_rows(4000))
except OutputError as error:
    print(error)
"""


@pytest.mark.parametrize("room", [0, 4096, 100_000, 400_000, 1_000_000, 1_800_000])
def test_a_full_disk_is_an_error_and_leaves_the_old_database(target: Path, room: int) -> None:
    before = target.read_bytes()
    done = subprocess.run(
        [sys.executable, "-c", FULL_DISK, str(target), str(room)],
        capture_output=True,
        text=True,
        env=os.environ | {"PYTHONPATH": str(WRITER.parent)},
    )
    assert done.stderr == ""
    assert done.stdout.startswith(f"{target}: ")
    assert "disk" in done.stdout
    assert target.read_bytes() == before
    assert names_beside(target) == ["comments.db"]


def test_a_wal_that_a_crashed_program_left_is_brought_in_and_does_not_reach_the_new_database(
    target: Path, tmp_path: Path
) -> None:
    old = target
    with closing(sqlite3.connect(old)) as connection:
        connection.execute("pragma journal_mode = wal")
        connection.execute("update comments set title = 'changed later'")
        connection.commit()
        crashed = tmp_path / "crashed"
        shutil.copytree(old.parent, crashed)
    target = crashed / "comments.db"
    assert names_beside(target) == ["comments.db", "comments.db-shm", "comments.db-wal"]
    write_twenty(target)
    with closing(sqlite3.connect(target)) as connection:
        assert connection.execute("select title from comments where id = 'p-2'").fetchall() == [("Comment 2",)]


def test_a_journal_that_a_crashed_program_left_is_rolled_back_before_the_move(target: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(target)) as connection:
        connection.execute("pragma cache_size = 1")  # so that changes reach the file before the commit
        connection.execute("update comments set title = 'never committed', extra = hex(zeroblob(9000))")
        crashed = tmp_path / "crashed"
        shutil.copytree(target.parent, crashed)
    assert names_beside(crashed / "comments.db") == ["comments.db", "comments.db-journal"]
    write_twenty(crashed / "comments.db")


@pytest.fixture
def reader_of_a_wal(target: Path) -> Iterator[sqlite3.Connection]:
    """Give a connection that reads the old database while a `-wal` with changes lies beside it."""
    with closing(sqlite3.connect(target)) as writer, closing(sqlite3.connect(target)) as reader:
        writer.execute("pragma journal_mode = wal")
        reader.execute("begin")
        reader.execute("select count(*) from comments").fetchall()
        writer.execute("update comments set title = 'changed later'")
        writer.commit()
        yield reader


def test_a_wal_in_use_refuses_the_build_until_it_is_closed(target: Path, reader_of_a_wal: sqlite3.Connection) -> None:
    before = target.read_bytes()
    names = names_beside(target)
    rows = sample_rows(20)
    with pytest.raises(OutputError) as raised:
        write_database(target, rows)
    assert len(list(rows["comments"])) == 20  # refused before any work was done
    assert raised.value.what == (
        "comments.db-wal is in use by another program, or left by one; close it and build again"
    )
    assert target.read_bytes() == before
    assert names_beside(target) == names
    assert reader_of_a_wal.execute("select title from comments where id = 'p-2'").fetchall() == [("Comment 2",)]


def test_a_program_that_opens_the_old_database_during_the_build_refuses_the_move(target: Path) -> None:
    with closing(sqlite3.connect(target)) as other:

        def write_elsewhere() -> None:
            other.execute("pragma journal_mode = wal")
            other.execute("update comments set title = 'changed meanwhile'")
            other.commit()

        with pytest.raises(OutputError, match=r"comments\.db-wal is in use"):
            write_database(target, sample_rows(20, write_elsewhere))
        assert count_of(target) == 3
        assert ".comments.db.building" not in names_beside(target)
    write_twenty(target)


def test_an_unfinished_change_by_another_program_refuses_the_build(target: Path) -> None:
    before = target.read_bytes()
    with closing(sqlite3.connect(target)) as other:
        other.execute("update comments set title = 'not yet committed'")
        with pytest.raises(OutputError, match=r"comments\.db-journal is in use by another program"):
            write_database(target, sample_rows(20))
        assert target.read_bytes() == before
        other.rollback()
    write_twenty(target)


def test_a_wal_without_its_database_refuses_the_build(tmp_path: Path) -> None:
    target = tmp_path / "comments.db"
    (tmp_path / "comments.db-wal").write_bytes(b"whose is this?")
    with pytest.raises(OutputError) as raised:
        write_database(target, sample_rows())
    assert raised.value.what == ("comments.db-wal lies there without its database; move it away and build again")
    assert names_beside(target) == ["comments.db-wal"]


def test_a_damaged_old_database_with_a_wal_refuses_the_build(target: Path) -> None:
    garbage = target.read_bytes()[:16] + b"garbage" * 999
    target.write_bytes(garbage)
    target.with_name("comments.db-wal").write_bytes(b"garbage" * 99)
    with pytest.raises(OutputError, match=r"what comments\.db-wal holds cannot be brought into the old database: "):
        write_database(target, sample_rows())
    assert target.read_bytes() == garbage
    assert names_beside(target) == ["comments.db", "comments.db-wal"]


def test_a_wal_of_garbage_beside_a_sound_database_is_cleared_by_sqlite(target: Path) -> None:
    target.with_name("comments.db-wal").write_bytes(b"garbage" * 99)
    write_twenty(target)


def test_a_server_that_only_reads_keeps_the_old_database_until_it_opens_the_new_one(target: Path) -> None:
    with closing(sqlite3.connect(f"{target.as_uri()}?mode=ro", uri=True)) as reader:
        assert reader.execute("select count(*) from comments").fetchall() == [(3,)]
        write_twenty(target)
        assert reader.execute("select count(*) from comments").fetchall() == [(3,)]


def test_a_file_that_is_no_database_is_not_overwritten(tmp_path: Path) -> None:
    page = tmp_path / "page.txt"
    page.write_bytes(b"A comment.\n")
    with pytest.raises(OutputError) as raised:
        write_database(page, sample_rows())
    assert str(raised.value) == f"{page}: is there and no SQLite database; it is not overwritten"
    assert page.read_bytes() == b"A comment.\n"
    assert names_beside(page) == ["page.txt"]


def test_an_empty_file_is_replaced(tmp_path: Path) -> None:
    target = tmp_path / "comments.db"
    target.write_bytes(b"")
    write_twenty(target)


def test_a_link_stays_and_the_file_that_it_names_is_replaced(target: Path, tmp_path: Path) -> None:
    link = tmp_path / "link.db"
    link.symlink_to(target)
    write_database(link, sample_rows(20))
    assert link.is_symlink()
    assert count_of(target) == 20
    assert names_beside(target) == ["comments.db"]
    assert names_beside(link) == ["folder", "link.db"]


@pytest.mark.parametrize(
    "name", [":memory:", "50% of?mode=ro#x.db", 'it\'s "so".db', "-o", "new\nline", os.fsdecode(b"caf\xe9.db")]
)
def test_an_odd_name_is_only_a_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.chdir(tmp_path)
    write_database(Path(name), sample_rows())
    with closing(sqlite3.connect(tmp_path / name)) as connection:
        connection.execute("pragma journal_mode = wal")
        connection.execute("update comments set title = 'changed later'")
        connection.commit()
    write_twenty(tmp_path / name)


def test_a_name_that_leaves_no_room_for_the_building_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="cannot be written: File name too long"):
        write_database(tmp_path / ("x" * 250), sample_rows())
    assert list(tmp_path.iterdir()) == []
