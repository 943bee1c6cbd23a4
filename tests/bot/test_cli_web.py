"""The command line on the web: from a site's address to a cited answer, and what became of it since."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import NoReturn

import pytest
import stamina

from tests.bot.conftest import Run, one_line
from tests.newssite import NewsSite, Outlet, Redirect, Status, story

SOON = datetime.now(UTC) - timedelta(hours=1)
FLIGHTS = "Border police supervised almost 24,000 flights at the crossings."


@pytest.fixture
def outlet(monkeypatch: pytest.MonkeyPatch) -> Iterator[Outlet]:
    monkeypatch.setenv("DATELINE_ALLOW_PRIVATE_HOSTS", "127.0.0.0/8")
    monkeypatch.setenv("DATELINE_HOST_PAUSE", "0")
    stamina.set_testing(True, attempts=2)
    with NewsSite() as site:
        opened = site.outlet("Harbour Courier")
        opened.publish("flights", "Six-day operation ends", [FLIGHTS, *story(1)[1]], published=SOON)
        yield opened
    stamina.set_testing(False)


def test_a_sites_address_is_enough_for_a_cited_answer(run: Run, outlet: Outlet) -> None:
    added = run("sources", "add", outlet.base)
    assert added.out == f"added feed {outlet.base}/rss.xml\n"
    assert "followed by its feed" in added.err
    assert run("reindex").out.startswith("1 new; ")
    answer = run("ask", "how many flights were supervised by border police?", "--json").json
    citation = answer["citations"][0]
    assert (citation["quote"], citation["url"]) == (FLIGHTS, outlet.url("flights"))
    assert citation["outlet"] == "Harbour Courier"


def test_an_address_named_to_reindex_is_kept_and_looked_at_once(run: Run, outlet: Outlet) -> None:
    assert run("reindex", f"{outlet.base}/atom.xml").out.startswith("1 new; ")
    assert [one["location"] for one in run("sources", "list", "--json").json["sources"]] == [f"{outlet.base}/atom.xml"]
    assert run("reindex", f"{outlet.base}/atom.xml").out.startswith("nothing new to read; 0 passages embedded")


def test_a_dry_run_on_the_web_changes_nothing(run: Run, outlet: Outlet) -> None:
    run("sources", "add", f"{outlet.base}/old.xml")
    outlet.fault("/old.xml", Redirect("/rss.xml", status=301))
    run("sources", "add", f"{outlet.base}/rss.xml")
    before = run("sources", "list", "--json").json
    assert run("reindex", "--dry-run").out.startswith("1 new; 0 passages")
    assert run("sources", "list", "--json").json == before
    assert run("reindex").out.startswith("1 new; ")


def test_an_answer_says_when_its_article_was_changed_since(run: Run, outlet: Outlet) -> None:
    run("reindex", outlet.url("flights"))
    kept = run("ask", "how many flights were supervised by border police?", "--json").json["id"]
    outlet.correct("flights", [FLIGHTS.replace("almost 24,000", "more than 21,000"), *story(1)[1]])
    assert run("reindex").out.startswith("1 updated; 1 passages embedded")
    assert "changed since" in run("verify", kept).out
    history = run("show", outlet.url("flights"), "--history").out
    assert "[-almost 24,000-]" in history
    assert "{+more than 21,000+}" in history


def test_status_and_the_list_say_how_fresh_each_source_is_failing_ones_first(run: Run, outlet: Outlet) -> None:
    run("sources", "add", f"{outlet.base}/rss.xml")
    run("sources", "add", f"{outlet.base}/atom.xml")
    outlet.fault("/atom.xml", Status(404))
    assert run("reindex").code == 4
    looks = run("status", "--json").json["freshness"]
    assert [look["source"] for look in looks] == [f"{outlet.base}/atom.xml", f"{outlet.base}/rss.xml"]
    assert looks[0]["error"] == "the server answered 404"
    assert "FAILING" in run("status").out
    first, second = run("sources", "list", "--json").json["sources"]
    assert (first["articles"], first["error"], second["error"]) == (1, "", "the server answered 404")
    assert first["next_due"] > first["last_look"]


def test_watching_goes_on_by_each_sources_interval(run: Run, outlet: Outlet, monkeypatch: pytest.MonkeyPatch) -> None:
    run("sources", "add", f"{outlet.base}/rss.xml", "--every", "30")
    waits: list[float] = []

    def sleep(seconds: float) -> None:
        waits.append(seconds)
        if seconds > 1:
            stop()

    def stop() -> NoReturn:
        raise KeyboardInterrupt

    monkeypatch.setattr(time, "sleep", sleep)
    watched = run("reindex", "--watch")
    assert watched.code == 130
    assert watched.out.startswith("1 new; ")
    assert waits[-1] == 60.0


@pytest.mark.parametrize("address", ["http://169.254.169.254/latest", "http://[::1]/feed", "https://"])
def test_an_address_that_must_not_be_fetched_is_one_clear_error(run: Run, address: str) -> None:
    refused = run("reindex", address)
    assert refused.code == 4
    assert one_line(refused)
    assert run("sources", "list").out == "no sources yet\n"
