"""Tables, keys, indexes, full-text search and views, as data. `database.py` applies them.

The columns of a table stand in the order in which a reader wants them. `metadata.yml` describes every one of them; a
test holds the two together.
"""

from __future__ import annotations

from dataclasses import dataclass, field

SCHEMA_VERSION = 1


@dataclass(frozen=True, slots=True)
class Table:
    """A table: columns with their Python type, primary key, foreign keys (column -> table), indexed columns."""

    columns: dict[str, type]
    key: tuple[str, ...]
    foreign_keys: dict[str, str] = field(default_factory=dict)  # the target is the table's `id`; see `indexes_of`
    indexes: tuple[tuple[str, ...], ...] = ()
    not_null: tuple[str, ...] = ()


def indexes_of(table: Table) -> list[tuple[str, ...]]:
    """Give the columns of each index: those of the schema, and one for each foreign key with which none begins yet."""
    begun = {columns[0] for columns in (table.key, *table.indexes)}
    return [*((column,) for column in table.foreign_keys if column not in begun), *table.indexes]


# Parents stand before children, so that rows can be written in this order.
TABLES: dict[str, Table] = {
    "builds": Table(
        columns={
            "id": int,
            "program_version": str,
            "schema_version": int,
            "program_sha256": str,
            "inputs_sha256": str,
            "documents": int,
            "comments": int,
            "corrections_applied": int,
            "corrections_skipped": int,
            "is_amended": int,
        },
        key=("id",),
        not_null=("program_version", "schema_version", "program_sha256", "inputs_sha256", "is_amended"),
    ),
    "authors": Table(
        columns={"id": str, "name": str, "bio": str, "extra": str},
        key=("id",),
        not_null=("name",),
    ),
    "accounts": Table(
        columns={"author_id": str, "source": str, "source_id": str, "is_listed": int},
        key=("author_id",),
        foreign_keys={"author_id": "authors"},
        indexes=(("source", "source_id"),),
        not_null=("source", "source_id", "is_listed"),
    ),
    "posts": Table(
        columns={"id": str, "title": str, "url": str, "extra": str},
        key=("id",),
    ),
    "documents": Table(
        columns={
            "id": str,
            "title": str,
            "file_name": str,
            "format": str,
            "owner_id": str,
            "url": str,
            "saved_at": str,
            "says_more": int,
            "characters": int,
            "bytes": int,
            "encoding": str,
            "sha256": str,
            "division": str,
            "text": str,
            "raw": bytes,
        },
        key=("id",),
        foreign_keys={"owner_id": "authors"},
        not_null=("title", "file_name", "format", "says_more", "bytes", "sha256"),
    ),
    "comments": Table(
        columns={
            "id": str,
            "title": str,
            "author_id": str,
            "parent_id": str,
            "posted_at": str,
            "age": str,
            "karma": int,
            "is_truncated": int,
            "word_count": int,
            "root_id": str,
            "depth": int,
            "post_id": str,
            "url": str,
            "af_karma": int,
            "agreement": int,
            "score_text": str,
            "edited_at": str,
            "status": str,
            "is_placeholder": int,
            "author_name": str,
            "author_basis": str,
            "author_confidence": float,
            "parent_basis": str,
            "parent_confidence": float,
            "parent_source_id": str,
            "source": str,
            "source_id": str,
            "thread_source_id": str,
            "opening_key": str,
            "extra": str,
            "body": str,
            "own_text": str,
            "quoted_text": str,
        },
        key=("id",),
        foreign_keys={
            "author_id": "authors",
            "parent_id": "comments",
            "root_id": "comments",
            "post_id": "posts",
        },
        indexes=(
            ("opening_key",),
            ("author_id", "posted_at"),
            ("posted_at",),
            ("karma",),
            ("word_count",),
            ("is_truncated",),
            ("author_basis",),
            ("parent_confidence",),
            ("source", "source_id"),
            # An author's comments in each of their orders, and the replies to a comment in the order of a thread.
            ("author_id", "karma"),
            ("author_id", "word_count"),
            ("parent_id", "posted_at"),
            # Counts what is unknown, cut or missing without reading a text.
            ("is_placeholder", "is_truncated", "author_basis"),
        ),
        not_null=("title", "author_basis", "parent_basis", "is_truncated", "is_placeholder", "source"),
    ),
    "appearances": Table(
        columns={
            "id": str,
            "comment_id": str,
            "document_id": str,
            "position": int,
            "is_truncated": int,
            "boundary_basis": str,
            "boundary_confidence": float,
            "author_name": str,
            "age": str,
            "karma": int,
            "score_text": str,
            "match_basis": str,
            "differs": str,
            "start_offset": int,
            "end_offset": int,
            "record_number": int,
        },
        key=("id",),
        foreign_keys={"comment_id": "comments", "document_id": "documents"},
        indexes=(("boundary_confidence",), ("document_id", "position")),
        not_null=("comment_id", "document_id", "position", "is_truncated", "boundary_basis", "boundary_confidence"),
    ),
    "passages": Table(
        columns={
            "comment_id": str,
            "position": int,
            "kind": str,
            "text": str,
            "label": str,
            "is_quotation": int,
            "quoted_comment_id": str,
            "quotation_basis": str,
            "quotation_confidence": float,
            "document_id": str,
            "start_offset": int,
            "end_offset": int,
            "opening_key": str,
        },
        key=("comment_id", "position"),
        foreign_keys={"comment_id": "comments", "quoted_comment_id": "comments", "document_id": "documents"},
        indexes=(("opening_key",), ("quotation_confidence",), ("is_quotation",), ("document_id", "start_offset")),
        not_null=("kind", "text", "is_quotation"),
    ),
    "links": Table(
        columns={"comment_id": str, "position": int, "url": str, "host": str},
        key=("comment_id", "position"),
        foreign_keys={"comment_id": "comments"},
        indexes=(("host",),),
        not_null=("url",),
    ),
    "furniture": Table(
        columns={"document_id": str, "start_offset": int, "end_offset": int, "role": str, "text": str},
        key=("document_id", "start_offset"),
        foreign_keys={"document_id": "documents"},
        not_null=("end_offset", "role", "text"),
    ),
    "corrections": Table(
        columns={
            "id": int,
            "kind": str,
            "comment_id": str,
            "document_id": str,
            "start_offset": int,
            "value_before": str,
            "value_after": str,
            "reason": str,
            "url": str,
        },
        key=("id",),
        foreign_keys={"comment_id": "comments", "document_id": "documents"},
        not_null=("kind",),
    ),
    "problems": Table(
        columns={"id": int, "kind": str, "detail": str, "comment_id": str, "document_id": str},
        key=("id",),
        foreign_keys={"comment_id": "comments", "document_id": "documents"},
        indexes=(("kind",),),
        not_null=("kind", "detail"),
    ),
    "statistics": Table(
        columns={
            "figure": str,
            "position": int,
            "label": str,
            "label_id": str,
            "target": str,
            "target_id": str,
            "series": str,
            "value": int,
        },
        key=("figure", "position"),
        foreign_keys={"label_id": "authors", "target_id": "authors"},
        not_null=("label", "value"),
    ),
    "evaluation": Table(
        columns={
            "layout": str,
            "evidence": str,
            "measure": str,
            "value": float,
            "counted": int,
            "mean_confidence": float,
        },
        key=("layout", "evidence", "measure"),
        not_null=("value", "counted"),
    ),
    "permalinks": Table(
        columns={"opening_key": str, "comment_id": str},
        key=("opening_key", "comment_id"),
        foreign_keys={"comment_id": "comments"},
    ),
}

# remove_diacritics 2 folds accents in every script, so that "naive" finds "naïve" and a name is found as it is typed
# on a keyboard that lacks its letters; porter makes "universe" find "universities", which the README says.
FTS_CONTENT = "comments"
FTS_TABLE = "comments_fts"  # the name that sqlite-utils gives
FTS_COLUMNS = ("body", "own_text", "quoted_text", "author_name")
FTS_TOKENIZE = "porter unicode61 remove_diacritics 2"

VIEWS: dict[str, str] = {
    "threads": """
        select
            root.id as id,
            root.title as title,
            count(*) filter (where not member.is_placeholder) as comments,
            count(distinct member.author_id) as authors,
            max(member.depth) as depth,
            min(member.posted_at) as first_posted_at,
            max(member.posted_at) as last_posted_at,
            group_concat(distinct member.author_name) as people,
            root.is_placeholder as starts_with_placeholder
        from comments as member
        join comments as root on root.id = member.root_id
        group by root.id
        having count(*) > 1
    """,
    "replies": """
        select
            reply.id as reply_id,
            reply.author_name as reply_author,
            reply.title as reply_title,
            parent.id as parent_id,
            parent.author_name as parent_author,
            parent.title as parent_title,
            reply.parent_basis as parent_basis,
            reply.parent_confidence as parent_confidence,
            parent.is_placeholder as parent_is_placeholder
        from comments as reply
        join comments as parent on parent.id = reply.parent_id
    """,
    "author_totals": """
        select
            authors.id as author_id,
            authors.name as name,
            count(comments.id) as comments,
            sum(comments.parent_id is not null) as replies_written,
            (
                select count(*)
                from comments as reply
                join comments as parent on parent.id = reply.parent_id
                where parent.author_id = authors.id and not reply.is_placeholder
            ) as replies_received,
            sum(comments.word_count) as words,
            sum(comments.is_truncated) as truncated,
            sum(comments.posted_at is null) as undated,
            sum(comments.karma is null) as without_karma
        from authors
        left join comments on comments.author_id = authors.id and not comments.is_placeholder
        group by authors.id
    """,
}
