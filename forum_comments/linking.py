"""Finds the parent, root and depth of every comment over all sources, in arrays: files may come in any order.

The rules:

- Records with the same id, and the same thread where both name one, are one comment. Where an id was used again in
  another thread, the thread whose name comes first keeps it and the others get a number.
- A parent is looked for in the comment's own thread. One that stands only in another thread is none: NULL, with a
  problem. One that was not read gets a placeholder, a row with its id and nothing else; but where a forum counts posts
  and comments together and that is a post, the comment opens a thread.
- Where records of one comment name different parents, that of the fullest text is taken.
"""

from __future__ import annotations

import re
from array import array
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import count

import numpy as np
import numpy.typing as npt

from forum_comments.gathering import NO_THREAD, Gathered
from forum_comments.models import Comment, Problem
from forum_comments.record_ids import PAGE_SOURCE, id_in
from forum_comments.threads import LOOP as LOOP_DETAIL
from forum_comments.threads import NONE, Numbers, refuse_loops, roots_and_depths

# What became of a comment's claim to answer another one.
NO_CLAIM, FOUND, NOT_READ, OTHER_THREAD, LOOP = range(5)
# Sources whose posts and comments have ids of one series: a comment answers either. On Reddit they have one each.
ONE_SERIES = re.compile(r"(?:hn|convokit(?:_[a-z0-9_]*)?)-").match


@dataclass(slots=True)
class _Comments:
    """Which records are one comment."""

    firsts: Numbers  # the node of each record
    threads: Numbers  # of each node
    hashes: Numbers  # of the ids, ascending
    nodes: Numbers  # the node of each of `hashes`; of an id that was reused the one that keeps it
    parent_hashes: Numbers  # of the ids of parents, of each record
    copies: dict[int, list[int]] = field(default_factory=dict)
    renamed: dict[int, str] = field(default_factory=dict)
    reused: dict[int, dict[int, int]] = field(default_factory=dict)  # by the node that keeps an id: nodes by thread
    named: Numbers | None = None  # hashes of all ids that records have or name, ascending: made where an id was reused

    def names(self, id: str) -> bool:
        """Whether a record has this id, or names it as its parent's."""
        if self.named is None:
            self.named = np.union1d(self.hashes, self.parent_hashes)
        place = np.searchsorted(self.named, hash(id))
        return bool(place < len(self.named) and self.named[place] == hash(id))


@dataclass(frozen=True, slots=True)
class Links:
    """Nodes are comments: records (numbered as in `Gathered`), then comments that only pages have, then placeholders.

    Of the records that are one comment the first stands for all in `parents`, `roots` and `depths`.
    """

    gathered: Gathered
    firsts: Numbers  # the node of each record
    copies: Mapping[int, Sequence[int]]  # by node, where several records are one comment: those, fullest first
    renamed: Mapping[int, str]  # ids of nodes whose own was taken
    placeholders: Sequence[str]  # their ids, from node `len(firsts)` on
    parents: Numbers  # nodes, or NONE
    roots: Numbers
    depths: Numbers
    fates: npt.NDArray[np.int8]

    in_dumps: Mapping[str, bool]  # comments of pages that records are too, by id: whether a record has their text

    def count_comments(self) -> int:
        """Count the comments of all sources, placeholders left out."""
        return int(np.count_nonzero(self.firsts == np.arange(len(self.firsts))))

    def claim_of(self, node: int) -> str:
        """Give the id of what a node's comment says that it answers; "" where it does not say."""
        claims = (self.gathered.parents[number] for number in self.copies.get(node, (node,)))
        return next(filter(None, claims), "")

    def post_of(self, node: int) -> str | None:
        """Give the id of the post that a node's comment answers; None where it answers none."""
        claim = self.claim_of(node)
        return claim if _is_post(claim, self.gathered) else None

    def id_of(self, node: int) -> str:
        """Give the id of a node's comment."""
        if node >= len(self.firsts):
            return self.placeholders[node - len(self.firsts)]
        return self.renamed.get(node) or self.gathered.ids[node]


def link(gathered: Gathered, comments: Sequence[Comment]) -> Links:
    """Link all comments. Those of pages get their root and depth, and lose a parent that would close a loop.

    `comments` are those of pages; one that has the id of a record is that record's comment and answers what it does.
    """
    records = len(gathered.ids)
    on_pages = {comment.id for comment in comments}
    in_dumps: dict[str, bool] = {}
    for number in range(records) if on_pages else ():
        if (comment_id := gathered.ids[number]) in on_pages:
            in_dumps[comment_id] = in_dumps.get(comment_id, False) or gathered.sizes[number] > 0
    only_on_pages = [comment for comment in comments if comment.id not in in_dumps]
    claims, size = [_claim(comment) for comment in only_on_pages], len(only_on_pages)
    gathered.add([comment.id for comment in only_on_pages], claims, [None] * size, [0] * size)
    links = _resolve(gathered, _comments(gathered), in_dumps)
    numbers = {comment.id: records + number for number, comment in enumerate(only_on_pages)}
    for comment in comments:
        node = numbers.get(comment.id)
        if node is not None:
            _take_links(comment, node, links)
    return links


def _is_post(id: str, gathered: Gathered) -> bool:
    """Whether comments of a source may answer this, and it is a post of which a dump tells more than its id."""
    post = gathered.posts.get(id) if ONE_SERIES(id) else None
    return post is not None and (post.title is not None or post.url is not None or bool(post.extra))


def _claim(comment: Comment) -> str | None:
    """Give the id of what a page's comment answers; its page may name one that was not read."""
    if comment.parent is not None:
        return comment.parent.id
    header = next((h for a in comment.on_pages if (h := a.header) is not None and h.parent_source_id is not None), None)
    if header is None or comment.parent_basis == "correction":
        return None
    return id_in(header.source or PAGE_SOURCE, header.parent_source_id or "")


def _take_links(comment: Comment, node: int, links: Links) -> None:
    parent = int(links.parents[node])
    comment.parent_id = links.id_of(parent) if parent != NONE else None
    comment.root_id, comment.depth = links.id_of(int(links.roots[node])), int(links.depths[node])
    if links.fates[node] == NOT_READ:
        comment.parent_basis, comment.parent_confidence = "source", 1.0
    if links.fates[node] == LOOP:
        detail = LOOP_DETAIL.format(parent=links.claim_of(node))
        comment.problems.append(Problem("reply loop", detail))
        comment.parent, comment.parent_basis, comment.parent_confidence = None, "unknown", None


def _comments(gathered: Gathered) -> _Comments:
    """Find the records that are one comment."""
    hashes, nodes, places = np.unique(_numbers(gathered.id_hashes), return_index=True, return_inverse=True)
    threads, parents = _numbers(gathered.threads).copy(), _numbers(gathered.parent_hashes)
    found = _Comments(nodes[places], threads, hashes, nodes, parents)
    members: dict[int, list[int]] = defaultdict(list)
    for number in np.flatnonzero(np.bincount(places, minlength=len(hashes))[places] > 1).tolist():
        members[int(found.firsts[number])].append(number)
    names = list(gathered.thread_names)
    for same in members.values():
        by_thread = _by_thread(same, gathered, names)
        if len(by_thread) > 1:
            _keep_apart(by_thread, found, gathered)
        for thread, numbers in by_thread.items():
            _unite(thread, numbers, found, gathered)
    return found


def _by_thread(numbers: Sequence[int], gathered: Gathered, names: Sequence[str]) -> dict[int, list[int]]:
    """Sort records with one id by thread, in the order of the threads' names; without a thread they are the first's."""
    threads = {gathered.threads[number] for number in numbers} - {NO_THREAD}
    ordered = sorted(threads, key=names.__getitem__) or [NO_THREAD]
    by_thread: dict[int, list[int]] = {thread: [] for thread in ordered}
    for number in numbers:
        thread = gathered.threads[number]
        by_thread[ordered[0] if thread == NO_THREAD else thread].append(number)
    return by_thread


def _unite(thread: int, numbers: Sequence[int], found: _Comments, gathered: Gathered) -> None:
    """Let records of one thread be one comment."""
    node = numbers[0]
    found.firsts[numbers] = node
    found.threads[node] = thread
    if len(numbers) > 1:
        found.copies[node] = sorted(numbers, key=lambda number: (-gathered.sizes[number], number))


def _keep_apart(by_thread: Mapping[int, list[int]], found: _Comments, gathered: Gathered) -> None:
    """Let records of different threads be different comments although they have the same id."""
    nodes = {thread: numbers[0] for thread, numbers in by_thread.items()}
    keeper, *others = nodes.values()
    free = (id for number in count(2) if not found.names(id := f"{gathered.ids[keeper]}-{number}"))
    found.renamed.update(zip(others, free, strict=False))
    found.nodes[np.searchsorted(found.hashes, gathered.id_hashes[keeper])] = keeper
    found.reused[keeper] = nodes


def _resolve(gathered: Gathered, found: _Comments, in_dumps: Mapping[str, bool]) -> Links:
    """Find each comment's parent, then all roots and depths."""
    claimants = np.arange(len(gathered.ids))
    for node, numbers in found.copies.items():
        claimants[node] = next((number for number in numbers if gathered.parents[number]), node)
    wanted = _numbers(gathered.parent_hashes)[claimants]
    wanted[found.firsts != np.arange(len(wanted))] = 0
    has_claim = wanted != hash("")
    places = np.minimum(np.searchsorted(found.hashes, wanted), len(found.hashes) - 1)
    is_read = has_claim & (found.hashes[places] == wanted) if len(wanted) else has_claim
    parents = np.where(is_read, found.nodes[places], NONE) if len(wanted) else wanted
    fates = np.where(is_read, FOUND, np.where(has_claim, NOT_READ, NO_CLAIM)).astype(np.int8)
    _refuse_other_threads(parents, fates, found)
    placeholders = _make_placeholders(parents, fates, claimants, gathered, found)
    parents = np.concatenate([parents, np.full(len(placeholders), NONE, dtype=np.int64)])
    links = Links(
        gathered,
        found.firsts,
        found.copies,
        found.renamed,
        placeholders,
        parents,
        parents,
        parents,
        np.concatenate([fates, np.zeros(len(placeholders), dtype=np.int8)]),
        in_dumps,
    )
    links.fates[refuse_loops(parents, links.id_of)] = LOOP
    roots, depths = roots_and_depths(parents)
    return replace(links, roots=roots, depths=depths)


def _refuse_other_threads(parents: Numbers, fates: npt.NDArray[np.int8], found: _Comments) -> None:
    threads = found.threads
    for child in np.flatnonzero(np.isin(parents, list(found.reused))).tolist():
        keeper = int(parents[child])
        parents[child] = found.reused[keeper].get(int(threads[child]), keeper)
    read = np.flatnonzero(parents != NONE)
    own, other = threads[read], threads[parents[read]]
    elsewhere = read[(own != NO_THREAD) & (other != NO_THREAD) & (own != other)]
    parents[elsewhere], fates[elsewhere] = NONE, OTHER_THREAD


def _make_placeholders(
    parents: Numbers, fates: npt.NDArray[np.int8], claimants: Numbers, gathered: Gathered, found: _Comments
) -> list[str]:
    """Give every parent that was not read a node of its own, unless it is a post.

    One that two threads claim is the first thread's.
    """
    names = list(gathered.thread_names)
    children: dict[str, list[int]] = defaultdict(list)
    for node in np.flatnonzero(fates == NOT_READ).tolist():
        claim = gathered.parents[int(claimants[node])]
        if _is_post(claim, gathered):
            fates[node] = NO_CLAIM
        else:
            children[claim].append(node)
    for number, id in enumerate(sorted(children)):
        threads = {int(found.threads[child]) for child in children[id]} - {NO_THREAD}
        own = min(threads, key=names.__getitem__, default=NO_THREAD)
        for child in children[id]:
            if found.threads[child] in (own, NO_THREAD):
                parents[child] = len(gathered.ids) + number
            else:
                fates[child] = OTHER_THREAD
    return sorted(children)


def _numbers(values: array[int]) -> Numbers:
    return np.frombuffer(values, dtype=np.int64) if values else np.empty(0, dtype=np.int64)
