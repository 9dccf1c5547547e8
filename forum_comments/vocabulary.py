"""What the forum prints, as data: patterns, headings and the numbers that its rendering goes by.

The source of each number is the forum's own code (ForumMagnum, which LessWrong and the Alignment Forum run).
"""

from __future__ import annotations

import re

# Ages as `formatRelative` prints them, with the largest number that each unit reaches before the next one takes over;
# the oldest comments are imports of 2006, so years stay under 21.
AGE_LIMITS = {"m": 45, "h": 22, "d": 26, "mo": 11, "y": 21}
AGE = r"(?:now|[0-9]{1,3}(?:mo|[mhdy]))"

# A head's name is at most so long.
NAME_MAX_CHARACTERS = 50
NAME_MAX_WORDS = 6
# What forums print in the place of a name that they no longer show: many people, or nobody.
HIDDEN_NAMES = frozenset({"[comment deleted]", "[anonymous]", "[deleted]", "[removed]"})
# What may stand where a head's name does, and names nobody.
NOBODY = HIDDEN_NAMES | {"anonymous"}
# Names that never are one: sentences end like this.
NAME_FORBIDDEN = re.compile(r"[.!?:;,\"“”…]\s|[!?:;,…]$|\s{2}|https?:")
ANSWER_PREFIX = "Answer by "

# A whole comment's head: name, date, a star where edited, "Ω" with Alignment Forum karma, karma, agreement.
FULL_HEADER = re.compile(rf"^(?P<name>\D.*?)(?P<age>{AGE})?\*?(?P<scores>Ω-?[0-9][0-9-]*|-?[0-9][0-9-]*)$")

READ_MORE = re.compile(r"\s*(?:\.\.\.|…)\s*\(read more\)\s*$")
# A comment may be cut between two words: then a space stands before the dots.
DOTS_AFTER = re.compile(r"\S\s?(?:\.\.\.|…)$")
DOTS_BEFORE = re.compile(r"^(?:\.\.\.|…)\S")

# Numbers open a list item only where they are indented, as the text scrapes print them: "1. gives you ..." at the
# left edge is prose that refers to a list.
BULLET = re.compile(r"^(?:[•◦▪‣·]|[-*–](?=\s))\s*")
NUMBER = re.compile(r"^(?:\d{1,3}|[a-zA-Z])[.)]\s+")
# What stands before an item of a numbered list: a number, a letter, or a Roman number, and a mark.
LABEL = re.compile(r"-?(?:\d{1,10}|[a-zA-Z]|[ivxlcdm]{2,15}|[IVXLCDM]{2,15})[.)]")
FOOTNOTE_OPENING = re.compile(r"^(\d{1,3})\.\s*\^$")
FOOTNOTE_INDENT = 4
FOOTNOTE_REFERENCE = re.compile(r"\[(\d{1,3})\]")

REPLIES_TITLE = re.compile(r"^All of (?P<owner>.+?)['’]s? Comments \+ Replies$")
LOAD_MORE = frozenset({"Load More", "load more", "Load more"})
# Headings of a profile's parts, above its comments. What stands under one of the first kind are titles.
TITLE_HEADINGS = {"Sequences": "sequence title", "Posts": "post title", "Top posts": "post title"}
WIKI_HEADINGS = {
    "Wiki Contributions": "wiki contribution",
    "Wikitag Contributions": "wiki contribution",
    "Topic contributions": "wiki contribution",
}
COMMENTS_HEADING = "Comments"
SORT_CONTROL = re.compile(r"^Sorted by\b.{0,40}$")
# A profile's head (name, bio, titles) is looked for in so many lines at the most.
PROFILE_HEAD_LINES = 200

# `commentExcerptFromHTML`: a comment whose HTML is longer than 750 characters is cut to 750 - 750/4 visible ones.
UNCUT_HTML_MAX = 750
CUT_VISIBLE = 562
# HTML that a plain paragraph adds to its visible characters: <p></p> and a line end.
PARAGRAPH_HTML = 8
# A profile lists so many comments before "Load More"; a replies page so many, each with its replies.
PROFILE_COMMENTS = 10

WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
OPENING_WORDS = 12  # of a comment, that its key is made of
# What has fewer words ("Thanks!") repeats without being the same, on pages, in dumps and in what quotes it.
KNOWN_AGAIN_WORDS = 8
URL = re.compile(r"https?://[^\s<>\"“”]+")
URL_TRAILING = ".,;:!?'’”)]}>*"

# What became of a comment, in one word list for all sources.
STATUSES = (
    "deleted",  # by whom is not said
    "deleted by author",
    "removed by moderator",
    "removed by forum",
    "rejected",
    "retracted",
    "dead",
    "flagged",
    "draft",
)
