"""The pages of the reading room. What each of them says is made in `forum_comments.pages`."""

from functools import partial

from datasette import hookimpl

from forum_comments.pages.author import author_page
from forum_comments.pages.comment import comment_page
from forum_comments.pages.home import home_page
from forum_comments.pages.serving import (
    DATABASE,
    HOME_TEMPLATE,
    can_download,
    json_response,
    page_route,
    read_kept,
    read_page,
    respond,
    site_address,
    site_facts,
    whole_number,
)
from forum_comments.pages.source import source_page
from forum_comments.pages.thread import thread_page

COMMENT_TEMPLATE = "row-comments-comments.html"  # Datasette's row page of the table `comments`


@hookimpl
def extra_template_vars(datasette, request, template):
    """What the layout says on every page; and `page` for the two pages whose addresses are Datasette's own."""

    async def inner():
        site = await site_facts(datasette)
        variables = {"site": site, "can_download": can_download(datasette)}
        if template == HOME_TEMPLATE and DATABASE in datasette.databases:
            variables["page"] = await read_kept(datasette, request, home_page)
            variables["alternate_url_json"] = datasette.urls.path("/-/home.json")
            variables["canonical_url"] = site_address(datasette, request, "/")
        elif template == COMMENT_TEMPLATE:
            comment_id = request.url_vars["pks"]
            variables["page"] = await read_comment(datasette, request, comment_id)
            variables["alternate_url_json"] = datasette.urls.path(f"/-/comment/{comment_id}/page.json")
            variables["canonical_url"] = site_address(datasette, request, f"/{DATABASE}/comments/{comment_id}")
        return variables

    return inner


@hookimpl
def register_routes():
    """The pages below `/-/`, each with its JSON twin."""
    return [
        (r"/-/home\.json$", home_json),
        (r"/-/comment/(?P<id>[^/]+)/page\.json$", comment_json),
        (page_route(r"/-/thread/(?P<id>[^/]+?)"), thread),
        (page_route(r"/-/author/(?P<id>[^/]+?)"), author),
        (page_route(r"/-/source/(?P<id>[^/]+?)"), source),
    ]


async def home_json(datasette, request):
    """The home page's data."""
    return json_response(datasette, await read_kept(datasette, request, home_page))


async def comment_json(datasette, request):
    """The data of a comment's page; the row alone is Datasette's own `/comments/comments/<id>.json`."""
    return json_response(datasette, await read_comment(datasette, request, request.url_vars["id"]))


async def read_comment(datasette, request, comment_id):
    """The dict of a comment's page."""
    site = await site_facts(datasette)
    build = partial(
        comment_page,
        comment_id=comment_id,
        permalink=site_address(datasette, request, f"/-/comment/{comment_id}"),
        archive=site["title"],
        build=site["build"]["inputs_sha256"][:12] if site["build"] else None,
    )
    return await read_page(datasette, request, build)


async def thread(datasette, request):
    """A comment in its conversation."""
    build = partial(thread_page, comment_id=request.url_vars["id"], page=whole_number(request, "page") or 1)
    return await respond(datasette, request, "thread.html", build)


async def author(datasette, request):
    """One author's comments."""
    build = partial(
        author_page,
        author_id=request.url_vars["id"],
        sort=request.args.get("sort") or "page",
        page=whole_number(request, "page") or 1,
    )
    return await respond(datasette, request, "author.html", build)


async def source(datasette, request):
    """A saved page as it is."""
    build = partial(
        source_page,
        document_id=request.url_vars["id"],
        page=whole_number(request, "page") or 1,
        position=whole_number(request, "position"),
    )
    return await respond(datasette, request, "source.html", build)
