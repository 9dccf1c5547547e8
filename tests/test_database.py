import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import sqlite_utils
from datasette.app import Datasette
from datasette.utils import detect_fts
from making import names_in
from sample_database import comment, row, sample_rows

from forum_comments.checks import check_database
from forum_comments.database import update_database, write_database
from forum_comments.errors import OutputError, SourceError
from forum_comments.schema import TABLES, VIEWS
from forum_comments.temporary import sqlite_files_in

NO_ROWS = dict.fromkeys(TABLES, 0)
del NO_ROWS["statistics"]  # counted from the other tables, also where these are empty
COUNTS = NO_ROWS | {"authors": 1, "comments": 3, "links": 1}


@pytest.fixture
def target(tmp_path: Path) -> Path:
    """Give the path of a database of three comments."""
    path = tmp_path / "comments.db"
    write_database(path, sample_rows())
    return path


def ids_found(path: Path, words: str) -> list[str]:
    query = "select id from comments where rowid in (select rowid from comments_fts where comments_fts match ?)"
    with closing(sqlite3.connect(path)) as connection:
        return sorted(id for (id,) in connection.execute(query, (words,)))


def test_tables_have_the_columns_keys_and_types_of_the_schema(target: Path) -> None:
    sql_types = {str: "TEXT", int: "INTEGER", float: "REAL", bytes: "BLOB"}
    with closing(sqlite3.connect(target)) as connection:
        for name, table in TABLES.items():
            info = connection.execute(f"pragma table_info({name})").fetchall()
            assert [(column, type_) for _, column, type_, *_ in info] == [
                (column, sql_types[type_]) for column, type_ in table.columns.items()
            ]
            assert [column for _, column, *_, key in sorted(info, key=lambda c: c[5]) if key] == list(table.key)
            required = {column for _, column, _, not_null, *_ in info if not_null}
            assert required == {*table.not_null, *table.key}
            keys = connection.execute(f"pragma foreign_key_list({name})").fetchall()
            assert {(column, other, to) for _, _, other, column, to, *_ in keys} == {
                (column, other, "id") for column, other in table.foreign_keys.items()
            }


def test_every_foreign_key_and_every_index_of_the_schema_is_indexed(target: Path) -> None:
    database = sqlite_utils.Database(target)
    for name, table in TABLES.items():
        indexed = {tuple(index.columns) for index in database.table(name).indexes}
        assert indexed >= set(table.indexes)
        assert {columns[0] for columns in {*indexed, table.key}} >= set(table.foreign_keys)
    database.close()


def test_there_are_no_triggers_and_every_view_answers(target: Path) -> None:
    with closing(sqlite3.connect(target)) as connection:
        assert connection.execute("select name from sqlite_master where type = 'trigger'").fetchall() == []
        views = {name for (name,) in connection.execute("select name from sqlite_master where type = 'view'")}
        assert views == set(VIEWS)
        assert connection.execute("select id, comments, authors from threads").fetchall() == [("p-3", 3, 1)]
        assert connection.execute("select reply_id, parent_id from replies order by 1").fetchall() == [
            ("p-1", "p-2"),
            ("p-2", "p-3"),
        ]
        assert connection.execute("select author_id, comments, replies_received from author_totals").fetchall() == [
            ("ann", 3, 2)
        ]


@pytest.mark.parametrize("write", [write_database, update_database])
def test_what_sqlite_sorts_goes_into_the_folder_of_the_database_while_it_is_written(
    target: Path, write: Callable[[Path, Any], object]
) -> None:
    def folders() -> list[object]:
        with closing(sqlite3.connect(":memory:")) as connection:
            return connection.execute("pragma temp_store_directory").fetchall()

    with sqlite_files_in(target.parent):
        expected = folders()
    found: list[object] = []
    rows = sample_rows(wait=lambda: found.extend(folders()))
    write(target, rows if write is write_database else rows.items())
    assert found == expected


def test_rows_are_stored_as_they_are_given(tmp_path: Path) -> None:
    odd = "a\0b \u2028 <b>'; drop table comments; -- 🙂\r\n"
    document = row(
        "documents", id="d1", title=odd, file_name="a", format="x", says_more=0, bytes=3, sha256="s", raw=b"\xff\0\xfe"
    )
    write_database(tmp_path / "c.db", {"comments": [comment(1, author_id=None, body=odd)], "documents": [document]})
    with closing(sqlite3.connect(tmp_path / "c.db")) as connection:
        assert connection.execute("select * from documents").fetchall() == [document]
        assert connection.execute("select body, own_text, karma from comments").fetchall() == [(odd, None, None)]


def test_no_rows_at_all_give_every_table(tmp_path: Path) -> None:
    write_database(tmp_path / "c.db", {})
    with closing(sqlite3.connect(tmp_path / "c.db")) as connection:
        assert {name: connection.execute(f"select count(*) from {name}").fetchone()[0] for name in NO_ROWS} == NO_ROWS


def test_search_finds_words_in_their_forms_and_without_their_accents(tmp_path: Path) -> None:
    path = tmp_path / "c.db"
    write_database(
        path,
        {
            "comments": [
                comment(1, author_id=None, body="A naïve universe", author_name="Zoë Ångström"),
                comment(2, author_id=None, body="Nothing", own_text="mine", quoted_text="yours"),
                comment(3, author_id=None, body=None, author_name=None, is_placeholder=1),
            ]
        },
    )
    found = {words: ids_found(path, words) for words in ("universities", "naive", "angstrom", "quoted_text: yours")}
    assert found == {
        "universities": ["p-1"],
        "naive": ["p-1"],
        "angstrom": ["p-1"],
        "quoted_text: yours": ["p-2"],
    }


def test_search_still_finds_the_right_rows_after_vacuum(target: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    with closing(sqlite3.connect(target)) as connection:
        connection.execute("vacuum into ?", (str(copy),))
        connection.execute("vacuum")
    for path in (target, copy):
        assert [ids_found(path, f"unique{number}") for number in (1, 2, 3)] == [["p-1"], ["p-2"], ["p-3"]]
        with closing(sqlite3.connect(path)) as connection:
            check_database(path, connection, COUNTS)


async def test_datasette_offers_and_runs_the_search_without_any_metadata(target: Path) -> None:
    with closing(sqlite3.connect(target)) as connection:
        assert detect_fts(connection, "comments") == "comments_fts"
    client = Datasette([str(target)]).client
    answer = await client.get("/comments/comments.json?_search=unique2&_shape=array")
    assert [(found["id"], found["title"]) for found in answer.json()] == [("p-2", "Comment 2")]
    page = await client.get("/comments/comments")
    assert '<input id="_search" type="search"' in page.text


def test_the_setting_for_indexing_does_not_stay_in_the_file(target: Path) -> None:
    with closing(sqlite3.connect(target)) as connection:
        assert connection.execute("select k from comments_fts_config").fetchall() == [("version",)]


def dangling_parent(connection: sqlite3.Connection) -> None:
    connection.execute("update comments set parent_id = 'p-9' where id = 'p-2'")


def word_missing_from_the_index(connection: sqlite3.Connection) -> None:
    connection.execute("update comments set body = body || ' surprise' where id = 'p-2'")


def lost_row(connection: sqlite3.Connection) -> None:
    connection.execute("delete from links")


def gap_in_row_numbers(connection: sqlite3.Connection) -> None:
    connection.execute("update comments set rowid = 7 where id = 'p-3'")


def null_where_none_may_be(connection: sqlite3.Connection) -> None:
    connection.execute("pragma writable_schema = on")
    connection.execute("""update sqlite_master set sql = replace(sql, '"bio" TEXT', '"bio" TEXT NOT NULL')""")


def index_page_overwritten(connection: sqlite3.Connection) -> None:
    connection.execute("update comments_fts_data set block = x'00' where id = 10")


@pytest.mark.parametrize(
    ("damage", "what"),
    [
        (dangling_parent, "fails foreign_key_check: found ['row 2 of comments names no row of comments'], expected []"),
        (word_missing_from_the_index, "the search index is out of step with comments: "),
        (lost_row, "fails rows of links: found [0], expected [1]"),
        (gap_in_row_numbers, "fails last row number of comments: found [7], expected [3]"),
        (null_where_none_may_be, "fails quick_check: found ['NULL value in authors.bio'], expected ['ok']"),
        (index_page_overwritten, "the search index is out of step with comments: "),
    ],
)
def test_a_damaged_database_fails_its_check(
    target: Path, damage: Callable[[sqlite3.Connection], None], what: str
) -> None:
    with closing(sqlite3.connect(target)) as connection:
        check_database(target, connection, COUNTS)
        damage(connection)
        connection.commit()
    with closing(sqlite3.connect(target)) as connection, pytest.raises(OutputError) as raised:
        check_database(target, connection, COUNTS)
    assert str(raised.value).startswith(f"{target}: ")
    assert what in raised.value.what


def test_a_damaged_index_is_told_as_such_and_not_as_keys_that_cannot_be_checked(target: Path) -> None:
    with closing(sqlite3.connect(target)) as connection:
        (page_size,) = connection.execute("pragma page_size").fetchone()
        ids = "select rootpage from sqlite_master where name = 'sqlite_autoindex_comments_1'"
        (number,) = connection.execute(ids).fetchone()
    with target.open("r+b") as file:
        file.seek((number - 1) * page_size)
        file.write(bytes(page_size))
    with closing(sqlite3.connect(target)) as connection, pytest.raises(OutputError) as raised:
        check_database(target, connection, COUNTS)
    assert raised.value.what.startswith(("the new database fails quick_check: ", "it is damaged: "))


def test_an_update_with_rows_that_name_no_row_is_refused_and_names_the_first_ten(target: Path) -> None:
    before = target.read_bytes()
    rows = {
        "authors": [row("authors", id="ann", name="Ann")],
        "comments": [comment(n, parent_id="p-99") for n in range(12)],
    }
    with pytest.raises(OutputError) as raised:
        update_database(target, rows.items())
    named = [f"row {number} of comments names no row of comments" for number in range(1, 11)]
    assert raised.value.what == f"the new database fails foreign_key_check: found {named}, expected []"
    assert target.read_bytes() == before


def interrupted(error: BaseException) -> Iterator[tuple[object, ...]]:
    yield comment(1)
    raise error


@pytest.mark.parametrize(
    ("rows", "what"),
    [
        ({"comments": [comment(1), comment(2)[1:]]}, "row 2 of comments cannot be written: "),
        ({"comments": [comment(1), comment(1)]}, "row 2 of comments cannot be written: UNIQUE constraint failed"),
        ({"comments": [comment(1, title=None)]}, "row 1 of comments cannot be written: NOT NULL constraint failed"),
        ({"comments": [comment(1, id=None)]}, "row 1 of comments cannot be written: NOT NULL constraint failed"),
        ({"comments": [comment(1, karma=2**63)]}, "row 1 of comments cannot be written: Python int too large"),
        ({"comments": [comment(1, body="\ud83d")]}, "row 1 of comments cannot be written: 'utf-8' codec can't"),
        ({"comments": [comment(1)]}, "names no row of authors"),
    ],
)
def test_rows_that_break_the_schema_leave_the_old_database(target: Path, rows: dict[str, Any], what: str) -> None:
    before = target.read_bytes()
    with pytest.raises(OutputError) as raised:
        write_database(target, rows)
    assert raised.value.path == target
    assert what in raised.value.what
    assert target.read_bytes() == before
    assert names_in(target.parent) == ["comments.db", "inspect-data.json"]


@pytest.mark.parametrize(
    "error", [SourceError(Path("dump.json"), "line 3: no JSON"), KeyboardInterrupt(), OSError(5, "no"), MemoryError()]
)
def test_an_error_of_whoever_gives_the_rows_passes_and_leaves_the_old_database(
    target: Path, error: BaseException
) -> None:
    before = target.read_bytes()
    with pytest.raises(type(error)) as raised:
        write_database(target, {"comments": interrupted(error)})
    assert raised.value is error
    assert target.read_bytes() == before
    assert names_in(target.parent) == ["comments.db", "inspect-data.json"]


def test_a_table_that_the_schema_does_not_know_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no such table in the schema: post"):
        write_database(tmp_path / "c.db", {"post": [], "coments": []})
    assert list(tmp_path.iterdir()) == []
