"""ConvoKit corpora: a folder of utterances, speakers and conversations, in the newer and the older layout.

Every utterance is a comment, the post that opened a thread too: replies name it as their parent. Headings of
Wikipedia's talk pages are utterances there and posts here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from forum_comments.readers.json_records import Found, read_objects
from forum_comments.readers.recognition import heads_of, read_recognised
from forum_comments.readers.reddit import SITE, STUBS, unescaped
from forum_comments.readers.splitting import TOP, Shape
from forum_comments.readers.values import (
    NO_ID,
    Extra,
    Problems,
    identifier,
    name,
    refuse,
    said,
    take_id,
    take_moment,
    take_name,
    take_text,
    text,
    whole_number,
    without_id,
)
from forum_comments.records import Dump, Fault, Item, Markup, Person, Post, Record

(CORPUS,) = FORMATS = ("convokit corpus",)
SHAPES = {TOP: FORMATS}
_MAP = Shape(is_map=True)

# File names in a corpus.
_UTTERANCES = ("utterances.jsonl", "utterances.json")
_CORPUS = "corpus.json"
_CONVERSATIONS = "conversations.json"
_SPEAKERS = ("speakers.json", "users.json")
_OTHERS = (_CORPUS, _CONVERSATIONS, *_SPEAKERS)

# Keys of an utterance, in the order in which ConvoKit itself looks for them.
_REPLY_TO = ("reply_to", "reply-to")
_SPEAKER = ("speaker", "user")
_CONVERSATION = ("conversation_id", "root")
_IS_HEADING = "is_section_header"
_NAMES = ("name", "username", "character_name")  # of a speaker whose id is no name

SOURCE = "convokit"
_NOT_IN_SOURCE = re.compile(r"[^a-z0-9]+")
UNKNOWN = -1  # how corpora of Reddit write a number that they do not know
# Corpora of Reddit have its Markdown; what others have is plain.
_REDDIT_META = frozenset(["subreddit", "permalink", "top_level_comment"])


def format_of(record: Extra) -> str | None:
    """Give the format of a dump in which such a record stands."""
    is_utterance = (
        "id" in record
        and "text" in record
        and any(key in record for key in _REPLY_TO)
        and any(key in record for key in _SPEAKER)
        and any(key in record for key in _CONVERSATION)
    )
    return CORPUS if is_utterance else None


def recognise_folder(folder: Path) -> Dump | None:
    """Recognise a corpus; None where the folder is none. Raises SourceError where its utterances cannot be opened."""
    for utterances in (folder / file_name for file_name in _UTTERANCES):
        heads = heads_of(utterances) if utterances.is_file() else ()
        if any(head.recognise(SHAPES, format_of) is not None for head in heads):
            others = (folder / file_name for file_name in _OTHERS)
            return Dump(folder, CORPUS, (utterances, *(file for file in others if file.is_file())))
    return None


def read(dump: Dump) -> Iterator[Item]:
    """Read a corpus: its conversations as posts, its speakers, its utterances.

    Raises SourceError where one of its files cannot be opened.
    """
    utterances, *others = dump.files
    source = SOURCE
    names: dict[str, str] = {}  # of speakers whose id is no name
    for file in others:
        if file.name == _CORPUS:
            source = _source_of(file)
            continue
        for found in read_objects(file, _MAP):
            if isinstance(found, Fault):
                yield Fault(found.kind, f"{file.name}: {found.detail}")
            elif not found.key:
                yield Fault(NO_ID, f"{file.name}: record {found.number}: expected an id as its key")
            elif file.name == _CONVERSATIONS:
                yield _conversation(found.key, found.value, source)
            elif (speaker_id := name(found.key)) is not None:
                yield _speaker(speaker_id, found.value, source, names)
    alone = dump._replace(path=utterances)
    headings = _headings_of(read_recognised(alone, SHAPES, format_of))
    for found in read_recognised(alone, SHAPES, format_of):
        yield found if isinstance(found, Fault) else _utterance(found, source, names, headings)


def _headings_of(found: Iterator[Found | Fault]) -> set[str | None]:
    """Give the ids of the headings, which replies name as their parents; a corpus marks all utterances or none."""
    headings: set[str | None] = set()
    for utterance in found:
        if isinstance(utterance, Fault):
            continue
        meta = utterance.value.get("meta")
        if not isinstance(meta, dict) or _IS_HEADING not in meta:
            break
        if meta[_IS_HEADING] is True:
            headings.add(identifier(utterance.value.get("id")))
    return headings


def _source_of(file: Path) -> str:
    """Tell corpora apart by the name that they give themselves, if they do: ids such as `0` are in many."""
    for found in read_objects(file, TOP):
        if isinstance(found, Found) and (own_name := text(found.value.get("name"))) is not None:
            return f"{SOURCE}_{_short(own_name.casefold())}"
    return SOURCE


def _short(name: str) -> str:
    """Write a name as an id can hold it, unless letters would go: two corpora must not become one."""
    short = _NOT_IN_SOURCE.sub("_", name).strip("_")
    return short if short and name.isascii() else name


def _meta_of(value: Extra) -> Extra:
    """Give what is said of a speaker or conversation: under `meta`, or in the older layout at once."""
    meta = value.get("meta")
    return said(meta if isinstance(meta, dict) else value)


def _conversation(conversation_id: str, value: Extra, source: str) -> Post:
    meta = _meta_of(value)
    return Post(source, conversation_id, text(meta.pop("title", None)), extra=meta)


def _speaker(speaker_id: str, value: Extra, source: str, names: dict[str, str]) -> Person:
    """Make a person, and add their name to `names` where the id is another one."""
    meta = _meta_of(value)
    own_name = next((own for key in _NAMES if (own := name(meta.get(key))) is not None), None)
    if own_name is not None:
        names[speaker_id] = own_name
    return Person(source, speaker_id, own_name or speaker_id, extra=meta)


def _utterance(found: Found, source: str, names: dict[str, str], headings: set[str | None]) -> Record | Post | Fault:
    extra, problems = found.value, found.problems
    source_id = take_id("id", extra, problems)
    if source_id is None:
        return without_id(found.number, "id", extra)
    meta: Extra = extra.get("meta") if isinstance(extra.get("meta"), dict) else {}  # type: ignore[assignment]
    if meta.get(_IS_HEADING) is True:
        return Post(source, source_id, take_text("text", extra, problems), extra=said(extra))
    parent_id = take_id(_first_of(_REPLY_TO, extra), extra, problems)
    speaker_id = take_name(_first_of(_SPEAKER, extra), extra, problems)
    conversation_id = take_id(_first_of(_CONVERSATION, extra), extra, problems)
    if extra.get("timestamp") == UNKNOWN:
        del extra["timestamp"]
    body, markup, status = _take_body(extra, meta, problems)
    karma = whole_number(meta.get("score"))
    if karma is not None:
        del meta["score"]
    if not extra.get("vectors"):
        extra.pop("vectors", None)
    permalink = text(meta.get("permalink"))
    return Record(
        number=found.number,
        source=source,
        source_id=source_id,
        body=body,
        markup=markup,
        parent_source_id=parent_id if parent_id not in headings else None,
        thread_id=conversation_id,
        post_id=conversation_id,
        author_id=speaker_id,
        author_name=names.get(speaker_id, speaker_id) if speaker_id is not None else None,
        posted_at=take_moment("timestamp", extra, problems),
        karma=karma,
        status=status,
        url=SITE + permalink if permalink is not None and permalink.startswith("/r/") else None,
        extra=said(extra),
        problems=problems,
    )


def _first_of(keys: tuple[str, ...], extra: Extra) -> str:
    """Give the first of some keys that a record has, or else the first."""
    return next((key for key in keys if key in extra), keys[0])


def _take_body(extra: Extra, meta: Extra, problems: Problems) -> tuple[str | None, Markup, str | None]:
    """Take the text out of an utterance, and say in what it is written and what became of it."""
    body = extra.pop("text", None)
    if not isinstance(body, str):
        refuse("text", body, "text", extra, problems)
        return None, "plain", None
    if body in STUBS:
        return None, "plain", STUBS[body]
    if meta.keys() & _REDDIT_META:
        return unescaped(body), "markdown", None
    return body, "plain", None
