"""A small archive for the tests of search, feeds, statistics and the page about the data."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rooms import row

from forum_comments.database import write_database

# Text that tries to be something else wherever it is shown.
HOSTILE = (
    '<script>alert("x")</script> </title> ]]> &lt;b&gt; =HYPERLINK("http://example.com") '
    "'; drop table comments; -- body:x* NEAR(a b) {{ 7*7 }} \u202e\x07 \ufffe"
)
AUTHORS = [
    {"id": "ann-lee", "name": "Ann Lee", "bio": None},
    {"id": "bob", "name": "Bob <i>", "bio": None},
]
BUILD = {
    "id": 1,
    "program_version": "0.1.0",
    "program_sha256": "cd" * 32,
    "schema_version": 1,
    "inputs_sha256": "ab" * 32,
    "is_amended": 0,
}
DOCUMENTS = [
    {
        "id": "d00000000001",
        "title": "Comments of Ann Lee",
        "file_name": "ann.txt",
        "format": "profile",
        "owner_id": "ann-lee",
        "saved_at": "2022-03-01T00:00:00Z",
        "says_more": 1,
        "bytes": 900,
        "sha256": "0" * 64,
    },
    {
        "id": "d00000000002",
        "title": "Somebody",
        "file_name": "some.txt",
        "format": "list",
        "says_more": 0,
        "bytes": 100,
        "sha256": "1" * 64,
    },
]
CLAIM = "Robots will walk."
# id, author, parent, posted_at, karma, body, own_text, quoted_text
COMMENTS: list[tuple[Any, ...]] = [
    ("c-1", "ann-lee", None, "2021-05-01T10:00:00Z", 7, f"{CLAIM}\n\nThey walk already.", None, None),
    ("c-2", "bob", "c-1", "2021-06-02T10:00:00Z", 12, f"{CLAIM}\n\nNo, they roll.", "No, they roll.", CLAIM),
    ("c-3", "ann-lee", "c-2", "2022-01-01T00:00:00Z", None, "They roll and walk.", None, None),
    ("c-4", None, None, None, None, "An undated remark about robots and C++.", None, None),
    ("c-5", "bob", "c-0", None, -2, HOSTILE, None, None),
    ("c-0", None, None, None, None, None, None, None),
    ("c-6", None, None, None, None, "Nobody saved the day of this.", None, None),
]


QUOTATIONS = [
    {
        "comment_id": "c-2",
        "position": 1,
        "kind": "paragraph",
        "text": CLAIM,
        "is_quotation": 1,
        "quoted_comment_id": "c-1",
    }
]


def comment_row(comment: tuple[Any, ...]) -> dict[str, Any]:
    """Return a row of `comments` from a short tuple as in COMMENTS."""
    id_, author_id, parent_id, posted_at, karma, body, own_text, quoted_text = comment
    names = {author["id"]: author["name"] for author in AUTHORS}
    roots = {"c-2": ("c-1", 1), "c-3": ("c-1", 2), "c-5": ("c-0", 1)}
    root_id, depth = roots.get(id_, (id_, 0))
    return {
        "id": id_,
        "title": " ".join((body or "A comment that was not read").split()[:6]),
        "author_id": author_id,
        "parent_id": parent_id,
        "posted_at": posted_at,
        "karma": karma,
        "is_truncated": int(id_ == "c-4"),
        "word_count": len(body.split()) if body else None,
        "root_id": root_id,
        "depth": depth,
        "is_placeholder": int(id_ == "c-0"),
        "author_name": names.get(author_id),
        "author_basis": "page owner" if author_id else "unknown",
        "author_confidence": 0.95 if author_id else None,
        "parent_basis": "page layout" if parent_id else "unknown",
        "parent_confidence": 0.9 if parent_id else None,
        "source": "page",
        "opening_key": id_.removeprefix("c-").rjust(12, "0"),
        "body": body,
        "own_text": own_text,
        "quoted_text": quoted_text,
    }


def appearance_row(position: int, comment_id: str, document_id: str) -> dict[str, Any]:
    """Return a row of `appearances`."""
    return {
        "id": f"{document_id}-{position}",
        "comment_id": comment_id,
        "document_id": document_id,
        "position": position,
        "is_truncated": 0,
        "boundary_basis": "language" if position > 1 else "page start",
        "boundary_confidence": 0.65 if position > 1 else 1.0,
    }


def make_archive(path: Path, comments: list[tuple[Any, ...]] = COMMENTS) -> Path:
    """Write an archive of these comments to `path`; all but c-6 stand in the first document."""
    rows: dict[str, list[dict[str, Any]]] = {"builds": [BUILD]}
    if comments:
        read = [comment[0] for comment in comments if comment[0] != "c-0"]
        rows |= {
            "authors": AUTHORS,
            "documents": DOCUMENTS,
            "comments": [comment_row(comment) for comment in comments],
            "appearances": [
                appearance_row(position, id_, DOCUMENTS[id_ == "c-6"]["id"])
                for position, id_ in enumerate(read, start=1)
            ],
            "passages": QUOTATIONS if len(comments) > 1 else [],
        }
    write_database(path, {table: [row(table, **values) for values in found] for table, found in rows.items()})
    return path
