import pytest
from reading import faults_in, items_of, json_lines, posts_in, record_of, records_in, records_of, with_

from forum_comments.records import Fault, Person, Post, Record

ITEM = {
    "by": "ada",
    "id": 2921983,
    "kids": [2922097, 2922429],
    "parent": 2921506,
    "text": "Yes.<p>It&#x27;s so.",
    "time": 1314211127,
    "type": "comment",
}
STORY = {
    "by": "bea",
    "descendants": 71,
    "id": 8863,
    "kids": [1],
    "score": 111,
    "time": 1175714200,
    "title": "My &amp; app",
    "type": "story",
    "url": "https://example.com/",
}
HIT = {
    "objectID": "31",
    "author": "ada",
    "comment_text": "Yes.",
    "story_text": None,
    "title": None,
    "points": 4,
    "story_id": 8863,
    "story_title": "My app",
    "story_url": "https://example.com/",
    "parent_id": 30,
    "created_at": "2011-08-24T18:38:47.000Z",
    "created_at_i": 1314211127,
    "_tags": ["comment", "author_ada", "story_8863"],
    "_highlightResult": {"comment_text": {"value": "<em>Yes</em>."}},
}


def test_an_item_is_read_whole(tmp_path):
    assert record_of(tmp_path, ITEM) == Record(
        number=1,
        source="hn",
        source_id="2921983",
        body="Yes.<p>It&#x27;s so.",
        markup="html",
        parent_source_id="2921506",
        author_id="ada",
        author_name="ada",
        posted_at="2011-08-24T18:38:47Z",
        url="https://news.ycombinator.com/item?id=2921983",
        extra={"kids": [2922097, 2922429]},
    )


def test_a_story_is_a_post_and_keeps_what_else_it_has(tmp_path):
    assert items_of(tmp_path, json_lines(STORY)) == [
        Post(
            "hn",
            "8863",
            "My & app",
            "https://news.ycombinator.com/item?id=8863",
            {
                "by": "bea",
                "descendants": 71,
                "kids": [1],
                "score": 111,
                "time": 1175714200,
                "type": "story",
                "url": "https://example.com/",
            },
        )
    ]


def test_a_comment_on_a_story_of_the_same_file_answers_no_comment(tmp_path):
    top, reply = with_(ITEM, id=2, parent=8863), with_(ITEM, id=3, parent=2)
    for items in ([STORY, top, reply], [reply, top, STORY]):
        assert {
            (r.source_id, r.parent_source_id, r.thread_id, r.post_id)
            for r in records_in(items_of(tmp_path, json_lines(*items)))
        } == {("2", None, "8863", "8863"), ("3", "2", None, None)}


@pytest.mark.parametrize("kind", ["job", "poll", "pollopt"])
def test_jobs_polls_and_options_are_posts(tmp_path, kind):
    items = items_of(tmp_path, [{"id": 5, "type": kind, "by": "ada", "text": "t", "poll": 4, "parts": [6]}])
    assert [post.id for post in posts_in(items)] == ["5"]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"deleted": True, "by": ..., "text": ...}, (None, None, "deleted")),
        ({"dead": True, "text": "[dead]"}, ("ada", None, "dead")),
        ({"dead": True, "text": "[flagged]"}, ("ada", None, "flagged")),
        ({"dead": True, "deleted": True, "by": ..., "text": ...}, (None, None, "deleted")),
        ({"dead": True}, ("ada", "Yes.<p>It&#x27;s so.", "dead")),
        ({"dead": False, "deleted": None}, ("ada", "Yes.<p>It&#x27;s so.", None)),
        ({"text": ...}, ("ada", None, None)),
    ],
)
def test_dead_and_deleted_items_keep_their_place(tmp_path, changes, expected):
    record = record_of(tmp_path, with_(ITEM, **changes))
    assert (record.author_name, record.body, record.status) == expected
    assert record.parent_source_id == "2921506"


def test_an_unknown_item_is_reported(tmp_path):
    items = items_of(tmp_path, json_lines(ITEM, None, with_(ITEM, id=7)))
    assert [record.source_id for record in records_in(items)] == ["2921983", "7"]
    assert faults_in(items) == [("record not read", "line 2, byte 147: expected an object, found 'null'")]


def test_ids_may_be_text(tmp_path):
    record = record_of(tmp_path, with_(ITEM, id="2921983", parent="2921506", time="1314211127"))
    assert (record.source_id, record.parent_source_id) == ("2921983", "2921506")
    assert record.posted_at == "2011-08-24T18:38:47Z"


def node(node_id: int, *children: dict[str, object], **fields: object) -> dict[str, object]:
    return {"id": node_id, "children": list(children), **fields}


def comment(node_id: int, *children: dict[str, object], **fields: object) -> dict[str, object]:
    words = {"type": "comment", "author": "ada", "text": "<p>Yes.</p>", "points": None, "created_at_i": 1314211127}
    return node(node_id, *children, **{**words, **fields})


def test_a_tree_is_read_with_its_story(tmp_path):
    tree = node(
        1,
        comment(2, comment(3, parent_id=2, story_id=1), parent_id=1, story_id=1),
        type="story",
        title="My app",
        url="https://example.com/",
        author="bea",
        points=9,
    )
    items = items_of(tmp_path, tree)
    assert posts_in(items) == [
        Post(
            "hn",
            "1",
            "My app",
            "https://news.ycombinator.com/item?id=1",
            {"type": "story", "url": "https://example.com/", "author": "bea", "points": 9},
        )
    ]
    assert [(r.source_id, r.parent_source_id, r.thread_id, r.post_id) for r in records_in(items)] == [
        ("2", None, "1", "1"),
        ("3", "2", "1", "1"),
    ]
    assert [record.extra for record in records_in(items)] == [{}, {}]


@pytest.mark.parametrize("gone", [{}, {"author": None, "text": None, "type": "comment"}])
def test_what_a_deleted_comment_answers_its_place_in_the_tree_tells(tmp_path, gone):
    tree = node(1, node(2, node(3, comment(4), **gone), **gone), type="story", author="bea", title="t")
    records = records_in(items_of(tmp_path, tree))
    assert [(r.source_id, r.parent_source_id, r.thread_id, r.status) for r in records] == [
        ("2", None, "1", "deleted"),
        ("3", "2", "1", "deleted"),
        ("4", "3", "1", None),
    ]


def test_the_root_of_a_tree_may_be_a_comment(tmp_path):
    records = records_of(tmp_path, comment(17, comment(20, parent_id=17), parent_id=15, story_id=1))
    assert [(r.source_id, r.parent_source_id, r.thread_id) for r in records] == [("17", "15", "1"), ("20", "17", "1")]


def test_several_trees_stand_in_one_file(tmp_path):
    trees = [comment(1, comment(2), parent_id=9), comment(3, comment(4), parent_id=9)]
    for content in (trees, json_lines(*trees)):
        assert [(r.number, r.source_id, r.parent_source_id) for r in records_of(tmp_path, content)] == [
            (1, "1", "9"),
            (2, "2", "1"),
            (3, "3", "9"),
            (4, "4", "3"),
        ]


def test_a_tree_of_three_thousand_levels_is_read_without_recursion(tmp_path):
    depth = 3_000
    start = "".join(f'{{"id": {n}, "type": "comment", "author": "ada", "children": [' for n in range(1, depth + 1))
    records = records_of(tmp_path, (start + "]}" * depth).encode())
    assert [(r.source_id, r.parent_source_id) for r in records] == [
        (str(n), str(n - 1) if n > 1 else None) for n in range(1, depth + 1)
    ]


def test_a_tree_cut_in_the_middle_gives_its_whole_comments(tmp_path):
    items = items_of(
        tmp_path, b'{"id": 1, "type": "story", "children": [{"id": 2, "author": "ada", "children": []}, {"id"'
    )
    assert [(r.source_id, r.parent_source_id) for r in records_in(items)] == [("2", None)]
    assert faults_in(items) == [
        ("file cut short", "it ends in records 1 to 3, the first of which begins at byte 0; expected a closing bracket")
    ]


def test_a_search_answer_tells_the_story_of_each_comment(tmp_path):
    top = with_(HIT, objectID="30", parent_id=8863)
    items = items_of(tmp_path, {"hits": [HIT, top], "nbHits": 2, "page": 0})
    assert posts_in(items) == [
        Post("hn", "8863", "My app", "https://news.ycombinator.com/item?id=8863", {"url": "https://example.com/"})
    ]
    first, second = records_in(items)
    assert first == Record(
        number=1,
        source="hn",
        source_id="31",
        body="Yes.",
        markup="html",
        parent_source_id="30",
        thread_id="8863",
        post_id="8863",
        author_id="ada",
        author_name="ada",
        posted_at="2011-08-24T18:38:47Z",
        karma=4,
        url="https://news.ycombinator.com/item?id=31",
        extra={"_tags": ["comment", "author_ada", "story_8863"], "story_url": "https://example.com/"},
    )
    assert (second.number, second.parent_source_id, second.thread_id) == (2, None, "8863")


def test_words_that_a_search_marked_are_never_read(tmp_path):
    for content in ({"hits": [HIT]}, [HIT], json_lines(HIT)):
        assert "<em>" not in repr(items_of(tmp_path, content))


def test_only_the_tags_tell_a_comment_from_a_story(tmp_path):
    story = {"objectID": "8863", "_tags": ["story"], "title": "My app", "comment_text": None, "created_at_i": 1}
    untagged = with_(HIT, _tags=..., story_id=None)
    items = items_of(tmp_path, {"hits": [story, untagged]})
    assert [post.id for post in posts_in(items)] == ["8863"]
    assert [(record.source_id, record.thread_id) for record in records_in(items)] == [("31", None)]


def test_users_are_people_under_the_name_that_comments_give(tmp_path):
    firebase = {"id": "ada", "created": 1173923446, "karma": 2937, "about": "Writes.", "submitted": [8863]}
    algolia = {"username": "bea", "created_at": "2006-10-09T18:21:51.000Z", "karma": 1, "about": "", "objectID": "bea"}
    nameless = {"created": 1, "karma": 2}
    items = items_of(tmp_path, [firebase, algolia, nameless])
    assert items == [
        Person("hn", "ada", "ada", "Writes.", {"created": 1173923446, "karma": 2937, "submitted": [8863]}),
        Person("hn", "bea", "bea", None, {"created_at": "2006-10-09T18:21:51.000Z", "karma": 1, "objectID": "bea"}),
        Fault("record without id", "record 3: expected an id under the key id; it has the keys created, karma"),
    ]
