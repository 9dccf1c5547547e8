"""/-/comment/<id> leads to the comment that has, or now holds the words of, an id that was once published."""

from datasette import NotFound, Response, hookimpl
from datasette.utils import tilde_encode

from forum_comments.pages.lines import ensure_visible
from forum_comments.permalinks import resolve


@hookimpl
def register_routes():
    """Add /-/comment/<id>, and the same with .json."""
    return [(r"^/-/comment/(?P<id>[^/]+?)(?:\.(?P<format>json))?$", comment)]


async def comment(datasette, request):
    """Redirect to the comment, name the candidates (300) where there are several, or answer 404."""
    comment_id, extension = request.url_vars["id"], request.url_vars["format"]
    database = await database_with_permalinks(datasette)
    await ensure_visible(datasette, request.actor, database.name, "comments")
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
    context = {"comment_id": comment_id, "candidates": candidates}
    return Response.html(await datasette.render_template("candidates.html", context, request=request), status=300)


async def database_with_permalinks(datasette):
    """Give the database of comments, whatever its file is called."""
    for database in datasette.databases.values():
        if await database.table_exists("permalinks"):
            return database
    raise NotFound("No database with permalinks is served here.")
