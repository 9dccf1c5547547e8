"""Between a page's function and Datasette: only this module and `lines` know Datasette."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode, urljoin
from weakref import WeakKeyDictionary

from datasette import NotFound, Response
from datasette.utils import add_cors_headers, sqlite_timelimit
from datasette.utils.asgi import BadRequest

from forum_comments.errors import BadRequestError, NotFoundError
from forum_comments.pages.lines import ensure_visible, instance_metadata
from forum_comments.pages.publisher import publisher_of
from forum_comments.pages.reading import first
from forum_comments.serving.exchange import CONFIGURATION, current_exchange

DATABASE = "comments"
HOME_TEMPLATE = "index.html"
KEPT_TIME_LIMIT = 20_000  # milliseconds, for a page that is made once and kept as long as the build is the same

PageFunction = Callable[[sqlite3.Connection], dict[str, Any]]

_kept: WeakKeyDictionary[Any, dict[tuple[str, PageFunction], dict[str, Any]]] = WeakKeyDictionary()


def page_route(path: str) -> str:
    """The pattern for `register_routes` of a page and its JSON twin. `path` is a regular expression without anchors."""
    return rf"{path}(?P<json>\.json)?$"


def whole_number(request: Any, name: str) -> int | None:
    """An argument of the address that has to be a whole number from 1; None where it is not given."""
    text = request.args.get(name)
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 9 and int(text) >= 1):
        raise BadRequest(f"“{name}” has to be a whole number from 1, and is “{text[:40]}”.")
    return int(text)


async def read_page(datasette: Any, request: Any, build: PageFunction, time_limit: int | None = None) -> dict[str, Any]:
    """What `build` makes of the database `comments`, under a time limit in milliseconds (None: Datasette's own).

    The page's errors become Datasette's 404 and 400.
    """
    if DATABASE not in datasette.databases:
        raise NotFound(f"This page shows a database named “{DATABASE}”, and none of that name is served here.")
    await ensure_visible(datasette, request.actor, DATABASE)
    limit = time_limit or datasette.setting("sql_time_limit_ms")

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
        if "no such table" in str(error) or "no such column" in str(error):
            what = f"The database “{DATABASE}” was built by another version of this program ({error})."
            raise NotFound(what) from error
        if "interrupted" not in str(error):
            raise
        raise BadRequest(f"The answer took longer than {limit} milliseconds. Ask for less of it.") from error
    current_exchange().note(page)
    return page


async def read_kept(datasette: Any, request: Any, build: PageFunction) -> dict[str, Any]:
    """What `build` makes, made once for each build of the database: for a page that reads whole indexes.

    `build` is a module's function, so that it is the same at the next request.
    """
    site = await site_facts(datasette)
    if site["build"] is None:
        return await read_page(datasette, request, build, KEPT_TIME_LIMIT)
    pages = _kept.setdefault(datasette, {})
    key = (site["build"]["inputs_sha256"], build)
    if key not in pages:
        pages[key] = await read_page(datasette, request, build, KEPT_TIME_LIMIT)
    return pages[key]


async def respond(datasette: Any, request: Any, template: str, build: PageFunction) -> Any:
    """The page as HTML by `template`, which gets it as `page`; as JSON where the path ends in `.json`."""
    page = await read_page(datasette, request, build)
    if request.url_vars.get("json"):
        return json_response(datasette, page)
    path, _, query = request.full_path.partition("?")
    alternate = f"{path}.json" + (f"?{query}" if query else "")
    here = canonical_url(datasette, request, path, page)
    context = {"page": page, "alternate_url_json": alternate, "canonical_url": here}
    return Response.html(await datasette.render_template(template, context, request=request))


def json_response(datasette: Any, page: dict[str, Any]) -> Any:
    """A page's dict as JSON."""
    headers: dict[str, str] = {}
    if datasette.cors:
        add_cors_headers(headers)
    return Response.json(page, headers=headers)


def absolute(datasette: Any, request: Any, path: str) -> str:
    """A path that `datasette.urls` made, as an address: at the publisher's site, else where it was asked for."""
    site = publisher_of(datasette.plugin_config(CONFIGURATION)).site_url
    return urljoin(site, path) if site else str(datasette.absolute_url(request, path))


def site_address(datasette: Any, request: Any, path: str) -> str:
    """A path of this site without `base_url`, as an address."""
    return absolute(datasette, request, datasette.urls.path(path))


def canonical_url(datasette: Any, request: Any, path: str, page: dict[str, Any]) -> str:
    """The one address of a page that may be reached by several: with the arguments that change what it shows."""
    arguments = {name: value for name in ("q", "sort") if (value := request.args.get(name))}
    number = (page.get("paging") or page).get("page", 1)
    if number > 1:
        arguments["page"] = number
    return absolute(datasette, request, path + (f"?{urlencode(arguments)}" if arguments else ""))


def can_download(datasette: Any) -> bool:
    """Whether Datasette gives the database away: only where it may rely on the file's staying as it is."""
    database = datasette.databases.get(DATABASE)
    return database is not None and not database.is_mutable and bool(datasette.setting("allow_download"))


async def site_facts(datasette: Any) -> dict[str, Any]:
    """What the layout of every page says: `title`, and where they are known `description` and `build`, else None."""
    build = None
    if DATABASE in datasette.databases and await datasette.get_database(DATABASE).table_exists("builds"):
        build = await datasette.get_database(DATABASE).execute_fn(
            lambda connection: first(connection, "select inputs_sha256, program_version from builds limit 1")
        )
    metadata = await instance_metadata(datasette)
    return {
        "title": metadata.get("title") or "Forum comments",
        "description": metadata.get("description"),
        "build": build,
    }
