import fcntl
import os
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from making import names_in

from forum_comments import replacement as module
from forum_comments.errors import OutputError
from forum_comments.replacement import replacement, resolve_target


def test_the_new_file_takes_the_place_of_the_old_one_when_the_block_ends(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    path.write_bytes(b"old")
    with replacement(path) as building:
        assert building.name == ".a.db.building"
        building.write_bytes(b"new")
        assert path.read_bytes() == b"old"
    assert path.read_bytes() == b"new"
    assert names_in(tmp_path) == ["a.db"]


def test_a_block_that_fails_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    path.write_bytes(b"old")
    with pytest.raises(KeyboardInterrupt), replacement(path) as building:
        building.write_bytes(b"half")
        raise KeyboardInterrupt
    assert path.read_bytes() == b"old"
    assert names_in(tmp_path) == ["a.db"]


def test_the_new_file_has_the_permissions_of_the_old_one_or_those_of_a_new_file(tmp_path: Path) -> None:
    old, new = tmp_path / "old.db", tmp_path / "new.db"
    old.write_bytes(b"")
    old.chmod(0o640)
    umask = os.umask(0o027)
    try:
        for path in (old, new):
            with replacement(path):
                pass
    finally:
        os.umask(umask)
    assert [stat.S_IMODE(path.stat().st_mode) for path in (old, new)] == [0o640, 0o640]


def test_a_leftover_whose_lock_is_free_is_taken_over_from_its_beginning(tmp_path: Path) -> None:
    (tmp_path / ".a.db.building").write_bytes(b"left by a build that was killed")
    with replacement(tmp_path / "a.db") as building:
        assert building.read_bytes() == b""
        building.write_bytes(b"new")
    assert (tmp_path / "a.db").read_bytes() == b"new"
    assert names_in(tmp_path) == ["a.db"]


def test_a_second_build_is_refused_while_the_first_one_runs_and_disturbs_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    with replacement(path) as building:
        building.write_bytes(b"first")
        with pytest.raises(OutputError) as raised, replacement(path):
            pass
        assert building.read_bytes() == b"first"
    assert str(raised.value) == f"{path}: another build is writing it now (it holds {building})"
    assert path.read_bytes() == b"first"
    assert names_in(tmp_path) == ["a.db"]


def test_builds_of_two_files_in_one_folder_do_not_disturb_each_other(tmp_path: Path) -> None:
    with replacement(tmp_path / "a.db") as first, replacement(tmp_path / "b.db") as second:
        first.write_bytes(b"a")
        second.write_bytes(b"b")
    assert [(tmp_path / name).read_bytes() for name in names_in(tmp_path)] == [b"a", b"b"]


def deleted_by_another(building: Path) -> None:
    building.unlink()


def moved_by_another(building: Path) -> None:
    building.replace(building.with_name("a.db"))


def made_anew_by_another(building: Path) -> None:
    building.unlink()
    building.write_bytes(b"left by a third")


@pytest.mark.parametrize("meanwhile", [deleted_by_another, moved_by_another, made_anew_by_another])
def test_a_lock_on_a_file_that_was_moved_or_deleted_meanwhile_does_not_count(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, meanwhile: Callable[[Path], None]
) -> None:
    path = tmp_path / "a.db"
    path.write_bytes(b"old")
    flock = fcntl.flock
    calls = []

    def late_flock(descriptor: int, how: int) -> None:
        calls.append(descriptor)
        if len(calls) == 1:
            meanwhile(tmp_path / ".a.db.building")
        flock(descriptor, how)

    monkeypatch.setattr(module.fcntl, "flock", late_flock)
    with replacement(path) as building:
        assert os.path.samestat(building.stat(), os.fstat(calls[-1]))
        building.write_bytes(b"new")
    assert len(calls) == 2
    assert path.read_bytes() == b"new"
    assert names_in(tmp_path) == ["a.db"]


BUILDER = """
import sys, time
from pathlib import Path
from forum_comments.errors import OutputError
from forum_comments.replacement import replacement
path, mark = Path(sys.argv[1]), sys.argv[2]
done = refused = 0
end = time.monotonic() + float(sys.argv[3])
while time.monotonic() < end or not done:
    try:
        with replacement(path) as building:
            with building.open("a") as file:
                for _ in range(20):
                    file.write(mark)
                    file.flush()
            if done % 3 == 2:
                done += 1
                raise KeyError
            done += 1
    except KeyError:
        pass
    except OutputError:
        refused += 1
print(done, refused)
"""


def test_builders_at_once_never_mix_their_files_and_leave_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    command = [sys.executable, "-c", BUILDER, str(path)]
    builders = [
        subprocess.Popen([*command, mark, "1.5"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for mark in "abc"
    ]
    seen = set()
    while any(builder.poll() is None for builder in builders):
        if path.exists():
            seen.add(path.read_text())
        time.sleep(0.005)
    reports = [builder.communicate() for builder in builders]
    assert [error for _, error in reports] == ["", "", ""]
    assert all(int(output.split()[0]) > 0 for output, _ in reports)
    assert seen | {path.read_text()} <= {mark * 20 for mark in "abc"}
    assert names_in(tmp_path) == ["a.db"]


def test_a_link_stands_for_the_file_that_it_names(tmp_path: Path) -> None:
    real = tmp_path / "data" / "real.db"
    real.parent.mkdir()
    link = tmp_path / "link.db"
    link.symlink_to(Path("data") / "real.db")
    assert resolve_target(link) == real
    real.write_bytes(b"old")
    assert resolve_target(link) == real


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("folder", "is a folder; expected the name of a file"),
        ("folder/..", "is a folder; expected the name of a file"),
        ("missing/a.db", "there is no folder "),
        ("file/a.db", "there is no folder "),
        ("itself", "is no regular file; expected the name of a file"),
        ("pipe", "is no regular file; expected the name of a file"),
        ("nul\0byte", "no file can have this name"),
        ("half \ud83d", "no file can have this name"),
        ("long" * 100, "cannot be written: File name too long"),
    ],
)
def test_a_place_where_no_file_can_stand_is_refused(tmp_path: Path, name: str, what: str) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_bytes(b"")
    (tmp_path / "itself").symlink_to("itself")
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(OutputError) as raised:
        resolve_target(tmp_path / name)
    assert raised.value.path == tmp_path / name
    assert what in raised.value.what


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs a folder that even the superuser cannot write")
def test_a_folder_that_cannot_be_written_is_refused() -> None:
    path = Path("/proc/a.db")
    with pytest.raises(OutputError, match=r"^/proc/a\.db: cannot be written: "), replacement(path):
        pass
    assert not path.exists()


@pytest.mark.parametrize("make", [lambda path: path.mkdir(), lambda path: path.symlink_to("precious")])
def test_something_else_in_the_way_of_the_building_file_is_refused_and_kept(
    tmp_path: Path, make: Callable[[Path], None]
) -> None:
    (tmp_path / "precious").write_bytes(b"mine")
    make(tmp_path / ".a.db.building")
    with pytest.raises(OutputError, match=r"a\.db: cannot be written: "), replacement(tmp_path / "a.db"):
        pass
    assert names_in(tmp_path) == [".a.db.building", "precious"]
    assert (tmp_path / "precious").read_bytes() == b"mine"


def test_a_folder_that_cannot_be_synced_on_its_file_system_is_no_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fsync = os.fsync

    def fsync_of_files(descriptor: int) -> None:
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            raise OSError(22, "Invalid argument")
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", fsync_of_files)
    with replacement(tmp_path / "a.db") as building:
        building.write_bytes(b"new")
    assert (tmp_path / "a.db").read_bytes() == b"new"


def test_a_failure_after_the_move_leaves_the_file_that_another_build_has_begun(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = tmp_path / ".a.db.building"

    def failing_for_folders(descriptor: int) -> None:
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            begun.write_bytes(b"another build")
            raise OSError(5, "Input/output error")

    monkeypatch.setattr(os, "fsync", failing_for_folders)
    with pytest.raises(OutputError, match="Input/output error"), replacement(tmp_path / "a.db") as building:
        building.write_bytes(b"new")
    assert begun.read_bytes() == b"another build"


def test_file_and_folder_are_synced_before_and_after_the_move(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.db"
    synced: list[tuple[str, bool]] = []

    def noted(descriptor: int) -> None:
        is_folder = stat.S_ISDIR(os.fstat(descriptor).st_mode)
        synced.append(("folder" if is_folder else "file", path.exists()))

    monkeypatch.setattr(os, "fsync", noted)
    with replacement(path):
        pass
    assert synced == [("file", False), ("folder", True)]


def test_a_file_that_cannot_be_synced_is_not_moved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(descriptor: int) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(os, "fsync", failing)
    with pytest.raises(OutputError, match="cannot be written: Input/output error"), replacement(tmp_path / "a.db"):
        pass
    assert names_in(tmp_path) == []
