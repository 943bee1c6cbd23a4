"""An answer names the other outlets that ran the same report."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from bot.journal import Journal
from bot.records import Answer, Citation, Claim, Mode, Question
from bot.render import citation_json
from bot.render_answer import answer_text
from tests.bot.conftest import Run
from tests.reports import FIRE, SAME_FIRE, edited

NOW = datetime(2024, 11, 12, tzinfo=UTC)
CITATION = Citation(1, "It rained.", 0, 10, "a", 1, "T", "Courier", "", NOW, "", ("Ledger", "Observer"))
CLAIM = Claim("It rained.", (1,))
ANSWER = Answer("a_1", Question("Did it rain?", NOW), Mode.QUOTE, (CLAIM,), (CITATION,), (), 0.5, NOW, {})
QUESTION = "how many firefighters fought the blaze at Port Elsin?"


@pytest.fixture
def fire(news: Path, run: Run) -> None:
    """One report in three outlets, twice in one of them, and an independent one."""
    texts = {"Courier": FIRE, "Ledger": edited(FIRE, 0.05, 1), "Observer": edited(FIRE, 0.05, 2), "Post": SAME_FIRE}
    for outlet, its in [*texts.items(), ("Ledger again", FIRE)]:
        record = {"title": f"Fire ({outlet})", "text": its, "outlet": outlet.split()[0], "published": "2024-11-12"}
        (news / f"{outlet}.json").write_text(json.dumps(record))
    run("reindex", str(news))


@pytest.mark.usefixtures("fire", "lenient")
def test_an_answer_names_them_once_each_below_the_citation(run: Run) -> None:
    answer = run("ask", QUESTION, "--json").json
    citation = answer["citations"][0]
    others = sorted({"Courier", "Ledger", "Observer"} - {citation["outlet"]})
    assert citation["also"] == others
    assert f"\n    also in {', '.join(others)} · 1 report\n" in run("ask", QUESTION).out
    assert run("verify", answer["id"], "--json").json["citations"][0]["also"] == others


@pytest.mark.usefixtures("fire")
def test_search_names_them_below_the_passage(run: Run) -> None:
    hits = run("search", "fire in the rope works", "--json").json["hits"]
    assert {hit["outlet"] == "Post": len(hit["also"]) for hit in hits} == {False: 2, True: 0}
    assert run("search", "fire in the rope works").out.count(" · 1 report\n") == sum(bool(hit["also"]) for hit in hits)


def test_a_report_of_one_outlet_says_nothing_of_others() -> None:
    alone = replace(CITATION, also=())
    assert "also in Ledger, Observer · 1 report" in answer_text(ANSWER).plain
    assert "also in" not in answer_text(replace(ANSWER, citations=(alone,))).plain
    assert (citation_json(CITATION)["also"], citation_json(alone)["also"]) == (["Ledger", "Observer"], [])


def test_the_journal_keeps_them_and_still_reads_answers_that_have_none(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'journal.db'}"
    journal = Journal.open(url)
    journal.keep(ANSWER, "test")
    assert journal.find("a_1")[:2] == ("Did it rain?", [CITATION])
    with create_engine(url).begin() as connection:
        connection.execute(text("UPDATE answer SET citations = json_remove(citations, '$[0].also')"))
    assert journal.find("a_1")[:2] == ("Did it rain?", [replace(CITATION, also=())])
