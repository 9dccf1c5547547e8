import pytest

from forum_comments.readers.splitting import TOP, Piece, Shape, Splitter
from forum_comments.records import Fault

ENVELOPE = Shape(frozenset([b"results"]), frozenset([b"result"]))
TREE = Shape(frozenset([b"children"]), is_tree=True)
MAP = Shape(is_map=True)


def split(data: bytes, shape: Shape = TOP, size: int = 1000) -> list[Piece | Fault]:
    splitter = Splitter(shape)
    pieces = [piece for start in range(0, len(data), size) for piece in splitter.feed(data[start : start + size])]
    return [*pieces, *splitter.end()]


def texts(data: bytes, shape: Shape = TOP) -> list[tuple[int, str]]:
    return [(piece.number, piece.text.decode()) for piece in split(data, shape) if isinstance(piece, Piece)]


def faults(data: bytes, shape: Shape = TOP) -> list[tuple[str, str]]:
    return [(piece.kind, piece.detail) for piece in split(data, shape) if isinstance(piece, Fault)]


def test_brackets_and_quotation_marks_in_strings_divide_nothing():
    assert texts(rb'[{"a": "]}[{"}, {"b": "\"]}\\"}]') == [(1, '{"a": "]}[{"}'), (2, r'{"b": "\"]}\\"}')]


def test_records_of_an_envelope_are_numbered_and_the_envelope_is_not():
    data = b'{"data": {"comments": {"results": [{"_id": "a", "results": [{}]}, {"_id": "b"}], "totalCount": null}}}'
    assert texts(data, ENVELOPE) == [
        (1, '{"_id": "a", "results": [{}]}'),
        (2, '{"_id": "b"}'),
        (0, '{"data": {"comments": {"results": [null], "totalCount": null}}}'),
    ]


def test_a_record_in_a_record_comes_first_and_names_the_one_around_it():
    data = b'{"id": 1, "children": [{"id": 2, "children": [{"id": 3, "children": []}]}, {"id": 4}], "x": 0}'
    assert [(piece.number, piece.above, piece.text) for piece in split(data, TREE) if isinstance(piece, Piece)] == [
        (3, 2, b'{"id": 3, "children": []}'),
        (2, 1, b'{"id": 2, "children": [null]}'),
        (4, 1, b'{"id": 4}'),
        (1, None, b'{"id": 1, "children": [null], "x": 0}'),
    ]


def test_what_stands_between_records_in_a_record_stays_in_it():
    assert texts(b'{"children": ["x", {"id": 2}, "y", {"id": 3}, "z"]}', TREE)[-1] == (
        1,
        '{"children": ["x", null, "y", null, "z"]}',
    )


def test_a_map_gives_the_key_of_each_record():
    pieces = split(rb'{"ada": {"a": {}}, "b\"]": {}}', MAP)
    assert [(piece.key, piece.text) for piece in pieces if isinstance(piece, Piece)] == [
        (b'"ada"', b'{"a": {}}'),
        (rb'"b\"]"', b"{}"),
    ]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b'[{"a": 1}, {"b": ', "it ends in record 2, which begins at byte 11; expected a closing bracket"),
        (b'[{"a": 1}', "it ends in a list, after record 1; expected a closing bracket"),
        (b'{"a": "', "it ends in record 1, which begins at byte 0; expected a closing bracket"),
    ],
)
def test_a_stream_that_ends_too_early_says_where(data: bytes, expected: str):
    assert faults(data) == [("file cut short", expected)]


def test_what_is_no_object_is_reported_and_the_records_around_it_are_given():
    data = b'[1, {"a": 1}, "x", {"b": 2}]]{"c": 3}'
    assert texts(data) == [(1, '{"a": 1}'), (2, '{"b": 2}'), (3, '{"c": 3}')]
    assert faults(data) == [
        ("record not read", "before byte 4: expected an object, found '1'"),
        ("record not read", "before byte 19: expected an object, found '\"x\"'"),
        ("record not read", "byte 28: a bracket closes that none has opened"),
    ]


def test_a_string_that_is_not_closed_ends_with_its_line():
    assert texts(b'[{"a": "x},\n {"b": 2}\n}, {"c": 3}]')[-1] == (2, '{"c": 3}')


@pytest.mark.parametrize("size", [1, 2, 3, 7, 50])
def test_how_the_stream_is_cut_into_pieces_changes_nothing(size: int):
    data = rb'[{"a\"": "\\"}, 7, {"children": [{"x": [[]]}, {"\u0041": "]"}]}] {"results": [{}]} ] nul'
    for shape in (TOP, TREE, ENVELOPE):
        assert split(data, shape, size) == split(data, shape)
