"""Bytes become a Document, where they are text at all. Newlines are never translated."""

from __future__ import annotations

import codecs
import hashlib
from pathlib import Path

from forum_comments.errors import SourceError
from forum_comments.models import Document, Problem

# The longer mark stands first: a UTF-32 file begins with the two bytes of a UTF-16 mark.
BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
DEFAULT_ENCODING = "utf-8"

# C0 controls and DEL, without those that saved texts hold: tab, line ends, form feed, escape.
CONTROL_CHARACTERS = "".join(chr(code) for code in [*range(32), 127] if chr(code) not in "\t\n\v\f\r\x1b")

# Shares above which a file is no text. Measured on 40 files of 20 kinds: images, archives, fonts, sound and
# compressed files have 36 to 53 % undecodable bytes or 37 to 40 % control characters, programs and databases
# 31 to 75 % control characters. A French sentence full of accents, saved as Latin-1, has 11 % undecodable bytes;
# other alphabets in their old encodings have over 50 %.
MOST_CONTROL_CHARACTERS = 0.2  # of all characters
MOST_UNDECODABLE_BYTES = 0.2  # of all bytes
# UTF-16 without a mark, read as UTF-8, has about 50 % control characters, but Japanese only 6 % and 6 %
# undecodable bytes. Above this sum, a file that is flawless UTF-16 with a space or line feed is taken for it.
LEAST_STRANGE_IN_UTF16 = 0.05
UTF16_WITHOUT_MARK = ("utf-16-le", "utf-16-be")

ID_DIGITS = 12  # hexadecimal digits of the sha256 that make a document's id


def decode(path: Path, content: bytes) -> Document:
    """Make a document of a file's bytes; bytes that are not text in its encoding become U+FFFD and a problem.

    The document is named as the file is, without its folder. Raises SourceError where the file is empty, blank
    or binary.
    """
    encoding = next((name for mark, name in BYTE_ORDER_MARKS if content.startswith(mark)), DEFAULT_ENCODING)
    text = content.decode(encoding, "replace")
    undecodable = _undecodable_bytes(content, encoding)
    _require_text(path, content, text, undecodable)
    sha256 = hashlib.sha256(content).hexdigest()
    document_id = sha256[:ID_DIGITS]
    problems: tuple[Problem, ...] = ()
    if undecodable:
        problems = (Problem("undecodable bytes", _describe(content, encoding, undecodable), document_id),)
    return Document(document_id, path.name, content, text, encoding, sha256, problems)


def _undecodable_bytes(content: bytes, encoding: str) -> int:
    """Count the bytes that are no text in this encoding."""
    if _first_undecodable(content, encoding) is None:
        return 0
    return len(content) - len(content.decode(encoding, "ignore").encode(encoding))


def _first_undecodable(content: bytes, encoding: str) -> int | None:
    try:
        content.decode(encoding)
    except UnicodeDecodeError as error:
        return error.start
    return None


def _describe(content: bytes, encoding: str, undecodable: int) -> str:
    bytes_are = "1 byte is" if undecodable == 1 else f"{undecodable} bytes are"
    first = _first_undecodable(content, encoding)
    return f"{bytes_are} not {encoding}, the first at byte offset {first} of {len(content)}; shown as U+FFFD"


def _require_text(path: Path, content: bytes, text: str, undecodable: int) -> None:
    """Raise SourceError where a file is empty, blank or binary."""
    if not content:
        raise SourceError(path, "empty; expected text")
    undecodable_share = undecodable / len(content)
    control_share = sum(text.count(character) for character in CONTROL_CHARACTERS) / max(len(text), 1)
    # Text whose only fault is a NUL here and there is no UTF-16.
    is_strange = undecodable > 0 or control_share > MOST_CONTROL_CHARACTERS
    if is_strange and undecodable_share + control_share > LEAST_STRANGE_IN_UTF16 and _is_utf16(content):
        what = "looks like UTF-16 without a byte order mark; expected UTF-8, or UTF-16 with its mark"
        raise SourceError(path, what)
    if undecodable_share > MOST_UNDECODABLE_BYTES:
        what = f"binary or no UTF-8: {undecodable_share:.0%} of its bytes cannot be decoded; expected text"
        raise SourceError(path, what)
    if control_share > MOST_CONTROL_CHARACTERS:
        what = f"binary: {control_share:.0%} of its characters are NUL or other controls; expected text"
        raise SourceError(path, what)
    if not text.strip():
        raise SourceError(path, "blank, it holds white space only; expected text")


def _is_utf16(content: bytes) -> bool:
    """Say whether bytes without a mark are flawless UTF-16 with a space or a line feed in it."""
    for encoding in UTF16_WITHOUT_MARK:
        if _first_undecodable(content, encoding) is None:
            text = content.decode(encoding)
            if " " in text or "\n" in text:
                return True
    return False
