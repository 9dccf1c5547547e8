"""What search engines and catalogues of data are told: the archive as a schema.org Dataset."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from typing import Any

from forum_comments.pages.reading import first

DATES = "select min(posted_at) as first, max(posted_at) as last from comments where posted_at is not null"
KEYWORDS = ["forum comments", "discussion threads", "replies", "quotations", "provenance"]
CSV = "/comments/comments.csv?_stream=on"
DATABASE = "/comments.db"
SQLITE = "application/vnd.sqlite3"  # registered with IANA


def dataset(connection: sqlite3.Connection) -> dict[str, Any]:
    """What only the database knows: `dates`, the days of the first and last comment that has one, or None."""
    dates = first(connection, DATES)
    known = dates is not None and dates["first"] is not None
    return {"title": "Dataset", "dates": [dates["first"][:10], dates["last"][:10]] if dates and known else None}


def described_dataset(
    home: Mapping[str, Any],
    dates: list[str] | None,
    metadata: Mapping[str, str],
    address: Callable[[str], str],
    can_download: bool,
) -> dict[str, Any]:
    """The archive as a schema.org Dataset, in JSON-LD.

    `home` is the home page, `metadata` the site's, `address` makes a path of the site absolute. It names no licence
    and no creator, since the texts belong to many and nobody has given any.
    """
    build = home["build"] or {}
    known = {
        "@context": "https://schema.org/",
        "@type": "Dataset",
        "name": metadata.get("title"),
        "description": metadata.get("description"),
        "url": address("/"),
        "identifier": build.get("inputs_sha256"),
        "version": f"build {build['inputs_sha256'][:12]}" if build else None,
        "keywords": KEYWORDS,
        "isAccessibleForFree": True,
        "usageInfo": address("/-/about"),
        "isBasedOn": metadata.get("source_url"),
        "temporalCoverage": "/".join(dates) if dates else None,
        "size": f"{home['counts']['comments']:,} comments by {home['counts']['authors']:,} authors",
        "image": address("/-/card.png"),
        "distribution": [
            *([_download(address(DATABASE), SQLITE)] if can_download else []),
            _download(address(CSV), "text/csv"),
        ],
    }
    return {name: value for name, value in known.items() if value is not None}


def _download(address: str, encoding: str) -> dict[str, str]:
    return {"@type": "DataDownload", "contentUrl": address, "encodingFormat": encoding}
