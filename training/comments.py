"""Structured comments, to lay out as pages: read from a folder that is not part of the repository."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Any

DEFAULT_FOLDER = Path("../shared/comments")
_GONE = frozenset({"", "[deleted]", "[removed]", "[dead]", "[flagged]"})


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment as its source gives it: Markdown in which `>` still marks quotations."""

    id: str
    author: str  # the name that a page would print
    parent_id: str | None
    markdown: str
    karma: int
    posted_at: str  # sorts by time within one source
    source: str  # "forummagnum", "reddit", "convokit"


def load_authors(folder: Path) -> dict[str, tuple[Comment, ...]]:
    """The ForumMagnum comments by author's name, newest first, authors in alphabetical order.

    Raises FileNotFoundError, naming the folder, where there are none.
    """
    files = sorted((folder / "forummagnum").glob("user_*_comments.json"))
    if not files:
        raise FileNotFoundError(f"{folder}/forummagnum: expected files named user_<id>_comments.json")
    names = {user["_id"]: user["displayName"] for user in _read_json(folder / "forummagnum_users.json")}
    authors = {}
    for file in files:
        name = names[file.name.split("_")[1]]
        comments = [_forummagnum(record, name) for record in _read_json(file)]
        authors[name] = tuple(sorted(comments, key=lambda comment: comment.posted_at, reverse=True))
    return dict(sorted(authors.items()))


def load_others(folder: Path) -> tuple[Comment, ...]:
    """Comments of the Reddit and ConvoKit samples whose text and author are still there."""
    reddit = folder / "reddit" / "RC_2005-12.jsonl"
    convokit = folder / "convokit" / "cornell-subreddit-slice" / "utterances.jsonl"
    found = [_reddit(record) for record in _read_lines(reddit)]
    found += [_convokit(record) for record in _read_lines(convokit)]
    return tuple(comment for comment in found if comment.markdown.strip() not in _GONE and comment.author not in _GONE)


def _forummagnum(record: dict[str, Any], author: str) -> Comment:
    return Comment(
        id=record["_id"],
        author=author,
        parent_id=record["parentCommentId"],
        markdown=record["contents"]["markdown"],
        karma=int(record["baseScore"] or 0),
        posted_at=record["postedAt"],
        source="forummagnum",
    )


def _reddit(record: dict[str, Any]) -> Comment:
    parent = record["parent_id"]
    return Comment(
        id=record["id"],
        author=record["author"],
        parent_id=parent.removeprefix("t1_") if parent.startswith("t1_") else None,
        markdown=unescape(record["body"].replace("\r\n", "\n")),
        karma=int(record["score"]),
        posted_at=f"{int(record['created_utc']):012d}",
        source="reddit",
    )


def _convokit(record: dict[str, Any]) -> Comment:
    return Comment(
        id=record["id"],
        author=record["speaker"] or "[deleted]",
        parent_id=record["reply-to"] if record["reply-to"] != record["conversation_id"] else None,
        markdown=unescape(record["text"]),
        karma=int(record["meta"]["score"]),
        posted_at=f"{int(record['timestamp']):012d}",
        source="convokit",
    )


def _read_json(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def _read_lines(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)
