"""Makes stock pages obey the Content-Security-Policy: their inline style sheets are hashed, style attributes go.

Both work on rendered HTML, since Datasette's templates offer no block at these places. Text out of the database cannot
match, because its `<` is escaped. `head` is made of templates alone, so that a style sheet that somebody smuggles into
a comment is not among those that are admitted.
"""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256
from typing import Any

from markupsafe import Markup

from forum_comments.serving.exchange import exchange_of

STYLE_SHEET = re.compile(r"<style\b[^>]*>(?P<css>.*?)</style>", re.DOTALL)
EDITOR_HEIGHT = re.compile(r'(?P<tag><textarea\b[^<>]*) style="height: (?P<lines>[0-9]+)em"')
STYLE_ATTRIBUTE = re.compile(r'(?P<tag><[a-z][a-z0-9]*\b[^<>]*?)\s+style="[^"<>]*"')


def digest_of(text: str) -> str:
    """The SHA-256 of an inline script or style sheet as a Content-Security-Policy writes it."""
    return b64encode(sha256(text.encode()).digest()).decode()


def admit_styles(head: str, request: Any) -> str:
    """Return what stands in a page's `<head>`, after its inline style sheets have been admitted for this response.

    Their text differs from page to page: Datasette writes the names of the columns into them for small screens.
    """
    exchange_of(request).styles += [digest_of(match["css"]) for match in STYLE_SHEET.finditer(head)]
    return head


def without_style_attributes(content: str) -> Markup:
    """Return a page's content without `style="…"`; the height of the SQL editor becomes a number of lines."""
    # As plain text: in a Markup, what a regular expression puts back is escaped.
    with_lines = EDITOR_HEIGHT.sub(r'\g<tag> rows="\g<lines>"', str(content))
    return Markup(STYLE_ATTRIBUTE.sub(r"\g<tag>", with_lines))
