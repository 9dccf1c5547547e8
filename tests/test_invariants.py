"""What must always hold of a whole build: one test or more for each of the design's seven invariants."""

import os
import random
import re
import shutil
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest
from datasette.app import Datasette
from hypothesis import given, settings
from hypothesis import strategies as st
from making import (
    BROKEN_THREADS,
    NOT_IN_SEEDS,
    PROFILE_HEAD,
    REPLIES_HEAD,
    REPOSITORY,
    SEED_NAMES,
    SEEDS,
    SILENT_GUESSES,
    query,
    require_whole,
)

from build_db import build
from forum_comments.documents import corrections_files
from forum_comments.errors import SourceError
from forum_comments.permalinks import resolve

KILLS = 20
SECONDS_AT_MOST = 120  # of a build that takes one
PAGE = REPLIES_HEAD + "A comment that is the only one of its page and has thirteen words.\n"
PARTS = st.sampled_from(
    [
        "All of Ada Example's Comments + Replies\n\n",
        "Wiki Contributions\n\n",
        "2Neel Nanda1y\n",
        "Ada ExampleΩ7103\n\n",
        "A paragraph of some words, which it takes to be one.\n\n",
        "Yes.\r\n\r\n",
        "  • an item\n",
        "It ends ... (read more)\n\n",
        "...\n",
        "\u00a0\n",
        "\u2028",
        "\0",
        "\r",
        "Load More\n",
    ]
)


def seeds_copied(folder: Path, names: list[str]) -> Path:
    """Copy the seeds in this order, with days of their own."""
    folder.mkdir(parents=True)
    for day, name in enumerate(names):
        shutil.copyfile(SEEDS / name, folder / name)
        os.utime(folder / name, (86400 * day, 86400 * day))
    return folder


def start_build(folder: Path, *sources: Path, output: Path, **environment: str) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, str(REPOSITORY / "build_db.py"), *map(str, sources), "-o", str(output), "--quiet"],
        cwd=folder,
        env=os.environ | environment,
        stderr=subprocess.PIPE,
    )


@settings(max_examples=40)
@given(st.lists(st.lists(PARTS, min_size=1, max_size=12).map("".join), min_size=1, max_size=3))
def test_1_nothing_lost(tmp_path_factory: pytest.TempPathFactory, texts: list[str]) -> None:
    folder = tmp_path_factory.mktemp("build")
    (folder / "pages").mkdir()
    for number, text in enumerate(texts):
        (folder / "pages" / f"{number}.txt").write_bytes(text.encode())
    try:
        build([folder / "pages"], folder / "comments.db", [])
    except SourceError as error:  # a page of white space or control characters only
        assert "holds no page" in error.what
        return
    require_whole(folder / "comments.db", folder / "pages")


def test_1_nothing_of_the_seeds_is_lost(seeds_path: Path) -> None:
    require_whole(seeds_path, SEEDS)


def test_2_no_dangling_or_circular_reply(tmp_path: Path) -> None:
    """An editor may close a loop; the build opens it, says so, and every key and index is sound."""
    pages = tmp_path / "pages"
    pages.mkdir()
    (pages / "page.txt").write_text(REPLIES_HEAD + "One ... (read more)\n\nTwo ... (read more)\n\nThree.\n")
    (pages / "corrections.yml").write_text(
        "corrections:\n"
        "  - {file: page.txt, opening: One, parent: Two, reason: r}\n"
        "  - {file: page.txt, opening: Two, parent: Three, reason: r}\n"
        "  - {file: page.txt, opening: Three, parent: One, reason: r}\n"
    )
    database = tmp_path / "comments.db"
    build([pages], database, corrections_files([pages]))
    assert query(database, "pragma foreign_key_check") == []
    assert query(database, "pragma integrity_check") == [("ok",)]
    assert query(database, "select count(*) from problems where kind = 'reply loop'") == [(1,)]
    assert query(database, "select depth from comments order by depth") == [(0,), (1,), (2,)]
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("insert into comments_fts (comments_fts, rank) values ('integrity-check', 1)")


def test_2_every_thread_of_the_seeds_leads_up_to_its_root(seeds: sqlite3.Connection) -> None:
    assert seeds.execute(BROKEN_THREADS).fetchall() == []


@pytest.mark.parametrize(
    "environment",
    [
        {"PYTHONHASHSEED": "1", "LC_ALL": "C", "TZ": "Pacific/Kiritimati"},
        {"PYTHONHASHSEED": "2", "LC_ALL": "C.UTF-8", "TZ": "America/Los_Angeles"},
    ],
)
def test_3_reproducible(tmp_path: Path, seeds_path: Path, environment: dict[str, str]) -> None:
    """The bytes are those of another folder, order of files, day, process, hash seed, locale and time zone."""
    names = [*SEED_NAMES, "corrections.yml"]
    random.Random(environment["PYTHONHASHSEED"]).shuffle(names)
    pages = seeds_copied(tmp_path / "another place" / "of the pages", names)
    output = tmp_path / "out.db"
    done = start_build(tmp_path, pages, output=output, **environment)
    _, errors = done.communicate(timeout=SECONDS_AT_MOST)
    assert (done.returncode, errors) == (0, b"")
    assert output.read_bytes() == seeds_path.read_bytes()


def test_3_reproducible_whatever_the_order_of_the_sources(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    seeds_copied(first, SEED_NAMES[:3])
    seeds_copied(second, SEED_NAMES[3:])
    for output, sources in (("a.db", [first, second]), ("b.db", [second, first, second])):
        build(sources, tmp_path / output, [])
    assert (tmp_path / "a.db").read_bytes() == (tmp_path / "b.db").read_bytes()


def seconds_of_a_build(folder: Path) -> float:
    begun = time.monotonic()
    start_build(folder, SEEDS, output=folder / "other.db").communicate(timeout=SECONDS_AT_MOST)
    (folder / "other.db").unlink()
    return time.monotonic() - begun


def test_4_all_or_nothing(tmp_path: Path, seeds_path: Path) -> None:
    """A build killed at any of twenty moments leaves the old database; the next build leaves no litter."""
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / "page.txt").write_text(PAGE)
    database, new = tmp_path / "comments.db", seeds_path.read_bytes()
    build([tmp_path / "old"], database, [])
    old = database.read_bytes()
    seconds, killed, moments = seconds_of_a_build(tmp_path), 0, random.Random(KILLS)
    for _ in range(10 * KILLS):
        begun = time.monotonic()
        running = start_build(tmp_path, SEEDS, output=database)
        try:
            running.communicate(timeout=seconds * moments.random())
            seconds = time.monotonic() - begun  # the machine has less to do than before
            assert (running.returncode, database.read_bytes() == new) == (0, True)
        except subprocess.TimeoutExpired:
            running.kill()
            running.communicate(timeout=SECONDS_AT_MOST)
            killed += running.returncode != 0
            assert database.read_bytes() in ((old, new) if running.returncode else (new,))
        database.write_bytes(old)
        if killed == KILLS:
            break
    assert killed == KILLS
    assert start_build(tmp_path, SEEDS, output=database).wait(timeout=SECONDS_AT_MOST) == 0
    assert database.read_bytes() == new
    assert sorted(path.name for path in tmp_path.iterdir()) == ["comments.db", "inspect-data.json", "old"]


@pytest.fixture(scope="module", params=["with corrections", "without"])
def either(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a database of the seeds, with corrections and without."""
    database = tmp_path_factory.mktemp("either") / "comments.db"
    build([SEEDS], database, corrections_files([SEEDS]) if request.param == "with corrections" else [])
    return database


@pytest.mark.parametrize(
    "silent_guess",
    [*SILENT_GUESSES, *NOT_IN_SEEDS],
)
def test_5_no_silent_guess(either: Path, silent_guess: str) -> None:
    assert query(either, silent_guess) == []


# Where the words that a comment's id is made of begin, and where its other copies begin.
BEGINNINGS = """
    select comment_id, document_id, min(start_offset) from passages join comments on comments.id = comment_id
    where not is_quotation or own_text = '' group by comment_id
    union select comment_id, document_id, start_offset from appearances order by 1, 2, 3
"""


def holders(database: sqlite3.Connection, document_id: object, offset: object) -> set[str]:
    """Give the comments that hold a character of a page."""
    rows = database.execute(
        "select comment_id from appearances where document_id = :id and start_offset <= :at and end_offset > :at",
        {"id": document_id, "at": offset},
    )
    return {comment_id for (comment_id,) in rows}


@pytest.mark.parametrize("with_corrections", [True, False])
def test_6_ids_always_resolve(tmp_path: Path, with_corrections: bool) -> None:
    """What was published with corrections resolves without them, and the reverse: to who holds its first words now."""
    published, rebuilt = tmp_path / "published.db", tmp_path / "rebuilt.db"
    build([SEEDS], published, corrections_files([SEEDS]) if with_corrections else [], unknown_as_lists=True)
    build([SEEDS], rebuilt, [] if with_corrections else corrections_files([SEEDS]), unknown_as_lists=True)
    resolved: dict[object, bool] = {}
    with closing(sqlite3.connect(rebuilt)) as database:
        for comment_id, document_id, offset in query(published, BEGINNINGS):
            found = {candidate.id for candidate in resolve(database, str(comment_id))}
            is_held = bool(found & holders(database, document_id, offset))
            resolved[comment_id] = resolved.get(comment_id, False) or is_held
    assert sorted(map(str, resolved)) == [str(i) for (i,) in query(published, "select id from comments order by id")]
    assert [comment_id for comment_id, is_held in resolved.items() if not is_held] == []


NASTY = """<script>alert(1)</script> & "quoted" '; drop table comments; -- {{ 7 * 7 }} ${x} %s"""
SEARCHES = ['"unbalanced', "NEAR( *", "body:", "a AND", "'; drop table comments; --", "<script>", "*", "-", "(", "it's"]


async def test_7_text_is_data(tmp_path: Path) -> None:
    (tmp_path / "page.txt").write_text(PROFILE_HEAD + f"It's {NASTY}\n", encoding="utf-8")
    database = tmp_path / "comments.db"
    build([tmp_path / "page.txt"], database, [])
    assert query(database, "select body from comments") == [(f"It's {NASTY}",)]
    site = Datasette([str(database)])
    page = await site.client.get("/comments/comments")
    assert page.status_code == 200
    assert "<script>alert(1)" not in page.text
    assert "&lt;script&gt;alert(1)" in page.text
    for search in SEARCHES:
        answer = await site.client.get("/comments/comments.json", params={"_search": search, "_shape": "array"})
        assert (search, answer.status_code) == (search, 200)
    found = await site.client.get("/comments/comments.json", params={"_search": "it's alert", "_shape": "array"})
    assert [row["body"] for row in found.json()] == [f"It's {NASTY}"]
    assert query(database, "select count(*) from comments") == [(1,)]


# No cell can hold the first; the others stand only in text that was decoded wrongly, which is shown as it was meant.
NOT_AS_IT_IS = "\0" + "".join(map(chr, range(0x80, 0xA0)))


@settings(max_examples=25)
@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters=NOT_AS_IT_IS), min_size=1, max_size=60))
def test_7_whatever_a_comment_says_is_stored_as_it_is(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    folder = tmp_path_factory.mktemp("text")
    line = f"It says: {' '.join(text.split())} and more words."
    (folder / "page.txt").write_bytes((REPLIES_HEAD + line + "\n").encode())
    build([folder / "page.txt"], folder / "comments.db", [])
    assert query(folder / "comments.db", "select body, is_truncated from comments") == [(line, 0)]
    ids = query(folder / "comments.db", "select id from comments union select id from authors")
    assert all(re.fullmatch(r"[A-Za-z0-9_-]+", str(identifier)) for (identifier,) in ids)
