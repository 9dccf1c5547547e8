"""Records of one comment become one: the fullest text and what goes with it, its gaps filled from the other records.

What a record says otherwise is kept with its appearance, in `differs`, so that no source's word is lost.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from forum_comments.record_rows import (
    APPEARANCE_COLUMNS,
    COMMENT_COLUMNS,
    DOCUMENT_ID,
    POSTED_AT,
    AuthorKey,
    Prepared,
    Row,
)

# What a source says of a comment and another may say otherwise, or not at all.
FACTS = (
    "posted_at",
    "age",
    "karma",
    "post_id",
    "url",
    "af_karma",
    "agreement",
    "score_text",
    "edited_at",
    "status",
    "author_name",
    "parent_source_id",
    "source",
    "source_id",
    "thread_source_id",
    "extra",
)
# What is made of the text: it comes from one record.
TEXTS = ("title", "is_truncated", "word_count", "opening_key", "body", "own_text", "quoted_text")
# Facts that do not change with time, as scores do: where two records differ, one of them is wrong.
LASTING_FACTS = {"posted_at": "date", "author_name": "author", "parent_source_id": "parent", "body": "text"}
# What an appearance keeps where the comment's row says otherwise. What is printed with a comment has columns there.
PRINTED = ("author_name", "age", "karma", "score_text")
CERTAINTIES = ("author_confidence", "parent_confidence")  # 1 where a record does not say
DIFFERING = (*(column for column in FACTS if column not in PRINTED), "author_basis", "parent_basis", *CERTAINTIES)
FACT_PLACES = tuple(map(COMMENT_COLUMNS.index, FACTS))
AUTHOR_PLACES = tuple(map(COMMENT_COLUMNS.index, ("author_basis", "author_confidence")))
MATCH_BASIS = APPEARANCE_COLUMNS.index("match_basis")
SAME_ID = "same id"
SOURCES_DISAGREE = "sources disagree"
SHOWN = 5  # of what the sources of a comment say, in a problem


@dataclass(frozen=True, slots=True)
class Merged:
    """A comment of several records: its row, and the rows of all that belongs to it."""

    comment: list[object]
    author: AuthorKey | None
    appearances: list[list[object]]
    passages: list[Row]
    links: list[Row]
    problems: list[tuple[str, str]]


def merge(records: Sequence[Prepared], file_names: Mapping[object, str]) -> Merged:
    """Merge the records of a comment; the first is the fullest. `file_names` are by document id."""
    fullest = records[0]
    comment = list(fullest.comment)
    for place in FACT_PLACES:
        comment[place] = next((r.comment[place] for r in records if r.comment[place] is not None), None)
    comment[POSTED_AT] = _most_exact(comment[POSTED_AT], [record.comment[POSTED_AT] for record in records])
    named = next((r for r in records if r.author is not None), fullest)
    for place in AUTHOR_PLACES:
        comment[place] = named.comment[place]
    for record in records:
        record.appearance[MATCH_BASIS] = SAME_ID
    return Merged(
        comment,
        named.author,
        [record.appearance for record in records],
        fullest.passages,
        fullest.links,
        _disagreements(records, comment, file_names),
    )


def _most_exact(date: object, dates: Sequence[object]) -> object:
    """Give what says the same as a date most exactly: a day, a second and a millisecond may be one moment."""
    same = [str(other) for other in dates if other is not None and _is_same(str(other), str(date))]
    return max(same, key=len, default=date)


def _is_same(date: str, other: str) -> bool:
    shorter, longer = sorted((_digits(date), _digits(other)), key=len)
    return longer.startswith(shorter)


def _digits(date: str) -> str:
    """Give a date without what adds nothing to it: the zone, which is UTC, and noughts at the end of a second."""
    moment, point, fraction = date.removesuffix("Z").partition(".")
    return f"{moment}{point}{fraction}".rstrip("0").rstrip(".") if point else moment


def comment_of(row: Row) -> dict[str, object]:
    """Give a comment's values by their columns."""
    return dict(zip(COMMENT_COLUMNS, row, strict=True))


def differences(record: Prepared, comment: Mapping[str, object], author: AuthorKey | None) -> dict[str, object]:
    """Say what a record says otherwise than the comment's row, whose author is `author`; None: it does not say."""
    said = comment_of(record.comment)
    found = {
        column: said[column]
        for column in DIFFERING
        if said[column] != comment[column]
        and not (column in CERTAINTIES and said[column] is None and comment[column] == 1.0)
    }
    if record.author != author or (author is None and comment["author_id"] is not None):
        found["author"] = list(record.author) if record.author is not None else None
    if said["body"] != comment["body"]:
        found["body"] = said["body"]
        found["passages"] = [
            [kind, text, bool(quotes), basis, confidence, quoted, label]
            for _, _, kind, text, label, quotes, quoted, basis, confidence, *_ in record.passages
        ]
        found["links"] = [url for _, _, url, _ in record.links]
    return found


def _disagreements(
    records: Sequence[Prepared], comment: Row, file_names: Mapping[object, str]
) -> list[tuple[str, str]]:
    """Name the lasting facts that the records do not agree on, and which is taken for the comment's row."""
    problems = []
    for column, word in LASTING_FACTS.items():
        place = COMMENT_COLUMNS.index(column)
        said: dict[object, str] = {}
        for record in records:
            value = record.comment[place]
            if value is not None:
                said.setdefault(value, file_names[record.appearance[DOCUMENT_ID]])
        agree = column == "posted_at" and all(_is_same(str(date), str(comment[place])) for date in said)
        if len(said) > 1 and not agree:
            taken = said[comment[place]]
            values = "" if column == "body" else f" ({_listed(list(map(str, said)))})"
            detail = f"Its {word} is not the same in {_listed(list(said.values()))}{values}; that of {taken} was taken."
            problems.append((SOURCES_DISAGREE, detail))
    return problems


def _listed(words: Sequence[str]) -> str:
    more = f" and {len(words) - SHOWN} more" if len(words) > SHOWN else ""
    return ", ".join(words[:SHOWN]) + more
