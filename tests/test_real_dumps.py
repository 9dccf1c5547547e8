"""The readers on real data, against counts made here with nothing but `json`. The data is not kept with the project."""

import bz2
import gzip
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import zstandard
from reading import REAL_COMMENTS, dump_of, faults_in, needs_real_comments, people_in, posts_in, records_in

from forum_comments.readers.dumps import read
from forum_comments.records import Record

pytestmark = needs_real_comments


def names_of(folder: str, pattern: str = "*") -> list[str]:
    return sorted(path.name for path in (REAL_COMMENTS / folder).glob(pattern))


def lines_of(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]


def missing_parents(edges: Iterator[tuple[str, str | None, object]]) -> int:
    """Count replies, each given as id, parent and thread, whose parent is not among them in the same thread."""
    known = list(edges)
    ids = {(thread, own) for own, _, thread in known}
    return sum(parent is not None and (thread, parent) not in ids for _, parent, thread in known)


def edges_of(records: list[Record]) -> list[tuple[str, str | None, str | None]]:
    return [(record.source_id, record.parent_source_id, record.thread_id) for record in records]


@pytest.mark.parametrize("file_name", names_of("forummagnum"))
def test_every_comment_of_a_user_is_read(file_name):
    path = REAL_COMMENTS / "forummagnum" / file_name
    items = list(read(dump_of(path)))
    records = records_in(items)
    comments = json.loads(path.read_text(encoding="utf-8"))
    user = file_name.split("_")[1]
    assert len(items) == len(comments) == 100
    for record, comment in zip(records, comments, strict=True):
        assert (record.source, record.source_id, record.author_id) == ("lw", comment["_id"], user)
        assert (record.body, record.markup) == (comment["contents"]["markdown"], "markdown")
        assert (record.parent_source_id, record.post_id) == (comment["parentCommentId"], comment["postId"])
        assert (record.posted_at, record.karma) == (comment["postedAt"], comment["baseScore"])
        assert (record.status, record.problems) == (None, [])
    expected = ((c["_id"], c["parentCommentId"], c["postId"]) for c in comments)
    assert missing_parents(iter(edges_of(records))) == missing_parents(expected)


def test_the_users_and_posts_beside_them_are_people_and_posts():
    users = json.loads((REAL_COMMENTS / "forummagnum_users.json").read_text(encoding="utf-8"))
    people = people_in(list(read(dump_of(REAL_COMMENTS / "forummagnum_users.json"))))
    assert [(person.id, person.name) for person in people] == [(user["_id"], user["displayName"]) for user in users]
    for path in sorted((REAL_COMMENTS / "forummagnum_posts").iterdir()):
        posts = json.loads(path.read_text(encoding="utf-8"))
        found = posts_in(list(read(dump_of(path))))
        assert [(post.id, post.title) for post in found] == [(post["_id"], post["title"]) for post in posts]


CORPUS = REAL_COMMENTS / "convokit" / "cornell-subreddit-slice"


def test_a_corpus_is_read_with_its_threads():
    items = list(read(dump_of(CORPUS)))
    records = records_in(items)
    utterances = lines_of(CORPUS / "utterances.jsonl")
    assert faults_in(items) == []
    assert (len(records), len(posts_in(items))) == (len(utterances), 50) == (1519, 50)
    expected = [(u["id"], u["reply-to"], u["conversation_id"]) for u in utterances]
    assert edges_of(records) == expected
    assert sum(record.parent_source_id is None for record in records) == 50
    assert missing_parents(iter(edges_of(records))) == 0
    deleted = [u for u in utterances if u["text"] in ("[deleted]", "[removed]")]
    assert [record.source_id for record in records if record.status] == [u["id"] for u in deleted]
    assert sum(record.author_name is None for record in records) == sum(u["speaker"] == "[deleted]" for u in utterances)
    assert sum("&gt;" in str(u["text"]) for u in utterances) > sum("&gt;" in (record.body or "") for record in records)


REDDIT = REAL_COMMENTS / "reddit"


@pytest.mark.parametrize("file_name", names_of("reddit", "*.jsonl"))
def test_rows_of_reddit_of_every_age_are_read(file_name):
    rows = lines_of(REDDIT / file_name)
    items = list(read(dump_of(REDDIT / file_name)))
    records = records_in(items)
    assert len(records) == len(items) == len(rows)
    for record, row in zip(records, rows, strict=True):
        parent = str(row["parent_id"])
        assert record.source_id == row["id"]
        assert record.parent_source_id == (parent[3:] if parent.startswith("t1_") else None)
        assert f"t3_{record.thread_id}" == row["link_id"]
        assert record.author_name == (None if row["author"] == "[deleted]" else row["author"])
        assert (record.status is None) == (row["body"] not in ("[deleted]", "[removed]"))
        assert (record.posted_at is not None, record.problems) == (True, [])
        assert "\r" not in (record.body or "")


def test_parents_of_december_2005_are_missing_or_stand_in_another_thread():
    records = records_in(list(read(dump_of(REDDIT / "RC_2005-12.jsonl"))))
    ids = {record.source_id for record in records}
    replies = [record for record in records if record.parent_source_id is not None]
    assert len(replies) == 329
    assert sum(record.parent_source_id not in ids for record in replies) == 15
    assert missing_parents(iter(edges_of(records))) == 15
    assert sum(record.status == "removed by moderator" for record in records) == 15
    assert sum(record.status == "deleted by author" for record in records) == 105


def test_the_same_rows_come_out_of_every_compression(tmp_path):
    plain = (REDDIT / "RC_2005-12.jsonl").read_bytes()
    expected = list(read(dump_of(REDDIT / "RC_2005-12.jsonl")))
    assert list(read(dump_of(REDDIT / "RC_2005-12.zst"))) == expected
    for number, compressed in enumerate([gzip.compress(plain), bz2.compress(plain), zstandard.compress(plain)]):
        path = tmp_path / str(number)
        path.write_bytes(compressed)
        assert list(read(dump_of(path))) == expected


def test_recorded_answers_of_algolia_are_read(tmp_path):
    recorded = json.loads((REAL_COMMENTS / "hackernews" / "algolia_api_fixtures.json").read_text(encoding="utf-8"))
    answers = [answer["reply"] for answer in recorded]
    hits = [hit for answer in answers for hit in answer.get("hits", [])]
    comments = [hit for hit in hits if "comment" in hit["_tags"]]
    path = tmp_path / "searches.json"
    path.write_text(json.dumps([answer for answer in answers if "hits" in answer]), encoding="utf-8")
    items = list(read(dump_of(path)))
    records = records_in(items)
    assert (len(hits), len(comments), len(records)) == (24, 6, 6)
    assert faults_in(items) == []
    for record, comment in zip(records, comments, strict=True):
        assert (record.source_id, record.body) == (comment["objectID"], comment["comment_text"])
        is_top = comment["parent_id"] == comment["story_id"]
        assert record.parent_source_id == (None if is_top else str(comment["parent_id"]))
        assert record.post_id == str(comment["story_id"])
        assert (record.author_name, record.karma) == (comment["author"], comment["points"])
    stories = [hit["objectID"] for hit in hits if "comment" not in hit["_tags"]]
    assert [post.id for post in posts_in(items) if "url" not in post.extra or len(post.extra) > 1] == stories


def test_a_recorded_tree_whose_root_is_a_comment_is_read(tmp_path):
    recorded = json.loads((REAL_COMMENTS / "hackernews" / "algolia_api_fixtures.json").read_text(encoding="utf-8"))
    (tree,) = [answer["reply"] for answer in recorded if "children" in answer["reply"]]
    path = tmp_path / "17.json"
    path.write_text(json.dumps(tree), encoding="utf-8")
    waiting, expected = [tree], []
    while waiting:
        node = waiting.pop()
        expected.append((str(node["id"]), str(node["parent_id"])))
        waiting += node["children"]
    records = records_in(list(read(dump_of(path))))
    assert sorted((record.source_id, record.parent_source_id) for record in records) == sorted(expected)
    assert (records[0].source_id, records[0].parent_source_id) == ("17", "15")
