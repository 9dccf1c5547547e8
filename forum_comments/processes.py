"""Further processes that all do the same work, each at the other end of a pipe of its own.

Those of the standard library's pools share one pipe. Where one of them is ended in the middle of an answer, as happens
when memory runs short, whoever waits for the answers waits for ever. Here the pipe ends with its process.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import pickle
import signal
import threading
import traceback
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from multiprocessing.connection import Connection, wait
from queue import SimpleQueue
from typing import Any, Generic, TypeVar

Task = TypeVar("Task")
Answer = TypeVar("Answer")

WAITING_TASKS = 3  # for each process: enough to keep it busy, few enough to keep memory flat


class ProcessEndedError(Exception):
    """A further process was ended from outside."""


class _Process(Generic[Task, Answer]):
    """A further process, seen from the one that started it."""

    def __init__(self, work: Callable[[Task], Answer]) -> None:
        # Spawned, not forked: the process that starts it may have threads.
        context = multiprocessing.get_context("spawn")
        self.connection, other_end = context.Pipe()
        self.tasks = 0  # that it was given and has not answered
        self.answers: deque[Answer | Exception] = deque()  # that came and were not asked for yet
        self._process = context.Process(target=_serve, args=(other_end, work), daemon=True)
        with _ctrl_c_waiting():
            self._process.start()
        other_end.close()  # the pipe ends with the process, since nobody else holds that end

    def send(self, task: Task) -> None:
        with _ended_with_its_pipe():
            self.connection.send(task)
        self.tasks += 1

    def receive(self) -> None:
        with _ended_with_its_pipe():
            self.answers.append(self.connection.recv())
        self.tasks -= 1

    def end(self) -> None:
        self.connection.close()
        self._process.kill()
        self._process.join()


@contextlib.contextmanager
def _ended_with_its_pipe() -> Iterator[None]:
    try:
        yield
    except (EOFError, OSError) as error:
        raise ProcessEndedError from error


@contextlib.contextmanager
def _ctrl_c_waiting() -> Iterator[None]:
    """Let Ctrl-C wait until the block ends; processes that it starts never get it.

    A terminal sends it to all processes at once. The one that started the others ends them.
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def done_in_processes(number: int, work: Callable[[Task], Answer], tasks: Iterable[Task]) -> Iterator[Answer]:
    """Do `work` for each of the tasks in so many processes, and give the answers in the order of the tasks.

    Only a few tasks are taken ahead. `work`, tasks and answers are such as can be pickled. Raises what `work` raises,
    and ProcessEndedError where a process is ended from outside. The processes end with the generator, or when the
    process that started them does, even by a signal that cannot be caught.
    """
    processes: list[_Process[Task, Answer]] = []
    ahead: deque[_Process[Task, Answer]] = deque()  # who does each of the tasks that were taken
    try:
        for _ in range(number):
            processes.append(_Process(work))
        for task in tasks:
            _receive(processes, timeout=0)
            least_busy = min(processes, key=lambda process: process.tasks)
            least_busy.send(task)
            ahead.append(least_busy)
            if len(ahead) >= number * WAITING_TASKS:
                yield _answer(ahead.popleft(), processes)
        while ahead:
            yield _answer(ahead.popleft(), processes)
    finally:
        for process in processes:
            process.end()


def _answer(process: _Process[Task, Answer], processes: Iterable[_Process[Task, Answer]]) -> Answer:
    """Wait for the next answer of a process, and take what comes of the others meanwhile."""
    while not process.answers:
        _receive(processes)
    answer = process.answers.popleft()
    if isinstance(answer, Exception):
        raise answer
    return answer


def _receive(processes: Iterable[_Process[Task, Answer]], timeout: float | None = None) -> None:
    by_connection = {process.connection: process for process in processes}
    for connection in wait(by_connection, timeout):
        by_connection[connection].receive()  # type: ignore[index]


def _serve(connection: Connection, work: Callable[[Any], object]) -> None:
    """Be a further process: tasks come and answers go beside the work, so that neither end waits for the other."""
    tasks: SimpleQueue[Any] = SimpleQueue()
    answers: SimpleQueue[bytes] = SimpleQueue()
    threading.Thread(target=_take_tasks, args=(connection, tasks), daemon=True).start()
    threading.Thread(target=_give_answers, args=(connection, answers), daemon=True).start()
    while True:
        task = tasks.get()
        try:
            answer = pickle.dumps(work(task))
        except Exception as error:
            answer = pickle.dumps(error)
        answers.put(answer)


def _take_tasks(connection: Connection, tasks: SimpleQueue[Any]) -> None:
    with _process_ended_after(EOFError, OSError):
        while True:
            tasks.put(connection.recv())


def _give_answers(connection: Connection, answers: SimpleQueue[bytes]) -> None:
    with _process_ended_after(OSError):
        while True:
            connection.send_bytes(answers.get())


@contextlib.contextmanager
def _process_ended_after(*expected: type[Exception]) -> Iterator[None]:
    """Let this process end with the block: its main thread would wait for ever. What is not expected is told first."""
    try:
        yield
    except expected:
        pass  # the process at the other end is gone
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(1)
