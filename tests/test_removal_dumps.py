"""Removal from dumps: the same stage, without pages."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest
from making import PROFILE_HEAD, query
from removing import DAY, GARDEN, SLUGS, TREES, holds

from build_db import build
from forum_comments.documents import corrections_files
from forum_comments.removal.requests import Wanted
from remove import remove

LINK = "https://example.org/users/ann-lee"


def item(number: int, by: str, text: str, **fields: object) -> Mapping[str, object]:
    """Make a comment as Hacker News gives it."""
    return {"id": number, "type": "comment", "by": by, "time": 1_600_000_000 + number, "text": text, **fields}


ITEMS = (
    item(1, "ann", f"{GARDEN} See {LINK}", parent=9),
    item(2, "bob", f"&gt; {GARDEN}<p>So it is, ann.", parent=1),
    item(3, "ann", "Yes.", parent=2),
    item(4, "bob", "Yes.", parent=2),
    item(5, "cem", f"{GARDEN} {SLUGS}", parent=9),
)


def archive(folder: Path) -> tuple[Path, Path]:
    """Write and build a dump and a page that shows one of its comments under another name."""
    source, database = folder / "source", folder / "comments.db"
    source.mkdir()
    (source / "items.jsonl").write_text("".join(f"{json.dumps(each)}\n" for each in ITEMS))
    (source / "page.txt").write_text(f"{PROFILE_HEAD}{GARDEN} See {LINK}\n\n{TREES}\n")
    build([source], database, [])
    return source, database


def removed(folder: Path, wanted: Wanted) -> Path:
    source, database = archive(folder)
    remove(database, wanted, "author", DAY, None, [source])
    assert query(database, "pragma foreign_key_check") == []
    return database


def test_a_comment_of_a_dump_goes_with_its_copy_on_a_page_and_what_quotes_it(tmp_path: Path) -> None:
    database = removed(tmp_path, Wanted(comments=("hn-1",)))
    for words in ("a deep bed of loam", LINK):
        assert (words, holds(database, words)) == (words, False)
    mark = "[deleted by its author]"
    assert query(database, "select status, source_id, posted_at, extra, url from comments where id = 'hn-1'") == [
        ("deleted by author", "1", None, None, None)
    ]
    assert query(database, "select id, parent_id, body from comments where id in ('hn-2', 'hn-5') order by id") == [
        ("hn-2", "hn-1", f"{mark}\n\nSo it is, ann."),
        ("hn-5", "hn-9", f"{mark}. {SLUGS}"),
    ]
    assert query(database, "select count(*) from links") == [(0,)]


def test_a_short_comment_of_a_dump_is_known_by_its_id(tmp_path: Path) -> None:
    database = removed(tmp_path, Wanted(comments=("hn-3",)))
    assert query(database, "select id from comments where body = 'Yes.'") == [("hn-4",)]


def test_an_account_goes_with_all_its_comments(tmp_path: Path) -> None:
    _, database = archive(tmp_path)
    ((account,),) = query(database, "select author_id from comments where id = 'hn-3'")
    remove(database, Wanted(authors=(str(account),)), "author", DAY, None, [tmp_path / "source"])
    gone = "select id from comments where is_placeholder and status is not null order by id"
    assert [str(each)[:3] for (each,) in query(database, gone)] == ["hn-", "hn-", "p-f"]
    for sql in ("select id from authors where id = ?", "select author_id from accounts where author_id = ?"):
        assert query(database, sql, [account]) == []
    assert query(database, "select body from comments where id = 'hn-2'") == [
        ("[deleted by its author]\n\nSo it is, [name removed].",)
    ]


def test_a_dump_goes_and_what_a_page_shows_of_it_stays(tmp_path: Path) -> None:
    source, database = tmp_path / "source", tmp_path / "comments.db"
    source.mkdir()
    for _id, text in (("a", f"{TREES} {SLUGS}"), ("b", GARDEN)):
        user = {"_id": "u", "displayName": "Ada Example"}
        facts = {"postId": None, "parentCommentId": None, "postedAt": None, "baseScore": 7}
        record = {"_id": _id, "contents": {"markdown": text}, "user": user, **facts}
        with (source / "dump.jsonl").open("a") as file:
            file.write(f"{json.dumps(record)}\n")
    (source / "page.txt").write_text(f"All of Ada Example's Comments + Replies\n\n{TREES} ... (read more)\n\nLast.\n")
    build([source], database, [])
    assert query(database, "select body, karma from comments where id = 'lw-a'") == [(f"{TREES} {SLUGS}", 7)]
    ((dump,),) = query(database, "select id from documents where file_name = 'dump.jsonl'")
    remove(database, Wanted(documents=(str(dump),)), "author", DAY, None, [source])
    assert query(database, "select title, file_name, bytes, text from documents where id = ?", [dump]) == [
        ("[deleted by its author]", "removed", 0, None)
    ]
    assert not holds(database, "slugs eat everything")
    assert query(database, "select id, body, is_truncated, karma from comments where id like 'lw-%' order by id") == [
        ("lw-a", None, 0, None),
        ("lw-b", None, 0, None),
    ]
    assert query(database, "select body, is_truncated from comments where instr(body, 'Pruning')") == [(TREES, 1)]
    assert query(database, "select documents from builds") == [(1,)]


def test_names_in_a_dump_are_replaced_and_what_leads_to_accounts_is_left_out(tmp_path: Path) -> None:
    source, database = archive(tmp_path)
    build([source], database, corrections_files([source]), pseudonym_salt=bytes(32))
    ((ann,),) = query(database, "select author_name from comments where id = 'hn-3'")
    assert query(database, "select body from comments where id = 'hn-2'") == [(f"{GARDEN}\n\nSo it is, {ann}.",)]
    assert query(database, "select distinct url, extra from comments") == [(None, None)]
    assert query(database, "select distinct bio, extra from authors") == [(None, None)]
    assert query(database, "select count(*) from accounts") == [(0,)]
    assert not holds(database, "ann")


@pytest.mark.parametrize("style", ["1", "a", "A", "i", "I"])
def test_a_short_quotation_in_a_list_goes_whatever_its_items_are_numbered_with(tmp_path: Path, style: str) -> None:
    bees = "Seven bees left the old hive."
    quoting = f'<blockquote><ol type="{style}" start="3"><li>{bees}</li></ol></blockquote><p>So they did.</p>'
    rows = [{"id": "a", "body": bees}, {"id": "b", "parent_id": "a", "markup": "html", "body": quoting}]
    source, database = tmp_path / "source", tmp_path / "comments.db"
    source.mkdir()
    (source / "rows.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    build([source], database, [])
    assert query(database, "select quoted_comment_id from passages where is_quotation") == [("plain-a",)]
    remove(database, Wanted(comments=("plain-a",)), "author", DAY, None, [source])
    assert not holds(database, "bees left the old")
    assert holds(database, "So they did.")
