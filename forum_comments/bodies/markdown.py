"""Markdown as forums write it: CommonMark with tables, footnotes and formulas, read by pulldown-cmark.

Its events are read as they are; no HTML is made on the way. It reads hostile input in linear time, without recursion.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import pyromark

from forum_comments.bodies.numbering import Numbering
from forum_comments.bodies.tag_stream import TagStream
from forum_comments.bodies.writer import PassageWriter
from forum_comments.records import Body, PassageKind

_OPTIONS = pyromark.Options.ENABLE_TABLES | pyromark.Options.ENABLE_FOOTNOTES
_MARKDOWN = pyromark.Markdown(options=_OPTIONS | pyromark.Options.ENABLE_MATH)
_WITHOUT_FORMULAS = pyromark.Markdown(options=_OPTIONS)
# A spoiler's line is no quotation: ForumMagnum's `>! text` is text; Reddit's `>!text!<` stays as typed.
_SPOILER = re.compile(r"^((?:[ ]{0,3}>)*[ ]{0,3})(>![ ]?)(.*)$", re.MULTILINE)
SPOILER_END = "!<"
# A footnote's mark as Turndown writes one that is a link: `[^\[4\]^](...)`.
_RAISED_MARK = re.compile(r"\s*\^\s*(\[[^\[\]]*\])\s*\^\s*")

_STRETCHES: dict[str, PassageKind] = {
    "BlockQuote": "paragraph",
    "List": "list item",
    "FootnoteDefinition": "footnote",
    "Heading": "heading",
    "CodeBlock": "code block",
}
_STARTS: dict[str, Callable[[PassageWriter], None]] = {
    "Paragraph": PassageWriter.paragraph,
    "HtmlBlock": PassageWriter.paragraph,
    "Item": PassageWriter.begin_item,
    "TableHead": PassageWriter.begin_row,
    "TableRow": PassageWriter.begin_row,
    "TableCell": PassageWriter.begin_cell,
}
_ENDS: dict[str, Callable[[PassageWriter], None]] = {
    "Paragraph": PassageWriter.paragraph,
    "HtmlBlock": PassageWriter.paragraph,
    "Item": PassageWriter.end_item,
    "TableHead": PassageWriter.end_row,
    "TableRow": PassageWriter.end_row,
}


def read(text: str) -> Body:
    """Read Markdown."""
    if ">!" in text:
        text = _SPOILER.sub(_without_spoiler_mark, text)
    events = _MARKDOWN.events(text)
    if "$" in text and _has_prices(events):
        events = _WITHOUT_FORMULAS.events(text)
    reader = _Reader()
    for event in events:
        reader.read(event)
    return reader.body()


def _has_prices(events: Sequence[Any]) -> bool:
    """Say whether a formula ends right before a digit: `$16 [here](...), ~$50` is two prices, with a link between."""
    following = (after.get("Text", "") for one, after in pairwise(events) if "InlineMath" in one and "Text" in after)
    return any(text[:1].isdigit() for text in following)


def _without_spoiler_mark(line: re.Match[str]) -> str:
    before, mark, content = line.groups()
    return f"{before}\\{mark}{content}" if SPOILER_END in content else f"{before}{content}"


class _Reader:
    """Reads the parser's events, one after the other, into a writer."""

    def __init__(self) -> None:
        self._writer = PassageWriter()
        self._tags: TagStream | None = None
        self._footnotes: dict[str, int] = {}
        self._links: list[tuple[int, int]] = []  # where the text of each open link began
        self._depths: list[int] = []  # how many HTML elements were open where each open block began
        writer = self._writer
        self._values: dict[str, Callable[[Any], None]] = {
            "Text": writer.text,
            "Code": writer.text,
            "Start": self._start,
            "End": self._end,
            "InlineMath": lambda formula: writer.text(f"${formula}$"),
            "DisplayMath": lambda formula: writer.text(f"$${formula}$$"),
            "InlineHtml": self._html,
            "Html": self._html,
            "FootnoteReference": lambda name: writer.text(f"[{self._number(name)}]"),
        }

    def body(self) -> Body:
        if self._tags is not None:
            self._tags.finish()
        return self._writer.body()

    def read(self, event: Any) -> None:
        if event == "SoftBreak":
            self._writer.text("\n")
        elif event == "HardBreak":
            self._writer.line_break()
        elif event == "Rule":
            self._writer.flush()
        else:
            ((name, value),) = event.items()
            self._values[name](value)

    def _start(self, tag: Any) -> None:
        value: Any
        name, value = (tag, None) if isinstance(tag, str) else next(iter(tag.items()))
        writer = self._writer
        if name in _STRETCHES:
            self._depths.append(self._tags.depth if self._tags is not None else 0)
            numbering = Numbering(value) if name == "List" and value is not None else None
            writer.begin(_STRETCHES[name], name == "BlockQuote", numbering)
            if name == "FootnoteDefinition":
                writer.begin_footnote(self._number(value))
        elif name == "Link":
            writer.begin_link(value["dest_url"])
            self._links.append(writer.place())
        elif name == "Image":
            writer.add_link(value["dest_url"])
        elif name in _STARTS:
            _STARTS[name](writer)

    def _end(self, tag: Any) -> None:
        name = tag if isinstance(tag, str) else next(iter(tag))
        writer = self._writer
        if name in _STRETCHES:
            if self._tags is not None:
                self._tags.leave_to(self._depths[-1])
            self._depths.pop()
            writer.end()
        elif name == "Link":
            place = self._links.pop()
            mark = _RAISED_MARK.fullmatch(writer.since(place) or "")
            if mark:
                writer.replace_since(place, mark.group(1))
            writer.end_link()
        elif name in _ENDS:
            _ENDS[name](writer)

    def _html(self, piece: str) -> None:
        if self._tags is None:
            self._tags = TagStream(self._writer, keeps_unknown=True)
        self._tags.feed(piece)

    def _number(self, name: str) -> int:
        """Number footnotes in the order in which they are met: what they are called is often random."""
        return self._footnotes.setdefault(name, len(self._footnotes) + 1)
