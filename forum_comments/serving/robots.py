"""What search engines are asked to read and to leave (RFC 9309). The longest rule that fits an address decides."""

from __future__ import annotations

# Pages of which there is one for each row, and what pages are drawn with.
PAGES = ("/-/thread/", "/-/author/", "/-/source/", "/-/comment/", "/comments/comments/")
FILES = ("/static/", "/-/static/")
ALLOWED = ("/$", "/-/about$", "/-/statistics$", "/-/sitemap/", *PAGES, *FILES)
# All else: tables, queries, exports, feeds. Addresses with a “?” are searches, filters, sorts, SQL and later pages of
# lists: endless in number, and each costs a query.
DISALLOWED = ("/", *(f"{page}*{rest}" for page in PAGES for rest in ("?", ".json$")))


def robots_text(base_url: str, sitemap: str) -> str:
    """The text of robots.txt. `base_url` begins and ends with a slash; `sitemap` is an absolute address."""
    root = base_url.rstrip("/")
    allowed = [f"Allow: {root}{path}" for path in ALLOWED]
    disallowed = [f"Disallow: {root}{path}" for path in DISALLOWED]
    return "\n".join(["User-agent: *", *allowed, *disallowed, "", f"Sitemap: {sitemap}", ""])
