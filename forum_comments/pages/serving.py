"""Between a page's function and Datasette: the only module of this package that knows Datasette."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import Any

from datasette import NotFound, Response
from datasette.utils import add_cors_headers, sqlite_timelimit
from datasette.utils.asgi import BadRequest

from forum_comments.errors import BadRequestError, NotFoundError
from forum_comments.pages.reading import first

DATABASE = "comments"

PageFunction = Callable[[sqlite3.Connection], dict[str, Any]]


def page_route(path: str) -> str:
    """The pattern for `register_routes` of a page and its JSON twin. `path` is a regular expression without anchors."""
    return rf"{path}(?P<json>\.json)?$"


def page_number(request: Any) -> int:
    """The page asked for by `?page=`, from 1."""
    text = request.args.get("page") or "1"
    if not (text.isascii() and text.isdigit() and 1 <= len(text) <= 9 and int(text) >= 1):
        raise BadRequest(f"page must be a whole number from 1, and {text!r} is not.")
    return int(text)


async def read_page(datasette: Any, build: PageFunction) -> dict[str, Any]:
    """What `build` makes of the database `comments`, under Datasette's time limit; its errors are Datasette's."""
    if DATABASE not in datasette.databases:
        raise NotFound(f"This page shows a database named {DATABASE}, and none of that name is served here.")
    limit = datasette.setting("sql_time_limit_ms")

    def in_thread(connection: sqlite3.Connection) -> dict[str, Any]:
        with sqlite_timelimit(connection, limit):
            return build(connection)

    try:
        page: dict[str, Any] = await datasette.get_database(DATABASE).execute_fn(in_thread)
    except NotFoundError as error:
        raise NotFound(str(error)) from error
    except BadRequestError as error:
        raise BadRequest(str(error)) from error
    except sqlite3.OperationalError as error:
        if "interrupted" not in str(error):
            raise
        raise BadRequest(f"The answer took longer than {limit} milliseconds. Ask for less of it.") from error
    return page


async def respond(datasette: Any, request: Any, template: str, build: PageFunction) -> Any:
    """The page as HTML by `template`, which gets it as `page`; as JSON where the path ends in `.json`."""
    page = await read_page(datasette, build)
    if request.url_vars.get("json"):
        headers: dict[str, str] = {}
        if datasette.cors:
            add_cors_headers(headers)
        return Response.json(page, headers=headers)
    path, _, query = request.full_path.partition("?")
    alternate = f"{path}.json" + (f"?{query}" if query else "")
    context = {"page": page, "alternate_url_json": alternate}
    return Response.html(await datasette.render_template(template, context, request=request))


async def site_facts(datasette: Any) -> dict[str, Any]:
    """What the layout of every page says: the site's `title`, and the `build` or None."""
    build = None
    if DATABASE in datasette.databases and await datasette.get_database(DATABASE).table_exists("builds"):
        build = await datasette.get_database(DATABASE).execute_fn(
            lambda connection: first(connection, "select inputs_sha256, program_version from builds limit 1")
        )
    return {"title": datasette.metadata("title"), "build": build}


def build_digits(site: dict[str, Any]) -> str | None:
    """The first twelve digits of the sum over the build's inputs, by which a citation names the build."""
    return site["build"]["inputs_sha256"][:12] if site["build"] else None
