"""The pages of the reading room: what each of them shows, as plain data.

How a page is made, in four small parts:

1.  A function in a module of this package, `home.py`, `comment.py`, `thread.py` and so on, takes a
    `sqlite3.Connection` and the request's arguments as plain values and gives a dict of strings, numbers, booleans,
    None, lists and dicts: everything that the page says, ids in place of links, no markup. It raises `NotFoundError`
    for an id that is not in the data and `BadRequestError` for an argument that it cannot use, each with a sentence
    for the reader. It always gives `title`, the text of the page's `<title>`. Every query in it has a bound and uses
    an index. It knows nothing of Datasette.

2.  A route in a plugin (`plugins/reading_room.py`), which does nothing but read the arguments:

        async def thread(datasette, request):
            build = partial(thread_page, comment_id=request.url_vars["id"], page=page_number(request))
            return await respond(datasette, request, "thread.html", build)

        register_routes() -> [(page_route(r"/-/thread/(?P<id>[^/]+?)"), thread)]

    `serving.respond` runs the function in one of Datasette's database threads under its time limit. `page_route` adds
    the JSON twin: the same path with `.json` answers with exactly that dict. Errors become Datasette's own 404 and
    400, in JSON for a path that ends in `.json`.

3.  A template, `templates/thread.html`, which `{% extends "reading.html" %}`, fills `{% block content %}` with
    exactly one h1, and reads `page`. Links are made by the macros of `templates/_links.html`, never by hand: they
    honour `base_url`. `{% block feeds %}` names the page's Atom feed: `{{ links.feed("author/" ~ page.author.id,
    "Comments by …") }}`. `{% block extra_head %}` may add a style sheet of its own with `urls.path("/static/….css")`.

4.  Style: the custom properties and components of `static/site.css` (`.figures`, `.facts`, `.fold`, `.note`,
    `.notice`, `.sureness`, `.pages`) first; colours only by their custom property, so that both colour schemes hold.

What the site offers at `/-/`: `thread/<comment id>`, `author/<author id>`, `source/<document id>`, `comment/<id>` (a
permalink, which leads to the comment's page), `find` (search), `statistics`, `about` and `feeds/all.atom`,
`feeds/author/<id>.atom`, `feeds/thread/<id>.atom`, `feeds/find.atom?q=`. The page of a comment is Datasette's row
page at `/comments/comments/<id>`, of the home page `/`.
"""
