"""Readers: a document in, a page of furniture and content blocks out; one page format a file.

They are pure: no SQLite, no command line, no network. The layout is found from the content, never from a file's name.
"""

from __future__ import annotations

from dataclasses import replace

from forum_comments.models import Document, Page, Problem
from forum_comments.readers import plain_list, profile, replies_page
from forum_comments.readers.lines import split_lines


def read_page(document: Document) -> Page:
    """Read a document in the layout that its content shows; its spans cover the text without gap or overlap."""
    lines, leading = split_lines(document.text)
    if replies_page.recognise(lines):
        page = replies_page.read(document, lines, leading)
    elif profile.recognise(lines):
        page = profile.read(document, lines, leading)
    else:
        page = plain_list.read(document, lines, leading)
    if not page.blocks:
        detail = "The page holds nothing but furniture: no comment was found on it."
        page = replace(page, problems=(*page.problems, Problem("no comments", detail, document.id)))
    return page
