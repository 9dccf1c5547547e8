"""The ready corrections on a comment's page, pasted as they are: each names the very paragraph that it is about."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import sample_html
import sample_pages
from making import REPLIES_HEAD, prose
from removing import removed

from build_db import build
from forum_comments.corrections_file import load_corrections
from forum_comments.documents import read_documents
from forum_comments.errors import CorrectionError
from forum_comments.locating import select
from forum_comments.models import Page
from forum_comments.pages.amendments import AUTHOR, MERGE, PARENT, SPLIT
from forum_comments.pages.comment import comment_page
from forum_comments.readers import read_page
from forum_comments.removal.requests import Wanted

CUT = f"{prose(560, 'alpha')}... (read more)"
# Heads, short paragraphs and beginnings that repeat; one with two spaces, one that another page has too.
REPEATING = (
    f"{REPLIES_HEAD}{CUT}\n\n4Bob5d\nYes.\n\n4Bob5d\nNo.\n\n"
    f"{prose(560, 'beta')}... (read more)\n\n4Bob5d\nYes and no.\n\n"
    f"Thanks  a lot for it.\n\n{prose(540, 'gamma')}... (read more)\n\n"
    f"Thanks a lot for it.\n\n{prose(540, 'delta')}... (read more)\n\n"
)
OTHER = f"{REPLIES_HEAD.replace('Ada', 'Dan')}{prose(560, 'epsilon')}... (read more)\n"
LONGER = f"{REPLIES_HEAD.replace('Ada', 'Cem')}{prose(560, 'beta')} {prose(40, 'more')}\n\n2Bob5d\nIt is.\n"
# The other saved pages among the samples show the same comments as GREATERWRONG does.
FAMILIES = {
    **{
        f"{name}.html": text
        for name, text in vars(sample_html).items()
        if name in ("GREATERWRONG", "OLD", "READER_USER")
    },
    **{f"{name}.txt": text for name, text in vars(sample_pages).items() if name.isupper()},
}


def offered(database: Path) -> list[tuple[dict[str, Any], str, str]]:
    """Give each comment's place to cite with the kind and the text of every entry that its page offers."""
    with closing(sqlite3.connect(database)) as connection:
        ids = [comment_id for (comment_id,) in connection.execute("select id from comments")]
        pages = [comment_page(connection, id, permalink="", archive="", build=None) for id in ids]
    return [(page["cited"], entry["what"], entry["yaml"]) for page in pages for entry in page["amendments"]]


def misplaced(folder: Path, database: Path) -> tuple[list[str], list[str]]:
    """Give the entries that name another paragraph than the first one, or for a split a later one, of the comment; and
    what a build says of those that it refuses.
    """
    read = read_documents([folder])
    pages = [read_page(document, unknown_as_list=True) for document in read.documents]
    wrong, refused = [], []
    for place, what, text in offered(database):
        file = folder / "pasted.yml"
        file.write_text(text, encoding="utf-8")
        try:
            (item,) = select([load_corrections(file)], pages, read.ids_by_path).located
        except CorrectionError as error:
            refused.append(str(error))
            continue
        start = block_start(pages, item.spot.page, item.spot.block)
        inside = place["start_offset"] < start < place["end_offset"]
        if not (inside if what == SPLIT else start == place["start_offset"]):
            wrong.append(text)
    return wrong, refused


def block_start(pages: list[Page], page: int, block: int) -> int:
    return pages[page].blocks[block].start


def test_entries_for_pages_of_every_family_and_for_paragraphs_that_repeat_name_the_right_one(tmp_path: Path) -> None:
    folder, database = tmp_path / "pages", tmp_path / "comments.db"
    folder.mkdir()
    for name, text in {**FAMILIES, "a: b #1.txt": REPEATING, " b ": OTHER}.items():
        (folder / name).write_text(text, encoding="utf-8")
    build([folder], database, [])
    assert {what for _, what, _ in offered(database)} == {MERGE, SPLIT, AUTHOR, PARENT}
    assert {place["file_name"] for place, _, _ in offered(database)} == {*FAMILIES, "a: b #1.txt", " b "}
    assert misplaced(folder, database) == ([], [])


def test_where_a_paragraph_stands_fuller_on_another_page_a_build_asks_for_the_number_that_nobody_knows(
    tmp_path: Path,
) -> None:
    folder, database = tmp_path / "pages", tmp_path / "comments.db"
    folder.mkdir()
    for name, text in {"page.txt": REPEATING, "longer.txt": LONGER}.items():
        (folder / name).write_text(text, encoding="utf-8")
    build([folder], database, [])
    wrong, refused = misplaced(folder, database)
    assert wrong == []
    assert refused
    assert all("2 paragraphs open with these words: give more of them, or “occurrence:”" in said for said in refused)


def test_where_words_were_removed_from_the_page_an_entry_never_names_a_paragraph_by_its_number(tmp_path: Path) -> None:
    folder, database = tmp_path / "pages", tmp_path / "comments.db"
    folder.mkdir()
    (folder / "page.txt").write_text(REPEATING, encoding="utf-8")
    build([folder], database, [])
    with closing(sqlite3.connect(database)) as connection:
        sql = "select id from comments where body = 'Yes.'"
        (gone,) = connection.execute(sql).fetchone()
    assert "occurrence: 2" in "".join(text for _, _, text in offered(database))
    removed(folder, Wanted(comments=(gone,)), "author", None)
    texts = [text for _, _, text in offered(database)]
    assert texts
    assert "occurrence" not in "".join(texts)
