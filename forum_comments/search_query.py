"""The language of the search box: any text in, a `Query` out, and from it an FTS5 expression and SQL conditions.

Every text is a legal query. What cannot be meant as an operator is searched as plain words, what holds no letter or
digit is left out, and `Query.notes` says so. Nothing of the text reaches FTS5 but runs of letters and digits between
double quotes, and nothing of it reaches SQL but as a parameter.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import Literal

Field = Literal["text", "own", "quoted", "author"]

# Long enough for a pasted paragraph; a longer one is cut and the notes say so.
MAX_CHARACTERS = 2_000
# bm25 looks at every word of the query in every candidate; FTS5 itself refuses expressions nested deeper than 256.
MAX_WORDS = 40
# FTS5 reads every word of the index that begins with the prefix. Three bytes of UTF-8 are three Latin letters, two
# Greek or Cyrillic ones, or one Chinese character, which is a word by itself.
MIN_PREFIX_BYTES = 3
# Putting a broad prefix together takes FTS5 a tenth of a second in a million comments, in which nothing can stop it.
MAX_PREFIXES = 3

WORD_FIELDS: dict[str, Field] = {"own": "own", "quoted": "quoted", "author": "author"}
DATE_OPERATORS = ("after", "before")
FLAG_CONDITIONS = {
    "is:reply": "c.parent_id is not null",
    "is:cut": "c.is_truncated = 1",
    "is:quoted": "c.id in (select quoted_comment_id from passages where quoted_comment_id is not null)",
    "has:quotation": "c.quoted_text is not null",
}
OPERATORS = (*WORD_FIELDS, *DATE_OPERATORS, "is", "has")
# What people type who know other search boxes; here such a word is a word.
BOOLEAN_WORDS = frozenset({"AND", "OR", "NOT", "NEAR"})

QUOTATION_MARKS = str.maketrans({"“": '"', "”": '"', "„": '"', "‟": '"', "«": '"', "»": '"'})
TOKEN = re.compile(
    rf"""(?:(?P<operator>{"|".join(OPERATORS)}):(?=\S))?"""
    r"""(?:"(?P<phrase>[^"]*)(?:"(?P<star>\*?)|\Z)|(?P<word>\S+))""",
    re.IGNORECASE,
)
DATE = re.compile(r"([0-9]{4})(?:-([0-9]{2}))?(?:-([0-9]{2}))?")


@dataclass(frozen=True, slots=True)
class Term:
    """Words that must stand one after the other; with `is_prefix` the last one only has to begin so."""

    words: tuple[str, ...]
    field: Field = "text"
    is_prefix: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """What a search text asks for. All terms and flags must hold; of several authors, any one."""

    text: str  # as given, made encodable and cut to MAX_CHARACTERS
    terms: tuple[Term, ...] = ()
    after: tuple[str, ...] = ()  # beginnings of ISO 8601 dates: 2021, 2021-05 or 2021-05-17
    before: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()  # keys of FLAG_CONDITIONS
    notes: tuple[str, ...] = ()  # sentences: what was left out or read in another way than it may have been meant

    @property
    def is_empty(self) -> bool:
        """Whether it asks for nothing."""
        return not (self.terms or self.after or self.before or self.flags)

    @property
    def has_prefix(self) -> bool:
        """Whether a term is the beginning of a word, which FTS5 pays for at each reading."""
        return any(term.is_prefix for term in self.terms)


def parse(text: str) -> Query:
    """Read any text as a query; never raises."""
    text = text.encode("utf-8", "replace").decode("utf-8")
    notes = []
    if len(text) > MAX_CHARACTERS:
        notes.append(f"Only the first {MAX_CHARACTERS:,} characters are searched.")
        text = text[:MAX_CHARACTERS]
    reading = _Reading(notes)
    for match in TOKEN.finditer(text.translate(QUOTATION_MARKS)):
        reading.take(match)
    return reading.query(text)


class _Reading:
    """Collects terms, dates, flags and notes from the tokens of one text."""

    def __init__(self, notes: list[str]) -> None:
        self.notes = notes
        self.terms: list[Term] = []
        self.dates: dict[str, list[str]] = {name: [] for name in DATE_OPERATORS}
        self.flags: list[str] = []
        self.words_left = MAX_WORDS

    def take(self, match: re.Match[str]) -> None:
        operator = (match["operator"] or "").lower()
        value = match["phrase"] if match["phrase"] is not None else match["word"]
        if operator in DATE_OPERATORS:
            if _is_date(value):
                self.dates[operator].append(value)
                return
            self.note(f"“{match[0]}” needs a date such as 2021, 2021-05 or 2021-05-17; it is searched as words.")
        elif operator in ("is", "has"):
            flag = f"{operator}:{value.lower()}"
            if flag in FLAG_CONDITIONS:
                if flag not in self.flags:
                    self.flags.append(flag)
                return
            self.note(f"“{match[0]}” is none of {', '.join(FLAG_CONDITIONS)}; it is searched as words.")
        elif match[0].rstrip(":").lower() in OPERATORS and match[0].endswith(":"):
            self.note(f"“{match[0]}” needs its value right after the colon; it is searched as a word.")
        if operator and operator not in WORD_FIELDS:
            value = match[0]
        self.take_words(match[0], value, WORD_FIELDS.get(operator, "text"), bool(match["star"]))

    def take_words(self, shown: str, value: str, field: Field, star_after_quote: bool) -> None:
        words = _words(value)
        if not words:
            self.note(f"“{shown}” holds no letter or digit and is left out.")
            return
        if value in BOOLEAN_WORDS:
            self.note(f"“{value}” is searched as a word: all words must be there anyway.")
        is_prefix = star_after_quote or value.endswith("*")
        symbols = value.removesuffix("*") if is_prefix else value
        if any(unicodedata.category(c)[0] == "S" or c in "#%&*/\\@" for c in symbols):
            self.note(f"Only letters and digits are searched: “{shown}” as “{' '.join(words)}”.")
        is_prefix = is_prefix and self.allows_prefix(shown, words[-1])
        if Term(tuple(words), field, is_prefix) in self.terms:
            return
        if len(words) > self.words_left:
            self.note(f"Only the first {MAX_WORDS} words are searched.")
            words, is_prefix = words[: self.words_left], False
        self.words_left -= len(words)
        if words:
            self.terms.append(Term(tuple(words), field, is_prefix))

    def allows_prefix(self, shown: str, beginning: str) -> bool:
        if len(beginning.encode()) < MIN_PREFIX_BYTES:
            self.note(f"“{shown}” is too broad: give at least three letters before the *. It is searched as a word.")
            return False
        if sum(term.is_prefix for term in self.terms) >= MAX_PREFIXES:
            self.note(f"Only {MAX_PREFIXES} words may end in *; “{shown}” is searched as a word.")
            return False
        return True

    def note(self, sentence: str) -> None:
        if sentence not in self.notes:
            self.notes.append(sentence)

    def query(self, text: str) -> Query:
        return Query(
            text=text,
            terms=tuple(self.terms),
            after=tuple(self.dates["after"]),
            before=tuple(self.dates["before"]),
            flags=tuple(self.flags),
            notes=tuple(self.notes),
        )


def _words(value: str) -> list[str]:
    """Return the runs of characters that FTS5's unicode61 may read as words.

    It takes the categories L*, N* and Co; marks are kept too, because they belong to the letter before them. A run
    needs at least one of the former.
    """
    kept = "".join(c if unicodedata.category(c)[0] in "LNM" or unicodedata.category(c) == "Co" else " " for c in value)
    return [word for word in kept.split() if any(unicodedata.category(c)[0] != "M" for c in word)]


def _is_date(value: str) -> bool:
    match = DATE.fullmatch(value)
    if not match:
        return False
    try:
        date(int(match[1]), int(match[2] or 1), int(match[3] or 1))
    except ValueError:
        return False
    return True


def fts_expression(query: Query) -> str | None:
    """Return the FTS5 expression of the query's terms over the columns of `comments_fts`; None without terms.

    Plain words are joined by a space, not by AND: FTS5 then leaves out a phrase in which its own tokenizer, which knows
    another version of Unicode than Python, finds no word, instead of finding nothing at all.
    """
    parts = []
    plain = [_phrase(term) for term in query.terms if term.field == "text"]
    if plain:
        parts.append(f"{{body author_name}} : ({' '.join(plain)})")
    for term in query.terms:
        if term.field == "own":
            parts.append(_own_words(_phrase(term)))
        elif term.field == "quoted":
            parts.append(f"({{quoted_text}} : {_phrase(term)})")
    authors = [f"({{author_name}} : ({' '.join(_each_word(term))}))" for term in query.terms if term.field == "author"]
    if authors:
        parts.append(f"({' OR '.join(authors)})")
    return " AND ".join(parts) or None


def _phrase(term: Term) -> str:
    return f'"{" ".join(term.words)}"' + (" *" if term.is_prefix else "")


def _each_word(term: Term) -> list[str]:
    """Return a name's words one by one, since their order does not matter: author:"kosoy vanessa"."""
    return [*(f'"{word}"' for word in term.words[:-1]), _phrase(Term(term.words[-1:], is_prefix=term.is_prefix))]


def _own_words(phrase: str) -> str:
    """Return the expression for words of the comment's own.

    `own_text` is NULL where nothing is quoted, so it is not enough to look there: the words stand in the body, and
    not only in what it quotes. A phrase that runs from quoted into own words counts as own.
    """
    return f"({{body}} : {phrase} NOT ({{quoted_text}} : {phrase} NOT {{own_text}} : {phrase}))"


def conditions(query: Query) -> tuple[list[str], dict[str, str]]:
    """Return what the query asks of columns: SQL conditions on `comments as c` and their parameters.

    `after:` is inclusive and `before:` is not, so that `after:2021 before:2022` is the year 2021. Comments without a
    date satisfy neither.
    """
    found = [FLAG_CONDITIONS[flag] for flag in query.flags]
    parameters = {}
    if query.after:
        found.append("c.posted_at >= :after")
        parameters["after"] = max(query.after)
    if query.before:
        found.append("c.posted_at < :before")
        parameters["before"] = min(query.before)
    return found, parameters
