"""Turns documents, comments and corrections into rows of the tables of `schema.py`, in an order of their own."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from forum_comments import __version__
from forum_comments.archive import Archive, program_sha256, sum_of
from forum_comments.comments import body_of
from forum_comments.dump_rows import Chunk, dump_rows
from forum_comments.evaluation import evaluation_rows
from forum_comments.fuller import fuller
from forum_comments.keys import keys_of_page, keys_of_passages
from forum_comments.labels import appearance_id, host_of, json_of, shown, title_of
from forum_comments.models import Appearance, Comment, Passage
from forum_comments.record_ids import PAGE_SOURCE
from forum_comments.schema import SCHEMA_VERSION, TABLES
from forum_comments.segmentation import division_json
from forum_comments.stated import StatedPost, post_rows, posted_at_of, posts_of, scored_header, stated
from forum_comments.vocabulary import URL, URL_TRAILING

Row = Mapping[str, object]

# Roles of furniture whose text stands in its document only.
BULK_ROLES = frozenset({"markup", "unread"})
# A boundary with one of these bases was inferred; its confidence is shown as this at the most.
INFERRED_BOUNDARIES = frozenset({"count", "other page", "language"})
SUREST_INFERENCE = 0.9999


def chunks_of(archive: Archive) -> Iterator[Chunk]:
    """Give the rows of every table but `statistics`, in chunks of one table, as tuples in the order of its columns."""
    posts = posts_of(archive.comments)
    in_dumps = archive.links.in_dumps
    also_in_dumps = [comment for comment in archive.comments if comment.id in in_dumps]
    said_by_pages = {c.id: _comment_row(c, archive.authors.by_name, posts) for c in also_in_dumps}
    yield from dump_rows(archive.links, archive.authors.by_key, said_by_pages)
    for table, rows in _other_rows(archive, posts).items():
        yield table, list(_tuples(table, rows))


def _other_rows(archive: Archive, posts: Mapping[Comment, StatedPost]) -> dict[str, Iterable[Row]]:
    """Give the rows of what pages hold, and those that are not about comments."""
    comment_of = {appearance: comment for comment in archive.comments for appearance in comment.appearances}
    in_dumps = archive.links.in_dumps
    only_on_pages = [comment for comment in archive.comments if comment.id not in in_dumps]
    with_page_text = [comment for comment in archive.comments if not in_dumps.get(comment.id)]
    author_ids = archive.authors.by_name
    return {
        "builds": [_build_row(archive)],
        "authors": archive.authors.rows(),
        "accounts": archive.authors.account_rows(),
        "posts": _post_rows(archive, posts),
        "documents": [*_document_rows(archive, author_ids), *_dump_document_rows(archive)],
        "comments": (_comment_row(comment, author_ids, posts) for comment in only_on_pages),
        "appearances": _appearance_rows(archive),
        "passages": _passage_rows(with_page_text, comment_of),
        "links": _link_rows(with_page_text),
        "furniture": _furniture_rows(archive),
        "corrections": _correction_rows(archive, comment_of),
        "problems": _problem_rows(archive),
        "evaluation": evaluation_rows(),
        "permalinks": _permalink_rows(archive, comment_of),
    }


def _tuples(table: str, rows: Iterable[Row]) -> Iterator[tuple[object, ...]]:
    columns = TABLES[table].columns
    for row in rows:
        if not row.keys() <= columns.keys():
            raise ValueError(f"{table} has no column {sorted(row.keys() - columns.keys())[0]}")
        yield tuple(row.get(column) for column in columns)


def _build_row(archive: Archive) -> Row:
    return {
        "id": 1,
        "program_version": __version__,
        "schema_version": SCHEMA_VERSION,
        "program_sha256": program_sha256(),
        "inputs_sha256": sum_of(archive.inputs),
        "documents": len(archive.pages) + len(archive.links.gathered.dumps),
        "comments": archive.links.count_comments(),
        "corrections_applied": len(archive.applied),
        "corrections_skipped": archive.skipped,
        "is_amended": int(archive.is_amended),
    }


def _document_rows(archive: Archive, author_ids: Mapping[str, str]) -> Iterator[Row]:
    repeated = Counter(page.title for page in archive.pages)
    for page, division in zip(archive.pages, archive.divisions, strict=True):
        document = page.document
        title = page.title if repeated[page.title] == 1 else f"{page.title} ({document.file_name})"
        yield {
            "id": document.id,
            "title": shown(title),
            "file_name": document.file_name,
            "format": page.layout,
            "owner_id": author_ids[page.owner] if page.owner is not None else None,
            "url": page.url,
            "saved_at": page.saved_at,
            "says_more": int(page.says_more),
            "characters": len(document.text),
            "bytes": len(document.content),
            "encoding": document.encoding,
            "sha256": document.sha256,
            "division": division_json(page, division),
            "text": document.text,
            "raw": document.raw,
        }


def _dump_document_rows(archive: Archive) -> Iterator[Row]:
    for document in archive.links.gathered.dumps:
        yield {
            "id": document.id,
            "title": shown(f"{document.dump.format}: {document.file_name}"),
            "file_name": document.file_name,
            "format": document.dump.format,
            "says_more": 0,
            "bytes": document.bytes,
            "sha256": document.sha256,
        }


def _post_rows(archive: Archive, posts: Mapping[Comment, StatedPost]) -> Iterator[Row]:
    """Give each post once, in the order of their ids, with the fullest title that a dump or page gives it."""
    stated = {str(row["id"]): row for row in post_rows(posts)}
    in_dumps = archive.links.gathered.posts
    for post_id in sorted(stated.keys() | in_dumps.keys()):
        post, row = in_dumps.get(post_id), stated.get(post_id, {})
        on_pages = row.get("title")
        title = fuller(post.title if post is not None else None, str(on_pages) if on_pages is not None else None)
        yield {
            "id": post_id,
            "title": shown(title),
            "url": shown(post.url) if post is not None else None,
            "extra": json_of(post.extra) if post is not None else None,
        }


def _comment_row(comment: Comment, author_ids: Mapping[str, str], posts: Mapping[Comment, StatedPost]) -> Row:
    fullest = comment.on_pages[0]
    header = scored_header(comment)
    body = body_of(fullest.passages)
    quoted = [passage for passage in fullest.passages if passage.is_quotation]
    own = [passage for passage in fullest.passages if not passage.is_quotation]
    return {
        "id": comment.id,
        "title": title_of(own or quoted),
        "author_id": author_ids[comment.author_name] if comment.author_name is not None else None,
        "parent_id": comment.parent_id,
        "posted_at": posted_at_of(comment),
        "age": header.age if header is not None else None,
        "karma": header.karma if header is not None else None,
        "post_id": posts[comment].id if comment in posts else None,
        "is_truncated": int(fullest.is_truncated),
        "word_count": len(body.split()),
        "root_id": comment.root_id,
        "depth": comment.depth,
        "af_karma": header.af_karma if header is not None else None,
        "agreement": header.agreement if header is not None else None,
        "score_text": shown(header.score_text) if header is not None else None,
        "is_placeholder": 0,
        "author_name": shown(comment.author_name),
        "author_basis": comment.author_basis,
        "author_confidence": comment.author_confidence,
        "parent_basis": comment.parent_basis,
        "parent_confidence": comment.parent_confidence,
        "url": stated(comment, "url"),
        "status": stated(comment, "status"),
        "parent_source_id": stated(comment, "parent_source_id"),
        "source": stated(comment, "source") or PAGE_SOURCE,
        "source_id": stated(comment, "source_id"),
        "extra": _extra(comment),
        "opening_key": comment.opening_key if fullest.passages else None,
        "body": shown(body) if fullest.passages else None,
        "own_text": shown(body_of(own)) if quoted else None,
        "quoted_text": shown(body_of(quoted)) if quoted else None,
    }


def _extra(comment: Comment) -> str | None:
    answered = stated(comment, "parent_author")
    return json.dumps({"parent_author": answered}, ensure_ascii=False) if answered is not None else None


def _boundary_confidence(appearance: Appearance) -> float:
    """Round to four digits; what was inferred stays below 1 however sure it is."""
    confidence = appearance.boundary_confidence
    is_certain = confidence >= 1.0 and appearance.boundary_basis not in INFERRED_BOUNDARIES
    return 1.0 if is_certain else min(round(confidence, 4), SUREST_INFERENCE)


def _appearance_rows(archive: Archive) -> Iterator[Row]:
    for comment in archive.comments:
        for appearance in comment.on_pages:
            header = appearance.header
            yield {
                "id": appearance_id(appearance),
                "comment_id": comment.id,
                "document_id": appearance.document.id,
                "position": appearance.position,
                "is_truncated": int(appearance.is_truncated),
                "boundary_basis": appearance.boundary_basis,
                "boundary_confidence": _boundary_confidence(appearance),
                "author_name": shown(appearance.author_name),
                "age": header.age if header is not None else None,
                "karma": header.karma if header is not None else None,
                "score_text": shown(header.score_text) if header is not None else None,
                "match_basis": comment.match_basis.get(appearance),
                "start_offset": appearance.start,
                "end_offset": appearance.end,
                "record_number": appearance.record_number,
            }


def _passage_rows(comments: Iterable[Comment], comment_of: Mapping[Appearance, Comment]) -> Iterator[Row]:
    for comment in comments:
        passages = comment.on_pages[0].passages
        for position, (passage, key) in enumerate(zip(passages, keys_of_passages(passages), strict=True), start=1):
            yield {
                "comment_id": comment.id,
                "position": position,
                "kind": passage.kind,
                "text": shown(passage.text),
                "label": passage.label,
                "is_quotation": int(passage.is_quotation),
                "quoted_comment_id": comment_of[passage.quoted].id if passage.quoted is not None else None,
                "quotation_basis": passage.quotation_basis,
                "quotation_confidence": passage.quotation_confidence,
                "document_id": comment.on_pages[0].document.id,
                "start_offset": passage.start,
                "end_offset": passage.end,
                "opening_key": key,
            }


def _link_rows(comments: Iterable[Comment]) -> Iterator[Row]:
    for comment in comments:
        urls = [url for passage in comment.on_pages[0].passages for url in _urls(passage)]
        for position, url in enumerate(urls, start=1):
            yield {"comment_id": comment.id, "position": position, "url": shown(url), "host": host_of(url)}


def _urls(passage: Passage) -> Iterable[str]:
    """Give the targets of a passage's links, or the addresses in its text where no markup says what is a link."""
    return passage.links or [match.group().rstrip(URL_TRAILING) for match in URL.finditer(passage.text)]


def _furniture_rows(archive: Archive) -> Iterator[Row]:
    for page in archive.pages:
        for item in page.furniture:
            yield {
                "document_id": page.document.id,
                "start_offset": item.start,
                "end_offset": item.end,
                "role": item.role,
                "text": "" if item.role in BULK_ROLES else shown(page.document.text[item.start : item.end].strip()),
            }


def _correction_rows(archive: Archive, comment_of: Mapping[Appearance, Comment]) -> Iterator[Row]:
    at_start = {(a.document.id, a.start): comment for a, comment in comment_of.items()}
    for number, item in enumerate(archive.applied, start=1):
        comment = comment_of[item.appearance] if item.appearance is not None else None
        if comment is None and item.start is not None:
            comment = at_start.get((item.document.id, item.start))
        yield {
            "id": number,
            "kind": item.kind,
            "comment_id": comment.id if comment is not None else None,
            "document_id": item.document.id,
            "start_offset": item.start,
            "value_before": _value(item.before, comment_of),
            "value_after": _value(item.after, comment_of),
            "reason": item.reason,
            "url": item.url,
        }


def _value(value: str | Appearance | None, comment_of: Mapping[Appearance, Comment]) -> str | None:
    return comment_of[value].id if isinstance(value, Appearance) else value


def _problem_rows(archive: Archive) -> Iterator[Row]:
    for comment_id, problem in archive.problems():
        yield {
            "kind": problem.kind,
            "detail": shown(problem.detail),
            "comment_id": comment_id,
            "document_id": problem.document_id,
        }


def _permalink_rows(archive: Archive, comment_of: Mapping[Appearance, Comment]) -> Iterator[Row]:
    by_document: dict[str, list[Appearance]] = {}
    for appearance in comment_of:
        if appearance.record_number is not None:
            continue
        by_document.setdefault(appearance.document.id, []).append(appearance)
    found: set[tuple[str, str]] = set()
    for appearances in by_document.values():
        appearances.sort(key=lambda a: a.position)
        passages = [(passage, comment_of[a].id) for a in appearances for passage in a.passages]
        for key, number in keys_of_page([passage for passage, _ in passages]):
            found.add((key, passages[number][1]))
    for key, comment_id in sorted(found):
        yield {"opening_key": key, "comment_id": comment_id}
