"""An update in place gives the rows that a build from nothing gives, and reads no file again that did not change."""

from __future__ import annotations

import json
import resource
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from making import PROFILE_HEAD, REPLIES_HEAD, REPOSITORY, SEEDS, query
from sample_html import FORUM, GREATERWRONG

from build_db import build
from forum_comments import database, gathering, redividing
from forum_comments.checks import check_database
from forum_comments.errors import OutputError
from forum_comments.schema import TABLES

# An update that waited anew with every page that it writes would wait for minutes.
SECONDS_OF_WAITS = 60
SENTENCES = [
    f"Sentence number {number} has words enough to be known again on whatever page it stands." for number in range(8)
]


def rows_of(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """Give the rows of every table but the search index, in an order of their own."""
    orders = {name: ", ".join(map(str, range(1, len(table.columns) + 1))) for name, table in TABLES.items()}
    return {name: query(path, f"select * from {name} order by {order}") for name, order in orders.items()}


def comment(id: str, **fields: object) -> dict[str, object]:
    """Make a comment as LessWrong's own data give it."""
    author = fields.get("author")
    return {
        "_id": id,
        "postId": fields.get("thread"),
        "parentCommentId": fields.get("parent"),
        "contents": {"markdown": fields.get("body", f"This is {id}.")},
        "postedAt": fields.get("posted_at"),
        "baseScore": fields.get("karma"),
        "user": {"_id": f"id{author}", "displayName": author} if author else None,
    }


def write(folder: Path, name: str, content: str | Sequence[Mapping[str, object]]) -> None:
    """Write a page, or a dump of comments."""
    folder.mkdir(exist_ok=True)
    text = content if isinstance(content, str) else "".join(f"{json.dumps(item)}\n" for item in content)
    (folder / name).write_text(text)


def require_same_as_from_nothing(folder: Path, updated: Path) -> None:
    """Check an updated database against one that is built from nothing, and its search index against its rows."""
    fresh = updated.with_name("fresh.db")
    build([folder], fresh, [])
    expected = rows_of(fresh)
    assert rows_of(updated) == expected
    with closing(sqlite3.connect(updated)) as connection:
        check_database(updated, connection, {name: len(rows) for name, rows in expected.items()})


texts = st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=3).map("\n\n".join)
pages = st.builds(
    lambda head, paragraphs: head + "\n\n".join(paragraphs) + "\n",
    st.sampled_from([PROFILE_HEAD, REPLIES_HEAD]),
    st.lists(st.sampled_from([*SENTENCES, "> Short.", "2Bob1y\nA reply of one line."]), min_size=1, max_size=6),
)
comments = st.builds(
    lambda id, **fields: comment(f"c{id}", **fields),
    st.integers(0, 5),
    body=st.one_of(st.none(), texts, texts.map(lambda text: f"> {text}")),
    parent=st.one_of(st.none(), st.integers(0, 7).map("c{}".format)),
    thread=st.sampled_from([None, "one", "two"]),
    author=st.sampled_from([None, "Ann", "Bob", "Ada Example"]),
    karma=st.one_of(st.none(), st.integers(-2, 9)),
    posted_at=st.sampled_from([None, "2020-01-02T03:04:05Z", "2021-01-02T03:04:05Z"]),
)
files = st.lists(st.one_of(pages, st.lists(comments, min_size=1, max_size=4)), min_size=2, max_size=5)


@settings(
    max_examples=15,
    deadline=None,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(found=files, first=st.integers(1, 4))
def test_files_that_are_added_give_the_rows_that_a_build_of_all_gives(
    tmp_path_factory: pytest.TempPathFactory, found: list[str | list[dict[str, object]]], first: int
) -> None:
    folder, updated = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("built") / "comments.db"
    for number, content in enumerate(found):
        if number == min(first, len(found) - 1):
            build([folder], updated, [])
        write(folder, f"{number}.{'txt' if isinstance(content, str) else 'jsonl'}", content)
    build([folder], updated, [], update=True, allow_shrink=True)
    require_same_as_from_nothing(folder, updated)


def test_seeds_are_brought_up_to_date_with_a_dump_that_has_their_comments(tmp_path: Path) -> None:
    corrections = [SEEDS / "corrections.yml"]
    build([SEEDS], tmp_path / "comments.db", corrections)
    bodies = query(tmp_path / "comments.db", "select body from comments where not is_truncated order by id limit 20")
    write(tmp_path / "dump", "a.jsonl", [comment(f"c{n}", body=body, author="Ann") for n, (body,) in enumerate(bodies)])
    build([SEEDS, tmp_path / "dump"], tmp_path / "comments.db", corrections, update=True)
    build([SEEDS, tmp_path / "dump"], tmp_path / "fresh.db", corrections)
    assert rows_of(tmp_path / "comments.db") == rows_of(tmp_path / "fresh.db")
    assert query(tmp_path / "comments.db", "select count(*) from comments where source = 'lw'") == [(20,)]


def test_a_dump_that_did_not_change_is_not_read_and_only_pages_that_share_a_paragraph_are_divided_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "source"
    write(folder, "a.jsonl", [comment("a")])
    write(folder, "shares.txt", f"{PROFILE_HEAD}{SENTENCES[0]}\n\n{SENTENCES[1]}\n")
    write(folder, "apart.txt", f"{PROFILE_HEAD}{SENTENCES[2]}\n\n{SENTENCES[3]}\n")
    build([folder], tmp_path / "comments.db", [])
    write(folder, "new.txt", f"{REPLIES_HEAD}{SENTENCES[1]}\n\n{SENTENCES[4]}\n")
    read: list[str] = []
    divided: list[str] = []
    real_sections, real_divide = gathering.sections_of, redividing.divide_pages
    monkeypatch.setattr(gathering, "sections_of", lambda dump: read.append(dump.path.name) or real_sections(dump))
    monkeypatch.setattr(
        redividing,
        "divide_pages",
        lambda pages, **rest: divided.extend(page.document.file_name for page in pages) or real_divide(pages, **rest),
    )
    build([folder], tmp_path / "comments.db", [], update=True)
    assert read == []
    assert sorted(divided) == ["new.txt", "shares.txt"]


def test_a_file_that_is_gone_takes_its_comments_along_only_where_that_is_allowed(tmp_path: Path) -> None:
    folder = tmp_path / "source"
    write(folder, "a.jsonl", [comment("a"), comment("b", parent="c")])
    write(folder, "b.jsonl", [comment("c", parent="a")])
    build([folder], tmp_path / "comments.db", [])
    before = (tmp_path / "comments.db").read_bytes()
    (folder / "b.jsonl").unlink()
    for update in (False, True):
        with pytest.raises(OutputError) as raised:
            build([folder], tmp_path / "comments.db", [], update=update)
        what = "holds 3 comments, and would hold 2; --allow-shrink writes it all the same"
        assert str(raised.value) == f"{tmp_path / 'comments.db'}: {what}"
        assert (tmp_path / "comments.db").read_bytes() == before
    build([folder], tmp_path / "comments.db", [], update=True, allow_shrink=True)
    require_same_as_from_nothing(folder, tmp_path / "comments.db")


def test_words_are_found_after_an_update_and_after_a_vacuum_too(tmp_path: Path) -> None:
    folder = tmp_path / "source"
    write(
        folder,
        "a.jsonl",
        [comment("a", body="An aardvark."), comment("b", body="A badger."), comment("c", body="A cat.")],
    )
    build([folder], tmp_path / "comments.db", [])
    write(folder, "b.jsonl", [comment("a", body="An aardvark, no: an anteater."), comment("d", body="A dog.")])
    build([folder], tmp_path / "comments.db", [], update=True)
    search = "select id from comments where rowid in (select rowid from comments_fts where comments_fts match ?)"
    for vacuum in (False, True):
        if vacuum:
            query(tmp_path / "comments.db", "vacuum")
        for word, id in {"anteater": "lw-a", "badger": "lw-b", "cat": "lw-c", "dog": "lw-d"}.items():
            assert query(tmp_path / "comments.db", search, (word,)) == [(id,)]


STOPPED = """
import sys, time
from pathlib import Path
from build_db import build
from forum_comments import database

real = database.update_rows
def stops(connection):
    real(connection)
    print("written", flush=True)
    time.sleep(60)
database.update_rows = stops
build([Path(sys.argv[1])], Path(sys.argv[2]), [], update=True)
"""


def test_an_update_that_is_killed_before_its_end_leaves_what_was_there(tmp_path: Path) -> None:
    folder, path = tmp_path / "source", tmp_path / "comments.db"
    write(folder, "a.jsonl", [comment(f"a{number}", body=f"Number {number}. {SENTENCES[0]}") for number in range(1000)])
    build([folder], path, [])
    before, content = rows_of(path), path.read_bytes()
    write(
        folder,
        "b.jsonl",
        [comment(f"a{number}", body=f"Changed {number}.\n\n{SENTENCES[1]} " * 9) for number in range(1000)],
    )
    command = [sys.executable, "-c", STOPPED, str(folder), str(path)]
    with subprocess.Popen(command, cwd=REPOSITORY, stdout=subprocess.PIPE, text=True) as updating:
        assert updating.stdout is not None
        assert updating.stdout.readline() == "written\n"
        updating.send_signal(signal.SIGKILL)
    assert path.read_bytes() != content  # a part of the changes has reached the file
    assert rows_of(path) == before
    build([folder], path, [], update=True)
    require_same_as_from_nothing(folder, path)


def test_a_damaged_database_is_not_brought_up_to_date_and_stays_as_it_is(tmp_path: Path) -> None:
    folder, path = tmp_path / "source", tmp_path / "comments.db"
    write(folder, "a.jsonl", [comment(f"a{number}", body=SENTENCES[0]) for number in range(99)])
    build([folder], path, [])
    (page,) = query(path, "select rootpage from sqlite_master where name = 'passages'")[0]
    damaged = bytearray(path.read_bytes())
    start = (int(str(page)) - 1) * 4096
    damaged[start : start + 4096] = bytes(4096)
    path.write_bytes(damaged)
    with pytest.raises(OutputError) as raised:
        build([folder], path, [], update=True)
    what = "cannot be read (database disk image is malformed); build it anew, without --update"
    assert str(raised.value) == f"{path}: {what}"
    assert path.read_bytes() == damaged


def test_an_update_that_the_disk_has_no_room_for_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    folder, path = tmp_path / "source", tmp_path / "comments.db"
    write(folder, "a.jsonl", [comment(f"a{number}", body=f"x{number}", author="Ann") for number in range(3000)])
    build([folder], path, [])
    before = path.read_bytes()
    write(folder, "b.jsonl", [comment(f"a{number}", body=f"More of x{number}.") for number in range(3000)])
    limit = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (len(before) * 5 // 4, limit[1]))
    try:
        with pytest.raises(OutputError) as raised:
            build([folder], path, [], update=True)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limit)
    assert str(raised.value) == f"{path}: cannot be brought up to date: disk I/O error"
    assert path.read_bytes() == before
    assert sorted(file.name for file in tmp_path.iterdir()) == ["comments.db", "inspect-data.json", "source"]


def test_an_update_does_not_wait_for_ever_for_somebody_who_reads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.1)
    folder, path = tmp_path / "source", tmp_path / "comments.db"
    write(folder, "a.jsonl", [comment(f"a{number}", body=f"x{number}", author="Ann") for number in range(3000)])
    build([folder], path, [])
    before = path.read_bytes()
    write(folder, "b.jsonl", [comment(f"a{number}", body=f"More of x{number}.") for number in range(3000)])
    with closing(sqlite3.connect(path)) as reader:
        reader.execute("begin")
        reader.execute("select count(*) from comments").fetchone()
        begun = time.monotonic()
        with pytest.raises(OutputError) as raised:
            build([folder], path, [], update=True)
        assert time.monotonic() - begun < SECONDS_OF_WAITS
        assert str(raised.value) == f"{path}: cannot be brought up to date: database is locked"
        assert reader.execute("select count(*) from comments where body like 'More%'").fetchone() == (0,)
    assert path.read_bytes() == before
    build([folder], path, [], update=True)
    require_same_as_from_nothing(folder, path)


def test_that_sources_of_a_comment_name_different_authors_is_said_once_after_an_update_too(tmp_path: Path) -> None:
    folder, path = tmp_path / "source", tmp_path / "comments.db"
    records = [comment("a", body=SENTENCES[0], author=name) for name in ("Bob", "Ada Example")]
    write(folder, "a.jsonl", records)
    write(folder, "page.txt", f"{PROFILE_HEAD}{SENTENCES[0]}\n\n{SENTENCES[1]}\n")
    build([folder], path, [])
    said = query(path, "select kind, detail from problems where comment_id = 'lw-a' order by kind")
    assert said == [
        ("authors differ", "Its appearances name Ada Example, Bob; Bob was taken (source)."),
        (
            "sources disagree",
            "Its author is not the same in a.jsonl, a.jsonl (Bob, Ada Example); that of a.jsonl was taken.",
        ),
    ]
    write(folder, "b.jsonl", [comment("b")])
    build([folder], path, [], update=True)
    assert query(path, "select kind, detail from problems where comment_id = 'lw-a' order by kind") == said
    require_same_as_from_nothing(folder, path)


def test_a_link_that_was_refused_is_as_its_source_says_when_the_comment_that_it_names_is_there(tmp_path: Path) -> None:
    folder, updated = tmp_path / "source", tmp_path / "comments.db"
    reply = {"id": "b", "parent_id": "a", "parent_basis": "quotation", "parent_confidence": 0.8, "thread_id": "one"}
    write(folder, "0.jsonl", [{**reply, "body": "A reply."}, {"id": "a", "thread_id": "two", "body": "Another."}])
    build([folder], updated, [])
    link = "select parent_id, parent_basis, parent_confidence from comments where id = 'plain-b'"
    assert query(updated, link) == [(None, "unknown", None)]
    write(folder, "1.jsonl", [{"id": "a", "thread_id": "one", "body": "What is answered."}])
    build([folder], updated, [], update=True)
    assert query(updated, link) == [("plain-a", "quotation", 0.8)]
    require_same_as_from_nothing(folder, updated)


def test_an_account_stays_that_of_its_forum_where_an_export_calls_it_by_its_id_here(
    tmp_path: Path,
) -> None:
    folder, path = tmp_path / "source", tmp_path / "comments.db"
    account = {"id": "a", "source": "lw", "author": "Ada Example", "author_id": "u1", "body": "This is a."}
    on_page = {"id": "p-0123456789ab", "source": "page", "author": "Ada Example", "author_id": "ada-example-u1"}
    write(folder, "export.jsonl", [account, {**on_page, "body": SENTENCES[0]}])
    build([folder], path, [])
    assert query(path, "select author_id, source, source_id from accounts") == [("ada-example-u1", "lw", "u1")]
    write(folder, "page.txt", f"{PROFILE_HEAD}{SENTENCES[1]}\n")
    build([folder], path, [], update=True)
    assert query(path, "select distinct author_id from comments") == [("ada-example-u1",)]
    require_same_as_from_nothing(folder, path)


def require_same_in_either_order(folder: Path, suffix: str, *pages: str) -> None:
    """Check that of two pages the one that is added later gives the same rows, whichever it is."""
    for name, (first, second) in {"there": pages, "back": pages[::-1]}.items():
        source, path = folder / name / "source", folder / name / "comments.db"
        path.parent.mkdir()
        write(source, "a.jsonl", [comment("a")])
        write(source, f"first{suffix}", first)
        build([source], path, [])
        write(source, f"second{suffix}", second)
        build([source], path, [], update=True)
        require_same_as_from_nothing(source, path)


def test_a_title_that_an_earlier_page_gave_a_post_is_weighed_with_the_later_ones(tmp_path: Path) -> None:
    require_same_in_either_order(tmp_path, ".html", FORUM, GREATERWRONG)


def test_a_title_that_no_comment_has_any_more_is_no_post(tmp_path: Path) -> None:
    """A post was renamed between two saves of a page; the one whose id comes first names it."""
    page = (
        "Ada Example\nKarma: 1,234\nAll Posts Comments\n"
        f"Ada Example 3 Jan 2020 9:05 UTC LW: 12 AF: 7 on: Some other post\n{SENTENCES[0]}\n"
    )
    require_same_in_either_order(tmp_path, ".txt", page, page.replace("Some other post", "A renamed post"))
