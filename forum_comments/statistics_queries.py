"""The queries of the statistics, as data. Each gives STATISTICS_COLUMNS, NULL where one of them means nothing.

Every query has an order that leaves no ties, so that two builds agree.
"""

from __future__ import annotations

# label, target: what is counted, in words; label_id, target_id: authors.id where they are authors;
# series: the part of a bar, or the kind of an arrow.
STATISTICS_COLUMNS = ("label", "label_id", "target", "target_id", "series", "value")

AUTHORS_SHOWN = 15
PEOPLE_SHOWN, ARROWS_SHOWN = 12, 40  # in the network
WORD_RANGES = ((0, 25), (26, 50), (51, 100), (101, 200), (201, 400), (401, 800), (801, 1600), (1601, None))
THREAD_SIZE_RANGES = ((1, 1), (2, 2), (3, 3), (4, 5), (6, 10), (11, 20), (21, 50), (51, 100), (101, None))
DEPTH_RANGES = ((0, 0), (1, 1), (2, 2), (3, 3), (4, 5), (6, 10), (11, 20), (21, None))
# In hundredths; the last range is what is certain.
CERTAINTY_RANGES = ((0, 49), (50, 59), (60, 69), (70, 79), (80, 89), (90, 99), (100, 100))


def _ranges(ranges: tuple[tuple[int, int | None], ...], unit: str = "") -> str:
    """Return the rows of a `values` clause: place, label, low, high."""
    last = 2**62
    rows = []
    for place, (low, high) in enumerate(ranges):
        label = f"{low} or more" if high is None else str(low) if low == high else f"{low}–{high}"
        rows.append(f"({place}, '{label}{unit}', {low}, {last if high is None else high})")
    return ",\n        ".join(rows)


AUTHORS = f"""
with counted as (
    select author_id, is_truncated, count(*) as value
    from comments where not is_placeholder group by author_id, is_truncated
), ranked as (
    select author_id, row_number() over (order by sum(value) desc, author_id) as place
    from counted where author_id is not null group by author_id
), placed as (
    select min(coalesce(place, {AUTHORS_SHOWN + 2}), {AUTHORS_SHOWN + 1} + (place is null)) as place, counted.*
    from counted left join ranked on ranked.author_id = counted.author_id
)
select
    case place
        when {AUTHORS_SHOWN + 1} then 'all others'
        when {AUTHORS_SHOWN + 2} then 'author unknown'
        else coalesce(authors.name, placed.author_id)
    end as label,
    iif(place <= {AUTHORS_SHOWN}, authors.id, null) as label_id,
    null as target, null as target_id,
    iif(is_truncated, 'cut short', 'whole') as series, sum(value) as value
from placed left join authors on authors.id = placed.author_id
group by place, is_truncated order by place, is_truncated
"""

LENGTHS = f"""
with ranges(place, label, low, high) as (
    values
        {_ranges(WORD_RANGES)}
), counted as (
    select word_count, is_truncated, count(*) as value
    from comments where not is_placeholder and word_count is not null group by word_count, is_truncated
)
select label, null as label_id, null as target, null as target_id,
    iif(is_truncated, 'cut short', 'whole') as series, coalesce(sum(value), 0) as value
from ranges left join counted on word_count between low and high
group by place, is_truncated order by place, is_truncated
"""

THREAD_SIZES = f"""
with ranges(place, label, low, high) as (
    values
        {_ranges(THREAD_SIZE_RANGES)}
), threads as (
    select count(*) as size from comments where not is_placeholder group by coalesce(root_id, id)
), counted as (
    select size, count(*) as value from threads group by size
)
select label, null as label_id, null as target, null as target_id, null as series, coalesce(sum(value), 0) as value
from ranges left join counted on size between low and high
group by place order by place
"""

DEPTHS = f"""
with ranges(place, label, low, high) as (
    values
        {_ranges(DEPTH_RANGES)}
), counted as (
    select coalesce(depth, 0) as depth, count(*) as value from comments where not is_placeholder group by 1
)
select label, null as label_id, null as target, null as target_id, null as series, coalesce(sum(value), 0) as value
from ranges left join counted on depth between low and high
group by place order by place
"""

CERTAINTY = f"""
with ranges(place, label, low, high) as (
    values
        {_ranges(CERTAINTY_RANGES, " %")}
), counted as (
    select cast(boundary_confidence * 100 as integer) as hundredths, boundary_basis, count(*) as value
    from appearances group by 1, 2
)
select label, null as label_id, null as target, null as target_id,
    iif(boundary_basis = 'language', 'judged by the words', 'by a rule or a source') as series,
    coalesce(sum(value), 0) as value
from ranges left join counted on hundredths between low and high
group by place, boundary_basis = 'language' order by place, boundary_basis = 'language'
"""

MONTHS = """
select iif(posted_at glob '[0-9][0-9][0-9][0-9]-[0-9][0-9]*', substr(posted_at, 1, 7), 'undated') as label,
    null as label_id, null as target, null as target_id, null as series, count(*) as value
from comments where not is_placeholder
group by 1 order by 1
"""

NETWORK = f"""
with edges as (
    select reply.author_id as source, parent.author_id as target, 'answers' as series, count(*) as value
    from comments as reply join comments as parent on parent.id = reply.parent_id
    where reply.author_id is not null and parent.author_id is not null
    group by 1, 2
    union all
    select quoting.author_id, quoted.author_id, 'quotes', count(distinct quoting.id)
    from passages
    join comments as quoting on quoting.id = passages.comment_id
    join comments as quoted on quoted.id = passages.quoted_comment_id
    where quoting.author_id is not null and quoted.author_id is not null
    group by 1, 2
), people as (
    select person, row_number() over (order by sum(value) desc, person) as place
    from (select source as person, value from edges union all select target, value from edges where target <> source)
    group by person
)
select source.name as label, edges.source as label_id, target.name as target, edges.target as target_id, series, value
from edges
join people as one on one.person = edges.source and one.place <= {PEOPLE_SHOWN}
join people as other on other.person = edges.target and other.place <= {PEOPLE_SHOWN}
join authors as source on source.id = edges.source
join authors as target on target.id = edges.target
order by value desc, series, edges.source, edges.target
limit {ARROWS_SHOWN}
"""


def basis(table: str, column: str, where: str = "1") -> str:
    """Return the query that counts the rows of a table by the basis in one of its columns."""
    return f"""
select {column} as label, null as label_id, null as target, null as target_id, null as series, count(*) as value
from {table} where {where}
group by {column} order by value desc, label
"""


TOTALS = """
with counted as (
    select count(*) as comments, sum(is_truncated) as truncated, sum(posted_at is null) as undated,
        sum(karma is null) as without_karma, sum(author_id is null) as without_author,
        sum(parent_id is not null) as replies, sum(quoted_text is not null) as quoting, sum(word_count) as words
    from comments where not is_placeholder
), many as (
    select count(*) as value from (select 1 from appearances group by comment_id having count(*) > 1)
), rows(place, label, value) as (
    select 1, 'comments', comments from counted
    union all select 2, 'words in them', coalesce(words, 0) from counted
    union all select 3, 'authors', (select count(*) from authors)
    union all select 4, 'documents read', (select count(*) from documents)
    union all select 5, 'places where a comment stands', (select count(*) from appearances)
    union all select 6, 'comments that stand in several places', value from many
    union all select 7, 'comments whose parent is known', coalesce(replies, 0) from counted
    union all select 8, 'comments that quote', coalesce(quoting, 0) from counted
    union all select 9, 'comments cut short', coalesce(truncated, 0) from counted
    union all select 10, 'comments without a date', coalesce(undated, 0) from counted
    union all select 11, 'comments without a score', coalesce(without_karma, 0) from counted
    union all select 12, 'comments without an author', coalesce(without_author, 0) from counted
    union all select 13, 'placeholders for comments not read', (
        select count(*) from comments where is_placeholder and status is null
    )
    union all select 14, 'links', (select count(*) from links)
    union all select 15, 'comments removed', (
        select count(*) from comments where is_placeholder and status is not null
    )
)
select label, null as label_id, null as target, null as target_id, null as series, value from rows order by place
"""
