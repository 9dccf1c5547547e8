"""The benchmark of serving asks both servers, and counts what they answer."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from benchmarks import serving
from benchmarks.finding import archive
from benchmarks.servers import Answer, ask, datasette
from forum_comments.database import write_database


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("serving") / "comments.db"
    write_database(path, archive(300))
    return path


@pytest.mark.slow
def test_both_servers_are_asked_for_every_page(database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = [page for page in serving.PAGES if page[0] in ("home", "search, common word", "thread")]
    monkeypatch.setattr(serving, "PAGES", asked)
    done = CliRunner().invoke(serving.main, [str(database), "--requests", "2"])
    assert done.exit_code == 0, done.output
    lines = re.findall(
        r"^\| (.+?) \| (\d+) \| \d+ \| \d+ \| (\S+) \| \d+ \| \d+ \| (\S+) \|$", done.output, re.MULTILINE
    )
    assert lines == [
        (name, clients, "0", "0") for name in ("home", "search, common word", "thread") for clients in ("1", "10")
    ]


def test_pages_are_asked_for_what_the_database_has(database: Path) -> None:
    found = serving.examples(database)
    assert {kind: len(values) for kind, values in found.items()} == {
        "": 1, "comment": 20, "thread": 20, "author": 10, "rare": 20, "medium": 20, "common": 20
    }  # fmt: skip
    assert found["common"][0] == "baba"
    assert {page[1] for page in serving.PAGES} == set(found)


def test_clients_share_the_requests_and_each_asks_at_least_once(database: Path) -> None:
    with datasette([str(database)], {"DATASETTE_LOAD_PLUGINS": ""}, database.parent) as port:
        assert [a.status for a in ask(port, ["/", "/none"], clients=1, requests=4, seconds=60)] == [200, 404, 200, 404]
        assert len(ask(port, ["/"], clients=3, requests=4, seconds=60)) == 6
        assert len(ask(port, ["/"], clients=2, requests=100, seconds=0)) == 2


def test_a_server_that_does_not_start_is_named_with_what_it_said(tmp_path: Path) -> None:
    with (
        pytest.raises(click.ClickException, match=r"does not start:\n(.|\n)*Path 'none\.db' does not exist"),
        datasette(["none.db"], {}, tmp_path),
    ):
        pass


def test_figures_are_the_median_the_95th_percentile_and_the_errors() -> None:
    answers = [Answer(float(number), 200) for number in range(100)] + [Answer(100.0, 500)]
    assert serving.figures(answers) == "50 | 95 | 1 of 101"
    assert serving.figures([Answer(7.0, 200)]) == "7 | 7 | 0"
