"""The seeds with their corrections are in the database exactly as they were labelled, line by line."""

import json
import sqlite3
from typing import Any

import pytest
from making import REPOSITORY, SEED_NAMES

LABELS = json.loads((REPOSITORY / "training" / "labels" / "seeds.json").read_text(encoding="utf-8"))
PAGES = {page["file"]: page for page in LABELS["pages"]}
FIELDS = ("start_line", "end_line", "author", "karma", "age", "is_truncated", "parent_line", "quotation_lines")
APPEARANCES = """
    select appearances.*, documents.text as page, documents.file_name
    from appearances join documents on documents.id = document_id
    where documents.file_name = ? order by position
"""


def line_at(page: str, offset: int) -> int:
    return page.count("\n", 0, offset) + 1


def last_line(page: str, start: int, end: int) -> int:
    return line_at(page, start + len(page[start:end].rstrip()))


def start_on_page(database: sqlite3.Connection, comment_id: str | None, document_id: str) -> int | None:
    """Give the line on which a comment starts on a page; the answered comment stands on the same page."""
    found = database.execute(
        "select start_offset, text from appearances join documents on documents.id = document_id"
        " where comment_id = ? and document_id = ?",
        (comment_id, document_id),
    ).fetchall()
    return line_at(found[0]["text"], found[0]["start_offset"]) if found else None


def quotation_lines(database: sqlite3.Connection, appearance: sqlite3.Row) -> list[int]:
    """Give the lines with words of a comment's quotations, of the appearance that gives the comment its text.

    A footnote's own mark, which stands on a line above it, is no word of the quotation.
    """
    passages = database.execute(
        "select start_offset, end_offset from passages where comment_id = ? and document_id = ? and is_quotation"
        " order by position",
        (appearance["comment_id"], appearance["document_id"]),
    )
    page = appearance["page"]
    lines = page.split("\n")
    return [
        line
        for start, end in passages
        for line in range(line_at(page, start), last_line(page, start, end) + 1)
        if any(character.isalpha() for character in lines[line - 1])
    ]


def as_labelled(database: sqlite3.Connection, appearance: sqlite3.Row) -> dict[str, Any]:
    """Describe an appearance in the words of the labels."""
    page, comment_id = appearance["page"], appearance["comment_id"]
    comment = database.execute("select * from comments where id = ?", (comment_id,)).fetchone()
    return {
        "start_line": line_at(page, appearance["start_offset"]),
        "end_line": last_line(page, appearance["start_offset"], appearance["end_offset"]),
        "author": appearance["author_name"],
        "karma": appearance["karma"],
        "age": appearance["age"],
        "is_truncated": bool(appearance["is_truncated"]),
        "parent_line": start_on_page(database, comment["parent_id"], appearance["document_id"]),
        "quotation_lines": quotation_lines(database, appearance),
    }


def labelled(file: str) -> list[dict[str, Any]]:
    comments = []
    for comment in PAGES[file]["comments"]:
        ranges = comment["quotation_lines"]
        lines = [line for first, last in ranges for line in range(first, last + 1)]
        comments.append({field: comment[field] for field in FIELDS} | {"quotation_lines": lines})
    return comments


@pytest.mark.parametrize("file", SEED_NAMES)
def test_every_comment_of_a_seed_stands_where_it_was_labelled(seeds: sqlite3.Connection, file: str) -> None:
    found = [as_labelled(seeds, appearance) for appearance in seeds.execute(APPEARANCES, (file,)).fetchall()]
    assert found == labelled(file)


@pytest.mark.parametrize("file", SEED_NAMES)
def test_the_owner_and_the_furniture_of_a_seed_are_as_labelled(seeds: sqlite3.Connection, file: str) -> None:
    document_id, page, owner = seeds.execute(
        "select documents.id, text, name from documents join authors on authors.id = owner_id where file_name = ?",
        (file,),
    ).fetchone()
    furniture = seeds.execute(
        "select start_offset, role from furniture where document_id = ? order by start_offset", (document_id,)
    )
    assert owner == PAGES[file]["owner"]
    assert [[line_at(page, start), role] for start, role in furniture] == PAGES[file]["furniture"]


def test_the_comments_on_several_seeds_are_exactly_those_that_were_labelled(seeds: sqlite3.Connection) -> None:
    groups: dict[str, list[list[Any]]] = {}
    for file in SEED_NAMES:
        for row in seeds.execute(APPEARANCES, (file,)):
            groups.setdefault(row["comment_id"], []).append([file, line_at(row["page"], row["start_offset"])])
    assert sorted(group for group in groups.values() if len(group) > 1) == LABELS["same_comment"]


def test_the_numbers_of_the_seeds_are_those_that_the_project_states(seeds: sqlite3.Connection) -> None:
    counts = {
        "appearances": "select count(*) from appearances",
        "cut appearances": "select count(*) from appearances where is_truncated",
        "comments": "select count(*) from comments",
        "cut comments": "select count(*) from comments where is_truncated",
        "replies": "select count(*) from comments where parent_id is not null",
        "cut copies of whole comments": """
            select count(*) from appearances join comments on comments.id = comment_id
            where appearances.is_truncated and not comments.is_truncated
        """,
        "documents": "select count(*) from documents",
        "placeholders": "select count(*) from comments where is_placeholder",
    }
    assert {what: seeds.execute(query).fetchone()[0] for what, query in counts.items()} == {
        "appearances": 77,
        "cut appearances": 17,
        "comments": 70,
        "cut comments": 14,
        "replies": 12,
        "cut copies of whole comments": 3,
        "documents": 5,
        "placeholders": 0,
    }


def test_a_comment_that_is_cut_on_one_seed_and_whole_on_another_has_the_whole_text(seeds: sqlite3.Connection) -> None:
    ends = seeds.execute(
        """
        select substr(body, -40) from comments
        where not is_truncated and id in (select comment_id from appearances where is_truncated)
        order by body
        """
    )
    page = (REPOSITORY / "seeds" / SEED_NAMES[3]).read_text(encoding="utf-8")
    whole = [end for (end,) in ends]
    assert len(whole) == 3
    assert all(end in page for end in whole)


def test_the_one_run_of_scores_that_cannot_be_read_is_kept_raw_and_reported(seeds: sqlite3.Connection) -> None:
    comment = seeds.execute("select * from comments where score_text like '%Ω%'").fetchone()
    assert (comment["author_name"], comment["score_text"]) == ("Erik Jenner", "Erik JennerΩ7103")
    assert (comment["karma"], comment["af_karma"], comment["agreement"]) == (None, None, None)
    problems = seeds.execute("select kind, detail from problems where comment_id = ?", (comment["id"],)).fetchall()
    assert [tuple(problem) for problem in problems] == [
        (
            "ambiguous header",
            "“Erik JennerΩ7103” can be read as: "
            "Alignment Forum karma 7, karma 103; Alignment Forum karma 710, karma 3; "
            "Alignment Forum karma 7, karma 10, agreement 3; Alignment Forum karma 71, karma 0, agreement 3. "
            "Its numbers are left out.",
        )
    ]


def test_every_editorial_decision_is_kept_with_its_evidence(seeds: sqlite3.Connection) -> None:
    without = seeds.execute("select count(*) from corrections where reason is null and url is null").fetchone()[0]
    total, files = seeds.execute("select count(*), count(distinct document_id) from corrections").fetchone()
    applied, skipped = seeds.execute("select corrections_applied, corrections_skipped from builds").fetchone()
    assert (without, skipped, files) == (0, 0, 5)
    assert total == applied
