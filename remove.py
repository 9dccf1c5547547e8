"""Takes comments, an author's words or documents down: `python remove.py COMMENT_ID --by moderator --reason …`.

What is removed goes as salted hashes into `removals.yml` of the source folder, which every later build applies, and the
database is built anew without it.
"""

from __future__ import annotations

import contextlib
import datetime
import sqlite3
import sys
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

import click

from build_db import OUTPUT, SEEDS, build
from forum_comments.archive import inputs_of, sum_of
from forum_comments.commands import command, say
from forum_comments.corrections_file import CorrectionsFile, load_corrections
from forum_comments.documents import REMOVALS_FILE, ReadSources, corrections_files, read_documents, removals_files
from forum_comments.errors import OutputError
from forum_comments.files import open_to_read
from forum_comments.reading import lists_in
from forum_comments.removal.hiding import gone_of, hidden_files
from forum_comments.removal.lists import PEOPLE, RemovalList, load_removals, new_list, replaced_files, with_removals
from forum_comments.removal.proof import Proof, find_text, prove
from forum_comments.removal.requests import Request, UnknownError, Wanted
from forum_comments.removal.striking import Struck
from forum_comments.removal.wording import EVERYDAY, NOT_CLEARED, OTHER_INPUTS, PSEUDONYMISED, UNUSED

METADATA = Path("metadata.yml")
# What is published beside the database, where it is there.
PUBLISHED = (
    *("settings.json", "inspect-data.json", "README.md", "CHANGELOG.md"),
    *("docs", "templates", "static", "plugins"),
)
FINDINGS_SHOWN = 30
# What tells how a database was built.
HAS_PSEUDONYMS = f"select 1 from problems where kind = '{PSEUDONYMISED}' limit 1"
LISTS = "select id from documents where format = 'list'"


def remove(database: Path, wanted: Wanted, by: str, day: str, reason: str | None, sources: Sequence[Path]) -> Struck:
    """Put what is wanted on the list of the first source folder, and build the database anew without it.

    Raises BuildError where something wanted is not in the database, or it cannot be built; list, corrections and
    database are then as they were.
    """
    folder = next((source for source in sources if source.is_dir()), sources[0].parent)
    path = folder / REMOVALS_FILE
    current = load_removals(path) if path.exists() else new_list(path)
    read = read_documents(sources)
    try:
        with contextlib.closing(_opened(database)) as connection:
            _require_sources(database, connection, read)
            removals, decided = _decided(sources)
            unknown_as_lists = _has_unknown_lists(connection, read, decided)
            other_inputs = _has_other_inputs(connection, inputs_of(read, [*decided, *removals]))
            entries = wanted.entries(connection, Request(current, by, day, reason))
            gone = gone_of(connection, *wanted.comments_and_names(connection))
    except (UnknownError, sqlite3.Error) as error:
        raise OutputError(database, str(error)) from error
    if other_inputs:
        click.echo(OTHER_INPUTS.format(database=database), err=True)
    changed = with_removals(current, entries)
    corrections = corrections_files(sources)
    with replaced_files({path: changed.content, **hidden_files(corrections, changed.salt, gone)}):
        return build(sources, database, corrections, unknown_as_lists=unknown_as_lists, allow_shrink=True).struck


def _opened(database: Path) -> sqlite3.Connection:
    if not database.is_file():
        raise OutputError(database, "there is no such database; expected one that build_db.py has made")
    return open_to_read(database)


def _require_sources(database: Path, connection: sqlite3.Connection, sources: ReadSources) -> None:
    """Refuse sources that the database was not built from: a build from them would put another one in its place."""
    if connection.execute(HAS_PSEUDONYMS).fetchone():
        what = "has pseudonyms; remove from the database with names, and build this one anew: the list is for both"
        raise OutputError(database, what)
    read = set(sources.ids_by_path.values())
    rows = connection.execute("select id, file_name from documents order by file_name").fetchall()
    missing = [file_name for document_id, file_name in rows if document_id not in read]
    if missing:
        what = f"was built from other sources too, such as {missing[0]}; name all of them with --source"
        raise OutputError(database, what)


def _decided(sources: Sequence[Path]) -> tuple[list[RemovalList], list[CorrectionsFile]]:
    """Read what people decided about the sources, as it stands now."""
    removals = [load_removals(path) for path in removals_files(sources)]
    salts = [each.salt for each in removals]
    return removals, [load_corrections(path, salts) for path in corrections_files(sources)]


def _has_other_inputs(connection: sqlite3.Connection, inputs: Iterable[tuple[str, str]]) -> bool:
    """Say whether a build of today differs by more than a removal: other corrections, say, or a further file."""
    (before,) = connection.execute("select inputs_sha256 from builds").fetchone()
    return bool(before != sum_of(inputs))


def _has_unknown_lists(connection: sqlite3.Connection, read: ReadSources, decided: Iterable[CorrectionsFile]) -> bool:
    """Say whether a database was built with `--unknown-pages list`: then it has lists that no editor calls so."""
    called_so = lists_in(decided, read.ids_by_path)
    return any(document_id not in called_so for (document_id,) in connection.execute(LISTS))


def struck_before(database: Path, sources: Sequence[Path]) -> Struck:
    """Say what the lists of the sources take out, by building a database like this one that is thrown away."""
    unknown_as_lists = False
    if database.is_file():
        try:
            with contextlib.closing(open_to_read(database)) as connection:
                unknown_as_lists = _has_unknown_lists(connection, read_documents(sources), _decided(sources)[1])
        except sqlite3.Error as error:
            raise OutputError(database, str(error)) from error
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder, OUTPUT.name)
        return build(sources, output, corrections_files(sources), unknown_as_lists=unknown_as_lists).struck


def published(database: Path, sources: Sequence[Path], also: Iterable[Path]) -> list[Path]:
    """Give the files and folders that are published, as far as they can be known."""
    beside = [database.parent / name for name in (METADATA, *PUBLISHED)]
    found = [database, *beside, *corrections_files(sources), *removals_files(sources)]
    return [*(path for path in found if path.exists()), *also]


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("comments", nargs=-1, metavar="[COMMENT_ID]...")
@click.option(
    "--author", "authors", multiple=True, metavar="ID", help="Remove all comments of an author, and the name."
)
@click.option("--document", "documents", multiple=True, metavar="ID", help="Remove a saved page.")
@click.option("--by", type=click.Choice(PEOPLE), help="Whose wish it is: readers see it.")
@click.option("--reason", help="Why. Readers see it; a moderator has to give one.")
@click.option(
    "--keep", "keeps", multiple=True, metavar="COMMENT_ID", help="A comment that holds the same words by right."
)
@click.option("-d", "--database", type=click.Path(path_type=Path), default=OUTPUT, show_default=True)
@click.option(
    "--source",
    "sources",
    type=click.Path(path_type=Path),
    multiple=True,
    default=[SEEDS],
    show_default=True,
    help="What the database is built from; removals.yml of the first folder gets the entries.",
)
@click.option("--prove", "proves", is_flag=True, help="Search all that is published for what was ever removed.")
@click.option("--also", type=click.Path(path_type=Path, exists=True), multiple=True, help="Search this folder too.")
def main(
    comments: tuple[str, ...],
    authors: tuple[str, ...],
    documents: tuple[str, ...],
    by: str | None,
    reason: str | None,
    keeps: tuple[str, ...],
    database: Path,
    sources: tuple[Path, ...],
    proves: bool,
    also: tuple[Path, ...],
) -> None:
    """Remove comments, authors or documents from the database and from every later one built from the same sources."""
    wanted = Wanted(comments, authors, documents, keeps)
    if wanted and by is None:
        raise click.UsageError("Say whose wish it is: --by author or --by moderator.")
    if wanted and by == "moderator" and not reason:
        raise click.UsageError("Say why: a removal by a moderator needs a --reason.")
    if not wanted and not proves:
        raise click.UsageError("Say what to remove: a COMMENT_ID, --author or --document; or only --prove.")
    with command():
        if wanted and by is not None:
            struck = remove(database, wanted, by, datetime.date.today().isoformat(), reason, sources)
            say(f"{database}: {struck}")
        else:
            struck = struck_before(database, sources)
        places = published(database, sources, also) if proves else [METADATA] if METADATA.exists() else []
        proof = prove(places, struck.words, struck.names)
        for text in (*comments, *authors, *documents):
            proof = proof.with_findings(find_text(METADATA, text) if METADATA.exists() else ())
        _tell(struck, proof, sources, proves)
    if proof.findings:
        sys.exit(1)


def _files_holding(struck: Struck, sources: Sequence[Path]) -> list[Path]:
    """Give the files of the sources that hold what was removed; of a dump that is a folder, those that were read."""
    read = read_documents(sources)
    dumps = {dump.id: dump.dump.files for dump in read.dumps}
    files: list[Path] = []
    for path, document_id in read.ids_by_path.items():
        if document_id in struck.documents_holding:
            files += [path / file.name for file in dumps[document_id]] if path.is_dir() else [path]
    return sorted(files)


def _tell(struck: Struck, proof: Proof, sources: Sequence[Path], proves: bool) -> None:
    """Say what was found and what is left for a person to do."""
    if struck.unused:
        click.echo(UNUSED.format(count=len(struck.unused)), err=True)
    if struck.everyday:
        click.echo(EVERYDAY.format(names=", ".join(struck.everyday)), err=True)
    if files := _files_holding(struck, sources):
        lines = "\n    ".join(map(str, files))
        say(NOT_CLEARED.format(files=lines, options=" ".join(f"--path {path.name}" for path in files)))
    for finding in proof.findings[:FINDINGS_SHOWN]:
        click.echo(f"Found: {finding}", err=True)
    if len(proof.findings) > FINDINGS_SHOWN:
        click.echo(f"… and {len(proof.findings) - FINDINGS_SHOWN} more places", err=True)
    for path, kind in proof.opaque:
        click.echo(f"Not searched: {path} is {kind}; look at it", err=True)
    if proves:
        searched = f"{len(struck.words.marks):,} runs of words and {len(struck.names)} names in {proof.files} files"
        say(f"Searched {searched} ({proof.bytes:,} bytes): {len(proof.findings) or 'nothing'} found.")


if __name__ == "__main__":
    main()
