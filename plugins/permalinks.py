"""/-/comment/<id> leads to the comment that has, or now holds the words of, an id that was once published."""

from datasette import NotFound, Response, hookimpl
from datasette.utils import tilde_encode

from forum_comments.permalinks import resolve

CANDIDATES_HTML = """
{% extends "base.html" %}
{% block title %}Which comment?{% endblock %}
{% block content %}
<h1>Which comment?</h1>
<p>The id {{ comment_id }} belongs to no comment any more. The words that it was made of now stand in several:</p>
<ul>
{% for candidate in candidates %}
  <li><a href="{{ candidate.href }}">{{ candidate.title }}</a> by {{ candidate.author or "an unknown author" }}</li>
{% endfor %}
</ul>
{% endblock %}
"""


@hookimpl
def register_routes():
    """Add /-/comment/<id>, and the same with .json."""
    return [(r"^/-/comment/(?P<id>[^/]+?)(?:\.(?P<format>json))?$", comment)]


async def comment(datasette, request):
    """Redirect to the comment, name the candidates (300) where there are several, or answer 404."""
    comment_id, extension = request.url_vars["id"], request.url_vars["format"]
    database = await database_with_permalinks(datasette)
    await datasette.ensure_permissions(
        request.actor, [("view-table", (database.name, "comments")), ("view-database", database.name), "view-instance"]
    )
    found = await database.execute_fn(lambda connection: resolve(connection, comment_id))
    candidates = [
        {
            "id": candidate.id,
            "title": candidate.title,
            "author": candidate.author_name,
            "href": datasette.urls.row(database.name, "comments", tilde_encode(candidate.id), format=extension),
        }
        for candidate in found
    ]
    if not candidates:
        raise NotFound(f"No comment has, or ever had, the id {comment_id} in this database.")
    if len(candidates) == 1:
        return Response.redirect(candidates[0]["href"])
    if extension == "json":
        return Response.json({"id": comment_id, "candidates": candidates}, status=300)
    template = datasette.jinja_env.from_string(CANDIDATES_HTML)
    context = {"comment_id": comment_id, "candidates": candidates}
    return Response.html(await datasette.render_template(template, context, request=request), status=300)


async def database_with_permalinks(datasette):
    """Give the database of comments, whatever its file is called."""
    for database in datasette.databases.values():
        if await database.table_exists("permalinks"):
            return database
    raise NotFound("No database with permalinks is served here.")
