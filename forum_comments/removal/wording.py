"""What a reader sees where something was removed: by whom it was decided is said, what it was is not."""

from __future__ import annotations

from forum_comments.removal.lists import Removal

# By whom -> the mark in a text and the title of a comment; comments.status (vocabulary.STATUSES); a sentence.
MARKS = {"author": "[deleted by its author]", "moderator": "[removed by a moderator]"}
STATUSES = {"author": "deleted by author", "moderator": "removed by moderator"}
SENTENCES = {"author": "Deleted at its author's wish on {day}.", "moderator": "Removed by a moderator on {day}."}
NAME_MARK = "[name removed]"
REMOVED_FILE = "removed"  # documents.file_name

REMOVED, STRUCK = "removed", "words struck out"  # problems.kind
STRUCK_DETAIL = "Words of something that was removed stood here too; they were struck out."


def sentence_of(removal: Removal) -> str:
    """Say who had it removed, when and why."""
    reason = f" Reason: {removal.reason}" if removal.reason else ""
    return SENTENCES[removal.by].format(day=removal.day) + reason


# What `remove.py` says before the removal, and at its end.
OTHER_INPUTS = (
    "Note: {database} was not built from the sources, corrections and program as they are now; the new one is."
    " Look at it before you publish it."
)
UNUSED = "Note: {count} entries name nothing in these sources; they wait for the day when it turns up."
EVERYDAY = "Note: {names} cannot be told from an everyday word, and stays in what others wrote; look there yourself."
NOT_CLEARED = """Not cleared from here, since they are the sources and are kept byte for byte:
    {files}
They hold what was removed, and so do the history of a repository that has them, every copy that was downloaded, and
caches. To take them out of a repository and all its history (https://github.com/newren/git-filter-repo):
    git filter-repo --invert-paths --use-base-name {options}
    git push --force --all && git push --force --tags
A build without such a file no longer has the rows that keep the addresses of its comments. Of a dump, which holds what
others wrote too, the records alone can be taken out."""

# In a build with pseudonyms.
LEFT_OUT = "[left out]"
PSEUDONYMISED = "names replaced"  # problems.kind
PSEUDONYMISED_DETAIL = (
    "The names of authors were replaced by pseudonyms wherever they were found; bios and addresses were left out. "
    "Nobody is found by first name, nickname or a misspelling, and whoever searches the web for the words of a comment "
    "may find its author."
)
