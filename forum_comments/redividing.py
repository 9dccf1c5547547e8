"""Which pages an update divides again: those that share a paragraph with a new file, and no others."""

from __future__ import annotations

from collections.abc import Sequence

from forum_comments.models import Appearance, Page
from forum_comments.other_pages import keys_of_page, keys_of_record
from forum_comments.segmentation import Division, divide_pages
from forum_comments.stored import Stored


def divide(pages: Sequence[Page], records: Sequence[Appearance], stored: Stored) -> list[Division]:
    """Divide pages; `records` are the comments of dumps that share a paragraph with them.

    What a page shares with others decides how it is divided, so the pages that share a paragraph with one that is
    divided again are looked at too.
    """
    texts = [[passage.text for passage in record.passages] for record in records]
    if not stored.divisions:
        return divide_pages(pages, records=texts)
    known = [stored.divisions.get(page.document.id) for page in pages]
    is_new = [before is None or not before.is_of(page) for before, page in zip(known, pages, strict=True)]
    keys = [keys_of_page(page) for page in pages]
    new_keys = {key for new, own in zip(is_new, keys, strict=True) if new for key in own}
    for record, paragraphs in zip(records, texts, strict=True):
        if record.document.id not in stored.dumps:
            new_keys |= keys_of_record(paragraphs)
    again = [new or not own.isdisjoint(new_keys) for new, own in zip(is_new, keys, strict=True)]
    around = {key for own, is_divided in zip(keys, again, strict=True) if is_divided for key in own}
    looked_at = [number for number, own in enumerate(keys) if again[number] or not own.isdisjoint(around)]
    found = dict(zip(looked_at, divide_pages([pages[number] for number in looked_at], records=texts), strict=True))
    return [
        before.division if before is not None and not is_divided else found[number]
        for number, (before, is_divided) in enumerate(zip(known, again, strict=True))
    ]
