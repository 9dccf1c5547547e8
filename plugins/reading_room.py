"""The routes of the reading room. What each page says is made in `forum_comments.pages`."""

from datasette import hookimpl

from forum_comments.pages.serving import site_facts


@hookimpl
def extra_template_vars(datasette):
    """What the layout says on every page: the site's title and the build."""

    async def inner():
        return {"site": await site_facts(datasette)}

    return inner
