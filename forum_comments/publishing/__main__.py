"""The commands of publishing: `python -m forum_comments.publishing COMMAND`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from forum_comments.commands import command, say
from forum_comments.errors import as_output_error
from forum_comments.publishing.configuration import (
    CONFIGURATION_FILE,
    METADATA_FILE,
    SETTINGS_FILE,
    configuration_text,
    read_mapping,
)
from forum_comments.publishing.folder import CONSTRAINTS, DATABASE_FILE, make_folder
from forum_comments.publishing.manifest import MANIFEST_FILE, faults_of_file, faults_of_folder, read_manifest

TARGET = Path("build/publish")


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """From a database to a site on a host."""


@main.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), default=Path())
def configuration(folder: Path) -> None:
    """Write datasette.yml, for Datasette 1.0, of metadata.yml and settings.json in FOLDER (default: this one)."""
    text = configuration_text(read_mapping(folder / METADATA_FILE), read_mapping(folder / SETTINGS_FILE))
    written = folder / CONFIGURATION_FILE
    with as_output_error(written):
        written.write_text(text, encoding="utf-8")
    say(f"{written}: written")


@main.command("folder")
@click.argument("target", type=click.Path(path_type=Path), default=TARGET)
@click.option(
    "--database",
    type=click.Path(path_type=Path),
    default=Path(DATABASE_FILE),
    show_default=True,
    help="What to publish.",
)
@click.option(
    "--datasette", "line", type=click.Choice(list(CONSTRAINTS)), default="0.65", show_default=True, help="Its line."
)
def folder_(target: Path, database: Path, line: str) -> None:
    """Write all that a host needs to the folder TARGET (default: build/publish); it replaces an earlier one."""
    manifest = make_folder(Path(), database, target, line)
    size = sum(output["bytes"] for output in manifest["outputs"])
    say(f"{target}: {len(manifest['outputs'])} files, {size / 1_000_000:.1f} MB; {target}/start.sh serves it")


@main.command()
@click.argument("path", type=click.Path(path_type=Path, exists=True))
@click.option(
    "--manifest", "manifest_path", type=click.Path(path_type=Path), help="Default: manifest.json in or beside it."
)
def verify(path: Path, manifest_path: Path | None) -> None:
    """Compare PATH, a published folder or a file of it such as comments.db, with its manifest; exit 1 if it differs."""
    folder = path if path.is_dir() else path.parent
    manifest = read_manifest(manifest_path or folder / MANIFEST_FILE)
    faults = faults_of_folder(path, manifest) if path.is_dir() else faults_of_file(path, manifest)
    for fault in faults:
        click.echo(fault, err=True)
    if faults:
        sys.exit(1)
    say(f"{path}: as published, build {manifest['build']['inputs_sha256'][:12]}")


if __name__ == "__main__":
    with command():
        main()
