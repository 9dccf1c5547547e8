"""The evidence of the words: how likely it is that a comment starts at a block, judged from the text alone.

One function, `boundary_log_odds`; the page's marks and counts are not its business, `segmentation` adds those.
"""

from __future__ import annotations

import re

from forum_comments.models import Block, Page
from forum_comments.vocabulary import WORD

# How often a block that nothing forces starts a comment, as log-odds, on each layout.
PRIOR = {"replies page": 0.2, "list": 0.2, "profile": -1.0}

OPENINGS = re.compile(
    r"(?:thanks|thank you|yes|yeah|yep|no|nope|i agree|i disagree|i think|i don['’]t|agreed|sure|great|nice|good point|"
    r"interesting|hi|hey|oh|hm+|huh|this is|this post|that['’]s|you['’]re|you are|fwiw|re:|i found|my guess)\b",
    re.IGNORECASE,
)
CONTINUATIONS = re.compile(
    r"(?:however|but|also|that said|separately|finally|second(?:ly)?|third(?:ly)?|in particular|for example|"
    r"for instance|so|then|therefore|"
    r"thus|more(?:over| broadly)|instead|meanwhile|nonetheless|additionally|similarly|to be clear|"
    r"to summarize|on the other hand|as (?:a|for|to)|and|or|because|he|she|they|these|those|it|some other|"
    r"eta|edit|ps|p\.s\.)\b",
    re.IGNORECASE,
)
COMMON = frozenset(
    "the a an of to and in is that it i you for on as this be are with not have but or if can was so at do my from "
    "by we they would about what more just which some like there will your their has it's i'm don't than them".split()
)
OVERLAP_WORDS = 120  # so many words of each neighbour are compared


def boundary_log_odds(page: Page) -> list[float]:
    """Give each block of a page the log-odds that a comment starts there, from the words alone.

    The list is as long as `page.blocks`. Linear in the page's length.
    """
    words = [frozenset(w.lower() for w in WORD.findall(b.text[:800])[:OVERLAP_WORDS]) - COMMON for b in page.blocks]
    log_odds = []
    for position, block in enumerate(page.blocks):
        score = PRIOR[page.layout] + _opening(block)
        if position:
            before = page.blocks[position - 1]
            score += _closing(before)
            shared = len(words[position] & words[position - 1])
            smaller = min(len(words[position]), len(words[position - 1])) or 1
            score += 0.6 - 5.0 * shared / (smaller + 4)
        log_odds.append(score)
    return log_odds


def _opening(block: Block) -> float:
    if block.kind == "list item":
        return -4.0
    score = 0.0
    if block.text[:1].islower() or block.text[:1] in "([":
        score -= 2.0
    if OPENINGS.match(block.text):
        score += 1.2
    if CONTINUATIONS.match(block.text):
        score -= 1.6
    return score


def _closing(block: Block) -> float:
    if block.text.endswith(":"):
        return -4.0
    if block.kind == "list item":
        return -0.7
    if len(block.text) < 60 and block.text[-1:] not in ".!?)\"'”’":
        return -1.5
    return 0.0
