"""The labelled pages of the pinned floor: comments written for the repository, laid out as the three layouts."""

from __future__ import annotations

import hashlib
import json
import random
from pathlib import Path

from training.comments import Comment
from training.render import LabelledPage, list_page, profile_page, replies_page

COMMENTS_FILE = Path(__file__).with_name("comments.json")
WINDOWS = (0, 2)
PROFILE_COMMENTS = 10


def labelled_pages(file: Path = COMMENTS_FILE) -> list[LabelledPage]:
    """Lay the comments of a file out; two windows for each author and layout."""
    texts: dict[str, list[str]] = json.loads(file.read_text(encoding="utf-8"))
    others = [_comment(f"other{n}", f"Visitor {'ABCD'[n]}", text, 4 + 7 * n) for n, text in enumerate(texts["Others"])]
    pages = []
    for author in sorted(set(texts) - {"Others"}):
        own = [_comment(f"{author}{number}", author, text, 12) for number, text in enumerate(texts[author])]
        for first in WINDOWS:
            window = own[first:]
            threads = [(comment, (others[n % 4],) if n % 3 == 1 else ()) for n, comment in enumerate(window)]
            label = f"{author} from {first}"
            pages += [
                replies_page(f"{label}, replies", author, threads, random.Random(first)),
                list_page(f"{label}, list", author, threads, random.Random(first)),
                profile_page(f"{label}, profile", author, window[:PROFILE_COMMENTS], random.Random(first)),
            ]
    return pages


def validate(page: LabelledPage) -> None:
    """Refuse labels that cannot be true; ValueError names the page and what is wrong."""
    if not page.comments:
        raise ValueError(f"{page.name}: no comment is labelled")
    end = 0
    for number, comment in enumerate(page.comments):
        place = f"{page.name}, comment {number}"
        if comment.start < end or comment.end <= comment.start or comment.end > len(page.text):
            raise ValueError(f"{place}: {comment.start} to {comment.end} overlaps another comment or leaves the page")
        if page.text[end : comment.start].strip() and number:
            raise ValueError(f"{place}: text from {end} to {comment.start} belongs to no comment")
        if comment.parent is not None and not (0 <= comment.parent < len(page.comments) and comment.parent != number):
            raise ValueError(f"{place}: its parent {comment.parent} is no other comment of the page")
        if any(not comment.start <= start < stop <= comment.end for start, stop in comment.quotations):
            raise ValueError(f"{place}: a quotation leaves the comment")
        end = comment.end


def fingerprint(pages: list[LabelledPage]) -> str:
    """Hash texts and labels, so that a floor holds for the pages that it was measured on."""
    labels = [
        [page.name, page.layout, page.text, [[c.start, c.end, c.author] for c in page.comments]] for page in pages
    ]
    return hashlib.sha256(json.dumps(labels).encode()).hexdigest()[:16]


def _comment(identity: str, author: str, text: str, karma: int) -> Comment:
    return Comment(identity, author, None, text, karma, "", "written for the repository")
