"""ForumMagnum (LessWrong, the Alignment Forum, the EA Forum): comments, posts and users as its GraphQL API gives them.

A bare list, an API answer, JSON Lines or a single object. A dump of one person's comments may name that person only in
the name of the file, `user_<id>_comments.json`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from forum_comments.readers.json_records import Found
from forum_comments.readers.recognition import KEYS_SHOWN, read_recognised
from forum_comments.readers.splitting import NOT_READ, TOP, Shape
from forum_comments.readers.values import (
    Extra,
    Problems,
    identifier,
    moment,
    name,
    refuse,
    said,
    take_id,
    take_moment,
    take_number,
    take_text,
    text,
    whole_number,
    without_id,
)
from forum_comments.records import Dump, Fault, Item, Markup, Person, Post, Record

COMMENTS, POSTS, USERS = FORMATS = ("forummagnum comments", "forummagnum posts", "forummagnum users")
SHAPES = {TOP: FORMATS, Shape(frozenset([b"results"]), frozenset([b"result"])): FORMATS}

_COMMENT_KEYS = frozenset(["postId", "tagId", "parentCommentId", "topLevelCommentId"])
_BODY_KEYS = frozenset(["contents", "htmlBody", "body"])
_POST_KEYS = frozenset(["postedAt", "slug", "commentCount", "htmlBody", "contents"])
_USER_KEYS = frozenset(["displayName", "username"])

DEFAULT_SOURCE = "lw"
_SOURCES = {"lesswrong.com": "lw", "alignmentforum.org": "af", "effectivealtruism.org": "ea"}
_FILE_OF_USER = re.compile(r"user_([0-9A-Za-z]{10,27})_")

# Parts of a text, cut at 2,000 characters, without quotations or markup: no body, and nothing new beside one.
_EXCERPTS = ("plaintextMainText", "plaintextDescription")
_COPIES = ("html", "markdown", *_EXCERPTS)
# The site calls a comment edited when it was changed more than an hour after it was posted.
_EDITED_AFTER = timedelta(hours=1)


def format_of(record: Extra) -> str | None:
    """Give the format of a dump in which such a record stands."""
    if "_id" not in record:
        return None
    keys = record.keys()
    if keys & _COMMENT_KEYS:
        return COMMENTS
    if "title" in record and keys & _POST_KEYS:
        return POSTS
    return USERS if keys & _USER_KEYS else None


def read(dump: Dump) -> Iterator[Item]:
    """Read comments, posts and users. Raises SourceError where the file cannot be opened."""
    return items_of(dump, read_recognised(dump, SHAPES, format_of))


def items_of(dump: Dump, records: Iterable[Found | Fault]) -> Iterator[Item]:
    """Make comments, posts and users of records."""
    user = _FILE_OF_USER.match(dump.path.name)
    user_of_file = user.group(1) if user is not None else None
    seen: set[str] = set()  # posts of which comments have told
    for found in records:
        if isinstance(found, Fault):
            yield found
            continue
        format_ = format_of(found.value)
        if format_ == USERS:
            yield _person(found)
        elif format_ == POSTS:
            yield _post(found.value, found.number, user_of_file)
        elif format_ is None and not found.value.keys() & _BODY_KEYS and "_id" in found.value:
            keys = ", ".join(sorted(found.value)[:KEYS_SHOWN])
            yield Fault(
                NOT_READ, f"record {found.number}: expected a comment, a post or a user; it has the keys {keys}"
            )
        else:
            yield from _post_of(found.value, seen)
            yield _comment(found, user_of_file)


def _comment(found: Found, user_of_file: str | None) -> Record | Fault:
    extra, problems = found.value, found.problems
    source_id = take_id("_id", extra, problems)
    if source_id is None:
        return without_id(found.number, "_id", extra)
    url = take_text("pageUrl", extra, problems)
    posted_at = take_moment("postedAt", extra, problems)
    post_id = take_id("postId", extra, problems)
    body, markup = _take_body(extra, problems)
    author_id, author_name = _take_author(extra, user_of_file)
    return Record(
        number=found.number,
        source=_source(url),
        source_id=source_id,
        body=body,
        markup=markup,
        parent_source_id=take_id("parentCommentId", extra, problems),
        thread_id=post_id or identifier(extra.get("tagId")),
        post_id=post_id,
        author_id=author_id,
        author_name=author_name,
        posted_at=posted_at,
        edited_at=_take_edited(extra, posted_at),
        karma=take_number("baseScore", extra, problems),
        af_karma=take_number("afBaseScore", extra, problems),
        agreement=_agreement(extra),
        status=_status(extra),
        url=url,
        extra=said(extra),
        problems=problems,
    )


def _take_body(extra: Extra, problems: Problems) -> tuple[str | None, Markup]:
    """Take the fullest form of the text out of a comment; what only repeats it goes too."""
    contents = extra.get("contents")
    revision = contents if isinstance(contents, dict) else {}
    html_body = extra.pop("htmlBody", None)
    bodies: tuple[tuple[object, Markup], ...] = (
        (revision.get("html"), "html"),
        (html_body, "html"),
        (revision.get("markdown"), "markdown"),
    )
    for body, markup in bodies:
        if isinstance(body, str):
            for copy in _COPIES:
                revision.pop(copy, None)
            if not revision:
                extra.pop("contents", None)
            return body, markup
    if html_body is not None:
        refuse("htmlBody", html_body, "HTML", extra, problems)
    if any(revision.get(part) for part in _EXCERPTS):
        problems.append(("no body", "the dump has only an excerpt of the text, in `extra`; expected html or markdown"))
    elif isinstance(body := extra.pop("body", None), str):  # older dumps: without any markup
        return body, "plain"
    return None, "plain"


def _take_author(extra: Extra, user_of_file: str | None) -> tuple[str | None, str | None]:
    """Take id and name of the author out of a comment; neither where the forum shows nobody."""
    user = extra.get("user")
    written = extra.pop("author", None)
    if extra.get("hideAuthor") is True:
        extra.pop("user", None)  # whom the forum hides, this hides
        extra.pop("userId", None)
        return None, None
    if extra.get("deleted") is True or ("user" in extra and user is None):
        return None, None
    details = user if isinstance(user, dict) else {}
    author_id = identifier(extra.pop("userId", None)) or identifier(details.get("_id")) or user_of_file
    author_name = name(details.pop("displayName", None)) or name(written) or name(details.get("username"))
    if isinstance(user, dict) and user.keys() <= {"_id"}:
        del extra["user"]
    return author_id, author_name


def _take_edited(extra: Extra, posted_at: str | None) -> str | None:
    """Take the date of the last edit out of a comment where the forum itself calls it edited."""
    edited_at = moment(extra.get("lastEditedAt"))
    if edited_at is None or posted_at is None:
        return None
    if datetime.fromisoformat(edited_at[:19]) - datetime.fromisoformat(posted_at[:19]) <= _EDITED_AFTER:
        return None
    del extra["lastEditedAt"]
    return edited_at


def _agreement(extra: Extra) -> int | None:
    """Give the second score of a comment; the dump's `extendedScore` stays, it has counts and reactions too."""
    scores = extra.get("extendedScore")
    return whole_number(scores.get("agreement")) if isinstance(scores, dict) else None


def _status(extra: Extra) -> str | None:
    """Say what became of a comment, the gravest first."""
    if extra.get("deleted") is True:
        remover = extra.get("deletedByUserId")
        if remover is None or extra.get("userId") is None:
            return "deleted"
        return "deleted by author" if remover == extra["userId"] else "removed by moderator"
    return next((field for field in ("rejected", "draft", "retracted") if extra.get(field) is True), None)


def _source(url: str | None) -> str:
    """Tell the forum by the address of a page."""
    if url is None:
        return DEFAULT_SOURCE
    return next((source for domain, source in _SOURCES.items() if _is_in(url, domain)), DEFAULT_SOURCE)


def _is_in(url: str, domain: str) -> bool:
    host = url.split("/", 3)[2] if url.count("/") >= 2 else ""
    return host == domain or host.endswith(f".{domain}")


def _post_of(comment: Extra, seen: set[str]) -> Iterator[Post]:
    """Give the post that a comment carries along, the first time."""
    post = comment.get("post")
    if isinstance(post, dict) and (post_id := identifier(post.get("_id"))) is not None and text(post.get("title")):
        del comment["post"]
        comment.setdefault("postId", post_id)
        if post_id not in seen:
            seen.add(post_id)
            page = comment.get("pageUrl")
            yield Post(_source(page if isinstance(page, str) else None), post_id, text(post["title"]), extra=said(post))


def _post(value: Extra, number: int, user_of_file: str | None) -> Post | Fault:
    post_id = identifier(value.pop("_id"))
    if post_id is None:
        return without_id(number, "_id", value)
    url = text(value.pop("pageUrl", None))
    if user_of_file is not None:
        value.setdefault("userId", user_of_file)
    return Post(_source(url), post_id, text(value.pop("title", None)), url, said(value))


def _person(found: Found) -> Person | Fault:
    value = found.value
    user_id = identifier(value.pop("_id"))
    if user_id is None:
        return without_id(found.number, "_id", value)
    shown = name(value.get("displayName")) or name(value.get("username"))
    if shown is None:
        return Fault("person without name", f"record {found.number}: {user_id} has no displayName")
    value.pop("displayName", None)
    url = text(value.get("pageUrl"))
    return Person(_source(url), user_id, shown, text(value.pop("bio", None)), said(value))
