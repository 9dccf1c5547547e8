import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from making import PROFILE_HEAD, REPLIES_HEAD, appearance_of, archive_of, archive_of_comments, page_of

from forum_comments.archive import Archive
from forum_comments.database import write_database
from forum_comments.labels import appearance_id, shown, slug_of, title_of
from forum_comments.models import Passage
from forum_comments.reconcile import reconcile
from forum_comments.report import report_of
from forum_comments.rows import chunks_of
from forum_comments.schema import TABLES


def rows(archive: Archive, table: str, *columns: str) -> list[tuple[Any, ...]]:
    names = list(TABLES[table].columns)
    found = (row for name, chunk in chunks_of(archive) if name == table for row in chunk)
    return [tuple(row[names.index(column)] for column in columns) for row in found]


def texts(*paragraphs: str) -> Sequence[Passage]:
    return [Passage("paragraph", text) for text in paragraphs]


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Zac Hatfield-Dodds", "zac-hatfield-dodds"),
        ("Ünï Çödé", "uni-code"),
        ("__x__", "x"),
        ("9Q7", "9q7"),
        ("../../etc/passwd?a=b&c", "etc-passwd-a-b-c"),
    ],
)
def test_the_id_of_an_author_is_made_of_the_name(name: str, slug: str) -> None:
    assert slug_of(name) == slug


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_the_id_of_any_author_can_stand_in_an_address(name: str) -> None:
    assert re.fullmatch(r"[a-z0-9-]+", slug_of(name))


def test_names_without_letters_of_the_alphabet_have_different_ids() -> None:
    assert slug_of("Анна") != slug_of("Иван")
    assert re.fullmatch(r"author-[0-9a-f]{12}", slug_of("Анна"))


def test_authors_whose_names_make_one_id_are_numbered_in_the_order_of_their_names() -> None:
    page = page_of(REPLIES_HEAD + "One.\n\n2bob x1y\nA.\n\n2Bob-x1y\nB.\n\n2Bob X1y\nC.\n")
    assert rows(archive_of(page), "authors", "id", "name") == [
        ("ada-example", "Ada Example"),
        ("bob-x", "Bob X"),
        ("bob-x-2", "Bob-x"),
        ("bob-x-3", "bob x"),
    ]


def test_the_number_of_one_author_is_not_the_id_of_another() -> None:
    names = ["Bob X", "Bob X 2", "Bob-X"]
    pages = [page_of(PROFILE_HEAD.replace("Ada Example", name) + "One.\n") for name in names]
    assert rows(archive_of(*pages), "authors", "id", "name") == [
        ("bob-x", "Bob X"),
        ("bob-x-2", "Bob X 2"),
        ("bob-x-3", "Bob-X"),
    ]


@pytest.mark.parametrize(
    ("passages", "title"),
    [
        (texts("A short one."), "A short one."),
        (texts("Two of", "them\u2028and more"), "Two of them and more"),
        (texts("a" * 70), "a" * 70),
        (texts("a" * 71), "a" * 70 + " …"),
        (texts("word " * 20), "word word word word word word word word word word word word word word …"),
        (texts("with\0NUL"), "with\ufffdNUL"),
        (texts(), "[no text]"),
        (texts(" \u00a0 "), "[no text]"),
    ],
)
def test_the_title_of_a_comment_is_its_opening_words(passages: Sequence[Passage], title: str) -> None:
    assert title_of(passages) == title


@given(st.lists(st.text(), max_size=4))
def test_no_title_is_empty_or_long_or_of_several_lines(paragraphs: list[str]) -> None:
    title = title_of(texts(*paragraphs))
    assert 0 < len(title) <= 72
    assert "\n" not in title
    assert "\0" not in title


def test_a_text_is_shown_without_the_character_that_ends_texts() -> None:
    assert shown("a\0b\0") == "a\ufffdb\ufffd"
    assert shown(None) is None
    archive = archive_of(page_of(REPLIES_HEAD + "What is asked.\n\n2B\0ob1y\n\nAn answer.\n"))
    for table in ("comments", "appearances"):
        found = rows(archive, table, "author_name", "score_text")
        assert found[:2] == [("Ada Example", None), ("B\ufffdob", "2B\ufffdob1y")]


def test_links_are_found_in_prose_and_end_where_they_do() -> None:
    page = page_of(
        PROFILE_HEAD + "See https://example.org/a_(b) and (http://Example.com:80/x?y=1#z), or “https://x.org/”.\n\n"
        "  • https://[broken\n  • not http: or https:// alone\n"
    )
    assert rows(archive_of(page), "links", "position", "url", "host") == [
        (1, "https://example.org/a_(b", "example.org"),
        (2, "http://Example.com:80/x?y=1#z", "example.com"),
        (3, "https://x.org/", "x.org"),
        (4, "https://[broken", None),
    ]


def test_a_comment_s_own_and_quoted_words_are_told_apart_only_where_something_is_quoted() -> None:
    plain, mixed = appearance_of("Only mine."), appearance_of(["Theirs.", "Mine."], position=2)
    mixed.passages[0].is_quotation = True
    archive = archive_of_comments([], reconcile([plain, mixed]))
    assert rows(archive, "comments", "title", "body", "own_text", "quoted_text", "word_count") == [
        ("Only mine.", "Only mine.", None, None, 2),
        ("Mine.", "Theirs.\n\nMine.", "Mine.", "Theirs.", 2),
    ]


def test_a_list_is_shown_with_its_bullets_and_without_empty_lines() -> None:
    page = page_of(PROFILE_HEAD + "A list:\n\n  • one\n  • two\n\nIts end\n")
    ((body, kinds),) = [
        (body, [kind for (kind,) in rows(archive_of(page), "passages", "kind")])
        for (body,) in rows(archive_of(page), "comments", "body")[:1]
    ]
    assert body.startswith("A list:\n\n• one\n• two")
    assert kinds == ["paragraph", "list item", "list item", "paragraph"]


def test_pages_of_one_title_are_told_apart_by_their_files() -> None:
    pages = [page_of(PROFILE_HEAD + f"Comment {number}.\n", f"{number}.txt") for number in range(2)]
    assert rows(archive_of(*pages), "documents", "title") == [
        ("Profile of Ada Example (0.txt)",),
        ("Profile of Ada Example (1.txt)",),
    ]


def test_numbers_that_a_page_does_not_show_are_unknown_and_not_zero() -> None:
    page = page_of(REPLIES_HEAD + "One.\n\n0Bob1y\nA.\n\n42fish2y\nB.\n")
    columns = ("author_name", "karma", "age", "score_text", "posted_at")
    assert rows(archive_of(page), "comments", *columns) == [
        ("Ada Example", None, None, None, None),
        ("Bob", 0, "1y", "0Bob1y", None),
        (None, None, "2y", "42fish2y", None),
    ]
    assert rows(archive_of(page), "problems", "kind") == [("ambiguous header",)]


def test_every_table_has_rows_of_its_own_length() -> None:
    found = list(chunks_of(archive_of(page_of(REPLIES_HEAD + "One: https://example.org\n\n42fish2y\nB.\n"))))
    assert {table for table, _ in found} == TABLES.keys() - {"statistics"}  # counted from the others
    for table, given_rows in found:
        assert {len(row) for row in given_rows} <= {len(TABLES[table].columns)}


def test_the_hash_of_a_build_s_inputs_goes_by_their_names_and_contents_and_not_by_their_order() -> None:
    def inputs_sha256(*inputs: tuple[str, str]) -> Any:
        return rows(replace(archive_of_comments([], []), inputs=inputs), "builds", "inputs_sha256")

    one, other = ("a.txt", "1f"), ("b.txt", "2f")
    assert inputs_sha256(one, other) == inputs_sha256(other, one)
    assert inputs_sha256(one, other) != inputs_sha256(one)
    assert inputs_sha256(one) != inputs_sha256(("a.txt", "2f"))
    assert inputs_sha256(one) != inputs_sha256(("c.txt", "1f"))


def test_an_appearance_is_named_by_its_document_and_place() -> None:
    appearance = appearance_of("Yes.", document="a", position=7)
    assert appearance_id(appearance) == f"{appearance.document.id}-7"


def test_the_report_counts_what_a_person_asks_first(tmp_path: Path) -> None:
    page = page_of(REPLIES_HEAD + "One ... (read more)\n\n2Bob1y\nA.\n\n42fish2y\nB.\n")
    write_database(tmp_path / "comments.db", chunks_of(archive_of(page)))
    report = report_of(tmp_path / "comments.db")
    assert (report.documents, report.appearances, report.comments, report.replies) == (1, 3, 3, 2)
    assert (report.authors, report.cut, report.corrected, report.skipped, report.problems) == (2, 1, 0, 0, 1)
    assert str(report) == (
        "1 documents, 3 appearances of 3 comments\n"
        "2 replies, 2 authors, 1 comments cut short\n"
        "0 corrections applied, 0 skipped (their files were not read)\n"
        "1 problems (see the table problems)"
    )


def test_a_column_that_no_table_has_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    columns = {column: kind for column, kind in TABLES["comments"].columns.items() if column != "karma"}
    monkeypatch.setitem(TABLES, "comments", replace(TABLES["comments"], columns=columns))
    archive = archive_of(page_of(PROFILE_HEAD + "One.\n"))
    with pytest.raises(ValueError, match="comments has no column karma"):
        list(chunks_of(archive))


def test_a_comment_without_words_of_its_own_has_a_title() -> None:
    page = page_of(REPLIES_HEAD + "One.\n\n-7Bob1y\n\nTwo.\n")
    assert [title for (title,) in rows(archive_of(page), "comments", "title")][1] == "[no text]"


def test_the_ids_of_comments_can_stand_in_an_address() -> None:
    for comment in archive_of(page_of(REPLIES_HEAD + "🙂\n\n2Bob1y\n🙂\n")).comments:
        assert re.fullmatch(r"p-[0-9a-f]{12}(-[0-9]+)?", comment.id)
