"""What several modules do with files: hash one whatever its size, and write one so that it outlasts a power cut."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

HASHED_BYTES = 1 << 20  # read at once


def sha256_of(path: Path) -> str:
    """Give the sha256 of a file in hexadecimal digits."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(HASHED_BYTES):
            digest.update(block)
    return digest.hexdigest()


def write_synced(path: Path, content: bytes) -> None:
    """Write a file, and wait until the disk has it."""
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
