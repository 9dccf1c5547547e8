"""The commands of publishing: `python -m forum_comments.publishing COMMAND`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from forum_comments.errors import BuildError
from forum_comments.publishing.configuration import (
    CONFIGURATION_FILE,
    METADATA_FILE,
    SETTINGS_FILE,
    configuration_text,
    read_mapping,
)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """From a database to a site on a host."""


@main.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), default=Path())
def configuration(folder: Path) -> None:
    """Write datasette.yml, for Datasette 1.0, of metadata.yml and settings.json in FOLDER (default: this one)."""
    text = configuration_text(read_mapping(folder / METADATA_FILE), read_mapping(folder / SETTINGS_FILE))
    (folder / CONFIGURATION_FILE).write_text(text, encoding="utf-8")
    click.echo(f"{folder / CONFIGURATION_FILE}: written")


if __name__ == "__main__":
    try:
        main()
    except BuildError as error:
        click.echo(f"Error: {error}", err=True)
        sys.exit(1)
