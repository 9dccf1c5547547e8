"""The Atom feeds, by their functions and on a real Datasette."""

import sqlite3
from xml.etree import ElementTree

import feedparser
import pytest
from conftest import site_of
from finding_archive import make_archive

from forum_comments.errors import NotFoundError
from forum_comments.pages.atom import atom
from forum_comments.pages.feeds import UNKNOWN, all_feed, author_feed, find_feed, instant, thread_feed

NAMES = {"a": "http://www.w3.org/2005/Atom", "thr": "http://purl.org/syndication/thread/1.0"}


@pytest.fixture
def site(finding_archive):
    return site_of(finding_archive)


def ids(feed):
    return [entry["id"] for entry in feed["entries"]]


def address(path):
    return f"http://example.com{path}"


def test_the_feed_of_all_holds_the_newest_first_and_the_undated_last(connection):
    assert ids(all_feed(connection)) == ["c-3", "c-2", "c-1", "c-4", "c-5", "c-6"]


def test_an_authors_feed_holds_what_the_author_wrote(connection):
    feed = author_feed(connection, "ann-lee")
    assert (feed["title"], feed["path"], ids(feed)) == ("Comments by Ann Lee", "/-/author/ann-lee", ["c-3", "c-1"])


def test_a_threads_feed_is_the_same_from_any_of_its_comments(connection):
    assert ids(thread_feed(connection, "c-1")) == ids(thread_feed(connection, "c-3")) == ["c-3", "c-2", "c-1"]


def test_the_feed_of_a_search_holds_what_it_finds_newest_first(connection):
    assert ids(find_feed(connection, "robots")) == ["c-2", "c-1", "c-4"]


@pytest.mark.parametrize("feed", [author_feed, thread_feed])
def test_an_id_that_is_not_there_is_not_found(connection, feed):
    with pytest.raises(NotFoundError, match="with the id nobody is in this archive"):
        feed(connection, "nobody")


def test_an_undated_entry_takes_the_day_its_page_was_saved_or_else_the_fixed_instant(connection):
    entries = {entry["id"]: entry for entry in all_feed(connection)["entries"]}
    assert {id_: (entry["published"], entry["updated"]) for id_, entry in entries.items()} == {
        "c-1": ("2021-05-01T10:00:00Z", "2021-05-01T10:00:00Z"),
        "c-2": ("2021-06-02T10:00:00Z", "2021-06-02T10:00:00Z"),
        "c-3": ("2022-01-01T00:00:00Z", "2022-01-01T00:00:00Z"),
        "c-4": (None, "2022-03-01T00:00:00Z"),
        "c-5": (None, "2022-03-01T00:00:00Z"),
        "c-6": (None, UNKNOWN),
    }


def test_a_very_long_comment_is_cut_and_says_so(tmp_path):
    long = ("c-1", None, None, None, None, "x" * 20_001, None, None)
    feed = all_feed(sqlite3.connect(make_archive(tmp_path / "comments.db", [long])))
    assert feed["entries"][0]["body"] == "x" * 20_000 + "…\n\n[Cut here: the comment is longer than 20,000 characters.]"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2021-05-01", "2021-05-01T00:00:00Z"),
        ("2021-05-01T10:00:00.123Z", "2021-05-01T10:00:00.123Z"),
        ("2021-05-01T10:00:00+02:00", "2021-05-01T10:00:00+02:00"),
        ("2021", None),
        ("1y", None),
        (None, None),
    ],
)
def test_only_a_whole_day_or_instant_is_a_date_for_atom(text, expected):
    assert instant(text) == expected


def test_an_entry_is_written_whole(connection):
    root = ElementTree.fromstring(atom(thread_feed(connection, "c-1"), address, "/-/feeds/thread/c-1.atom"))
    assert ElementTree.tostring(root.findall("a:entry", NAMES)[1], encoding="unicode", default_namespace=None) == (
        '<ns0:entry xmlns:ns0="http://www.w3.org/2005/Atom" xmlns:ns1="http://purl.org/syndication/thread/1.0">'
        "<ns0:id>http://example.com/-/comment/c-2</ns0:id>"
        "<ns0:title>Robots will walk. No, they roll.</ns0:title>"
        "<ns0:author><ns0:name>Bob &lt;i&gt;</ns0:name></ns0:author>"
        "<ns0:updated>2021-06-02T10:00:00Z</ns0:updated>"
        "<ns0:published>2021-06-02T10:00:00Z</ns0:published>"
        '<ns0:link rel="alternate" type="text/html" href="http://example.com/-/comment/c-2" />'
        '<ns1:in-reply-to ref="http://example.com/-/comment/c-1" href="http://example.com/-/comment/c-1" '
        'type="text/html" />'
        "<ns0:content>Robots will walk.\n\nNo, they roll.</ns0:content>"
        "</ns0:entry>"
    )


PATHS = [
    "/-/feeds/all.atom",
    "/-/feeds/author/ann-lee.atom",
    "/-/feeds/thread/c-3.atom",
    "/-/feeds/find.atom?q=robots",
    "/-/feeds/find.atom?q=nowhere",
    "/-/feeds/find.atom?q=",
    "/-/feeds/find.atom?q=%00%22%3Cb%3E%EF%BF%BE",
]


@pytest.mark.parametrize("path", PATHS)
async def test_a_feed_is_well_formed_with_all_that_atom_requires(site, path):
    response = await site.client.get(path)
    assert response.headers["content-type"] == "application/atom+xml; charset=utf-8"
    root = ElementTree.fromstring(response.content)
    for element in (root, *root.findall("a:entry", NAMES)):
        for required in ("a:id", "a:title", "a:updated"):
            assert element.findtext(required, namespaces=NAMES)
    for entry in root.findall("a:entry", NAMES):
        assert entry.findtext("a:author/a:name", namespaces=NAMES)
    parsed = feedparser.parse(response.content)
    assert (parsed.bozo, parsed.version) == (False, "atom10")


@pytest.mark.parametrize("path", ["/-/feeds/author/nobody.atom", "/-/feeds/thread/nothing.atom"])
async def test_a_feed_of_nothing_that_is_here_is_404_with_a_sentence(site, path):
    response = await site.client.get(path)
    assert response.status_code == 404
    assert "is in this archive." in response.text


async def test_a_feed_of_an_empty_archive_is_valid(tmp_path):
    site = site_of(make_archive(tmp_path / "comments.db", []))
    parsed = feedparser.parse((await site.client.get("/-/feeds/all.atom")).content)
    assert (parsed.bozo, parsed.entries, parsed.feed.updated) == (False, [], UNKNOWN)


async def test_text_that_tries_to_be_something_else_stays_text(site):
    parsed = feedparser.parse((await site.client.get("/-/feeds/find.atom?q=alert")).content)
    (entry,) = parsed.entries
    assert entry.content[0].type == "text/plain"
    assert entry.content[0].value == (
        '<script>alert("x")</script> </title> ]]> &lt;b&gt; =HYPERLINK("http://example.com") '
        "'; drop table comments; -- body:x* NEAR(a b) {{ 7*7 }} \u202e\ufffd \ufffd"
    )


async def test_ids_and_links_are_absolute_and_honour_base_url(finding_archive):
    site = site_of(finding_archive, base_url="/archive/")
    parsed = feedparser.parse((await site.client.get("/-/feeds/find.atom?q=roll+walk")).content)
    assert parsed.feed.id == "http://localhost/archive/-/feeds/find.atom?q=roll+walk"
    assert [link.href for link in parsed.feed.links] == [
        "http://localhost/archive/-/feeds/find.atom?q=roll+walk",
        "http://localhost/archive/-/find?q=roll+walk",
    ]
    assert [entry.id for entry in parsed.entries] == [
        "http://localhost/archive/-/comment/c-3",
        "http://localhost/archive/-/comment/c-2",
    ]


async def test_the_search_page_names_its_feed_in_its_head(site):
    head = (await site.client.get("/-/find?q=roll")).text.split("</head>")[0]
    assert 'href="/-/feeds/find.atom?q=roll"' in head
