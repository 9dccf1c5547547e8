"""The plain form: rows of JSON Lines or CSV become records; what is wrong with one is said, and the next is read."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reading import items_of

from forum_comments.readers import dumps
from forum_comments.readers.plain_form import COLUMNS
from forum_comments.records import BodyPassage, Fault, Person, Post, Record

ANY_NAME = "any name"
HEADER = b"id,parent_id,author,posted_at,body\n"


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=5)
    | st.sampled_from(["paragraph", "page"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["kind", "text", "a"]), inner, max_size=3)
    ),
    max_leaves=5,
)
ROWS = st.dictionaries(st.sampled_from(["id", "body", "source", "bio", "post_title", "extra", *COLUMNS]), VALUES)
PIECES = st.sampled_from([b'"', b",", b"\n", b"\r", b"\0", b"\xff", b"a", b"1", b'""', b",,,,", b"=1"])


def bodies_of(content: bytes, folder: Path) -> list[tuple[int, str | None]]:
    return [(item.number, item.body) for item in items_of(folder, content, ANY_NAME) if isinstance(item, Record)]


def faults_of(content: bytes, folder: Path) -> list[str]:
    return [f"{item.kind}: {item.detail}" for item in items_of(folder, content, ANY_NAME) if isinstance(item, Fault)]


def test_a_row_fills_the_columns_of_a_comment_and_keeps_what_has_none(tmp_path):
    line = (
        b'{"id": 7, "parent_id": "6", "author": "Ada", "author_id": "a1", "posted_at": "2020-01-02T03:04:05+01:00",'
        b' "body": "*Hi*", "markup": "markdown", "karma": -3, "status": "retracted", "is_truncated": true,'
        b' "thread_id": "t", "post_id": 9, "parent_confidence": 0.5, "colour": "red", "extra": {"size": 2}, "x": null}'
    )
    assert items_of(tmp_path, line, ANY_NAME) == [
        Record(
            number=1,
            source="plain",
            source_id="7",
            body="*Hi*",
            markup="markdown",
            parent_source_id="6",
            thread_id="t",
            post_id="9",
            author_id="a1",
            author_name="Ada",
            posted_at="2020-01-02T02:04:05Z",
            karma=-3,
            status="retracted",
            is_truncated=True,
            parent_confidence=0.5,
            extra={"colour": "red", "size": 2},
        )
    ]


def test_people_and_posts_come_with_comments_once_or_in_rows_of_their_own(tmp_path):
    lines = (
        b'{"id": 1, "body": "a", "author": "Ada", "bio": "Writes.", "post_id": "p", "post_title": "On a"}\n'
        b'{"id": 2, "body": "b", "author": "Ada", "bio": "Writes.", "post_id": "p", "post_title": "On a"}\n'
        b'{"author": "Bob", "author_id": "b7", "bio": "Reads.", "source": "page", "born": 1990}\n'
        b'{"post_id": "q", "post_url": "https://example.com/q"}\n'
    )
    assert [item for item in items_of(tmp_path, lines, ANY_NAME) if not isinstance(item, Record)] == [
        Person("plain", "Ada", "Ada", "Writes."),
        Post("plain", "p", "On a"),
        Person("page", "b7", "Bob", "Reads.", {"born": 1990}),
        Post("plain", "q", None, "https://example.com/q"),
    ]


def test_passages_are_taken_as_they_are_given(tmp_path):
    line = (
        b'{"id": 1, "body": "- a", "links": ["https://example.com"], "passages": [{"kind": "paragraph", "text": "- a",'
        b' "is_quotation": 1, "quotation_basis": "same words", "quotation_confidence": 0.9,'
        b' "quoted_comment_id": "p-1"}]}'
    )
    (record,) = items_of(tmp_path, line, ANY_NAME)
    assert isinstance(record, Record)
    assert record.passages == [BodyPassage("paragraph", "- a", True, "same words", 0.9, "p-1")]
    assert record.links == ["https://example.com"]


@pytest.mark.parametrize(
    ("kind", "label", "is_taken"),
    [
        ("list item", "1.", True),
        ("list item", "-12)", True),
        ("list item", "b.", True),
        ("list item", "MDCLXVI.", True),
        ("list item", None, True),
        ("paragraph", "1.", False),
        ("list item", "Ada.", False),
        ("list item", "1", False),
        ("list item", 1, False),
    ],
)
def test_a_label_is_that_of_an_item_of_a_numbered_list(tmp_path, kind, label, is_taken):
    passage = {"kind": kind, "text": "So.", "label": label}
    (record,) = items_of(tmp_path, json.dumps({"id": 1, "passages": [passage]}).encode(), ANY_NAME)
    assert record.passages == ([BodyPassage(kind, "So.", label=label)] if is_taken else None)
    assert [kind for kind, _ in record.problems] == ([] if is_taken else ["wrong value"])


def test_values_that_no_column_can_hold_stay_in_extra_and_are_reported(tmp_path):
    line = (
        b'{"id": 1, "body": ["a"], "markup": "bbcode", "passages": [{"kind": "verse", "text": "a"}], "karma": 1.5,'
        b' "posted_at": "soon", "is_truncated": "perhaps", "author_confidence": 2, "extra": "x", "author": "[deleted]"}'
    )
    (record,) = items_of(tmp_path, line, ANY_NAME)
    assert isinstance(record, Record)
    assert record.problems == [
        ("wrong value", "extra is 'x'; expected a JSON object"),
        (
            "wrong value",
            "posted_at is 'soon'; expected ISO 8601 up to the year 9999, or seconds since 1970 between 1973 and 2286",
        ),
        ("wrong value", "body is ['a']; expected text"),
        ("wrong value", "markup is 'bbcode'; expected one of: html, markdown, plain"),
        (
            "wrong value",
            "passages is [{'kind': 'verse', 'text': 'a'}]; expected a list of objects with text and a kind: paragraph,"
            " list item, code block, heading, footnote; an item's label is such as 1.",
        ),
        ("wrong value", "karma is 1.5; expected a whole number of 64 bits"),
        ("wrong value", "is_truncated is 'perhaps'; expected true or false"),
        ("wrong value", "author_confidence is 2; expected a number from 0 to 1"),
    ]
    assert sorted(record.extra) == [
        "author_confidence", "body", "extra", "is_truncated", "karma", "markup", "passages", "posted_at",
    ]  # fmt: skip
    assert (record.body, record.passages, record.author_name, record.is_truncated) == (None, None, None, False)


@pytest.mark.parametrize(
    "written", ["2021", "202103", "20210304", "202103041230", 2021, 20210304, 0, 99_999_999, 10_000_000_000, 1.5]
)
def test_a_number_that_is_no_moment_of_any_forum_is_no_date(tmp_path, written):
    (record,) = items_of(tmp_path, json.dumps({"id": 1, "body": "a", "posted_at": written}).encode(), ANY_NAME)
    assert isinstance(record, Record)
    assert (record.posted_at, record.extra) == (None, {"posted_at": written})
    what = "ISO 8601 up to the year 9999, or seconds since 1970 between 1973 and 2286"
    assert record.problems == [("wrong value", f"posted_at is {written!r}; expected {what}")]


@pytest.mark.parametrize(
    ("written", "date"),
    [
        (100_000_000, "1973-03-03T09:46:40Z"),
        ("1134365188", "2005-12-12T05:26:28Z"),
        (9_999_999_999, "2286-11-20T17:46:39Z"),
        ("2021-03-04", "2021-03-04"),
        ("2021-03-04T05:06Z", "2021-03-04T05:06Z"),
        ("2021-03-04 05:06:07+00", "2021-03-04T05:06:07Z"),
        ("2021-03-04T05:06:07.250-02", "2021-03-04T07:06:07.250Z"),
        ("2021-03-04T05:06:07+0530", "2021-03-03T23:36:07Z"),
    ],
)
def test_seconds_and_days_are_dates(tmp_path, written, date):
    (record,) = items_of(tmp_path, json.dumps({"id": 1, "body": "a", "posted_at": written}).encode(), ANY_NAME)
    assert isinstance(record, Record)
    assert (record.posted_at, record.problems) == (date, [])


@pytest.mark.parametrize(
    "content",
    [
        b"id,body\n1,a\n",
        b"\xef\xbb\xbfid,body\r\n1,a\r\n",
        "id;body\n1;a".encode("utf-16"),
        b"ID\t Body \n1\ta",
        b'"id","body"\n"1","a"\n\n\n',
        b'{"id": 1, "body": "a"}',
        b'[{"id": 1, "body": "a"}]',
    ],
)
def test_separators_byte_order_marks_line_ends_and_quotation_marks_do_not_matter(tmp_path, content):
    assert [body for _, body in bodies_of(content, tmp_path)] == ["a"]


def test_a_cell_is_text_whatever_it_looks_like(tmp_path):
    rows = b'1,,,,=1+1\n2,,,,"a, ""b""\nc\r\nd"\n3,,,,5" wide\n4,,,,<b> *x* \n'
    expected = [(2, "=1+1"), (3, 'a, "b"\nc\r\nd'), (6, '5" wide'), (7, "<b> *x* ")]
    assert bodies_of(HEADER + rows, tmp_path) == expected


def test_a_cell_may_be_longer_than_the_library_takes_by_itself(tmp_path):
    assert bodies_of(HEADER + b"1,,,," + b"x" * 300_000, tmp_path) == [(2, "x" * 300_000)]


def test_bad_rows_are_named_by_their_line_and_the_others_are_read(tmp_path):
    rows = b'1,,,,a\n2,,,,"lone\n3,,,,b\n4,,\n5,,,,"c"d\n,,,,e\n6,,,,\xff\x00\n7,,,,"open\n8,,,,f\n'
    assert bodies_of(HEADER + rows, tmp_path) == [(2, "a"), (4, "b"), (8, "\ufffd\ufffd"), (10, "f")]
    assert faults_of(HEADER + rows, tmp_path) == [
        "record not read: line 3: no CSV: ',' expected after '\"'",
        "record not read: line 5: expected 5 cells, as in the header, found 3",
        "record not read: line 6: no CSV: ',' expected after '\"'",
        "record without id: record 7: expected an id under the key id; it has the keys body",
        "record not read: line 9: no CSV: unexpected end of data",
    ]


def test_what_had_to_be_replaced_in_a_row_is_said(tmp_path):
    (record,) = items_of(tmp_path, HEADER + b"6,,,,\xff\x00\n", ANY_NAME)
    assert isinstance(record, Record)
    assert record.problems == [
        ("undecodable bytes", "line 2 is not UTF-8 at byte 5; shown as U+FFFD"),
        ("impossible characters", "line 2 has a NUL; shown as U+FFFD"),
    ]


def test_a_name_that_is_no_text_is_reported(tmp_path):
    (record,) = items_of(tmp_path, b'{"id": 1, "body": "a", "author": ["Ada"]}', ANY_NAME)
    assert isinstance(record, Record)
    assert record.problems == [("wrong value", "author is ['Ada']; expected a name")]


def test_a_column_that_is_named_twice_is_reported(tmp_path):
    assert faults_of(b"id,body,body\n1,a,\n", tmp_path) == [
        "column named twice: line 1: two columns are named body; where both have a value the last one is read"
    ]


@pytest.mark.parametrize(
    "content", [b"", b"\n", b"Ada Example\n\nid and body", b"id\n1\n", b'"id","body\n', b"body,no\n"]
)
def test_a_file_without_the_columns_is_none(tmp_path, content):
    path = tmp_path / "page"
    path.write_bytes(content)
    assert dumps.recognise(path) is None


def test_many_lone_quotation_marks_take_time_that_grows_with_their_number_only(tmp_path):
    rows = b'1,,,,"a\n2,,,,b\n' * 20_000
    items = items_of(tmp_path, HEADER + rows, ANY_NAME)
    assert len(items) == 20_000 + dumps.MOST_FAULTS + 1
    assert items[-1] == Fault("more faults", "19000 more records or places could not be read")


@given(st.lists(ROWS, max_size=4))
def test_rows_with_any_values_become_records_or_faults(rows):
    lines = "\n".join(map(json.dumps, [{"id": "first", "body": "a"}, *rows])).encode()
    with tempfile.TemporaryDirectory() as folder:
        items = items_of(Path(folder), lines, ANY_NAME)
    with_ids = [row for row in rows if isinstance(row.get("id"), int | str) and row["id"] is not True]
    assert all(isinstance(item.source_id, str) for item in items if isinstance(item, Record))
    assert sum(isinstance(item, Record) for item in items) <= len(with_ids) + 1


@given(st.lists(PIECES, max_size=40).map(b"".join))
def test_any_bytes_after_a_header_are_rows_or_faults(rows):
    with tempfile.TemporaryDirectory() as folder:
        items = items_of(Path(folder), HEADER + rows, ANY_NAME)
    assert all(item.source_id and item.number > 1 for item in items if isinstance(item, Record))
    assert all("line" in item.detail or "record" in item.detail for item in items if isinstance(item, Fault))
