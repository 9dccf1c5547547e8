"""robots.txt and the site's map. What they say is in `forum_comments.serving`."""

from functools import partial

from datasette import NotFound, Response, hookimpl
from datasette.utils.asgi import AsgiStream

from forum_comments.pages.serving import DATABASE, read_page, site_address
from forum_comments.serving import sitemap
from forum_comments.serving.exchange import CONFIGURATION, hidden_authors
from forum_comments.serving.robots import robots_text

XML = "application/xml; charset=utf-8"


@hookimpl
def register_routes():
    """Their addresses; robots.txt has to be at the root of its host, where `base_url` is."""
    return [
        (r"/robots\.txt$", robots),
        (r"/sitemap\.xml$", parts),
        (r"/-/sitemap/(?P<kind>pages|comments|threads|authors|sources)-(?P<number>[1-9][0-9]{0,5})\.xml$", part),
    ]


async def robots(datasette, request):
    """What crawlers may read."""
    return Response.text(robots_text(datasette.setting("base_url"), site_address(datasette, request, "/sitemap.xml")))


async def parts(datasette, request):
    """The list of parts."""
    found = (await read_page(datasette, request, lambda connection: {"parts": sitemap.parts(connection)}))["parts"]
    address = partial(site_address, datasette, request)
    body = sitemap.PARTS_START + sitemap.part_elements(found, address) + sitemap.PARTS_END
    return Response(body, content_type=XML)


async def part(datasette, request):
    """One part, sent as it is read."""
    kind, number = request.url_vars["kind"], int(request.url_vars["number"])
    address = partial(site_address, datasette, request)
    found = (await read_page(datasette, request, lambda connection: {"parts": sitemap.parts(connection)}))["parts"]
    if (kind, number) not in found:
        raise NotFound("The map of this site has no such part: /sitemap.xml names those that it has.")
    if kind == "pages":
        body = sitemap.PAGES_START + sitemap.page_elements(sitemap.PAGES, address) + sitemap.PAGES_END
        return Response(body, content_type=XML)
    hidden = hidden_authors(datasette.plugin_config(CONFIGURATION))

    async def write(stream):
        await stream.write(sitemap.PAGES_START)
        after = None
        while True:
            read = partial(sitemap.batch, kind=kind, number=number, after=after, hidden=hidden)
            rows = await datasette.get_database(DATABASE).execute_fn(read)
            if not rows:
                break
            after = rows[-1][0]
            await stream.write(sitemap.page_elements([path for _, path in rows], address))
        await stream.write(sitemap.PAGES_END)

    return AsgiStream(write, content_type=XML)
