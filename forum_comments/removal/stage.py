"""The stage of a build in which things go: between the rows that were written and their indexes."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, field

from forum_comments.removal.dumps import RemovedDump, keep_addresses
from forum_comments.removal.lists import RemovalList
from forum_comments.removal.pseudonyms import Replaced, pseudonymise
from forum_comments.removal.striking import Struck, strike


@dataclass(slots=True)
class Removing:
    """What is to go, and then what went; `apply` is for `database.write_database`."""

    lists: Sequence[RemovalList]
    dumps: Sequence[RemovedDump] = ()  # those that were not read
    pseudonym_salt: bytes | None = None  # None: names stay
    struck: Struck = field(default_factory=Struck)
    replaced: Replaced = field(default_factory=Replaced)

    def apply(self, connection: sqlite3.Connection) -> None:
        """Take what the lists name out of a database, and replace names where that is wanted."""
        keep_addresses(connection, self.dumps)
        if self.lists:
            self.struck = strike(connection, self.lists)
        if self.pseudonym_salt is not None:
            self.replaced = pseudonymise(connection, self.pseudonym_salt)
