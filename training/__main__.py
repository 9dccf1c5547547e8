"""`python -m training learn` and `python -m training evaluate`."""

from __future__ import annotations

import json
from pathlib import Path

import click

from forum_comments.language import MODEL_FILE
from training.comments import DEFAULT_FOLDER
from training.learn import learn
from training.material import load

ROUNDS = 3

folder_option = click.option(
    "--comments",
    "folder",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    default=DEFAULT_FOLDER,
    show_default=True,
    help="Folder of structured comments to lay out as pages.",
)


@click.group(help=__doc__)
def main() -> None:
    """Hold the commands together."""


@main.command("learn")
@folder_option
@click.option("--to", "target", type=click.Path(path_type=Path, dir_okay=False), default=MODEL_FILE)
def learn_command(folder: Path, target: Path) -> None:
    """Learn the language model from all authors and write it."""
    material = load(folder, ROUNDS)
    model = learn(material.examples, material.own, material.others)
    target.write_text(json.dumps(model, ensure_ascii=False, indent=0, sort_keys=True) + "\n", encoding="utf-8")
    click.echo(f"{target}: learnt from {len(material.examples)} pages by {len(material.authors)} authors")


if __name__ == "__main__":
    main()
