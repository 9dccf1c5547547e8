from dataclasses import dataclass
from pathlib import Path

import pytest
from making import PROFILE_HEAD, REPLIES_HEAD

from forum_comments.attribution import attribute
from forum_comments.comments import appearances_of
from forum_comments.corrections import (
    CONTINUES,
    OWN,
    QUOTATION,
    STARTS,
    Applied,
    correct_appearances,
    correct_boundaries,
    correct_pages,
)
from forum_comments.corrections_file import load_corrections
from forum_comments.documents import read_documents
from forum_comments.errors import CorrectionError
from forum_comments.locating import Selection, select
from forum_comments.models import Appearance, Page
from forum_comments.quotations import mark_quotations
from forum_comments.readers import read_page
from forum_comments.segmentation import divide_pages

REPLIES = (
    REPLIES_HEAD
    + """The first comment says this ... (read more)

2Neel Nanda1y
A reply to it.

The second comment says that ... (read more)

The third comment quotes: some words of it ... (read more)

Yes.

Yes. ... (read more)
"""
)
PERMALINK = """A post

Comment Permalink
Ada Example
2y
3
It holds.
It holds more.
Bob
1y
2
It does not ... (read more)
See in context
"""
PROFILE = PROFILE_HEAD + "The first comment says this and all the rest.\n"


@dataclass(frozen=True)
class Corrected:
    """What corrections made of the pages of a folder, by file name."""

    path: Path  # of the corrections file
    selection: Selection
    pages: dict[str, Page]
    comments: dict[str, list[Appearance]]
    applied: list[Applied]
    same: list[tuple[Appearance, Appearance]]

    def one(self) -> Applied:
        (applied,) = self.applied
        return applied


def correct(folder: Path, corrections: str, **texts: str) -> Corrected:
    """Correct pages; a page `replies` is the file `replies.txt`."""
    path = folder / "corrections.yml"
    path.write_text(corrections, encoding="utf-8")
    for name, text in texts.items():
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    read = read_documents([folder])
    pages = [read_page(document, unknown_as_list=True) for document in read.documents]
    selection = select([load_corrections(path)], pages, read.ids_by_path)
    pages, of_pages = correct_pages(selection, pages)
    divisions, of_boundaries = correct_boundaries(selection, pages, divide_pages(pages))
    appearances = [appearances_of(page, division) for page, division in zip(pages, divisions, strict=True)]
    mark_quotations(appearances)
    attribute(pages, appearances)
    of_appearances, same = correct_appearances(selection, pages, appearances)
    names = [page.document.file_name for page in pages]
    return Corrected(
        path,
        selection,
        dict(zip(names, pages, strict=True)),
        dict(zip(names, appearances, strict=True)),
        [*of_pages, *of_boundaries, *of_appearances],
        same,
    )


def entry(decision: str, opening: str = "The second comment", file: str = "replies.txt", reason: str = "r") -> str:
    return f'corrections:\n  - {{file: {file}, opening: "{opening}", reason: {reason}, {decision}}}\n'


def openings(appearances: list[Appearance]) -> list[str]:
    return [" / ".join(passage.text[:16] for passage in a.passages) for a in appearances]


AS_FOUND = ["The first commen", "A reply to it.", "The second comme", "The third commen", "Yes. / Yes."]


def test_without_corrections_the_page_is_as_the_program_divides_it(tmp_path: Path) -> None:
    corrected = correct(tmp_path, "", replies=REPLIES)
    assert openings(corrected.comments["replies.txt"])[:4] == AS_FOUND[:4]
    assert (corrected.applied, corrected.same, corrected.selection.skipped) == ([], [], 0)


def test_facts_of_a_page_are_taken_over_and_what_it_said_itself_is_kept(tmp_path: Path) -> None:
    facts = (
        "pages:\n  - {file: replies.txt, owner: Bea, url: 'https://example.org/', saved_at: 2024-11-02, reason: r}\n"
    )
    corrected = correct(tmp_path, facts, replies=REPLIES)
    page = corrected.pages["replies.txt"]
    assert (page.owner, page.url, page.saved_at) == ("Bea", "https://example.org/", "2024-11-02")
    assert [(a.kind, a.before, a.after, a.reason, a.url, a.start) for a in corrected.applied] == [
        ("owner", "Ada Example", "Bea", "r", "https://example.org/", None),
        ("url", None, "https://example.org/", "r", "https://example.org/", None),
        ("saved at", None, "2024-11-02", "r", "https://example.org/", None),
    ]
    assert corrected.comments["replies.txt"][0].author_name == "Bea"
    assert corrected.comments["replies.txt"][0].author_basis == "page owner"


def test_a_boundary_is_added_with_the_editor_s_confidence(tmp_path: Path) -> None:
    text = PROFILE_HEAD + "A comment that ends in a list:\n\n  • of one item\n"
    corrected = correct(
        tmp_path, entry("starts_comment: true, confidence: 0.7", "of one item", "profile.txt"), profile=text
    )
    found = corrected.comments["profile.txt"]
    assert [(a.boundary_basis, a.boundary_confidence) for a in found] == [("page start", 1.0), ("correction", 0.7)]
    applied = corrected.one()
    assert (applied.kind, applied.before, applied.after) == ("boundary", CONTINUES, STARTS)
    assert applied.start == found[1].start == text.index("  • of")


def test_a_boundary_is_taken_away_and_the_comment_before_goes_on(tmp_path: Path) -> None:
    corrected = correct(tmp_path, entry("starts_comment: false", "The third comment"), replies=REPLIES)
    assert openings(corrected.comments["replies.txt"])[2] == "The second comme / The third commen"
    applied = corrected.one()
    assert (applied.before, applied.after) == (STARTS, CONTINUES)


def test_whether_a_comment_is_cut_is_judged_anew_where_its_end_moved(tmp_path: Path) -> None:
    text = REPLIES_HEAD + "A comment:\n\n  • of one item ... (read more)\n"
    decision = entry("starts_comment: true", "of one item")
    whole, cut = correct(tmp_path, decision, replies=text).comments["replies.txt"]
    assert (whole.is_truncated, cut.is_truncated) == (False, True)


def test_comments_with_heads_that_end_in_a_mark_stay_cut_where_another_one_is_divided(tmp_path: Path) -> None:
    before = correct(tmp_path, "", page=PERMALINK).comments["page.txt"]
    assert [(a.passages[0].text, a.is_truncated) for a in before] == [("It holds.", False), ("It does not", True)]
    decided = entry("starts_comment: true", opening="It holds more.", file="page.txt")
    after = correct(tmp_path, decided, page=PERMALINK).comments["page.txt"]
    found = [(a.passages[0].text, a.is_truncated) for a in after]
    assert found == [("It holds.", False), ("It holds more.", False), ("It does not", True)]


def test_a_page_s_first_paragraph_cannot_go_on_with_a_comment(tmp_path: Path) -> None:
    with pytest.raises(CorrectionError) as raised:
        correct(tmp_path, entry("starts_comment: false", "The first comment"), replies=REPLIES)
    assert str(raised.value) == (
        f"{tmp_path}/corrections.yml, entry 1: “The first comment”: "
        "is the page's first paragraph, which always starts a comment"
    )


@pytest.mark.parametrize(("decision", "author"), [("author: Bob", "Bob"), ("author: null", None)])
def test_an_author_is_set_and_who_was_thought_to_be_it_is_kept(
    tmp_path: Path, decision: str, author: str | None
) -> None:
    corrected = correct(tmp_path, entry(f"{decision}, confidence: 0.6", "The first comment"), replies=REPLIES)
    comment = corrected.comments["replies.txt"][0]
    assert (comment.author_name, comment.author_basis, comment.author_confidence) == (author, "correction", 0.6)
    applied = corrected.one()
    assert (applied.kind, applied.before, applied.after, applied.appearance) == (
        "author",
        "Ada Example",
        author,
        comment,
    )
    assert (applied.reason, applied.url, applied.start) == ("r", None, comment.start)


def test_a_parent_is_set_wherever_on_the_page_it_stands(tmp_path: Path) -> None:
    corrected = correct(tmp_path, entry("parent: The third comment, confidence: 0.8"), replies=REPLIES)
    comments = corrected.comments["replies.txt"]
    assert comments[2].parent is comments[3]
    assert (comments[2].parent_basis, comments[2].parent_confidence) == ("correction", 0.8)
    applied = corrected.one()
    assert (applied.kind, applied.before, applied.after) == ("parent", None, comments[3])


def test_a_parent_is_taken_away(tmp_path: Path) -> None:
    corrected = correct(tmp_path, entry("parent: null", "2Neel Nanda1y"), replies=REPLIES)
    comments = corrected.comments["replies.txt"]
    assert (comments[1].parent, comments[1].parent_basis) == (None, "correction")
    assert (corrected.one().before, corrected.one().after) == (comments[0], None)


def test_a_parent_may_stand_on_another_page(tmp_path: Path) -> None:
    decision = "parent: {file: profile.txt, opening: The first comment}"
    corrected = correct(tmp_path, entry(decision), replies=REPLIES, profile=PROFILE)
    assert corrected.comments["replies.txt"][2].parent is corrected.comments["profile.txt"][0]


def test_a_paragraph_is_made_a_quotation_of_another_comment(tmp_path: Path) -> None:
    corrected = correct(tmp_path, entry("quotes: The first comment, confidence: 0.9"), replies=REPLIES)
    comments = corrected.comments["replies.txt"]
    passage = comments[2].passages[0]
    assert (passage.is_quotation, passage.quotation_basis, passage.quotation_confidence) == (True, "correction", 0.9)
    assert passage.quoted is comments[0]
    assert (corrected.one().kind, corrected.one().before, corrected.one().after) == ("quotation", OWN, QUOTATION)


def test_a_paragraph_is_made_the_author_s_own(tmp_path: Path) -> None:
    decision = "quotation: false"
    corrected = correct(tmp_path, entry(decision), replies=REPLIES)
    passage = corrected.comments["replies.txt"][2].passages[0]
    assert (passage.is_quotation, passage.quotation_basis, passage.quoted) == (False, "correction", None)
    assert corrected.one().after == OWN


def test_the_same_comment_on_two_pages_is_said_to_be_one(tmp_path: Path) -> None:
    decision = "same_comment_as: {file: profile.txt, opening: The first comment}"
    corrected = correct(tmp_path, entry(decision, "The first comment"), replies=REPLIES, profile=PROFILE)
    pair = (corrected.comments["replies.txt"][0], corrected.comments["profile.txt"][0])
    assert corrected.same == [pair]
    applied = corrected.one()
    assert (applied.kind, applied.appearance, applied.before, applied.after) == (
        "same comment",
        pair[0],
        None,
        pair[1],
    )


def test_one_entry_may_decide_several_things(tmp_path: Path) -> None:
    decisions = "author: Bob, parent: The first comment, quotation: true, starts_comment: true"
    corrected = correct(tmp_path, entry(decisions), replies=REPLIES)
    assert [a.kind for a in corrected.applied] == ["boundary", "author", "parent", "quotation"]


def test_occurrence_tells_paragraphs_with_one_opening_apart(tmp_path: Path) -> None:
    corrected = correct(tmp_path, entry("starts_comment: true, occurrence: 2", "Yes."), replies=REPLIES)
    assert openings(corrected.comments["replies.txt"])[-1] == "Yes."
    assert corrected.one().start == REPLIES.index("Yes. ...")


@pytest.mark.parametrize("opening", ["The   second\tcomment", "... The second comment", "The second"])
def test_white_space_and_dots_before_an_opening_do_not_matter(tmp_path: Path, opening: str) -> None:
    corrected = correct(tmp_path, entry("author: Bob", opening.replace("\t", "\\t")), replies=REPLIES)
    assert corrected.comments["replies.txt"][2].author_name == "Bob"


@pytest.mark.parametrize(
    ("decision", "opening", "what"),
    [
        ("author: Bob", "No such words", "“No such words” in replies.txt: no paragraph opens with these words"),
        (
            "author: Bob",
            "The",
            "“The” in replies.txt: 3 paragraphs open with these words: give more of them, or “occurrence:”",
        ),
        (
            "author: Bob, occurrence: 4",
            "The",
            "“The” in replies.txt: “occurrence: 4”, but only 3 paragraphs open with these words",
        ),
        (
            "author: Bob, occurrence: 1",
            "No such words",
            "“No such words” in replies.txt: no paragraph opens with these words",
        ),
        ("parent: Gone", "The second", "“Gone” in replies.txt: no paragraph opens with these words"),
        (
            "author: Bob",
            "A reply",
            "“A reply”: the paragraph “A reply to it.” starts no comment; add “starts_comment: true” for it",
        ),
        (
            "parent: A reply",
            "The second",
            "“The second”: the paragraph “A reply to it.” starts no comment; add “starts_comment: true” for it",
        ),
        (
            "quotes: The second",
            "The second",
            "“The second”: a comment cannot quote itself; “quotes” names a paragraph of the same comment",
        ),
        (
            "same_comment_as: The second",
            "The second",
            "“The second”: a comment cannot repeat itself; “same_comment_as” names a paragraph of the same comment",
        ),
        (
            "parent: The second",
            "The second",
            "“The second”: a comment cannot answer itself; “parent” names a paragraph of the same comment",
        ),
        ("quotation: true", "2Neel", "“2Neel”: is a head or a cut mark, which cannot be a quotation"),
    ],
)
def test_an_entry_that_cannot_be_applied_says_what_was_found(
    tmp_path: Path, decision: str, opening: str, what: str
) -> None:
    with pytest.raises(CorrectionError) as raised:
        correct(tmp_path, entry(decision, opening), replies=REPLIES)
    assert str(raised.value) == f"{tmp_path}/corrections.yml, entry 1: {what}"


def test_two_entries_that_decide_the_same_are_refused_because_one_would_be_lost(tmp_path: Path) -> None:
    twice = entry("author: Ann") + entry("author: Bob", opening="The second").removeprefix("corrections:\n")
    with pytest.raises(CorrectionError) as raised:
        correct(tmp_path, twice, replies=REPLIES)
    path = f"{tmp_path}/corrections.yml"
    assert str(raised.value) == f"{path}, entry 2: “The second”: entry 1 of {path} decides “author” of it already"


def test_an_owner_other_than_the_page_says_is_a_problem_that_readers_see(tmp_path: Path) -> None:
    corrected = correct(tmp_path, "pages:\n  - {file: replies.txt, owner: Bea, reason: r}\n", replies=REPLIES)
    assert [(problem.kind, problem.detail) for problem in corrected.pages["replies.txt"].problems] == [
        (
            "owner overruled",
            "The page names Ada Example as its owner; an editor's decision, Bea, was taken.",
        )
    ]


def test_entries_about_files_that_were_not_read_are_skipped_and_counted(tmp_path: Path) -> None:
    corrections = (
        "pages:\n  - {file: gone.txt, owner: Ada, reason: r}\n"
        + entry("author: Bob", file="gone.txt")
        + "  - {file: replies.txt, opening: 'No such words', reason: r, "
        + "same_comment_as: {file: gone.txt, opening: Gone}}\n"
    )
    corrected = correct(tmp_path, corrections, replies=REPLIES)
    assert (corrected.applied, corrected.selection.skipped) == ([], 3)


def test_an_entry_holds_for_a_file_that_was_read_under_two_names(tmp_path: Path) -> None:
    corrected = correct(tmp_path, entry("author: Bob", file="second.txt"), first=REPLIES, second=REPLIES)
    (comments,) = corrected.comments.values()
    assert list(corrected.comments) == ["first.txt"]
    assert (comments[2].author_name, corrected.selection.skipped) == ("Bob", 0)


def test_files_are_named_relative_to_the_folder_of_the_corrections(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "page.txt").write_text(REPLIES, encoding="utf-8")
    corrected = correct(tmp_path, entry("author: Bob", file="deep/page.txt"))
    assert corrected.comments["deep/page.txt"][2].author_name == "Bob"
