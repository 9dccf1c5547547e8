"""HTML as a stream of tags, in linear time: what is too large for a tree, and HTML that stands in Markdown.

The standard library's parser finds the tags; which of them belong together is decided here, more simply than in
browsers.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from html.parser import HTMLParser

from forum_comments.bodies.elements import DROPPED, ENTER, KNOWN, NO_ATTRIBUTES, SKIP, VOID, Leave
from forum_comments.bodies.writer import PassageWriter

# A number that no character has; turning its digits into one would take quadratic time, or raise.
_TOO_LONG_REFERENCE = re.compile(r"&#(?:[0-9]{12,}|[xX][0-9a-fA-F]{12,});?")
# Elements of which one ends where the next one begins, up to the element that holds them.
_ENDED_BY = {
    "p": frozenset({"p"}),
    "li": frozenset({"p", "li"}),
    "dt": frozenset({"p", "dt", "dd"}),
    "dd": frozenset({"p", "dt", "dd"}),
    "tr": frozenset({"p", "td", "th", "tr"}),
    "td": frozenset({"p", "td", "th"}),
    "th": frozenset({"p", "td", "th"}),
    "a": frozenset({"a"}),
}


def read_into(writer: PassageWriter, text: str) -> None:
    """Read HTML, whatever its size, into a writer."""
    stream = TagStream(writer)
    stream.feed(text)
    stream.finish()


class TagStream(HTMLParser):
    """Feeds a writer with tags and text; where it keeps unknown tags they are text, as `<int>` in Markdown is."""

    def __init__(self, writer: PassageWriter, keeps_unknown: bool = False) -> None:
        """Begin outside of any element."""
        super().__init__(convert_charrefs=True)
        self._writer = writer
        self._keeps_unknown = keeps_unknown
        self._open: list[tuple[str, Leave | None]] = []
        self._counts: Counter[str] = Counter()
        self._skipped = 0  # elements whose content is dropped

    def feed(self, data: str) -> None:
        """Read a piece of HTML."""
        super().feed(_TOO_LONG_REFERENCE.sub("\N{REPLACEMENT CHARACTER}", data))

    @property
    def depth(self) -> int:
        """The number of elements that are open."""
        return len(self._open)

    def leave_to(self, depth: int) -> None:
        """Leave elements until so many are open."""
        while len(self._open) > depth:
            self._leave()

    def finish(self) -> None:
        """Read what is left and end every element. A tag or comment that never ends is no text, as in browsers."""
        # `close` would look for the end of each of them again, in quadratic time.
        if self.rawdata and not re.match(r"<[A-Za-z/!?]", self.rawdata):
            self.handle_data(html.unescape(self.rawdata))
        self.leave_to(0)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Enter an element."""
        if self._keeps_unknown and tag not in KNOWN:
            self._text(self.get_starttag_text() or "")
            return
        ended = _ENDED_BY.get(tag, frozenset())
        while self._open and self._open[-1][0] in ended:
            self._leave()
        entered = None
        if self._skipped == 0 and tag in ENTER:
            entered = ENTER[tag](self._writer, dict(reversed(attrs)) if attrs else NO_ATTRIBUTES)
        if tag in VOID:
            return
        self._skipped += tag in DROPPED or entered is SKIP or self._skipped > 0
        self._open.append((tag, None if entered is SKIP else entered))
        self._counts[tag] += 1

    def handle_endtag(self, tag: str) -> None:
        """Leave an element and what is still open in it; an end without a beginning is nothing."""
        if self._keeps_unknown and tag not in KNOWN:
            self._text(f"</{tag}>")
        elif self._counts[tag]:
            while self._leave() != tag:
                pass

    def handle_data(self, data: str) -> None:
        """Pass text on."""
        self._text(data)

    def _text(self, text: str) -> None:
        if self._skipped == 0:
            self._writer.text(text)

    def _leave(self) -> str:
        tag, leave = self._open.pop()
        self._counts[tag] -= 1
        self._skipped -= self._skipped > 0
        if leave is not None:
            leave()
        return tag
