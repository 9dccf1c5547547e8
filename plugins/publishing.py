"""What a published site tells hosts, search engines and whoever finds a hole in it."""

import sqlite3
from functools import partial
from pathlib import Path

from datasette import NotFound, Response, hookimpl
from datasette.utils import StartupError

from forum_comments.errors import PageError
from forum_comments.pages.card import card
from forum_comments.pages.discovery import dataset, described_dataset
from forum_comments.pages.health import health
from forum_comments.pages.home import home_page
from forum_comments.pages.lines import instance_metadata
from forum_comments.pages.publisher import publisher_of, security_text
from forum_comments.pages.serving import DATABASE, HOME_TEMPLATE, absolute, can_download, read_kept, site_address
from forum_comments.publishing.manifest import MANIFEST_FILE
from forum_comments.serving.exchange import CONFIGURATION

NOT_KEPT = {"cache-control": "no-store"}


@hookimpl
def startup(datasette):
    """Refuse to start with a word of the publisher's that could not be used."""
    try:
        publisher_of(datasette.plugin_config(CONFIGURATION))
    except PageError as error:
        raise StartupError(str(error)) from error


@hookimpl
def prepare_jinja2_environment(env, datasette):
    """Whom to ask for a removal, a URI or None, as `removal_contact()`: pages of errors get no variables of plugins."""
    env.globals["removal_contact"] = lambda: publisher_of(datasette.plugin_config(CONFIGURATION)).removal_contact


@hookimpl
def extra_template_vars(datasette, request, template):
    """The picture of the site for every page, and on the home page the archive as a schema.org Dataset."""

    async def inner():
        if request is None or DATABASE not in datasette.databases:
            return {}
        address = partial(site_address, datasette, request)
        variables = {"card_url": address("/-/card.png")}
        if template == HOME_TEMPLATE:
            home = await read_kept(datasette, request, home_page)
            dates = (await read_kept(datasette, request, dataset))["dates"]
            metadata = await instance_metadata(datasette)
            variables["dataset"] = described_dataset(home, dates, metadata, address, can_download(datasette))
        return variables

    return inner


@hookimpl
def register_routes():
    """The addresses of these."""
    return [
        (r"/-/health$", healthy),
        (r"/-/manifest\.json$", manifest),
        (r"/-/card\.png$", picture),
        (r"/\.well-known/security\.txt$", security),
    ]


async def healthy(datasette):
    """200 and the build where the site can be served, 503 and what is wrong where it cannot; for anybody."""
    try:
        if DATABASE not in datasette.databases:
            raise PageError(f"No database named “{DATABASE}” is served here.")
        found = await datasette.get_database(DATABASE).execute_fn(health)
    except (PageError, sqlite3.Error) as error:
        return Response.json({"ok": False, "error": str(error)}, status=503, headers=NOT_KEPT)
    return Response.json(found, headers=NOT_KEPT)


async def manifest(datasette, request):
    """What the site was made of and consists of, with sha256."""
    database = datasette.databases.get(DATABASE)
    path = Path(database.path).with_name(MANIFEST_FILE) if database is not None and database.path else None
    if path is None or not path.is_file():
        raise NotFound("This site was not published with a manifest.")
    return Response(path.read_text(encoding="utf-8"), content_type="application/json; charset=utf-8")


async def picture(datasette, request):
    """The picture that stands beside a link to the site elsewhere."""
    return Response((await read_kept(datasette, request, card))["png"], content_type="image/png")


async def security(datasette, request):
    """Whom to tell of a hole in the site; 404 where the publisher has not said."""
    canonical = absolute(datasette, request, request.path)
    text = security_text(publisher_of(datasette.plugin_config(CONFIGURATION)), canonical)
    if text is None:
        raise NotFound("The publisher of this site has named no contact.")
    return Response.text(text)
