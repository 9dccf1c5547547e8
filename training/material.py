"""All that a folder of structured comments gives to learn from."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from training.comments import load_authors, load_others
from training.learn import Example, examples_of
from training.pages import pages_by_author, pages_of_others
from training.wording import OTHER_FORUMS, Paragraphs, paragraphs_of, posts_in


@dataclass(frozen=True, slots=True)
class Material:
    """Labelled pages, the paragraphs of the forum's own comments and posts, and those of other forums.

    `made_up` are pages of other forums' comments, to learn from and not to measure on.
    """

    examples: list[Example]
    own: list[Paragraphs]
    others: list[Paragraphs]
    made_up: list[Example] = field(default_factory=list)

    @property
    def authors(self) -> list[str]:
        """The authors of the pages, in alphabetical order."""
        return sorted({example.author for example in self.examples})


def load(folder: Path, rounds: int) -> Material:
    """Read a folder and lay its comments out as pages, `rounds` times in different windows."""
    comments = [comment for own in load_authors(folder).values() for comment in own]
    return Material(
        examples=examples_of(pages_by_author(folder, rounds)),
        own=paragraphs_of(comments) + posts_in(folder),
        others=paragraphs_of(load_others(folder), OTHER_FORUMS),
        made_up=examples_of(pages_of_others(folder)),
    )
