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
LETTERS = 40  # of a name that cannot stand in an id as it is
# What the comments of pages are called, which have no id of a source: whoever refers to one means that.
PAGE_PREFIX = "p"
PAGE_ID = re.compile(rf"{PAGE_PREFIX}-[0-9a-f]{{12}}(?:-[0-9]+)?").fullmatch
# A post of which pages give no more than its title.
TITLE_PREFIX = "title"
TITLE_ID = re.compile(rf"{TITLE_PREFIX}-[0-9a-f]{{12}}").fullmatch
PLAIN_ID = re.compile(r"[A-Za-z0-9_-]{1,80}").fullmatch
# No hyphen: the first one of an id ends the prefix, so that `a` with `b-c` and `a-b` with `c` are two comments.
PLAIN_PREFIX = re.compile(r"[A-Za-z0-9_]{1,80}").fullmatch


def forum_of(source: str) -> str:
    """Give the source whose ids a source uses; mostly its own."""
    return SAME_FORUM.get(source, source)


@lru_cache(maxsize=1000)
def prefix_of(source: str) -> str:
    """Give what ids of a source begin with: its name, else the name's letters and a hash; never a hyphen."""
    name = forum_of(source)
    if PLAIN_PREFIX(name) and name != PAGE_PREFIX:
        return name
    return f"{letters_of(name).replace('-', '_')}_{_digest(name)}"


def plain_id(text: str) -> str:
    """Give an id as it is where a URL can hold it, else its letters and a hash that keeps it apart from others."""
    return text if PLAIN_ID(text) else f"{letters_of(text)}-{_digest(text)}"


def letters_of(text: str) -> str:
    """Give the letters of a name that stand in an id for it."""
    return slug_of(text)[:LETTERS]


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:HASH_CHARACTERS]


def id_in(source: str, source_id: str) -> str:
    """Give the id of a comment or post that a source calls `source_id`."""
    is_ours = source == PAGE_SOURCE or (source_id[:1] == PAGE_PREFIX and PAGE_ID(source_id)) or TITLE_ID(source_id)
    return plain_id(source_id) if is_ours else f"{prefix_of(source)}-{plain_id(source_id)}"


def author_id_in(source: str, author_id: str, name: str) -> str:
    """Give the id of a person: the name's letters with the source's own id; where the name is that id, the source's."""
    if author_id == name:
        return id_in(source, name) if source != PAGE_SOURCE else plain_id(name)
    return f"{letters_of(name)}-{plain_id(author_id)}" if source != PAGE_SOURCE else plain_id(author_id)
