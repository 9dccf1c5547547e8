"""The page about the data."""

import re
import sqlite3
from contextlib import closing

import pytest
from conftest import site_of
from finding_archive import make_archive

from forum_comments.pages.about import about_page

SECTIONS = ["Motivation", "Composition", "Collection", "Preprocessing", "Uses", "Distribution", "Maintenance"]


@pytest.fixture
def archive(tmp_path):
    return make_archive(tmp_path / "comments.db")


def page_of(archive):
    with closing(sqlite3.connect(archive)) as connection:
        return about_page(connection)


async def html_of(archive):
    response = await site_of(archive).client.get("/-/about")
    assert response.status_code == 200
    return response.text


def test_the_figures_are_those_of_the_database(archive):
    page = page_of(archive)
    assert page["totals"]["comments"] == 6
    assert page["totals"]["comments without a date"] == 3
    assert page["totals"]["placeholders for comments not read"] == 1
    assert page["dated"] == {"first": "2021-05-01T10:00:00Z", "last": "2022-01-01T00:00:00Z"}
    assert page["sources"] == [{"label": "page", "value": 6}]


def test_each_basis_is_explained(archive):
    decided = {made["title"]: made["rows"] for made in page_of(archive)["decided"]}
    assert decided["Who wrote it"] == [
        {"label": "page owner", "value": 4, "words": "the page is this person's"},
        {"label": "unknown", "value": 2, "words": "no source names the author"},
    ]


def test_a_build_without_an_evaluation_has_none(archive):
    with closing(sqlite3.connect(archive)) as connection:
        connection.execute("drop table evaluation")
    assert page_of(archive)["evaluation"] is None


async def test_a_build_shows_the_evaluation_of_every_layout(site):
    rows = (await site.client.get("/-/about.json")).json()["evaluation"]["rows"]
    assert list(dict.fromkeys(row["layout"] for row in rows)) == ["profile", "replies page", "list"]


def evaluate(archive, *measured):
    """Give the archive a table of what was measured, as the build does."""
    with closing(sqlite3.connect(archive)) as connection:
        connection.execute("drop table if exists evaluation")
        connection.execute(
            "create table evaluation (layout text, evidence text, measure text, value real, counted int, "
            "mean_confidence real)"
        )
        connection.executemany("insert into evaluation values (?, ?, ?, ?, ?, ?)", measured)
        connection.commit()


def test_the_evaluation_has_a_row_for_each_layout_and_evidence(archive):
    evaluate(
        archive,
        ("list", "rules", "precision", 0.9, 10, None),
        ("list", "rules", "recall", 0.8, 10, None),
        ("profile", "rules", "recall", 0.5, 20, None),
        ("list", "rules", "right among boundaries given 0.5 to 0.6", 0.6, 5, 0.55),
    )
    assert page_of(archive)["evaluation"] == {
        "measures": ["precision", "recall"],
        "rows": [
            {"layout": "list", "evidence": "rules", "values": [0.9, 0.8]},
            {"layout": "profile", "evidence": "rules", "values": [None, 0.5]},
        ],
        "calibration": {
            "name": "calibration",
            "kind": "calibration",
            "title": "What a confidence is worth",
            "rows": [{"layout": "list", "evidence": "rules", "mean_confidence": 0.55, "value": 0.6, "counted": 5}],
            "total": 5,
        },
    }


async def test_what_a_confidence_is_worth_is_drawn(archive):
    evaluate(archive, ("list", "rules", "right", 0.6, 5, 0.55))
    assert "<title>list: of 5 boundaries given 55% on average, 60% are right</title>" in await html_of(archive)


async def test_the_evaluation_is_shown_with_three_digits(archive):
    evaluate(archive, ("list", "rules", "F1", 0.9, 10, None), ("list", "rules", "right", 0.6, 5, 0.55))
    page = await html_of(archive)
    assert '<td class="number">0.900</td>' in page
    assert '<td class="number">0.55</td><td class="number">0.60</td><td class="number">5</td>' in page


async def test_the_page_has_the_seven_sections_of_a_datasheet(archive):
    headings = re.findall(r"<h2[^>]*>\d\. (\w+)</h2>", await html_of(archive))
    assert headings == SECTIONS


async def test_the_page_says_how_many_comments_have_no_date(archive):
    assert "Without a date: 3 of 6 comments. The others are from 2021-05-01 to 2022-01-01." in await html_of(archive)


async def test_the_page_of_an_empty_archive_says_so_without_an_error(tmp_path):
    page = await html_of(make_archive(tmp_path / "comments.db", []))
    assert "Without a date: 0 of 0 comments." in page
    assert "No correction was applied." in page


async def test_text_that_tries_to_be_markup_stays_text(archive):
    with closing(sqlite3.connect(archive)) as connection:
        connection.execute("update documents set title = '<script>x</script>', file_name = '<b>', format = '{{ 7*7 }}'")
        connection.execute("insert into problems (kind, detail) values ('<img src=x>', 'd')")
        connection.commit()
    evaluate(archive, ("<i>", "=1+1<br>", "F1", 0.9, 10, None))
    page = await html_of(archive)
    for text in (
        "&lt;script&gt;x&lt;/script&gt;",
        "&lt;b&gt;",
        "{{ 7*7 }}",
        "&lt;img src=x&gt;",
        "&lt;i&gt;",
        "=1+1&lt;br&gt;",
    ):
        assert text in page
    for markup in ("<script>x", "<img src=x>", "<br>"):
        assert markup not in page


async def test_the_json_twin_is_the_dict_of_the_page(archive):
    assert (await site_of(archive).client.get("/-/about.json")).json() == page_of(archive)


@pytest.mark.parametrize("path", ["/-/about", "/-/statistics", "/-/find?q=a", "/-/feeds/all.atom"])
async def test_a_database_of_another_program_is_404_with_a_sentence(tmp_path, path):
    with closing(sqlite3.connect(tmp_path / "comments.db")) as connection:
        connection.execute("create table something (id)")
    response = await site_of(tmp_path / "comments.db").client.get(path)
    assert response.status_code == 404
    assert "was built by another version of this program" in response.text
