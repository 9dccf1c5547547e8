"""The words in which the pages speak of bases and confidences. Data and the two functions that read it."""

from __future__ import annotations

from typing import Any

# A confidence is a probability between 0 and 1; each level holds from its floor up.
SURENESS_LEVELS = (
    (1.0, "sure", "certain"),
    (0.9, "sure", "nearly sure"),
    (0.7, "likely", "likely"),
    (0.0, "guess", "a guess"),
)

BOUNDARY_WORDS = {
    "page start": "the page's comments begin here",
    "header": "a line above it names its author",
    "mark": "the comment before it ends with the page's cut mark",
    "count": "the comment before it ends where the page cuts (562 characters)",
    "other page": "another page shows the same stretch as one comment",
    "language": "judged by the words on both sides",
    "source": "the source lists it as a comment of its own",
    "correction": "decided by an editor",
}

AUTHOR_WORDS = {
    "header": "named in the line above the comment",
    "page owner": "the page is this person's",
    "source": "the source says so",
    "inferred": "inferred by the program",
    "correction": "decided by an editor",
    "unknown": "no source names the author",
}

PARENT_WORDS = {
    "source": "the source says so",
    "page layout": "the page shows it right under that comment",
    "quotation": "it quotes that comment",
    "correction": "decided by an editor",
    "unknown": "no source says what it answers, or that it answers nothing",
}

# What became of a comment at its source; a key for each of vocabulary.STATUSES.
STATUS_WORDS = {
    "deleted": "It was deleted; the source does not say by whom.",
    "deleted by author": "Its author deleted it.",
    "removed by moderator": "A moderator removed it.",
    "removed by forum": "The forum removed it.",
    "rejected": "The forum's moderators rejected it.",
    "retracted": "Its author retracted it.",
    "dead": "The forum counts it as dead, and shows it only to those who ask for such comments.",
    "flagged": "Readers of the forum flagged it.",
    "draft": "It is a draft, which the forum had not published.",
}

# What a source may say otherwise than the comment's row: keys of `appearances.differs`. What only follows from others
# of them (links and passages from the text), and what is the build's own, is not told to readers.
DIFFERENCE_WORDS = {
    "body": "text",
    "author": "author",
    "posted_at": "date",
    "edited_at": "date of editing",
    "status": "what became of it",
    "af_karma": "Alignment Forum karma",
    "agreement": "agreement",
    "post_id": "post",
    "parent_source_id": "what it answers",
    "url": "address",
}
# What a source prints with a comment stands in columns of `appearances`.
PRINTED_WORDS = {"author_name": "name", "karma": "score", "age": "age"}

QUOTATION_WORDS = {
    "correction": "an editor says so",
    "language": "judged by the words",
    "other page": "the same words stand in that comment",
    "source": "the source marks it",
}


def sureness(confidence: float | None) -> dict[str, Any] | None:
    """A confidence as level (`sure`, `likely`, `guess`), whole percent and word; None for None."""
    if confidence is None:
        return None
    level, word = next((level, word) for floor, level, word in SURENESS_LEVELS if confidence >= floor)
    # 99.6 % is not shown as 100 %: only what is certain is.
    percent = 100 if confidence >= 1 else min(99, round(confidence * 100))
    return {"confidence": confidence, "level": level, "percent": percent, "word": word}
