"""A published folder is replaced whole or not at all."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

import pytest

from forum_comments.errors import OutputError
from forum_comments.publishing.folder_replacement import folder_replacement

MARK = "mark.json"


def write(target: Path, text: str) -> None:
    with folder_replacement(target, MARK) as building:
        (building / MARK).write_text(text)
        (building / "part").mkdir()


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_folder_is_made_where_there_was_none_and_its_parents_too(tmp_path: Path) -> None:
    target = tmp_path / "a" / "b" / "site"
    write(target, "new")
    assert names(target) == [MARK, "part"]
    assert names(target.parent) == ["site"]


def test_what_was_published_before_is_gone_after(tmp_path: Path) -> None:
    target = tmp_path / "site"
    write(target, "old")
    (target / "extra").write_text("")
    write(target, "new")
    assert (target / MARK).read_text() == "new"
    assert names(target) == [MARK, "part"]
    assert names(tmp_path) == ["site"]


def test_a_failure_leaves_the_earlier_folder_and_nothing_beside_it(tmp_path: Path) -> None:
    target = tmp_path / "site"
    write(target, "old")
    with pytest.raises(KeyboardInterrupt), folder_replacement(target, MARK) as building:
        (building / MARK).write_text("half")
        raise KeyboardInterrupt
    assert (target / MARK).read_text() == "old"
    assert names(tmp_path) == ["site"]


def test_a_move_that_fails_brings_the_earlier_folder_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "site"
    write(target, "old")
    rename = Path.rename

    def failing(path: Path, new: Path) -> Path:
        if path.name == ".site.building":
            raise OSError(28, "No space left on device")
        return rename(path, new)

    monkeypatch.setattr(Path, "rename", failing)
    with pytest.raises(OutputError, match="site: cannot be written: No space left on device"):
        write(target, "new")
    assert (target / MARK).read_text() == "old"
    assert names(tmp_path) == ["site"]


def test_a_program_that_was_killed_between_the_two_moves_has_lost_nothing(tmp_path: Path) -> None:
    target = tmp_path / "site"
    write(target, "old")
    target.rename(tmp_path / ".site.old")
    (tmp_path / ".site.building").mkdir()
    with pytest.raises(KeyboardInterrupt), folder_replacement(target, MARK):
        raise KeyboardInterrupt
    assert (target / MARK).read_text() == "old"
    assert names(tmp_path) == ["site"]


def test_a_folder_with_other_things_is_not_touched(tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "thesis.txt").write_text("years of work")
    with pytest.raises(OutputError, match=r"holds other things than a published site \(no mark.json\)"):
        write(tmp_path / "site", "new")
    assert names(tmp_path / "site") == ["thesis.txt"]


def test_an_empty_folder_is_filled(tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    write(tmp_path / "site", "new")
    assert names(tmp_path / "site") == [MARK, "part"]


@pytest.mark.parametrize("kind", ["file", "link"])
def test_a_file_or_a_link_in_the_way_is_not_replaced(tmp_path: Path, kind: str) -> None:
    (tmp_path / "elsewhere").mkdir()
    if kind == "file":
        (tmp_path / "site").write_text("")
    else:
        (tmp_path / "site").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OutputError, match="site: is not a folder; expected the name of a folder to write"):
        write(tmp_path / "site", "new")


def test_two_programs_at_once_exclude_each_other(tmp_path: Path) -> None:
    descriptor = os.open(tmp_path, os.O_RDONLY)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    with pytest.raises(OutputError, match="another program is writing in"):
        write(tmp_path / "site", "new")
    os.close(descriptor)
    write(tmp_path / "site", "new")
