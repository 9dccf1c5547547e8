import random

from training.comments import Comment
from training.markdown import parse
from training.render import excerpt, list_page, profile_page, replies_page, with_replies

LONG = "word " * 160
TWO = f"Two:\n\n* one\n* {LONG}"


def comment(id, markdown, karma=12, author="Ada Verne", parent=None, posted="2024"):
    return Comment(id, author, parent, markdown, karma, posted, "forummagnum")


def drawn(page):
    return [page.text[c.start : c.end] for c in page.comments]


def test_a_replies_page_cuts_long_comments_and_puts_direct_replies_after_them():
    threads = [
        (
            comment("a", LONG),
            (
                comment("b", "Small answer.\n\nIn two parts.", 3, "bo"),
                comment("c", "Whole answer.", 30, "Cy"),
            ),
        ),
        (comment("d", "Own words."), ()),
    ]
    page = replies_page("p", "Ada Verne", threads, random.Random(1))
    cut = LONG[:562].strip() + "... (read more)\n\n"
    assert page.text.startswith("All of Ada Verne's Comments + Replies\n\n" + cut)
    first, single, whole, last = drawn(page)
    assert first == cut
    assert single.startswith("3bo")
    assert single.endswith("\nSmall answer. In two parts.\n\n")
    assert (whole, last) == ("Whole answer.\n\n", "Own words.\n\n")
    assert [(c.author, c.parent, c.is_truncated, c.has_header) for c in page.comments] == [
        ("Ada Verne", None, True, False),
        ("bo", 0, False, True),
        ("Cy", 0, False, False),
        ("Ada Verne", None, False, False),
    ]


def test_the_cut_mark_moves_below_a_list_and_a_quotation():
    in_list = replies_page("p", "Ada Verne", [(comment("a", TWO), ())], random.Random(2))
    assert in_list.text.endswith("word word\n... (read more)\n\n")
    in_quotation = replies_page("p", "Ada Verne", [(comment("a", f"> {LONG}"), ())], random.Random(1))
    assert in_quotation.text.endswith(LONG[:562].strip() + "\n\n... (read more)\n")


def test_a_profile_cuts_nothing_and_ends_in_load_more():
    page = profile_page("p", "Ada Verne", [comment("a", LONG), comment("b", "> Said.\n\nSo?")], random.Random(1))
    assert drawn(page) == [LONG.strip() + "\n\n", "Said.\n\nSo?\n\n"]
    assert page.text.startswith("Ada Verne\n\n")
    assert page.text.endswith("\n\nLoad More")
    (quotation,) = page.comments[1].quotations
    assert page.text[slice(*quotation)] == "Said.\n\n"


def test_a_list_has_the_newest_comment_last_and_bare_dots_for_marks():
    threads = [
        (comment("new", "The newest."), (comment("r", "Answer.", 20, "Cy"),)),
        (comment("a", LONG), (comment("s", "Too small to be drawn.", 2, "bo"),)),
        (comment("q", f"> {LONG}"), ()),
    ]
    page = list_page("p", "Ada Verne", threads, random.Random(1))
    assert page.text == (
        "Answer.\n" + LONG[:562].strip() + "...\n" + "..." + LONG[:562].strip() + "\n" + "The newest.\n"
    )
    assert [(c.author, c.parent) for c in page.comments] == [
        ("Cy", 3),
        ("Ada Verne", None),
        ("Ada Verne", None),
        ("Ada Verne", None),
    ]


def test_a_comment_is_cut_only_where_its_html_is_longer_than_750_characters():
    short = parse("a" * 743)
    assert excerpt(short) == (short, False)
    (shown,), is_cut = excerpt(parse("a" * 744))
    assert (len(shown.source), is_cut) == (562, True)


def test_real_replies_stand_under_what_they_answer_and_grafted_ones_share_its_words():
    own = [comment("a", "measuring thermometers carefully")]
    real = comment("r", "A real reply.", parent="a")
    near = comment("n", "more about measuring thermometers", posted="2023")
    pool = [near, *(comment(f"x{n}", "unrelated", posted="2022") for n in range(2))]
    ((_, replies),) = with_replies(own, pool, {"a": [real]}, random.Random(4), 1.0)
    assert replies[0] == real
    assert set(replies[1:]) <= {near}
