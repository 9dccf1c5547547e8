"""Searches the bytes of everything that is published for words and names that were removed.

Files are read as bytes, not as what they are: words in a page of a database that is no longer used are found too, and
so is UTF-16 with Latin letters. Of a database the search index is asked as well, since it holds words one by one.
"""

from __future__ import annotations

import contextlib
import gzip
import lzma
import os
import re
import sqlite3
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from forum_comments.errors import OutputError
from forum_comments.files import SQLITE_HEADER
from forum_comments.removal.finding import NameFinder, WordFinder
from forum_comments.schema import FTS_TABLE

# So much of a file is looked at in one go, and so much of it again with what follows.
CHUNK_BYTES, OVERLAP_BYTES = 1024 * 1024, 4096
UTF16 = (("utf-16-le", 0), ("utf-16-le", 1), ("utf-16-be", 0), ("utf-16-be", 1))
UTF16_LETTERS = re.compile(rb"(?:[A-Za-z]\0){4}|(?:\0[A-Za-z]){4}")
GZIP_HEADER, ZIP_HEADER = b"\x1f\x8b", b"PK\x03\x04"
# What begins so cannot be searched for words: pictures and compressed files of other kinds.
OPAQUE = {
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
    b"%PDF": "a PDF file",
    b"\x28\xb5\x2f\xfd": "compressed with zstd",
    b"BZh": "compressed with bzip2",
    b"\xfd7zXZ": "compressed with xz",
}
# What files raise that are not there or damaged; RuntimeError: a zip file with a password, or packed in another way.
UNSEARCHABLE = (OSError, EOFError, zipfile.BadZipFile, zlib.error, lzma.LZMAError, RuntimeError, sqlite3.Error)
SKIPPED_FOLDERS = frozenset({".git", "__pycache__"})
EXCERPT = 60


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is still there. `place` is a byte offset, or what else leads to it."""

    file: Path
    place: str
    what: str
    where: str = ""  # in a text file, its line

    def __str__(self) -> str:
        """Name place and words."""
        return f"{self.file}, {self.place}: “{self.what}”{f' ({self.where})' if self.where else ''}"


@dataclass(frozen=True, slots=True)
class Proof:
    """What a search found, in how many files and bytes, and what could not be searched."""

    findings: tuple[Finding, ...]
    files: int
    bytes: int
    opaque: tuple[tuple[Path, str], ...]

    def with_findings(self, findings: Iterable[Finding]) -> Proof:
        """Add what was found otherwise."""
        return replace(self, findings=(*self.findings, *findings))


def prove(paths: Iterable[Path], words: WordFinder, names: Sequence[str]) -> Proof:
    """Search files, and folders with all below them. Raises OutputError where one cannot be read."""
    finder = NameFinder({name: name for name in names})
    findings: list[Finding] = []
    opaque: list[tuple[Path, str]] = []
    files = size = 0
    for path in dict.fromkeys(found for each in paths for found in _files(each)):
        try:
            with path.open("rb") as file:
                head = file.read(16)
            files += 1
            size += path.stat().st_size
            kind = next((kind for mark, kind in OPAQUE.items() if head.startswith(mark)), None)
            if kind is not None:
                opaque.append((path, kind))
                continue
            findings += _in_file(path, head, words, finder)
            if head == SQLITE_HEADER:
                findings += _in_database(path, words)
        except UNSEARCHABLE as error:
            raise OutputError(path, f"cannot be searched: {error}") from error
    return Proof(tuple(findings), files, size, tuple(opaque))


def _files(path: Path) -> Iterator[Path]:
    """Give the files of a folder in an order of their own; links are not followed."""
    if not path.is_dir():
        if path.exists() and not path.is_file():  # to open a pipe would wait for ever
            raise OutputError(path, "cannot be searched: it is neither a file nor a folder")
        yield path
        return
    for folder, folders, names in os.walk(path):
        folders[:] = sorted(name for name in folders if name not in SKIPPED_FOLDERS)
        yield from (Path(folder, name) for name in sorted(names) if Path(folder, name).is_file())


def _in_file(path: Path, head: bytes, words: WordFinder, names: NameFinder) -> Iterator[Finding]:
    if head.startswith(ZIP_HEADER):
        with zipfile.ZipFile(path) as archive:
            for member in archive.namelist():
                for finding in _in_chunks(path, _chunks(archive.open(member)), words, names):
                    yield Finding(path, f"{finding.place} of {member}", finding.what, finding.where)
        return
    with gzip.open(path) if head.startswith(GZIP_HEADER) else path.open("rb") as file:
        yield from _in_chunks(path, _chunks(file), words, names)


def _chunks(file: object) -> Iterator[tuple[int, bytes]]:
    """Give the bytes of a file with their offsets; each chunk begins with the end of the one before."""
    offset, kept = 0, b""
    while True:
        read: bytes = file.read(CHUNK_BYTES)  # type: ignore[attr-defined]
        if not read:
            return
        yield offset - len(kept), kept + read
        offset += len(read)
        kept = (kept + read)[-OVERLAP_BYTES:]


def _in_chunks(
    path: Path, chunks: Iterable[tuple[int, bytes]], words: WordFinder, names: NameFinder
) -> Iterator[Finding]:
    seen: set[tuple[str, str]] = set()
    for offset, chunk in chunks:
        for encoding, skipped in (("utf-8", 0), *(UTF16 if UTF16_LETTERS.search(chunk) else ())):
            # Bytes that are no text become one character each, so that a place in the text is near that in the file.
            text = chunk[skipped:].decode(encoding, "replace")
            for stretch in (*words.stretches(text), *names.stretches(text)):
                found = text[stretch.start : stretch.end]
                if (encoding, found) not in seen:
                    seen.add((encoding, found))
                    place = offset + skipped + len(text[: stretch.start].encode(encoding, "replace"))
                    yield Finding(path, f"byte {place}, {encoding}", _excerpt(found), _line(text, stretch.start))


def _line(text: str, position: int) -> str:
    if "\0" in text:
        return ""
    number = text.count("\n", 0, position) + 1
    line = text[text.rfind("\n", 0, position) + 1 :].split("\n", 1)[0].strip()
    return f"line {number}: {_excerpt(line)}"


def _excerpt(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= EXCERPT else f"{plain[: EXCERPT - 2]} …"


def _in_database(path: Path, words: WordFinder) -> Iterator[Finding]:
    """Ask the search index, and whether pages lie in the file that nothing uses."""
    with contextlib.closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)) as connection:
        (free,) = connection.execute("pragma freelist_count").fetchone()
        if free:
            yield Finding(path, "free pages", f"{free} pages that hold what was deleted")
        if not connection.execute("select 1 from sqlite_master where name = ?", (FTS_TABLE,)).fetchone():
            return
        for phrase in words.marks:
            query = '"' + phrase.replace('"', '""') + '"'
            hit = connection.execute(f"select rowid from {FTS_TABLE} where {FTS_TABLE} match ? limit 1", (query,))
            if hit.fetchone():
                yield Finding(path, "search index", _excerpt(phrase))
                return  # one run of words is followed by the next one


def find_text(path: Path, text: str) -> Iterator[Finding]:
    """Find the lines of a text file that hold a text, such as the id of a comment in an example."""
    for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").split("\n"), 1):
        if text in line:
            yield Finding(path, f"line {number}", text, _excerpt(line.strip()))
