"""Bodies: the markup of each kind of forum becomes passages and links, whatever somebody typed."""

from __future__ import annotations

import pytest

from forum_comments.bodies import read_body
from forum_comments.records import Body, BodyPassage, Markup


def paragraph(text: str) -> BodyPassage:
    return BodyPassage("paragraph", text)


def item(text: str, label: str | None = None) -> BodyPassage:
    return BodyPassage("list item", text, label=label)


def code(text: str) -> BodyPassage:
    return BodyPassage("code block", text)


def heading(text: str) -> BodyPassage:
    return BodyPassage("heading", text)


def footnote(text: str) -> BodyPassage:
    return BodyPassage("footnote", text)


def quoted(text: str) -> BodyPassage:
    return BodyPassage("paragraph", text, True)


PLAIN: dict[str, tuple[str, list[BodyPassage]]] = {
    "empty lines part paragraphs and single line breaks stay": (
        "One.\r\n \r\nTwo,\r\nstill two.\n\n\n",
        [paragraph("One."), paragraph("Two,\nstill two.")],
    ),
    "typed bullets are list items": (
        "Two things:\n- the first,\nmore of it\n• the second\n\nDone.",
        [paragraph("Two things:"), item("the first,\nmore of it"), item("the second"), paragraph("Done.")],
    ),
    "a rule of dashes is no list": ("One\n\n- - -\n\n---", [paragraph("One"), paragraph("- - -"), paragraph("---")]),
    "a typed quotation ends with its marks": (
        "> They said\n>this.\n>\n> And that.\nI disagree.",
        [quoted("They said\nthis."), quoted("And that."), paragraph("I disagree.")],
    ),
    "quotations of quotations and lists are quotations": (
        ">> Old.\n> - a point",
        [quoted("Old."), BodyPassage("list item", "a point", True)],
    ),
    "smileys, arrows, spoilers and numbers are no quotations": (
        ">:(\n>_<\n->\n>!hidden!<\n>50 people",
        [paragraph(">:(\n>_<\n->\n>!hidden!<\n>50 people")],
    ),
    "what looks like markup or a formula of a spreadsheet is text": (
        "=1+1 <b>x</b> &amp; *y*",
        [paragraph("=1+1 <b>x</b> &amp; *y*")],
    ),
    "nothing has no passage": (" \n\t\n", []),
}

HTML: dict[str, tuple[str, list[BodyPassage]]] = {
    "Hacker News parts paragraphs with <p> and quotes with a typed >": (
        "I&#x27;m here.<p>&gt; You <i>said</i>:\n&gt; so.<p>No.",
        [paragraph("I'm here."), quoted("You said:\nso."), paragraph("No.")],
    ),
    "Algolia wraps the same text in paragraphs": ("<p>One.</p><p>Two.</p>", [paragraph("One."), paragraph("Two.")]),
    "code keeps its lines": (
        "<p>So:<pre><code>if x:\n    y()\n\nz\n</code></pre>",
        [paragraph("So:"), code("if x:\n    y()\n\nz")],
    ),
    "code whose lines are elements keeps them": ("<pre><div>a</div><div>b</div>c<br>d</pre>", [code("a\nb\nc\nd")]),
    "nested quotations and lists are flat, and know that they are quoted": (
        "<blockquote><p>a</p><blockquote>b</blockquote><ul><li>c</li></ul></blockquote>d",
        [quoted("a"), quoted("b"), BodyPassage("list item", "c", True), paragraph("d")],
    ),
    "items of nested lists are items; their paragraphs are lines": (
        "<ul><li><p>a</p><p>b</p><ol><li>c</li></ol>d</li><li>e</li></ul>f",
        [item("a\nb"), item("c", "1."), item("d"), item("e"), paragraph("f")],
    ),
    "numbered items keep their numbers, which a list or an item may set": (
        "<ol start='3'><li>a<ul><li>b</li></ul>c</li><li> </li><li>d</li><li value='-1'>e</li><li>f</li></ol>",
        [item("a", "3."), item("b"), item("c"), item("d", "5."), item("e", "-1."), item("f", "0.")],
    ),
    "letters and Roman numbers are what a list says that it has": (
        "<ol type='a'><li>a<li>b</ol><ol type=A start=26><li>c<li>d</ol><ol type='i' start='3999'><li>e<li>f</ol>"
        "<ol type='I' start='4'><li>g</ol><ol type='circle' start='x'><li>h</ol>",
        [
            *(item("a", "a."), item("b", "b."), item("c", "Z."), item("d", "27."), item("e", "mmmcmxcix.")),
            *(item("f", "4000."), item("g", "IV."), item("h", "1.")),
        ],
    ),
    "a list that counts down has no numbers, since nothing says where it begins": (
        "<ol reversed><li>a<li>b</ol>",
        [item("a"), item("b")],
    ),
    "a number goes to the first passage of its item that is one of a list": (
        "<ol><li><pre>x</pre>a</li><li><blockquote>b</blockquote></li><li>c</li></ol>d",
        [code("x"), item("a", "1."), quoted("b"), item("c", "3."), paragraph("d")],
    ),
    "a list that nothing holds or ends": ("<li>a<li>b", [item("a"), item("b")]),
    "superscripts do not run into the number before them": (
        "10<sup>6</sup>, x<sup>-n+1</sup>, 2<sup>2<sup>3</sup></sup>, 10<sub>2</sub>",
        [paragraph("10^6, x^(-n+1), 2^(2^3), 10_2")],
    ),
    "a superscript that holds paragraphs": (" <sup><p>a</p>b</sup>", [paragraph("a"), paragraph("b")]),
    "what cannot be misread stays flat": (
        "1<sup>st</sup> H<sub>2</sub>O fact<sup><a href='#fn1'>[1]</a></sup> <sup>a</sup>",
        [paragraph("1st H2O fact[1] a")],
    ),
    "line breaks stay, two of them end a paragraph": (
        "roses<br>are red<br/><br/>violets",
        [paragraph("roses\nare red"), paragraph("violets")],
    ),
    "a row is a paragraph, its cells are parted": (
        "<table><thead><tr><th>a</th><th><p>b</p></th></tr></thead><tr><td></td><td>2</td></tr><tr><td></td></tr></table>c",
        [paragraph("a | b"), paragraph("| 2"), paragraph("c")],
    ),
    "footnotes are numbered as the forum prints them, links back go": (
        "<p>So<span class='footnote-reference'><sup><a href='#fnx'>[1]</a></sup></span>.</p>"
        "<ol class='footnote-section footnotes'><li class='footnote-item' id='fnx'>"
        "<span class='footnote-back-link'><sup><strong><a href='#fnrefx'>^</a></strong></sup></span>"
        "<div class='footnote-content'><p>One.</p><p>More.</p></div></li><li>Two.</li></ol>",
        [paragraph("So[1]."), footnote("1. ^ One.\nMore."), footnote("2. ^ Two.")],
    ),
    "footnotes in a section of their own": (
        "a<hr class='footnotes-sep'><section class='footnotes'><ol class='footnotes-list'>"
        "<li><p>One. <a href='#fnref1'>↩︎</a></p></li></ol></section>",
        [paragraph("a"), footnote("1. ^ One.")],
    ),
    "styles, scripts and comments are no text": (
        "<style>.mjx-chtml {display: inline}</style>a<script>alert(1)</script><!-- b --><template>c</template>d",
        [paragraph("ad")],
    ),
    "a formula is its source, not the signs that MathJax draws": (
        "<span class='mjpage'><span class='mjx-chtml'><span class='mjx-math' aria-label='x^2'><span>x</span><span>2"
        "</span></span></span></span> grows",
        [paragraph("$x^2$ grows")],
    ),
    "spoilers are text": ("<div class='spoilers'><p>He did it.</p></div>", [paragraph("He did it.")]),
    "headings, definitions and details": (
        "<h2>A <i>b</i></h2><dl><dt>c</dt><dd>d</dd></dl><details><summary>e</summary>f</details>",
        [heading("A b"), paragraph("c"), paragraph("d"), paragraph("e"), paragraph("f")],
    ),
    "text that only looks like an element of ours": ("a &lt;b&gt; <unknown>c</unknown>", [paragraph("a <b> c")]),
    "typed bullets are list items": ("Three:<p>- a\n- b<p>• c", [paragraph("Three:"), item("a"), item("b"), item("c")]),
    "a set of frames": ("<frameset><frame></frameset>a", [paragraph("a")]),
    "NUL and halves of surrogate pairs": ("a\0b\ud83dc\ud83d\ude00", [paragraph("a\ufffdb\ufffdc\U0001f600")]),
    "a number that no character has": ("a&#" + "9" * 5000 + ";b&#0;", [paragraph("a\ufffdb\ufffd")]),
}

MARKDOWN: dict[str, tuple[str, list[BodyPassage]]] = {
    "escapes of Turndown go": (r"\[a\] b\_c \*d\* 1\. e", [paragraph("[a] b_c *d* 1. e")]),
    "emphasis, code and entities are their text": ("*a* __b__ `c*` &gt; d", [paragraph("a b c* > d")]),
    "formulas stay as they are typed": (
        r"So $x_1 + y_2*z*$ and $$\sum_i a_i$$ for $5 and $6",
        [paragraph(r"So $x_1 + y_2*z*$ and $$\sum_i a_i$$ for $5 and $6")],
    ),
    "footnotes with random names are numbered": (
        "One[^x8f] two[^b].\n\n[^b]: Second.\n\n    More.\n[^x8f]: First.",
        [paragraph("One[1] two[2]."), footnote("2. ^ Second.\nMore."), footnote("1. ^ First.")],
    ),
    "a mark of a footnote that is a link": (
        r"so[^\[4\]^](https://example.com/a#fn4) it is",
        [paragraph("so[4] it is")],
    ),
    "spoilers are no quotations": (
        ">! He did\n>! it.\n\n> said\n\n>!she!< did",
        [paragraph("He did it."), quoted("said"), paragraph(">!she!< did")],
    ),
    "quotations without a space, nested ones, line ends of Windows": (
        ">a\r\n>>b\r\n\r\nc",
        [quoted("a"), quoted("b"), paragraph("c")],
    ),
    "lists are flat": (
        "* a\n    1. b\n\n       c\n* d",
        [item("a"), item("b\nc", "1."), item("d")],
    ),
    "numbered lists go on from their first number": (
        "2. a\n2. b\n   - c\n\n7) d",
        [item("a", "2."), item("b", "3."), item("c"), item("d", "7.")],
    ),
    "code keeps its lines and its signs": (
        "```py\nx = *y*\n\n  <b>\n```\n\n    indented",
        [code("x = *y*\n\n  <b>"), code("indented")],
    ),
    "headings and rules": ("# A *b*\n\n---\n\nC\n=", [heading("A b"), heading("C")]),
    "tables": ("| a | b |\n|---|---|\n| 1 | `2` |\n\nc", [paragraph("a | b"), paragraph("1 | 2"), paragraph("c")]),
    "superscripts and struck text of Reddit stay as typed": (
        "10^6 x^(a b) ~~no~~",
        [paragraph("10^6 x^(a b) ~~no~~")],
    ),
    "hard line breaks stay, soft ones do not": ("a  \nb\nc", [paragraph("a\nb c")]),
    "HTML is read; what is no element of HTML is text": (
        "10<sup>6</sup> vector<int> <scratchpad>\n\n"
        "<details><summary>a</summary>b</details>\n\n<think>\n\nc\n\n</think>",
        [paragraph("10^6 vector<int> <scratchpad>"), paragraph("a"), paragraph("b"), paragraph("<think>"),
         paragraph("c"), paragraph("</think>")],
    ),
    "a quotation in HTML ends with what holds it": (
        "> <blockquote>a\n\nb\n\n<blockquote>\n\nc\n\n</blockquote>\n\nd",
        [quoted("a"), paragraph("b"), quoted("c"), paragraph("d")],
    ),
    "prices are no formula, whatever stands between them": (
        "It is [~$16k *less*](https://a.example) so that ~$50k, and *not* ~$60k.",
        [paragraph("It is ~$16k less so that ~$50k, and not ~$60k.")],
    ),
    "formulas stay as typed": ("$a_1*b*c_2$ and $$x*y*z$$.", [paragraph("$a_1*b*c_2$ and $$x*y*z$$.")]),
    "typed bullets that Markdown does not know": ("• a\n• b", [item("a"), item("b")]),
}  # fmt: skip

CASES = [
    pytest.param(markup, text, expected, id=f"{markup}: {name}")
    for markup, cases in (("plain", PLAIN), ("html", HTML), ("markdown", MARKDOWN))
    for name, (text, expected) in cases.items()
]


@pytest.mark.parametrize(("markup", "text", "expected"), CASES)
def test_passages_are_what_the_markup_shows(markup: Markup, text: str, expected: list[BodyPassage]) -> None:
    assert read_body(text, markup).passages == expected


LINKS: list[tuple[Markup, str, list[str]]] = [
    (
        "plain",
        "See https://a.example/b_(c)), http://d.example. https:// ftp://e",
        ["https://a.example/b_(c)", "http://d.example"],
    ),
    (
        "html",
        'x <a href="https://a.example/?b&amp;c">https://a.exam...</a> http://d.example',
        ["https://a.example/?b&c", "http://d.example"],
    ),
    (
        "html",
        '<a href="javascript:alert(1)">a</a> <a href="/b">b</a> <a href=" HTTP://c.example/\n ">c</a> <a>d</a>',
        ["http://c.example/"],
    ),
    (
        "html",
        '<img src="https://a.example/i.png" alt="b"><iframe src="https://c.example/"></iframe>',
        ["https://a.example/i.png", "https://c.example/"],
    ),
    (
        "markdown",
        "[a](https://a.example) <https://b.example> ![c](http://c.example/i) http://d.example/e_f_g [h](/i)",
        ["https://a.example", "https://b.example", "http://c.example/i", "http://d.example/e_f_g"],
    ),
    ("markdown", "[a][1] and [b](javascript:alert\\(1\\))\n\n[1]: https://a.example", ["https://a.example"]),
]


@pytest.mark.parametrize(("markup", "text", "expected"), LINKS)
def test_links_are_web_addresses_in_the_order_of_the_text(markup: Markup, text: str, expected: list[str]) -> None:
    assert read_body(text, markup).links == expected


def test_the_text_of_a_link_that_leads_nowhere_stays() -> None:
    assert read_body('<a href="javascript:alert(1)">a</a> <img alt="b">', "html") == Body([paragraph("a b")], [])


def test_an_unknown_markup_is_refused() -> None:
    with pytest.raises(ValueError, match="markup is 'bbcode'; expected one of html, markdown, plain"):
        read_body("a", "bbcode")  # type: ignore[arg-type]
