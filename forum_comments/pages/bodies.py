"""Comments' texts as blocks for reading: paragraphs, lists, code, headings, footnotes and quotations, links in them.

The tables `passages` and `links` say all of it; a comment that has no passages is read from its `body`, paragraph by
paragraph.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any

from forum_comments.pages.reading import Row, rows
from forum_comments.pages.wording import QUOTATION_WORDS, sureness

PASSAGES = """
    select passages.comment_id, passages.kind, passages.text, passages.label, passages.is_quotation,
        passages.quoted_comment_id, passages.quotation_basis, passages.quotation_confidence,
        quoted.title as quoted_title, quoted.author_id as quoted_author_id,
        quoted.author_name as quoted_author_name
    from passages
    left join comments as quoted on quoted.id = passages.quoted_comment_id
    where passages.comment_id in (select value from json_each(:ids))
    order by passages.comment_id, passages.position
"""

LINKS = "select comment_id, url from links where comment_id in (select value from json_each(:ids))"

BODIES = "select id, body from comments where id in (select value from json_each(:ids)) and body is not null"

# What stands before a list item and is a number; letters are shown as they are.
ITEM_NUMBER = re.compile(r"(-?[0-9]{1,9})[.)]")

LINKED_SCHEMES = ("http://", "https://")


def pieces(text: str, urls: Iterable[str]) -> list[dict[str, Any]]:
    """A text cut where one of `urls` stands in it: each piece has `text` and `url` (None: plain text)."""
    found: list[tuple[int, str]] = []
    taken = 0
    # The longest first, so that an address is not cut short by another one that begins it.
    candidates = sorted({url for url in urls if url.startswith(LINKED_SCHEMES)}, key=len, reverse=True)
    while True:
        places = [(text.find(url, taken), url) for url in candidates]
        places = [(place, url) for place, url in places if place >= 0]
        if not places:
            break
        place, url = min(places, key=lambda candidate: candidate[0])
        found.append((place, url))
        taken = place + len(url)
    cut: list[dict[str, Any]] = []
    end = 0
    for place, url in found:
        if place > end:
            cut.append({"text": text[end:place], "url": None})
        cut.append({"text": url, "url": url})
        end = place + len(url)
    if end < len(text) or not cut:
        cut.append({"text": text[end:], "url": None})
    return cut


def bodies(connection: sqlite3.Connection, comment_ids: Sequence[str]) -> dict[str, list[dict[str, Any]]]:
    """The blocks of each comment, by its id; an empty list for one without a text."""
    ids = {"ids": json.dumps(list(comment_ids))}
    urls: dict[str, list[str]] = {}
    for link in rows(connection, LINKS, ids):
        urls.setdefault(link["comment_id"], []).append(link["url"])
    made: dict[str, list[dict[str, Any]]] = {comment_id: [] for comment_id in comment_ids}
    for comment_id, passages in groupby(rows(connection, PASSAGES, ids), key=lambda row: row["comment_id"]):
        made[comment_id] = blocks(list(passages), urls.get(comment_id, ()))
    without = [comment_id for comment_id, found in made.items() if not found]
    for row in rows(connection, BODIES, {"ids": json.dumps(without)}):
        paragraphs = [{"kind": "paragraph", "text": text} for text in row["body"].split("\n\n") if text.strip()]
        made[row["id"]] = [flat_block(paragraph, urls.get(row["id"], ())) for paragraph in paragraphs]
    return made


def blocks(passages: Sequence[Row], urls: Iterable[str]) -> list[dict[str, Any]]:
    """A comment's passages as blocks: neighbouring list items are one list, neighbouring quoted ones one quotation."""
    urls = list(urls)
    made: list[dict[str, Any]] = []
    for source, group in groupby(passages, key=_quotation_key):
        members = list(group)
        if source is None:
            made.extend(_with_lists(members, urls))
        else:
            made.append(_quotation(members, urls))
    return made


def flat_block(passage: Row, urls: Iterable[str]) -> dict[str, Any]:
    """One passage as a block: `kind` and `pieces`."""
    return {"kind": passage["kind"], "pieces": pieces(passage["text"], urls)}


def _quotation_key(passage: Row) -> tuple[Any, ...] | None:
    if not passage["is_quotation"]:
        return None
    return (passage["quoted_comment_id"], passage["quotation_basis"], passage["quotation_confidence"])


def _with_lists(passages: Sequence[Row], urls: Sequence[str]) -> list[dict[str, Any]]:
    made: list[dict[str, Any]] = []
    for marks, group in groupby(passages, key=_marks):
        if marks is not None:
            made.append({"kind": "list", "marks": marks, "items": [_item(passage, urls) for passage in group]})
        else:
            made.extend(flat_block(passage, urls) for passage in group)
    return made


def _marks(passage: Row) -> str | None:
    """What marks an item of a list: "numbers", "labels" that are none, or "bullets"; None where it is no item."""
    if passage["kind"] != "list item":
        return None
    if passage["label"] is None:
        return "bullets"
    return "numbers" if ITEM_NUMBER.fullmatch(passage["label"]) else "labels"


def _item(passage: Row, urls: Sequence[str]) -> dict[str, Any]:
    number = ITEM_NUMBER.fullmatch(passage["label"] or "")
    return {**flat_block(passage, urls), "label": passage["label"], "number": int(number.group(1)) if number else None}


def _quotation(passages: Sequence[Row], urls: Sequence[str]) -> dict[str, Any]:
    head = passages[0]
    quoted = None
    if head["quoted_comment_id"]:
        quoted = {
            "id": head["quoted_comment_id"],
            "title": head["quoted_title"],
            "author_id": head["quoted_author_id"],
            "author_name": head["quoted_author_name"],
        }
    return {
        "kind": "quotation",
        "quoted": quoted,
        "basis": head["quotation_basis"],
        "words": QUOTATION_WORDS.get(head["quotation_basis"], head["quotation_basis"]),
        "sureness": sureness(head["quotation_confidence"]),
        "blocks": _with_lists(passages, urls),
    }


def shortened(blocks: Sequence[dict[str, Any]], characters: int) -> tuple[list[dict[str, Any]], bool]:
    """The beginning of a comment, about so many characters long, and whether anything was left out."""
    kept: list[dict[str, Any]] = []
    left = characters
    for block in blocks:
        size = _size(block)
        if size > left:
            return [*kept, *_beginning(block, left)], True
        kept.append(block)
        left -= size
    return kept, False


def _beginning(block: dict[str, Any], characters: int) -> list[dict[str, Any]]:
    if characters <= 0:
        return []
    for name in ("items", "blocks"):  # of a list, of a quotation; they hold no further ones of their own kind
        if name in block:
            return [{**block, name: shortened(block[name], characters)[0]}]
    start = "".join(piece["text"] for piece in block["pieces"])[:characters]
    return [{**block, "pieces": [{"text": f"{start}…", "url": None}]}]


def _size(block: dict[str, Any]) -> int:
    inner = block.get("items") or block.get("blocks")
    if inner is None:
        return sum(len(piece["text"]) for piece in block["pieces"])
    return sum(_size(item) for item in inner)
