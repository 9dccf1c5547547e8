from hypothesis import given
from hypothesis import strategies as st

from training.markdown import FORMULA_END, FORMULA_START, html_length, parse, printed, visible_length


def shapes(markdown):
    return [(e.kind, e.source, e.quoted, e.marker) for e in parse(markdown)]


def test_paragraphs_quotations_and_list_items_keep_their_order():
    markdown = "> You said so.\n\nI did *not*.\n\n*   first\n*   second\n    *   nested\n\nSee [this page](https://example.org/a)."
    assert shapes(markdown) == [
        ("paragraph", "You said so.", True, ""),
        ("paragraph", "I did not.", False, ""),
        ("list item", "first", False, "•"),
        ("list item", "second", False, "•"),
        ("list item", "nested", False, "•"),
        ("paragraph", "See this page.", False, ""),
    ]


def test_the_items_of_one_list_and_the_paragraphs_of_one_quotation_share_a_group():
    elements = parse("> one\n> \n> two\n\nown\n\n1.  a\n2.  b\n\n> other quotation")
    assert [e.group for e in elements] == [1, 1, 2, 3, 3, 4]
    assert [e.depth for e in parse("* a\n    * b")] == [0, 1]


def test_a_footnote_is_numbered_and_stands_last():
    assert shapes("Claim.[^x]\n\n[^x]: Evidence.\n\nMore.") == [
        ("paragraph", "Claim.[1]", False, ""),
        ("paragraph", "More.", False, ""),
        ("footnote", "Evidence.", False, ""),
    ]


def test_a_formula_counts_where_the_forum_cuts_and_leaves_a_hole_where_it_is_printed():
    (element,) = parse("vectors $x_1$ and $y$, for $10 or $20")
    assert element.source == f"vectors {FORMULA_START}x1{FORMULA_END} and {FORMULA_START}y{FORMULA_END}, for $10 or $20"
    assert printed(element.source) == "vectors  and , for $10 or $20"
    assert visible_length(element.source) == len("vectors x1 and y, for $10 or $20")


def test_html_counts_tags_links_and_entities():
    assert html_length(parse("a & b")) == len("<p>a &amp; b</p>") + len("\n") - 1
    assert html_length(parse("[a](https://example.org)")) == len('<p><a href="https://example.org">a</a></p>')


@given(st.text(alphabet="ab >*-1.\n[]()$`#^_\\", max_size=200))
def test_any_markdown_can_be_read(markdown):
    for element in parse(markdown):
        assert element.source.strip() == element.source != ""
