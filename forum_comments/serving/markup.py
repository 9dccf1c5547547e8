"""Makes stock pages obey the Content-Security-Policy: style attributes go.

It works on rendered HTML, since Datasette's templates offer no block at these places. Text out of the database cannot
match, because its `<` is escaped.
"""

from __future__ import annotations

import re

from markupsafe import Markup

EDITOR_HEIGHT = re.compile(r'(?P<tag><textarea\b[^<>]*) style="height: (?P<lines>[0-9]+)em"')
STYLE_ATTRIBUTE = re.compile(r'(?P<tag><[a-z][a-z0-9]*\b[^<>]*?)\s+style="[^"<>]*"')


def without_style_attributes(content: str) -> Markup:
    """Return a page's content without `style="…"`; the height of the SQL editor becomes a number of lines."""
    # As plain text: in a Markup, what a regular expression puts back is escaped.
    with_lines = EDITOR_HEIGHT.sub(r'\g<tag> rows="\g<lines>"', str(content))
    return Markup(STYLE_ATTRIBUTE.sub(r"\g<tag>", with_lines))
