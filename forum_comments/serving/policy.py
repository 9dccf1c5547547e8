"""What every response says and what no request may ask: data only."""

from __future__ import annotations

import re

CONTENT_SECURITY_POLICY = {
    "default-src": ["'none'"],
    "script-src": ["'self'"],
    "style-src": ["'self'"],
    "img-src": ["'self'", "data:"],  # data: pictures stand in Datasette's style sheets
    "connect-src": ["'self'"],
    "form-action": ["'self'"],
    "base-uri": ["'none'"],
    "frame-ancestors": ["'none'"],
}

WITH_NONCE = ("script-src", "style-src")

# The same for every response.
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",  # for browsers that do not know frame-ancestors
    "Referrer-Policy": "no-referrer",  # what somebody searched here is nobody else's business
    "Permissions-Policy": (
        "accelerometer=(), browsing-topics=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), "
        "magnetometer=(), microphone=(), midi=(), payment=(), screen-wake-lock=(), usb=()"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
}

# The site is for reading: nothing is ever sent to it, so no body is ever read.
METHODS = ("GET", "HEAD", "OPTIONS")

# Datasette's pages for developers: they name threads, files and folders of the machine, try out permissions, or write
# cookies. What stays at /-/ describes the site and is no secret: metadata, settings, plugins, versions, actor.
CLOSED = re.compile(
    r"/-/(?:threads|databases|permissions|messages|allow-debug|patterns"
    r"|tasks|actions|allowed|rules|check|debug/autocomplete|api|auth-token|create-token)(?:\.json)?"  # of 1.0
)

LONGEST_QUERY_STRING = 16_000  # bytes; the longest query of the site's own, encoded, has less than 6,000
# Datasette's check that SQL is a SELECT takes time with the square of a run of blanks: 8,000 take a second.
TOO_MANY_BLANKS = re.compile(r"\s{300}")
MOST_ARGUMENTS = 100  # Datasette reads all of them again for each of them
MOST_FACETS = 8  # facets in one request; each may take `facet_time_limit_ms`
# `_trace` makes Datasette wrap CSV in a page of HTML even where tracing is off.
CLOSED_ARGUMENTS = ("_trace", "_context")

# How long an answer may be kept without asking: seconds by kind of address, for an immutable database. After that
# the ETag makes asking again cost a few bytes. Short enough that a removed comment is gone from caches soon.
SECONDS_FRESH = 300
FOREVER = "public, max-age=31536000, immutable"  # files whose address holds their hash
FRESH = f"public, max-age={SECONDS_FRESH}"
REVALIDATE = "no-cache"  # permalinks: where one leads may change with each build
NEVER = "no-store"

# What a search engine should not list: data, searches, filters, SQL. Pages of people stay, except as an editor says.
NO_INDEX = "noindex"
