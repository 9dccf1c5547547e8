"""Passages as they come out of markup: text is gathered, and folded into a passage where a block ends."""

from __future__ import annotations

import re

from forum_comments.bodies.links import bare_urls, target_of
from forum_comments.bodies.numbering import Numbering
from forum_comments.bodies.plain import TYPED_STARTS, paragraphs, typed_passages
from forum_comments.records import Body, BodyPassage, PassageKind

# A line break that is meant, among the white space that is not: no body holds this character.
BREAK = "\0"
CELL_SEPARATOR = " | "
# Kinds in which paragraphs are lines of one passage.
_WHOLE_KINDS: frozenset[PassageKind] = frozenset({"list item", "footnote", "heading"})
# Text above or below the line that means no power and no index: ordinals, marks of footnotes, trade marks.
_FLAT_SCRIPT = re.compile(r"\s*(?:st|nd|rd|th|tm|\W*)\s*|\s*\[.*", re.IGNORECASE | re.DOTALL)
_SIMPLE_SCRIPT = re.compile(r"[-+−]?\w+")


class PassageWriter:
    """Gathers the text of a body and makes passages and links of it, in the order of the text."""

    def __init__(self) -> None:
        """Begin with an empty body."""
        self.kind: PassageKind = "paragraph"
        self.is_quotation = False
        self.footnotes_follow = False  # the next list is that of the footnotes
        self._footnotes = 0
        self._label = ""  # of the footnote whose first passage is still to come
        self._passages: list[BodyPassage] = []
        self._links: list[str] = []
        self._parts: list[str] = []
        self._flushes = 0  # how often they became a passage
        self._numbering: Numbering | None = None  # of the list that is being read; None: it has bullets
        self._item_label: str | None = None  # of the item whose first passage is still to come
        self._outer: list[tuple[PassageKind, bool, Numbering | None]] = []
        self._linked = 0  # elements that are links and have not ended
        self._cells: int | None = None  # of the row that is being read; None outside of rows
        self._script: tuple[int, int] | None = None  # where the outermost superscript or subscript began
        self._scripts = 0

    def body(self) -> Body:
        """Give the body, whole."""
        self.flush()
        return Body(self._passages, self._links)

    def text(self, text: str) -> None:
        """Add text; its white space counts as one space outside of code."""
        self._parts.append(text)
        if "://" in text and not self._linked:
            self._links += bare_urls(text)

    def line_break(self) -> None:
        """Add a line break; two of them end a paragraph."""
        self._parts.append(BREAK)

    def paragraph(self) -> None:
        """Begin or end a paragraph; in an item it is a line of it, in a table's cell a part of it."""
        if self._cells is not None:
            self._parts.append(" ")
        elif self.kind in _WHOLE_KINDS:
            self.line_break()
        elif self.kind != "code block":
            self.flush()
        elif self._parts and not self._parts[-1].endswith((BREAK, "\n")):
            self.line_break()

    def begin(self, kind: PassageKind, is_quotation: bool = False, numbering: Numbering | None = None) -> None:
        """Begin a stretch whose passages are of a kind; what is quoted stays quoted in it. `end` ends it.

        `numbering` is that of a list whose items are numbered.
        """
        self.flush()
        self._outer.append((self.kind, self.is_quotation, self._numbering))
        self.kind = kind
        self.is_quotation = self.is_quotation or is_quotation
        self._numbering = numbering

    def end(self) -> None:
        """End the stretch that began last."""
        self.flush()
        self.kind, self.is_quotation, self._numbering = self._outer.pop()

    def begin_item(self, number: int | None = None) -> None:
        """Begin an item of the list that began last; `number` is given where the item says it itself."""
        self.flush()
        self._item_label = self._numbering.label(number) if self._numbering is not None else None

    def end_item(self) -> None:
        """End an item."""
        self.flush()
        self._item_label = None

    def begin_footnote(self, number: int | None = None) -> None:
        """Begin a footnote with its number, the next one where none is given, as the forum prints it."""
        self._footnotes = self._footnotes + 1 if number is None else number
        self._label = f"{self._footnotes}. ^ "

    def begin_row(self) -> None:
        """Begin a table's row: a paragraph of its cells."""
        self.flush()
        self._cells = 0

    def end_row(self) -> None:
        """End a table's row."""
        self.flush()
        self._cells = None

    def begin_cell(self) -> None:
        """Begin a cell of a row."""
        if self._cells:
            self._parts.append(CELL_SEPARATOR)
        self._cells = (self._cells or 0) + 1

    def begin_link(self, address: str | None) -> None:
        """Begin the text of a link; what stands in it is no further address."""
        self.add_link(address)
        self._linked += 1

    def end_link(self) -> None:
        """End the text of a link."""
        self._linked -= 1

    def add_link(self, address: str | None) -> None:
        """Add a link where its target is one."""
        target = target_of(address)
        if target is not None:
            self._links.append(target)

    def place(self) -> tuple[int, int]:
        """Say where the text is now, for `since` and `replace_since`."""
        return self._flushes, len(self._parts)

    def since(self, place: tuple[int, int]) -> str | None:
        """Give the text that was added since; None where a passage ended in between."""
        return "".join(self._parts[place[1] :]) if place[0] == self._flushes else None

    def replace_since(self, place: tuple[int, int], text: str) -> None:
        """Put another text in the place of what was added since; only where `since` gave some."""
        self._parts[place[1] :] = [text]

    def begin_script(self, mark: str) -> None:
        """Begin text above (`^`) or below (`_`) the line."""
        self._scripts += 1
        if self._scripts > 1:  # the outer one is looked at as a whole; nested ones are rare and only marked
            self._parts.append(mark)
        else:
            self._script = self.place()

    def end_script(self, mark: str) -> None:
        """End it: `10<sup>6</sup>` becomes 10^6, never 106; what cannot be misread stays flat: 1st, H2O, [1]."""
        self._scripts -= 1
        if self._scripts or self._script is None:
            return
        place, self._script = self._script, None
        inner = self.since(place)
        base = self._parts[place[1] - 1][-1:] if inner is not None and place[1] else ""
        if inner is None or _FLAT_SCRIPT.fullmatch(inner) or not (base.isalnum() or base in ")]}"):
            return
        if mark == "_" and not base.isdigit():
            return
        inner = inner.strip()
        self.replace_since(place, mark + (inner if _SIMPLE_SCRIPT.fullmatch(inner) else f"({inner})"))

    def flush(self) -> None:
        """End the passage that is being read, if it has any text."""
        if not self._parts:
            return
        raw = "".join(self._parts)
        self._parts.clear()
        self._flushes += 1
        if self.kind == "code block":
            code = raw.replace(BREAK, "\n").strip("\n").rstrip()
            if code:
                self._passages.append(BodyPassage("code block", code, self.is_quotation))
            return
        if "\n" in raw and raw.lstrip()[:1] in TYPED_STARTS:  # each line of a typed list has its own bullet
            raw = raw.replace("\n", BREAK)
        self._write([" ".join(line.split()) for line in raw.split(BREAK)])

    def _write(self, lines: list[str]) -> None:
        if self.kind == "paragraph" and self._cells is None:
            for group in paragraphs(lines):
                self._passages += typed_passages(group, "paragraph", self.is_quotation)
            return
        lines = [line for line in lines if line]
        if self.kind == "paragraph":
            row = " ".join(lines)
            if row.strip(CELL_SEPARATOR):
                self._passages += typed_passages([row], "paragraph", self.is_quotation)
        elif self.kind == "list item" and lines:
            first, *more = typed_passages(lines, "list item", self.is_quotation)
            label, self._item_label = self._item_label, None
            self._passages += [first._replace(label=label) if first.kind == "list item" else first, *more]
        elif lines:
            label, self._label = (self._label, "") if self.kind == "footnote" else ("", self._label)
            self._passages.append(BodyPassage(self.kind, label + "\n".join(lines), self.is_quotation))
