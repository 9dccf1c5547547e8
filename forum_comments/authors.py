"""The people that pages and dumps name: one row each, with an id of their own."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, count

from forum_comments.fuller import fuller
from forum_comments.gathering import Gathered
from forum_comments.labels import json_of, shown, slug_of
from forum_comments.models import Comment, Page
from forum_comments.record_ids import PAGE_SOURCE, author_id_in
from forum_comments.record_rows import AuthorKey

# The forums whose pages the readers read: a name on a page may be an account of theirs.
PAGE_FORUMS = frozenset({"lw", "ea"})


@dataclass(slots=True)
class Authors:
    """Who is named, and how."""

    by_key: dict[AuthorKey, tuple[str, str]] = field(default_factory=dict)  # id and name of those whom dumps name
    by_name: dict[str, str] = field(default_factory=dict)  # id of those whom pages name
    bios: dict[str, str] = field(default_factory=dict)  # by id
    names: dict[str, str] = field(default_factory=dict)  # by id
    keys: dict[str, AuthorKey] = field(default_factory=dict)  # by id: of those whom dumps name
    listed: set[str] = field(default_factory=set)  # by id: whom a dump of people lists
    extras: dict[str, str | None] = field(default_factory=dict)  # by id: what else a dump says of them, as JSON

    def rows(self) -> Iterator[Mapping[str, object]]:
        """Give the rows of the table, in the order of the ids."""
        for author_id in sorted(self.names):
            yield {
                "id": author_id,
                "name": shown(self.names[author_id]),
                "bio": shown(self.bios.get(author_id)),
                "extra": self.extras.get(author_id),
            }

    def account_rows(self) -> Iterator[Mapping[str, object]]:
        """Give the rows of `accounts`, in the order of the authors' ids."""
        for author_id, (source, source_id) in sorted(self.keys.items()):
            is_listed = int(author_id in self.listed)
            yield {"author_id": author_id, "source": source, "source_id": source_id, "is_listed": is_listed}


def authors_of(pages: Sequence[Page], comments: Sequence[Comment], gathered: Gathered) -> Authors:
    """Collect the people that pages, their comments and dumps name.

    A name on a page is the account of that name where the dumps of such forums have exactly one.
    """
    authors = Authors()
    _add_dump_authors(authors, gathered)
    accounts: dict[str, list[str]] = defaultdict(list)
    for (source, _), (author_id, name) in authors.by_key.items():
        if source in PAGE_FORUMS:
            accounts[name].append(author_id)
    names = {page.owner for page in pages} | {comment.author_name for comment in comments}
    names |= {appearance.author_name for comment in comments for appearance in comment.appearances}
    for name in sorted(name for name in names if name is not None):
        known = accounts.get(name, [])
        authors.by_name[name] = known[0] if len(known) == 1 else _free_id(slug_of(name), authors)
        authors.names.setdefault(authors.by_name[name], name)
    for page in pages:
        if page.owner is not None and page.bio is not None:
            author_id = authors.by_name[page.owner]
            authors.bios[author_id] = fuller(authors.bios.get(author_id), page.bio) or page.bio
    return authors


def _add_dump_authors(authors: Authors, gathered: Gathered) -> None:
    # Last those that an export names by our own ids: they may be people whom a source names too.
    for key in sorted(gathered.names.keys() | gathered.people.keys(), key=lambda key: (key[0] == PAGE_SOURCE, key)):
        source, source_id = key
        person = gathered.people.get(key)
        name = person.name if person is not None else gathered.names[key][1] or source_id
        wanted = author_id_in(source, source_id, name)
        author_id = wanted if source == PAGE_SOURCE else _free_id(wanted, authors)
        # An account stays the account of its forum, whatever an export calls the person.
        authors.keys.setdefault(author_id, key)
        authors.by_key[key] = author_id, authors.names.setdefault(author_id, name)
        if person is not None:
            authors.listed.add(author_id)
            authors.extras[author_id] = json_of(person.extra)
            if person.bio:
                authors.bios[author_id] = person.bio


def _free_id(wanted: str, authors: Authors) -> str:
    numbered = chain([wanted], (f"{wanted}-{number}" for number in count(2)))
    return next(candidate for candidate in numbered if candidate not in authors.names)
