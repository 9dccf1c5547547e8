"""Routes of search, feeds, statistics and the datasheet. What they say is made in `forum_comments.pages`."""

from functools import partial
from urllib.parse import quote, urlencode

from datasette import Response, hookimpl
from markupsafe import Markup

from forum_comments.pages.about import about_page
from forum_comments.pages.atom import atom
from forum_comments.pages.charts import chart
from forum_comments.pages.feeds import all_feed, author_feed, find_feed, thread_feed
from forum_comments.pages.find import find_page
from forum_comments.pages.serving import page_route, read_page, respond, site_address, whole_number
from forum_comments.pages.statistics import statistics_page

WITH_PICTURES = ("statistics.html", "about.html")


async def find(datasette, request):
    """The search page: `q`, `sort` and `page`."""
    build = partial(
        find_page,
        q=request.args.get("q") or "",
        sort=request.args.get("sort") or None,
        page=whole_number(request, "page") or 1,
    )
    return await respond(datasette, request, "find.html", build)


async def feed_of_all(datasette, request):
    """The feed of the newest comments."""
    return await respond_atom(datasette, request, all_feed, "/-/feeds/all.atom")


async def feed_of_author(datasette, request):
    """The feed of an author's comments."""
    author_id = request.url_vars["id"]
    build = partial(author_feed, author_id=author_id)
    return await respond_atom(datasette, request, build, f"/-/feeds/author/{quote(author_id)}.atom")


async def feed_of_thread(datasette, request):
    """The feed of the thread of a comment."""
    comment_id = request.url_vars["id"]
    build = partial(thread_feed, comment_id=comment_id)
    return await respond_atom(datasette, request, build, f"/-/feeds/thread/{quote(comment_id)}.atom")


async def feed_of_find(datasette, request):
    """The feed of a search: `q`."""
    q = request.args.get("q") or ""
    return await respond_atom(datasette, request, partial(find_feed, q=q), f"/-/feeds/find.atom?{urlencode({'q': q})}")


async def respond_atom(datasette, request, build, own_path):
    """The feed that `build` makes, as Atom, with absolute addresses."""
    feed = await read_page(datasette, request, build)
    return Response(
        atom(feed, partial(site_address, datasette, request), own_path),
        content_type="application/atom+xml; charset=utf-8",
    )


async def statistics(datasette, request):
    """The page of pictures."""
    return await respond(datasette, request, "statistics.html", statistics_page)


async def about(datasette, request):
    """The datasheet."""
    return await respond(datasette, request, "about.html", about_page)


@hookimpl
def extra_template_vars(template):
    """What draws the pictures. The SVG is made of elements, not of strings, so every text in it is escaped."""
    return {"chart": lambda figure: Markup(chart(figure))} if template in WITH_PICTURES else {}


@hookimpl
def register_routes():
    """The addresses of these pages."""
    return [
        (page_route(r"/-/find"), find),
        (page_route(r"/-/statistics"), statistics),
        (page_route(r"/-/about"), about),
        (r"/-/feeds/all\.atom$", feed_of_all),
        (r"/-/feeds/author/(?P<id>[^/]+)\.atom$", feed_of_author),
        (r"/-/feeds/thread/(?P<id>[^/]+)\.atom$", feed_of_thread),
        (r"/-/feeds/find\.atom$", feed_of_find),
    ]
