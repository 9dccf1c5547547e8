"""The pages of the reading room. What each of them says is made in `forum_comments.pages`."""

from functools import partial

from datasette import hookimpl

from forum_comments.pages.comment import comment_page
from forum_comments.pages.serving import build_digits, read_page, site_facts

COMMENT_TEMPLATE = "row-comments-comments.html"  # Datasette's row page of the table `comments`


@hookimpl
def extra_template_vars(datasette, request, template):
    """What the layout says on every page, and the page of a comment where Datasette shows its row."""

    async def inner():
        site = await site_facts(datasette)
        if template != COMMENT_TEMPLATE:
            return {"site": site}
        comment_id = request.url_vars["pks"]
        build = partial(
            comment_page,
            comment_id=comment_id,
            permalink=datasette.absolute_url(request, datasette.urls.path(f"/-/comment/{comment_id}")),
            archive=site["title"] or "Forum comments",
            build=build_digits(site),
        )
        return {"site": site, "page": await read_page(datasette, build)}

    return inner
