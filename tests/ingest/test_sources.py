"""The list of sources is a file that people may edit."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.errors import NotFoundError, UsageError
from ingest.records import Source, SourceKind
from ingest.sources import SourceList, recognise


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


def test_removing_what_is_not_listed_says_so(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="no source is called"):
        SourceList(tmp_path / "sources.toml").remove("x")


@pytest.mark.parametrize(
    "content", ["[[source]\n", "[[source]]\nkind = 'folder'\n", "[[source]]\nkind = 'x'\nlocation = ''"]
)
def test_a_list_that_cannot_be_read_is_named(tmp_path: Path, content: str) -> None:
    path = tmp_path / "sources.toml"
    path.write_text(content)
    with pytest.raises(UsageError, match=r"sources\.toml"):
        SourceList(path).load()


def test_a_path_is_recognised_as_file_or_folder_and_made_absolute(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("x")
    assert recognise(str(tmp_path)) == Source(SourceKind.FOLDER, str(tmp_path))
    assert recognise("a.txt") == Source(SourceKind.FILE, str(tmp_path / "a.txt"))
    with pytest.raises(UsageError, match="nothing at"):
        recognise("missing.txt")
