"""What one source says of a comment otherwise than the comment's row, for readers."""

from __future__ import annotations

import json

from forum_comments.pages.reading import Row
from forum_comments.pages.wording import DIFFERENCE_WORDS, PRINTED_WORDS

CHARACTERS_SHOWN = 200  # of a value, which may be a whole text


def differences(place: Row, comment: Row) -> list[dict[str, str | None]]:
    """What `place`, a row of `appearances`, says otherwise than `comment`: `what` and `value` (None: it has none).

    What a source leaves open is no difference to readers, but for a text: there it was gone when the source was made.
    """
    stated = json.loads(place["differs"] or "{}")
    found = {
        **{word: place[name] for name, word in PRINTED_WORDS.items() if place[name] not in (None, comment[name])},
        **{
            word: _plain(stated[name])
            for name, word in DIFFERENCE_WORDS.items()
            if name in stated and (stated[name] is not None or name == "body")
        },
    }
    return [{"what": what, "value": _shortened(value)} for what, value in found.items()]


def _plain(value: object) -> object:
    """An author is stated as the source and what it calls them; readers know the source from the place."""
    return value[-1] if isinstance(value, list) and value else value


def _shortened(value: object) -> str | None:
    if value is None:
        return None
    text = str(value)
    return text if len(text) <= CHARACTERS_SHOWN else f"{text[:CHARACTERS_SHOWN]}…"
