import pytest
from reading import faults_in, items_of, json_lines, posts_in, record_of, records_in, records_of, with_

from forum_comments.records import Post, Record

COMMENT = {
    "id": "kod0bki",
    "name": "t1_kod0bki",
    "parent_id": "t1_koclkfu",
    "link_id": "t3_1ae0ije",
    "author": "ada",
    "author_fullname": "t2_au73h8s2",
    "body": "Yes.",
    "created_utc": 1706745600,
    "edited": False,
    "score": 2,
    "permalink": "/r/woodworking/comments/1ae0ije/a_table/kod0bki/",
    "subreddit": "woodworking",
    "gilded": 0,
    "mod_note": None,
}
OLD = {"id": "c13", "parent_id": "t3_17863", "link_id": "t3_17863", "author": "bea", "body": "No.", "score": 1}
SUBMISSION = {
    "id": "1ae0ije",
    "title": "A table &amp; a chair",
    "selftext": "&gt; Look",
    "subreddit": "woodworking",
    "num_comments": 2,
    "permalink": "/r/woodworking/comments/1ae0ije/a_table/",
    "url": "https://example.com/table",
}


def test_a_comment_is_read_whole(tmp_path):
    assert record_of(tmp_path, COMMENT) == Record(
        number=1,
        source="reddit",
        source_id="kod0bki",
        body="Yes.",
        markup="markdown",
        parent_source_id="koclkfu",
        thread_id="1ae0ije",
        post_id="1ae0ije",
        author_id="ada",
        author_name="ada",
        posted_at="2024-02-01T00:00:00Z",
        karma=2,
        url="https://www.reddit.com/r/woodworking/comments/1ae0ije/a_table/kod0bki/",
        extra={
            "name": "t1_kod0bki",
            "author_fullname": "t2_au73h8s2",
            "subreddit": "woodworking",
            "gilded": 0,
        },
    )


def test_rows_of_every_age_stand_in_one_file(tmp_path):
    records = records_of(tmp_path, json_lines(COMMENT, OLD, {"link_id": "t3_1", "parent_id": "t3_1", "name": "t1_x"}))
    assert [(record.source_id, record.url is None, record.body) for record in records] == [
        ("kod0bki", False, "Yes."),
        ("c13", True, "No."),
        ("x", True, None),
    ]


@pytest.mark.parametrize("key", ["data"])
def test_answers_of_an_interface_are_read(tmp_path, key):
    records = records_of(tmp_path, {key: [COMMENT, with_(COMMENT, id="b")], "metadata": {"total_results": 2}})
    assert [(record.number, record.source_id) for record in records] == [(1, "kod0bki"), (2, "b")]


@pytest.mark.parametrize(
    ("parent", "parent_source_id"),
    [("t1_koclkfu", "koclkfu"), ("t3_1ae0ije", None), ("1ae0ije", None), (None, None)],
)
def test_the_prefix_tells_a_parent_from_the_submission(tmp_path, parent, parent_source_id):
    record = record_of(tmp_path, with_(COMMENT, parent_id=parent))
    assert (record.parent_source_id, record.problems) == (parent_source_id, [])


@pytest.mark.parametrize("parent", ["koclkfu", 34, "t3_other"])
def test_a_parent_that_may_be_either_is_none_and_a_problem(tmp_path, parent):
    record = record_of(tmp_path, with_(COMMENT, parent_id=parent))
    expected = "t1_ and a comment's id, or the submission's t3_1ae0ije"
    assert (record.parent_source_id, record.extra["parent_id"]) == (None, parent)
    assert record.problems == [("wrong value", f"parent_id is {parent!r}; expected {expected}")]


def test_ids_used_twice_are_told_apart_by_their_thread(tmp_path):
    reply, other = {**OLD, "parent_id": "t1_c9"}, {**OLD, "id": "c9", "link_id": "t3_2", "parent_id": "t3_2"}
    assert [(r.source_id, r.parent_source_id, r.thread_id) for r in records_of(tmp_path, [reply, other])] == [
        ("c13", "c9", "17863"),
        ("c9", None, "2"),
    ]


@pytest.mark.parametrize(
    ("created", "posted_at"),
    [
        ("1251763200", "2009-09-01T00:00:00Z"),
        (1548982122, "2019-02-01T00:48:42Z"),
        (1706745600.0, "2024-02-01T00:00:00Z"),
        (None, None),
    ],
)
def test_the_date_is_a_number_or_text_or_a_float(tmp_path, created, posted_at):
    record = record_of(tmp_path, with_(COMMENT, created_utc=created))
    assert (record.posted_at, record.problems) == (posted_at, [])


@pytest.mark.parametrize("created", [-1, 9_300_000_000_000, 1e300, "soon", True, [], {}, 2**70])
def test_an_impossible_date_is_none_and_a_problem(tmp_path, created):
    record = record_of(tmp_path, with_(COMMENT, created_utc=created))
    assert record.posted_at is None
    assert record.extra["created_utc"] == created
    assert [kind for kind, _ in record.problems] == ["wrong value"]


@pytest.mark.parametrize(
    ("edited", "edited_at", "kept"),
    [
        (False, None, None),
        (True, None, True),
        (1706749200, "2024-02-01T01:00:00Z", None),
        (1706749200.0, "2024-02-01T01:00:00Z", None),
        (None, None, None),
    ],
)
def test_the_oldest_edits_have_no_date(tmp_path, edited, edited_at, kept):
    record = record_of(tmp_path, with_(COMMENT, edited=edited))
    assert (record.edited_at, record.extra.get("edited"), record.problems) == (edited_at, kept, [])


def test_a_score_that_reddit_still_hid_is_unknown(tmp_path):
    record = record_of(tmp_path, with_(COMMENT, score=1, score_hidden=True))
    assert (record.karma, record.extra["score"]) == (None, 1)


@pytest.mark.parametrize(
    ("written", "body"),
    [
        ("&gt; a &lt;b&gt; &amp; c", "> a <b> & c"),
        ("it is typed `&amp;gt;`", "it is typed `&gt;`"),
        ("?a=1&copy=2", "?a=1&copy=2"),
        ("one\r\n\r\ntwo", "one\n\ntwo"),
        ("", ""),
    ],
)
def test_markdown_is_unescaped_once(tmp_path, written, body):
    assert record_of(tmp_path, with_(COMMENT, body=written)).body == body


@pytest.mark.parametrize(
    ("author", "body", "meta", "expected"),
    [
        ("[deleted]", "[deleted]", None, (None, None, "deleted by author")),
        ("[deleted]", "[removed]", None, (None, None, "removed by moderator")),
        ("ada", "[removed]", None, ("ada", None, "removed by moderator")),
        ("[deleted]", "Still here.", None, (None, "Still here.", None)),
        ("ada", "Yes.", {"removal_type": "deleted"}, ("ada", "Yes.", "deleted by author")),
        ("[deleted]", "[removed]", {"removal_type": "removed by reddit"}, (None, None, "removed by forum")),
        ("ada", "Yes.", {"removal_type": None}, ("ada", "Yes.", None)),
        ("ada", "Yes.", {"removal_type": "novel"}, ("ada", "Yes.", None)),
        ("ada", "[ Removed by Reddit ]", None, ("ada", None, "removed by forum")),
    ],
)
def test_deletion_removal_and_a_closed_account_are_three_things(tmp_path, author, body, meta, expected):
    record = record_of(tmp_path, with_(COMMENT, author=author, body=body, _meta=meta))
    assert (record.author_name, record.body, record.status) == expected
    assert record.author_id == record.author_name


MORE = {"kind": "more", "data": {"count": 7, "parent_id": "t1_b", "children": ["d"]}}


def thing(kind: str, data: dict[str, object]) -> dict[str, object]:
    return {"kind": kind, "data": data}


def listing(*things: dict[str, object]) -> dict[str, object]:
    return thing("Listing", {"after": None, "children": list(things)})


def test_listings_hold_the_submission_and_replies_inside_replies(tmp_path):
    inner = thing("t1", with_(COMMENT, id="c", parent_id="t1_b", replies=""))
    outer = thing("t1", with_(COMMENT, id="b", parent_id="t3_1ae0ije", replies=listing(inner, MORE)))
    items = items_of(tmp_path, [listing(thing("t3", SUBMISSION)), listing(outer)])
    assert [(record.source_id, record.parent_source_id) for record in records_in(items)] == [("c", "b"), ("b", None)]
    assert posts_in(items) == [
        Post(
            "reddit",
            "1ae0ije",
            "A table & a chair",
            "https://www.reddit.com/r/woodworking/comments/1ae0ije/a_table/",
            {
                "selftext": "> Look",
                "subreddit": "woodworking",
                "num_comments": 2,
                "url": "https://example.com/table",
            },
        )
    ]
    assert faults_in(items) == [("replies not in the dump", "record 6: 7 more replies to t1_b")]


def test_trees_of_arctic_shift_are_read(tmp_path):
    inner = thing("t1", with_(COMMENT, id="c", parent_id="t1_b", replies=""))
    outer = thing("t1", with_(COMMENT, id="b", replies=listing(inner)))
    items = items_of(tmp_path, {"data": [outer]})
    assert [record.source_id for record in records_in(items)] == ["c", "b"]
    assert len(items) == 2


def test_replies_three_thousand_deep_are_read_without_recursion(tmp_path):
    depth = 3_000
    head = '{"kind": "Listing", "data": {"children": ['
    start = "".join(
        f'{{"kind": "t1", "data": {{"id": "c{n}", "link_id": "t3_1", "parent_id": "t1_c{n - 1}", "replies": {head}'
        for n in range(1, depth + 1)
    )
    items = items_of(tmp_path, (head + start + "]}}" + "}}]}}" * depth).encode())
    assert {(r.source_id, r.parent_source_id) for r in records_in(items)} == {
        (f"c{n}", f"c{n - 1}") for n in range(1, depth + 1)
    }
    assert faults_in(items) == []


def test_submissions_are_posts(tmp_path):
    items = items_of(tmp_path, json_lines(SUBMISSION, {**SUBMISSION, "id": "2", "permalink": None, "title": None}))
    assert [(post.id, post.title, post.url) for post in posts_in(items)] == [
        ("1ae0ije", "A table & a chair", "https://www.reddit.com/r/woodworking/comments/1ae0ije/a_table/"),
        ("2", None, None),
    ]


def test_wrong_types_are_kept_and_reported(tmp_path):
    record = record_of(tmp_path, with_(COMMENT, body=5, score="many", author=["x"], permalink=1, _meta=[]))
    assert (record.body, record.karma, record.author_name, record.url) == (None, None, None, None)
    assert record.problems == [
        ("wrong value", "body is 5; expected text"),
        ("wrong value", "author is ['x']; expected text"),
        ("wrong value", "score is 'many'; expected a whole number of 64 bits"),
        ("wrong value", "permalink is 1; expected text"),
    ]
    assert record.extra["author"] == ["x"]
