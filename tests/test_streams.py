import bz2
import gzip
import json
import lzma
import tracemalloc
from pathlib import Path

import pytest
import zstandard
from reading import dump_of, faults_in, items_of, json_lines, records_in

from forum_comments.errors import SourceError
from forum_comments.readers.dumps import read, recognise
from forum_comments.readers.json_records import MOST_LEVELS, read_lines, read_objects
from forum_comments.readers.splitting import MOST_RECORD_BYTES, TOP
from forum_comments.readers.streams import CHUNK_BYTES, chunks
from forum_comments.records import Fault

ROW = {"id": "c1", "parent_id": "t3_1", "link_id": "t3_1", "author": "ada", "body": "Yes.", "created_utc": 2**30}


def row(number: int, **fields: object) -> dict[str, object]:
    return {**ROW, "id": f"c{number}", **fields}


ROWS = json_lines(*(row(number, body=f"{number * 7919 % 10_007} " * 30) for number in range(2_000)))
COMPRESSIONS = {
    "none": lambda data: data,
    "gzip": gzip.compress,
    "bzip2": lambda data: bz2.compress(data, compresslevel=1),
    "xz": lzma.compress,
    "zstandard": zstandard.ZstdCompressor().compress,
    "two gzip members": lambda data: gzip.compress(data[:1000]) + gzip.compress(data[1000:]),
    "two frames": lambda data: b"".join(zstandard.compress(part) for part in (data[:1000], b"", data[1000:])),
}


def ids(items: object) -> list[str]:
    return [record.source_id for record in records_in(items)]  # type: ignore[arg-type]


@pytest.mark.parametrize("compression", COMPRESSIONS)
def test_a_dump_is_read_whatever_its_compression_and_its_name(tmp_path, compression):
    items = items_of(tmp_path, COMPRESSIONS[compression](ROWS), "a.txt")
    assert ids(items) == [f"c{number}" for number in range(2_000)]
    assert len(items) == 2_000


def test_archives_made_with_the_longest_window_are_read(tmp_path):
    parameters = zstandard.ZstdCompressionParameters(
        window_log=31, enable_ldm=False, hash_log=6, chain_log=6, strategy=1
    )
    compressor = zstandard.ZstdCompressor(compression_params=parameters).compressobj()
    compressed = compressor.compress(ROWS) + compressor.flush()
    assert zstandard.get_frame_parameters(compressed).window_size == 1 << 31
    assert len(items_of(tmp_path, compressed)) == 2_000


@pytest.mark.parametrize("compression", ["none", "gzip", "bzip2", "xz", "zstandard"])
def test_a_file_cut_in_the_middle_gives_what_came_before_and_says_where_it_broke(tmp_path, compression):
    compressed = COMPRESSIONS[compression](ROWS)
    items = items_of(tmp_path, compressed[: len(compressed) * 6 // 10])
    found = ids(items)
    assert found == [f"c{number}" for number in range(len(found))]
    if compression in ("none", "gzip"):  # blocks of the others are larger than this file
        assert len(found) > 800
    (fault,) = faults_in(items)
    assert fault[0] == "file cut short"
    assert len(items) == len(found) + 1


def test_a_line_cut_in_the_middle_is_named(tmp_path):
    data = json_lines(ROW) + b'{"id": "c2", "bo'
    assert faults_in(items_of(tmp_path, data)) == [
        (
            "file cut short",
            f"line 2, byte {len(json_lines(ROW))}: the file ends in this line; "
            "no JSON at character 13: Unterminated string starting at",
        )
    ]


def test_the_last_line_needs_no_line_feed(tmp_path):
    items = items_of(tmp_path, json_lines(row(1), row(2))[:-1])
    assert (ids(items), faults_in(items)) == (["c1", "c2"], [])


def test_too_little_memory_for_a_window_is_no_damage(tmp_path, monkeypatch):
    class Window:
        def __init__(self, max_window_size):
            pass

        def decompressobj(self):
            raise zstandard.ZstdError("zstd decompressor error: Allocation error : not enough memory")

    path = tmp_path / "a.zst"
    path.write_bytes(zstandard.compress(b"{}"))
    monkeypatch.setattr(zstandard, "ZstdDecompressor", Window)
    with pytest.raises(MemoryError):
        list(chunks(path))


def test_damaged_compression_gives_what_came_before(tmp_path):
    compressed = bytearray(gzip.compress(ROWS, mtime=0))
    compressed[len(compressed) // 2] ^= 0xFF
    compressed[-8:] = bytes(8)
    items = items_of(tmp_path, bytes(compressed))
    assert [kind for kind, _ in faults_in(items)][-1] == "file damaged"
    assert ids(items)[:100] == [f"c{number}" for number in range(100)]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_a_byte_order_mark_tells_the_encoding(tmp_path, encoding):
    text = json.dumps([row(1, body="Zoë 🙂")], ensure_ascii=False)
    assert [record.body for record in records_in(items_of(tmp_path, text.encode(encoding)))] == ["Zoë 🙂"]


def test_empty_lines_and_line_ends_of_any_kind_are_no_records(tmp_path):
    data = b"\r\n".join([b"", json_lines(row(1)).strip(), b" ", b"\x1e" + json_lines(row(2)).strip(), b"", b""])
    items = items_of(tmp_path, data)
    assert (ids(items), faults_in(items)) == (["c1", "c2"], [])
    assert [record.number for record in records_in(items)] == [2, 4]


@pytest.mark.parametrize(
    ("text", "detail"),
    [
        (b"nul", "no JSON at character 0: Expecting value"),
        (b"5", "expected an object, found '5'"),
        (b"[1]", "expected an object, found '[1]'"),
        (b'{"id": }', "no JSON at character 7: Expecting value"),
        (b"[" * 100_000, None),
        (b'{"a":' * 100_000 + b"1" + b"}" * 100_000, f"nested more than {MOST_LEVELS} deep"),
        (b'{"a":' * 500 + b"1" + b"}" * 500, f"nested more than {MOST_LEVELS} deep"),
        (b'{"id": "' + b"9" * 10 + b'"} {"x": 1}', "no JSON at character 21: Extra data"),
    ],
)
def test_a_line_that_is_no_record_is_a_fault_and_the_next_is_read(tmp_path, text, detail):
    items = items_of(tmp_path, json_lines(row(1)) + text + b"\n" + json_lines(row(3)))
    assert ids(items) == ["c1", "c3"]
    ((kind, found),) = faults_in(items)
    assert kind == "record not read"
    place = f"line 2, byte {len(json_lines(row(1)))}: "
    assert found.startswith(place)
    if detail is not None:  # what a hundred thousand brackets are called depends on Python's version
        assert found == place + detail


@pytest.mark.parametrize(
    ("text", "body", "kind"),
    [
        (rb'"half \ud83d of a pair"', "half \N{REPLACEMENT CHARACTER} of a pair", "impossible characters"),
        (rb'"a\u0000b"', "a\N{REPLACEMENT CHARACTER}b", "impossible characters"),
        (b'"caf\xe9"', "caf\N{REPLACEMENT CHARACTER}", "undecodable bytes"),
        (b'"tab\there"', "tab\there", None),
        (b"NaN", None, "impossible number"),
        (b"-Infinity", None, "impossible number"),
        (b"1e999", None, "impossible number"),
        (b"9" * 5000, None, "impossible number"),
    ],
)
def test_what_a_cell_cannot_hold_is_replaced_and_the_record_says_so(tmp_path, text, body, kind):
    data = json_lines(row(1)).replace(b'"Yes."', text) + json_lines(row(2))
    for content in (data, b"[" + data.strip().replace(b"\n", b",") + b"]"):
        items = items_of(tmp_path, content)
        first, second = records_in(items)
        assert (first.body, second.body) == (body, "Yes.")
        assert [problem for problem, _ in first.problems] == ([kind] if kind else [])
        assert (second.problems, len(items)) == ([], 2)


def test_a_key_with_half_a_pair_is_replaced(tmp_path):
    (record,) = records_in(items_of(tmp_path, json_lines(ROW).replace(b'"id"', rb'"\udc00\u0000": [["\u0000"]], "id"')))
    assert record.extra["\N{REPLACEMENT CHARACTER}" * 2] == [["\N{REPLACEMENT CHARACTER}"]]
    assert record.problems == [
        (
            "impossible characters",
            "characters that no text can hold (NUL, half of a surrogate pair): 2, shown as U+FFFD",
        )
    ]


@pytest.mark.parametrize("reader", [read_lines, lambda path: read_objects(path, TOP)])
def test_a_record_too_long_for_any_comment_is_a_fault(tmp_path, reader):
    path = tmp_path / "long.json"
    with path.open("wb") as file:
        file.write(b'{"a": "')
        for _ in range(MOST_RECORD_BYTES // CHUNK_BYTES + 2):
            file.write(b"x" * CHUNK_BYTES)
        file.write(b'"}\n{"b": 1}\n')
    long, short = reader(path)
    assert isinstance(long, Fault)
    assert long.detail.endswith(f"longer than {MOST_RECORD_BYTES} bytes")
    assert short.value == {"b": 1}


@pytest.mark.parametrize("layout", ["lines", "list", "answer"])
def test_memory_does_not_grow_with_the_file(tmp_path, layout):
    peaks = []
    for size in (2_500, 7_500):
        path = tmp_path / f"{size}.json"
        lines = [json.dumps(row(number, body="word " * 90)) for number in range(size)]
        around = {"lines": ("\n", "\n"), "list": ("[", "]"), "answer": ('{"data": [', "]}")}[layout]
        path.write_text(around[0] + ("\n" if layout == "lines" else ",").join(lines) + around[1], encoding="utf-8")
        del lines
        dump = dump_of(path)
        tracemalloc.start()
        assert sum(1 for _ in read(dump)) == size
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] * 1.2


def test_a_file_that_compresses_well_is_not_unpacked_at_once(tmp_path):
    path = tmp_path / "zeros.zst"
    path.write_bytes(zstandard.compress(b" " * 200_000_000))
    tracemalloc.start()
    assert sum(len(chunk) for chunk in chunks(path) if isinstance(chunk, bytes)) == 200_000_000
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 80_000_000


@pytest.mark.parametrize(
    "content", [b"", b" \n", b"A page of text.", b"[1] A footnote", b"{", b"{}", b"[]", b"null", b"5"]
)
def test_what_is_no_json_of_records_is_no_dump(tmp_path, content):
    path = tmp_path / "page.txt"
    path.write_bytes(content)
    assert recognise(path) is None


def test_json_of_an_unknown_kind_is_refused_with_its_keys(tmp_path):
    path = tmp_path / "invoices.json"
    path.write_text('[{"total": 3, "customer": "x"}]', encoding="utf-8")
    with pytest.raises(SourceError) as raised:
        recognise(path)
    assert str(raised.value) == (
        f"{path}: JSON of an unknown kind, with the keys customer, total; "
        "expected comments, posts or users of ForumMagnum, a ConvoKit corpus, data of Reddit or Hacker News, or the "
        "plain form, with id and body"
    )


def test_a_file_that_cannot_be_opened_is_named(tmp_path):
    with pytest.raises(SourceError, match=r"none\.json: cannot be read: No such file"):
        recognise(tmp_path / "none.json")


def test_a_file_damaged_throughout_is_reported_in_few_rows(tmp_path):
    items = items_of(tmp_path, json_lines(ROW) + b"x\n" * 5_000)
    assert len(faults_in(items)) == 1_001
    assert faults_in(items)[-1] == ("more faults", "4000 more records or places could not be read")


def test_reading_holds_no_file_open_afterwards(tmp_path):
    items_of(tmp_path, gzip.compress(ROWS))
    opened = Path("/proc/self/fd")
    if not opened.is_dir():
        pytest.skip("this system does not list open files")
    assert tmp_path / "dump.json" not in [link.resolve() for link in opened.iterdir()]
