"""Opens a dump whatever its compression, and reads it as a stream: memory does not grow with the file.

What a file is, its first bytes say, not its name. A file that ends too early, or whose compression is damaged, gives
what comes before that place and then a Fault.
"""

from __future__ import annotations

import bz2
import codecs
import gzip
import lzma
import zlib
from collections.abc import Callable, Iterator
from io import BufferedReader
from pathlib import Path
from typing import Protocol

import zstandard

from forum_comments.decoding import BYTE_ORDER_MARKS
from forum_comments.errors import SourceError, unreadable
from forum_comments.records import Fault

CHUNK_BYTES = 1 << 18
# Of Zstandard, what is decompressed at once: a block of 128 KiB can be four bytes, so a thousand become 32 MB at most.
ZSTANDARD_BYTES = 1 << 10
# Archives of Reddit are made with `zstd --long=31`.
ZSTANDARD_WINDOW_BYTES = 1 << 31
ZSTANDARD_MAGIC = b"\x28\xb5\x2f\xfd"
SKIPPABLE_FRAME_MAGICS = tuple(bytes([0x50 + digit]) + b"\x2a\x4d\x18" for digit in range(16))
LONGEST_MAGIC = 6
NO_MEMORY = "not enough memory"  # what Zstandard says where there is none for its window, of a file that is whole

CUT_SHORT = "file cut short"
DAMAGED = "file damaged"


class _Readable(Protocol):
    def read1(self, size: int, /) -> bytes: ...


class _ZstandardReader:
    """Reads Zstandard frames one after the other; it says when the last is not whole, as the package does not."""

    def __init__(self, file: BufferedReader) -> None:
        self._file = file
        self._decompressor = zstandard.ZstdDecompressor(max_window_size=ZSTANDARD_WINDOW_BYTES)
        self._frame: zstandard.ZstdDecompressionObj | None = None
        self._compressed = b""

    def read1(self, size: int, /) -> bytes:
        """Give the bytes that come of a piece of the file, none at its end. Raises EOFError where it is cut."""
        while True:
            self._compressed = self._compressed or self._file.read(ZSTANDARD_BYTES)
            if not self._compressed:
                if self._frame is not None:
                    raise EOFError("the last Zstandard frame is not whole")
                return b""
            if self._frame is None:
                self._frame = self._decompressor.decompressobj()
            found = self._frame.decompress(self._compressed)
            self._compressed = b""
            if self._frame.eof:
                self._compressed, self._frame = self._frame.unused_data, None
            if found:
                return found


_OPENERS: tuple[tuple[tuple[bytes, ...], Callable[[BufferedReader], _Readable]], ...] = (
    ((b"\x1f\x8b",), lambda file: gzip.GzipFile(fileobj=file)),
    ((b"BZh",), bz2.BZ2File),
    ((b"\xfd7zXZ\x00",), lzma.LZMAFile),
    ((ZSTANDARD_MAGIC, *SKIPPABLE_FRAME_MAGICS), _ZstandardReader),
)


def chunks(path: Path) -> Iterator[bytes | Fault]:
    """Read a file in pieces, decompressed and in UTF-8 without a byte order mark; last, a Fault where it breaks off.

    Raises SourceError where it cannot be opened.
    """
    try:
        file = path.open("rb")
    except OSError as error:
        raise SourceError(path, unreadable(error)) from error
    with file:
        yield from _as_utf8(_decompressed(file))


def _decompressed(file: BufferedReader) -> Iterator[bytes | Fault]:
    magic = file.read(LONGEST_MAGIC)
    file.seek(0)
    source: _Readable = next((opener(file) for magics, opener in _OPENERS if magic.startswith(magics)), file)
    length = 0
    try:
        while chunk := source.read1(CHUNK_BYTES):  # `read` would lose what it has when the file breaks off
            length += len(chunk)
            yield chunk
    except EOFError:
        yield Fault(CUT_SHORT, f"the compressed data end too early: {length} bytes could be read, expected more")
    except (OSError, zlib.error, lzma.LZMAError, zstandard.ZstdError) as error:
        if NO_MEMORY in str(error):
            raise MemoryError from error
        yield Fault(DAMAGED, f"nothing can be read after byte {length} of the decompressed data: {error}")


def _as_utf8(pieces: Iterator[bytes | Fault]) -> Iterator[bytes | Fault]:
    """Take off a byte order mark, and turn what it says is UTF-16 or UTF-32 into UTF-8."""
    decoder: codecs.IncrementalDecoder | None = None
    is_first = True
    for piece in pieces:
        if isinstance(piece, Fault):
            yield piece
            continue
        if is_first:
            mark, encoding = next((found for found in BYTE_ORDER_MARKS if piece.startswith(found[0])), (b"", ""))
            if encoding == "utf-8-sig":
                piece = piece[len(mark) :]
            elif encoding:
                decoder = codecs.getincrementaldecoder(encoding)("replace")
            is_first = False
        yield piece if decoder is None else decoder.decode(piece).encode()
