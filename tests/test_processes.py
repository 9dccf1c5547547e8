"""Work is done in further processes, in order, and nobody waits for one that is gone."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
from multiprocessing import connection
from typing import Any

import pytest
from making import HEARS_SIGNALS, REPOSITORY

from forum_comments import processes
from forum_comments.processes import ProcessEndedError, done_in_processes

MORE_THAN_A_PIPE_HOLDS = 50_000_000
WAITS = """
import time
from forum_comments.processes import done_in_processes

def tasks():
    yield 1
    print("started", flush=True)
    time.sleep(60)

if __name__ == "__main__":
    list(done_in_processes(2, bytes, tasks()))
"""


def test_answers_come_in_the_order_of_the_tasks() -> None:
    tasks = [3_000_000, 1, 0, 2_000_000, *range(30)]
    assert [len(answer) for answer in done_in_processes(2, bytes, tasks)] == tasks
    assert multiprocessing.active_children() == []


def test_what_work_raises_is_raised() -> None:
    answers = done_in_processes(2, int, ["1", "2", "no number", "3"])
    assert [next(answers), next(answers)] == [1, 2]
    with pytest.raises(ValueError, match="invalid literal for int"):
        next(answers)
    assert multiprocessing.active_children() == []


def test_an_answer_that_cannot_be_sent_is_an_error() -> None:
    with pytest.raises(TypeError, match="cannot pickle"):
        list(done_in_processes(1, memoryview, [b"cannot be pickled"]))


def test_a_process_that_is_ended_in_the_middle_of_an_answer_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    def ended_when_an_answer_begins(ends: Any, timeout: float | None = None) -> Any:
        ready = connection.wait(ends, timeout)
        for process in multiprocessing.active_children() if ready else []:
            process.kill()
            process.join()
        return ready

    monkeypatch.setattr(processes, "wait", ended_when_an_answer_begins)
    with pytest.raises(ProcessEndedError):
        list(done_in_processes(1, bytes, [MORE_THAN_A_PIPE_HOLDS]))


def test_a_task_for_a_process_that_is_gone_is_an_error() -> None:
    def tasks() -> Any:
        yield 1
        for process in multiprocessing.active_children():
            process.kill()
            process.join()
        yield MORE_THAN_A_PIPE_HOLDS

    with pytest.raises(ProcessEndedError):
        list(done_in_processes(1, bytes, tasks()))


def test_ctrl_c_in_a_terminal_ends_all_processes_and_only_the_first_one_speaks() -> None:
    command = [sys.executable, "-c", HEARS_SIGNALS + WAITS]
    with subprocess.Popen(
        command, cwd=REPOSITORY, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as program:
        assert program.stdout is not None
        assert program.stdout.readline() == "started\n"
        os.killpg(program.pid, signal.SIGINT)
        # The further processes hold the other ends of these pipes: they are at their end when the last one is gone.
        output, errors = program.communicate(timeout=30)
    assert output == ""
    assert errors.count("Traceback") == errors.count("KeyboardInterrupt") == 1
