"""How much a passage reads like a quotation: a claim of somebody else's, answered by the passage below it.

Every sign is a name that is present or not; the weights of the names are learned (`quotations.json`).
"""

from __future__ import annotations

import json
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from math import exp
from pathlib import Path

from forum_comments.models import BlockKind, Passage
from forum_comments.phrases import FIRST_PERSON, SECOND_PERSON
from forum_comments.words import PHRASE_WORDS, opening_group

MODEL_FILE = Path(__file__).with_name("quotations.json")
CONSTANT = "constant"
# Upper limits of the classes into which numbers of words, of passages and shares of words are sorted.
LENGTHS = (4, 8, 15, 25, 40, 70, 120)
PASSAGES = (1, 2, 3, 4, 6, 9, 15)
SHARES = (0.0, 0.1, 0.2, 0.3, 0.5)
# An answer shows itself in its first words.
EARLY_WORDS = 12
# Words of more letters than this, when two passages share them, say that one speaks of the other.
COMMON_LETTERS = 4
MIN_SHARED_OF = 3


@dataclass(frozen=True, slots=True)
class Reading:
    """What a passage shows at a glance."""

    kind: BlockKind
    text: str
    words: list[str]
    group: str  # of phrases, that it opens with
    subject: frozenset[str]  # its longer words
    first_person: int
    second_person: int
    typing: tuple[bool, bool]  # of apostrophes and quotation marks


def read(passage: Passage, words: list[str]) -> Reading:
    """Read a passage, given its words in lower case."""
    return Reading(
        kind=passage.kind,
        text=passage.text,
        words=words,
        group=opening_group(words[:PHRASE_WORDS]),
        subject=frozenset([word for word in words if len(word) > COMMON_LETTERS]),
        first_person=sum(map(FIRST_PERSON.__contains__, words)),
        second_person=sum(map(SECOND_PERSON.__contains__, words)),
        typing=_typing(passage.text),
    )


def signs(readings: Sequence[Reading], position: int) -> Iterator[str]:
    """Name the signs at a passage of a comment; `readings` are all of its passages."""
    here, count = readings[position], len(readings)
    below = readings[position + 1] if position + 1 < count else None
    above = readings[position - 1] if position else None
    yield f"passages {_class(count, PASSAGES)}"
    yield f"place {min(position, 3)} of {_class(count, PASSAGES)}"
    yield f"opens {_first(here.text)}"
    yield from _look(here, "")
    if here.text[:1] in '"“' and here.text[-1:] in '"”':
        yield "in quotation marks"
    if "..." in here.text or "…" in here.text or "[" in here.text:
        yield "omits"
    for name, other in (("below ", below), ("above ", above)):
        if other is None:
            yield f"{name}nothing"
        else:
            yield from _look(other, name)
            yield f"{name}shares {_shared(here, other)}"
            if here.typing != other.typing and any(here.typing) and any(other.typing):
                yield f"{name}typed otherwise"
    if below is not None:
        yield from _answer(here, below, position)
    if above is not None and above.text.endswith(":"):
        yield "announced to you" if above.second_person else "announced"


def _look(reading: Reading, name: str) -> Iterator[str]:
    yield f"{name}words {_class(len(reading.words), LENGTHS)}"
    yield f"{name}kind {reading.kind}"
    yield f"{name}ends {_last(reading.text)}"
    yield f"{name}group {reading.group}"
    yield f"{name}first person {min(reading.first_person, 3)}"
    yield f"{name}second person {min(reading.second_person, 2)}"


def _answer(here: Reading, below: Reading, position: int) -> Iterator[str]:
    early = below.words[:EARLY_WORDS]
    if not SECOND_PERSON.isdisjoint(early):
        yield "below addresses"
    if position == 0:
        yield f"opening, below group {below.group}"
    if here.text.endswith("?"):
        yield f"asked, below group {below.group}"
        if not FIRST_PERSON.isdisjoint(early):
            yield "asked, first person below"


def _class(number: float, limits: Sequence[float]) -> int:
    return bisect_left(limits, number)


def _shared(one: Reading, other: Reading) -> int:
    least = max(MIN_SHARED_OF, min(len(one.subject), len(other.subject)))
    return _class(len(one.subject & other.subject) / least, SHARES)


def _first(text: str) -> str:
    first = text[:1]
    if first.islower():
        return "in lower case"
    return "with a quotation mark" if first in '"“' else "with dots" if first in ".…[" else "otherwise"


def _last(text: str) -> str:
    last = text[-1:]
    return last if last and last in ".?!:," else "closed" if last and last in ')"”' else "open"


def _typing(text: str) -> tuple[bool, bool]:
    """Say whether a text has typographic apostrophes or quotation marks, and whether it has a typewriter's."""
    return "’" in text or "“" in text, "'" in text or '"' in text


@cache
def weights() -> dict[str, float]:
    """Give the learned weights; shared, so nobody may change them."""
    content = MODEL_FILE.read_text(encoding="utf-8")
    return {str(name): float(weight) for name, weight in json.loads(content).items()}


def probabilities(passages: Sequence[Passage], words: Sequence[list[str]], learned: Mapping[str, float]) -> list[float]:
    """Give each passage of a comment the probability that it is a quotation, from the words alone.

    `words` are the passages' words in lower case, `learned` the weights of the signs. The last passage gets none:
    what is quoted is answered below.
    """
    if len(passages) < 2:
        return [0.0] * len(passages)
    readings = [read(passage, of_passage) for passage, of_passage in zip(passages, words, strict=True)]
    weight = learned.get
    odds = [
        learned[CONSTANT] + sum([weight(sign, 0.0) for sign in signs(readings, position)])
        for position in range(len(readings) - 1)
    ]
    return [*(1.0 / (1.0 + exp(-value)) for value in odds), 0.0]
