"""An archive of dumps and of a page that shows one of their comments, made by the real build."""

from __future__ import annotations

import json
from pathlib import Path

from build_db import build

BRIDGE = "A bridge of rope carries as much as a bridge of iron, if the rope is looked after by people who walk on it."
IRON = "Iron asks for less care than rope does, which is why towns that have money build with iron and villages do not."
PAGE = f"Ada Example\n\nWrites tests.\n\nWiki Contributions\n\n{IRON}\n\nThis one stands in no dump.\n"
HTML = (
    f"<p>{BRIDGE}</p><h2>How to look after it</h2><pre><code>look();\nmend();</code></pre>"
    "<ul><li>Look at the rope.</li><li>Mend it.</li></ul><blockquote><p>Ropes rot.</p></blockquote>"
)
LINKED = (
    '<a href="https://example.org/above?a=1&amp;b=2">above</a> at https://example.org/bare and, again,'
    ' <a href="https://example.org/above?a=1&amp;b=2">above</a>'
)
POST = {"_id": "post1", "title": "On bridges", "pageUrl": "https://www.lesswrong.com/posts/post1/on-bridges"}
ADA = {"_id": "uada", "slug": "ada", "displayName": "Ada Example"}
BOB = {"_id": "ubob", "slug": "bob", "displayName": "Bob Example"}


def record(id: str, html: str | None, **values: object) -> dict[str, object]:
    """Give a comment as the forum's interface does, with these values instead of the usual ones."""
    usual: dict[str, object] = {
        "_id": id,
        "postId": "post1",
        "parentCommentId": None,
        "userId": "uada",
        "user": ADA,
        "postedAt": "2020-01-02T03:04:05.000Z",
        "baseScore": 5,
        "contents": None if html is None else {"html": html},
    }
    return usual | values


BY_BOB = {"userId": "ubob", "user": BOB}
RECORDS = [
    record("a", HTML, baseScore=-4, lastEditedAt="2020-03-04T05:06:07.000Z", extendedScore={"agreement": -2}),
    record("b", f"<blockquote><p>{BRIDGE}</p></blockquote><p>It does.</p>", parentCommentId="a", **BY_BOB),
    record("gone", None, parentCommentId="a", deleted=True, deletedByUserId="uada", user=None),
    record("moderated", None, parentCommentId="a", deleted=True, deletedByUserId="umod", user=None),
    record("after", "<p>Why did you delete it?</p>", parentCommentId="gone", **BY_BOB),
    record("taken-back", "<p>Iron never rusts.</p>", parentCommentId="b", retracted=True),
    record("iron", f"<p>{IRON}</p>", postedAt="2020-01-05T00:00:00.000Z"),
    record("orphan", f"<p>What was said {LINKED} is true.</p>", parentCommentId="lost", postId="post2"),
]
LATER = [
    record("a", f"<p>{BRIDGE}</p>", baseScore=7, postedAt="2020-01-02T03:04:06.000Z"),
    record("gone", "<p>Words that were still there.</p>", parentCommentId="a"),
]
ITEMS = [
    {"id": 11, "type": "comment", "by": "cy", "parent": 10, "time": 1577934245, "text": "It is dead.", "dead": True},
    {"id": 12, "type": "comment", "deleted": True, "parent": 10, "time": 1577934246},
]


def build_archive(folder: Path) -> Path:
    """Build the archive in a folder; give the path of the database."""
    source = folder / "source"
    source.mkdir()
    write_lines(source / "comments.jsonl", RECORDS)
    write_lines(source / "later.jsonl", LATER)
    write_lines(source / "posts.jsonl", [{**POST, "postedAt": "2020-01-01T00:00:00.000Z", "commentCount": 7}])
    write_lines(source / "items.jsonl", ITEMS)
    with (source / "comments.jsonl").open("a", encoding="utf-8") as file:
        file.write('{"_id": "cut", "postId": "po')
    (source / "ada.txt").write_text(PAGE, encoding="utf-8")
    build([source], folder / "comments.db", [])
    return folder / "comments.db"


def write_lines(path: Path, records: list[dict[str, object]]) -> None:
    """Write JSON Lines."""
    path.write_text("".join(f"{json.dumps(each)}\n" for each in records), encoding="utf-8")
