"""Records of one comment become one: the fullest text and what goes with it, its gaps filled from the other records.

What a record says otherwise is kept with its appearance, in `differs`, so that no source's word is lost.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from forum_comments.record_rows import AuthorKey, Prepared, Row

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
SOURCES_DISAGREE = "sources disagree"


@dataclass(frozen=True, slots=True)
class Merged:
    """A comment of several records: its row, and the rows of all that belongs to it."""

    comment: dict[str, object]
    author: AuthorKey | None
    appearances: list[dict[str, object]]
    passages: list[Row]
    links: list[Row]
    problems: list[tuple[str, str]]


def merge(records: Sequence[Prepared], file_names: Mapping[object, str]) -> Merged:
    """Merge the records of a comment; the first is the fullest. `file_names` are by document id."""
    fullest = records[0]
    comment = dict(fullest.comment)
    for column in FACTS:
        comment[column] = next((r.comment[column] for r in records if r.comment[column] is not None), None)
    named = next((r for r in records if r.author is not None), fullest)
    comment["author_basis"], comment["author_confidence"] = (
        named.comment["author_basis"],
        named.comment["author_confidence"],
    )
    appearances = []
    for record in records:
        differs = _differences(record, comment)
        appearances.append(
            {
                **record.appearance,
                "match_basis": "same id",
                "differs": json.dumps(differs, ensure_ascii=False, sort_keys=True) if differs else None,
            }
        )
    problems = [problem for record in records for problem in record.problems]
    return Merged(
        comment,
        named.author,
        appearances,
        fullest.passages,
        fullest.links,
        [*problems, *_disagreements(records, file_names)],
    )


def _differences(record: Prepared, comment: Mapping[str, object]) -> dict[str, object]:
    """Say what a record says otherwise than the comment's row; None: it does not say."""
    columns = (*FACTS, "body") if record.comment["body"] != comment["body"] else FACTS
    found = {column: record.comment[column] for column in columns if record.comment[column] != comment[column]}
    if "body" in found:
        found["passages"] = [[kind, text, quotes] for _, _, kind, text, quotes, *_ in record.passages]
    return found


def _disagreements(records: Sequence[Prepared], file_names: Mapping[object, str]) -> list[tuple[str, str]]:
    """Name the lasting facts that the records do not agree on, and which is taken."""
    problems = []
    for column, word in LASTING_FACTS.items():
        said: dict[object, str] = {}
        for record in records:
            value = record.comment[column]
            if value is not None:
                said.setdefault(value, file_names[record.appearance["document_id"]])
        if len(said) > 1:
            taken = next(iter(said.values()))
            values = "" if column == "body" else f" ({', '.join(map(str, said))})"
            detail = f"Its {word} is not the same in {', '.join(said.values())}{values}; that of {taken} was taken."
            problems.append((SOURCES_DISAGREE, detail))
    return problems
