"""Documents become pages; one that is no page of a known layout is refused, left out, or read as a list where asked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from forum_comments.corrections_file import CorrectionsFile
from forum_comments.documents import ReadSources
from forum_comments.errors import SourceError
from forum_comments.models import Page
from forum_comments.readers import read_page

EXPECTED = (
    "expected a page of LessWrong, the Alignment Forum, the EA Forum, GreaterWrong or the issarice reader, as text or "
    "HTML; --unknown-pages list reads a text as paragraphs without any head"
)


def read_pages(
    read: ReadSources, files: Iterable[CorrectionsFile], unknown_as_lists: bool
) -> tuple[list[Page], list[str]]:
    """Read the pages of all documents, in their order; the second value are warnings about those left out.

    A text whose layout is not known is read as a list where its page's facts in `files` say so, or with
    `unknown_as_lists`. Raises SourceError where another one was named itself as a source.
    """
    lists = lists_in(files, read.ids_by_path)
    pages = [read_page(d, is_list=d.id in lists, unknown_as_list=unknown_as_lists) for d in read.documents]
    warnings = []
    for page in pages:
        if page.layout == "unread":
            what = f"{page.problems[-1].detail.split(':')[0]}: {EXPECTED}"
            path = read.named.get(page.document.id)
            if path is not None:
                raise SourceError(path, what)
            warnings.append(f"{page.document.file_name}: left out: {what}")
    return pages, warnings


def lists_in(files: Iterable[CorrectionsFile], ids_by_path: Mapping[Path, str]) -> set[str]:
    """Give the documents that the facts of corrections files call lists."""
    return {
        ids_by_path[path]
        for file in files
        for facts in file.pages
        if facts.layout is not None and (path := file.path.parent.resolve() / facts.file) in ids_by_path
    }
