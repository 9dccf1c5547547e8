"""Finds the record of a dump that a page shows; a scrape loses formulas and links, so that words differ a little."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import cast

from forum_comments.gathering import Gathered
from forum_comments.keys import opening_key, word_count_up_to
from forum_comments.models import Appearance, BlockKind, DumpDocument, Page, Passage, Problem
from forum_comments.record_rows import DOCUMENT_ID, IS_TRUNCATED, RECORD_NUMBER, Prepared
from forum_comments.vocabulary import KNOWN_AGAIN_WORDS

SIMILAR_TEXT = "similar text"
# So many of the words that a page shows, of those that a record begins with, must be the same. The two already have the
# first twelve of their own words in common.
MIN_SHARE = 0.85
SEVERAL = "{count} comments of dumps ({ids}) have the words that this one shows; it was joined to none."


def keys_of_paragraphs(pages: Sequence[Page]) -> frozenset[str]:
    """Give the keys of the paragraphs on pages that have words enough to be known again in a dump."""
    texts = (block.text for page in pages for block in page.blocks if not block.is_header)
    long_ones = (text for text in texts if word_count_up_to(text, KNOWN_AGAIN_WORDS) >= KNOWN_AGAIN_WORDS)
    return frozenset(opening_key([text]) for text in long_ones)


def appearances_of_records(gathered: Gathered) -> list[Appearance]:
    """Give the records that share a paragraph with a page as appearances, to be put together with those of pages."""
    dumps = {dump.id: dump for dump in gathered.dumps}
    return [_appearance(record, dumps, gathered) for record in gathered.on_pages]


def _appearance(record: Prepared, dumps: Mapping[str, DumpDocument], gathered: Gathered) -> Appearance:
    number = int(str(record.appearance[RECORD_NUMBER]))
    name = record.author_name
    if name is None and record.author is not None and record.author in gathered.people:
        name = gathered.people[record.author].name
    return Appearance(
        document=dumps[str(record.appearance[DOCUMENT_ID])],
        position=number,
        start=None,
        end=None,
        passages=[
            Passage(cast(BlockKind, kind), str(text), is_quotation=bool(quotes))
            for _, _, kind, text, quotes, *_ in record.passages
        ],
        is_truncated=bool(record.comment[IS_TRUNCATED]),
        boundary_basis="source",
        boundary_confidence=1.0,
        author_name=name,
        author_basis="source" if name is not None else "unknown",
        author_confidence=1.0 if name is not None else None,
        record_number=number,
        comment_id=record.id,
    )


def similarity(shown: str, whole: str, is_truncated: bool) -> float:
    """Give the share of words that a page's text and a record's have in common, between 0 and 1.

    Of the record only the beginning counts where the page cut the comment.
    """
    words, others = shown.split(), whole.split()
    if is_truncated:
        others = others[: len(words)]
    common = sum((Counter(words) & Counter(others)).values())
    return common / max(len(words), len(others), 1)


def best_records(
    shown: Appearance, records: Sequence[Appearance], texts: Mapping[Appearance, str]
) -> list[tuple[float, Appearance]]:
    """Give the records that a page's comment may be, those with the most words in common; several where they tie."""
    found = [(similarity(texts[shown], texts[record], shown.is_truncated), record) for record in records]
    best = max((share for share, _ in found), default=0.0)
    return [(share, record) for share, record in found if share == best and share >= MIN_SHARE]


def report_several(shown: Appearance, records: Sequence[Appearance]) -> None:
    """Say that a page's comment may be any of several records."""
    ids = sorted({record.comment_id or "" for record in records})
    shown.problems.append(
        Problem("same words as several", SEVERAL.format(count=len(ids), ids=", ".join(ids[:5])), shown.document.id)
    )
