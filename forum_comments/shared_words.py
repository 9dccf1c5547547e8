"""Passages whose words stand in another comment too: what a quotation, and a copy of the same comment, leave behind.

Words are compared in runs of a few, looked up only where a run begins with a long word, so the time grows linearly
with the text; a run that stands in very many places says nothing and is not followed.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice

from forum_comments.models import Appearance, Passage
from forum_comments.vocabulary import KNOWN_AGAIN_WORDS, WORD

# A run of so many words, the first of so many letters at least, is looked up.
RUN_WORDS = 4
LONG_WORD_LETTERS = 7
# A run is followed to so many passages at the most.
MAX_PLACES = 12
# A passage counts as standing elsewhere when such a share of its words, in runs of three, does.
MIN_COVERAGE = 0.8
COVERAGE_RUN = 3
# A passage that takes up no more than such a share of the one that holds it was taken out of it.
EMBEDDED_SHARE = 0.85
# A comment of which such a share stands in another one, or around it, is a copy of it.
COPY_SHARE = 0.85
# So much of a comment is compared, with so much of the other and of its neighbours: enough for any but the longest.
COPY_WORDS, AROUND_WORDS = 1000, 5000

Run = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Match:
    """A passage, and another comment's passage that holds its words; comments and passages count from 0."""

    comment: int
    passage: int
    source: int
    source_passage: int
    coverage: float  # share of the passage's words that the other one holds, from MIN_COVERAGE to 1
    is_embedded: bool  # the other passage holds clearly more


class SharedWords:
    """The words of all comments, indexed by runs of words."""

    def __init__(self, appearances: Sequence[Appearance], words: Sequence[Sequence[list[str]]]) -> None:
        """Index the comments of all pages: in page order, page after page, with the words of each passage."""
        self.appearances = appearances
        self.words = words
        self._copies: dict[tuple[int, int], bool] = {}
        # Passages are numbered through all comments.
        self._address = [(c, p) for c, passages in enumerate(self.words) for p in range(len(passages))]
        self._runs = [_long_runs(words) for passages in self.words for words in passages]
        self._places = self._repeated_runs()
        self._openings: dict[str | None, set[Run]] = defaultdict(set)
        for number in range(len(self._address)):
            self._openings[self._document(number)].add(self._opening(number))

    def _repeated_runs(self) -> dict[Run, list[int]]:
        """Say in which passages each run stands that stands in more than one."""
        counts = Counter(chain.from_iterable(self._runs))
        places: dict[Run, list[int]] = {run: [] for run, count in counts.items() if 1 < count <= MAX_PLACES}
        for number, runs in enumerate(self._runs):
            for run in runs:
                if run in places:
                    places[run].append(number)
        return places

    def matches(self) -> Iterator[Match]:
        """Give, for each passage, the comments that hold its words and are no copies of its comment.

        A comment's last passage is left out: what is quoted is answered below.
        """
        for number, (comment, passage) in enumerate(self._address):
            if passage < len(self.words[comment]) - 1 and len(self.words[comment][passage]) >= KNOWN_AGAIN_WORDS:
                yield from self._matches_of(number, comment, passage)

    def _matches_of(self, number: int, comment: int, passage: int) -> Iterator[Match]:
        runs = self._runs[number]
        places = [self._places[run] for run in runs if run in self._places]
        if not places or 2 * len(places) < len(runs):
            return
        found = Counter(chain.from_iterable(places))
        del found[number]
        seen = {comment}
        words = self.words[comment][passage]
        for other, count in sorted(found.items(), key=lambda item: (-item[1], item[0])):
            source, source_passage = self._address[other]
            if 2 * count < len(runs) or source in seen:
                continue
            seen.add(source)
            if self._goes_on_alike(number, other):
                continue
            held = self.words[source][source_passage]
            coverage = covered(words, held)
            if coverage >= MIN_COVERAGE and not self._is_copy(comment, source):
                is_embedded = len(words) <= EMBEDDED_SHARE * len(held)
                yield Match(comment, passage, source, source_passage, coverage, is_embedded)

    def _goes_on_alike(self, passage: int, other: int) -> bool:
        """Whether two passages stand in the same text: what is next to one is next to the other or on its page too."""
        document, of_other = self._document(passage), self._document(other)
        near = {
            step: opening
            for step in (-1, 1)
            if self._document(passage + step) == document and (opening := self._opening(passage + step))
        }
        if document != of_other:
            return any(opening in self._openings[of_other] for opening in near.values())
        return any(opening == self._opening(other + step) for step, opening in near.items())

    def _opening(self, passage: int) -> Run:
        """Give the first words of a passage; none where it is shorter than a run, or there is no such passage."""
        if not 0 <= passage < len(self._address):
            return ()
        comment, position = self._address[passage]
        words = self.words[comment][position]
        return tuple(words[:RUN_WORDS]) if len(words) >= RUN_WORDS else ()

    def _document(self, passage: int) -> str | None:
        if not 0 <= passage < len(self._address):
            return None
        return self.appearances[self._address[passage][0]].document.id

    def _is_copy(self, comment: int, other: int) -> bool:
        """Whether two comments show the same text, wholly or shifted by a boundary that was found elsewhere."""
        pair = (comment, other)
        if pair not in self._copies:
            self._copies[pair] = self._is_held(comment, other) or self._is_held(other, comment)
        return self._copies[pair]

    def _is_held(self, comment: int, other: int) -> bool:
        document = self.appearances[other].document.id
        around = [
            passage
            for near in range(max(0, other - 1), min(len(self.words), other + 2))
            if self.appearances[near].document.id == document and near != comment
            for passage in self.words[near]
        ]
        held = list(islice(chain.from_iterable(around), AROUND_WORDS))
        words = list(islice(chain.from_iterable(self.words[comment]), COPY_WORDS))
        last = self.words[comment][-1][:COPY_WORDS]
        # What answers a quotation stands below it: a copy is held to its end.
        ends_there = covered(last, held) >= COPY_SHARE or (
            len(last) < COVERAGE_RUN and " ".join(last) in " ".join(held)
        )
        return ends_there and covered(words, held) >= COPY_SHARE


def words_of(passage: Passage) -> list[str]:
    """Split a passage into words, lower case, with "'" for every apostrophe."""
    return WORD.findall(passage.text.lower().replace("’", "'"))


def _long_runs(words: Sequence[str]) -> list[Run]:
    last = len(words) - RUN_WORDS
    return [
        tuple(words[position : position + RUN_WORDS])
        for position, word in enumerate(words)
        if len(word) >= LONG_WORD_LETTERS and position <= last
    ]


def covered(words: Sequence[str], by: Sequence[str]) -> float:
    """Share of words that stand in a run of three which `by` has too; 0 where there are fewer than three words."""
    if len(words) < COVERAGE_RUN:
        return 0.0
    held = {tuple(by[position : position + COVERAGE_RUN]) for position in range(len(by) - COVERAGE_RUN + 1)}
    marked = [False] * len(words)
    for position in range(len(words) - COVERAGE_RUN + 1):
        if tuple(words[position : position + COVERAGE_RUN]) in held:
            marked[position : position + COVERAGE_RUN] = [True] * COVERAGE_RUN
    return sum(marked) / len(words)
