"""The list of sources is a file that people may edit."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.errors import NotFoundError, StorageError, UsageError
from ingest.records import Source, SourceKind
from ingest.sources import SourceList, recognise

FEED = Source(SourceKind.FEED, "https://post.example/feed")
EDITED = """# the desk's own list

[[source]]
kind = "feed" # the quick one
location = "https://one.example"

# ask Ada before you drop this
[[source]]
kind = "feed"
location = "https://two.example"

# the end
"""

words = st.text(st.characters(codec="utf-8"), max_size=9)
patterns = st.lists(words, max_size=3).map(tuple)


def test_sources_are_kept_in_order_once_each_and_comments_stay(tmp_path: Path) -> None:
    path = tmp_path / "sources.toml"
    path.write_text("# the desk's own list\n")
    sources = SourceList(path)
    one, two = Source(SourceKind.FOLDER, "/news/one"), Source(SourceKind.FILE, "/news/two.txt")
    assert [sources.add(one), sources.add(two), sources.add(one)] == [True, True, False]
    assert sources.load() == [one, two]
    assert path.read_text().startswith("# the desk's own list\n")
    assert sources.remove("one") == one
    assert sources.load() == [two]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.builds(
        Source,
        st.sampled_from(SourceKind),
        words.filter(bool),
        outlet=words,
        language=words,
        include=patterns,
        exclude=patterns,
        interval=st.integers(1, 10**6),
        summary_only=st.booleans(),
        tags=patterns,
        ended=st.booleans(),
    )
)
def test_every_field_of_every_source_comes_back(tmp_path: Path, source: Source) -> None:
    path = tmp_path / "sources.toml"
    path.write_text("# a list\n")
    other = Source(SourceKind.PAGE if source.kind is SourceKind.FEED else SourceKind.FEED, source.location)
    assert SourceList(path).extend([source, other, source]) == 2
    assert SourceList(path).load() == [source, other]


def test_only_what_differs_from_the_default_is_written(tmp_path: Path) -> None:
    path = tmp_path / "sources.toml"
    SourceList(path).extend([FEED, replace(FEED, location="b", interval=5, tags=("x", "y"), summary_only=True)])
    assert path.read_text() == (
        '[[source]]\nkind = "feed"\nlocation = "https://post.example/feed"\n\n'
        '[[source]]\nkind = "feed"\nlocation = "b"\ninterval = 5\nsummary_only = true\ntags = ["x", "y"]\n'
    )


def test_a_source_is_the_same_whatever_its_options(tmp_path: Path) -> None:
    sources = SourceList(tmp_path / "sources.toml")
    assert sources.add(FEED)
    assert not sources.add(replace(FEED, outlet="Post"))
    assert sources.add(replace(FEED, kind=SourceKind.PAGE))


@pytest.mark.parametrize("gone", [["one"], ["two"], ["one", "two"]])
def test_removing_a_source_takes_no_comment_of_another_along(tmp_path: Path, gone: list[str]) -> None:
    path = tmp_path / "sources.toml"
    path.write_text(EDITED)
    for name in gone:
        SourceList(path).remove(f"{name}.example")
    for comment in ("# the desk's own list", "# ask Ada before you drop this", "# the end"):
        assert path.read_text().count(comment) == 1
    assert [source.location for source in SourceList(path).load()] == [
        f"https://{name}.example" for name in ("one", "two") if name not in gone
    ]


def test_a_source_that_moved_keeps_its_place_and_comments(tmp_path: Path) -> None:
    path = tmp_path / "sources.toml"
    path.write_text(EDITED.replace('one.example"\n', 'one.example"\ninterval = 5\n'))
    sources = SourceList(path)
    one, two = sources.load()
    sources.replace(one, replace(one, location=FEED.location, tags=("moved",), interval=60))
    sources.replace(one, two)
    assert sources.load() == [replace(FEED, tags=("moved",)), two]
    assert path.read_text() == EDITED.replace(
        'https://one.example"\n', 'https://post.example/feed"\ntags = ["moved"]\n'
    )


def test_a_last_line_without_an_end_stays_a_line(tmp_path: Path) -> None:
    path = tmp_path / "sources.toml"
    path.write_text('[[source]]\nkind = "feed"\nlocation = "a"')
    sources = SourceList(path)
    (one,) = sources.load()
    sources.replace(one, replace(one, ended=True))
    sources.add(FEED)
    assert sources.load() == [replace(one, ended=True), FEED]


def test_a_list_that_became_empty_can_be_added_to_again(tmp_path: Path) -> None:
    path = tmp_path / "sources.toml"
    path.write_text('[[source]]\nkind = "feed"\nlocation = "a"\n\n[other]\nx = 1\n')
    SourceList(path).remove("a")
    assert SourceList(path).load() == []
    assert SourceList(path).add(FEED)
    assert SourceList(path).load() == [FEED]
    assert "[other]\nx = 1" in path.read_text()


def test_removing_what_is_not_listed_says_so(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="no source is called"):
        SourceList(tmp_path / "sources.toml").remove("x")


@pytest.mark.parametrize(
    "content",
    [
        b"[[source]\n",
        b"[[source]]\nkind = 'feed'\nkind = 'feed'\n",
        b"source = 'x'",
        b"[source]\nkind = 'feed'",
        b"# caf\xe9\n",
    ],
)
def test_a_list_that_cannot_be_read_is_named(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "sources.toml"
    path.write_bytes(content)
    for use in (lambda: SourceList(path).load(), lambda: SourceList(path).add(FEED)):
        with pytest.raises(UsageError, match=r"sources\.toml"):
            use()


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("location = ''", "it has no location"),
        ("kind = 'x'", "kind must be one of file, folder, feed, site, sitemap, page, not 'x'"),
        ("kind = 1", "kind must be text in quotes, not 1"),
        ("interval = 'soon'", "interval must be a whole number from 1, not 'soon'"),
        ("interval = 0", "interval must be a whole number from 1, not 0"),
        ("interval = true", "interval must be a whole number from 1, not True"),
        ("summary_only = 'no'", "summary_only must be true or false, not 'no'"),
        ("include = [1]", "include must be a list of texts in quotes"),
        ("tags = {}", "tags must be a list of texts in quotes"),
        ("exlude = 'x'", "there is no field 'exlude'"),
    ],
)
def test_an_entry_that_cannot_be_used_is_named_with_what_is_wrong(tmp_path: Path, line: str, reason: str) -> None:
    path = tmp_path / "sources.toml"
    fields = {"kind": "kind = 'feed'", "location": "location = 'b'"} | {line.split()[0]: line}
    path.write_text("[[source]]\nkind = 'feed'\nlocation = 'a'\n[[source]]\n" + "\n".join(fields.values()))
    with pytest.raises(UsageError) as caught:
        SourceList(path).load()
    assert caught.value.message.startswith(f"{path}, source 2 (")
    assert reason in caught.value.message
    assert "\n" not in caught.value.message


def test_a_text_alone_is_a_list_of_one(tmp_path: Path) -> None:
    path = tmp_path / "sources.toml"
    path.write_text("[[source]]\nkind = 'feed'\nlocation = 'a'\ninclude = '*/sport/*'\n")
    assert SourceList(path).load() == [Source(SourceKind.FEED, "a", include=("*/sport/*",))]


def test_what_cannot_be_written_is_one_clear_error_and_changes_nothing(tmp_path: Path) -> None:
    sources = SourceList(tmp_path / "sources.toml")
    sources.add(FEED)
    with pytest.raises(UsageError, match="not UTF-8"):
        sources.add(Source(SourceKind.FILE, "/news/\udcff.txt"))
    assert sources.load() == [FEED]
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError, match="cannot be"):
        SourceList(tmp_path / "file" / "sources.toml").add(FEED)


def test_a_path_is_recognised_as_file_or_folder_and_made_absolute(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("x")
    assert recognise(str(tmp_path)) == Source(SourceKind.FOLDER, str(tmp_path))
    assert recognise("a.txt") == Source(SourceKind.FILE, str(tmp_path / "a.txt"))
    with pytest.raises(UsageError, match="nothing at"):
        recognise("missing.txt")
