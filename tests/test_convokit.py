import json
from pathlib import Path

import pytest
from reading import dump_of, faults_in, items_of, json_lines, people_in, posts_in, records_in, records_of, with_

from forum_comments.readers.dumps import read, recognise
from forum_comments.records import Item, Person, Post, Record

UTTERANCE = {
    "id": "e2",
    "conversation_id": "o1",
    "text": "Yes &gt; no",
    "speaker": "ada",
    "meta": {
        "score": 3,
        "retrieved_on": -1,
        "subreddit": "Cornell",
        "permalink": "/r/Cornell/comments/o1/a_post/e2/",
        "author_flair_text": None,
    },
    "reply-to": "o1",
    "timestamp": 1325571377,
    "vectors": [],
}
PLAIN = {"id": "L1", "conversation_id": "L0", "text": "R&amp;D?", "speaker": "u0", "reply-to": "L0", "timestamp": None}


def corpus(folder: Path, utterances: object = (UTTERANCE,), **files: object) -> list[Item]:
    """Write a corpus as a folder, and read it."""
    name = "utterances.json" if isinstance(utterances, list) else "utterances.jsonl"
    (folder / name).write_bytes(json.dumps(utterances).encode() if name[-1] == "n" else json_lines(*utterances))
    for file, content in files.items():
        (folder / f"{file}.json").write_text(json.dumps(content), encoding="utf-8")
    return list(read(dump_of(folder)))


def test_an_utterance_is_read_whole(tmp_path):
    assert corpus(tmp_path) == [
        Record(
            number=1,
            source="convokit",
            source_id="e2",
            body="Yes > no",
            markup="markdown",
            parent_source_id="o1",
            thread_id="o1",
            post_id="o1",
            author_id="ada",
            author_name="ada",
            posted_at="2012-01-03T06:16:17Z",
            karma=3,
            url="https://www.reddit.com/r/Cornell/comments/o1/a_post/e2/",
            extra={
                "meta": {
                    "retrieved_on": -1,
                    "subreddit": "Cornell",
                    "permalink": "/r/Cornell/comments/o1/a_post/e2/",
                    "author_flair_text": None,
                }
            },
        )
    ]


def test_a_folder_is_one_dump_with_all_its_files(tmp_path):
    corpus(tmp_path, speakers={}, conversations={}, corpus={}, index={})
    dump = dump_of(tmp_path)
    assert (dump.path, dump.format) == (tmp_path, "convokit corpus")
    assert [file.name for file in dump.files] == [
        "utterances.jsonl",
        "corpus.json",
        "conversations.json",
        "speakers.json",
    ]


def test_a_folder_without_utterances_is_no_dump(tmp_path):
    assert recognise(tmp_path) is None
    (tmp_path / "utterances.json").write_text('[{"id": 1}]', encoding="utf-8")
    assert recognise(tmp_path) is None


def test_the_older_layout_says_the_same(tmp_path):
    new, old = tmp_path / "new", tmp_path / "old"
    new.mkdir()
    old.mkdir()
    renamed = with_(UTTERANCE, conversation_id=..., speaker=..., vectors=..., root="o1", user="ada")
    newer = corpus(
        new,
        speakers={"ada": {"meta": {"gender": "f"}, "vectors": []}},
        conversations={"o1": {"meta": {"title": "A post", "domain": None}, "vectors": []}},
    )
    older = corpus(old, [renamed], users={"ada": {"gender": "f"}}, conversations={"o1": {"title": "A post"}})
    assert newer == older
    assert posts_in(older) == [Post("convokit", "o1", "A post")]
    assert people_in(older) == [Person("convokit", "ada", "ada", extra={"gender": "f"})]


@pytest.mark.parametrize(
    ("keys", "parent"),
    [
        ({"reply-to": "a"}, "a"),
        ({"reply_to": "a"}, "a"),
        ({"reply_to": None, "reply-to": "a"}, None),
        ({"reply_to": "b", "reply-to": "a"}, "b"),
        ({"reply-to": None}, None),
    ],
)
def test_both_spellings_of_the_reply_key_are_read(tmp_path, keys, parent):
    (record,) = records_of(tmp_path, [{**with_(UTTERANCE, **{"reply-to": ...}), **keys}])
    assert record.parent_source_id == parent


def test_the_post_that_opened_a_thread_is_a_comment_too(tmp_path):
    root = with_(UTTERANCE, id="o1", **{"reply-to": None})
    items = corpus(tmp_path, (root, UTTERANCE), conversations={"o1": {"meta": {"title": "A post"}}})
    assert [(r.source_id, r.parent_source_id, r.post_id) for r in records_in(items)] == [
        ("o1", None, "o1"),
        ("e2", "o1", "o1"),
    ]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"text": "[deleted]", "speaker": "[deleted]"}, (None, None, "deleted by author")),
        ({"text": "[removed]", "speaker": "[deleted]"}, (None, None, "removed by moderator")),
        ({"speaker": "[deleted]"}, (None, "Yes > no", None)),
        ({"speaker": None}, (None, "Yes > no", None)),
        ({"text": ""}, ("ada", "", None)),
    ],
)
def test_many_people_are_called_deleted_and_none_of_them_is_named(tmp_path, changes, expected):
    (record,) = records_of(tmp_path, [with_(UTTERANCE, **changes)])
    assert (record.author_name, record.body, record.status) == expected
    assert record.author_id == record.author_name


def test_headings_of_talk_pages_are_posts_and_what_answers_them_opens_a_thread(tmp_path):
    heading = {**PLAIN, "id": "L0", "text": "== Title ==", "reply-to": None, "meta": {"is_section_header": True}}
    reply, answer = ({**PLAIN, "meta": {"is_section_header": False}} for _ in range(2))
    answer.update({"id": "L2", "reply-to": "L1"})
    for utterances in ((heading, reply, answer), (answer, reply, heading)):
        items = corpus(tmp_path, utterances)
        assert [(post.id, post.title) for post in posts_in(items)] == [("L0", "== Title ==")]
        assert {(r.source_id, r.parent_source_id, r.post_id) for r in records_in(items)} == {
            ("L1", None, "L0"),
            ("L2", "L1", "L0"),
        }


@pytest.mark.parametrize(
    ("timestamp", "posted_at", "problems"),
    [
        (1325571377.5, "2012-01-03T06:16:17.500000Z", 0),
        ("1325571377", "2012-01-03T06:16:17Z", 0),
        (None, None, 0),
        (-1, None, 0),
        (-2, None, 1),
        ("Act I", None, 1),
    ],
)
def test_a_time_that_is_not_known_is_null_or_minus_one(tmp_path, timestamp, posted_at, problems):
    (record,) = records_of(tmp_path, [with_(UTTERANCE, timestamp=timestamp)])
    assert (record.posted_at, len(record.problems)) == (posted_at, problems)


def test_a_score_of_minus_one_is_a_score(tmp_path):
    assert records_of(tmp_path, [with_(UTTERANCE, meta={"score": -1})])[0].karma == -1


def test_only_what_comes_from_reddit_is_markdown_and_escaped(tmp_path):
    (record,) = records_of(tmp_path, [PLAIN])
    assert (record.body, record.markup) == ("R&amp;D?", "plain")


def test_a_corpus_is_told_from_others_by_its_own_name(tmp_path):
    items = corpus(tmp_path, corpus={"name": "Movie Corpus (2011)"}, conversations={"o1": {}})
    assert [item.source for item in items if isinstance(item, Post | Record)] == ["convokit_movie_corpus_2011"] * 2


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("movie-corpus", "convokit_movie_corpus"),
        ("Корпус", "convokit_корпус"),
        ("Форум 2", "convokit_форум 2"),
        ("Café Talk", "convokit_café talk"),
        ("!", "convokit_!"),
    ],
)
def test_a_name_that_a_short_one_would_not_tell_from_others_stays_as_it_is(tmp_path, name, source):
    items = corpus(tmp_path, corpus={"name": name}, conversations={"o1": {}})
    assert {item.source for item in items if isinstance(item, Post | Record)} == {source}


def test_a_speaker_whose_id_is_no_name_has_one(tmp_path):
    items = corpus(tmp_path, (PLAIN,), speakers={"u0": {"meta": {"character_name": "BIANCA"}, "vectors": []}})
    assert people_in(items) == [Person("convokit", "u0", "BIANCA", extra={"character_name": "BIANCA"})]
    assert [(record.author_id, record.author_name) for record in records_in(items)] == [("u0", "BIANCA")]


def test_nobody_is_no_speaker(tmp_path):
    assert people_in(corpus(tmp_path, speakers={"[deleted]": {"meta": {}}, "": {}})) == []


def test_counts_of_another_cut_are_not_believed(tmp_path):
    assert len(records_in(corpus(tmp_path, corpus={"num_posts": 10744, "num_comments": 63723}))) == 1


def test_replies_to_nothing_and_to_themselves_are_left_to_the_threads(tmp_path):
    records = records_of(
        tmp_path, [with_(UTTERANCE, id="a", **{"reply-to": "a"}), with_(UTTERANCE, id="b", **{"reply-to": "nowhere"})]
    )
    assert [(record.source_id, record.parent_source_id) for record in records] == [("a", "a"), ("b", "nowhere")]


def test_a_fault_names_the_file_of_the_corpus(tmp_path):
    items = corpus(tmp_path, speakers=["ada"], conversations={"o1": {"meta": {}}, "o2": 5})
    assert faults_in(items) == [
        ("record not read", "conversations.json: before byte 28: expected an object, found '\"o2\": 5'"),
        ("record not read", "speakers.json: before byte 6: expected an object, found '\"ada\"'"),
    ]


def test_keys_that_name_nobody_or_cannot_be_read_are_reported(tmp_path):
    (tmp_path / "utterances.jsonl").write_bytes(json_lines(UTTERANCE))
    (tmp_path / "speakers.json").write_bytes(
        b'{"": {}, "\\ud800": {}, "caf\xe9": {}, "a\\u0000": {}, "\\x": {}, "ok": {}}'
    )
    (tmp_path / "conversations.json").write_text('[{"meta": {}}]', encoding="utf-8")
    items = list(read(dump_of(tmp_path)))
    replaced = "\N{REPLACEMENT CHARACTER}"
    assert [person.id for person in people_in(items)] == [replaced, f"caf{replaced}", f"a{replaced}", "ok"]
    assert faults_in(items) == [
        ("record without id", "conversations.json: record 1: expected an id as its key"),
        ("record without id", "speakers.json: record 1: expected an id as its key"),
        ("record not read", "speakers.json: record 5 at byte 56: no JSON at character 5: Invalid \\escape"),
    ]


def test_utterances_alone_are_a_corpus(tmp_path):
    for content in ([UTTERANCE], json_lines(UTTERANCE)):
        assert [record.source_id for record in records_in(items_of(tmp_path, content))] == ["e2"]
