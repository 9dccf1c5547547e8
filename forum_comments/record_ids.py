"""Ids of what a dump names: they stand in URLs, so they hold nothing but `A-Z a-z 0-9 _ -`."""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache

from forum_comments.labels import slug_of

# The Alignment Forum shows comments, posts and people of LessWrong under the same ids.
SAME_FORUM = {"af": "lw"}
# A record of this source was exported from an archive: its id is that of the comment.
PAGE_SOURCE = "page"
HASH_CHARACTERS = 10
# What the comments of pages are called, which have no id of a source: whoever refers to one means that.
PAGE_ID = re.compile(r"p-[0-9a-f]{12}(?:-[0-9]+)?").fullmatch
PLAIN_ID = re.compile(r"[A-Za-z0-9_-]{1,80}").fullmatch


@lru_cache(maxsize=1000)
def source_name(source: str) -> str:
    """Give what ids of a source begin with."""
    name = SAME_FORUM.get(source, source)
    return name if PLAIN_ID(name) else slug_of(name)


def plain_id(text: str) -> str:
    """Give an id as it is where a URL can hold it, else its letters and a hash that keeps it apart from others."""
    if PLAIN_ID(text):
        return text
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:HASH_CHARACTERS]
    return f"{slug_of(text)[:40]}-{digest}"


def id_in(source: str, source_id: str) -> str:
    """Give the id of a comment or post that a source calls `source_id`."""
    is_ours = source == PAGE_SOURCE or (source_id[:2] == "p-" and PAGE_ID(source_id))
    return plain_id(source_id) if is_ours else f"{source_name(source)}-{plain_id(source_id)}"


def author_id_in(source: str, author_id: str, name: str) -> str:
    """Give the id of a person: the name's letters with the source's own id; where the name is that id, the source's."""
    if author_id == name:
        return id_in(source, name) if source != PAGE_SOURCE else plain_id(name)
    return f"{slug_of(name)[:40]}-{plain_id(author_id)}" if source != PAGE_SOURCE else plain_id(author_id)
