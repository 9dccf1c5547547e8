"""Readers: a document in, a page of furniture and content blocks out; one page format a file.

They are pure: no SQLite, no command line, no network. The layout is found from the content, never from a file's name; a
page that is none of these layouts, or looks like two, is not read, unless somebody says that it is a list.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

from forum_comments.models import Document, Furniture, Page, Problem
from forum_comments.readers import (
    comment_permalink,
    ea_profile,
    forum_html,
    greaterwrong,
    greaterwrong_html,
    old_lesswrong,
    old_lesswrong_html,
    plain_list,
    post_page,
    profile,
    profile_2026,
    reader_html,
    reader_page,
    replies_page,
    titled_permalink,
)
from forum_comments.readers.dom import Dom, is_html, is_too_costly
from forum_comments.readers.lines import Line, split_lines
from forum_comments.readers.mojibake import repair_page


class Reader(Protocol):
    """A module that reads pages of one layout."""

    def recognise(self, lines: Sequence[Line]) -> bool:
        """Whether the lines are a page of this layout."""

    def read(self, document: Document, lines: Sequence[Line], leading: Sequence[Furniture]) -> Page:
        """Read a document that `recognise` has recognised."""


class MarkupReader(Protocol):
    """A module that reads saved HTML of one site."""

    def recognise(self, dom: Dom) -> bool:
        """Whether the page is one of this site."""

    def read(self, document: Document, dom: Dom) -> Page:
        """Read a page that `recognise` has recognised."""


MARKUP_READERS: tuple[MarkupReader, ...] = (forum_html, greaterwrong_html, old_lesswrong_html, reader_html)
# The readers in ranks: what a title says outweighs what stands below it, and marks that only one site prints outweigh
# headings that several have. A later rank is asked only where no reader of an earlier one knows the page.
RANKS: tuple[tuple[Reader, ...], ...] = (
    (replies_page,),
    (reader_page, greaterwrong, old_lesswrong),
    (comment_permalink, profile_2026, ea_profile),
    (post_page, titled_permalink),
    (profile,),
)
NONE_KNOWN = "The page is none of those that this program knows: nothing was taken from it."
SEVERAL_KNOWN = "The page could be read in several ways ({names}): nothing was taken from it."
TOO_COSTLY = "The page is HTML of a depth that no page of these forums has: nothing was taken from it."
NO_COMMENTS = "The page holds nothing but furniture: no comment was found on it."


def readers_of(lines: Sequence[Line]) -> tuple[Reader, ...]:
    """Give the readers of the first rank that know a page; several are a page that is not clearly either."""
    for rank in RANKS:
        found = tuple(reader for reader in rank if reader.recognise(lines))
        if found:
            return found
    return ()


def read_page(document: Document, *, is_list: bool = False, unknown_as_list: bool = False) -> Page:
    """Read a document in the layout that its content shows; its spans cover the text without gap or overlap.

    `is_list`: an editor knows that it is a list without heads; `unknown_as_list`: it is read as one where its layout is
    not known. Otherwise such a page has the layout `unread`.
    """
    if is_html(document.text):
        return _read_markup(document)
    lines, leading = split_lines(document.text)
    found = () if is_list else readers_of(lines)
    if len(found) == 1:
        page = found[0].read(document, lines, leading)
    elif is_list or unknown_as_list:
        page = plain_list.read(document, lines, leading)
    else:
        return _unread(document, _why_unread(found))
    return repair_page(page) if page.blocks else _without_comments(page)


def _read_markup(document: Document) -> Page:
    if is_too_costly(document.text):
        return _unread(document, TOO_COSTLY)
    dom = Dom(document.text)
    found = tuple(reader for reader in MARKUP_READERS if reader.recognise(dom))
    if len(found) != 1:
        return _unread(document, _why_unread(found))
    page = found[0].read(document, dom)
    return repair_page(page) if page.blocks else _without_comments(page)


def _without_comments(page: Page) -> Page:
    problem = Problem("no comments", NO_COMMENTS, page.document.id)
    return replace(page, problems=(*page.problems, problem))


def _why_unread(found: Sequence[object]) -> str:
    names = ", ".join(sorted(getattr(reader, "__name__", "").rpartition(".")[2].replace("_", " ") for reader in found))
    return SEVERAL_KNOWN.format(names=names) if found else NONE_KNOWN


def _unread(document: Document, detail: str) -> Page:
    return Page(
        document=document,
        layout="unread",
        title=f"{document.file_name} (not read)",
        owner=None,
        blocks=(),
        furniture=(Furniture("unread", 0, len(document.text)),) if document.text else (),
        problems=(Problem("layout not recognised", detail, document.id),),
    )
