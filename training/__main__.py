"""`python -m training learn` and `python -m training evaluate`."""

from __future__ import annotations

import json
from pathlib import Path

import click

from forum_comments.evaluation import EVALUATION_FILE
from forum_comments.language import MODEL_FILE
from training import people
from training.comments import DEFAULT_FOLDER
from training.evaluate import cross_validate, rows, table
from training.learn import learn
from training.material import load
from training.model_file import model_text

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
    model = learn([*material.examples, *material.made_up], material.own, material.others)
    target.write_text(model_text(model), encoding="utf-8")
    click.echo(f"{target}: learnt from {len(material.examples)} pages by {len(material.authors)} authors")


@main.command("evaluate")
@folder_option
@click.option("--to", "target", type=click.Path(path_type=Path, dir_okay=False), default=EVALUATION_FILE)
def evaluate_command(folder: Path, target: Path) -> None:
    """Measure on authors never seen, print the README's table and write the figures."""
    tallies = cross_validate(load(folder, ROUNDS), lambda line: click.echo(line, err=True))
    of_people = people.cross_validate(folder)
    text = ",\n".join(json.dumps(row, ensure_ascii=False) for row in [*rows(tallies), *people.rows(of_people)])
    target.write_text(f"[\n{text}\n]\n", encoding="utf-8")
    click.echo(f"{table(tallies)}\n\n{people.table(of_people)}")


if __name__ == "__main__":
    main()
