"""Texts that try to become something else, and an archive built of them: bodies, names, titles, file names."""

from __future__ import annotations

import json
from pathlib import Path

from build_db import build

# Whatever becomes markup is an element or attribute called xss, or calls alert.
TEXTS = {
    "script": "<script>alert('xss')</script><xss>",
    "image": "<img src=x onerror=alert(1)><svg/onload=alert(1)><xss>",
    "out of an attribute": "\" xss=\"1\" onmouseover=\"alert(1)\" x='y' ' xss='1' onfocus='alert(1)' autofocus='><xss>",
    "out of a title": "</title></textarea></script></style></noscript><xss>",
    "out of a comment or CDATA": "--><xss> ]]><xss> <![CDATA[<xss>]]> <!-- <?xml version='1.0'?> <!DOCTYPE xss>",
    "entities": "&lt;xss&gt; &amp;lt;xss&amp;gt; &#60;xss&#62; &xxe; %3Cxss%3E \\u003cxss\\u003e",
    "template": "{{ 7 * 191 }} {% raise %} {# gone #} ${7*191} <%= 7*191 %> #{7*191}",
    "SQL": "'); drop table comments; -- \" or 1=1 union select null; :q @q ?1",
    "FTS": 'NEAR(a b, 2) AND OR NOT * ^x "unclosed col: {a b}: - + ( ) body:xss',
    "address": "javascript:alert(1) JaVaScRiPt:alert(1) data:text/html,<xss> vbscript:x https://h.example/\"xss='1'><xss>",
    "right to left": "user\u202eexe.txt\u202c \u2066x\u2069 \u200b\ufeff",
    "terminal": "\x1b[31mred\x1b[0m \x1b]0;title\x07 \x08\x08 \x9b31m \x7f",
    "formula": '=HYPERLINK("http://h.example","x") +1 -1 @SUM(1) \t=1+1',
    "NUL and others": "before\x00after \ufffe \uffff \x0b \x0c \x85 \u2028 \u2029",
    "long word": "x" * 5_000,
    "quotation marks of the search": "⟦xss⟧ ⟧⟦ <mark>",
}
# What a file's name can hold: no slash, no NUL, at most 255 bytes.
FILE_NAMES = [text.replace("/", "∕").replace("\x00", "")[:60] for text in TEXTS.values()]


def write_hostile(folder: Path) -> Path:
    """Build an archive of these texts in a folder that is empty, and give the path of its database."""
    pages = folder / "pages"
    pages.mkdir()
    for number, (file_name, text) in enumerate(zip(FILE_NAMES, TEXTS.values(), strict=True)):
        page = (
            f"All of {text[:80]}'s Comments + Replies\n\nComment {number}: {text}\n\n3{text[:40]}1y\nA reply. {text}\n"
        )
        (pages / f"{file_name}.txt").write_bytes(page.encode())
    lines = [
        {
            "id": f"h-{number}",
            "author": text,
            "bio": text,
            "body": f"{text}\n\n{text} said so.",
            "parent_id": f"h-{number - 1}" if number else None,
            "posted_at": "2020-01-01T00:00:00Z",
            "url": f"https://h.example/{text[:100]}",
            "post_id": f"post-{number}",
            "post_title": text,
            "post_url": text,
            "extra": {"said": text, text: 1},
        }
        for number, text in enumerate(TEXTS.values())
    ]
    dump = folder / "dump.jsonl"
    dump.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    build([pages, dump], folder / "comments.db", [])
    return folder / "comments.db"
