"""Keys made of words: the same comment gets the same key on every page that shows its beginning."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from itertools import chain, islice

from forum_comments.vocabulary import OPENING_WORDS, WORD

KEY_CHARACTERS = 12


def opening_words(texts: Iterable[str], limit: int = OPENING_WORDS) -> list[str]:
    """Give the first words of some texts, case-folded, read only as far as they are needed."""
    words = chain.from_iterable(WORD.finditer(text) for text in texts)
    return [match.group().casefold().replace("’", "'") for match in islice(words, limit)]


def key_of_words(words: Iterable[str]) -> str:
    """Hash words: 12 hexadecimal digits of a sha256."""
    return hashlib.sha256(" ".join(words).encode()).hexdigest()[:KEY_CHARACTERS]


def opening_key(texts: Iterable[str]) -> str:
    """Hash the first twelve words of a comment's own texts."""
    return key_of_words(opening_words(texts))


def word_count_up_to(text: str, limit: int) -> int:
    """Count a text's words, but no further than `limit`."""
    return sum(1 for _ in islice(WORD.finditer(text), limit))
