"""Routes for finding one's way: search. What each page says is made in `forum_comments.pages`."""

from functools import partial

from datasette import hookimpl

from forum_comments.pages.find import find_page
from forum_comments.pages.serving import page_number, page_route, respond


async def find(datasette, request):
    """The search page: `q`, `sort` and `page`."""
    build = partial(
        find_page, q=request.args.get("q") or "", sort=request.args.get("sort") or None, page=page_number(request)
    )
    return await respond(datasette, request, "find.html", build)


@hookimpl
def register_routes():
    """The addresses of these pages."""
    return [(page_route(r"/-/find"), find)]
