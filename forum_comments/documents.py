"""Files and folders become Documents: found, read, named, and put in an order of their own.

Nothing here depends on the order in which a disk lists its files, on the locale or on where a folder lies.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from forum_comments.decoding import ID_DIGITS, decode
from forum_comments.errors import SourceError, unreadable
from forum_comments.files import sha256_of, state_of
from forum_comments.models import Document, DumpDocument, Problem
from forum_comments.readers.dumps import recognise
from forum_comments.records import Dump

CORRECTIONS_FILE = "corrections.yml"
REMOVALS_FILE = "removals.yml"
PAGE_SUFFIXES = (".txt", ".text", ".html", ".htm", "")
PAGE_NAMES = "names that end in .txt, .text, .html or .htm or have no suffix"
DUPLICATE_FILE = "duplicate file"  # a kind of problem
FAULTS_SHOWN = 3  # how many faults the error about a folder without a page lists


@dataclass(frozen=True, slots=True)
class ReadSources:
    """What was read.

    `documents` are the text pages, `dumps` the rest; both are ordered by sha256, each with its own problems.
    `warnings` name the files and folders that were left out and say why. `ids_by_path` gives the document of every
    file that was read, by the file's absolute path; several files with the same bytes have the same document.
    `named` gives the path of every document that was named itself as a source, rather than found in a folder.
    """

    documents: tuple[Document, ...]
    dumps: tuple[DumpDocument, ...]
    warnings: tuple[str, ...]
    ids_by_path: dict[Path, str]
    named: dict[str, Path] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _File:
    """A file that was read; `name_parts` says how many of the last parts of its absolute path name it."""

    path: Path
    name_parts: int
    document: Document | DumpDocument

    def name(self, more_parts: int = 0) -> str:
        return "/".join(_printable(part) for part in self.path.parts[1:][-(self.name_parts + more_parts) :])


def read_documents(sources: Sequence[Path]) -> ReadSources:
    """Read files and folders as documents.

    A file that is named itself is read whatever its suffix; of a folder, regular files with a page's name.
    Names are relative to the source's folder; where two files would have one name, both get as many more of the
    folders above as it takes to tell them apart. A file that is reached twice counts once, under its longer name.

    Raises SourceError where a source that is named itself is no readable text, or a folder holds no page.
    """
    files: dict[Path, _File] = {}
    warnings: set[str] = set()
    named: dict[str, Path] = {}
    for source in sources:
        found, faults = _read_source(source)
        if not _is_folder(source):
            named.update((file.document.id, source) for file in found)
        warnings.update(faults)
        for file in found:
            if file.path not in files or files[file.path].name_parts < file.name_parts:
                files[file.path] = file
    ordered = sorted(files.values(), key=lambda file: (file.name(), os.fsencode(file.path)))
    merged = _merge_duplicates(ordered)
    return ReadSources(
        documents=tuple(document for document in merged if isinstance(document, Document)),
        dumps=tuple(document for document in merged if isinstance(document, DumpDocument)),
        warnings=tuple(sorted(warnings)),
        ids_by_path={file.path: file.document.id for file in ordered},
        named=named,
    )


def corrections_files(sources: Sequence[Path]) -> list[Path]:
    """Give the `corrections.yml` of each source that is a folder and has one, in the order of the sources."""
    files = dict.fromkeys(source / CORRECTIONS_FILE for source in sources if _is_folder(source))
    return [file for file in files if os.path.lexists(file)]


def removals_files(sources: Sequence[Path]) -> list[Path]:
    """Give the `removals.yml` of each source folder and of the folder of each source that is a file, in their order.

    What was removed must not come back because a page was named by itself.
    """
    files = dict.fromkeys((source if _is_folder(source) else source.parent) / REMOVALS_FILE for source in sources)
    return [file for file in files if os.path.lexists(file)]


def _read_source(source: Path) -> tuple[list[_File], list[str]]:
    """Read one source; the second value says what was left out of it."""
    dump = _dump_at(source)
    if dump is not None:
        return [_hash_dump(dump, name_parts=1)], []
    if not _is_folder(source) or _has_page_suffix(source.name):
        return [_read_file(source, name_parts=1)], []
    files: list[_File] = []
    faults: list[str] = []
    for path, fault in _walk(source):
        name_parts = len(path.relative_to(source).parts)
        try:
            is_linked_folder = path.is_symlink() and _is_folder(path)
            if not is_linked_folder and (dump := _dump_at(path)) is not None:
                files.append(_hash_dump(dump, name_parts))
                continue
            if fault is None:
                files.append(_read_file(path, name_parts))
                continue
        except SourceError as error:
            fault = error.what
        faults.append(f"{_printable(path)}: left out: {fault}")
    if not files:
        shown = "".join(f"\n  {fault}" for fault in sorted(faults)[:FAULTS_SHOWN])
        raise SourceError(source, f"this folder holds no page; expected text files with {PAGE_NAMES}{shown}")
    return files, faults


def _walk(folder: Path) -> Iterator[tuple[Path, str | None]]:
    """Give what a folder and the folders in it hold, each with why it is no page, or None where it may be one.

    Hidden entries and the folder's own corrections and removals are passed over.
    """
    waiting = [folder]
    while waiting:
        current = waiting.pop()
        try:
            with os.scandir(current) as listing:
                entries = list(listing)
        except OSError as error:
            yield current, unreadable(error)
            continue
        for entry in entries:
            path = current / entry.name
            if entry.name.startswith(".") or path in (folder / CORRECTIONS_FILE, folder / REMOVALS_FILE):
                continue
            if _is_folder(path) and not entry.is_symlink() and not _has_page_suffix(entry.name):
                if _dump_at(path) is None:
                    waiting.append(path)
                else:
                    yield path, None
            else:
                yield path, _fault_by_name(path, entry.is_symlink())


def _fault_by_name(path: Path, is_link: bool) -> str | None:
    """Say why a folder's entry is no page, as far as that can be told without reading it."""
    if path.name in (CORRECTIONS_FILE, REMOVALS_FILE):
        return f"{path.stem} apply only where their folder is itself named as a source"
    if is_link and _is_folder(path):  # links can lead in a circle
        return "a link to a folder is not followed; name that folder as a source"
    if path.suffix.lower() not in PAGE_SUFFIXES:
        return f"its name ends in {path.suffix}; expected {PAGE_NAMES}"
    return None


def _has_page_suffix(name: str) -> bool:
    suffix = Path(name).suffix.lower()
    return bool(suffix) and suffix in PAGE_SUFFIXES


def _is_folder(path: Path) -> bool:
    try:
        return stat.S_ISDIR(path.stat().st_mode)
    except (OSError, ValueError):
        return False  # whoever reads it says what is wrong


def _read_file(path: Path, name_parts: int) -> _File:
    """Read a file as text. Raises SourceError that says why it is none."""
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            raise SourceError(path, f"a folder, though its name ends in {path.suffix}; expected a text file")
        if not stat.S_ISREG(mode):  # opening a pipe would wait for ever
            raise SourceError(path, "neither a file nor a folder; expected a text file")
        content = path.read_bytes()
        absolute = Path(os.path.realpath(path.parent)) / path.name
    except OSError as error:
        raise SourceError(path, unreadable(error)) from error
    except ValueError as error:  # a NUL in it, or half a surrogate pair
        raise SourceError(path, "no file can have this name") from error
    return _File(absolute, name_parts, decode(path, content))


def _dump_at(path: Path) -> Dump | None:
    """Say which dump a file or folder holds; None where it holds none, or cannot be read: then others say why."""
    try:
        mode = path.stat().st_mode
        return recognise(path) if stat.S_ISREG(mode) or stat.S_ISDIR(mode) else None
    except (OSError, ValueError):
        return None


def _hash_dump(dump: Dump, name_parts: int) -> _File:
    """Name a dump by its content, which is read later, record by record. Raises SourceError where it cannot be."""
    try:
        state = state_of(dump.files)
        digests = {file: sha256_of(file) for file in dump.files}
        absolute = Path(os.path.realpath(dump.path.parent)) / dump.path.name
    except OSError as error:
        raise SourceError(dump.path, unreadable(error)) from error
    if len(digests) == 1:
        (sha256,) = digests.values()
    else:
        lines = sorted(f"{file.name}\0{digest}\n" for file, digest in digests.items())
        sha256 = hashlib.sha256("".join(lines).encode("utf-8", "surrogateescape")).hexdigest()
    return _File(absolute, name_parts, DumpDocument(sha256[:ID_DIGITS], dump.path.name, dump, sha256, state))


def _printable(path: str | Path) -> str:
    r"""Give a path as text that can be stored: bytes that are not UTF-8 as \xNN, whatever the locale."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def _merge_duplicates(files: Sequence[_File]) -> tuple[Document | DumpDocument, ...]:
    """Give each document once, ordered by sha256, under its first name; its other names become a problem."""
    same: dict[str, list[_File]] = {}
    for file in files:
        same.setdefault(file.document.sha256, []).append(file)
    _require_distinct_ids([group[0] for group in same.values()])
    names = _distinct_names(files)
    return tuple(_named(same[sha256], names) for sha256 in sorted(same))


def _named(group: Sequence[_File], names: dict[Path, str]) -> Document | DumpDocument:
    """Name the document of files with the same bytes, with a problem where they are several."""
    document = group[0].document
    problems = document.problems
    if len(group) > 1:
        others = ", ".join(names[file.path] for file in group[1:])
        problems += (Problem(DUPLICATE_FILE, f"the same bytes as {others}", document.id),)
    return replace(document, file_name=names[group[0].path], problems=problems)


def _distinct_names(files: Sequence[_File]) -> dict[Path, str]:
    """Name each file relative to its source, with more of the folders above where two would have one name."""
    names = {file.path: file.name() for file in files}
    more_parts = 0
    clashing = list(files)
    while clashing:
        more_parts += 1
        counts = Counter(names.values())
        clashing = [file for file in clashing if counts[names[file.path]] > 1 and more_parts < len(file.path.parts)]
        names.update((file.path, file.name(more_parts)) for file in clashing)
    return names


def _require_distinct_ids(files: Sequence[_File]) -> None:
    """Refuse two different files whose sha256 begin alike: one id would stand for both."""
    first: dict[str, _File] = {}
    for file in files:
        other = first.setdefault(file.document.id, file)
        if other is not file:
            what = f"has the id {file.document.id} of {other.path}, but other bytes; leave one of the two out"
            raise SourceError(file.path, what)
