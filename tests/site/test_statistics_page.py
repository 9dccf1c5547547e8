"""The page of pictures, and the pictures."""

import sqlite3
from contextlib import closing
from xml.etree import ElementTree

import pytest
from conftest import SETTINGS, site_of
from finding_archive import make_archive

from forum_comments.pages.charts import chart
from forum_comments.pages.statistics import statistics_page
from forum_comments.statistics import FIGURES


def figure(kind, *rows):
    keys = ("label", "target", "series", "value")
    made = [dict(zip(keys, row, strict=True)) for row in rows]
    return {"name": "a name", "kind": kind, "title": "Title", "rows": made, "total": sum(row["value"] for row in made)}


def drawn(figure):
    return ElementTree.fromstring(chart(figure))


def texts(svg, tag="text"):
    return [element.text for element in svg.iter(tag)]


def test_every_figure_has_its_rows_and_its_query(finding_archive):
    with closing(sqlite3.connect(finding_archive)) as connection:
        page = statistics_page(connection)
        assert [made["name"] for made in page["figures"]] == [made.name for made in FIGURES]
        for made in page["figures"]:
            assert [tuple(row.values()) for row in made["rows"]] == connection.execute(made["sql"]).fetchall()


def test_a_bar_says_its_parts_in_words():
    svg = drawn(figure("bars", ("Ann", None, "whole", 3), ("Ann", None, "cut", 1), ("Bob", None, "whole", 2)))
    assert texts(svg, "title") == ["Title", "Ann: 4 (3 whole, 1 cut)", "Bob: 2 (2 whole)"]
    assert texts(svg, "desc") == ["2 bars; the longest is “Ann” with 4."]
    assert texts(svg) == ["whole", "cut", "Ann", "4", "Bob", "2"]


def test_bars_have_lengths_in_proportion():
    svg = drawn(figure("bars", ("Ann", None, None, 4), ("Bob", None, None, 1)))
    widths = [float(element.get("width")) for element in svg.iter("rect")]
    assert widths == [204.0, 51.0]


def test_empty_ranges_at_the_end_are_left_out():
    svg = drawn(figure("bars", ("1", None, None, 4), ("2", None, None, 0), ("3", None, None, 1), ("4", None, None, 0)))
    assert texts(svg) == ["1", "4", "2", "0", "3", "1"]


def test_columns_have_a_place_for_months_without_a_comment_and_for_the_undated():
    svg = drawn(figure("columns", ("2020-11", None, None, 2), ("2021-02", None, None, 4), ("undated", None, None, 9)))
    assert texts(svg, "title") == [
        "Title",
        "2020-11: 2",
        "2020-12: 0",
        "2021-01: 0",
        "2021-02: 4",
        "undated: 9",
    ]
    assert texts(svg, "desc") == ["6 dated comments, from 2020-11 to 2021-02, one column a month; 9 undated."]


def test_many_months_become_years():
    svg = drawn(figure("columns", ("2010-01", None, None, 2), ("2010-05", None, None, 3), ("2015-02", None, None, 4)))
    assert texts(svg, "title")[1:] == ["2010: 5", "2011: 0", "2012: 0", "2013: 0", "2014: 0", "2015: 4"]


def test_dates_far_apart_make_columns_all_the_same():
    svg = drawn(figure("columns", ("0001-01", None, None, 2), ("2015-02", None, None, 4)))
    assert len(list(svg.iter("rect"))) == 2015


def test_only_undated_comments_are_one_column():
    svg = drawn(figure("columns", ("undated", None, None, 70)))
    assert texts(svg, "desc") == ["0 dated comments, no comment has a date; 70 undated."]


def test_the_network_says_each_arrow_in_words():
    svg = drawn(figure("network", ("Ann", "Bob", "answers", 3), ("Ann", "Ann", "quotes", 1)))
    assert texts(svg, "title") == ["Title", "Ann answers Bob 3 times", "Ann quotes Ann once", "Ann", "Bob"]
    assert texts(svg, "desc") == ["2 people, 2 arrows; the strongest: Ann answers Bob 3 times."]


@pytest.mark.parametrize("kind", ["bars", "columns", "network"])
def test_nothing_gives_no_picture(kind):
    assert chart(figure(kind)) is None
    assert chart(figure(kind, ("Ann", "Bob", "answers", 0))) is None


async def test_the_page_has_a_picture_a_table_and_a_query_for_each_figure(finding_archive):
    page = (await site_of(finding_archive).client.get("/-/statistics")).text
    assert page.count('<section class="picture"') == len(FIGURES)
    assert page.count("<table") == len(FIGURES)
    assert page.count("Run it</a>") == len(FIGURES)
    assert page.count('<svg class="chart') == len(FIGURES) - 1


async def test_each_query_runs_in_datasette_under_its_time_limit(finding_archive):
    site = site_of(finding_archive, sql_time_limit_ms=SETTINGS["sql_time_limit_ms"])
    for made in FIGURES:
        params = {"sql": made.sql, "_shape": "array"}
        response = await site.client.get("/comments.json", params=params, follow_redirects=True)
        assert response.status_code == 200


async def test_names_that_try_to_be_markup_stay_text(finding_archive):
    page = (await site_of(finding_archive).client.get("/-/statistics")).text
    assert "Bob <i>" not in page
    assert "Bob &lt;i&gt;" in page


async def test_the_json_twin_holds_the_figures(finding_archive):
    page = (await site_of(finding_archive).client.get("/-/statistics.json")).json()
    assert page["figures"][0]["rows"][0]["label"] == "comments"


async def test_an_empty_archive_has_its_statistics_too(tmp_path):
    response = await site_of(make_archive(tmp_path / "comments.db", [])).client.get("/-/statistics")
    assert response.status_code == 200
    assert "There is nothing of this kind in the archive." in response.text
