"""What HTML's elements mean for passages. An element that is not named here is its text and nothing else."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from enum import Enum
from functools import partial
from typing import Final

from forum_comments.bodies.numbering import DECIMAL, Numbering, integer
from forum_comments.bodies.writer import PassageWriter

Attributes = Mapping[str, str | None]
Leave = Callable[[], None]

# Their content is no text that anybody sees.
DROPPED = frozenset({"script", "style", "template", "head", "noembed", "noframes", "-comment", "-doctype"})
VOID = frozenset("area base br col embed hr img input link meta param source track wbr".split())
BLOCKS = frozenset(
    "address article aside body button caption center dd details dialog dl dt fieldset figcaption figure footer form"
    " header hgroup html legend main nav option p search select summary table tbody tfoot thead".split()
)
INLINE = frozenset(
    "abbr acronym audio b bdi bdo big canvas cite code data datalist del dfn em font i ins kbd label map mark math"
    " meter nobr noscript object output picture progress q rp rt ruby s samp slot small strike strong svg textarea time"
    " title tt u var video".split()
)
_BACK_LINKS = re.compile(r"^\s*\^\s*|\s*(?:↩|⤴|↑)\ufe0e?\s*$")


class Skip(Enum):
    """Says that an element's content is not to be read: its attributes have said it all."""

    SKIP = "skip"


SKIP: Final = Skip.SKIP
Entered = Leave | Skip | None
NO_ATTRIBUTES: Attributes = {}


def _has_class(attributes: Attributes, name: str) -> bool:
    return name in (attributes.get("class") or "").split()


def _block(writer: PassageWriter, attributes: Attributes) -> Entered:
    writer.paragraph()
    return writer.paragraph


def _section(writer: PassageWriter, attributes: Attributes) -> Entered:
    """A division; where it is the one of footnotes, the next list in it holds them."""
    writer.paragraph()
    if _has_class(attributes, "footnotes"):
        writer.footnotes_follow = True
    return writer.paragraph


def _list(writer: PassageWriter, attributes: Attributes, numbering: Numbering | None = None) -> Entered:
    if writer.footnotes_follow or _has_class(attributes, "footnotes"):
        writer.footnotes_follow = False
        writer.begin("footnote")
    else:
        writer.begin("list item", numbering=numbering)
    return writer.end


def _numbered_list(writer: PassageWriter, attributes: Attributes) -> Entered:
    if "reversed" in attributes:  # where it begins only the number of its items says: no number beats a wrong one
        return _list(writer, attributes)
    first = integer(attributes.get("start"))
    return _list(writer, attributes, Numbering(1 if first is None else first, attributes.get("type") or DECIMAL))


def _item(writer: PassageWriter, attributes: Attributes) -> Entered:
    if writer.kind not in ("footnote", "list item"):  # outside of any list
        writer.begin("list item")
        return writer.end
    if writer.kind == "list item":
        writer.begin_item(integer(attributes.get("value")))
        return writer.end_item
    writer.flush()
    writer.begin_footnote()
    return partial(_end_footnote, writer, writer.place())


def _end_footnote(writer: PassageWriter, place: tuple[int, int]) -> None:
    text = writer.since(place)
    if text is not None:
        writer.replace_since(place, _BACK_LINKS.sub("", text.strip("\0 \n\t")))
    writer.flush()


def _quotation(writer: PassageWriter, attributes: Attributes) -> Entered:
    writer.begin("paragraph", is_quotation=True)
    return writer.end


def _heading(writer: PassageWriter, attributes: Attributes) -> Entered:
    writer.begin("heading")
    return writer.end


def _code(writer: PassageWriter, attributes: Attributes) -> Entered:
    writer.begin("code block")
    return writer.end


def _row(writer: PassageWriter, attributes: Attributes) -> Entered:
    writer.begin_row()
    return writer.end_row


def _cell(writer: PassageWriter, attributes: Attributes) -> Entered:
    writer.begin_cell()
    return None


def _break(writer: PassageWriter, attributes: Attributes) -> Entered:
    writer.line_break()
    return None


def _rule(writer: PassageWriter, attributes: Attributes) -> Entered:
    writer.flush()
    return None


def _link(writer: PassageWriter, attributes: Attributes) -> Entered:
    writer.begin_link(attributes.get("href"))
    return writer.end_link


def _image(writer: PassageWriter, attributes: Attributes) -> Entered:
    writer.add_link(attributes.get("src"))
    writer.text(attributes.get("alt") or "")
    return None


def _frame(writer: PassageWriter, attributes: Attributes) -> Entered:
    """A page within the page: what it shows is not in the body, its address is."""
    writer.add_link(attributes.get("src"))
    return SKIP


def _script(mark: str, writer: PassageWriter, attributes: Attributes) -> Entered:
    writer.begin_script(mark)
    return partial(writer.end_script, mark)


def _span(writer: PassageWriter, attributes: Attributes) -> Entered:
    """A span; that of a formula as MathJax draws it holds its signs one by one, and its source as a label."""
    label = attributes.get("aria-label")
    if label and _has_class(attributes, "mjx-math"):
        writer.text(f"${label}$")
        return SKIP
    return None


ENTER: dict[str, Callable[[PassageWriter, Attributes], Entered]] = {
    **dict.fromkeys(BLOCKS, _block),
    **dict.fromkeys(("div", "section"), _section),
    **dict.fromkeys(("ul", "menu", "dir"), _list),
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), _heading),
    **dict.fromkeys(("pre", "listing", "xmp", "plaintext"), _code),
    **dict.fromkeys(("td", "th"), _cell),
    "ol": _numbered_list,
    "li": _item,
    "blockquote": _quotation,
    "tr": _row,
    "br": _break,
    "hr": _rule,
    "a": _link,
    "img": _image,
    "iframe": _frame,
    "span": _span,
    "sup": partial(_script, "^"),
    "sub": partial(_script, "_"),
}
ATTRIBUTED = frozenset({"div", "section", "ul", "ol", "li", "a", "img", "iframe", "span"})
KNOWN = ENTER.keys() | INLINE | VOID | DROPPED
