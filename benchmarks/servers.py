"""Datasette as a program of its own on this machine, and clients that ask it."""

from __future__ import annotations

import contextlib
import http.client
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import chain, cycle, islice
from pathlib import Path
from typing import NamedTuple

import click

HOST = "127.0.0.1"
START_SECONDS, REQUEST_SECONDS = 60, 60
CHUNK = 65_536  # bytes of an answer that are read at once


class Answer(NamedTuple):
    """How long an answer took in milliseconds, and its status."""

    milliseconds: float
    status: int


@contextlib.contextmanager
def datasette(arguments: Sequence[str], environment: Mapping[str, str], folder: Path) -> Iterator[int]:
    """Serve with these arguments in a folder, as long as the block lasts; gives the port, which only this machine sees.

    Raises ClickException where the server does not start.
    """
    with contextlib.closing(socket.create_server((HOST, 0))) as free:
        port: int = free.getsockname()[1]
    command = [sys.executable, "-m", "datasette", *arguments, "--host", HOST, "--port", str(port)]
    with tempfile.TemporaryFile() as said:
        server = subprocess.Popen(
            command, cwd=folder, env={**os.environ, **environment}, stdout=said, stderr=subprocess.STDOUT
        )
        try:
            if not _answers(server, port):
                said.seek(0)
                raise click.ClickException(f"{' '.join(command)} does not start:\n{said.read().decode()}")
            yield port
        finally:
            server.kill()
            server.wait()


def _answers(server: subprocess.Popen[bytes], port: int) -> bool:
    """Wait until the server answers; False where it ends or takes too long."""
    end = time.monotonic() + START_SECONDS
    while server.poll() is None and time.monotonic() < end:
        with contextlib.suppress(OSError), contextlib.closing(socket.create_connection((HOST, port), 1)):
            return True
        time.sleep(0.1)
    return False


def ask(port: int, paths: Sequence[str], clients: int, requests: int, seconds: float) -> list[Answer]:
    """Let so many clients ask for these paths in turn, each its share of the requests, for so many seconds at most."""
    end = time.monotonic() + seconds
    shares = [list(islice(cycle(paths), n, n + -(-requests // clients))) for n in range(clients)]
    with ThreadPoolExecutor(clients) as pool:
        return list(chain(*pool.map(lambda share: _ask_in_turn(port, share, end), shares)))


def _ask_in_turn(port: int, paths: Sequence[str], end: float) -> list[Answer]:
    answers: list[Answer] = []
    with contextlib.closing(http.client.HTTPConnection(HOST, port, timeout=REQUEST_SECONDS)) as connection:
        for path in paths:
            if answers and time.monotonic() > end:
                break  # leaving the last answer where it does not end
            start = time.perf_counter()
            connection.request("GET", path)
            response = connection.getresponse()
            while response.read(CHUNK) and time.monotonic() < end:
                pass
            answers.append(Answer(1000 * (time.perf_counter() - start), response.status))
    return answers
