"""What a build says at its end: the counts that a person looks at first."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from forum_comments.files import open_to_read

# Placeholders are no comments that anybody has read.
COUNTS = {
    "documents": "select count(*) from documents",
    "comments": "select count(*) from comments where not is_placeholder",
    "appearances": "select count(*) from appearances",
    "replies": "select count(*) from comments where parent_id is not null",
    "authors": "select count(*) from authors",
    "cut": "select count(*) from comments where not is_placeholder and is_truncated",
    "corrected": "select corrections_applied from builds",
    "skipped": "select corrections_skipped from builds",
    "problems": "select count(*) from problems",
}


@dataclass(frozen=True, slots=True)
class Report:
    """Counts of what the database holds."""

    documents: int
    comments: int
    appearances: int
    replies: int
    authors: int
    cut: int  # comments of which no page shows the end
    corrected: int  # editorial decisions applied
    skipped: int  # editorial decisions about files that were not read
    problems: int

    def __str__(self) -> str:
        """Give the counts as a few lines of text."""
        lines = [
            f"{self.documents} documents, {self.appearances} appearances of {self.comments} comments",
            f"{self.replies} replies, {self.authors} authors, {self.cut} comments cut short",
            f"{self.corrected} corrections applied, {self.skipped} skipped (their files were not read)",
            f"{self.problems} problems (see the table problems)",
        ]
        return "\n".join(lines)


def report_of(database: Path) -> Report:
    """Count what a database holds."""
    with closing(open_to_read(database)) as connection:
        return Report(**{name: connection.execute(query).fetchone()[0] for name, query in COUNTS.items()})
