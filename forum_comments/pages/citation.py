"""How a comment is cited: one line of text, and a BibTeX entry.

Both say where the comment stands, so that the reader of a citation can find the characters even without this site.
"""

from __future__ import annotations

from typing import Any

from forum_comments.pages.reading import Row

# The characters that TeX reads as commands, and how each is printed.
TEX = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "%": r"\%",
    "#": r"\#",
    "_": r"\_",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
}


def citation(
    comment: Row, appearance: Row | None, *, permalink: str, archive: str, build: str | None
) -> dict[str, str]:
    """A citation of `comment` as `plain` text and as `bibtex`.

    `appearance` is the place that it is cited from (None: no document shows it), `permalink` an absolute URL,
    `archive` the site's title, `build` the first digits of the build's sum.
    """
    author = comment["author_name"] or "Author unknown"
    when = comment["posted_at"][:10] if comment["posted_at"] else "undated"
    place = _place(appearance)
    edition = f"{archive}, build {build}" if build else archive
    parts = [f"{author}: “{comment['title']}”", f"Forum comment, {when}", place, edition]
    return {
        "plain": ". ".join(part.rstrip(".") for part in parts if part) + f". {permalink}",
        "bibtex": _bibtex(comment, place, edition, permalink),
    }


def _place(appearance: Row | None) -> str:
    if appearance is None:
        return ""
    where = f"In: {appearance['document_title']} ({appearance['file_name']}, SHA-256 {appearance['sha256'][:12]})"
    if appearance["start_offset"] is not None:
        return f"{where}, characters {appearance['start_offset']} to {appearance['end_offset']}"
    if appearance["record_number"] is not None:
        return f"{where}, record {appearance['record_number']}"
    return where


def _bibtex(comment: Row, place: str, edition: str, permalink: str) -> str:
    fields: dict[str, Any] = {
        "author": "{" + _tex(comment["author_name"]) + "}" if comment["author_name"] else None,
        "title": "{" + _tex(comment["title"]) + "}",
        "howpublished": "Forum comment. " + _tex(edition),
        "year": comment["posted_at"][:4] if comment["posted_at"] else None,
        "date": comment["posted_at"][:10] if comment["posted_at"] else None,
        "note": _tex(place) or None,
        "url": permalink,
    }
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value is not None]
    return "\n".join([f"@misc{{{comment['id']},", *lines, "}"])


def _tex(text: str) -> str:
    return "".join(TEX.get(character, character) for character in text)
