import json

import pytest
from reading import faults_in, items_of, json_lines, people_in, posts_in, record_of, records_in, records_of, with_

from forum_comments.records import Person, Post, Record

COMMENT = {
    "_id": "aaaaaaaaaaaaaaaa1",
    "postId": "pppppppppppppppp1",
    "parentCommentId": "aaaaaaaaaaaaaaaa0",
    "topLevelCommentId": "aaaaaaaaaaaaaaaa0",
    "userId": "uuuuuuuuuuuuuuuu1",
    "user": {"_id": "uuuuuuuuuuuuuuuu1", "slug": "ada", "displayName": "Ada Example"},
    "author": "ada_old",
    "contents": {"html": "<p>Yes.</p>", "markdown": "Yes.", "plaintextDescription": "Yes.", "wordCount": 1},
    "baseScore": 7.0,
    "afBaseScore": None,
    "extendedScore": {"agreement": -3, "agreementVoteCount": 5},
    "postedAt": "2023-03-23T19:13:15.188Z",
    "createdAt": None,
    "lastEditedAt": "2023-03-23T19:13:15.188Z",
    "pageUrl": "https://www.lesswrong.com/posts/pppppppppppppppp1/a-post?commentId=aaaaaaaaaaaaaaaa1",
    "af": False,
}


def test_a_comment_is_read_whole(tmp_path):
    assert record_of(tmp_path, COMMENT) == Record(
        number=1,
        source="lw",
        source_id="aaaaaaaaaaaaaaaa1",
        body="<p>Yes.</p>",
        markup="html",
        parent_source_id="aaaaaaaaaaaaaaaa0",
        thread_id="pppppppppppppppp1",
        post_id="pppppppppppppppp1",
        author_id="uuuuuuuuuuuuuuuu1",
        author_name="Ada Example",
        posted_at="2023-03-23T19:13:15.188Z",
        karma=7,
        agreement=-3,
        url="https://www.lesswrong.com/posts/pppppppppppppppp1/a-post?commentId=aaaaaaaaaaaaaaaa1",
        extra={
            "topLevelCommentId": "aaaaaaaaaaaaaaaa0",
            "user": {"_id": "uuuuuuuuuuuuuuuu1", "slug": "ada"},
            "contents": {"wordCount": 1},
            "extendedScore": {"agreement": -3, "agreementVoteCount": 5},
            "lastEditedAt": "2023-03-23T19:13:15.188Z",
            "af": False,
        },
    )


ENVELOPE = {"data": {"comments": {"results": [COMMENT, with_(COMMENT, _id="aaaaaaaaaaaaaaaa2")], "totalCount": None}}}


@pytest.mark.parametrize(
    ("content", "ids"),
    [
        ([COMMENT, with_(COMMENT, _id="aaaaaaaaaaaaaaaa2")], ["aaaaaaaaaaaaaaaa1", "aaaaaaaaaaaaaaaa2"]),
        (ENVELOPE, ["aaaaaaaaaaaaaaaa1", "aaaaaaaaaaaaaaaa2"]),
        ([ENVELOPE], ["aaaaaaaaaaaaaaaa1", "aaaaaaaaaaaaaaaa2"]),
        ({"data": {"comment": {"result": COMMENT}}}, ["aaaaaaaaaaaaaaaa1"]),
        (COMMENT, ["aaaaaaaaaaaaaaaa1"]),
        (json.dumps(ENVELOPE, indent=2).encode(), ["aaaaaaaaaaaaaaaa1", "aaaaaaaaaaaaaaaa2"]),
        (json.dumps(COMMENT, indent=2).encode() * 2, ["aaaaaaaaaaaaaaaa1", "aaaaaaaaaaaaaaaa1"]),
        (json_lines(COMMENT, with_(COMMENT, _id="aaaaaaaaaaaaaaaa2")), ["aaaaaaaaaaaaaaaa1", "aaaaaaaaaaaaaaaa2"]),
        (json_lines(COMMENT, ENVELOPE)[:-1], None),
    ],
    ids=["list", "answer", "answers", "single answer", "single", "indented", "one after the other", "lines", "mixed"],
)
def test_comments_are_found_in_lists_answers_lines_and_alone(tmp_path, content, ids):
    items = items_of(tmp_path, content)
    if ids is None:  # an answer among lines of comments is no comment
        ids = ["aaaaaaaaaaaaaaaa1"]
        assert faults_in(items) == [
            ("record without id", "record 2: expected an id under the key _id; it has the keys data")
        ]
    assert [record.source_id for record in records_in(items)] == ids
    assert [record.number for record in records_in(items)] == list(range(1, len(ids) + 1))


def test_ids_keep_their_case(tmp_path):
    records = records_of(tmp_path, [with_(COMMENT, _id="aB"), with_(COMMENT, _id="Ab")])
    assert [record.source_id for record in records] == ["aB", "Ab"]


def test_a_comment_on_a_tag_has_a_thread_but_no_post(tmp_path):
    record = record_of(tmp_path, with_(COMMENT, postId=None, tagId="tag1"))
    assert (record.post_id, record.thread_id, record.extra["tagId"]) == (None, "tag1", "tag1")
    bare = record_of(tmp_path, with_(COMMENT, postId=None))
    assert (bare.post_id, bare.thread_id) == (None, None)


def test_the_date_is_that_of_posting_for_that_of_making_is_hidden(tmp_path):
    record = record_of(tmp_path, with_(COMMENT, createdAt="2001-01-01T00:00:00.000Z"))
    assert (record.posted_at, record.extra["createdAt"]) == ("2023-03-23T19:13:15.188Z", "2001-01-01T00:00:00.000Z")


@pytest.mark.parametrize(
    ("edited", "edited_at"),
    [
        ("2023-03-23T20:13:15.188Z", None),
        ("2023-03-23T20:13:16.000Z", "2023-03-23T20:13:16.000Z"),
        (None, None),
        ("yesterday", None),
    ],
)
def test_an_edit_counts_when_it_came_more_than_an_hour_later(tmp_path, edited, edited_at):
    record = record_of(tmp_path, with_(COMMENT, lastEditedAt=edited))
    assert record.edited_at == edited_at
    assert record.extra.get("lastEditedAt") == (None if edited_at else edited)


@pytest.mark.parametrize(
    ("fields", "body", "markup"),
    [
        ({"contents": {"html": "<p>h</p>", "markdown": "m"}}, "<p>h</p>", "html"),
        ({"contents": {"markdown": "m", "plaintextDescription": "m"}}, "m", "markdown"),
        ({"contents": None, "htmlBody": "<p>h</p>"}, "<p>h</p>", "html"),
        ({"contents": ..., "htmlBody": "<p>h</p>", "body": "h"}, "<p>h</p>", "html"),
        ({"contents": ..., "body": "plain"}, "plain", "plain"),
        ({"contents": None}, None, "plain"),
    ],
)
def test_the_body_is_html_then_markdown_then_text(tmp_path, fields, body, markup):
    record = record_of(tmp_path, with_(COMMENT, **fields))
    assert (record.body, record.markup, record.problems) == (body, markup, [])
    assert "htmlBody" not in record.extra


def test_an_excerpt_is_no_body(tmp_path):
    contents = {"plaintextDescription": "Only the beginning", "plaintextMainText": "Only"}
    record = record_of(tmp_path, with_(COMMENT, contents=contents))
    assert (record.body, record.extra["contents"]) == (None, contents)
    assert record.problems == [
        ("no body", "the dump has only an excerpt of the text, in `extra`; expected html or markdown")
    ]


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"deleted": True, "contents": None, "author": None}, "deleted"),
        ({"deleted": True, "deletedByUserId": "uuuuuuuuuuuuuuuu1"}, "deleted by author"),
        ({"deleted": True, "deletedByUserId": "uuuuuuuuuuuuuuuu9"}, "removed by moderator"),
        ({"deleted": True, "deletedByUserId": "uuuuuuuuuuuuuuuu9", "user": None, "userId": None}, "deleted"),
        ({"rejected": True, "retracted": True}, "rejected"),
        ({"draft": True}, "draft"),
        ({"retracted": True}, "retracted"),
        ({"deleted": False}, None),
    ],
)
def test_what_became_of_a_comment_is_its_status(tmp_path, changes, status):
    assert record_of(tmp_path, with_(COMMENT, **changes)).status == status


def test_a_retracted_comment_keeps_its_text(tmp_path):
    assert record_of(tmp_path, with_(COMMENT, retracted=True)).body == "<p>Yes.</p>"


def test_a_deleted_comment_is_by_nobody(tmp_path):
    record = record_of(tmp_path, with_(COMMENT, deleted=True, contents=None, author=None))
    assert (record.author_id, record.author_name, record.body) == (None, None, None)


@pytest.mark.parametrize(
    ("changes", "author"),
    [
        ({"user": None}, (None, None)),
        ({"user": None, "userId": None, "author": None}, (None, None)),
        ({"hideAuthor": True}, (None, None)),
        ({"user": ..., "author": "[deleted]"}, ("uuuuuuuuuuuuuuuu1", None)),
        ({"user": ...}, ("uuuuuuuuuuuuuuuu1", "ada_old")),
        ({"user": ..., "userId": ...}, (None, "ada_old")),
        ({"userId": ..., "user": {"_id": "u2", "username": "bea"}, "author": None}, ("u2", "bea")),
    ],
)
def test_a_removed_author_is_nobody_and_the_others_have_an_id_that_stays(tmp_path, changes, author):
    record = record_of(tmp_path, with_(COMMENT, **changes))
    assert (record.author_id, record.author_name) == author


def test_whom_the_forum_hides_is_not_kept(tmp_path):
    record = record_of(tmp_path, with_(COMMENT, hideAuthor=True))
    assert "uuuuuuuuuuuuuuuu1" not in repr(record)
    assert "Ada" not in repr(record)
    assert record.extra["hideAuthor"] is True


def test_the_file_names_the_author_where_nothing_else_does(tmp_path):
    bare = {key: COMMENT[key] for key in ("_id", "postId", "parentCommentId", "contents", "postedAt")}
    name = "user_UUUUUUUUUUUUUUUU2_comments.json"
    assert record_of(tmp_path, bare, name).author_id == "UUUUUUUUUUUUUUUU2"
    assert record_of(tmp_path, COMMENT, name).author_id == "uuuuuuuuuuuuuuuu1"
    assert record_of(tmp_path, bare).author_id is None


@pytest.mark.parametrize(
    ("score", "karma", "problems"),
    [
        (-4, -4, []),
        (None, None, []),  # the post hides scores
        (2.5, None, [("wrong value", "baseScore is 2.5; expected a whole number of 64 bits")]),
        (1e30, None, [("wrong value", "baseScore is 1e+30; expected a whole number of 64 bits")]),
        (True, None, [("wrong value", "baseScore is True; expected a whole number of 64 bits")]),
        ([1], None, [("wrong value", "baseScore is [1]; expected a whole number of 64 bits")]),
    ],
)
def test_a_score_is_a_whole_number_or_nothing(tmp_path, score, karma, problems):
    record = record_of(tmp_path, with_(COMMENT, baseScore=score))
    assert (record.karma, record.problems) == (karma, problems)
    assert record.extra.get("baseScore") == (score if problems else None)


def test_the_decaying_score_is_not_karma(tmp_path):
    record = record_of(tmp_path, with_(COMMENT, score=0.02, baseScore=None))
    assert (record.karma, record.extra["score"]) == (None, 0.02)


def test_af_karma_stands_beside_karma(tmp_path):
    record = record_of(tmp_path, with_(COMMENT, af=True, afBaseScore=3))
    assert (record.karma, record.af_karma) == (7, 3)


@pytest.mark.parametrize("score", [None, {}, {"agreement": None}, []])
def test_a_post_with_one_axis_has_no_agreement(tmp_path, score):
    assert record_of(tmp_path, with_(COMMENT, extendedScore=score)).agreement is None


@pytest.mark.parametrize(
    ("url", "source"),
    [
        ("https://www.lesswrong.com/posts/x/y?commentId=z", "lw"),
        ("https://www.alignmentforum.org/posts/x/y?commentId=z", "af"),
        ("https://forum.effectivealtruism.org/posts/x/y?commentId=z", "ea"),
        ("https://notalignmentforum.org/", "lw"),
        ("/posts/x", "lw"),
        (None, "lw"),
    ],
)
def test_the_address_tells_the_forum(tmp_path, url, source):
    assert record_of(tmp_path, with_(COMMENT, pageUrl=url)).source == source


def test_a_post_that_comments_carry_along_is_given_once(tmp_path):
    post = {"_id": "pppppppppppppppp1", "title": "A post", "slug": "a-post"}
    items = items_of(
        tmp_path, [with_(COMMENT, post=dict(post)), with_(COMMENT, _id="aaaaaaaaaaaaaaaa2", post=dict(post))]
    )
    assert posts_in(items) == [Post("lw", "pppppppppppppppp1", "A post", extra=post)]
    assert [record.post_id for record in records_in(items)] == ["pppppppppppppppp1"] * 2


def test_posts_keep_what_else_is_said_of_them(tmp_path):
    post = {"_id": "p1", "title": "A post", "postedAt": "2020-01-01T00:00:00.000Z", "url": None, "baseScore": 3}
    items = items_of(tmp_path, [post], "user_uuuuuuuuuuuuuuuu1_posts.json")
    assert items == [
        Post(
            "lw",
            "p1",
            "A post",
            extra={"postedAt": "2020-01-01T00:00:00.000Z", "baseScore": 3, "userId": "uuuuuuuuuuuuuuuu1"},
        )
    ]


def test_users_are_people(tmp_path):
    users = [
        {"_id": "u1", "username": "ada", "displayName": "Ada Example", "bio": "Writes.", "karma": 3},
        {"_id": "u2", "username": "bea", "displayName": None, "bio": ""},
        {"_id": "u3", "username": None, "displayName": None},
    ]
    items = items_of(tmp_path, users)
    assert people_in(items) == [
        Person("lw", "u1", "Ada Example", "Writes.", {"username": "ada", "karma": 3}),
        Person("lw", "u2", "bea", None, {"username": "bea"}),
    ]
    assert faults_in(items) == [("person without name", "record 3: u3 has no displayName")]


def test_a_name_that_two_have_does_not_make_them_one(tmp_path):
    one, two = (
        with_(COMMENT, userId="u1", user={"displayName": "Sam"}),
        with_(COMMENT, userId="u2", user={"displayName": "Sam"}),
    )
    assert [(r.author_id, r.author_name) for r in records_of(tmp_path, [one, two])] == [("u1", "Sam"), ("u2", "Sam")]


def test_an_impossible_date_is_none_and_a_problem(tmp_path):
    record = record_of(tmp_path, with_(COMMENT, postedAt="2023-13-01T00:00:00Z"))
    assert record.posted_at is None
    assert record.extra["postedAt"] == "2023-13-01T00:00:00Z"
    assert record.problems == [
        (
            "wrong value",
            "postedAt is '2023-13-01T00:00:00Z'; "
            "expected ISO 8601 up to the year 9999, or seconds since 1970 between 1973 and 2286",
        )
    ]
