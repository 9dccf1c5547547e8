"""What running commands costs: time, processor time and memory, their children included."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import click

PROCESSES = Path("/proc")
POLL_SECONDS = 0.25
SECONDS_AT_MOST = 3_600  # of one command
KIB_OF_MAXRSS = 1 / 1024 if sys.platform == "darwin" else 1  # macOS counts bytes


class Cost(NamedTuple):
    """Wall and processor time in seconds, and the most memory that was in use at once, in bytes."""

    wall: float
    cpu: float
    peak: int


def cost_of(commands: Sequence[Sequence[str]], folder: Path) -> Cost:
    """Run commands in a folder, one after the other. Raises ClickException where one of them fails."""
    costs = [_cost(command, folder) for command in commands]
    return Cost(sum(c.wall for c in costs), sum(c.cpu for c in costs), max(c.peak for c in costs))


def _cost(command: Sequence[str], folder: Path) -> Cost:
    with tempfile.TemporaryFile() as said:
        began = time.perf_counter()
        process = subprocess.Popen(command, cwd=folder, stdout=said, stderr=subprocess.STDOUT)
        watch = _Watch(process.pid)
        killer = threading.Timer(SECONDS_AT_MOST, process.kill)
        killer.start()
        watch.start()
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        killer.cancel()
        watch.stop()
        if process.returncode != 0:
            said.seek(0)
            what = said.read().decode(errors="replace")
            raise click.ClickException(f"{' '.join(command)} ended with {process.returncode}:\n{what}")
    # The kernel knows the peak of the largest process exactly; that of all together is only looked at now and then.
    peak = max(int(usage.ru_maxrss * KIB_OF_MAXRSS) * 1024, watch.peak)
    return Cost(wall, usage.ru_utime + usage.ru_stime, peak)


class _Watch(threading.Thread):
    """Looks at the memory of a process and its descendants, where the system shows it (Linux)."""

    def __init__(self, process: int) -> None:
        super().__init__(daemon=True)
        self.peak = 0
        self._process = process
        self._ended = threading.Event()

    def run(self) -> None:
        """Look until `stop` is called."""
        while not self._ended.wait(POLL_SECONDS):
            self.peak = max(self.peak, sum(map(_memory, _family(self._process))))

    def stop(self) -> None:
        """End it."""
        self._ended.set()
        self.join()


def _family(process: int) -> list[int]:
    """Give a process and all its descendants."""
    family = [process]
    for member in family:
        family += [int(child) for path in _threads(member) for child in _read(path / "children").split()]
    return family


def _threads(process: int) -> list[Path]:
    try:
        return list((PROCESSES / str(process) / "task").iterdir())
    except OSError:  # it has ended, or this is no Linux
        return []


def _memory(process: int) -> int:
    """Give the bytes of memory of a process; what several share is shared out among them."""
    for line in _read(PROCESSES / str(process) / "smaps_rollup").splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) * 1024
    return 0


def _read(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:
        return ""
