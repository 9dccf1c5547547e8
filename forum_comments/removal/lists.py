"""The list of what was removed, `removals.yml` of a source folder: salted hashes, so that it holds none of it.

salt: 64 hexadecimal digits
removals:
  - kind: comment                # or author, document
    by: moderator                # or author: the person who wrote it
    day: "2026-11-21"            # the day of the request
    reason: …                    # shown on the comment's page; a moderator has to give one
    id: …                        # of comments.id, authors.id or documents.id
    text: …                      # of a comment's words
    opening: …                   # of a comment's opening key, where twelve words went into it
    places: […]                  # of the ids of a comment's appearances: they tell short comments apart
    passages: […]                # of the words of each of its own passages that is long enough to be known again
    keeps: […]                   # of the ids of comments that hold the same words by right, such as one it quotes
    name: …                      # of an author's name

Whoever has the list and a copy of the words can check that they were removed; nobody can read them from it. `remove.py`
writes the entries.
"""

from __future__ import annotations

import contextlib
import datetime
import hmac
import secrets
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from forum_comments.errors import OutputError, RemovalError, as_output_error
from forum_comments.replacement import replacement, resolve_target
from forum_comments.yaml_file import UnreadableError, kind_of, read_yaml

SALT_BYTES = 32
HASH_DIGITS = 32
OPENING_HASH = "opening words"  # what the hash of a paragraph's opening in corrections.yml is of
HASH = frozenset("0123456789abcdef")
ENTRY_KEYS = {
    "comment": ("id", "text", "opening", "places", "passages", "keeps"),
    "author": ("id", "name"),
    "document": ("id",),
}
LISTS = ("places", "passages", "keeps")
ABOUT_ENTRY = ("kind", "by", "day", "reason")
PEOPLE = ("author", "moderator")
HEADER = (
    "# What was taken down, as salted hashes: every build leaves it out. `remove.py` writes it;\n"
    "# forum_comments/removal/lists.py explains the keys. An entry that is deleted here brings its words back.\n"
)


@dataclass(frozen=True, slots=True)
class Removal:
    """An entry of a list. Hashes are those of its list's salt."""

    kind: str  # a key of ENTRY_KEYS
    by: str  # one of PEOPLE
    day: str  # ISO 8601
    reason: str | None
    id: str
    text: str | None = None
    opening: str | None = None
    places: frozenset[str] = frozenset()
    passages: frozenset[str] = frozenset()
    keeps: frozenset[str] = frozenset()
    name: str | None = None


@dataclass(frozen=True, slots=True)
class RemovalList:
    """A list as it was read."""

    path: Path
    content: bytes
    salt: bytes
    removals: tuple[Removal, ...]

    def hash(self, what: str, value: str) -> str:
        """Hash a value with the list's salt; `what` keeps a comment's id and an author's apart."""
        return salted_hash(self.salt, what, value)


def salted_hash(salt: bytes, what: str, value: str) -> str:
    """Give the first 32 hexadecimal digits of an HMAC-SHA256."""
    return hmac.digest(salt, f"{what}\0{value}".encode("utf-8", "surrogatepass"), "sha256").hex()[:HASH_DIGITS]


def load_removals(path: Path) -> RemovalList:
    """Read and check a list; raises RemovalError with the file, the entry and what is wrong."""
    try:
        content, data = read_yaml(path)
    except UnreadableError as error:
        raise RemovalError(path, None, str(error)) from error
    if not isinstance(data, dict) or data.keys() != {"salt", "removals"}:
        raise RemovalError(path, None, "expected a mapping with the keys “salt” and “removals” and no others")
    salt, items = data["salt"], data["removals"]
    if not isinstance(salt, str) or not _is_hash(salt, 2 * SALT_BYTES):
        raise RemovalError(path, None, f"“salt” has to be {2 * SALT_BYTES} hexadecimal digits: quote it")
    items = [] if items is None else items
    if not isinstance(items, list):
        raise RemovalError(path, None, f"“removals” has to be a list, and is {kind_of(items)}")
    removals = tuple(_removal(path, number, item) for number, item in enumerate(items, 1))
    return RemovalList(path, content, bytes.fromhex(salt), removals)


def _removal(path: Path, number: int, item: object) -> Removal:
    if not isinstance(item, dict):
        raise RemovalError(path, number, f"expected a mapping, and found {kind_of(item)}")
    kind = item.get("kind")
    if not isinstance(kind, str) or kind not in ENTRY_KEYS:
        raise RemovalError(path, number, f"“kind” has to be one of {', '.join(ENTRY_KEYS)}")
    expected = (*ABOUT_ENTRY, *ENTRY_KEYS[kind])
    unknown = sorted(str(key) for key in item if key not in expected)
    if unknown:
        raise RemovalError(path, number, f"unknown key “{unknown[0]}”: expected {', '.join(expected)}")
    if item.get("by") not in PEOPLE:
        raise RemovalError(path, number, f"“by” has to be one of {', '.join(PEOPLE)}")
    reason = item.get("reason")
    if reason is not None and (not isinstance(reason, str) or not reason.strip()):
        raise RemovalError(path, number, f"“reason” has to be text, and is {kind_of(reason)}: quote it")
    if "id" not in item:
        raise RemovalError(path, number, "“id” is missing")
    hashes = {key: _hashes(path, number, key, item[key]) for key in ENTRY_KEYS[kind] if key in item}
    return Removal(kind=kind, by=item["by"], day=_day(path, number, item), reason=reason, **hashes)  # type: ignore[arg-type]


def _hashes(path: Path, number: int, key: str, value: object) -> str | frozenset[str]:
    values = value if key in LISTS else [value]
    if not isinstance(values, list) or not all(isinstance(v, str) and _is_hash(v, HASH_DIGITS) for v in values):
        many = "a list of hashes" if key in LISTS else "a hash"
        raise RemovalError(path, number, f"“{key}” has to be {many} of {HASH_DIGITS} hexadecimal digits, quoted")
    return frozenset(values) if key in LISTS else values[0]


def _is_hash(text: str, digits: int) -> bool:
    return len(text) == digits and HASH.issuperset(text)


def _day(path: Path, number: int, item: Mapping[str, object]) -> str:
    day = item.get("day")
    what = "“day” has to be a day such as 2026-11-21"
    if not isinstance(day, str | datetime.date):
        raise RemovalError(path, number, what if day is None else f"{what}, and is {kind_of(day)}")
    try:
        return datetime.date.fromisoformat(str(day)).isoformat()
    except ValueError:
        raise RemovalError(path, number, f"{what}, and is “{day}”") from None


def new_list(path: Path) -> RemovalList:
    """Make an empty list with a salt of its own; nothing is written yet."""
    return RemovalList(path, b"", secrets.token_bytes(SALT_BYTES), ())


def with_removals(current: RemovalList, removals: Iterable[Removal]) -> RemovalList:
    """Add entries to a list, leaving what stands in its file as it is, comments too; nothing is written yet.

    Raises RemovalError where the file is laid out so that no entry can be added at its end.
    """
    added = [removal for removal in removals if removal not in current.removals]
    text = current.content.decode("utf-8-sig")
    if not current.removals:
        text = f"{HEADER}salt: '{current.salt.hex()}'\nremovals:\n"
    if not text.endswith("\n"):
        text += "\n"
    if added:
        text += yaml.safe_dump([_as_item(r) for r in added], sort_keys=False, allow_unicode=True, width=120)
    content = text.encode()
    expected = (*current.removals, *added)
    try:
        data = yaml.safe_load(content)
        found = tuple(_removal(current.path, number, item) for number, item in enumerate(data["removals"] or [], 1))
    except (yaml.YAMLError, TypeError, KeyError):
        found = None
    if found != expected:
        what = (
            "entries cannot be added at its end; “removals” has to come last, each entry on lines of its own after “- ”"
        )
        raise RemovalError(current.path, None, what)
    return RemovalList(current.path, content, current.salt, expected)


def _as_item(removal: Removal) -> dict[str, object]:
    item: dict[str, object] = {}
    for key in (*ABOUT_ENTRY, *ENTRY_KEYS[removal.kind]):
        value = getattr(removal, key)
        if value:
            item[key] = sorted(value) if isinstance(value, frozenset) else value
    return item


def write_file(path: Path, content: bytes) -> None:
    """Replace a file whole or not at all; where the path is a link, the file that it names. Raises RemovalError."""
    try:
        with replacement(resolve_target(path)) as building, as_output_error(path):
            building.write_bytes(content)
    except OutputError as error:
        raise RemovalError(path, None, error.what) from error


@contextlib.contextmanager
def replaced_files(files: Mapping[Path, bytes]) -> Iterator[None]:
    """Replace files; put back what they were where the block fails. Raises RemovalError where one cannot be written."""
    before = {path: path.read_bytes() if path.exists() else None for path in files}
    try:
        for path, content in files.items():
            write_file(path, content)
        yield
    except BaseException:  # Ctrl-C too
        for path, content_before in before.items():
            if content_before is None:
                path.unlink(missing_ok=True)
            else:
                write_file(path, content_before)
        raise
