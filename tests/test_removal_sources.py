"""A removal reads the sources as they were read before, and names those of them that hold what was removed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from making import query
from removing import CORRECTIONS, GARDEN, SLUGS, archive, built, comment_with, holds, removed

from build_db import build
from forum_comments.documents import corrections_files
from forum_comments.removal.requests import Wanted
from remove import main

BEES = "Bees fly out on the first warm day of March, when the hazel has been open for a week."
HONEY = "Honey that has set in the jar turns clear again in warm water, which must not boil at all."
FORMATS = "select file_name, format from documents order by file_name"


def run(folder: Path, *arguments: str) -> tuple[int, str]:
    options = ["-d", str(folder / "comments.db"), "--source", str(folder / "pages")]
    result = CliRunner().invoke(main, [*options, *arguments], catch_exceptions=False)
    return result.exit_code, result.output


@pytest.mark.parametrize("text", [f"{BEES}\n{HONEY}\n", f"{BEES}\n\n{HONEY}\n"])
def test_pages_that_were_read_as_lists_when_asked_are_read_so_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    monkeypatch.chdir(tmp_path)
    pages, database = archive(tmp_path)
    (pages / "unknown.txt").write_text(text, encoding="utf-8")
    build([pages], database, corrections_files([pages]), unknown_as_lists=True)
    formats, comments = query(database, FORMATS), query(database, "select id from comments order by id")
    assert ("unknown.txt", "list") in formats
    ((gone,),) = query(database, "select id from comments where instr(body, ?)", [BEES])
    code, output = run(tmp_path, str(gone), "--by", "author", "--prove")
    assert (code, "--path unknown.txt\n" in output) == (0, True)
    assert query(database, FORMATS) == formats
    assert query(database, "select id from comments order by id") == comments
    assert not holds(database, "first warm day of March")
    assert run(tmp_path, "--prove")[1].splitlines()[-1] == output.splitlines()[-1]


def test_where_an_editor_names_a_list_other_unknown_pages_stay_unread(tmp_path: Path) -> None:
    pages, database = archive(tmp_path)
    facts = "pages:\n  - {file: named.txt, layout: list, reason: r}\n"
    (pages / "corrections.yml").write_text(f"{facts}{CORRECTIONS}", encoding="utf-8")
    (pages / "named.txt").write_text(f"{BEES}\n\nSo they do.\n", encoding="utf-8")
    (pages / "unknown.txt").write_text(f"{HONEY}\n\nSo it does.\n", encoding="utf-8")
    built(pages)
    formats = query(database, FORMATS)
    removed(pages, Wanted(comments=(comment_with(database, GARDEN),)))
    assert query(database, FORMATS) == formats
    assert dict(formats)["named.txt"] == "list"
    assert dict(formats)["unknown.txt"] == "unread"


def test_the_dumps_that_hold_what_was_removed_are_named_as_pages_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    pages, database = archive(tmp_path)
    corpus = pages / "corpus"
    corpus.mkdir()
    utterance = {"id": "a", "speaker": "ann", "conversation_id": "a", "reply-to": None, "timestamp": 1, "text": HONEY}
    (corpus / "utterances.jsonl").write_text(json.dumps(utterance), encoding="utf-8")
    (corpus / "speakers.json").write_text('{"ann": {"meta": {}}}', encoding="utf-8")
    for name, text in (("first", BEES), ("second", "Quite so."), ("third", f"> {BEES}\n\nNot here.")):
        row = {"id": name, "body": text, "markup": "markdown"}
        (pages / f"{name}.jsonl").write_text(json.dumps(row), encoding="utf-8")
    built(pages)
    code, output = run(tmp_path, "plain-first", "convokit-a", "--by", "author")
    files = [pages / "corpus/speakers.json", pages / "corpus/utterances.jsonl", pages / "first.jsonl"]
    assert code == 0
    assert "".join(f"    {path}\n" for path in [*files, pages / "third.jsonl"]) in output
    options = "--path speakers.json --path utterances.jsonl --path first.jsonl --path third.jsonl"
    assert f"git filter-repo --invert-paths --use-base-name {options}\n" in output
    assert not holds(database, "first warm day of March")


@pytest.mark.parametrize("with_corrections", [True, False])
def test_a_removal_says_where_it_changes_more_than_was_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, with_corrections: bool
) -> None:
    monkeypatch.chdir(tmp_path)
    pages, database = archive(tmp_path)
    build([pages], database, corrections_files([pages]) if with_corrections else [], allow_shrink=True)
    for text in (GARDEN, SLUGS):
        code, output = run(tmp_path, comment_with(database, text), "--by", "author")
        note = (
            f"Note: {database} was not built from the sources, corrections and program as they are now; the new one is."
        )
        assert (code, note in output) == (0, not with_corrections and text == GARDEN)
