"""The same comment on several pages becomes one comment with several appearances.

The rule: two appearances are the same comment when an editor says so, or when the forum's own id is the same, or when
their words are the same, or when one was cut and the other begins with all that it shows; eight words at least, since
"Thanks!" repeats, of a cut copy the twelve of the opening key, and no two authors or ids that are certain and
differ. The fullest text wins. What disagrees becomes a problem that readers see.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Sequence

from forum_comments.keys import opening_key, plain_text, word_count_up_to
from forum_comments.matching import SIMILAR_TEXT, best_records, report_several
from forum_comments.models import Appearance, Comment, Passage, Problem
from forum_comments.record_ids import id_in
from forum_comments.stated import report_differences
from forum_comments.vocabulary import KNOWN_AGAIN_WORDS

# An author given with less confidence than this gives way to another page's header instead of keeping comments apart.
CERTAIN = 0.95
# Which basis wins where appearances differ, the strongest first.
AUTHOR_BASES = ("correction", "header", "source", "page owner", "inferred", "unknown")
PARENT_BASES = ("correction", "source", "page layout", "quotation", "unknown")
AUTHORS_DIFFER, PARENTS_DIFFER = "authors differ", "parents differ"  # kinds of problems
SAME_ID, SAME_TEXT, CUT_COPY, SAID_SO = "same id", "same text", "cut copy", "correction"


def reconcile(appearances: Sequence[Appearance], same: Iterable[tuple[Appearance, Appearance]] = ()) -> list[Comment]:
    """Make comments of appearances, in the order of their first appearance, with ids, authors and parents.

    `same` are the pairs that an editor joined. Only the order of the result depends on the order of `appearances`.
    """
    groups = Groups(appearances)
    for one, other in same:
        groups.join(one, other, SAID_SO)
    _join_same_ids(appearances, groups)
    texts = {appearance: plain_text(appearance.passages) for appearance in appearances}
    by_key: dict[str, list[Appearance]] = defaultdict(list)
    for appearance in sorted(appearances, key=_place):
        if word_count_up_to(texts[appearance], KNOWN_AGAIN_WORDS) >= KNOWN_AGAIN_WORDS:
            for key in _keys(appearance):
                by_key[key].append(appearance)
    for candidates in by_key.values():
        if len(candidates) > 1:
            _join_records(candidates, texts, groups)
            on_pages = [appearance for appearance in candidates if appearance.record_number is None]
            _join_same_texts(on_pages, texts, groups)
            _join_cut_copies(on_pages, texts, groups)
    comments = [_comment(members, groups, texts) for members in groups.members()]
    for comment in comments:
        report_differences(comment)
    _assign_parents(comments)
    _assign_ids(comments)
    return comments


class Groups:
    """Appearances joined into comments: disjoint sets, and why each appearance joined."""

    def __init__(self, appearances: Sequence[Appearance]) -> None:
        """Begin with every appearance alone."""
        self._appearances = appearances
        self._leader = {appearance: appearance for appearance in appearances}
        self._id = {appearance: own_id(appearance) for appearance in appearances}
        self.basis: dict[Appearance, str] = {}

    def leader(self, appearance: Appearance) -> Appearance:
        """Give the appearance that stands for the set."""
        while self._leader[appearance] is not appearance:
            self._leader[appearance] = self._leader[self._leader[appearance]]
            appearance = self._leader[appearance]
        return appearance

    def join(self, one: Appearance, other: Appearance, basis: str) -> None:
        """Make two appearances the same comment, unless their sources name two."""
        first, second = sorted((self.leader(one), self.leader(other)), key=_place)
        ids = {self._id[first], self._id[second]} - {None}
        if first is not second and len(ids) < 2:
            self._leader[second] = first
            self._id[first] = self._id[first] or self._id[second]
            self.basis[second] = basis

    def id_of(self, appearance: Appearance) -> str | None:
        """Give the id that a source gives the comment; None where none does."""
        return self._id[self.leader(appearance)]

    def are_compatible(self, one: Appearance, other: Appearance) -> bool:
        """Whether nothing certain says that they are two comments: the forum's ids, or two different people."""
        if len({self.id_of(one), self.id_of(other)} - {None}) > 1:
            return False
        if one.author_name is None or other.author_name is None or one.author_name == other.author_name:
            return True
        return min(one.author_confidence or 0.0, other.author_confidence or 0.0) < CERTAIN

    def members(self) -> list[list[Appearance]]:
        """Give the sets in the order of their first member."""
        sets: dict[Appearance, list[Appearance]] = {}
        for appearance in self._appearances:
            sets.setdefault(self.leader(appearance), []).append(appearance)
        return list(sets.values())


def _keys(appearance: Appearance) -> set[str]:
    """Give the keys under which copies look for each other: what is a quotation, they may not agree on."""
    return {own_key(appearance.passages), opening_key(passage.text for passage in appearance.passages)}


def own_key(passages: Sequence[Passage]) -> str:
    """Give the opening key of a comment: of its own words, or of all where everything is quoted."""
    own = [passage.text for passage in passages if not passage.is_quotation]
    return opening_key(own or [passage.text for passage in passages])


def _place(appearance: Appearance) -> tuple[str, int]:
    return appearance.document.id, appearance.position


def own_id(appearance: Appearance) -> str | None:
    """Give the comment's id by the source's own; None where that is not given."""
    if appearance.comment_id is not None:
        return appearance.comment_id
    header = appearance.header
    if header is None or header.source is None or header.source_id is None:
        return None
    return id_in(header.source, header.source_id)


def _join_same_ids(appearances: Sequence[Appearance], groups: Groups) -> None:
    first: dict[str, Appearance] = {}
    for appearance in sorted(appearances, key=_place):
        found = own_id(appearance)
        if found is not None:
            groups.join(first.setdefault(found, appearance), appearance, SAME_ID)


def _join_same_texts(candidates: Sequence[Appearance], texts: dict[Appearance, str], groups: Groups) -> None:
    seen: dict[str, list[Appearance]] = defaultdict(list)
    for appearance in candidates:
        match = next((other for other in seen[texts[appearance]] if groups.are_compatible(appearance, other)), None)
        if match is not None:
            groups.join(match, appearance, SAME_TEXT)
        else:
            seen[texts[appearance]].append(appearance)


def _join_cut_copies(candidates: Sequence[Appearance], texts: dict[Appearance, str], groups: Groups) -> None:
    """Join each cut copy to the longer text that begins with it, where that is one text only."""
    whole = sorted((texts[appearance], number) for number, appearance in enumerate(candidates))
    for cut in candidates:
        if not cut.is_truncated:
            continue
        shown = texts[cut]
        longer: dict[str, Appearance] = {}
        for text, number in whole[bisect_left(whole, (shown, -1)) :]:
            if not text.startswith(shown):
                break
            if len(text) > len(shown) and groups.are_compatible(cut, candidates[number]):
                longer.setdefault(text, candidates[number])
        wholes = {text: other for text, other in longer.items() if not other.is_truncated} or longer
        if len(wholes) == 1:
            groups.join(next(iter(wholes.values())), cut, CUT_COPY)
        elif wholes:
            detail = f"{len(wholes)} different texts begin with what this cut copy shows; it was joined to none."
            cut.problems.append(Problem("cut copy of several", detail, cut.document.id))


def _join_records(candidates: Sequence[Appearance], texts: dict[Appearance, str], groups: Groups) -> None:
    """Join what a page shows to the record of a dump that has the same words, or nearly."""
    records = [a for a in candidates if a.record_number is not None]
    for shown in candidates if records else ():
        if shown.record_number is not None or groups.id_of(shown) is not None:
            continue
        best = best_records(shown, [r for r in records if groups.are_compatible(shown, r)], texts)
        ids = {record.comment_id for _, record in best}
        if len(ids) == 1:
            record = best[0][1]
            groups.join(record, shown, SAME_TEXT if texts[shown] == texts[record] else SIMILAR_TEXT)
        elif ids:
            report_several(shown, [record for _, record in best])


def _comment(members: list[Appearance], groups: Groups, texts: dict[Appearance, str]) -> Comment:
    ordered = sorted(members, key=lambda a: (a.is_truncated, -len(texts[a]), *_place(a)))
    reason = next((groups.basis[a] for a in members if a in groups.basis), SAME_TEXT)
    alone = None if any(a.record_number is not None for a in ordered) else ordered[0]
    comment = Comment(
        appearances=ordered,
        opening_key=own_key(ordered[0].passages),
        match_basis={a: groups.basis.get(a, reason) for a in ordered if a is not alone},
    )
    author = choose_author(comment, ordered)
    names = sorted({a.author_name for a in ordered if a.author_name is not None})
    if len(names) > 1:
        detail = f"Its appearances name {', '.join(names)}; {comment.author_name} was taken ({comment.author_basis})."
        comment.problems.append(Problem(AUTHORS_DIFFER, detail, author.document.id))
    return comment


def choose_author(comment: Comment, among: Sequence[Appearance]) -> Appearance:
    """Give a comment the author of that one of its appearances which has the strongest basis, and return it.

    `among` are the appearances, the fullest first: it decides between those that are as strong.
    """
    author = min(among, key=lambda a: (AUTHOR_BASES.index(a.author_basis), -(a.author_confidence or 0.0)))
    comment.author_name = author.author_name
    comment.author_basis = author.author_basis
    comment.author_confidence = author.author_confidence
    return author


def _assign_parents(comments: Sequence[Comment]) -> None:
    comment_of = {appearance: comment for comment in comments for appearance in comment.appearances}
    for comment in comments:
        stated = [a for a in comment.appearances if a.parent is not None or a.parent_basis == "correction"]
        if not stated:
            continue
        chosen = min(stated, key=lambda a: (PARENT_BASES.index(a.parent_basis), *_place(a)))
        parents = {comment_of[a.parent] for a in stated if a.parent is not None}
        comment.parent = comment_of[chosen.parent] if chosen.parent is not None else None
        comment.parent_basis = chosen.parent_basis
        comment.parent_confidence = chosen.parent_confidence
        if len(parents) > 1 and chosen.parent_basis != "correction":
            detail = (
                f"Its appearances answer {len(parents)} different comments; the one by {chosen.parent_basis} was taken."
            )
            comment.problems.append(Problem(PARENTS_DIFFER, detail, chosen.document.id))


def _assign_ids(comments: Sequence[Comment]) -> None:
    """Give every comment the forum's id, or else `p-` and its opening key.

    Where that repeats, a number is added by author, parent and place.
    """
    by_key: dict[str, list[Comment]] = defaultdict(list)
    for comment in comments:
        comment.id = next(filter(None, map(own_id, comment.appearances)), "")
        if not comment.id:
            by_key[comment.opening_key].append(comment)
    for key, same in by_key.items():
        same.sort(key=_order_among_same)
        for number, comment in enumerate(same, start=1):
            comment.id = f"p-{key}" if number == 1 else f"p-{key}-{number}"


def _order_among_same(comment: Comment) -> tuple[str, str, str, int]:
    first = min(comment.appearances, key=_place)
    return (
        comment.author_name or "",
        comment.parent.opening_key if comment.parent is not None else "",
        first.document.id,
        first.position,
    )
