import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forum_comments.decoding import decode
from forum_comments.documents import corrections_files, read_documents
from forum_comments.errors import SourceError
from forum_comments.models import Document

PNG_BEGINNING = bytes.fromhex("89504e470d0a1a0a0000000d49484452000000e1000000e10806000000")


def write(path: Path, content: bytes = b"A comment.\n") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def file_names(*sources: Path) -> list[str]:
    return sorted(document.file_name for document in read_documents(sources).documents)


def read_one(path: Path) -> Document:
    (document,) = read_documents([path]).documents
    return document


def warnings_below(folder: Path) -> list[str]:
    return [warning.removeprefix(f"{folder}/") for warning in read_documents([folder]).warnings]


def test_a_folder_gives_its_pages_named_relative_to_it_and_ordered_by_sha256(tmp_path: Path) -> None:
    write(tmp_path / "b.txt", b"second")
    write(tmp_path / "deep" / "er" / "a.TEXT", b"first")
    write(tmp_path / "no suffix", b"third")
    read = read_documents([tmp_path])
    assert [(d.id, d.file_name, d.text, d.encoding, d.raw, d.problems) for d in read.documents] == [
        ("16367aacb67a", "b.txt", "second", "utf-8", None, ()),
        ("a7937b64b8ca", "deep/er/a.TEXT", "first", "utf-8", None, ()),
        ("b1e99324505b", "no suffix", "third", "utf-8", None, ()),
    ]
    assert read.warnings == ()
    assert read.ids_by_path == {
        tmp_path / "b.txt": "16367aacb67a",
        tmp_path / "deep" / "er" / "a.TEXT": "a7937b64b8ca",
        tmp_path / "no suffix": "b1e99324505b",
    }


def test_a_file_named_itself_is_read_whatever_its_suffix(tmp_path: Path) -> None:
    assert file_names(write(tmp_path / "notes.md")) == ["notes.md"]
    assert file_names(write(tmp_path / ".hidden")) == [".hidden"]


def test_hidden_entries_and_the_folders_own_corrections_are_passed_over_in_silence(tmp_path: Path) -> None:
    write(tmp_path / "page.txt")
    write(tmp_path / "corrections.yml", b"pages: []\n")
    write(tmp_path / ".draft.txt", b"no")
    write(tmp_path / ".git" / "page.txt", b"no")
    read = read_documents([tmp_path])
    assert [document.file_name for document in read.documents] == ["page.txt"]
    assert read.warnings == ()


def test_whatever_else_a_folder_holds_is_left_out_with_a_warning_that_names_it(tmp_path: Path) -> None:
    write(tmp_path / "page.txt")
    write(tmp_path / "notes.md")
    write(tmp_path / "empty.txt", b"")
    write(tmp_path / "blank.txt", " \n\u00a0\n".encode())
    write(tmp_path / "picture", PNG_BEGINNING)
    write(tmp_path / "zeros.txt", b"page" + bytes(8))
    write(tmp_path / "wide.txt", "Hello there".encode("utf-16-le"))
    write(tmp_path / "wide-japanese.txt", "吾輩は猫である。\n名前はまだ無い。\n".encode("utf-16-be"))
    write(tmp_path / "cyrillic.txt", "Все счастливые семьи".encode("cp1251"))
    write(tmp_path / "more" / "corrections.yml", b"pages: []\n")
    (tmp_path / "folder.txt").mkdir()
    (tmp_path / "gone.txt").symlink_to("nowhere.txt")
    (tmp_path / "itself.txt").symlink_to("itself.txt")
    (tmp_path / "up").symlink_to(tmp_path)
    os.mkfifo(tmp_path / "pipe.txt")
    assert file_names(tmp_path) == ["page.txt"]
    page_names = "names that end in .txt, .text, .html or .htm or have no suffix"
    wide = "looks like UTF-16 without a byte order mark; expected UTF-8, or UTF-16 with its mark"
    assert warnings_below(tmp_path) == [
        "blank.txt: left out: blank, it holds white space only; expected text",
        "cyrillic.txt: left out: binary or no UTF-8: 90% of its bytes cannot be decoded; expected text",
        "empty.txt: left out: empty; expected text",
        "folder.txt: left out: a folder, though its name ends in .txt; expected a text file",
        "gone.txt: left out: cannot be read: No such file or directory",
        "itself.txt: left out: cannot be read: Too many levels of symbolic links",
        "more/corrections.yml: left out: corrections apply only where their folder is itself named as a source",
        f"notes.md: left out: its name ends in .md; expected {page_names}",
        "picture: left out: binary: 52% of its characters are NUL or other controls; expected text",
        "pipe.txt: left out: neither a file nor a folder; expected a text file",
        "up: left out: a link to a folder is not followed; name that folder as a source",
        f"wide-japanese.txt: left out: {wide}",
        f"wide.txt: left out: {wide}",
        "zeros.txt: left out: binary: 67% of its characters are NUL or other controls; expected text",
    ]


@pytest.mark.parametrize(
    ("name", "content", "what"),
    [
        ("empty.txt", b"", "empty; expected text"),
        ("marked.txt", b"\xef\xbb\xbf", "blank, it holds white space only; expected text"),
        ("blank", b"\r\n\t \n", "blank, it holds white space only; expected text"),
        ("wide.txt", "Hello there".encode("utf-16-be"), "looks like UTF-16 without a byte order mark"),
        ("noise.txt", bytes(range(128, 192)) * 9, "100% of its bytes cannot be decoded; expected text"),
    ],
)
def test_a_file_named_itself_that_is_no_text_is_refused(tmp_path: Path, name: str, content: bytes, what: str) -> None:
    path = write(tmp_path / name, content)
    with pytest.raises(SourceError) as raised:
        read_documents([path])
    assert raised.value.path == path
    assert str(raised.value).startswith(f"{path}: ")
    assert what in raised.value.what


def test_a_source_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    gone = tmp_path / "gone.txt"
    gone.symlink_to("nowhere")
    folder = tmp_path / "folder.txt"
    folder.mkdir()
    refused = []
    for source in (gone, folder, Path("/dev/null"), Path("nul\0byte"), tmp_path / "missing"):
        with pytest.raises(SourceError) as raised:
            read_documents([source])
        refused.append(raised.value.what)
    assert refused == [
        "cannot be read: No such file or directory",
        "a folder, though its name ends in .txt; expected a text file",
        "neither a file nor a folder; expected a text file",
        "no file can have this name",
        "cannot be read: No such file or directory",
    ]


def test_a_folder_without_a_page_is_refused_and_says_what_it_holds_instead(tmp_path: Path) -> None:
    write(tmp_path / "notes.md")
    write(tmp_path / "page.txt", b"")
    with pytest.raises(SourceError) as raised:
        read_documents([tmp_path])
    assert raised.value.what == (
        "this folder holds no page; expected text files with "
        "names that end in .txt, .text, .html or .htm or have no suffix"
        f"\n  {tmp_path}/notes.md: left out: its name ends in .md; "
        "expected names that end in .txt, .text, .html or .htm or have no suffix"
        f"\n  {tmp_path}/page.txt: left out: empty; expected text"
    )


def test_each_folder_needs_a_page_of_its_own(tmp_path: Path) -> None:
    write(tmp_path / "full" / "page.txt")
    (tmp_path / "bare").mkdir()
    with pytest.raises(SourceError, match="bare: this folder holds no page"):
        read_documents([tmp_path / "full", tmp_path / "bare"])


def test_the_same_bytes_under_several_names_are_one_document_with_a_problem(tmp_path: Path) -> None:
    for name in ("c.txt", "a.txt", "deep/b.txt"):
        write(tmp_path / name, b"one page")
    read = read_documents([tmp_path])
    (document,) = read.documents
    assert document.file_name == "a.txt"
    assert [(p.kind, p.detail, p.document_id) for p in document.problems] == [
        ("duplicate file", "the same bytes as c.txt, deep/b.txt", document.id)
    ]
    assert set(read.ids_by_path.values()) == {document.id}
    assert len(read.ids_by_path) == 3


def test_a_file_that_is_reached_twice_is_no_duplicate(tmp_path: Path) -> None:
    page = write(tmp_path / "page.txt")
    read = read_documents([tmp_path, page, tmp_path / "." / "page.txt", tmp_path])
    assert [(document.file_name, document.problems) for document in read.documents] == [("page.txt", ())]


def test_a_file_that_is_reached_through_two_folders_has_its_longer_name_in_either_order(tmp_path: Path) -> None:
    write(tmp_path / "outer" / "inner" / "page.txt")
    folders = [tmp_path / "outer", tmp_path / "outer" / "inner"]
    assert file_names(*folders) == file_names(*reversed(folders)) == ["inner/page.txt"]


def test_files_of_two_sources_with_one_name_get_their_folders_as_far_as_needed(tmp_path: Path) -> None:
    write(tmp_path / "x" / "pages" / "1.txt", b"first")
    write(tmp_path / "y" / "pages" / "1.txt", b"second")
    write(tmp_path / "y" / "pages" / "2.txt", b"third")
    assert file_names(tmp_path / "x" / "pages", tmp_path / "y" / "pages") == [
        "2.txt",
        "x/pages/1.txt",
        "y/pages/1.txt",
    ]
    assert file_names(tmp_path / "x" / "pages" / "1.txt", tmp_path / "y" / "pages") == [
        "2.txt",
        "x/pages/1.txt",
        "y/pages/1.txt",
    ]


def test_names_that_are_not_utf_8_are_kept_as_text_that_can_be_stored(tmp_path: Path) -> None:
    write(Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.txt")))
    write(tmp_path / "naïve 🙂.txt", b"another")
    assert file_names(tmp_path) == ["caf\\xe9.txt", "naïve 🙂.txt"]


def test_two_files_whose_sha256_begin_alike_are_refused(tmp_path: Path) -> None:
    first = write(tmp_path / "1.txt", b"Page 107520861186395 of a small forum.\n")
    second = write(tmp_path / "2.txt", b"Page 58966733804087 of a small forum.\n")
    with pytest.raises(SourceError) as raised:
        read_documents([first, second])
    assert (
        str(raised.value) == f"{second}: has the id 26f38ce47ce5 of {first}, but other bytes; leave one of the two out"
    )


def test_the_order_of_sources_and_of_the_disk_does_not_matter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folders = [tmp_path / "one", tmp_path / "two"]
    for number in range(6):
        write(folders[number % 2] / f"{number}.txt", b"%d" % (number // 2))
        write(folders[number % 2] / f"{number}.md")
    for folder in folders:
        write(folder / "same.txt", b"the same")
    forwards = read_documents(folders)

    class Backwards:
        def __init__(self, folder: Path) -> None:
            with scandir(folder) as listing:
                self.entries = sorted(listing, key=lambda entry: entry.name, reverse=True)

        def __enter__(self) -> list[os.DirEntry[str]]:
            return self.entries

        def __exit__(self, *_: object) -> None:
            self.entries = []

    scandir = os.scandir
    monkeypatch.setattr(os, "scandir", Backwards)
    assert read_documents(folders[::-1]) == forwards
    assert sorted(document.file_name for document in forwards.documents) == ["0.txt", "2.txt", "4.txt", "one/same.txt"]


def test_a_folder_that_may_not_be_entered_is_a_warning(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "page.txt")
    closed = tmp_path / "closed"
    closed.mkdir()
    scandir = os.scandir

    def guarded(folder: Path) -> object:
        if folder == closed:
            raise PermissionError(13, "Permission denied")
        return scandir(folder)

    monkeypatch.setattr(os, "scandir", guarded)  # the superuser may enter any folder
    assert warnings_below(tmp_path) == ["closed: left out: cannot be read: Permission denied"]


def test_corrections_files_are_those_of_the_source_folders(tmp_path: Path) -> None:
    for folder in ("one", "two", "three"):
        write(tmp_path / folder / "page.txt")
    one = write(tmp_path / "one" / "corrections.yml")
    (tmp_path / "two" / "corrections.yml").symlink_to("nowhere")
    sources = [tmp_path / "two", tmp_path / "one", tmp_path / "three", one.with_name("page.txt"), tmp_path / "one"]
    assert corrections_files(sources) == [tmp_path / "two" / "corrections.yml", one]


@pytest.mark.parametrize(
    ("content", "text", "encoding"),
    [
        (b"a\r\nb\rc\nd", "a\r\nb\rc\nd", "utf-8"),
        (b"a\0b and some more", "a\0b and some more", "utf-8"),
        (b"one, \0two, \0and more", "one, \0two, \0and more", "utf-8"),
        ("one\u2028two\u0085three\u00a0🙂".encode(), "one\u2028two\u0085three\u00a0🙂", "utf-8"),
        (b"\xef\xbb\xbfmarked", "marked", "utf-8-sig"),
        ("\ufeffmarked 🙂".encode("utf-16-le"), "marked 🙂", "utf-16"),
        ("\ufeffmarked".encode("utf-32-le"), "marked", "utf-32"),
    ],
)
def test_text_is_decoded_without_loss_and_newlines_stay(
    tmp_path: Path, content: bytes, text: str, encoding: str
) -> None:
    document = read_one(write(tmp_path / "page.txt", content))
    assert (document.text, document.encoding, document.raw) == (text, encoding, None)
    assert document.text.encode(document.encoding) == content


def test_utf_16_with_the_other_byte_order_keeps_its_bytes_without_a_problem(tmp_path: Path) -> None:
    content = "\ufeffmarked".encode("utf-16-be")
    document = read_one(write(tmp_path / "page.txt", content))
    assert (document.text, document.encoding, document.raw, document.problems) == ("marked", "utf-16", content, ())


@pytest.mark.parametrize(
    ("content", "text", "detail"),
    [
        (
            b"caf\xe9 and \xe2\x82 more",
            "caf\ufffd and \ufffd more",
            "3 bytes are not utf-8, the first at byte offset 3 of 16; shown as U+FFFD",
        ),
        (
            "a real \ufffd mark, then ".encode() + b"\xff",
            "a real \ufffd mark, then \ufffd",
            "1 byte is not utf-8, the first at byte offset 22 of 23; shown as U+FFFD",
        ),
        (
            b"\xff\xfea\0b\0\x00\xd8c\0d\0e\0f\0g\0h\0",
            "ab\ufffdcdefgh",
            "2 bytes are not utf-16, the first at byte offset 6 of 20; shown as U+FFFD",
        ),
    ],
)
def test_bytes_that_are_no_text_are_shown_counted_and_kept(
    tmp_path: Path, content: bytes, text: str, detail: str
) -> None:
    document = read_one(write(tmp_path / "page.txt", content))
    assert (document.text, document.raw) == (text, content)
    assert [(p.kind, p.detail, p.document_id) for p in document.problems] == [
        ("undecodable bytes", detail, document.id)
    ]


def test_a_very_long_line_and_very_many_paragraphs_are_fine(tmp_path: Path) -> None:
    line = write(tmp_path / "line.txt", b"word " * 10_000_000)
    paragraphs = write(tmp_path / "paragraphs.txt", b"A paragraph.\n\n" * 200_000)
    read = read_documents([line, paragraphs])
    assert sorted((d.file_name, len(d.text), d.problems) for d in read.documents) == [
        ("line.txt", 50_000_000, ()),
        ("paragraphs.txt", 2_800_000, ()),
    ]


@given(st.binary(max_size=60) | st.text(max_size=60).map(lambda text: text.encode("utf-16", "surrogatepass")))
def test_whatever_the_bytes_text_or_raw_gives_them_back(content: bytes) -> None:
    try:
        document = decode(Path("page.txt"), content)
    except SourceError as error:
        assert "expected" in error.what
        return
    kept = document.raw if document.raw is not None else document.text.encode(document.encoding)
    assert kept == content
    assert len(document.problems) == (0 if content.decode(document.encoding, "ignore") == document.text else 1)


@given(
    st.text(min_size=1).filter(
        lambda text: not any(is_control_or_surrogate(character) for character in text) and text.strip()
    )
)
def test_any_utf_8_text_is_read_as_it_is(text: str) -> None:
    document = decode(Path("page.txt"), text.encode())
    assert document.text == text.removeprefix("\ufeff")
    assert document.raw is None


def is_control_or_surrogate(character: str) -> bool:
    return ord(character) < 32 or ord(character) == 127 or 0xD800 <= ord(character) < 0xE000
