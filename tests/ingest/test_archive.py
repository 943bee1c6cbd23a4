"""Every version of every article is kept, and each change is told once."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine, text

from ingest.archive import Archive
from ingest.errors import NotFoundError, StorageError
from ingest.records import ParsedArticle, State, Status

ROOT = Path(__file__).parents[2]
NOON = datetime(2024, 11, 12, 12, tzinfo=UTC)


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive.open(f"sqlite:///{tmp_path / 'archive.db'}")


def parsed(**fields: object) -> ParsedArticle:
    return replace(ParsedArticle(id="/news/a.txt", text="It rained.", title="Rain"), **fields)


def put(archive: Archive, article: ParsedArticle, hours: int = 0) -> Status:
    return archive.put(article, "/news/a.txt", NOON + timedelta(hours=hours))


def test_a_changed_text_becomes_a_revision_and_the_old_one_still_resolves(archive: Archive) -> None:
    assert put(archive, parsed()) is Status.NEW
    assert put(archive, parsed(text="It rained twice."), 1) is Status.UPDATED
    first, second = archive.revision("/news/a.txt", 1), archive.revision("/news/a.txt", 2)
    assert first is not None
    assert second is not None
    assert (first.text, second.text) == ("It rained.", "It rained twice.")
    assert second.fetched - first.fetched == timedelta(hours=1)
    assert archive.articles(["/news/a.txt"])["/news/a.txt"].revision == 2


def test_the_same_article_again_changes_only_when_it_was_seen(archive: Archive) -> None:
    put(archive, parsed())
    seq = archive.seq
    assert put(archive, parsed(), 5) is Status.UNCHANGED
    article = archive.article("/news/a.txt")
    assert article is not None
    assert (article.first_seen, article.last_seen) == (NOON, NOON + timedelta(hours=5))
    assert archive.seq == seq


def test_a_new_headline_is_a_change_but_no_revision(archive: Archive) -> None:
    put(archive, parsed())
    assert put(archive, parsed(title="Heavy rain")) is Status.UPDATED
    article = archive.article("/news/a.txt")
    assert article is not None
    assert (article.title, article.revision) == ("Heavy rain", 1)
    assert archive.seq == 2


def test_times_come_back_aware_and_in_utc(archive: Archive) -> None:
    put(archive, parsed(published=datetime.fromisoformat("2024-11-12T01:00:00+05:00")))
    article = archive.article("/news/a.txt")
    assert article is not None
    assert article.published == datetime(2024, 11, 11, 20, tzinfo=UTC)


def test_a_gone_article_stays_citable_and_lives_again_when_seen(archive: Archive) -> None:
    put(archive, parsed())
    archive.mark_gone(["/news/a.txt"])
    gone = archive.article("/news/a.txt")
    assert gone is not None
    assert gone.state is State.GONE
    assert archive.revision("/news/a.txt", 1) is not None
    assert put(archive, parsed()) is Status.UPDATED
    assert archive.live_ids("/news/a.txt") == {"/news/a.txt"}


def test_a_removed_article_loses_its_texts_and_never_comes_back(archive: Archive) -> None:
    put(archive, parsed())
    put(archive, parsed(text="It rained twice."))
    archive.remove("/news/a.txt")
    assert put(archive, parsed(text="It rained thrice.")) is Status.UNCHANGED
    article, revision = archive.article("/news/a.txt"), archive.revision("/news/a.txt", 1)
    assert article is not None
    assert revision is not None
    assert (article.state, article.revision, revision.text) == (State.REMOVED, 2, "")


def test_changes_name_each_article_once_with_its_latest(archive: Archive) -> None:
    for name in "abc":
        put(archive, parsed(id=name))
    put(archive, parsed(id="a", text="Changed."))
    assert [(one.seq, one.article) for one in archive.changes(0, 10)] == [(2, "b"), (3, "c"), (4, "a")]
    assert [one.article for one in archive.changes(2, 1)] == ["c"]
    assert archive.pending(3) == 1


def test_a_sequence_number_is_never_used_twice(archive: Archive, tmp_path: Path) -> None:
    put(archive, parsed())
    with create_engine(f"sqlite:///{tmp_path / 'archive.db'}").begin() as connection:
        connection.execute(text("DELETE FROM change"))
    archive.mark_gone(["/news/a.txt"])
    assert archive.seq == 2


def test_a_trial_is_seen_inside_and_undone_after(archive: Archive) -> None:
    with archive.transaction(keep=False):
        assert put(archive, parsed()) is Status.NEW
        assert archive.article("/news/a.txt") is not None
    assert archive.article("/news/a.txt") is None
    assert archive.seq == 0


def test_an_article_is_found_by_enough_of_its_id(archive: Archive) -> None:
    for name in ("/x/list.jsonl#rgb-1", "/x/list.jsonl#rgb-11", "/x/storm.txt"):
        put(archive, parsed(id=name))
    assert archive.find("rgb-1").id == "/x/list.jsonl#rgb-1"
    assert archive.find("storm").id == "/x/storm.txt"
    with pytest.raises(NotFoundError, match="could be 2 articles"):
        archive.find("list")
    for nothing in ("nothing", "", "%"):
        with pytest.raises(NotFoundError, match="no article has the id"):
            archive.find(nothing)


texts = st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1), min_size=1, max_size=6)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40, deadline=None)
@given(texts)
def test_revisions_are_exactly_the_changes_of_text(archive: Archive, versions: list[str]) -> None:
    name = uuid4()
    changes = [one for n, one in enumerate(versions) if n == 0 or versions[n - 1] != one]
    for version in versions:
        put(archive, parsed(id=str(name), text=version))
        assert put(archive, parsed(id=str(name), text=version)) is Status.UNCHANGED
    kept = [archive.revision(str(name), n + 1) for n in range(len(changes))]
    assert [one.text for one in kept if one] == changes
    assert archive.revision(str(name), len(changes) + 1) is None


def test_a_process_killed_inside_a_transaction_leaves_nothing_of_it(archive: Archive, tmp_path: Path) -> None:
    put(archive, parsed())
    program = (
        "import os, sys; from tests.ingest.test_archive import *\n"
        f"archive = Archive.open('sqlite:///{tmp_path / 'archive.db'}')\n"
        "with archive.transaction():\n"
        "    put(archive, parsed(id='b')); put(archive, parsed(text='Half done.'))\n"
        "    os.kill(os.getpid(), 9)\n"
    )
    assert subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=False).returncode == -9
    article = archive.article("/news/a.txt")
    assert article is not None
    assert (article.revision, archive.article("b"), archive.seq) == (1, None, 1)


@pytest.mark.usefixtures("archive")
def test_an_archive_of_a_newer_dateline_is_refused(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'archive.db'}"
    with create_engine(url).begin() as connection:
        connection.execute(text("UPDATE schema_version SET version = 99"))
    with pytest.raises(StorageError) as refused:
        Archive.open(url)
    assert "upgrade" in refused.value.hint


def test_a_file_that_is_no_database_is_one_clear_error(tmp_path: Path) -> None:
    (tmp_path / "archive.db").write_text("not a database, " * 100)
    with pytest.raises(StorageError, match="not a database"):
        Archive.open(f"sqlite:///{tmp_path / 'archive.db'}")


def test_a_full_disk_keeps_what_was_there(archive: Archive, tmp_path: Path) -> None:
    put(archive, parsed())
    archive.close()
    small = Archive.open(f"sqlite:///{tmp_path / 'archive.db'}")
    with small.database._engine.connect() as connection:  # SQLite's own way to run out of room
        connection.execute(text("PRAGMA max_page_count = 1"))
    with pytest.raises(StorageError) as refused:
        put(small, parsed(id="b", text="x" * 10**6))
    assert "room" in refused.value.hint
    assert small.article("b") is None
    assert small.article("/news/a.txt") is not None


def test_an_archive_of_the_first_schema_is_brought_up_to_date(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'archive.db'}"
    old = Archive.open(url)
    put(old, parsed())
    with old.database.write() as connection:
        connection.execute(text("ALTER TABLE article DROP COLUMN flags"))
        for table in ("page", "robots", "run", "band"):
            connection.execute(text(f"DROP TABLE {table}"))
        connection.execute(text("UPDATE schema_version SET version = 1"))
    old.close()
    article = Archive.open(url).article("/news/a.txt")
    assert article is not None
    assert article.flags == ()
