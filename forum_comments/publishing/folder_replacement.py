"""A folder is replaced whole or not at all, by one program at a time.

The new folder is made beside the old one, as `.NAME.building`. Between the two moves that exchange them the old one is
`.NAME.old`, and a program that is killed just then leaves it so: the next one moves it back before it begins. Unix
only, as `flock` is.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from forum_comments.errors import OutputError, as_output_error


@contextlib.contextmanager
def folder_replacement(target: Path, mark: str) -> Iterator[Path]:
    """Give an empty folder beside `target`; put it in its place when the block ends, delete it where that fails.

    A folder that is in the way is replaced only if it is empty or holds a file called `mark`. Raises OutputError where
    it is anything else, where another program is at work beside it, or where the file system refuses.
    """
    path = Path.cwd() / target
    building, old = path.with_name(f".{path.name}.building"), path.with_name(f".{path.name}.old")
    with as_output_error(target):
        path.parent.mkdir(parents=True, exist_ok=True)
    with _locked(target, path.parent):
        with as_output_error(target):
            if old.exists() and not path.exists():
                old.rename(path)
            _require_replaceable(target, path, mark)
            for leftover in (building, old):
                shutil.rmtree(leftover, ignore_errors=True)
            building.mkdir()
        try:
            yield building
            with as_output_error(target):
                _exchange(path, building, old)
        finally:
            shutil.rmtree(building, ignore_errors=True)
            shutil.rmtree(old, ignore_errors=True)


def _require_replaceable(target: Path, path: Path, mark: str) -> None:
    if path.is_symlink() or (path.exists() and not path.is_dir()):
        raise OutputError(target, "is not a folder; expected the name of a folder to write")
    if path.exists() and not (path / mark).exists() and any(path.iterdir()):
        raise OutputError(target, f"holds other things than a published site (no {mark}); name another folder")


def _exchange(path: Path, building: Path, old: Path) -> None:
    if path.exists():
        path.rename(old)
    try:
        building.rename(path)
    except BaseException:
        if old.exists():
            old.rename(path)
        raise


@contextlib.contextmanager
def _locked(target: Path, parent: Path) -> Iterator[None]:
    """Hold the lock of the folder above; whoever holds it may exchange what lies in it."""
    with as_output_error(target):
        descriptor = os.open(parent, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError as error:
        raise OutputError(target, f"another program is writing in {parent} now") from error
    finally:
        os.close(descriptor)
