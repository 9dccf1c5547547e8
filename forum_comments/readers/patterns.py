"""What the other page families print, as data: patterns of heads, buttons and titles, each beside its source.

Heads are matched against their lines joined by single spaces.
"""

from __future__ import annotations

import re

# Lines that a head may take up at the most.
HEAD_LINES = 16
# And characters that each of them may have: a longer line is prose, and costly to compare with these patterns.
HEAD_CHARACTERS = 400

# GreaterWrong (kronusaturn/lw2-viewer, `data-viewers/comment.lisp`, `interface-utils.lisp: pretty-time, vote-buttons`).
GW_DATE = r"\d{1,2} (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} \d{1,2}:\d{2} UTC"
GW_DATE_FORMAT = "%d %b %Y %H:%M UTC"
GW_BYLINE = re.compile(rf"^(?:(?P<name>\S.*?) )?(?P<date>{GW_DATE})(?: (?P<rest>.*))?$")
GW_POINTS = r"(?:(?P<karma>[-−]?\d[\d,]*) points?|LW: (?P<lw>[-−]?\d+) AF: (?P<af>[-−]?\d+))"
GW_HEAD = re.compile(
    rf"^(?:{GW_POINTS}(?: (?:\d+ ∶ \d+|(?P<agreement>[-−]?\d[\d,]*)))?)?(?: ?AF)?(?: ?Permalink)?"
    r"(?: ?(?:LW|EA|AF)(?: link)?)?(?: ?in reply to: (?P<answered>\S.*?) ?[’']s comment)?"
    r"(?: ?on: (?P<title>\S.*?))?(?: ?Parent)?(?: ?Replies: (?P<replies>>.*))?$"
)
GW_SCORE = re.compile(rf"^{GW_POINTS}$")
# A head that goes on, on the next line: whom it answers, or the title of the post, has been announced only.
GW_UNFINISHED = re.compile(r"(?:in reply to:(?:(?! ?[’']s comment).)*|on:)$")
GW_POST_HEAD = re.compile(r"\d+ comments?\b|\d+ min read\b")
# A permalink's title; the site's name follows it in the page's `<title>`, not in its heading.
SITE = r" [-–—] (?:Less ?Wrong|EA Forum|Effective Altruism Forum|AI Alignment Forum|GreaterWrong)\b.*"
PERMALINK_TITLE = re.compile(rf"^(?P<name>\S.{{0,48}}?) (?:comments on|answers) (?P<title>\S.*?)(?P<site>{SITE})?$")

# The reader (riceissa/ea-forum-reader, `users.py: html_page_for_user`, `posts.py: show_comment, show_answer`).
ISO_MOMENT = r"\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)"
READER_LINKS = r"(?: ?· ?(?:LW|EA|AF|GW|\(p\)|Legacy| )+)*"
READER_HEAD = re.compile(
    rf"^(?P<answers>↑ )?(?P<kind>Comment|comment|answer) by (?P<name>\S.*?)(?: on (?P<title>\S.*?))?"
    rf" ?(?:· )?(?P<date>{ISO_MOMENT}){READER_LINKS}(?: ?·)?$"
)
READER_POST = re.compile(
    rf"^post by (?P<name>\S.*?) ?· (?P<date>{ISO_MOMENT}){READER_LINKS}(?: ?· ?\d+ comments)?(?: ?·)?$"
)
READER_LINK_LINE = re.compile(r"^(?:·|LW|EA|AF|GW|\(p\)|Legacy|\d+ comments|\s)+$")
READER_OPENING = re.compile(r"^(?:↑ )?(?:comment|answer|post) by\b", re.IGNORECASE)
READER_REPLIES_LABEL = "Replies from:"
READER_REPLIES = re.compile(rf"^{READER_REPLIES_LABEL} (?P<names>\S.*)$")
READER_USER = re.compile(r"^(?P<name>\S.*?)(?: \([^()]*\))?$")

# Old LessWrong (tricycle/lesswrong, `templates/comment.html`, `lib/utils/utils.py: prettytime`; its zone is UTC).
OLD_DATE = (
    r"\d{2} (?:January|February|March|April|May|June|July|August|September|October|November|December)"
    r" \d{4} \d{2}:\d{2}:\d{2}[AP]M"
)
OLD_DATE_FORMAT = "%d %B %Y %I:%M:%S%p"
OLD_HEAD = re.compile(
    rf"^(?:In response to (?:comment by (?P<answered>\S+) on )?(?P<title>\S.*?) )?(?:Comment author: ?)"
    rf"(?P<name>[\w.\-]+|\[deleted\]) (?P<date>{OLD_DATE})(?: ?\*)?"
    r"(?: (?P<karma>-?\d+) points?)?(?: \[[-+]\])?$"
)
OLD_OPENING = re.compile(r"^(?:In response to\b|Comment author:)")
OLD_BUTTONS = re.compile(r"^(?:(?:Vote up|Vote down|Parent|Reply|Permalink|Report|Edit|Delete|Retract|Subscribe) ?)+$")
OLD_NOTICE = re.compile(r"^You are viewing a comment permalink\.")

# ForumMagnum (`CommentsListSection.tsx`, `CommentPermalink.tsx`, `UserProfileTopPostsSection.tsx`; the EA Forum's
# `EAUsersProfile.tsx`, `EAUsersMetaInfo.tsx` of January 2024).
HIGHLIGHT_NEW = re.compile(
    r"^(?:.*\bSorted by.*? ?)?(?:Click to highlight new|Highlighting \d+ new|No new)"
    r" (?:comments|quick takes) since:?.*$",
    re.IGNORECASE,
)
SHORTFORM_TITLE = re.compile(r"^(?P<name>\S.{0,48}?)['’]s? (?:Shortform|Quick [Tt]akes)(?: Feed)?$")
PERMALINK_LABEL = "Comment Permalink"
PERMALINK_END = "See in context"
PROFILE_TABS = frozenset({"All", "Posts", "Comments", "Quick-takes", "Wiki-edits", "Sequences"})
PROFILE_CONTROLS = frozenset({"⚙", "Sorted by:", "New", "Top"})
PROFILE_SIDEBAR = frozenset({"Subscribe", "Subscribed", "Message"})
TOP_POSTS = re.compile(r"^Top posts ?(?:Top post)?$")
EA_META = re.compile(r"^(?:\d[\d,]*|\d+(?:\.\d+)?k) karma ?(?:Joined\b.*)?$")
EA_COUNTED = re.compile(
    r"^(?P<heading>Posts|Sequences|Comments|Topic contributions|Participation) ?(?P<count>\d[\d,]*)?$"
)
AGE_LINE = re.compile(r"^(?P<age>now|[0-9]{1,3}(?:mo|[mhdy]))\*?$")
SCORE_LINE = re.compile(r"^(?:Ω ?)?-?\d{1,4}$")
COLLAPSE_LINE = re.compile(r"^\[[-+−–]\]$")
BUTTON_LINE = re.compile(r"^(?:Reply|Reply Message|Load More|\(show more\)|See in context)$")
