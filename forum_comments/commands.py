"""How a command ends, whatever comes in its way: a line that says why, and an exit code of its own."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import BinaryIO

import click

from forum_comments.errors import BuildError, OutputError, as_output_error

# They would end the program at once, with files left over; the second comes when the terminal is closed.
ENDING_SIGNALS = (signal.SIGTERM, signal.SIGHUP)
SIGNAL_EXIT_CODE = 128  # and the signal's number: what shells say of a program that a signal ended
STANDARD_OUTPUT = Path("standard output")
OUT_OF_MEMORY = "there is not enough memory"


class _Ended(BaseException):
    """A signal asks the program to end. Like KeyboardInterrupt, it is no error."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


@contextlib.contextmanager
def command() -> Iterator[None]:
    """Do what a command does: an error is told on standard error, without a traceback, and the exit code is then 1.

    SIGTERM and SIGHUP end the block as Ctrl-C does, so that what it has begun is undone; the exit code is then 128 and
    the signal's number.
    """
    try:
        with _signals_raised():
            yield
    except BuildError as error:
        _fail(str(error))
    except MemoryError:
        _fail(OUT_OF_MEMORY)
    except BrokenPipeError:
        raise  # whoever read the output wants no more of it: `click` ends with 1
    except OSError as error:  # such as too many open files, wherever that happens
        _fail(str(error))
    except _Ended as ended:
        click.echo(f"Ended by {signal.Signals(ended.number).name}.", err=True)
        sys.exit(SIGNAL_EXIT_CODE + ended.number)


def _fail(what: str) -> None:
    click.echo(f"Error: {what}", err=True)
    sys.exit(1)


@contextlib.contextmanager
def _signals_raised() -> Iterator[None]:
    # `nohup` has one ignored, and that stays.
    numbers = [number for number in ENDING_SIGNALS if signal.getsignal(number) is signal.SIG_DFL]
    for number in numbers:
        signal.signal(number, _end)
    try:
        yield
    finally:
        for number in numbers:
            signal.signal(number, signal.SIG_DFL)


def _end(number: int, _: FrameType | None) -> None:
    for each in ENDING_SIGNALS:  # undoing what was begun is not to be broken off in its turn
        signal.signal(each, signal.SIG_IGN)
    raise _Ended(number)


def say(text: str) -> None:
    """Print a line on standard output; one that nobody reads any more is not missed. Raises OutputError."""
    with contextlib.suppress(BrokenPipeError), _to_standard_output():
        click.echo(text)


@contextlib.contextmanager
def standard_output() -> Iterator[BinaryIO]:
    """Give standard output for bytes.

    Raises OutputError where it cannot take them, BrokenPipeError where nobody reads them any more.
    """
    if sys.stdout is None:
        raise OutputError(STANDARD_OUTPUT, "is closed")
    with _to_standard_output():
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()


@contextlib.contextmanager
def _to_standard_output() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        # What is still waiting to be written would be tried again when the program ends, and fail again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if isinstance(error, BrokenPipeError):
            raise
        with as_output_error(STANDARD_OUTPUT):
            raise
