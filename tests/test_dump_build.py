"""Dumps through the whole build: copies, parents over files in any order, reused ids, pages that show a record."""

from __future__ import annotations

import itertools
import json
import os
import random
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from making import PROFILE_HEAD, SEEDS, query

from build_db import build
from forum_comments import gathering, preparing
from forum_comments.errors import SourceError
from forum_comments.keys import opening_key
from forum_comments.permalinks import resolve
from forum_comments.readers import dumps
from forum_comments.records import Dump

SENTENCE = "One sentence of more than a dozen words, so that it is known again wherever it stands on a page."


def record(id: str, **fields: object) -> dict[str, object]:
    """Make a comment as LessWrong's own data give it; `thread` is the post, `author` a name."""
    body, author = fields.get("body", f"This is {id}."), fields.get("author")
    return {
        "_id": id,
        "postId": fields.get("thread"),
        "parentCommentId": fields.get("parent"),
        "contents": {"markdown": body},
        "postedAt": fields.get("posted_at"),
        "baseScore": fields.get("karma"),
        "user": {"_id": f"id{author}".replace(" ", ""), "displayName": author} if author else None,
    }


def built(
    folder: Path, files: Mapping[str, Sequence[Mapping[str, object]]], pages: Mapping[str, str] | None = None
) -> Path:
    """Build a database of dumps and pages."""
    source = folder / "source"
    source.mkdir()
    for name, records in files.items():
        (source / name).write_text("".join(f"{json.dumps(r)}\n" for r in records))
    for name, text in (pages or {}).items():
        (source / name).write_text(text)
    build([source], folder / "comments.db", [])
    return folder / "comments.db"


def test_parents_resolve_across_files_and_roots_and_depths_with_them(tmp_path: Path) -> None:
    database = built(
        tmp_path,
        {
            "a.jsonl": [record("c", parent="b"), record("b", parent="a")],
            "b.jsonl": [record("a"), record("d", parent="c")],
        },
    )
    assert query(database, "select id, parent_id, parent_basis, root_id, depth from comments order by id") == [
        ("lw-a", None, "source", "lw-a", 0),
        ("lw-b", "lw-a", "source", "lw-a", 1),
        ("lw-c", "lw-b", "source", "lw-a", 2),
        ("lw-d", "lw-c", "source", "lw-a", 3),
    ]


def test_a_parent_that_was_not_read_is_a_placeholder_with_its_id(tmp_path: Path) -> None:
    database = built(tmp_path, {"a.jsonl": [record("b", parent="a"), record("c", parent="a")]})
    assert query(database, "select id, parent_id, root_id, depth, is_placeholder, body from comments order by id") == [
        ("lw-a", None, "lw-a", 0, 1, None),
        ("lw-b", "lw-a", "lw-a", 1, 0, "This is b."),
        ("lw-c", "lw-a", "lw-a", 1, 0, "This is c."),
    ]
    assert query(database, "select comments from builds") == [(2,)]


def test_an_id_of_another_thread_is_no_parent_and_a_problem_says_so(tmp_path: Path) -> None:
    records = [record("a", thread="one"), record("b", parent="a", thread="two")]
    database = built(tmp_path, {"a.jsonl": records})
    assert query(database, "select parent_id, parent_basis, parent_source_id from comments where id = 'lw-b'") == [
        (None, "unknown", "a")
    ]
    assert query(database, "select kind, detail, comment_id from problems") == [
        (
            "parent in another thread",
            "Its source says that it answers lw-a, which stands in another thread only; the link was left out.",
            "lw-b",
        )
    ]


def test_an_id_used_again_in_another_thread_is_another_comment_with_replies_of_its_own(tmp_path: Path) -> None:
    records = [
        record("a", thread="two", body="In two."),
        record("a", thread="one", body="In one."),
        record("b", thread="two", parent="a"),
        record("c", thread="one", parent="a"),
    ]
    database = built(tmp_path, {"a.jsonl": records})
    assert query(database, "select id, body, parent_id from comments order by id") == [
        ("lw-a", "In one.", None),
        ("lw-a-2", "In two.", None),
        ("lw-b", "This is b.", "lw-a-2"),
        ("lw-c", "This is c.", "lw-a"),
    ]
    assert query(database, "select comment_id from passages order by comment_id") == [
        ("lw-a",),
        ("lw-a-2",),
        ("lw-b",),
        ("lw-c",),
    ]


def test_an_id_that_was_used_again_gets_a_number_that_makes_it_no_id_of_another_comment(tmp_path: Path) -> None:
    records = [
        record("a", thread="one"),
        record("a", thread="two", body="In two."),
        record("a-2", thread="one"),
        record("b", thread="one", parent="a-3"),
    ]
    database = built(tmp_path, {"a.jsonl": records})
    assert query(database, "select id, body, parent_id, is_placeholder from comments order by id") == [
        ("lw-a", "This is a.", None, 0),
        ("lw-a-2", "This is a-2.", None, 0),
        ("lw-a-3", None, None, 1),
        ("lw-a-4", "In two.", None, 0),
        ("lw-b", "This is b.", "lw-a-3", 0),
    ]


def test_a_loop_is_cut_at_the_smallest_id_and_reported(tmp_path: Path) -> None:
    database = built(tmp_path, {"a.jsonl": [record("b", parent="a"), record("a", parent="b")]})
    assert query(database, "select id, parent_id, depth from comments order by id") == [
        ("lw-a", None, 0),
        ("lw-b", "lw-a", 1),
    ]
    assert query(database, "select kind, detail, comment_id from problems") == [
        ("reply loop", "That it answers lw-b would close a loop; the link was refused.", "lw-a")
    ]


def test_copies_in_two_files_are_one_comment_of_the_fullest_text_and_fill_each_other_s_gaps(tmp_path: Path) -> None:
    short = record("a", body="Short.", posted_at="2020-01-02T03:04:05Z", karma=3, author="Ann")
    full = record("a", body="Short.\n\nAnd edited since.", karma=5, author="Ann")
    database = built(tmp_path, {"a.jsonl": [short], "b.jsonl": [full]})
    assert query(database, "select id, body, posted_at, karma, author_name from comments") == [
        ("lw-a", "Short.\n\nAnd edited since.", "2020-01-02T03:04:05Z", 5, "Ann")
    ]
    said = "select file_name, match_basis, differs from appearances, documents where documents.id = document_id"
    found = sorted(query(database, said))
    assert [(name, basis, json.loads(str(differs))) for name, basis, differs in found] == [
        (
            "a.jsonl",
            "same id",
            {"body": "Short.", "links": [], "passages": [["paragraph", "Short.", False, None, None, None, None]]},
        ),
        ("b.jsonl", "same id", {"posted_at": None}),
    ]
    assert query(database, "select kind, detail, comment_id from problems") == [
        ("sources disagree", "Its text is not the same in b.jsonl, a.jsonl; that of b.jsonl was taken.", "lw-a")
    ]


@pytest.mark.parametrize(
    ("dates", "taken", "disagree"),
    [
        (["2020-01-02", "2020-01-02T03:04:05.678Z", "2020-01-02T03:04:05Z"], "2020-01-02T03:04:05.678Z", False),
        (["2020-01-02T03:04:05Z", "2020-01-02T03:04:05.000Z"], "2020-01-02T03:04:05.000Z", False),
        (["2020-01-02T03:04Z", "2020-01-02T03:04:30Z", None], "2020-01-02T03:04:30Z", False),
        (["2020-01-02", "2020-01-03T03:04:05Z"], "2020-01-02", True),
        (["2020-01-02", "2020-01-02T03:04:05Z", "2020-01-02T03:04:06Z"], "2020-01-02T03:04:05Z", True),
    ],
)
def test_of_dates_that_say_the_same_the_most_exact_is_taken_and_none_disagrees(
    tmp_path: Path, dates: Sequence[str | None], taken: str, disagree: bool
) -> None:
    files = {f"{n}.jsonl": [record("a", body="w " * (9 - n), posted_at=date)] for n, date in enumerate(dates)}
    database = built(tmp_path, files)
    assert query(database, "select posted_at from comments") == [(taken,)]
    details = [
        str(detail) for (detail,) in query(database, "select detail from problems where detail like 'Its date%'")
    ]
    assert len(details) == disagree
    said = "select json_extract(differs, '$.posted_at') from appearances join documents on documents.id = document_id"
    assert query(database, f"{said} order by file_name") == [(None if date == taken else date,) for date in dates]
    source = tmp_path / "source"
    others = [source / name for name in list(files)[1:]]
    build(others, tmp_path / "updated.db", [])
    build([source / "0.jsonl", *others], tmp_path / "updated.db", [], update=True)
    for table in ("comments", "appearances", "problems"):
        rows = f"select * from {table} order by id"
        assert query(tmp_path / "updated.db", rows) == query(database, rows)


def test_of_many_copies_that_differ_a_problem_names_the_first(tmp_path: Path) -> None:
    records = [record("a", body="word " * (9 - number), karma=number) for number in range(8)]
    database = built(tmp_path, {"a.jsonl": records})
    names = ", ".join(["a.jsonl"] * 5)
    assert query(database, "select detail from problems") == [
        (f"Its text is not the same in {names} and 3 more; that of a.jsonl was taken.",)
    ]


def post(id: str, **fields: object) -> dict[str, object]:
    """Make a post as LessWrong's own data give it."""
    return {"_id": id, "slug": "s", "commentCount": 1, "title": fields.get("title"), "pageUrl": fields.get("url")}


def test_what_several_files_say_of_a_post_becomes_the_fullest_whatever_their_order(tmp_path: Path) -> None:
    said = [
        [post("p", title="Title, whole")],
        [post("p", title="Title", url="https://www.lesswrong.com/posts/p/s")],
        [post("p")],
    ]
    for number, order in enumerate(itertools.permutations(said)):
        folder = tmp_path / str(number)
        folder.mkdir()
        # What stands in a file decides its place among the others.
        files = {f"{name}.jsonl": [*posts, post(f"{number}")] for name, posts in enumerate(order)}
        rows = query(built(folder, files), "select id, title, url from posts where id = 'lw-p'")
        assert rows == [("lw-p", "Title, whole", "https://www.lesswrong.com/posts/p/s")]


def test_what_answers_a_story_of_another_file_opens_a_thread_on_it(tmp_path: Path) -> None:
    story = {"id": 1, "type": "story", "title": "A story", "by": "ann", "time": 1600000000}
    reply = {"id": 2, "type": "comment", "parent": 1, "by": "bob", "text": "So it is.", "time": 1600000001}
    further = {"id": 3, "type": "comment", "parent": 2, "by": "ann", "text": "Is it?", "time": 1600000002}
    database = built(tmp_path, {"a.jsonl": [story], "b.jsonl": [reply, further]})
    assert query(database, "select id, parent_id, post_id, depth, is_placeholder from comments order by id") == [
        ("hn-2", None, "hn-1", 0, 0),
        ("hn-3", "hn-2", None, 1, 0),
    ]


def test_a_page_and_a_dump_that_hold_the_same_comment_make_one_row_with_the_dump_s_id_and_date(tmp_path: Path) -> None:
    text = f"{SENTENCE}\n\nAnd it has a second paragraph, which is told apart from what follows."
    database = built(
        tmp_path,
        {"a.jsonl": [record("a", body=text, posted_at="2020-01-02T03:04:05Z", author="Ada Example")]},
        {"page.txt": f"{PROFILE_HEAD}{text}\n\nSomething else that only the page has, of a dozen words and more.\n"},
    )
    assert query(database, "select id, source, posted_at, author_id from comments order by id")[0] == (
        "lw-a",
        "lw",
        "2020-01-02T03:04:05Z",
        "ada-example-idAdaExample",
    )
    assert query(database, "select comment_id, match_basis, record_number from appearances order by 1, 3") == [
        ("lw-a", "same text", None),
        ("lw-a", None, 1),
        (query(database, "select id from comments where source = 'page'")[0][0], None, None),
    ]
    assert query(database, "select distinct author_id from comments") == [("ada-example-idAdaExample",)]


def test_what_a_record_on_a_page_does_not_say_is_kept_although_the_comment_s_row_says_it(tmp_path: Path) -> None:
    story = {"id": 1, "type": "story", "title": "A story", "by": "ann", "time": 1600000000}
    reply = {"id": 2, "type": "comment", "parent": 1, "by": "Ada Example", "text": SENTENCE, "time": 1600000001}
    page = f"{PROFILE_HEAD}{SENTENCE}\n\nSomething else that only the page has, of a dozen words and more.\n"
    database = built(tmp_path, {"a.jsonl": [story], "b.jsonl": [reply]}, {"page.txt": page})
    assert query(database, "select post_id from comments where id = 'hn-2'") == [("hn-1",)]
    said = "select match_basis, differs from appearances where comment_id = 'hn-2' order by record_number"
    assert query(database, said) == [("same text", None), (None, '{"post_id": null}')]


LINKS = st.lists(
    st.tuples(st.integers(0, 11), st.one_of(st.none(), st.integers(0, 14))),
    min_size=1,
    max_size=12,
    unique_by=lambda link: link[0],
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(links=LINKS, seed=st.integers(0, 1000))
def test_whatever_answers_whatever_the_rows_do_not_depend_on_the_order_of_records(
    tmp_path_factory: pytest.TempPathFactory, links: list[tuple[int, int | None]], seed: int
) -> None:
    records = [record(f"c{id}", parent=None if parent is None else f"c{parent}") for id, parent in links]
    shuffled = random.Random(seed).sample(records, len(records))
    rows = "select id, parent_id, root_id, depth, is_placeholder from comments order by id"
    one = built(tmp_path_factory.mktemp("one"), {"a.jsonl": records})
    other = built(
        tmp_path_factory.mktemp("other"),
        {"a.jsonl": shuffled[:5], "b.jsonl": shuffled[5:]} if shuffled[5:] else {"a.jsonl": shuffled},
    )
    assert query(one, rows) == query(other, rows)
    assert query(one, "pragma foreign_key_check") == []


def test_further_processes_make_the_same_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    records = [record(f"c{n}", parent=f"c{n // 3}", author=f"A{n % 7}", body=f"{SENTENCE} {n}") for n in range(1, 2000)]
    shown = "This record also stands on a page, which has the same words, more than a dozen of them, as it has."
    records.append(record("shown", body=shown))
    pages = {
        "page.txt": f"{PROFILE_HEAD}{shown}\n\nSomething else that only the page has, of a dozen words and more.\n"
    }
    (tmp_path / "one").mkdir()
    (tmp_path / "other").mkdir()
    one = built(tmp_path / "one", {"a.jsonl": records}, pages)
    monkeypatch.setattr(preparing, "BYTES_WORTH_PROCESSES", 1)
    monkeypatch.setattr(dumps, "SECTION_BYTES", 5000)  # more sections than are waited for at once
    other = built(tmp_path / "other", {"a.jsonl": records}, pages)
    assert one.read_bytes() == other.read_bytes()
    assert query(one, "select count(*) from appearances where comment_id = 'lw-shown'") == [(2,)]


@pytest.mark.parametrize("text", ["", "[]", None])
def test_a_dump_that_somebody_writes_while_it_is_read_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str | None
) -> None:
    database = built(tmp_path, {"a.jsonl": [record("a")]})
    before, dump = database.read_bytes(), tmp_path / "source" / "a.jsonl"

    def sections_of(read: Dump) -> Iterator[dumps.Section] | None:
        sections = list(dumps.sections_of(read) or [])
        if text is None:
            dump.unlink()
        else:
            dump.write_text(dump.read_text() + text)
            os.utime(dump, ns=(0, 0))
        return iter(sections)

    monkeypatch.setattr(gathering, "sections_of", sections_of)
    with pytest.raises(SourceError) as raised:
        build([tmp_path / "source"], database, [])
    gone = "cannot be read: No such file or directory"
    assert raised.value.what == (
        gone if text is None else "was changed while it was read; build again when it is complete"
    )
    assert database.read_bytes() == before


def test_of_each_dump_that_is_damaged_throughout_the_first_faults_are_told_and_how_many_there_were(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dumps, "MOST_FAULTS", 2)
    monkeypatch.setattr(dumps, "SECTION_BYTES", 1)  # each line is a section
    source = tmp_path / "source"
    source.mkdir()
    for name in ("a", "b"):
        (source / f"{name}.jsonl").write_text(json.dumps(record(name)) + "\n{\n" * 4)
    build([source], tmp_path / "comments.db", [])
    counted = "select file_name, kind, count(*) from problems, documents where documents.id = document_id"
    assert query(tmp_path / "comments.db", f"{counted} group by 1, 2") == [
        ("a.jsonl", "more faults", 1),
        ("a.jsonl", "record not read", 2),
        ("b.jsonl", "more faults", 1),
        ("b.jsonl", "record not read", 2),
    ]
    more = query(tmp_path / "comments.db", "select distinct detail from problems where kind = 'more faults'")
    assert more == [("2 more records or places could not be read",)]


@pytest.mark.parametrize("later_first", [False, True])
def test_a_person_has_the_name_of_the_latest_comment(tmp_path: Path, later_first: bool) -> None:
    records = [
        {**record(str(year), posted_at=f"{year}-01-01T00:00:00Z"), "user": {"_id": "id1", "displayName": name}}
        for year, name in ((2020, "Zoe"), (2021, "Ann"))
    ]
    database = built(tmp_path, {"a.jsonl": records[::-1] if later_first else records})
    assert query(database, "select name from authors") == [("Ann",)]


def test_a_quotation_is_linked_to_the_comment_that_is_answered_where_that_has_its_words(tmp_path: Path) -> None:
    records = [
        record("a", body=f"Before. {SENTENCE} After."),
        record("b", parent="a", body=f"> {SENTENCE}\n\nNo.\n\n> Words that nobody in the thread has ever written."),
        record("c", body=f"> {SENTENCE}"),
    ]
    database = built(tmp_path, {"a.jsonl": records})
    quoted = "select comment_id, position, quoted_comment_id from passages where is_quotation order by 1, 2"
    assert query(database, quoted) == [("lw-b", 1, "lw-a"), ("lw-b", 3, None), ("lw-c", 1, None)]


def test_the_id_that_a_page_gave_a_comment_leads_to_the_dump_s_comment_when_only_that_is_left(tmp_path: Path) -> None:
    page_id = f"p-{opening_key([SENTENCE])}"
    database = built(tmp_path, {"a.jsonl": [record("a", body=f"{SENTENCE}\n\nMore of it.")]})
    with closing(sqlite3.connect(database)) as connection:
        assert [candidate.id for candidate in resolve(connection, page_id)] == ["lw-a"]


FORMULA = f"{SENTENCE} The loss is $L(x) = x^2$ as it was said above, which falls with every step that is taken here."
WITHOUT_FORMULA = FORMULA.replace("$L(x) = x^2$ ", "")


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (FORMULA, [("lw-a", "similar text")]),
        (f"{SENTENCE} From here on it says something else, with other words in it all the way to where it ends.", []),
    ],
    ids=["a formula is lost", "only the opening is the same"],
)
def test_a_page_that_lost_a_formula_shows_the_record_and_one_that_only_begins_alike_does_not(
    tmp_path: Path, body: str, expected: list[tuple[str, str]]
) -> None:
    database = built(
        tmp_path, {"a.jsonl": [record("a", body=body)]}, {"page.txt": f"{PROFILE_HEAD}{WITHOUT_FORMULA}\n"}
    )
    joined = "select comment_id, match_basis from appearances where record_number is null and comment_id like 'lw-%'"
    assert query(database, joined) == expected


def test_a_page_that_may_show_several_records_is_joined_to_none_and_says_so(tmp_path: Path) -> None:
    records = [record("a", body=SENTENCE), record("b", body=SENTENCE)]
    database = built(tmp_path, {"a.jsonl": records}, {"page.txt": f"{PROFILE_HEAD}{SENTENCE}\n"})
    assert query(database, "select count(*) from comments") == [(3,)]
    assert query(database, "select kind, detail from problems where kind = 'same words as several'") == [
        (
            "same words as several",
            "2 comments of dumps (lw-a, lw-b) have the words that this one shows; it was joined to none.",
        )
    ]


def test_a_dump_of_their_comments_tells_where_the_comments_of_the_seeds_start(tmp_path: Path) -> None:
    """Without any correction but the pages' facts, the places are those that an editor found."""
    corrections = SEEDS / "corrections.yml"
    build([SEEDS], tmp_path / "edited.db", [corrections])
    bodies = query(tmp_path / "edited.db", "select body, is_truncated from comments order by id")
    rest = " And here is the rest of it."
    records = [record(f"c{n}", body=f"{body}{rest if is_cut else ''}") for n, (body, is_cut) in enumerate(bodies)]
    (tmp_path / "dump.jsonl").write_text("".join(f"{json.dumps(r)}\n" for r in records))
    build([SEEDS, tmp_path / "dump.jsonl"], tmp_path / "comments.db", [], unknown_as_lists=True)
    places = (
        "select document_id, start_offset, end_offset from appearances where start_offset is not null order by 1, 2"
    )
    assert query(tmp_path / "comments.db", places) == query(tmp_path / "edited.db", places)
    assert query(tmp_path / "comments.db", "select count(*), count(distinct source) from comments") == [(70, 1)]
