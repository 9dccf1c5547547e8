"""Ids of what dumps name: the same for the same comment, different for any other, and safe in a URL."""

from __future__ import annotations

import json
import re
from collections import Counter
from itertools import product
from pathlib import Path

import pytest
from making import query

from build_db import build
from forum_comments.record_ids import id_in

SAFE = re.compile(r"[A-Za-z0-9_-]+").fullmatch
# All texts of up to three of these: a hyphen, what an id may hold and what it may not.
NAMES = ["".join(letters) for length in (1, 2, 3) for letters in product("a-_ é", repeat=length)]


@pytest.mark.parametrize(
    ("source", "source_id", "expected"),
    [
        ("lw", "aBcDeFgHiJkLmNoPq", "lw-aBcDeFgHiJkLmNoPq"),
        ("af", "aBcDeFgHiJkLmNoPq", "lw-aBcDeFgHiJkLmNoPq"),
        ("hn", "1", "hn-1"),
        ("convokit_my_corpus", "a-1", "convokit_my_corpus-a-1"),
        ("My_Forum2", "x_y-z", "My_Forum2-x_y-z"),
        ("plain", "1.a/b", "plain-1-a-b-0aa110b81c"),
        ("page", "p-0123456789ab-2", "p-0123456789ab-2"),
        ("hn", "p-0123456789ab", "p-0123456789ab"),
    ],
)
def test_an_id_begins_with_the_name_of_its_source(source: str, source_id: str, expected: str) -> None:
    assert id_in(source, source_id) == expected


def test_two_comments_never_have_one_id() -> None:
    ids = [id_in(source, source_id) for source, source_id in product(NAMES, NAMES)]
    assert [id for id, times in Counter(ids).items() if times > 1] == []
    assert [id for id in ids if not SAFE(id)] == []


def test_a_source_cannot_have_ids_of_comments_on_pages() -> None:
    assert id_in("p", "0123456789ab") != "p-0123456789ab"


def test_sources_whose_names_look_alike_keep_their_comments_posts_and_people_apart(tmp_path: Path) -> None:
    rows = [
        {"source": source, "id": own_id, "body": source, "author": "Ada", "author_id": "7", "post_id": own_id}
        for source, own_id in [("a", "b-c"), ("a-b", "c"), ("a b", "c"), ("a_b", "c"), ("A b", "c")]
    ]
    (tmp_path / "rows").write_text("".join(json.dumps(row) + "\n" for row in rows))
    build([tmp_path / "rows"], tmp_path / "comments.db", [])
    found = query(tmp_path / "comments.db", "select source, source_id, body from comments order by rowid")
    assert found == [(row["source"], row["id"], row["body"]) for row in rows]
    assert query(tmp_path / "comments.db", "select count(*) from posts") == [(5,)]
    accounts = query(tmp_path / "comments.db", "select source, source_id from accounts order by source")
    assert accounts == [("A b", "7"), ("a", "7"), ("a b", "7"), ("a-b", "7"), ("a_b", "7")]
