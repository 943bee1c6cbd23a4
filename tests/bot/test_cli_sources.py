"""`dateline sources`: the list of sources, and feeds in and out."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import pytest

from ingest.records import Source, SourceKind
from tests.bot.conftest import Run, one_line
from tests.support import write_articles

OPML = b"""<opml version="2.0"><body>
  <outline text="News [/x]">
    <outline type="rss" text="Post" xmlUrl="https://post.example/feed"/>
    <outline type="rss" text="Disk" xmlUrl="file:///etc/passwd"/>
  </outline>
  <outline type="rss" text="Wire" xmlUrl="https://wire.example/feed"/>
</body></opml>"""


def test_sources_are_added_listed_and_removed(run: Run, news: Path) -> None:
    assert run("sources", "add", str(news)).out == f"added folder {news}\n"
    assert run("sources", "add", str(news), "--tag", "desk").out == f"changed folder {news}\n"
    assert run("sources", "add", str(news), "--tag", "desk").out == f"already there: folder {news}\n"
    assert str(news) in run("sources", "list").out
    assert run("sources", "remove", str(news)).code == 0
    assert run("sources", "list").out == "no sources yet\n"


def test_every_option_of_a_source_is_kept(run: Run, news: Path) -> None:
    options = [
        *("--outlet", "Post", "--language", "de", "--include", "*/sport/*", "--include", "*cup*"),
        *("--exclude", "*/ads/*", "--every", "5", "--summary-only", "--tag", "desk", "--tag", "daily"),
    ]
    assert run("sources", "add", str(news), *options).code == 0
    kept = Source(
        SourceKind.FOLDER,
        str(news),
        outlet="Post",
        language="de",
        include=("*/sport/*", "*cup*"),
        exclude=("*/ads/*",),
        interval=5,
        summary_only=True,
        tags=("desk", "daily"),
    )
    (listed,) = run("sources", "list", "--json").json["sources"]
    assert listed == json.loads(json.dumps(asdict(kept))) | {
        "articles": 0,
        "last_look": None,
        "next_due": None,
        "error": "",
    }
    assert run("sources", "list").out.splitlines()[1].split() == [
        *("folder", str(news), "Post", "desk,", "daily", "0", "now")
    ]
    assert run("sources", "add", str(news)).out == f"already there: folder {news}\n"
    assert run("sources", "add", str(news), "--outlet", "Wire").out == f"changed folder {news}\n"
    assert run("sources", "list", "--json").json["sources"][0] == listed | {"outlet": "Wire"}


def test_feeds_come_in_once_and_go_out_again(run: Run, news: Path, tmp_path: Path) -> None:
    file = tmp_path / "feeds.opml"
    file.write_bytes(OPML)
    assert run("sources", "import", str(file)).out == "2 added, 1 skipped: not a web address\n"
    assert run("sources", "import", "-", stdin=OPML).out == "2 already there, 1 skipped: not a web address\n"
    rows = [line.split() for line in run("sources", "list").out.splitlines()]
    assert rows == [
        ["kind", "location", "outlet", "tags", "articles", "last", "look", "next", "error"],
        ["feed", "https://post.example/feed", "Post", "News", "[/x]", "0", "now"],
        ["feed", "https://wire.example/feed", "Wire", "0", "now"],
    ]
    run("sources", "add", str(news))
    exported = run("sources", "export")
    assert (exported.code, exported.err) == (0, "2 exported, 1 left out: not a feed\n")
    assert run("sources", "export", str(file)).out == exported.err
    assert file.read_text() == exported.out
    listed = run("sources", "list", "--json").json["sources"]
    for source in listed:
        run("sources", "remove", source["location"])
    assert run("sources", "import", str(file)).out == "2 added\n"
    again = run("sources", "list", "--json").json["sources"]
    assert sorted(map(str, again)) == sorted(str(source) for source in listed if source["kind"] == "feed")


def test_a_list_without_feeds_says_so(run: Run) -> None:
    assert run("sources", "import", "-", stdin=b"<opml/>").out == "there are no feeds\n"
    assert run("sources", "export").err == "there are no feeds\n"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["remove", "nothing"], 1),
        (["add", "missing-folder"], 2),
        (["import", "missing.opml"], 2),
        (["import", "."], 2),
        (["import", "-"], 2),
        (["export", "missing/feeds.opml"], 2),
    ],
)
def test_bad_input_is_one_clear_line_and_the_right_code(run: Run, words: list[str], code: int) -> None:
    result = run("sources", *words, stdin=b"<rss/>")
    assert (result.code, one_line(result), result.out) == (code, True, "")


@pytest.mark.parametrize("every", ["0", "soon"])
def test_an_interval_is_a_number_of_minutes(run: Run, news: Path, every: str) -> None:
    result = run("sources", "add", str(news), "--every", every)
    assert (result.code, result.out) == (2, "")
    assert run("sources", "list").out == "no sources yet\n"


def test_a_source_removed_with_its_articles_answers_no_more_until_it_is_added_again(run: Run, news: Path) -> None:
    write_articles(news, 3)
    assert run("reindex", str(news)).code == 0
    assert len(run("search", "mayor of Town1", "--json").json["hits"]) > 0
    assert "3 articles withdrawn" in run("sources", "remove", str(news), "--articles").out
    assert run("search", "mayor of Town1", "--json").json["hits"] == []
    assert run("status", "--json").json["gone"] == 3
    assert run("reindex", str(news)).code == 0
    assert len(run("search", "mayor of Town1", "--json").json["hits"]) > 0


def test_what_everyone_reads_cannot_be_made_private(run: Run, news: Path) -> None:
    run("sources", "add", str(news))
    refused = run("sources", "add", str(news), "--private", "--outlet", "Ours")
    assert (refused.code, one_line(refused)) == (2, True)
    [listed] = run("sources", "list", "--json").json["sources"]
    assert (listed["private"], listed["outlet"]) == (False, "")
