"""Small pages as strings, and what the stages make of them: for tests only."""

from __future__ import annotations

import hashlib
import sqlite3
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import closing
from itertools import chain
from pathlib import Path

from forum_comments.archive import Archive
from forum_comments.attribution import attribute
from forum_comments.authors import authors_of
from forum_comments.comments import appearances_of
from forum_comments.gathering import Gathered
from forum_comments.linking import link
from forum_comments.models import Appearance, Comment, Document, Header, Page, Passage
from forum_comments.quotations import mark_quotations
from forum_comments.readers import read_page
from forum_comments.reconcile import reconcile
from forum_comments.segmentation import Division, divide_pages
from forum_comments.temporary import Aside

REPOSITORY = Path(__file__).parents[1]
# `nohup`, and a shell that is not interactive, start programs deaf to signals, and their children with them.
HEARS_SIGNALS = """
import signal
for deaf in (signal.SIGTERM, signal.SIGHUP):
    signal.signal(deaf, signal.SIG_DFL)
signal.signal(signal.SIGINT, signal.default_int_handler)
"""
SEEDS = REPOSITORY / "seeds"
SEED_NAMES = sorted(path.name for path in SEEDS.glob("*.txt"))

REPLIES_HEAD = "All of Ada Example's Comments + Replies\n\n"
PROFILE_HEAD = "Ada Example\n\nWrites tests.\n\nWiki Contributions\n\n"


def document_of(text: str, file_name: str = "page.txt") -> Document:
    """Make a document of a text, as if it had been read from a file in UTF-8."""
    content = text.encode("utf-8", "surrogatepass")
    sha256 = hashlib.sha256(content).hexdigest()
    return Document(sha256[:12], file_name, content, text, "utf-8", sha256)


def page_of(text: str, file_name: str = "page.txt") -> Page:
    return read_page(document_of(text, file_name), unknown_as_list=True)


def seed_page(name: str) -> Page:
    return page_of((SEEDS / name).read_bytes().decode(), name)


def division_of(text: str) -> Division:
    (division,) = divide_pages([page_of(text)])
    return division


def starts_of(text: str) -> list[int]:
    """Give the blocks at which the comments of a page start."""
    return [boundary.block for boundary in division_of(text).boundaries]


def heads_of(page: Page) -> list[Header]:
    return [block.header for block in page.blocks if block.header is not None]


def appearances_in(*pages: Page) -> list[list[Appearance]]:
    """Give the comments of each page as the program finds them."""
    found = [appearances_of(page, division) for page, division in zip(pages, divide_pages(pages), strict=True)]
    mark_quotations(found)
    attribute(pages, found)
    return found


def nothing_gathered() -> Gathered:
    """Give what the dumps hold where there are none."""
    return Gathered([], Aside(Path(tempfile.gettempdir())))


def archive_of_comments(pages: Sequence[Page], comments: Sequence[Comment]) -> Archive:
    """Make an archive of the comments of pages."""
    gathered = nothing_gathered()
    links = link(gathered, comments)
    inputs = [(page.document.file_name, page.document.sha256) for page in pages]
    return Archive(pages, divide_pages(pages), comments, links, authors_of(pages, comments, gathered), [], 0, 0, inputs)


def archive_of(*pages: Page) -> Archive:
    """Make an archive of pages, as a build does without corrections."""
    return archive_of_comments(pages, reconcile(list(chain(*appearances_in(*pages)))))


def appearance_of(
    texts: Sequence[str] | str,
    *,
    document: str = "one page",
    position: int = 1,
    author: str | None = None,
    author_confidence: float = 1.0,
    is_truncated: bool = False,
) -> Appearance:
    """Make an appearance of its paragraphs, without a page."""
    paragraphs = [texts] if isinstance(texts, str) else texts
    return Appearance(
        document=document_of(document, f"{document}.txt"),
        position=position,
        start=position * 1000,
        end=position * 1000 + 1000,
        passages=[Passage("paragraph", text) for text in paragraphs],
        is_truncated=is_truncated,
        boundary_basis="language",
        boundary_confidence=0.5,
        author_name=author,
        author_basis="unknown" if author is None else "header",
        author_confidence=None if author is None else author_confidence,
    )


def words(number: int, first: int = 0) -> str:
    """Make a text of so many different words, counted from `first`."""
    return " ".join(f"word{count}" for count in range(first, first + number))


def prose(characters: int, seed: str = "lorem") -> str:
    """Make a paragraph of exactly so many characters, without white space at its ends."""
    text = " ".join(f"{seed}{number}" for number in range(characters))[:characters]
    return text[:-1] + "x" if text.endswith(" ") else text


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def query(database: Path, sql: str, values: Mapping[str, object] | Sequence[object] = ()) -> list[tuple[object, ...]]:
    """Ask a database that nothing else has open."""
    with closing(sqlite3.connect(database)) as connection:
        return connection.execute(sql, values).fetchall()


SPANS = """
    select start_offset, end_offset from appearances where document_id = :id
    union all select start_offset, end_offset from furniture where document_id = :id
    order by 1
"""


def require_whole(database: Path, folder: Path) -> None:
    """Check that the spans of every page cover its text, and that every page is in the database byte for byte."""
    documents = query(database, "select id, text, encoding, raw, file_name from documents")
    assert documents
    for document_id, text, encoding, raw, file_name in documents:
        assert isinstance(text, str)
        content = text.encode(str(encoding)) if raw is None else raw
        assert content == (folder / str(file_name)).read_bytes()
        spans = query(database, SPANS, {"id": document_id})
        assert [start for start, _ in spans] == [0, *(end for _, end in spans[:-1])]
        assert spans[-1][1] == len(text)


# Replies whose root, depth or parent do not fit together.
BROKEN_THREADS = """
    select reply.id from comments as reply left join comments as parent on parent.id = reply.parent_id
    where (reply.parent_id is null) != (reply.depth = 0)
        or (reply.depth = 0) != (reply.root_id = reply.id)
        or reply.root_id != ifnull(parent.root_id, reply.id)
        or reply.depth != ifnull(parent.depth + 1, 0)
"""
# Rows that would show a guess as if it were known, each query empty in any database.
SILENT_GUESSES = (
    "select id from comments where author_name is null and author_basis not in ('unknown', 'correction', 'header')",
    "select id from comments where author_name is not null and author_basis = 'unknown'",
    "select id from comments where author_name is not null and author_confidence is null",
    "select id from comments where (author_name is null) != (author_id is null)",
    # A dump may say of a comment that it answers none.
    "select id from comments where parent_id is null and parent_basis not in ('unknown', 'correction', 'source')",
    "select id from comments where parent_id is null and parent_basis = 'source' and source = 'page'",
    "select id from comments where parent_id is not null and parent_basis = 'unknown'",
    "select id from comments where parent_id is not null and parent_confidence is null",
    "select id from comments where author_confidence not between 0 and 1 or parent_confidence not between 0 and 1",
    "select id from appearances where boundary_confidence not between 0 and 1",
    "select id from appearances where boundary_confidence = 1 and boundary_basis in ('language', 'count')",
    "select id from appearances where boundary_confidence = 1 and boundary_basis = 'other page'",
    "select text from passages where is_quotation and (quotation_basis is null or quotation_confidence is null)",
    "select text from passages where quotation_confidence not between 0 and 1",
    "select text from passages where quoted_comment_id is not null and not is_quotation",
)
# What the seeds do not say, and nobody may make up.
NOT_IN_SEEDS = (
    "select id from comments where posted_at is not null or edited_at is not null",
    "select file_name from documents where saved_at is not null",
)
# Rows without what gives them a place: a comment that nothing shows, a placeholder that nothing answers.
IDLE = (
    "select id from comments where not is_placeholder and id not in (select comment_id from appearances)",
    """
    select id from comments where is_placeholder
    and id not in (select parent_id from comments where parent_id is not null)
    """,
)
NOT_IN_URLS = """
    select id from (
        select id from comments union all select id from authors union all select id from posts
        union all select id from documents union all select id from appearances
    ) where id glob '*[^A-Za-z0-9_-]*' or id = ''
"""


def require_sound(database: Path) -> None:
    """Check what must hold of any database besides the pages' bytes: keys, ids, threads, search, bases, spans."""
    assert query(database, "pragma integrity_check") == [("ok",)]
    for sql in ("pragma foreign_key_check", BROKEN_THREADS, NOT_IN_URLS, *SILENT_GUESSES):
        assert (sql, query(database, sql)) == (sql, [])
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("insert into comments_fts (comments_fts, rank) values ('integrity-check', 1)")
    for document_id, text in query(database, "select id, text from documents where text != ''"):
        spans = query(database, SPANS, {"id": document_id})
        assert [start for start, _ in spans] == [0, *(end for _, end in spans[:-1])]
        assert spans[-1][1] == len(str(text))
