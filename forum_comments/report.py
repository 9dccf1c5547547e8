"""What a build says at its end: the counts that a person looks at first."""

from __future__ import annotations

from dataclasses import dataclass

from forum_comments.archive import Archive


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


def report_of(archive: Archive) -> Report:
    """Count what an archive holds."""
    comments = archive.comments
    names = {comment.author_name for comment in comments} | {page.owner for page in archive.pages}
    return Report(
        documents=len(archive.pages),
        comments=len(comments),
        appearances=sum(len(comment.appearances) for comment in comments),
        replies=sum(comment.parent is not None for comment in comments),
        authors=len(names - {None}),
        cut=sum(comment.fullest.is_truncated for comment in comments),
        corrected=len(archive.applied),
        skipped=archive.skipped,
        problems=len(archive.problems()),
    )
