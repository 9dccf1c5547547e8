"""What a database already holds of documents that did not change, so that an update does not read them again.

A dump's records come back as they were prepared: from the comment's row, what the record said otherwise
(`appearances.differs`) and the passages. A page comes back as the program divided it.
"""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

from forum_comments.archive import program_sha256
from forum_comments.documents import DUPLICATE_FILE, ReadSources
from forum_comments.dump_rows import FOUND_TOGETHER, QUOTED_UNKNOWN
from forum_comments.errors import OutputError
from forum_comments.files import open_to_read
from forum_comments.merging import CERTAINTIES, DIFFERING, PRINTED
from forum_comments.models import Problem
from forum_comments.reconcile import AUTHORS_DIFFER, PARENTS_DIFFER
from forum_comments.record_ids import TITLE_PREFIX, id_in
from forum_comments.record_rows import Identity, Prepared, prepared
from forum_comments.records import BodyPassage, Person, Post
from forum_comments.segmentation import KnownDivision, division_of_json
from forum_comments.stated import DATES_DIFFER

# Problems of a record's comment that are no problems of the record: an update finds them again, or not any more.
FOUND_ANEW = FOUND_TOGETHER | {AUTHORS_DIFFER, PARENTS_DIFFER, DATES_DIFFER}
RECORDS = f"""
    select
        a.record_number, a.is_truncated, {", ".join(f"a.{column}" for column in PRINTED)}, a.differs,
        c.id, c.parent_id, {", ".join(f"c.{column}" for column in DIFFERING)},
        accounts.source as author_source, accounts.source_id as author_source_id
    from appearances as a
    join comments as c on c.id = a.comment_id
    left join accounts on accounts.author_id = c.author_id
    where a.document_id = :id and a.record_number is not null
    order by a.record_number
"""
PASSAGES = """
    select
        kind, text, is_quotation, quotation_basis, quotation_confidence,
        iif(quotation_basis = 'source' and quoted_comment_id = :parent_id, null, quoted_comment_id), label
    from passages where comment_id = :id order by position
"""
LINKS = "select url from links where comment_id = :id order by position"
PROBLEMS = "select kind, detail, comment_id from problems where document_id = :id order by id"
DIVISIONS = "select id, division from documents where division is not null"
# What a source says that a comment quotes is not kept where it was not in the data: such dumps are read again.
DUMPS = f"""
    select id from documents where division is null
    and id not in (select document_id from problems where kind = '{QUOTED_UNKNOWN}')
"""
PEOPLE = """
    select source, source_id, name, bio, extra from accounts join authors on authors.id = author_id where is_listed
"""
# Without those that pages alone know, by their titles: which of them there are, the pages of this run say.
POSTS = """
    select id, title, url, extra from posts
    where substr(id, 1, :length) != :prefix or url is not null or extra is not null or exists (
        select 1 from comments join appearances on comment_id = comments.id
        where post_id = posts.id and record_number is not null
    )
"""


@dataclass(slots=True)
class Stored:
    """A database that an update goes on from; empty where there is none, or another program made it."""

    database: Path | None = None
    divisions: Mapping[str, KnownDivision] = field(default_factory=dict)  # by document
    dumps: frozenset[str] = frozenset()  # documents

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        """Open the database. Raises OutputError where what is read in the block cannot be."""
        path = cast(Path, self.database)
        try:
            with closing(_open(path)) as connection:
                yield connection
        except (sqlite3.Error, ValueError) as error:
            raise OutputError(path, f"cannot be read ({error}); build it anew, without --update") from error

    def records(self, document_id: str) -> Iterator[Prepared]:
        """Give the records of a dump, as they were prepared when it was read."""
        with self._reading() as connection:
            problems = defaultdict(list)
            for kind, detail, comment_id in connection.execute(PROBLEMS, {"id": document_id}):
                if comment_id is not None and kind not in FOUND_ANEW:
                    problems[comment_id].append((kind, detail))
            for row in connection.execute(RECORDS, {"id": document_id}):
                yield _record(connection, row, document_id, problems.pop(row["id"], []))

    def problems(self, document_id: str) -> list[Problem]:
        """Give what could not be read of a dump."""
        with self._reading() as connection:
            found = connection.execute(PROBLEMS, {"id": document_id}).fetchall()
        return [
            Problem(kind, detail, document_id)
            for kind, detail, comment_id in found
            if comment_id is None and kind != DUPLICATE_FILE  # which is of the files of this run
        ]

    def people(self) -> Iterator[Person]:
        """Give the accounts that dumps of people list."""
        with self._reading() as connection:
            for source, source_id, name, bio, extra in connection.execute(PEOPLE):
                yield Person(source, source_id, name, bio, json.loads(extra) if extra else {})

    def posts(self) -> Iterator[tuple[str, Post]]:
        """Give the posts with their ids."""
        prefix = f"{TITLE_PREFIX}-"
        with self._reading() as connection:
            for post_id, title, url, extra in connection.execute(POSTS, {"prefix": prefix, "length": len(prefix)}):
                yield post_id, Post("", post_id, title, url, json.loads(extra) if extra else {})


def stored_in(database: Path, read: ReadSources) -> Stored:
    """Say what a database holds of the documents that were read.

    Nothing where it cannot be read, was made by another program, had something removed, or holds a document that is not
    there any more: what others took from that one cannot be told.
    """
    try:
        with closing(_open(database)) as connection:
            made_by, is_amended = connection.execute("select program_sha256, is_amended from builds").fetchone()
            if made_by != program_sha256() or is_amended:
                return Stored()
            divisions = {id: division_of_json(division) for id, division in connection.execute(DIVISIONS)}
            dumps = frozenset(id for (id,) in connection.execute(DUMPS))
            documents = {id for (id,) in connection.execute("select id from documents")}
            ids = {page.id for page in read.documents} | {dump.id for dump in read.dumps}
            if not ids >= documents:
                return Stored()
    except (sqlite3.Error, TypeError, ValueError):
        return Stored()
    return Stored(database, divisions, dumps)


def _open(database: Path) -> sqlite3.Connection:
    connection = open_to_read(database)
    connection.row_factory = sqlite3.Row
    return connection


def _record(
    connection: sqlite3.Connection, row: sqlite3.Row, document_id: str, problems: list[tuple[str, str]]
) -> Prepared:
    said: dict[str, object] = {column: row[column] for column in (*DIFFERING, *PRINTED)}
    for column in CERTAINTIES:
        said[column] = None if said[column] == 1.0 else said[column]
    author = (row["author_source"], row["author_source_id"]) if row["author_source_id"] is not None else None
    differs = json.loads(row["differs"]) if row["differs"] is not None else {}
    if "author" in differs:
        author = tuple(differs["author"]) if differs["author"] is not None else None
    said.update((column, value) for column, value in differs.items() if column in said)
    said["is_truncated"] = row["is_truncated"]
    if "passages" in differs:
        passages, links = [BodyPassage(*passage) for passage in differs["passages"]], differs["links"]
    else:
        passages, links = _text(connection, row["id"], row["parent_id"])
    source, parent = str(said["source"]), said["parent_source_id"]
    identity = Identity(
        id=id_in(source, str(said["source_id"])) if said["source_id"] is not None else row["id"],
        parent=id_in(source, str(parent)) if parent is not None else _named_by_us(row, differs),
        author=author,
    )
    return prepared(identity, said, passages, links, (document_id, row["record_number"]), problems)


def _named_by_us(row: sqlite3.Row, differs: Mapping[str, object]) -> str | None:
    """Give the parent that an export names by the id that it has here."""
    parent: str | None = row["parent_id"]
    return None if "parent_source_id" in differs or row["parent_source_id"] is not None else parent


def _text(
    connection: sqlite3.Connection, comment_id: str, parent_id: str | None
) -> tuple[list[BodyPassage], Sequence[str]]:
    """Give a comment's passages and links; that it quotes the comment that it answers is found anew."""
    passages = [
        BodyPassage(kind, text, bool(quotes), *more)
        for kind, text, quotes, *more in connection.execute(PASSAGES, {"id": comment_id, "parent_id": parent_id})
    ]
    return passages, [url for (url,) in connection.execute(LINKS, {"id": comment_id})]
