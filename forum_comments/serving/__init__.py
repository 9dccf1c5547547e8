"""What stands between the site and anybody on the network: headers, limits, caching, robots.

How a request goes through it:

1.  `gate.Gate` is the outermost part of the server. It refuses what the site never answers (`policy.py` lists it:
    methods, closed addresses, overlong queries), answers 304 where the reader has the page already, and puts the
    headers of `policy.py` on every response, also on static files, redirects and errors.
2.  `lanes.py` gives free SQL, tables that are sorted or filtered, search and exports threads and waiting places of
    their own, so that however many of them arrive the pages keep theirs; beyond its places a lane answers 503.
3.  `sqlite_limits.py` bounds what one statement of such a lane may take: length of texts, memory, size of the answer.
    Time is Datasette's own limit, which these make hold.
4.  `nonces.py` and `markup.py` make Datasette's stock pages obey the Content-Security-Policy; `exchange.py` tells the
    gate what it has to know of the page that is rendered.
5.  `versions.py` says which state of the site an answer was made from, for its ETag; `robots.py` and `sitemap.py`
    tell search engines what to read.

Only `gate.py` and `lanes.py` know how Datasette works; the hooks are in `plugins/hardening.py` and
`plugins/crawlers.py`.
"""
