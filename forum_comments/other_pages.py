"""Evidence from other pages: where another page shows the same paragraph, that page's finding counts here too."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from forum_comments.keys import opening_key, word_count_up_to
from forum_comments.models import Block, Page
from forum_comments.vocabulary import KNOWN_AGAIN_WORDS

# What one other page can add, in log-odds: it may itself be wrong.
LIMIT = 5.0
# What is found at the gap before a block, by the number of its page (of a record: below 0) and of the block.
Gaps = dict[tuple[int, int], float]


def evidence_of_other_pages(
    pages: Sequence[Page],
    log_odds: Sequence[Sequence[float]],
    words: Sequence[Sequence[float]],
    records: Sequence[Sequence[str]] = (),
) -> list[list[float]]:
    """Give each block of each page what the other pages add to its log-odds of starting a comment.

    `log_odds` is what each page's own search found, `words` what the words alone said as far as they say the same on
    any page: the difference is what marks, heads and counts of that page know, and only that is passed on. `records`
    are comments of dumps as their paragraphs; there it is known where each comment starts.
    """
    starts: dict[str, Gaps] = defaultdict(dict)
    ends: dict[str, Gaps] = defaultdict(dict)
    start_keys = [[_key(page.blocks, position, 1) for position in range(len(page.blocks))] for page in pages]
    end_keys = [[_key(page.blocks, position, -1) for position in range(len(page.blocks))] for page in pages]
    for number, page in enumerate(pages):
        for position in range(len(page.blocks)):
            found = _limited(log_odds[number][position] - words[number][position])
            key = start_keys[number][position]
            if key is not None:
                starts[key][number, position] = found
            key = end_keys[number][position - 1] if position else None
            if key is not None and page.blocks[position - 1].cut_mark is None:
                ends[key][number, position] = found
    for number, paragraphs in enumerate(records, 1):
        _add_record(-number, paragraphs, starts, ends)
    nothing: Gaps = {}
    return [
        [
            _from_others(
                starts[key] if (key := start_keys[number][position]) else nothing,
                ends[key] if position and (key := end_keys[number][position - 1]) else nothing,
                number,
            )
            for position in range(len(page.blocks))
        ]
        for number, page in enumerate(pages)
    ]


def keys_of_page(page: Page) -> set[str]:
    """Give the keys under which a page looks for its paragraphs on other pages, and they on it."""
    return _keys(page.blocks)


def keys_of_record(paragraphs: Sequence[str]) -> set[str]:
    """Give the keys under which pages look for the paragraphs of a comment of a dump."""
    return _keys([Block("paragraph", 0, 0, text) for text in paragraphs])


def _keys(blocks: Sequence[Block]) -> set[str]:
    keys = (_key(blocks, position, step) for position in range(len(blocks)) for step in (1, -1))
    return {key for key in keys if key is not None}


def _add_record(number: int, paragraphs: Sequence[str], starts: dict[str, Gaps], ends: dict[str, Gaps]) -> None:
    """Let a comment of a dump say that its first paragraph starts a comment, its last ends one, and no other does."""
    blocks = [Block("paragraph", 0, 0, text) for text in paragraphs]
    for position in range(len(blocks)):
        key = _key(blocks, position, 1)
        if key is not None:
            starts[key][number, position] = -LIMIT if position else LIMIT
        key = _key(blocks, position, -1)
        if key is not None:
            ends[key][number, position + 1] = -LIMIT if position < len(blocks) - 1 else LIMIT


def _from_others(starts: Gaps, ends: Gaps, number: int) -> float:
    """Sum what other pages found where they show the block below a gap or the one above it; one gap counts once."""
    return _limited(sum(value for (other, _), value in {**starts, **ends}.items() if other != number))


def _key(blocks: Sequence[Block], position: int, step: int) -> str | None:
    """Give a key to a block; to a short one, which may repeat, together with the one that stands next to it.

    None: too short, or a head.
    """
    texts = [] if blocks[position].is_header else [blocks[position].text]
    neighbour = position + step
    if texts and word_count_up_to(texts[0], KNOWN_AGAIN_WORDS) < KNOWN_AGAIN_WORDS and 0 <= neighbour < len(blocks):
        texts.append("" if blocks[neighbour].is_header else blocks[neighbour].text)
    words = sum(word_count_up_to(text, KNOWN_AGAIN_WORDS) for text in texts)
    return opening_key(texts) if words >= KNOWN_AGAIN_WORDS else None


def _limited(value: float) -> float:
    return max(-LIMIT, min(LIMIT, value))
