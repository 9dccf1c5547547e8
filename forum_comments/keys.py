"""Keys made of words: the same comment gets the same key on every page that shows its beginning."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import Protocol

from forum_comments.models import Passage
from forum_comments.vocabulary import OPENING_WORDS, WORD

KEY_CHARACTERS = 12
# Twelve words have so many characters, mostly.
OPENING_CHARACTERS = 100
# A key's words come from so many passages at the most; it takes passages without words to need more than twelve.
MAX_PASSAGES = 50
# So many passages are looked at that may turn out to be quotations or none, and so many openings are followed up among
# them: all that three passages after the first can make, most of what seven can, and few keys for many short passages.
BRANCHING_PASSAGES = 8
MAX_BEGINNINGS = 4
# Of ASCII: letters and digits as they are case-folded, spaces for all else but the apostrophe, which words may hold.
_ASCII_LETTERS = {code: chr(code).lower() if chr(code).isalnum() else " " for code in range(128) if chr(code) != "'"}


def opening_words(texts: Iterable[str], limit: int = OPENING_WORDS) -> list[str]:
    """Give the first words of some texts, case-folded, read only as far as they are needed."""
    words: list[str] = []
    for text in texts:
        words += _first_words(text, limit - len(words))
        if len(words) == limit:
            break
    return words


def _first_words(text: str, limit: int) -> list[str]:
    """Find a text's first words, case-folded: as a rule all within its first characters, found at once."""
    opening = text[:OPENING_CHARACTERS]
    found = _ascii_words(opening)
    if found is None:
        found = _folded(WORD.findall(opening))
    if len(found) > limit or len(text) <= OPENING_CHARACTERS:  # the last one may go on
        return found[:limit]
    return _folded([match.group() for match in islice(WORD.finditer(text), limit)])


def _ascii_words(text: str) -> list[str] | None:
    """Find what WORD finds, case-folded, in a sixth of its time; None where only WORD can tell."""
    if not text.isascii():
        return None
    spaced = text.translate(_ASCII_LETTERS)
    if "'" in spaced:
        spaced = f" {spaced} "
        if " '" in spaced or "' " in spaced or "''" in spaced:  # not within a word
            return None
    return spaced.split()


def _folded(words: list[str]) -> list[str]:
    # Folded together: a word has no space, before or after.
    return " ".join(words).casefold().replace("’", "'").split(" ") if words else words


def key_of_words(words: Iterable[str]) -> str:
    """Hash words: 12 hexadecimal digits of a sha256."""
    return hashlib.sha256(" ".join(words).encode()).hexdigest()[:KEY_CHARACTERS]


def opening_key(texts: Iterable[str]) -> str:
    """Hash the first twelve words of a comment's own texts."""
    return key_of_words(opening_words(texts))


class HasOpening(Protocol):
    """A passage, wherever it comes from."""

    @property
    def text(self) -> str:
        """Its words, without markup."""

    @property
    def is_quotation(self) -> bool:
        """Whether they are somebody else's."""


def keys_of_passages(passages: Sequence[HasOpening]) -> list[str]:
    """Give each passage the opening key of the comment that would begin with it: quotations after it left out."""
    words = [opening_words((passage.text,)) for passage in passages]
    keys = []
    for first, taken in enumerate(words):
        if len(taken) < OPENING_WORDS:
            following = range(first + 1, min(len(passages), first + MAX_PASSAGES))
            own = (words[position] for position in following if not passages[position].is_quotation)
            taken = list(islice(chain(taken, chain.from_iterable(own)), OPENING_WORDS))
        keys.append(key_of_words(taken))
    return keys


def plain_text(passages: Sequence[Passage]) -> str:
    """Give a comment's words on one line, so that a copy on one line and one in paragraphs compare equal."""
    return " ".join(" ".join(passage.text for passage in passages).casefold().replace("’", "'").split())


def word_count_up_to(text: str, limit: int) -> int:
    """Count a text's words, but no further than `limit`."""
    return sum(1 for _ in islice(WORD.finditer(text), limit))


def keys_of_page(passages: Sequence[Passage]) -> Iterator[tuple[str, int]]:
    """Give every key that a comment could have that begins at a passage, with that passage's position.

    They keep published ids resolving when a page is divided otherwise later: whatever division made an id, the
    comment began at some passage, and its words ended there or at a later one. `passages` are all of a page in page
    order, across its comments. What is a quotation may be judged anew too: any of the next three passages may have been
    one, many a combination of the next seven, and those further on that are one now.
    """
    words = [opening_words([passage.text]) for passage in passages]
    for first, passage in enumerate(passages):
        keys = {key_of_words(beginning) for beginning in _beginnings(words[first : first + BRANCHING_PASSAGES])}
        keys.update(_keys_from(passages, words, first, skips_quotations=False))
        if not passage.is_quotation:
            keys.update(_keys_from(passages, words, first, skips_quotations=True))
        for key in sorted(keys):
            yield key, first


def _beginnings(words: Sequence[list[str]]) -> dict[tuple[str, ...], None]:
    """Give the openings of a comment that begins with the first passage and skips any of the others, in a fixed order.

    `words` are those of each passage. A passage of twelve words or more has no other opening than its own.
    """
    found = {tuple(words[0]): None}
    for later in words[1:]:
        unfinished = [beginning for beginning in found if len(beginning) < OPENING_WORDS][:MAX_BEGINNINGS]
        if not unfinished:
            break
        found.update(dict.fromkeys((*beginning, *later)[:OPENING_WORDS] for beginning in unfinished))
    return found


def _keys_from(
    passages: Sequence[Passage], words: Sequence[list[str]], first: int, skips_quotations: bool
) -> Iterator[str]:
    taken: list[str] = []
    for position in range(first, min(len(passages), first + MAX_PASSAGES)):
        if position > first and skips_quotations and passages[position].is_quotation:
            continue
        taken += words[position][: OPENING_WORDS - len(taken)]
        yield key_of_words(taken)
        if len(taken) >= OPENING_WORDS:
            return
