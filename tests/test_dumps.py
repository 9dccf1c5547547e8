"""Whatever stands in a dump: no traceback, no hang, and values that the database can hold."""

import gzip
import json
import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from reading import faults_in, items_of, json_lines, people_in, posts_in, records_in
from test_convokit import UTTERANCE
from test_forummagnum import COMMENT
from test_hackernews import HIT, ITEM, STORY, comment
from test_reddit import COMMENT as REDDIT_COMMENT
from test_reddit import SUBMISSION, listing, thing

from forum_comments.errors import SourceError
from forum_comments.readers import dumps as dump_readers
from forum_comments.readers import plain_form
from forum_comments.readers.dumps import READERS, read, read_section, read_whole, recognise, sections_of
from forum_comments.readers.json_records import lines
from forum_comments.records import Dump, Fault, Item, Person, Post, Record
from forum_comments.vocabulary import STATUSES

KINDS = {
    "forummagnum comments": [COMMENT],
    "forummagnum posts": [{"_id": "p1", "title": "t", "postedAt": "2020-01-01T00:00:00Z"}],
    "forummagnum users": [{"_id": "u1", "displayName": "Ada"}],
    "convokit corpus": [UTTERANCE],
    "reddit comments": [REDDIT_COMMENT],
    "reddit submissions": [SUBMISSION],
    "reddit listing": [listing(thing("t3", SUBMISSION)), listing(thing("t1", {**REDDIT_COMMENT, "replies": ""}))],
    "hacker news items": [ITEM, STORY],
    "hacker news item tree": [comment(1, comment(2))],
    "hacker news search": [HIT],
    "hacker news users": [{"id": "ada", "created": 1173923446, "karma": 2937}],
}
LONGEST_NUMBER = 2**63
DATE = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d(\.\d+)?Z)?")

ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.sampled_from([-1, 0, 2**31, 2**63, -(2**63) - 1, 2**64, 10**30, 9_300_000_000_000, 253_402_300_800]),
    st.floats(),
    st.text(),
    st.sampled_from(
        ["", "[deleted]", "[removed]", "t1_", "t3_", "\0", "\ud800", "+300000-01-01T00:00:00Z", "-1", "NaN"]
    ),
    st.lists(st.integers() | st.text(), max_size=3),
    st.dictionaries(st.text(max_size=5), st.integers() | st.text(max_size=5), max_size=3),
)


@st.composite
def dumps(draw: st.DrawFn) -> bytes:
    """Make a dump of some kind in which fields are missing, of a wrong type or repeated, and which may be cut."""
    samples = KINDS[draw(st.sampled_from(sorted(KINDS)))]
    records = []
    for sample in draw(st.lists(st.sampled_from(samples), min_size=1, max_size=4)):
        changed = draw(st.dictionaries(st.sampled_from(sorted(sample)) | st.text(max_size=5), ODD, max_size=4))
        missing = draw(st.sets(st.sampled_from(sorted(sample)), max_size=2))
        records.append({key: value for key, value in {**sample, **changed}.items() if key not in missing})
    content = draw(
        st.sampled_from(
            [
                json.dumps(records).encode(),
                json.dumps(records, indent=1).encode(),
                json_lines(*records),
                json.dumps({"data": records}).encode(),
                json.dumps({"hits": records}).encode(),
                json.dumps({"data": {"x": {"results": records}}}).encode(),
            ]
        )
    )
    start, end = sorted(draw(st.tuples(st.integers(0, len(content)), st.integers(0, len(content)))))
    damage = draw(st.sampled_from(["none", "cut", "bytes", "brackets", "gzip"]))
    if damage == "cut":
        return content[:end]
    if damage == "bytes":
        return content[:start] + draw(st.binary(max_size=8)) + content[end:]
    if damage == "brackets":
        return (
            content[:start] + draw(st.sampled_from([b"[", b"{", b"]", b"}", b'"', b'{"a":'])) * 2000 + content[start:]
        )
    return gzip.compress(content)[:end] if damage == "gzip" else content


def require_storable(item: Item) -> None:
    """Fail where a value is one that the tables cannot hold, or that is no such value."""
    json.dumps(repr(item)).encode()
    if isinstance(item, Fault):
        assert item.kind and item.detail
        return
    json.dumps(item.extra, allow_nan=False, ensure_ascii=False).encode()
    if isinstance(item, Post | Person):
        texts = [item.id, *vars_of(item, "title", "url", "name", "bio")]
    else:
        texts = [item.source_id, *vars_of(item, "body", "parent_source_id", "thread_id", "author_name", "url")]
        assert item.status is None or item.status in STATUSES
        for date in (item.posted_at, item.edited_at):
            assert date is None or DATE.fullmatch(date)
        for number in (item.karma, item.af_karma, item.agreement):
            assert number is None or (type(number) is int and -LONGEST_NUMBER <= number < LONGEST_NUMBER)
        assert item.number > 0
    assert texts[0]
    for text in texts:
        assert text is None or (type(text) is str and "\0" not in text and text.encode() is not None)


def vars_of(item: Item, *fields: str) -> list[object]:
    return [getattr(item, field, None) for field in fields]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], max_examples=100)
@given(dumps())
def test_no_dump_however_damaged_breaks_a_reader(tmp_path, content):
    path = tmp_path / "dump"
    path.write_bytes(content)
    try:
        dump = recognise(path)
    except SourceError as error:
        assert str(path) in str(error)
        return
    for item in read(dump) if dump is not None else ():
        require_storable(item)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], max_examples=100)
@given(dumps())
def test_a_dump_read_in_sections_holds_what_it_holds_as_a_whole(tmp_path, content):
    path = tmp_path / "dump"
    path.write_bytes(content)
    dump = recognised(path)
    sections = list(sections_of(dump, lines_at_once=2) or ()) if dump is not None else []
    if dump is None or not sections:
        return
    assert [line for section in sections for line in section.lines] == list(lines(path))
    assert {len(section.lines) for section in sections[:-1]} <= {2}
    whole, apart = list(read_whole(dump)), [item for section in sections for item in read_section(section)]
    # Each section tells of a post or a person anew.
    assert [item for item in apart if not isinstance(item, Post | Person)] == [
        item for item in whole if not isinstance(item, Post | Person)
    ]
    assert [item for number, item in enumerate(apart) if item not in apart[:number]] == [
        item for number, item in enumerate(whole) if item not in whole[:number]
    ]


def test_a_section_ends_with_the_line_that_makes_it_large_enough(tmp_path, monkeypatch):
    monkeypatch.setattr(dump_readers, "SECTION_BYTES", 60)
    path = tmp_path / "dump"
    path.write_text("".join(f'{{"id": "a{number}", "body": "A comment."}}\n' for number in range(5)))
    sections = sections_of(recognise(path)) or ()
    assert [[line.number for line in section.lines] for section in sections] == [[1, 2], [3, 4], [5]]


def test_a_table_is_read_as_a_whole(tmp_path):
    path = tmp_path / "dump"
    path.write_text('id,body\n1,"Two\nlines."\n')
    assert sections_of(recognise(path)) is None


def recognised(path: Path) -> Dump | None:
    try:
        return recognise(path)
    except SourceError:
        return None


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], max_examples=50)
@given(st.sampled_from(sorted(KINDS)), dumps())
def test_a_file_that_changes_after_it_was_recognised_breaks_no_reader(tmp_path, format_, content):
    path = tmp_path / "dump"
    path.write_bytes(content)
    for item in read(Dump(path, format_, (path,))):
        require_storable(item)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], max_examples=50)
@given(
    st.dictionaries(st.text(max_size=5), ODD, max_size=4),
    st.sampled_from(["speakers", "conversations", "corpus"]),
    st.data(),
)
def test_no_corpus_however_damaged_breaks_the_reader(tmp_path, values, name, data):
    (tmp_path / "utterances.jsonl").write_bytes(json_lines(UTTERANCE, {**UTTERANCE, **values}))
    content = json.dumps({**values, "ada": {"meta": values}, "o1": values}).encode()
    start, end = sorted(data.draw(st.tuples(st.integers(0, len(content)), st.integers(0, len(content)))))
    damaged = content[:start] + data.draw(st.sampled_from([b"", b"\xff", b"[", b'"'])) + content[end:]
    (tmp_path / f"{name}.json").write_bytes(damaged)
    dump = recognise(tmp_path)
    assert dump is not None
    for item in read(dump):
        require_storable(item)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_recognised_by_what_it_holds(tmp_path, kind):
    records = KINDS[kind]
    for number, content in enumerate([records, *records[:1]]):
        path = tmp_path / f"{number}.txt"
        path.write_text(json.dumps(content), encoding="utf-8")
        assert recognise(path) == Dump(path, kind, (path,))
    assert {format_ for reader in READERS for format_ in reader.FORMATS} - set(plain_form.FORMATS) == set(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_every_key_that_is_not_used_is_kept(tmp_path, kind):
    novel = {"novel": {"key": [1, None]}}
    path = tmp_path / "dump.json"
    path.write_text(json.dumps([with_novel(record, novel) for record in KINDS[kind]]), encoding="utf-8")
    (dump,) = [recognise(path)]
    assert dump is not None
    items = [item for item in read(dump) if isinstance(item, Post | Person | Record)]
    assert items
    assert [item.extra["novel"] for item in items if item.extra.keys() != {"url"}] == [novel["novel"]] * len(
        [item for item in items if item.extra.keys() != {"url"}]
    )


def with_novel(record: dict[str, object], novel: dict[str, object]) -> dict[str, object]:
    """Add a key to a record, and to those that stand in it."""
    changed = {key: with_novel_in(value, novel) for key, value in record.items()}
    return changed if record.get("kind") else {**changed, **novel}


def with_novel_in(value: object, novel: dict[str, object]) -> object:
    if isinstance(value, list):
        return [with_novel(part, novel) if isinstance(part, dict) else part for part in value]
    if isinstance(value, dict) and ("children" in value or "link_id" in value or "selftext" in value):
        return with_novel(value, novel)
    return value


def test_ids_used_again_are_all_given(tmp_path: Path):
    path = tmp_path / "dump.json"
    path.write_bytes(json_lines(REDDIT_COMMENT, REDDIT_COMMENT, {**REDDIT_COMMENT, "body": "No."}))
    dump = recognise(path)
    assert dump is not None
    assert [(r.number, r.source_id, r.body) for r in records_in(list(read(dump)))] == [
        (1, "kod0bki", "Yes."),
        (2, "kod0bki", "Yes."),
        (3, "kod0bki", "No."),
    ]


ANSWERS = {
    "forummagnum": ({"data": {"comments": {"results": [COMMENT]}}}, {"data": {"comments": {"results": []}}}),
    "reddit": ({"data": [REDDIT_COMMENT]}, {"data": []}),
    "hacker news": ({"hits": [HIT]}, {"hits": []}),
}
REFUSED = {"data": None, "errors": [{"message": "too many requests"}]}


@pytest.mark.parametrize("as_list", [True, False])
@pytest.mark.parametrize("forum", ANSWERS)
def test_an_answer_that_holds_no_records_but_an_error_is_told(tmp_path, forum, as_list):
    full, empty = ANSWERS[forum]
    answers = [full, REFUSED, empty, full]
    items = items_of(tmp_path, answers if as_list else json_lines(*answers))
    assert len(records_in(items)) == 2
    expected = "after record 1: expected an answer that holds records, found the keys data, errors"
    assert faults_in(items) == [("record not read", expected)]


def test_users_among_items_and_hits_of_hacker_news_are_people(tmp_path):
    firebase = {"id": "ada", "created": 1173923446, "karma": 2937, "about": "Writes."}
    algolia = {"objectID": "ada", "username": "ada", "created_at_i": 1173923446, "karma": 2937, "about": "Writes."}
    for values in ([ITEM, firebase, STORY], [HIT, algolia]):
        items = items_of(tmp_path, values)
        assert [(person.id, person.bio) for person in people_in(items)] == [("ada", "Writes.")]
        assert len(records_in(items)) == 1
        assert "ada" not in [post.id for post in posts_in(items)]


def test_a_record_of_a_forum_that_is_neither_comment_nor_post_nor_user_is_told(tmp_path):
    tag = {"_id": "t1", "name": "AI", "core": True}
    bare = {"_id": "c9", "htmlBody": "<p>So it is.</p>"}
    items = items_of(tmp_path, [COMMENT, tag, bare])
    assert [record.source_id for record in records_in(items)] == [COMMENT["_id"], "c9"]
    expected = "record 2: expected a comment, a post or a user; it has the keys _id, core, name"
    assert faults_in(items) == [("record not read", expected)]
