"""The words that all stages share: what a document, a block, a page and a comment are here.

Offsets are half-open and count Unicode code points of `Document.text`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from forum_comments.records import Dump

Layout = Literal[
    "replies page",
    "profile",
    "list",
    "profile of 2026",
    "EA Forum profile",
    "post page",
    "comment permalink",
    "titled permalink",
    "old LessWrong",
    "GreaterWrong",
    "reader",
    "ForumMagnum HTML",
    "GreaterWrong HTML",
    "old LessWrong HTML",
    "reader HTML",
    "unread",  # none of these: nothing was taken from it
]
BlockKind = Literal[
    "paragraph", "list item", "code block", "heading", "footnote", "reply header", "full header", "cut mark"
]
# How a page marks a cut: "... (read more)"; or bare dots after or before a block, which may be ordinary prose.
CutMark = Literal["read more", "dots after", "dots before"]
BoundaryBasis = Literal["page start", "header", "mark", "count", "other page", "language", "source", "correction"]
AuthorBasis = Literal["header", "page owner", "source", "inferred", "correction", "unknown"]
ParentBasis = Literal["source", "page layout", "quotation", "correction", "unknown"]


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that the build could not decide, changed or had to drop; a row that readers of the site see."""

    kind: str
    detail: str
    document_id: str | None = None
    comment_id: str | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """A file as it was read."""

    id: str  # the first 12 hex digits of sha256
    file_name: str  # relative to the source folder, with "/"
    content: bytes  # the file, byte for byte
    text: str  # decoded; newlines are never translated, a BOM is part of the encoding
    encoding: str  # a Python codec name
    sha256: str  # of `content`, hexadecimal
    problems: tuple[Problem, ...] = ()

    @property
    def raw(self) -> bytes | None:
        """The file's bytes where `text` in `encoding` does not give them back, else None."""
        return None if self.text.encode(self.encoding, "replace") == self.content else self.content


@dataclass(frozen=True, slots=True)
class DumpDocument:
    """A dump: a file, or a folder of files that belong together, that is read record by record."""

    id: str  # the first 12 hex digits of sha256
    file_name: str  # relative to the source folder, with "/"
    dump: Dump
    sha256: str  # of the file; of several, of their names and sha256, line by line
    state: tuple[tuple[int, int, int], ...]  # of its files before they were hashed: see `files.state_of`
    problems: tuple[Problem, ...] = ()

    @property
    def bytes(self) -> int:
        """The size of its files."""
        return sum(size for _, size, _ in self.state)


@dataclass(frozen=True, slots=True)
class Header:
    """The line above a comment that names its author, as far as it can be read without guessing."""

    name: str | None  # None: the run cannot be split
    score_text: str  # the whole line as printed, without white space around it
    is_single_line: bool  # the head of a reply that is drawn on one line, not that of a whole comment
    age: str | None = None  # as printed: "1y"; never a date
    karma: int | None = None
    af_karma: int | None = None
    agreement: int | None = None
    readings: tuple[str, ...] = ()  # where the run is ambiguous: every legal reading, in words
    possible_names: tuple[str, ...] = ()  # where it can be read as several names: those
    posted_at: str | None = None  # ISO 8601 in UTC, ending in "Z", as exact as the page is
    post_title: str | None = None  # of the post that the comment is on
    parent_author: str | None = None  # whom it answers, where the page says no more than that
    answers: int | None = None  # which of its page's heads, from 0, it answers, where the layout shows that
    source: str | None = None  # what ids are the forum's of: "lw", "ea", ...; None: the page gives no ids
    source_id: str | None = None  # the forum's own id of the comment
    parent_source_id: str | None = None
    post_source_id: str | None = None
    url: str | None = None  # the comment's own address
    status: str | None = None  # one of vocabulary.STATUSES


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of content on a page: one line or, where the page wraps it, a few, with the blank lines after it."""

    kind: BlockKind
    start: int
    end: int  # includes line ends and the blank lines that follow
    text: str  # without bullet, "... (read more)" and outer white space; "" for a bare cut mark
    cut_mark: CutMark | None = None  # the comment was cut short here, or perhaps: bare dots stay part of `text`
    header: Header | None = None  # only where kind is "reply header" or "full header"
    indent: int = 0  # leading spaces
    follows_blank: bool = True  # a blank line, or the page's beginning, stands before it
    is_quotation: bool = False  # the page's markup says so
    links: tuple[str, ...] = ()  # targets of the links in it, where the page's markup gives them
    label: str | None = None  # what stands before a list's item in the place of a bullet, such as "1."

    @property
    def is_header(self) -> bool:
        """Whether the block names the author of the comment that it opens."""
        return self.header is not None


@dataclass(frozen=True, slots=True)
class Furniture:
    """A stretch of a page that belongs to no comment."""

    role: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Page:
    """What a reader makes of a text page: furniture and blocks cover the text without gap or overlap."""

    document: Document
    layout: Layout
    title: str
    owner: str | None  # the person whose page it is; None: the page does not say
    blocks: tuple[Block, ...]
    furniture: tuple[Furniture, ...]
    bio: str | None = None
    says_more: bool = False  # the page says that more follows ("Load More")
    cuts: bool = True  # the layout cuts long comments (562 of 750 characters); a profile does not
    comment_count: int | None = None  # how many comments the layout lists, where that is known
    problems: tuple[Problem, ...] = ()
    url: str | None = None
    saved_at: str | None = None
    owner_speaks: bool = False  # an editor knows that every comment without a head is the owner's
    only_owner: bool = False  # the layout shows its owner's comments and nobody else's
    is_marked: bool = False  # every comment has a head: nothing about where one starts is inferred
    has_markup: bool = False  # the text is HTML: its tags say what is a comment, a quotation, a link


@dataclass(frozen=True, slots=True)
class Boundary:
    """Where a comment starts: at `page.blocks[block]`."""

    block: int
    basis: BoundaryBasis
    confidence: float  # probability between 0 and 1 that a comment starts here


@dataclass(slots=True)
class Passage:
    """A paragraph, list item, code block, heading or footnote of a comment."""

    kind: BlockKind
    text: str
    start: int | None = None
    end: int | None = None
    is_quotation: bool = False
    quotation_basis: str | None = None
    quotation_confidence: float | None = None
    quoted: Appearance | None = None  # the comment that it quotes, where that is in the data
    links: tuple[str, ...] = ()  # targets of its links, where the page's markup gives them
    label: str | None = None  # as of the block


@dataclass(slots=True, eq=False)
class Appearance:
    """A comment as one document shows it."""

    document: Document | DumpDocument
    position: int  # from 1, in document order
    start: int | None
    end: int | None
    passages: list[Passage]
    is_truncated: bool
    boundary_basis: BoundaryBasis
    boundary_confidence: float
    author_name: str | None = None
    author_basis: AuthorBasis = "unknown"
    author_confidence: float | None = None
    header: Header | None = None
    parent: Appearance | None = None
    parent_basis: ParentBasis = "unknown"
    parent_confidence: float | None = None
    record_number: int | None = None  # in a dump, from 1
    has_markup: bool = False  # what its page marks as a quotation is one, and nothing else is
    comment_id: str | None = None  # where its source names the comment
    problems: list[Problem] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class Comment:
    """A comment with every place where it stands; the fullest appearance comes first and gives the text."""

    appearances: list[Appearance]
    opening_key: str
    match_basis: dict[Appearance, str]  # why each further appearance is the same comment
    id: str = ""
    author_name: str | None = None
    author_basis: AuthorBasis = "unknown"
    author_confidence: float | None = None
    parent: Comment | None = None
    parent_basis: ParentBasis = "unknown"
    parent_confidence: float | None = None
    parent_id: str | None = None  # of a parent that no source holds too
    root_id: str = ""  # its own where it answers nothing that is known
    depth: int = 0  # counted from the root that is in the data
    problems: list[Problem] = field(default_factory=list)

    @property
    def fullest(self) -> Appearance:
        """The appearance whose text is the comment's."""
        return self.appearances[0]

    @property
    def on_pages(self) -> list[Appearance]:
        """Its appearances on pages, the fullest first; those in dumps are rows of their own."""
        return [appearance for appearance in self.appearances if appearance.record_number is None]
