"""What saved HTML of each family looks like, as data: CSS selectors and patterns of addresses, with their sources."""

from __future__ import annotations

import re

# Which forum's ids a page holds, by the hosts that it names; its canonical address first, then its links.
FORUM_HOSTS = {
    "forum.effectivealtruism.org": "ea",
    "ea.greaterwrong.com": "ea",
    "eaforum.issarice.com": "ea",
    "lesswrong.com": "lw",
    "alignmentforum.org": "lw",
    "greaterwrong.com": "lw",
    "lw2.issarice.com": "lw",
}
# Ids of LessWrong before 2018 are other ones: numbers in base 36.
OLD_LESSWRONG = "lw1"
FORUM_ID = re.compile(r"^[A-Za-z0-9]{3,40}$")
POST_ADDRESS = re.compile(r"/posts/(?P<post>[A-Za-z0-9]{3,40})(?:[/?#]|$)")
ID_IN_ADDRESS = re.compile(r"(?:[?&]commentId=|#comment-|#|/comment/|/answer/)(?P<id>[A-Za-z0-9]{3,40})$")
USER_ADDRESS = re.compile(r"/users?/(?P<slug>[^/?#]+)")
CANONICAL = 'link[rel="canonical"]'
NUMBER = re.compile(r"^[-−]?\d[\d,]*$")

# ForumMagnum: classes are component and rule (`CommentFrame.tsx`, `CommentsItemMeta.tsx`, `SingleLineComment.tsx`,
# `CommentBody.tsx`, `OverallVoteAxis.tsx`, `AgreementVoteAxis.tsx`, `CommentsItem.tsx`).
FM_COMMENT = ".comments-node"
FM_COMMENT_CLASS = "comments-node"
FM_META = '[class*="CommentsItemMeta-root"], [class*="SingleLineComment-commentInfo"]'
FM_SINGLE_LINE = "SingleLineComment-commentInfo"
FM_AUTHOR_LINK = 'a[href*="/users/"]'
FM_AUTHOR = (
    '[class*="CommentUserName-author"], [class*="CommentsItemMeta-username"], '
    '[class*="SingleLineComment-username"], [class*="UserNameDeleted"]'
)
FM_BODY = (
    '[class*="CommentBody-commentStyling"], [class*="CommentBody-answerStyling"], '
    '[class*="SingleLineComment-truncatedHighlight"]'
)
FM_KARMA = (
    '[class*="OverallVoteAxis-voteScore"], [class*="SingleLineComment-leadingInfo"], [class*="SingleLineComment-karma"]'
)
FM_SECOND_SYMBOL = '[class*="OverallVoteAxis-secondarySymbol"]'
FM_SECOND_SCORE = '[class*="OverallVoteAxis-secondaryScoreNumber"]'
FM_AGREEMENT = '[class*="AgreementVoteAxis-agreementScore"]'
FM_POST_TITLE = '[class*="CommentsItem-postTitle"]'
FM_PERMALINK = 'a[href*="commentId="]'
FM_RETRACTED = "retracted"
ALIGNMENT_SYMBOL = "Ω"

# GreaterWrong (`comment-threads.lisp: comment-item-to-html`, `data-viewers/comment.lisp: comment-to-html`).
GW_COMMENT = "li.comment-item"
GW_COMMENT_CLASS = "comment-item"
GW_COMMENT_ID = re.compile(r"^comment-(?P<id>[A-Za-z0-9]{3,40})$")
GW_DELETED = "deleted-comment"
GW_SHOWN = ".comment"
GW_AUTHOR = ".comment-meta .author"
GW_DATE = ".comment-meta a.date"
GW_DATE_ATTRIBUTE = "data-js-date"  # milliseconds since 1970
GW_KARMA = ".comment-meta .karma .karma-value"
GW_AGREEMENT = ".comment-meta .agreement .karma-value"
GW_PERMALINK = ".comment-meta a.permalink"
GW_POST = ".comment-meta .comment-post-title2 a"
GW_ANSWERED = ".comment-meta .comment-in-reply-to a"
GW_PARENT = ".comment-meta a.comment-parent-link"
GW_BODY = ".comment-body"
GW_TITLE = "h1.post-title"

# Old LessWrong (`templates/printable.html`, `comment_skeleton.html`, `comment.html`).
OLD_COMMENT = '[id^="thingrow_t1_"]'
OLD_ID = re.compile(r"^thingrow_t1_(?P<id>[0-9a-z]{1,12})$")
OLD_SHOWN = "#display_t1_{id}"
OLD_BODY = "#body_t1_{id}"
OLD_META = ".comment-meta"
OLD_AUTHOR = ".comment-author .author"
OLD_DATE = ".comment-date"
OLD_DATE_ATTRIBUTE = "time"  # seconds since 1970
OLD_KARMA = ".votes"
OLD_POINTS = re.compile(r"^(?P<karma>-?\d+) points?$")
OLD_POST = "#pre_t1_{id} a.title"

# The reader (`posts.py: show_comment, show_answer`, `users.py: html_page_for_user`).
READER_COMMENT = "div[id]"
READER_SUMMARY = "div[id] > details > summary"
READER_USER_COMMENT = "#content > div[style]"
READER_FRAMES = frozenset({"content", "wrapper"})  # ids of elements that hold the page
