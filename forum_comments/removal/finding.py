"""Finds words and names in a text, and puts marks in their place.

Words are compared without case and punctuation, names without accents too; a name that is one word only in its exact
spelling, since many such names are words.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, pairwise

from forum_comments.vocabulary import KNOWN_AGAIN_WORDS, WORD

WINDOW_WORDS = KNOWN_AGAIN_WORDS  # in a row: they do not stand in two texts by chance
# Letters and digits apart: a head prints "2Neel Nanda1y". An accent may be a character of its own.
NAME_TOKEN = re.compile(r"(?:[^\W\d_]|[\u0300-\u036f])+|\d+")
# Between two words of a name stands no more than this: a space, a hyphen, "%20", a line end.
NAME_GAP = 3
# So many names are looked for one by one before a text is taken to words.
FEW_NAMES = 50


@dataclass(frozen=True, slots=True, order=True)
class Stretch:
    """Characters of a text, half-open, and what is put in their place."""

    start: int
    end: int
    mark: str


def words_of(text: str) -> list[str]:
    """Give a text's words, case-folded."""
    found = list(map(str.casefold, WORD.findall(text)))
    return [word.replace("’", "'") for word in found] if "’" in text else found


def normal_text(text: str) -> str:
    """Give a text as it is compared: its words alone."""
    return " ".join(words_of(text))


def windows_of(text: str, size: int = WINDOW_WORDS) -> set[str]:
    """Give every run of `size` words of a text."""
    words = words_of(text)
    return {" ".join(words[first : first + size]) for first in range(len(words) - size + 1)}


@dataclass(slots=True)
class WordFinder:
    """Finds runs of words that other texts hold."""

    size: int = WINDOW_WORDS
    marks: dict[str, str] = field(default_factory=dict)  # a run of `size` words -> the mark for it
    _seconds: dict[str, set[str]] = field(default_factory=dict)  # the first word of a run -> those that may follow it

    def add(self, windows: Iterable[str], mark: str) -> None:
        """Let runs of words be found; one that is known already keeps its mark."""
        for window in windows:
            self.marks.setdefault(window, mark)
            first, second = window.split(" ", 2)[:2]
            self._seconds.setdefault(first, set()).add(second)

    def stretches(self, text: str) -> list[Stretch]:
        """Find the stretches of a text that consist of such runs, in the order of the text."""
        if not self.marks:
            return []
        words, size = words_of(text), self.size
        found = [
            (first, mark)
            for first, word in enumerate(words[: len(words) - size + 1])
            if word in self._seconds
            and words[first + 1] in self._seconds[word]
            and (mark := self.marks.get(" ".join(words[first : first + size]))) is not None
        ]
        if not found:  # nearly always: only then it takes the places of words
            return []
        places = [match.span() for match in WORD.finditer(text)]
        return merged(Stretch(places[first][0], places[first + size - 1][1], mark) for first, mark in found)


@dataclass(frozen=True, slots=True)
class _Name:
    tokens: tuple[str, ...]  # folded
    spelled: str | None  # a name that is one word: its exact spelling
    mark: str


@dataclass(slots=True)
class NameFinder:
    """Finds names; `marks` says what is put in the place of each."""

    marks: Mapping[str, str]
    _by_first: dict[str, list[_Name]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Index the names by their first word, the longest first."""
        for name in self.marks:
            spelled = NAME_TOKEN.findall(_joined(name))
            tokens = tuple(_fold(token) for token in spelled)
            if tokens:
                entry = _Name(tokens, spelled[0] if len(tokens) == 1 else None, self.marks[name])
                self._by_first.setdefault(tokens[0], []).append(entry)
        for names in self._by_first.values():
            names.sort(key=lambda name: (-len(name.tokens), name.spelled or "", name.mark))

    def stretches(self, text: str) -> list[Stretch]:
        """Find every name in a text, in the order of the text; of two that begin alike, the longer one."""
        if not self._by_first or self._holds_none(text):
            return []
        tokens = NAME_TOKEN.findall(text)
        folded_of = {token: _fold(token) for token in set(tokens)}
        folded = [folded_of[token] for token in tokens]
        if not any(self._candidates(folded, n) for n, token in enumerate(folded) if token in self._by_first):
            return []
        matches = list(NAME_TOKEN.finditer(text))
        found: list[Stretch] = []
        position = 0
        while position < len(matches):
            stretch, taken = self._at(matches, folded, position)
            if stretch is not None:
                found.append(stretch)
            position += taken
        return found

    def _holds_none(self, text: str) -> bool:
        """Whether a look at the characters shows that no name can be there, which is quicker than its words."""
        if len(self._by_first) > FEW_NAMES or not text.isascii():
            return False
        lower = text.lower()
        return not any(first in lower for first in self._by_first)

    def _candidates(self, folded: Sequence[str], position: int) -> list[_Name]:
        """Give the names whose words stand at a position, whatever stands between them."""
        return [
            name
            for name in self._by_first.get(folded[position], ())
            if tuple(folded[position : position + len(name.tokens)]) == name.tokens
        ]

    def _at(self, matches: Sequence[re.Match[str]], folded: Sequence[str], position: int) -> tuple[Stretch | None, int]:
        for name in self._candidates(folded, position):
            run = matches[position : position + len(name.tokens)]
            if name.spelled is not None and _joined(run[0].group()) != name.spelled:
                continue
            if all(after.start() - before.end() <= NAME_GAP for before, after in pairwise(run)):
                return Stretch(run[0].start(), run[-1].end(), name.mark), len(run)
        return None, 1


def _joined(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def _fold(token: str) -> str:
    if token.isascii():
        return token.lower()
    decomposed = unicodedata.normalize("NFKD", token.casefold())
    return "".join(character for character in decomposed if not unicodedata.combining(character))


def merged(stretches: Iterable[Stretch]) -> list[Stretch]:
    """Join stretches that overlap; the first one's mark stays."""
    result: list[Stretch] = []
    for stretch in sorted(stretches):
        if result and stretch.start < result[-1].end:
            last = result[-1]
            result[-1] = Stretch(last.start, max(last.end, stretch.end), last.mark)
        else:
            result.append(stretch)
    return result


@dataclass(frozen=True, slots=True)
class Marked:
    """A text with marks in the place of some stretches, and where the places of the text before are in it."""

    text: str
    _ends: tuple[int, ...]  # of the stretches, in the text before
    _starts: tuple[int, ...]
    _shifts: tuple[int, ...]  # by how much what follows each stretch has moved

    def place(self, offset: int) -> int:
        """Give the place of an offset of the text before; inside a stretch, the end of its mark."""
        before = bisect_right(self._starts, offset)  # stretches that begin at the offset or before it
        if before and self._starts[before - 1] == offset:
            before -= 1
        if not before:
            return offset
        return max(offset, self._ends[before - 1]) + self._shifts[before - 1]


def put_marks(text: str, stretches: Iterable[Stretch]) -> Marked:
    """Put the marks of stretches in their places; those that overlap become one."""
    ordered = merged(stretches)
    parts: list[str] = []
    position = 0
    for stretch in ordered:
        parts += [text[position : stretch.start], stretch.mark]
        position = stretch.end
    parts.append(text[position:])
    moved = accumulate(len(stretch.mark) - (stretch.end - stretch.start) for stretch in ordered)
    return Marked(
        "".join(parts),
        tuple(stretch.end for stretch in ordered),
        tuple(stretch.start for stretch in ordered),
        tuple(moved),
    )
