"""What the words alone teach: how rare each stem is, and how people open comments."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression

from forum_comments.models import Block
from forum_comments.words import opening_features, read_words, stem
from training.comments import Comment
from training.markdown import parse, printed

# A stem or an opening is stored only where so many comments or paragraphs have it.
MIN_STEM_COMMENTS = 5
MIN_OPENINGS = 3
# Weight of a paragraph from elsewhere against one of the forum's own comments.
OTHER_FORUMS, POSTS = 0.5, 0.3
STRENGTH = 0.1  # inverse of the L2 penalty
NEGLIGIBLE = 0.02
DIGITS = 3


@dataclass(frozen=True, slots=True)
class Paragraphs:
    """The paragraphs of one comment or post, by its author; a post's are never a comment's first."""

    author: str
    texts: tuple[str, ...]
    is_post: bool = False
    weight: float = 1.0


def paragraphs_of(comments: Iterable[Comment], weight: float = 1.0) -> list[Paragraphs]:
    """Take comments apart into their paragraphs."""
    return [Paragraphs(comment.author, _texts(comment.markdown), weight=weight) for comment in comments]


def posts_in(folder: Path) -> list[Paragraphs]:
    """Take the posts of `folder` apart into their paragraphs."""
    users = json.loads((folder / "forummagnum_users.json").read_text(encoding="utf-8"))
    names = {user["_id"]: user["displayName"] for user in users}
    found = []
    for file in sorted((folder / "forummagnum_posts").glob("user_*_posts.json")):
        for post in json.loads(file.read_text(encoding="utf-8")):
            markdown = (post.get("contents") or {}).get("markdown") or ""
            found.append(Paragraphs(names[file.name.split("_")[1]], _texts(markdown), is_post=True, weight=POSTS))
    return found


def _texts(markdown: str) -> tuple[str, ...]:
    elements = [element for element in parse(markdown) if element.kind == "paragraph"]
    return tuple(text for element in elements if (text := printed(element.source).strip()))


def learn_rarity(material: Sequence[Paragraphs]) -> dict[str, Any]:
    """How rare each stem is: natural logarithm of comments over comments that have it."""
    counts: Counter[str] = Counter()
    comments = [item for item in material if not item.is_post]
    for item in comments:
        counts.update({stem(word) for text in item.texts for word in read_words(_block(text)).words})
    stems = {
        word: round(math.log(len(comments) / count), DIGITS)
        for word, count in sorted(counts.items())
        if count >= MIN_STEM_COMMENTS
    }
    return {"stems": stems, "rarest": round(math.log(len(comments) / (MIN_STEM_COMMENTS - 2)), DIGITS)}


def learn_openings(material: Sequence[Paragraphs]) -> dict[str, float]:
    """Weigh what paragraphs open with: comments' first paragraphs against all others (L2 logistic regression)."""
    openings: list[list[str]] = []
    labels: list[bool] = []
    weights: list[float] = []
    for item in material:
        for position, text in enumerate(item.texts):
            if item.is_post and position == 0:
                continue
            openings.append(list(opening_features(read_words(_block(text)))))
            labels.append(position == 0)
            weights.append(item.weight)
    counter = CountVectorizer(analyzer=list, min_df=MIN_OPENINGS)
    table = counter.fit_transform(openings)
    regression = LogisticRegression(C=STRENGTH, max_iter=300, solver="liblinear")
    regression.fit(table, labels, sample_weight=weights)
    return {
        str(name): round(float(weight), DIGITS)
        for name, weight in zip(counter.get_feature_names_out(), regression.coef_[0], strict=True)
        if abs(weight) > NEGLIGIBLE
    }


def _block(text: str) -> Block:
    return Block("paragraph", 0, len(text), text)
