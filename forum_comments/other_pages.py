"""Evidence from other pages: where another page shows the same paragraph, that page's finding counts here too."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from forum_comments.keys import opening_key, word_count_up_to
from forum_comments.models import Page

# Shorter paragraphs ("Thanks!") repeat without being the same.
MIN_WORDS = 8
# What one other page can add, in log-odds: it may itself be wrong.
LIMIT = 5.0


def evidence_of_other_pages(
    pages: Sequence[Page], log_odds: Sequence[Sequence[float]], words: Sequence[Sequence[float]]
) -> list[list[float]]:
    """Give each block of each page what the other pages add to its log-odds of starting a comment.

    `log_odds` is what each page's own search found, `words` what the words alone said: the difference is what marks,
    heads and counts of that page know, and only that is passed on, since the words are the same here.
    """
    starts: dict[str, list[tuple[int, float]]] = defaultdict(list)
    ends: dict[str, list[tuple[int, float]]] = defaultdict(list)
    keys: list[list[str | None]] = []
    for number, page in enumerate(pages):
        page_keys = [_block_key(block.text) if not block.is_header else None for block in page.blocks]
        keys.append(page_keys)
        for position, key in enumerate(page_keys):
            if key is None:
                continue
            starts[key].append((number, _limited(log_odds[number][position] - words[number][position])))
            after = position + 1
            if after < len(page_keys) and page.blocks[position].cut_mark is None:
                ends[key].append((number, _limited(log_odds[number][after] - words[number][after])))
    return [
        [
            _from_others(starts, key, number)
            + (_from_others(ends, page_keys[position - 1], number) if position else 0.0)
            for position, key in enumerate(page_keys)
        ]
        for number, page_keys in enumerate(keys)
    ]


def _from_others(found: dict[str, list[tuple[int, float]]], key: str | None, number: int) -> float:
    if key is None:
        return 0.0
    return _limited(sum(value for other, value in found[key] if other != number))


def _block_key(text: str) -> str | None:
    return opening_key([text]) if word_count_up_to(text, MIN_WORDS) >= MIN_WORDS else None


def _limited(value: float) -> float:
    return max(-LIMIT, min(LIMIT, value))
