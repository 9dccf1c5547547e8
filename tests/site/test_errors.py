"""Addresses at fault get 400 or 404 and a sentence, on the stock pages too."""

import pytest
from conftest import SQL_PATH
from datasette.app import Datasette

from forum_comments.pages.lines import IS_LINE_1

# Datasette 1.0 says this by itself.
WITHOUT_A_PART_OF_THE_KEY = (
    ("/comments/links/nope", 400, "URL row identifier does not match the primary key for this table")
    if IS_LINE_1
    else ("/comments/links/nope", 404, "The key of a row of this table has several parts, joined by commas.")
)


@pytest.mark.parametrize(
    ("address", "status", "sentence"),
    [
        ("/comments/comments?_sort=nope", 400, "Cannot sort table by nope: it has no such column"),
        ("/comments/comments?_sort_desc=nope", 400, "Cannot sort table by nope: it has no such column"),
        ("/comments/threads?_sort=nope", 400, "Cannot sort table by nope: it has no such column"),
        WITHOUT_A_PART_OF_THE_KEY,
    ],
)
async def test_an_address_at_fault_is_told_so(site: Datasette, address: str, status: int, sentence: str) -> None:
    page = await site.client.get(address)
    assert (page.status_code, sentence in page.text) == (status, True)


async def test_an_address_at_fault_is_told_so_in_json(site: Datasette) -> None:
    answer = await site.client.get("/comments/comments.json?_sort=nope")
    assert answer.status_code == 400
    assert answer.json()["error"] == "Cannot sort table by nope: it has no such column"


@pytest.mark.skipif(not IS_LINE_1, reason="Datasette 0.65 answers this by itself, in its own way")
async def test_sql_at_fault_is_told_so_in_csv(site: Datasette) -> None:
    answer = await site.client.get(f"{SQL_PATH}.csv?sql=select+nothing")
    assert (answer.status_code, answer.text) == (400, 'near "nothing": syntax error')
