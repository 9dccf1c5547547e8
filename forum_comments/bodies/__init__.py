"""Bodies: what somebody typed or a forum stored becomes passages and links, whatever its markup.

One module a markup: `plain`, `html` and `markdown`; `writer` makes passages of what they find. Nothing of a body's
markup is left: what comes out is text. Nothing here recurses; time and memory grow in proportion to a body's length.
"""

from __future__ import annotations

from forum_comments.bodies import html, markdown, plain
from forum_comments.records import Body, Markup

_READERS = {"html": html.read, "markdown": markdown.read, "plain": plain.read}


def read_body(text: str, markup: Markup) -> Body:
    """Read a body: its passages, without markup, and its links to http(s) addresses, both in the order of the text.

    Characters that no file can hold (NUL, halves of surrogate pairs) become U+FFFD, line ends line feeds. Broken markup
    is read as far as it goes, as browsers do: there is no text that cannot be read. Raises ValueError where `markup` is
    none.
    """
    if markup not in _READERS:
        raise ValueError(f"markup is {markup!r}; expected one of {', '.join(sorted(_READERS))}")
    return _READERS[markup](_storable(text))


def _storable(text: str) -> str:
    if "\0" in text:
        text = text.replace("\0", "\N{REPLACEMENT CHARACTER}")
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    try:
        text.encode()
    except UnicodeEncodeError:  # two halves that belong together become the character that they mean
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text
