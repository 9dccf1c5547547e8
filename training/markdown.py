"""A comment's Markdown, as Turndown writes it, read back into the elements that the forum draws.

Formulas are kept between FORMULA_START and FORMULA_END, since the forum counts their characters where it
cuts a comment and a scrape then loses them. HTML lengths are estimates: the HTML itself is not in the dumps.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import Literal

ElementKind = Literal["paragraph", "list item", "code block", "heading", "footnote"]
FORMULA_START, FORMULA_END = "\x02", "\x03"

# HTML around the visible text of an element: <p></p>; <li></li>; <pre><code></code></pre>; <h2></h2>; a
# footnote's <li>, back link and <div>.
TAGS = {"paragraph": 7, "list item": 9, "code block": 24, "heading": 9, "footnote": 180}
LIST_TAGS, QUOTE_TAGS, LINK_TAGS, EMPHASIS_TAGS, FOOTNOTE_LINK = 9, 25, 15, 7, 120
# MathJax draws a formula as nested spans: pages show a comment with a formula whole only if it is very short.
FORMULA_HTML_PER_CHARACTER = 60

_QUOTE = re.compile(r"^ {0,3}> ?")
_ITEM = re.compile(r"^(?P<indent>\s*)(?P<marker>[*+-]|\d{1,3}[.)])\s+(?P<text>\S.*)$")
_HEADING = re.compile(r"^#{1,6}\s+")
_RULE = re.compile(r"^\s*([*_-] ?){3,}$")
_TABLE_RULE = re.compile(r"^\|?[\s|:-]+\|[\s|:-]*$")
_FOOTNOTE = re.compile(r"^\[\^(?P<name>[^\]]+)\]:\s*(?P<text>.*)$")
_FOOTNOTE_LINK = re.compile(r"\[\^\\?\[?(?P<name>[^\]\\]+)\\?\]?\^?\](?:\([^)]*\))?")
_IMAGE = re.compile(r"!\[[^\]]*\]\([^)]*\)")
_LINK = re.compile(
    r"\[(?P<text>(?:[^\[\]\\]|\\.|\[[^\]]*\])*)\]"
    r"\((?P<url>(?:[^()\s]|\([^)]*\))*)(?:\s+\"[^\"]*\")?\)"
)
_AUTOLINK = re.compile(r"<(?P<url>https?://[^>]+)>")
_FORMULA = re.compile(r"(?<![\\\w$])\$(?P<inner>[^$\n]{1,300})\$(?![\d$])")
_FORMULA_INNER = re.compile(r"^(?=\S)(?:.*[\\^_{}=<>].*|[A-Za-z]{1,2}'?)(?<=\S)$")
_EMPHASIS = re.compile(r"(?<![\\\w])(?P<mark>\*\*\*|\*\*|\*|__|_|~~)(?=\S)(?P<inner>.+?)(?<=[^\s\\])(?P=mark)(?!\w)")
_ESCAPE = re.compile(r"\\([^\w\s])")


@dataclass(frozen=True, slots=True)
class Element:
    """A paragraph, list item, code block, heading or footnote as the forum draws it."""

    kind: ElementKind
    source: str  # visible text, formulas between their marks
    html: int  # characters of HTML, tags included (estimate)
    group: int  # elements of one list or one blockquote share it
    quoted: bool = False
    listed: bool = False
    depth: int = 0  # of a list item, from 0
    marker: str = ""  # "•", or a number with its full stop


@dataclass(slots=True)
class _State:
    elements: list[Element] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)  # of the element that is being read
    pending: Element | None = None
    group: int = 0
    footnotes: dict[str, int] = field(default_factory=dict)

    def open(self, element: Element, text: str) -> None:
        self.close()
        self.pending, self.lines = element, [text]

    def close(self) -> None:
        if self.pending is not None:
            text = "\n".join(self.lines)
            if self.pending.kind == "code block":
                visible, extra = text, 0
            else:
                visible, extra = _inline(text, self.footnotes)
            if visible.strip():
                html = len(visible) + extra + TAGS[self.pending.kind] + self.pending.html
                self.elements.append(replace(self.pending, source=visible.strip(), html=html))
        self.pending, self.lines = None, []


def parse(markdown: str) -> tuple[Element, ...]:
    """Read Markdown into elements, in the order in which the page shows them: footnotes last."""
    state = _State()
    fenced = quoted = listed = False
    for line in markdown.split("\n"):
        depth, rest = _strip_quotes(line)
        if fenced or rest.lstrip().startswith("```"):
            fenced = _fence(state, rest, fenced, depth > 0)
            continue
        if (depth > 0) != quoted and (rest.strip() or depth > 0):
            state.close()
            listed = False
            state.group += 1
        quoted = depth > 0 if (rest.strip() or depth > 0) else False
        listed = _read_line(state, rest, quoted, listed)
    state.close()
    body = [element for element in state.elements if element.kind != "footnote"]
    notes = [element for element in state.elements if element.kind == "footnote"]
    return (*body, *notes)


def _read_line(state: _State, line: str, quoted: bool, listed: bool) -> bool:
    """Take one line, without its quotation marks, into `state`; returns whether a list is open after it."""
    if not line.strip() or _RULE.match(line) or _TABLE_RULE.match(line):
        state.close()
        return listed and not line.strip()
    item, footnote = _ITEM.match(line), _FOOTNOTE.match(line)
    if footnote:
        state.footnotes.setdefault(footnote["name"], len(state.footnotes) + 1)
        state.open(Element("footnote", "", 0, -1), footnote["text"])
        return False
    if item:
        if not listed:
            state.close()
            state.group += 0 if quoted else 1
        number = item["marker"].rstrip(".)")
        marker = f"{number}." if number.isdigit() else "•"
        opened = LIST_TAGS if not listed else 0
        depth = min(len(item["indent"]) // 2, 6) // 2
        state.open(Element("list item", "", opened, state.group, quoted, True, depth, marker), item["text"])
        return True
    if _HEADING.match(line):
        state.group += 1
        state.open(Element("heading", "", 0, state.group, quoted), _HEADING.sub("", line))
        return False
    if state.pending is not None:
        state.lines.append(line.strip())
        return listed
    listed = listed and line.startswith("  ")
    state.group += 0 if quoted or listed else 1
    state.open(Element("paragraph", "", 0, state.group, quoted, listed), line.strip())
    return listed


def _strip_quotes(line: str) -> tuple[int, str]:
    depth = 0
    while _QUOTE.match(line):
        line = _QUOTE.sub("", line, count=1)
        depth += 1
    return depth, line


def _fence(state: _State, line: str, fenced: bool, quoted: bool) -> bool:
    """Open, fill or close a code block; returns whether one is open after the line."""
    if line.lstrip().startswith("```"):
        if fenced:
            state.close()
        else:
            state.group += 1
            state.open(Element("code block", "", 0, state.group, quoted), "")
        return not fenced
    state.lines.append(line)
    return True


def _inline(text: str, footnotes: dict[str, int]) -> tuple[str, int]:
    """Visible text of inline Markdown, and the HTML characters that its tags take."""
    extra = 0

    def footnote(match: re.Match[str]) -> str:
        nonlocal extra
        extra += FOOTNOTE_LINK
        number = match["name"] if match["name"].isdigit() else None
        return f"[{number or footnotes.setdefault(match['name'], len(footnotes) + 1)}]"

    def link(match: re.Match[str]) -> str:
        nonlocal extra
        extra += LINK_TAGS + len(match["url"])
        return match.groupdict().get("text") or match["url"]

    def formula(match: re.Match[str]) -> str:
        nonlocal extra
        if not _FORMULA_INNER.match(match["inner"]):
            return match.group()
        extra += FORMULA_HTML_PER_CHARACTER * len(match["inner"])
        return FORMULA_START + re.sub(r"\\[A-Za-z]+|[\s{}^_\\]", "", match["inner"]) + FORMULA_END

    def emphasis(match: re.Match[str]) -> str:
        nonlocal extra
        extra += EMPHASIS_TAGS
        return match["inner"]

    text = _FOOTNOTE_LINK.sub(footnote, _IMAGE.sub("", text))
    text = _AUTOLINK.sub(link, _LINK.sub(link, text))
    text = _FORMULA.sub(formula, text)
    for _ in range(2):  # emphasis within emphasis
        text = _EMPHASIS.sub(emphasis, text)
    text = _ESCAPE.sub(r"\1", text)
    return text, extra + 4 * sum(text.count(character) for character in "<>&")


def visible_length(source: str) -> int:
    """Characters that the forum counts: without line ends, formulas included."""
    return len(source) - sum(source.count(character) for character in ("\n", FORMULA_START, FORMULA_END))


def printed(source: str) -> str:
    """What a scrape prints of visible text: formulas leave a hole."""
    return re.sub(f"{FORMULA_START}[^{FORMULA_END}]*{FORMULA_END}?", "", source)


def html_length(elements: tuple[Element, ...]) -> int:
    """Estimated length of a comment's HTML."""
    quotes = len({element.group for element in elements if element.quoted})
    return sum(element.html for element in elements) + QUOTE_TAGS * quotes
