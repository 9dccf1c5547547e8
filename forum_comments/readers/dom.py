"""Saved HTML as a tree whose elements know where they stand in the source.

Lexbor does not keep places. So each tag of the source is given its own offset as an attribute before it is parsed,
under a name that the source does not contain; within scripts, comments and titles that does no harm, and it is taken
out again where it is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser, LexborNode

_HTML = re.compile(
    r"\ufeff?\s*(?:<!--.*?-->\s*)?(?:<\?xml[^<>]*>\s*)?<(?:!doctype html|html|head|body|div|ul|li|article)\b",
    re.IGNORECASE | re.DOTALL,
)
_HTML_WITHIN = 2_000  # characters from the top
_OPENING = re.compile(r"<([a-zA-Z][^\s/>]*)")
_TAG = re.compile(r"<(/?)([a-zA-Z][^\s/>]*)")
# HTML5 prescribes work that grows with the square of the elements open at once and of an element's attributes. Pages of
# these forums open some hundreds, in threads of forty replies below each other, and have some dozens of attributes.
MOST_OPEN = 1_000
MOST_IN_TAG = 20_000
# Elements that need no end tag, and the shapes of pictures, which mostly have none.
_UNCLOSED = frozenset(
    "area base br col embed hr img input link meta param source track wbr p li dt dd option tr td th"
    " path circle rect line polygon polyline ellipse use stop".split()
)


def is_html(text: str) -> bool:
    """Whether a text begins as HTML does."""
    return bool(_HTML.match(text[:_HTML_WITHIN]))


def is_too_costly(text: str) -> bool:
    """Whether a tree of it would take more than linear time: too deep, or with a tag of too many words."""
    open_elements, tag_end = 0, 0
    for match in _TAG.finditer(text):
        is_end, name = bool(match[1]), match[2].lower()
        if tag_end < match.end():
            tag_end = text.find(">", match.end())
            tag_end = tag_end if tag_end >= 0 else len(text)
            if tag_end - match.end() > MOST_IN_TAG and len(text[match.end() : tag_end].split()) > MOST_IN_TAG:
                return True
        if name not in _UNCLOSED:
            open_elements = max(0, open_elements + (-1 if is_end else 1))
            if open_elements > MOST_OPEN:
                return True
    return False


class Dom:
    """The tree of an HTML page."""

    def __init__(self, text: str) -> None:
        """Parse a page that is not too costly."""
        self.text = text
        self._mark = "data-at"
        lower = text.lower()
        while self._mark in lower:
            self._mark += "-at"
        self._marks = re.compile(rf" {self._mark}=\d+ ")
        marked = _OPENING.sub(lambda match: f"{match.group()} {self._mark}={match.start()} ", text)
        self._tree = LexborHTMLParser(marked)

    def find(self, selector: str, within: LexborNode | None = None) -> list[LexborNode]:
        """Give the elements that match a CSS selector and stand in the source, in its order."""
        found = (within or self._tree.root or self._tree).css(selector)
        return [node for node in found if self._has_place(node)]

    def first(self, selector: str, within: LexborNode | None = None) -> LexborNode | None:
        """Give the first of them."""
        return next(iter(self.find(selector, within)), None)

    def _has_place(self, node: LexborNode) -> bool:
        return (node.attributes.get(self._mark) or "").isdecimal()

    def place(self, node: LexborNode) -> int:
        """Give the offset at which an element's start tag begins."""
        return int(node.attributes[self._mark] or 0)

    def attribute(self, node: LexborNode | None, name: str) -> str | None:
        """Give an attribute of an element as the source has it."""
        value = node.attributes.get(name) if node is not None else None
        return self._marks.sub("", value).strip() if value is not None else None

    def words(self, node: LexborNode | None) -> str:
        """Give an element's text with single spaces."""
        return " ".join(self._marks.sub("", node.text(deep=True)).split()) if node is not None else ""

    def ancestors(self, node: LexborNode) -> Iterator[LexborNode]:
        """Give the elements around an element, the nearest first."""
        parent = node.parent
        while parent is not None:
            yield parent
            parent = parent.parent

    def inside(self, node: LexborNode) -> int:
        """Give the offset after an element's start tag."""
        quote = ""
        for position in range(self.place(node), len(self.text)):
            character = self.text[position]
            if quote:
                quote = "" if character == quote else quote
            elif character in "\"'" and self.text[position - 1] == "=":
                quote = character
            elif character == ">":
                return position + 1
        return len(self.text)

    def end(self, node: LexborNode, limit: int) -> tuple[int, int]:
        """Give the offsets at which an element's end tag begins and ends; twice `limit` where none stands before it."""
        depth = 0
        tags = re.compile(rf"<(/?){re.escape(node.tag or '')}(?=[\s/>])[^>]*>?", re.IGNORECASE)
        for match in tags.finditer(self.text, self.place(node), limit):
            depth += -1 if match[1] else 1
            if depth == 0:
                return match.start(), match.end()
        return limit, limit
