"""A feed as an Atom document (RFC 4287), with the parent of each reply as RFC 4685 gives it."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import urlencode
from xml.etree.ElementTree import Element, SubElement, tostring

from forum_comments.pages.reading import Row

ATOM = "http://www.w3.org/2005/Atom"
THREADING = "http://purl.org/syndication/thread/1.0"
RIGHTS = "Every comment belongs to the person who wrote it."
DATES = (
    "Where the day of a comment is not known, its entry has the category “undated” and no published date; "
    "its updated date is when the page that shows it was saved, or else the first instant of 1970."
)
# Characters that XML 1.0 cannot hold, not even escaped.
NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def atom(feed: Row, address: Callable[[str], str], own_path: str) -> bytes:
    """Return the Atom document of a feed that `feeds.py` made.

    `address` makes an absolute URL of a path, `own_path` is where the feed itself stands. The id of an entry is the
    comment's permalink.
    """
    root = Element("feed", {"xmlns": ATOM, "xmlns:thr": THREADING})
    page = feed["path"] + (f"?{urlencode(feed['arguments'])}" if feed["arguments"] else "")
    _text(root, "id", address(own_path))
    _text(root, "title", feed["title"])
    _text(root, "subtitle", DATES)
    _text(root, "updated", feed["updated"])
    _text(root, "rights", RIGHTS)
    SubElement(root, "link", {"rel": "self", "type": "application/atom+xml", "href": address(own_path)})
    SubElement(root, "link", {"rel": "alternate", "type": "text/html", "href": address(page)})
    for entry in feed["entries"]:
        _entry(root, entry, address)
    document: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return document


def _entry(root: Element, entry: Row, address: Callable[[str], str]) -> None:
    permalink = address(f"/-/comment/{entry['id']}")
    element = SubElement(root, "entry")
    _text(element, "id", permalink)
    _text(element, "title", entry["title"])
    _text(SubElement(element, "author"), "name", entry["author_name"] or "author unknown")
    _text(element, "updated", entry["updated"])
    if entry["published"]:
        _text(element, "published", entry["published"])
    else:
        SubElement(element, "category", {"term": "undated", "label": "The date is not known"})
    SubElement(element, "link", {"rel": "alternate", "type": "text/html", "href": permalink})
    if entry["parent_id"]:
        parent = address(f"/-/comment/{entry['parent_id']}")
        SubElement(element, "thr:in-reply-to", {"ref": parent, "href": parent, "type": "text/html"})
    _text(element, "content", entry["body"])


def _text(parent: Element, tag: str, text: str) -> None:
    """Add an element that holds plain text, which is what Atom takes it for without a `type`."""
    SubElement(parent, tag).text = NOT_XML.sub("\ufffd", text)
