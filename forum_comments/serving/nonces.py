"""A nonce for the scripts and style sheets that stand in templates, and for nothing that comes with data.

Datasette writes scripts and style sheets that differ from page to page into its own pages: the names of columns, what
may be done with a table. The Content-Security-Policy admits them by a nonce, which `NonceExtension` puts into the
source of templates, before anything is rendered. What comes with data is text by then; and if it ever became markup, it
would be markup without a nonce, which no browser obeys. A header names a nonce only where a template has used it.

An answer is kept with its header, by readers and by caches, for minutes; a HEAD or another server of the same site may
say the header anew; a 304 leaves the header as it was. So header and page agree only if the same page always has the
same nonce: where the database is immutable, it is a hash of what the page is made from, which is the version of the
site (a sum over the data and all that shows it), the host, and the address. Everybody can see it, by asking for
the page. That helps nobody, since what somebody could smuggle into a page is part of what is hashed:

- words in the address: with the nonce in them it is another address, whose nonce is another;
- words in the database: with the nonce in them it is another database;
- and a request has nothing else that a page shows, for there are no forms that are sent and nobody logs in.

To find words that hold their own hash takes about 2^128 attempts. A secret in the hash would add nothing to that, and
would make servers of one site disagree, and one server with its own earlier answers. Behind the “#” of an address,
which no server sees, somebody can write a nonce that he has looked up; but no script of these pages reads that part.

A database that may change is not in the version, so each of its answers has a nonce by chance.
"""

from __future__ import annotations

import re
import secrets
from base64 import b64encode
from hashlib import sha256

from jinja2.ext import Extension

BYTES = 18  # 144 bits; the CSP specification asks for 128 at least
INLINE = re.compile(r"<(?:script(?![^>]*\bsrc=)|style)(?=[\s>{])")
ATTRIBUTE = ' nonce="{{ csp_nonce() }}"'


class NonceExtension(Extension):
    """Gives a nonce to each script without an address, and each style sheet, in the source of every template.

    `csp_nonce` is a function of the environment, not a variable of the page, so that error pages and imported macros
    have it too.
    """

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        """Return the source with nonces."""
        return INLINE.sub(lambda tag: tag[0] + ATTRIBUTE, source)


def nonce_of(version: str | None, *asked: str) -> str:
    """The nonce of a page: `version` is the site's, `asked` everything in the request that the page may show."""
    if version is None:
        return secrets.token_urlsafe(BYTES)
    return b64encode(sha256("\n".join((version, *asked)).encode()).digest()[:BYTES]).decode()
