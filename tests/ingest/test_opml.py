"""Lists of feeds come in from other feed readers, and go out again, as OPML."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.errors import UsageError
from ingest.extract import clean
from ingest.opml import MAX_DEPTH, parse, unparse
from ingest.records import Source, SourceKind

LAUGHS = ['<!ENTITY a "ha">', *(f'<!ENTITY {b} "' + f"&{a};" * 10 + '">' for a, b in pairwise("abcdefghi"))]
FEED = Source(SourceKind.FEED, "https://post.example/feed")


def opml(*outlines: str) -> bytes:
    return f'<?xml version="1.0"?><opml version="1.0"><head/><body>{"".join(outlines)}</body></opml>'.encode()


def outline(**attributes: str) -> str:
    return "<outline " + " ".join(f'{name}="{value}"' for name, value in attributes.items()) + "/>"


def one_line(words: str) -> str:
    return " ".join(clean(words.replace("\ufffe", "").replace("\uffff", "")).split())


lines = st.text(max_size=20).map(one_line)
tags = st.text(max_size=20).map(lambda words: one_line(words.replace(",", "")).lstrip("/ ")).filter(bool)
feeds = st.builds(
    Source,
    st.just(SourceKind.FEED),
    st.from_regex(r"https?://[a-z]{1,9}\.example/[a-z?=&;#<>\"']{0,9}", fullmatch=True),
    outlet=lines,
    language=st.sampled_from(["", "de", "pt-BR"]),
    tags=st.lists(tags, max_size=4, unique=True).map(tuple),
)


@given(st.lists(feeds, unique_by=lambda feed: feed.location))
def test_what_is_exported_comes_back(sources: list[Source]) -> None:
    found = parse(unparse(sources))
    assert found.skipped == 0
    assert sorted(found.feeds, key=lambda feed: feed.location) == sorted(sources, key=lambda feed: feed.location)


@given(st.text(), st.text(), st.lists(st.text(), max_size=4))
def test_whatever_a_source_is_called_the_export_is_opml(outlet: str, language: str, names: list[str]) -> None:
    (feed,) = parse(unparse([replace(FEED, outlet=outlet, language=language, tags=tuple(names))])).feeds
    assert feed.location == FEED.location


@given(st.binary())
def test_bytes_that_are_no_list_are_one_clear_error(data: bytes) -> None:
    with pytest.raises(UsageError):
        parse(data)


def test_folders_and_categories_become_tags_the_outermost_first() -> None:
    data = opml(
        '<outline text="News"><outline text="Europe">',
        outline(type="rss", text="Post", xmlUrl="https://post.example/feed", category="/north/sea, daily"),
        "</outline></outline>",
        outline(title="Wire", text="W", xmlUrl="http://wire.example/?a=1&amp;b=2"),
        outline(text="https://bare.example", xmlUrl="https://bare.example"),
    )
    assert parse(data).feeds == (
        replace(FEED, outlet="Post", tags=("News", "Europe", "north/sea", "daily")),
        Source(SourceKind.FEED, "http://wire.example/?a=1&b=2", outlet="Wire"),
        Source(SourceKind.FEED, "https://bare.example"),
    )


def test_the_export_has_a_folder_for_the_first_tag_and_nothing_but_feeds() -> None:
    sources = [
        replace(FEED, outlet="Post & Sons", tags=("news", "daily")),
        Source(SourceKind.FOLDER, "/news"),
        Source(SourceKind.FEED, "https://wire.example/feed"),
    ]
    assert unparse(sources).decode() == (
        "<?xml version='1.0' encoding='utf-8'?>\n"
        '<opml version="2.0">\n'
        "  <head>\n"
        "    <title>Dateline</title>\n"
        "  </head>\n"
        "  <body>\n"
        '    <outline type="rss" text="https://wire.example/feed" title="https://wire.example/feed"'
        ' xmlUrl="https://wire.example/feed" />\n'
        '    <outline text="news" title="news">\n'
        '      <outline type="rss" text="Post &amp; Sons" title="Post &amp; Sons" xmlUrl="https://post.example/feed"'
        ' category="daily" />\n'
        "    </outline>\n"
        "  </body>\n"
        "</opml>\n"
    )


def test_a_feed_in_two_folders_is_one_feed_with_both_tags() -> None:
    feed = outline(text="Post", xmlUrl=FEED.location)
    found = parse(opml(f'<outline text="a">{feed}</outline>', f'<outline text="b">{feed}</outline>'))
    assert found.feeds == (replace(FEED, outlet="Post", tags=("a", "b")),)


@pytest.mark.parametrize(
    "address", ["file:///etc/passwd", "ftp://x.example/f", "javascript:alert(1)", "https://", "https://[::1", "feed"]
)
def test_what_is_no_web_address_is_skipped_and_counted(address: str) -> None:
    found = parse(opml(outline(text="x", xmlUrl=address), outline(text="", XMLURL=FEED.location)))
    assert (found.feeds, found.skipped) == ((FEED,), 1)


def test_names_bring_nothing_invisible_along() -> None:
    (feed,) = parse(opml(outline(text="Po\u202est&#10;\u009b31m", xmlUrl=FEED.location, language="unknown"))).feeds
    assert feed == replace(FEED, outlet="Post 31m")


def test_other_encodings_are_read() -> None:
    declared = opml(outline(text="Журнал", xmlUrl=FEED.location)).decode().replace("?>", ' encoding="windows-1251"?>')
    assert parse(declared.encode("cp1251")).feeds[0].outlet == "Журнал"
    assert parse(opml(outline(text="Журнал", xmlUrl=FEED.location)).decode().encode("utf-16")).feeds[0].outlet


def test_deep_folders_are_read_and_bottomless_ones_refused() -> None:
    def nested(depth: int) -> bytes:
        feed = outline(xmlUrl=FEED.location)
        return opml('<outline text="x">' * (depth - 1), feed, "</outline>" * (depth - 1))

    assert parse(nested(MAX_DEPTH)).feeds == (replace(FEED, tags=("x",)),)
    for depth in (MAX_DEPTH + 1, 100_000):
        with pytest.raises(UsageError, match="nested more than"):
            parse(nested(depth))


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "not XML: no element found"),
        (b"plain text", "not XML: "),
        (opml("<outline>"), "not XML: mismatched tag"),
        (opml('<outline text="a & b"/>'), "not XML: not well-formed"),
        (opml()[:-3], "not XML: unclosed token"),
        (b'<?xml version="1.0" encoding="nonsense"?><opml/>', "not XML: unknown encoding"),
        (b'<?xml version="1.0" encoding="gb2312"?><opml/>', "not XML: "),
        (b"<rss><channel/></rss>", "not OPML: it begins with <rss>"),
    ],
)
def test_what_is_not_opml_is_one_clear_error(data: bytes, reason: str) -> None:
    with pytest.raises(UsageError, match=reason) as caught:
        parse(data)
    assert "\n" not in caught.value.message


@pytest.mark.parametrize(
    ("declarations", "first"),
    [
        ("".join(LAUGHS), "a"),
        ('<!ENTITY i "' + "ha" * 100_000 + '">', "i"),
        ('<!ENTITY i SYSTEM "file:///etc/passwd">', "i"),
        ('<!ENTITY % i SYSTEM "http://x.example/i.dtd"> %i;', "i"),
    ],
    ids=["billion laughs", "quadratic", "a file", "a document type elsewhere"],
)
def test_a_file_that_would_grow_is_refused_at_its_first_declaration(declarations: str, first: str) -> None:
    with pytest.raises(UsageError, match=f"declares the XML entity '{first}'"):
        parse(f"<!DOCTYPE opml [{declarations}]><opml><body>{outline(text='&i;' * 1000)}</body></opml>".encode())
