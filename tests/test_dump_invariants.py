"""What must always hold of archives of dumps, whole or damaged, with pages beside them or without."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from making import IDLE, REPLIES_HEAD, query, require_sound
from reading import REAL_COMMENTS, needs_real_comments

from build_db import build
from forum_comments.errors import BuildError

SENTENCE = "One sentence of more than a dozen words, so that it is known again wherever it stands on a page."

ids = st.sampled_from(
    ["a", "b", "a-2", "", "é", "a/b", "x" * 10_000, "\ud800", "\0", "p-0123456789ab", 1, 2, 10**30, -1]
)
bodies = st.sampled_from(
    [None, "", "Yes.", "[deleted]", SENTENCE, f"> {SENTENCE}\n\nNo.", f"<p>{SENTENCE}", "\0\ud800"]
)
wrong = st.sampled_from([None, True, -1, 10**30, 1.5e308, "", "\ud800", [], {}, [[]], {"a": 1}])
moments = st.sampled_from([None, 1134365725, -1, 10**30, "2020-01-02T03:04:05Z", "yesterday"])
names = st.sampled_from([None, "Ann", "Ada Example", "[deleted]", "é", "\ud800"])
FORUMMAGNUM = {
    "_id": ids,
    "postId": ids,
    "parentCommentId": ids,
    "contents": bodies.map(lambda body: {"markdown": body}),
}
REDDIT = {
    "id": ids,
    "parent_id": ids,
    "link_id": st.just("t3_p"),
    "author": names,
    "body": bodies,
    "created_utc": moments,
}
HACKER_NEWS = {"id": ids, "type": st.sampled_from(["comment", "story"]), "parent": ids, "by": names, "text": bodies}
CONVOKIT = {"id": ids, "conversation_id": ids, "reply-to": ids, "speaker": names, "text": bodies, "timestamp": moments}
PLAIN = {"id": ids, "parent_id": ids, "author": names, "posted_at": moments, "body": bodies, "thread_id": ids}
KINDS = [FORUMMAGNUM, REDDIT, HACKER_NEWS, CONVOKIT, PLAIN]
records = st.one_of(
    *(
        st.fixed_dictionaries({key: st.one_of(value, value, value, value, wrong) for key, value in kind.items()})
        for kind in KINDS
    )
)
# One kind a file would be refused less often, but a file may hold anything.
dumps = st.lists(records, min_size=1, max_size=4).map(
    lambda found: "".join(f"{json.dumps(record)}\n" for record in found).encode()
)
cut = st.builds(lambda content, end: content[: len(content) * end // 100], dumps, st.integers(1, 100))
PAGE = f"{REPLIES_HEAD}{SENTENCE}\n\nAnother comment, which only the page has, of a dozen words and a few more.\n"


@settings(
    max_examples=30,
    deadline=None,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(files=st.lists(st.one_of(dumps, cut), min_size=1, max_size=3), has_page=st.booleans())
def test_a_build_of_whatever_dumps_is_sound_or_an_error(
    tmp_path_factory: pytest.TempPathFactory, files: list[bytes], has_page: bool
) -> None:
    folder = tmp_path_factory.mktemp("dumps")
    database = tmp_path_factory.mktemp("built") / "comments.db"
    for number, content in enumerate(files):
        (folder / f"{number}.jsonl").write_bytes(content)
    if has_page:
        (folder / "page.txt").write_text(PAGE)
    try:
        build([folder], database, [])
    except BuildError as error:
        assert not has_page  # else there is something to build
        assert "this folder holds no page" in str(error)
        assert not database.exists()
    else:
        require_sound(database)
        assert [query(database, sql) for sql in IDLE] == [[], []]
        build([folder], database.with_name("again.db"), [])
        assert database.with_name("again.db").read_bytes() == database.read_bytes()


@needs_real_comments
def test_a_build_of_real_dumps_is_sound(tmp_path: Path) -> None:
    build([REAL_COMMENTS], tmp_path / "comments.db", [])
    require_sound(tmp_path / "comments.db")
    assert query(tmp_path / "comments.db", "select count(*) > 1000 from comments") == [(1,)]
