"""The words of a block, read once: what all evidence of the language is made from."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from forum_comments.models import Block
from forum_comments.phrases import FIRST_PERSON, OPENING_GROUPS, REFERENCES, SECOND_PERSON
from forum_comments.vocabulary import WORD

# Endings that are taken off, longest first, where four letters stay: a crude stem is enough to see that words repeat.
ENDINGS = (
    "ingly", "ations", "ation", "ments", "ment", "edly", "ness", "ings", "ions", "ing", "ion", "ies", "ied", "ers",
    "est", "'s", "er", "ed", "es", "ly", "al", "s", "e", "y",
)  # fmt: skip
STEM_LETTERS = 4
PHRASE_WORDS = 4
EARLY_WORDS = 12
FIRST_WORDS = 8
CLAUSE_MAX = 60
_CLAUSE_END = re.compile(r"[.!?:,—-]")
_SENTENCE_END = re.compile(r"[.!?:](?:\s|$)")
_CLOSERS = ")]\"”'’*_"
# Classes of a block's last character, from the most closed to what announces more, and of its first one, from what
# goes on to what begins: in this order a tree tells the ends apart with one question.
_LAST = {".": 0, "?": 1, "!": 2, "…": 5, ",": 7, ";": 7, ":": 8}
CLOSED_AFTER_STOP, CLOSED, NO_STOP, NOTHING = 3, 4, 6, -1
DIGIT, OTHER, BRACKET, QUOTATION_MARK, CAPITAL, LOWER_CASE = range(6)


def _phrases() -> dict[tuple[str, ...], str]:
    phrases: dict[tuple[str, ...], str] = {}
    for group, openings in OPENING_GROUPS.items():
        for opening in openings:
            phrases.setdefault(tuple(WORD.findall(opening)), group)
    return phrases


_PHRASES = _phrases()


@dataclass(frozen=True, slots=True)
class BlockWords:
    """A block's text as words, lower case, with "'" for every apostrophe, and what is counted in it."""

    text: str
    words: list[str]
    first_sentence: str
    second_person: int
    first_person: int
    references: int  # pronouns that refer back, among the first words
    last: int  # class of the last character
    first: int  # class of the first character


def read_words(block: Block) -> BlockWords:
    """Read a block's words."""
    text = block.text.replace("’", "'")
    words = WORD.findall(text.lower())
    end = _SENTENCE_END.search(text)
    return BlockWords(
        text=text,
        words=words,
        first_sentence=text[: end.end()] if end else text,
        second_person=sum(word in SECOND_PERSON for word in words),
        first_person=sum(word in FIRST_PERSON for word in words),
        references=sum(word in REFERENCES for word in words[:FIRST_WORDS]),
        last=_last_class(text),
        first=_first_class(text),
    )


@lru_cache(maxsize=1 << 16)
def stem(word: str) -> str:
    """Take the ending off a word, crudely."""
    for ending in ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= STEM_LETTERS:
            return word[: -len(ending)]
    return word


def stem_counts(words: BlockWords) -> Mapping[str, int]:
    """Count the stems of a block."""
    return Counter(map(stem, words.words))


def opening_group(words: list[str]) -> str:
    """Name the group of phrases that a block opens with; "none" where it opens with none of them."""
    for length in range(PHRASE_WORDS, 0, -1):
        group = _PHRASES.get(tuple(words[:length]))
        if group is not None:
            return group
    return "none"


def opening_features(block: BlockWords) -> Iterator[str]:
    """Name what a block opens with, for the weights that were learnt for it."""
    words, text = block.words, block.text
    for length in range(1, min(PHRASE_WORDS, len(words)) + 1):
        yield f"{length} {' '.join(words[:length])}"
    for word in words[:EARLY_WORDS]:
        yield f"in {word}"
    for word in words[:PHRASE_WORDS]:
        yield f"near {word}"
    yield f"group {opening_group(words)}"
    yield f"first {text[:1] if not text[:1].isalnum() else block.first}"
    clause = _CLAUSE_END.search(text, 0, CLAUSE_MAX)
    if clause:
        yield f"clause {clause.group()} {' '.join(WORD.findall(text[: clause.start()].lower()))}"
        yield f"clause {clause.group()} {clause.start() // 8}"
    yield f"words {min(8, len(words) // 10)}"
    yield f"last {block.last}"


def _last_class(text: str) -> int:
    if not text:
        return NOTHING
    if text[-1] in _CLOSERS and len(text) > 1:
        return CLOSED_AFTER_STOP if text[-2] in ".!?" else CLOSED
    return _LAST.get(text[-1], NO_STOP)


def _first_class(text: str) -> int:
    first = text[:1]
    if not first:
        return NOTHING
    if first.isalpha():
        return LOWER_CASE if first.islower() else CAPITAL
    if first.isdigit():
        return DIGIT
    return QUOTATION_MARK if first in "\"“'" else BRACKET if first in "([" else OTHER
