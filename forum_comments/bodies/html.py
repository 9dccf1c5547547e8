"""HTML: parsed by Lexbor as browsers parse it, and walked without recursion.

What HTML5 prescribes takes time and memory that grow with the square of the elements that stand open at once, or of an
element's attributes. So what is much longer or has many more tags than comments have is read as a stream of tags.
"""

from __future__ import annotations

from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser, LexborNode

from forum_comments.bodies import tag_stream
from forum_comments.bodies.elements import ATTRIBUTED, DROPPED, ENTER, NO_ATTRIBUTES, SKIP, Leave
from forum_comments.bodies.writer import PassageWriter
from forum_comments.records import Body

# A tree of so many tags never takes more than some milliseconds and megabytes: measured with the worst that was found,
# `<p><b id=1>x</p><p><b id=2>x</p>...`; 16,000 characters of attributes take as long.
MAX_TAGS = 1_000
MAX_CHARACTERS = 16_000
TEXT = "-text"


def read(text: str) -> Body:
    """Read HTML: a fragment, or a page's whole body."""
    writer = PassageWriter()
    if len(text) > MAX_CHARACTERS or text.count("<") > MAX_TAGS:
        tag_stream.read_into(writer, text)
        return writer.body()
    body = LexborHTMLParser(text).body
    if body is None:  # a set of frames
        tag_stream.read_into(writer, text)
    else:
        _walk(writer, body.iter(include_text=True))
    return writer.body()


def _walk(writer: PassageWriter, children: Iterator[LexborNode]) -> None:
    open_elements: list[tuple[Iterator[LexborNode], Leave | None]] = [(children, None)]
    while open_elements:
        children, leave = open_elements[-1]
        for node in children:
            tag = node.tag
            if tag == TEXT:
                writer.text(node.text_content or "")
                continue
            if tag is None or tag in DROPPED:
                continue
            enter = ENTER.get(tag)
            entered = None
            if enter is not None:
                entered = enter(writer, node.attributes if tag in ATTRIBUTED else NO_ATTRIBUTES)
            if entered is not SKIP:
                open_elements.append((node.iter(include_text=True), entered))
                break
        else:
            open_elements.pop()
            if leave is not None:
                leave()
