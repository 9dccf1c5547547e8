"""Further processes that prepare records end with the build that started them, and a build says when one was ended."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest
from making import REPOSITORY

from forum_comments import preparing
from forum_comments.errors import BuildError
from forum_comments.preparing import PROCESS_ENDED, prepare_batches
from forum_comments.records import Record

WAITS = """
import os, time
from forum_comments.preparing import BYTES_WORTH_PROCESSES, prepare_batches
from forum_comments.records import Record

os.cpu_count = lambda: 2

def waiting():
    yield "document", [Record(1, "lw", "a", "A comment.")]
    print("started", flush=True)
    time.sleep(60)

list(prepare_batches(waiting(), BYTES_WORTH_PROCESSES, frozenset()))
"""


def test_further_processes_end_when_the_build_is_killed() -> None:
    with subprocess.Popen([sys.executable, "-c", WAITS], cwd=REPOSITORY, stdout=subprocess.PIPE, text=True) as build:
        assert build.stdout is not None
        assert build.stdout.readline() == "started\n"
        build.send_signal(signal.SIGKILL)
        # They hold the other end of this pipe: it is at its end when the last of them is gone.
        assert build.communicate(timeout=30)[0] == ""


def test_that_a_further_process_was_ended_from_outside_is_an_error_of_the_build(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(preparing.os, "cpu_count", lambda: 2)

    def waiting() -> Iterator[tuple[str, list[Record]]]:
        for number in range(1, 100):
            yield "document", [Record(number, "lw", str(number), "A comment.")]
            if number == 2:  # both have been started; none is started any more while they are ended
                for process in multiprocessing.active_children():
                    os.kill(process.pid or os.getpid(), signal.SIGKILL)

    with pytest.raises(BuildError) as raised:
        list(prepare_batches(waiting(), preparing.BYTES_WORTH_PROCESSES, frozenset()))
    assert str(raised.value) == PROCESS_ENDED
