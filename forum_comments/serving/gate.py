"""The outermost part of the server: what it refuses, what it need not answer again, what every answer says."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from forum_comments.serving import policy
from forum_comments.serving.exchange import Exchange, current
from forum_comments.serving.lanes import SECONDS_BEFORE_BUSY, SECONDS_UNTIL_RETRY, Place, Places, lane_of
from forum_comments.serving.nonces import nonce_of

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]
Headers = dict[str, str]

# Paths without base_url.
DATA = re.compile(r"\.(?:json|csv|jsono|atom|blob)$")
HOME = "/"  # names people too, and is the one page without which the site cannot be found
PERMALINK = re.compile(r"/-/comment/[^/]+$")
OWN_STATIC = re.compile(r"/static/")  # with the site's version behind the “?”
STOCK_STATIC = re.compile(r"/-/static/")  # with a hash of the file there
PAGE_FOR_READERS = re.compile(
    r"/(?:|-/(?:thread|author|source|comment)/[^/]+|-/(?:about|statistics)|comments/comments/[^/.]+)$"
)
NOT_VALIDATED = re.compile(r"/-/(?:actor|auth-token|health|logout)\b")  # they depend on more than the build


@dataclass
class Site:
    """What is known of the site.

    `version` is None until it has started, and where a database may change. `menu` are the links that plugins put into
    the menu, as Datasette gives them; None until they are asked for.
    """

    base_url: str = "/"
    version: str | None = None
    hidden_authors: frozenset[str] = frozenset()
    menu: list[dict[str, str]] | None = None
    places: Places = field(default_factory=Places)


@dataclass(frozen=True)
class Question:
    """A request as the gate needs it: `path` is without `base_url`."""

    method: str
    path: str
    query_string: str
    headers: Headers

    @property
    def is_personal(self) -> bool:
        """Whether the answer may depend on who asks."""
        return "cookie" in self.headers or "authorization" in self.headers


@dataclass(frozen=True)
class Refusal:
    """An answer of the gate itself: a sentence for the reader."""

    status: int
    sentence: str
    headers: Headers = field(default_factory=dict)


class Gate:
    """An ASGI application around Datasette's."""

    def __init__(self, app: App, site: Site) -> None:
        self.app = app
        self.site = site

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or hand it on; other kinds of scope are Datasette's alone."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        question = question_of(scope, self.site.base_url)
        refusal = refusal_of(question)
        lane = lane_of(question.path, question.query_string)
        place = None if refusal else self.site.places.take(lane, bool(DATA.search(question.path)))
        if place is None:
            if refusal is None:
                await asyncio.sleep(SECONDS_BEFORE_BUSY)
            await refuse(question, refusal or BUSY, send)
            return
        try:
            if self._has_it(question):
                await answer(send, 304, self._lasting_headers(question))
            else:
                await self._hand_on(question, place, scope, receive, send)
        finally:
            place.leave()

    async def _hand_on(self, question: Question, place: Place, scope: Scope, receive: Receive, send: Send) -> None:
        exchange = Exchange(lambda: self._nonce(question), self.site.hidden_authors)

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                place.begun()
                message = {**message, "headers": self._headers(question, exchange, message)}
            await send(message)

        with current(exchange):
            answering = self.app(scope, receive, send_with_headers)
            await (while_awaited(answering, receive) if place.until_end else answering)

    def _nonce(self, question: Question) -> str:
        """The nonce of a page. It is asked for late: the first request may be what starts the site."""
        return nonce_of(self.site.version, question.headers.get("host", ""), question.path, question.query_string)

    def _has_it(self, question: Question) -> bool:
        """Whether the reader has the answer already: it was made from this state of the site."""
        asked = question.headers.get("if-none-match", "")
        return (
            self.site.version is not None
            and not question.is_personal
            and any(tag.strip() == f'W/"{self.site.version}"' for tag in asked.split(","))
        )

    def _lasting_headers(self, question: Question) -> Headers:
        """How long an answer stays good. A 304 has only these: it leaves the policy of the page that the reader has."""
        is_hashed = question.query_string and (
            STOCK_STATIC.match(question.path)
            or (OWN_STATIC.match(question.path) and question.query_string == self.site.version)
        )
        fresh = policy.REVALIDATE if PERMALINK.match(question.path) else policy.FRESH
        return {
            "ETag": f'W/"{self.site.version}"',
            "Cache-Control": policy.FOREVER if is_hashed else fresh,
            "Vary": "Cookie, Authorization",
        }

    def _headers(self, question: Question, exchange: Exchange, message: Message) -> list[tuple[bytes, bytes]]:
        """The headers of an answer: the application's, except where the gate has a word on the same."""
        ours = {**policy.HEADERS, "Content-Security-Policy": content_security_policy(exchange.admitted)}
        is_hidden = exchange.is_hidden and question.path != HOME
        if is_hidden or question.query_string or not PAGE_FOR_READERS.match(question.path):
            ours["X-Robots-Tag"] = policy.NO_INDEX
        is_good = message["status"] in (200, 302)
        if not is_good:
            ours["Cache-Control"] = policy.NEVER
        elif self.site.version is not None and not question.is_personal and not NOT_VALIDATED.match(question.path):
            lasting = self._lasting_headers(question)
            ours |= lasting if message["status"] == 200 else {"Cache-Control": policy.REVALIDATE}
        names = {name.lower().encode() for name in ours}
        theirs = [(name, value) for name, value in message["headers"] if name.lower() not in names]
        if any(name.lower() == b"set-cookie" for name, _ in theirs):
            ours["Cache-Control"] = policy.NEVER
        return theirs + encoded(ours)


def question_of(scope: Scope, base_url: str) -> Question:
    """Read a request. The path is as Datasette's routes see it, not decoded."""
    path = (scope.get("raw_path") or scope["path"].encode()).decode("latin-1").partition("?")[0]
    if base_url != "/" and path.startswith(base_url):
        path = "/" + path[len(base_url) :]
    headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
    return Question(scope["method"], path, scope["query_string"].decode("latin-1"), headers)


def refusal_of(question: Question) -> Refusal | None:
    """Why a request is not handed on; None for most."""
    if question.method not in policy.METHODS:
        allowed = ", ".join(policy.METHODS)
        return Refusal(405, f"This site is for reading: it answers {allowed} alone.", {"Allow": allowed})
    if policy.CLOSED.fullmatch(question.path):
        return Refusal(404, "This page is not served here.")
    if len(question.query_string) > policy.LONGEST_QUERY_STRING:
        return Refusal(414, f"The address has more than {policy.LONGEST_QUERY_STRING:,} characters after its “?”.")
    arguments = parse_qsl(question.query_string, keep_blank_values=True)
    if len(arguments) > policy.MOST_ARGUMENTS:
        return Refusal(400, f"The address has more than {policy.MOST_ARGUMENTS} arguments.")
    if any(name == "sql" and "\0" in value for name, value in arguments):
        return Refusal(400, "The SQL holds a NUL character.")  # Datasette 1.0 answers 500
    if any(name == "sql" and policy.TOO_MANY_BLANKS.search(value) for name, value in arguments):
        return Refusal(400, "The SQL holds a run of several hundred blanks.")
    if sum(name.startswith("_facet") for name, _ in arguments) > policy.MOST_FACETS:
        return Refusal(400, f"One request may ask for at most {policy.MOST_FACETS} facets.")
    closed = [name for name, _ in arguments if name in policy.CLOSED_ARGUMENTS]
    return Refusal(400, f"The argument {closed[0]} is not served here.") if closed else None


BUSY = Refusal(
    503,
    "Too many searches and queries are waiting already. The pages are served all the while; try again in a moment.",
    {"Retry-After": str(SECONDS_UNTIL_RETRY)},
)


def content_security_policy(nonce: str | None) -> str:
    """The policy of a page; `nonce` is None where no script or style sheet of a template stands in it."""
    directives = dict(policy.CONTENT_SECURITY_POLICY)
    if nonce is not None:
        directives |= {name: [*directives[name], f"'nonce-{nonce}'"] for name in policy.WITH_NONCE}
    return "; ".join(" ".join([name, *sources]) for name, sources in directives.items())


async def while_awaited(answering: Awaitable[None], receive: Receive) -> None:
    """Answer as long as the reader is there: Datasette itself writes an export to its end for nobody."""

    async def gone() -> None:
        while (await receive())["type"] != "http.disconnect":
            pass

    work, absence = asyncio.ensure_future(answering), asyncio.ensure_future(gone())
    try:
        await asyncio.wait({work, absence}, return_when=asyncio.FIRST_COMPLETED)
        if work.done():
            work.result()
    finally:
        work.cancel()
        absence.cancel()


async def refuse(question: Question, refusal: Refusal, send: Send) -> None:
    """Answer with a sentence: as JSON, in the shape of Datasette's own errors, where the path asks for it."""
    is_json = question.path.endswith(".json")
    error = {"ok": False, "error": refusal.sentence, "status": refusal.status, "title": None}
    body = json.dumps(error) if is_json else refusal.sentence + "\n"
    headers = {
        "Content-Type": "application/json; charset=utf-8" if is_json else "text/plain; charset=utf-8",
        "Content-Security-Policy": content_security_policy(None),
        "Cache-Control": policy.NEVER,
        "X-Robots-Tag": policy.NO_INDEX,
    }
    await answer(send, refusal.status, {**policy.HEADERS, **headers, **refusal.headers}, body)


async def answer(send: Send, status: int, headers: Headers, body: str = "") -> None:
    """Send a whole answer."""
    await send({"type": "http.response.start", "status": status, "headers": encoded(headers)})
    await send({"type": "http.response.body", "body": body.encode()})


def encoded(headers: Headers) -> list[tuple[bytes, bytes]]:
    """Headers as ASGI sends them."""
    return [(name.lower().encode(), value.encode()) for name, value in headers.items()]
