"""Text that was decoded wrongly before it was saved: the bytes of UTF-8 taken for Latin-1 or for Windows-1252.

Only stretches that mean nothing otherwise are repaired: they hold a control character of the range 80 to 9F, which no
page has, or begin with the letter and the euro sign that the bytes of quotation marks and dashes become. The document
keeps its text; passages show the repaired one.
"""

from __future__ import annotations

import re
from dataclasses import replace

from forum_comments.models import Block, Page, Problem

_LATIN = re.compile(
    "[\u00c2-\u00df][\u0080-\u00bf]|[\u00e0-\u00ef][\u0080-\u00bf]{2}|[\u00f0-\u00f4][\u0080-\u00bf]{3}"
)
_CONTROL = re.compile("[\u0080-\u009f]")
# What Windows-1252 makes of the bytes 80 to BF, which end the characters of general punctuation.
_WINDOWS_ENDS = "\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122"
_WINDOWS = re.compile(f"\u00e2\u20ac[{_WINDOWS_ENDS}]")
KIND = "mojibake"


def repair(text: str) -> str:
    """Give a text with such stretches as they were meant; a text without any as it is."""
    text = _LATIN.sub(lambda match: _decoded(match.group(), "latin-1"), text)
    return _WINDOWS.sub(lambda match: _decoded(match.group(), "cp1252"), text)


def _decoded(stretch: str, encoding: str) -> str:
    if encoding == "latin-1" and not _CONTROL.search(stretch):
        return stretch
    try:
        meant = stretch.encode(encoding).decode("utf-8")
    except UnicodeError:
        return stretch
    return meant if meant.isprintable() else stretch


def repair_page(page: Page) -> Page:
    """Repair a page's passages; a problem says so, and shows the first stretch."""
    blocks = tuple(_repaired(block) for block in page.blocks)
    changed = [(old, new) for old, new in zip(page.blocks, blocks, strict=True) if old is not new]
    if not changed:
        return page
    match = next(m for m in (_LATIN.search(changed[0][0].text), _WINDOWS.search(changed[0][0].text)) if m is not None)
    shown = match.group().encode("unicode_escape").decode()
    detail = (
        f"Decoded wrongly before the page was saved: characters of {len(changed)} of its passages, such as "
        f"“{shown}” for “{repair(match.group())}”; they are shown repaired, and the document's text is as it was."
    )
    return replace(page, blocks=blocks, problems=(*page.problems, Problem(KIND, detail, page.document.id)))


def _repaired(block: Block) -> Block:
    text = repair(block.text)
    return block if text == block.text else replace(block, text=text)
