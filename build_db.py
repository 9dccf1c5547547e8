"""Builds comments.db from saved forum pages: `python build_db.py [SOURCES]... [-o comments.db]`.

`build` is the whole flow on one screen; each call is a module of `forum_comments`.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain
from pathlib import Path

import click

from forum_comments.archive import Archive, inputs_of
from forum_comments.attribution import attribute
from forum_comments.authors import authors_of
from forum_comments.commands import command, say
from forum_comments.comments import appearances_of
from forum_comments.corrections import correct_appearances, correct_boundaries, correct_pages
from forum_comments.corrections_file import load_corrections
from forum_comments.database import require_no_fewer, require_target, update_database, write_database
from forum_comments.documents import corrections_files, read_documents, removals_files
from forum_comments.gathering import gather
from forum_comments.linking import link
from forum_comments.locating import select
from forum_comments.matching import appearances_of_records, keys_of_paragraphs
from forum_comments.quotations import mark_quotations
from forum_comments.reading import read_pages
from forum_comments.reconcile import reconcile
from forum_comments.redividing import divide
from forum_comments.removal.documents import prefer_other_documents
from forum_comments.removal.dumps import without_removed
from forum_comments.removal.finding import WordFinder
from forum_comments.removal.lists import load_removals
from forum_comments.removal.proof import Finding, prove
from forum_comments.removal.pseudonyms import SALT_FILE, Replaced, read_salt
from forum_comments.removal.stage import Removing
from forum_comments.removal.striking import Struck
from forum_comments.removal.wording import EVERYDAY
from forum_comments.report import Report, report_of
from forum_comments.rows import chunks_of
from forum_comments.stored import Stored, stored_in

SEEDS = Path("seeds")
OUTPUT = Path("comments.db")
STAGES = ("reading", "dividing into comments", "putting copies together", "writing")


@dataclass(frozen=True, slots=True)
class Built:
    """What a build made: the report and the warnings for whoever started it."""

    report: Report
    warnings: tuple[str, ...]
    struck: Struck
    replaced: Replaced


def build(
    sources: Sequence[Path],
    output: Path,
    corrections: Sequence[Path],
    tell: Callable[[str], None] = lambda stage: None,
    unknown_as_lists: bool = False,
    pseudonym_salt: bytes | None = None,
    update: bool = False,
    allow_shrink: bool = False,
) -> Built:
    """Read the sources, recover their comments and write the database.

    `corrections` are the corrections files to apply; `tell` is called with the name of each stage as it begins;
    `unknown_as_lists` reads pages of no known layout as lists of paragraphs instead of leaving them out; with a
    `pseudonym_salt`, pseudonyms take the place of names. With `update` the database at `output` is brought up to date
    in place, and only files that it does not hold are read. Unless `allow_shrink`, there must not be fewer comments
    than before. Raises BuildError where the database cannot be built; the file at `output` is then as it was.
    """
    tell("reading")
    require_target(output)
    read = read_documents(sources)
    removals = [load_removals(path) for path in removals_files(sources)]
    is_amended = bool(removals) or pseudonym_salt is not None
    stored = stored_in(output, read) if update and not is_amended else Stored()
    files = [load_corrections(path, [each.salt for each in removals]) for path in corrections]
    pages, left_out = read_pages(read, files, unknown_as_lists)
    selection = select(files, pages, read.ids_by_path)
    pages, page_corrections = correct_pages(selection, pages)
    dumps, removed_dumps = without_removed(read.dumps, removals)
    gathered = gather(dumps, keys_of_paragraphs(pages), output.parent, stored)
    tell("dividing into comments")
    records = appearances_of_records(gathered)
    divisions = divide(pages, records, stored)
    corrected, boundary_corrections = correct_boundaries(selection, pages, divisions)
    appearances = [appearances_of(page, division) for page, division in zip(pages, corrected, strict=True)]
    mark_quotations(appearances)
    attribute(pages, appearances)
    appearance_corrections, same = correct_appearances(selection, pages, appearances)
    tell("putting copies together")
    comments = [comment for comment in reconcile([*chain(*appearances), *records], same) if comment.on_pages]
    prefer_other_documents(comments, removals)
    links = link(gathered, comments)
    archive = Archive(
        pages=pages,
        divisions=divisions,
        comments=comments,
        links=links,
        authors=authors_of(pages, comments, gathered),
        applied=[*page_corrections, *boundary_corrections, *appearance_corrections],
        skipped=selection.skipped,
        is_amended=is_amended,
        inputs=inputs_of(read, [*files, *removals], pseudonym_salt),
    )
    tell("writing")
    if not allow_shrink:
        require_no_fewer(output, links.count_comments())
    removing = Removing(removals, removed_dumps, pseudonym_salt)
    write = update_database if stored.database is not None else write_database
    write(output, chunks_of(archive), removing.apply)
    return Built(report_of(output), (*read.warnings, *left_out), removing.struck, removing.replaced)


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("sources", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), default=OUTPUT, show_default=True, help="The database to write."
)
@click.option(
    "--corrections",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Apply this corrections file instead of the corrections.yml of each source folder.",
)
@click.option("--no-corrections", is_flag=True, help="Build what the program finds by itself.")
@click.option(
    "--unknown-pages",
    type=click.Choice(("refuse", "list")),
    default="refuse",
    show_default=True,
    help="What to do with a text of no known layout: refuse it (in a folder: leave it out), or read it as a list.",
)
@click.option("--pseudonymise", is_flag=True, help="Put pseudonyms in the place of names, and search for what is left.")
@click.option(
    "--pseudonyms",
    type=click.Path(path_type=Path),
    default=SALT_FILE,
    show_default=True,
    metavar="FILE",
    help="The salt of the pseudonyms, made where it is missing. Never publish it.",
)
@click.option("--update", is_flag=True, help="Bring the database up to date in place; read only files that it lacks.")
@click.option("--allow-shrink", is_flag=True, help="Let the database have fewer comments than before.")
@click.option("--quiet", is_flag=True, help="Print warnings and errors only.")
def main(
    sources: tuple[Path, ...],
    output: Path,
    corrections: Path | None,
    no_corrections: bool,
    unknown_pages: str,
    pseudonymise: bool,
    pseudonyms: Path,
    update: bool,
    allow_shrink: bool,
    quiet: bool,
) -> None:
    """Build a database of comments from SOURCES: saved forum pages, or folders of them (default: seeds)."""
    if corrections is not None and no_corrections:
        raise click.UsageError("--corrections and --no-corrections exclude each other.")
    chosen = sources or (SEEDS,)
    files = [] if no_corrections else [corrections] if corrections is not None else corrections_files(chosen)
    run = partial(
        build, chosen, output, files, unknown_as_lists=unknown_pages == "list", update=update, allow_shrink=allow_shrink
    )
    with command():
        salt = read_salt(pseudonyms) if pseudonymise else None
        run = partial(run, pseudonym_salt=salt)
        if sys.stderr is not None and sys.stderr.isatty() and not quiet:
            with click.progressbar(length=len(STAGES), file=sys.stderr, item_show_func=str) as bar:
                built = run(tell=lambda stage: bar.update(1, stage))
        else:
            built = run()
        names_left = prove([output], WordFinder(), built.replaced.names).findings if pseudonymise else ()
        if not quiet:
            say(f"{output}: {built.report}")
        _tell(built, names_left, quiet)
    if names_left:
        sys.exit(1)


def _tell(built: Built, names_left: Sequence[Finding], quiet: bool) -> None:
    """Say what was left out, removed and replaced."""
    for warning in built.warnings:
        click.echo(f"Warning: {warning}", err=True)
    if not quiet and (built.struck.comments or built.struck.authors or built.struck.documents):
        say(str(built.struck))
    if not quiet and built.replaced.names:
        say(f"{len(built.replaced.names)} names replaced by pseudonyms")
    if built.replaced.everyday:
        click.echo(EVERYDAY.format(names=", ".join(built.replaced.everyday)), err=True)
    for finding in names_left:
        click.echo(f"Found: {finding}", err=True)


if __name__ == "__main__":
    main()
