"""The picture that stands beside a link to the site elsewhere: the archive's own comments as blocks.

A block is a comment, in the order of the archive, the wider the longer it is and the darker the deeper it stands in its
thread. It has no words: whoever shows it prints the page's title beside it.
"""

from __future__ import annotations

import sqlite3
import struct
import zlib
from collections.abc import Sequence
from math import sqrt
from typing import Any

from forum_comments.pages.reading import rows

WIDTH, HEIGHT = 1200, 630  # pixels; what the Open Graph protocol's readers ask for
MARGIN, GAP = 60, 6
LINES = 15
LINE_HEIGHT = (HEIGHT - 2 * MARGIN + GAP) // LINES
NARROWEST = 3  # pixels
# Paper and then one colour for each depth, those deeper than the last like the last: the site's own colours.
PALETTE = ("faf9f6", "84c8d9", "4f9db0", "0b5a6f", "24643f", "5b4a8a")
COMMENTS = """
    select word_count, depth from comments
    where is_placeholder = 0 and word_count > 0
    order by rowid limit 1500
"""


def card(connection: sqlite3.Connection) -> dict[str, Any]:
    """The picture as `png`, in bytes."""
    comments = [(row["word_count"], row["depth"]) for row in rows(connection, COMMENTS)]
    return {"title": "Comments, each as wide as it is long", "png": png(draw(comments))}


def draw(comments: Sequence[tuple[int, int]]) -> list[bytes]:
    """The lines of the picture, a byte a pixel, from pairs of words and depth."""
    inside = WIDTH - 2 * MARGIN
    # The square root, so that a few long comments do not take the picture for themselves.
    total = sum(sqrt(words) for words, _ in comments)
    scale = (LINES * inside * 0.9 - GAP * len(comments)) / total if total else 0
    lines = [bytearray(WIDTH) for _ in range(LINES)]
    line, place = 0, MARGIN
    for words, depth in comments:
        width = max(NARROWEST, min(inside, round(scale * sqrt(words))))
        if place + width > WIDTH - MARGIN:
            line, place = line + 1, MARGIN
        if line == LINES:
            break
        colour = min(depth, len(PALETTE) - 2) + 1
        lines[line][place : place + width] = bytes([colour]) * width
        place += width + GAP
    blank = bytes(WIDTH)
    drawn = [row for painted in lines for row in [bytes(painted)] * (LINE_HEIGHT - GAP) + [blank] * GAP]
    return [*[blank] * MARGIN, *drawn, *[blank] * (HEIGHT - MARGIN - len(drawn))]


def png(lines: Sequence[bytes]) -> bytes:
    """A PNG file (ISO/IEC 15948) with PALETTE, of lines of equal length with a byte a pixel."""
    header = struct.pack(">IIBBBBB", len(lines[0]), len(lines), 8, 3, 0, 0, 0)
    chunks = (
        (b"IHDR", header),
        (b"PLTE", bytes.fromhex("".join(PALETTE))),
        (b"IDAT", zlib.compress(b"".join(b"\0" + line for line in lines), 9)),
        (b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, content) for kind, content in chunks)


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
