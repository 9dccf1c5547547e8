"""What a build found out, whole: pages, comments, corrections and problems, before they become rows."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from forum_comments.authors import Authors
from forum_comments.corrections import Applied
from forum_comments.corrections_file import CorrectionsFile
from forum_comments.documents import ReadSources
from forum_comments.evaluation import EVALUATION_FILE
from forum_comments.language import MODEL_FILE
from forum_comments.linking import Links
from forum_comments.models import Comment, Page, Problem
from forum_comments.quotation_language import MODEL_FILE as QUOTATION_MODEL_FILE
from forum_comments.removal.lists import RemovalList
from forum_comments.segmentation import Division

# What the program has learnt and measured decides about the database too.
LEARNT_FILES = (MODEL_FILE, QUOTATION_MODEL_FILE, EVALUATION_FILE)
OWNER_UNKNOWN = "The page does not say whose it is: its comments without a head have no author."


def program_sha256() -> str:
    """Hash the program: its own files and what it has learnt and measured."""
    digest = hashlib.sha256()
    folder = Path(__file__).parent
    for file in sorted([*folder.rglob("*.py"), *LEARNT_FILES]):
        digest.update(
            f"{file.relative_to(folder).as_posix()}\0{hashlib.sha256(file.read_bytes()).hexdigest()}\n".encode()
        )
    return digest.hexdigest()


def inputs_of(
    read: ReadSources, decided: Sequence[CorrectionsFile | RemovalList], pseudonym_salt: bytes | None = None
) -> list[tuple[str, str]]:
    """Give name and sha256 of everything that a database is made of; `decided` are the files that people decided in."""
    files = [
        *((file.path.name, file.content) for file in decided),
        *((path.name, path.read_bytes()) for path in LEARNT_FILES),
        *([("pseudonyms", pseudonym_salt)] if pseudonym_salt is not None else []),
    ]
    return [
        *((page.file_name, page.sha256) for page in read.documents),
        *((dump.file_name, dump.sha256) for dump in read.dumps),
        *((name, hashlib.sha256(content).hexdigest()) for name, content in files),
    ]


def sum_of(inputs: Iterable[tuple[str, str]]) -> str:
    """Give one sha256 of all inputs, each with its name, in whatever order."""
    digest = hashlib.sha256()
    for name, sha256 in sorted(inputs):
        digest.update(f"{name}\0{sha256}\n".encode())
    return digest.hexdigest()


@dataclass(frozen=True, slots=True)
class Archive:
    """Everything that the build found out; `pages` are in the order in which their comments stand in `comments`."""

    pages: Sequence[Page]
    divisions: Sequence[Division]  # of each page, as the program found them, before any correction
    comments: Sequence[Comment]  # those that stand on pages
    links: Links  # parents, roots and depths of all comments; those of dumps wait in its spool
    authors: Authors
    applied: Sequence[Applied]
    skipped: int  # correction entries about files that are not in this run
    is_amended: bool  # something is removed, or names are replaced
    inputs: Sequence[tuple[str, str]]  # name and sha256 of every input, for the build's own

    def problems(self) -> list[tuple[str | None, Problem]]:
        """Give every problem with the id of the comment that it is about, in an order of their own."""
        found: list[tuple[str | None, Problem]] = []
        for page in self.pages:
            found += [(None, problem) for problem in (*page.document.problems, *page.problems)]
            if page.owner is None and page.blocks and not page.is_marked:
                found.append((None, Problem("owner unknown", OWNER_UNKNOWN, page.document.id)))
        for dump in self.links.gathered.dumps:
            found += [(None, problem) for problem in dump.problems]
        found += [(None, problem) for problem in self.links.gathered.problems]
        for comment in self.comments:
            found += [(comment.id, problem) for problem in comment.problems]
            found += [(comment.id, problem) for a in comment.appearances for problem in a.problems]
        return sorted(found, key=lambda item: (item[1].document_id or "", item[1].kind, item[1].detail, item[0] or ""))
