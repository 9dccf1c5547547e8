"""The page about the data: a datasheet whose figures come from the database that it describes.

The seven sections are those of T. Gebru and others, “Datasheets for Datasets” (Communications of the ACM 64, 12, 2021).
"""

from __future__ import annotations

import sqlite3

from forum_comments.pages.reading import Row, first, rows
from forum_comments.pages.wording import AUTHOR_WORDS, BOUNDARY_WORDS, PARENT_WORDS

DOCUMENTS_SHOWN = 50
KINDS_SHOWN = 50

COUNTED = "select label, value from statistics where figure = ? order by position"
DOCUMENTS = """
    select id, title, file_name, format, characters, url, saved_at, says_more
    from documents order by file_name, id limit ?
"""
CORRECTIONS = "select kind, count(*) as value from corrections group by kind order by value desc, kind limit ?"
PROBLEMS = "select kind, count(*) as value from problems group by kind order by value desc, kind limit ?"
DATED = "select min(posted_at) as first, max(posted_at) as last from comments"
CALIBRATION_COLUMNS = ("layout", "evidence", "mean_confidence", "value", "counted")
HAS_EVALUATION = "select 1 from sqlite_master where type = 'table' and name = 'evaluation'"
EVALUATION = "select layout, evidence, measure, value, counted, mean_confidence from evaluation order by rowid"


def about_page(connection: sqlite3.Connection) -> Row:
    """Return what the archive holds, how it was made, what was decided and corrected, and how well that is done."""
    return {
        "title": "About the data",
        "build": first(connection, "select * from builds limit 1"),
        "totals": {row["label"]: row["value"] for row in rows(connection, COUNTED, ("totals",))},
        "dated": first(connection, DATED),
        "sources": rows(connection, COUNTED, ("sources",)),
        "documents": rows(connection, DOCUMENTS, (DOCUMENTS_SHOWN,)),
        "decided": [
            _decided(connection, "Where a comment starts", "boundary basis", BOUNDARY_WORDS),
            _decided(connection, "Who wrote it", "author basis", AUTHOR_WORDS),
            _decided(connection, "What it answers", "parent basis", PARENT_WORDS),
        ],
        "certainty": _summed(rows(connection, COUNTED, ("certainty",))),
        "corrections": rows(connection, CORRECTIONS, (KINDS_SHOWN,)),
        "problems": rows(connection, PROBLEMS, (KINDS_SHOWN,)),
        "evaluation": _evaluation(connection),
    }


def _decided(connection: sqlite3.Connection, title: str, figure: str, words: dict[str, str]) -> Row:
    """Return how often each basis decided something, with the basis explained where it is one that we know."""
    found = rows(connection, COUNTED, (figure,))
    return {"title": title, "rows": [{**row, "words": words.get(row["label"])} for row in found]}


def _summed(parts: list[Row]) -> list[Row]:
    """Return one row a label, of rows that are the parts of bars."""
    sums: dict[str, int] = {}
    for part in parts:
        sums[part["label"]] = sums.get(part["label"], 0) + part["value"]
    return [{"label": label, "value": value} for label, value in sums.items()]


def _evaluation(connection: sqlite3.Connection) -> Row | None:
    """Return the measured error rates, a row for each layout and evidence; None in a build without them.

    `calibration` has what was measured of boundaries by the confidence that they were given.
    """
    if not rows(connection, HAS_EVALUATION):
        return None
    found = rows(connection, EVALUATION)
    overall = [row for row in found if row["mean_confidence"] is None]
    values = {(row["layout"], row["evidence"], row["measure"]): row["value"] for row in overall}
    measures = list(dict.fromkeys(row["measure"] for row in overall))
    calibration = [row for row in found if row["mean_confidence"] is not None]
    pairs = dict.fromkeys((row["layout"], row["evidence"]) for row in overall)
    layouts = list(dict.fromkeys(layout for layout, _ in pairs))
    return {
        "measures": measures,
        "rows": [
            {
                "layout": layout,
                "evidence": evidence,
                "values": [values.get((layout, evidence, measure)) for measure in measures],
            }
            for layout, evidence in sorted(pairs, key=lambda pair: layouts.index(pair[0]))
        ],
        "calibration": {
            "name": "calibration",
            "kind": "calibration",
            "title": "What a confidence is worth",
            "rows": [{name: row[name] for name in CALIBRATION_COLUMNS} for row in calibration],
            "total": sum(row["counted"] for row in calibration),
        },
    }
