"""A file is replaced whole or not at all, by one program at a time, and outlasts a power cut once it is there.

The new file is written beside the old one, as `.NAME.building`, which is also the lock: whoever holds an
exclusive `flock` on it may write it. The lock goes with the process, so a leftover whose lock is free belongs to
a build that was killed; the next build takes it over. Nothing else is ever left behind. Unix only, as `flock`
is.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import stat
from collections.abc import Iterator
from pathlib import Path

from forum_comments.errors import OutputError, as_output_error

BUILDING_SUFFIX = ".building"  # not .db: a server of the folder must not pick the unfinished file up
NEW_FILE_MODE = 0o666  # less the umask, as for any new file


def resolve_target(target: Path) -> Path:
    """Give the absolute path that a target stands for; where it is a link, the file that the link names.

    Raises OutputError unless a file can stand there: its folder exists, and nothing but a file is in the way.
    """
    try:
        path = Path(os.path.realpath(target))
        if not path.parent.is_dir():
            raise OutputError(target, f"there is no folder {path.parent}")
        found = path.lstat()
    except FileNotFoundError:
        return path
    except OSError as error:
        raise OutputError(target, f"cannot be written: {error.strerror or error}") from error
    except ValueError as error:  # a NUL in it, or half a surrogate pair
        raise OutputError(target, "no file can have this name") from error
    if stat.S_ISDIR(found.st_mode):
        raise OutputError(target, "is a folder; expected the name of a file")
    if not stat.S_ISREG(found.st_mode):  # a device, or a link that leads back to itself
        raise OutputError(target, "is no regular file; expected the name of a file")
    return path


@contextlib.contextmanager
def replacement(path: Path) -> Iterator[Path]:
    """Lock and give an empty file beside `path`; move it there when the block ends, delete it when that fails.

    The new file keeps the permissions of the one that it replaces. `path` comes from `resolve_target`. Raises
    OutputError where the file cannot be made, is locked by another build, or cannot be moved.
    """
    with _working_file(path) as (building, lock):
        with as_output_error(path):
            if path.exists():
                os.fchmod(lock, stat.S_IMODE(path.stat().st_mode))
        yield building
        with as_output_error(path):
            os.fsync(lock)
            building.replace(path)
            _sync_folder(path.parent)


@contextlib.contextmanager
def working_file(path: Path) -> Iterator[Path]:
    """Lock and give an empty file beside `path`, as for `replacement`; delete it when the block ends."""
    with _working_file(path) as (building, _):
        yield building


@contextlib.contextmanager
def _working_file(path: Path) -> Iterator[tuple[Path, int]]:
    building = path.with_name(f".{path.name}{BUILDING_SUFFIX}")
    with as_output_error(path):
        lock = _lock(path, building)
    try:
        with as_output_error(path):
            os.ftruncate(lock, 0)
        yield building, lock
    finally:  # after Ctrl-C too
        if _is_open_file(lock, building):
            building.unlink()
        os.close(lock)


def _lock(path: Path, building: Path) -> int:
    """Open and lock the file that is being built. Raises OutputError where another build holds it."""
    while True:
        lock = os.open(building, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, NEW_FILE_MODE)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            os.close(lock)
            raise OutputError(path, f"another build is writing it now (it holds {building})") from error
        except BaseException:
            os.close(lock)
            raise
        # Between opening and locking, another build may have moved or deleted the file: then what is locked is
        # no longer what lies there.
        if _is_open_file(lock, building):
            return lock
        os.close(lock)


def _is_open_file(descriptor: int, path: Path) -> bool:
    """Say whether a path names the file that a descriptor has open."""
    try:
        return os.path.samestat(os.fstat(descriptor), path.lstat())
    except FileNotFoundError:
        return False


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno != errno.EINVAL:  # some network file systems cannot sync a folder
            raise
    finally:
        os.close(descriptor)
