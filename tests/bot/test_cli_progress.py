"""`dateline reindex --json --progress`: lines for a program that shows how far it is."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from threading import Event
from time import monotonic
from typing import Any

import pytest

from bot.terminal import Terminal
from ingest import files, pipeline
from ingest.errors import ModelError
from tests.bot.conftest import Result, Run, one_line
from tests.newssite import NewsSite, story
from tests.support import BagOfWords, write_articles

ROOT = Path(__file__).parents[2]


def lines(result: Result) -> list[dict[str, Any]]:
    return [json.loads(line) for line in result.out.splitlines()]


def test_progress_is_a_line_for_each_kind_of_work_and_the_report_comes_last(run: Run, news: Path) -> None:
    write_articles(news, 1)
    result = run("reindex", str(news), "--json", "--progress")
    *progress, report = lines(result)
    assert progress == [
        {"doing": "Reading files", "done": 1, "total": None},
        {"doing": "Indexing articles", "done": 1, "total": 1},
    ]
    assert (result.code, result.err) == (0, "")
    assert report["sources"][0]["new"] == 1
    assert list(report) == list(run("reindex", "--json").json)


def test_progress_on_the_web_tells_of_how_many(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATELINE_ALLOW_PRIVATE_HOSTS", "127.0.0.0/8")
    monkeypatch.setenv("DATELINE_HOST_PAUSE", "0")
    with NewsSite() as site:
        outlet = site.outlet("Harbour Courier")
        for number in range(3):
            outlet.publish(f"story-{number}", *story(number), published=datetime.now(UTC))
        *progress, report = lines(run("reindex", f"{outlet.base}/rss.xml", "--json", "--progress"))
    assert report["sources"][0]["new"] == 3
    latest = {one["doing"]: (one["done"], one["total"]) for one in progress}
    assert latest == {"Looking at sources": (1, 1), "Fetching pages": (3, 3), "Indexing articles": (3, 3)}


def test_the_first_article_is_embedded_while_the_second_is_read(
    run: Run, news: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_articles(news, 2)
    embedded, load, embed = Event(), files.load, BagOfWords.embed_documents

    def load_when_the_first_is_embedded(path: Path) -> bytes:
        assert path.stem == "0000" or embedded.wait(30)
        return load(path)

    def embed_and_tell(self: BagOfWords, texts: list[str]) -> list[list[float]]:
        embedded.set()
        return embed(self, texts)

    monkeypatch.setattr(pipeline, "SECONDS_PER_TRANSACTION", 0)
    monkeypatch.setattr(files, "load", load_when_the_first_is_embedded)
    monkeypatch.setattr(BagOfWords, "embed_documents", embed_and_tell)
    assert run("reindex", str(news), "--json").json["passages_embedded"] == 2


def test_an_index_that_fails_ends_the_reading_and_the_next_pass_goes_on(
    run: Run, news: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_articles(news, 3)

    def fail(_self: BagOfWords, _texts: list[str]) -> list[list[float]]:
        raise ModelError("no model today")

    with monkeypatch.context() as today:
        today.setattr(BagOfWords, "embed_documents", fail)
        failed = run("reindex", str(news), "--json")
    assert (failed.code, failed.out, failed.err) == (1, "", "error: no model today\n")
    assert run("reindex", "--json").json["passages_embedded"] == 3


def test_an_item_that_failed_is_in_the_report_at_the_end(run: Run, news: Path) -> None:
    (news / "broken.json").write_text("{broken")
    result = run("reindex", str(news), "--json", "--progress")
    assert result.code == 4
    assert lines(result)[0] == {"doing": "Reading files", "done": 1, "total": None}
    assert lines(result)[-1]["sources"][0]["failed"] == 1


def test_progress_without_json_is_refused_before_anything_is_taken_in(run: Run, news: Path) -> None:
    write_articles(news, 1)
    refused = run("reindex", str(news), "--progress")
    assert (refused.code, refused.out, one_line(refused)) == (2, "", True)
    assert "--json" in refused.err
    assert run("sources", "list").out == "no sources yet\n"


def test_of_many_quick_steps_few_are_told_and_the_last_of_each_kind_in_its_turn(
    capsys: pytest.CaptureFixture[str],
) -> None:
    began = monotonic()
    with Terminal().progress_lines() as tell:
        for done in range(1, 1001):
            tell("Reading", done, None)
        for done in range(1, 1001):
            tell("Indexing", done, 1000)
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    in_between = 4 * (monotonic() - began)
    assert [one["doing"] for one in told] == sorted((one["doing"] for one in told), reverse=True)
    for doing in ("Reading", "Indexing"):
        steps = [one["done"] for one in told if one["doing"] == doing]
        assert (steps[0], steps[-1]) == (1, 1000)
        assert len(steps) <= 2 + in_between


def test_kinds_of_work_that_go_on_at_once_do_not_make_each_other_be_told(capsys: pytest.CaptureFixture[str]) -> None:
    began = monotonic()
    with Terminal().progress_lines() as tell:
        for done in range(1, 1001):
            tell("Reading", done, None)
            tell("Indexing", done, 1000)
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(one["doing"], one["done"]) for one in told[-2:]] == [("Reading", 1000), ("Indexing", 1000)]
    assert len(told) <= 2 * (2 + 4 * (monotonic() - began))


def test_when_nobody_listens_any_more_it_ends_and_loses_nothing(run: Run, news: Path) -> None:
    write_articles(news, 30)
    command = [sys.executable, "-m", "bot", "reindex", str(news), "--json", "--progress"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT) as process:
        assert process.stdout
        process.stdout.close()
        assert process.wait(30) == 1
        assert process.stderr
        assert process.stderr.read() == b""
    assert run("status", "--json").json["passages"] == 0
    assert run("reindex", "--json").json["passages_embedded"] == 30
