"""A language model answers through its real client, over a loopback server: what is shown is proven, or absent."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.app import App
from bot.config import Settings
from tests.bot.conftest import FLIGHTS, Report, Result, Run, Tell, answer, claims
from tests.llmserver import Script, answers, babbles, breaks_off, drips, fails, is_silent, llm_server, says

NOW = "2024-12-01"
COURT = Report(
    "Northgate Wire",
    "2024-11-20",
    "Court hears the case",
    "The court in Thornbury heard the first case on Monday. The flights had cost 8.4 million crowns, the judge said.",
)
QUESTION = "How many flights were supervised at the airports?"
QUOTE = "border police supervised almost 24,000 flights in six days"
GOOD = f'[1] "{QUOTE}" -> Border police supervised almost 24,000 flights in six days.'
CLAIM = "Border police supervised almost 24,000 flights in six days."

Ask = Callable[..., Result]

pytestmark = pytest.mark.usefixtures("lenient")


@pytest.fixture(params=["openai", "ollama"])
def ask(request: pytest.FixtureRequest, run: Run, tell: Tell, monkeypatch: pytest.MonkeyPatch) -> Ask:
    """Ask, with a model that answers by the scripts, one for each call."""
    tell(FLIGHTS, COURT)
    monkeypatch.setenv("LLM_MODEL", f"{request.param}:test")
    monkeypatch.setenv("LLM_TIMEOUT", "1")

    def ask(*scripts: Script, question: str = QUESTION, options: tuple[str, ...] = ("--json",)) -> Result:
        with llm_server(*scripts) as server:
            monkeypatch.setenv("LLM_BASE_URL", server.base_url(request.param))
            return run("ask", question, "--now", NOW, *options)

    return ask


def test_a_proven_claim_is_shown_with_the_words_it_rests_on(ask: Ask) -> None:
    done = ask(says(GOOD))
    found = answer(done)
    assert (done.code, done.err) == (0, "")
    assert claims(done) == [CLAIM]
    assert (found["mode"], found["text"], found["note"], found["dropped"]) == ("llm", f"{CLAIM} [1]", None, 0)
    (citation,) = found["citations"]
    assert citation["quote"] == QUOTE
    assert citation["outlet"] == "Meridian Post"
    assert FLIGHTS.text[citation["start"] : citation["end"]] == QUOTE


NO_PROOF = {
    "paraphrased quotation": '[1] "border guards supervised some 24,000 flights" -> Border guards supervised 24,000 flights.',
    "invented quotation": '[1] "no fewer than 31,000 flights were searched" -> No fewer than 31,000 flights were searched.',
    "wrong number": f'[1] "{QUOTE}" -> Border police supervised almost 42,000 flights in six days.',
    "wrong name": '[1] "2,517 people were arrested, said Jürgen Stock" -> In all, 2,517 people were arrested, said Jurgen Stick.',
    "wrong date": '[2] "heard the first case on Monday" -> The court heard the first case on Tuesday.',
    "wrong unit": '[2] "cost 8.4 million crowns" -> The flights cost 8.4 million euros.',
    "other things counted": f'[1] "{QUOTE}" -> Border police supervised almost 24,000 passengers.',
    "a link": f'[1] "{QUOTE}" -> Border police [supervised](https://evil.example) almost 24,000 flights.',
    "no quotation at all": '[1] "" -> Border police supervised almost 24,000 flights in six days.',
}


@pytest.mark.parametrize("line", NO_PROOF.values(), ids=NO_PROOF.keys())
def test_a_claim_without_proof_is_asked_for_once_more_and_then_dropped(ask: Ask, line: str) -> None:
    done = ask(says(line), says(line), says(GOOD))
    found = answer(done)
    assert (done.code, found["answered"], found["citations"], claims(done)) == (3, False, [], [])
    assert found["reason"] == "unproven"
    assert found["dropped"] == found["tokens"]["calls"] == 2
    assert line.partition("-> ")[2] not in done.out


def test_a_claim_that_is_mended_when_asked_again_is_shown(ask: Ask) -> None:
    wrong = GOOD.replace("Border police supervised", "Border police supervised 116 times")
    done = ask(says(wrong), says(GOOD))
    assert claims(done) == [CLAIM]
    assert answer(done)["tokens"]["calls"] == 2


def test_what_fails_is_left_out_and_what_is_proven_is_shown(ask: Ask) -> None:
    done = ask(says(f"{NO_PROOF['wrong number']}\n{GOOD}\n{NO_PROOF['wrong name']}\n"), says("NO ANSWER"))
    found = answer(done)
    assert (done.code, claims(done), found["text"], found["dropped"]) == (0, [CLAIM], f"{CLAIM} [1]", 2)


@pytest.mark.parametrize("number", ["[2]", "[7]", "[0]", ""])
def test_the_words_decide_where_a_claim_is_from_and_not_the_number_that_the_model_gives(ask: Ask, number: str) -> None:
    done = ask(says(GOOD.replace("[1]", number).strip()))
    assert [one["outlet"] for one in answer(done)["citations"]] == ["Meridian Post"]


def test_a_claim_may_rest_on_two_reports(ask: Ask) -> None:
    both = (
        f'[1] "{QUOTE}" [2] "The flights had cost 8.4 million crowns" -> '
        "The almost 24,000 flights supervised in six days had cost 8.4 million crowns."
    )
    found = answer(ask(says(both)))
    assert found["text"].endswith("crowns. [1][2]")
    assert [one["outlet"] for one in found["citations"]] == ["Meridian Post", "Northgate Wire"]


def test_words_cited_twice_keep_their_number(ask: Ask) -> None:
    more = f'[1] "{QUOTE}" -> The border police supervised flights in six days.'
    found = answer(ask(says(f"{GOOD}\n{more}\n")))
    assert [found["text"].count("[1]"), len(found["citations"])] == [2, 1]


def test_no_more_claims_are_shown_than_asked_for(ask: Ask) -> None:
    more = '[1] "2,517 people were arrested" -> In all, 2,517 people were arrested.'
    done = ask(says(f"{more}\n{GOOD}\n"), options=("--json", "--limit", "1"))
    assert claims(done) == ["In all, 2,517 people were arrested."]


BACK_TO_QUOTING = {
    "protocol ignored": (says("Border police supervised 31,000 flights in a week, as far as I know."), "form"),
    "refusal": (says("I'm sorry, but I cannot help with that request."), "form"),
    "empty": (says(""), "form"),
    "half a stream": (breaks_off('[1] "border police supervised 31,000'), "broke off"),
    "429": (fails(429, retry_after=20), "busy"),
    "401": (fails(401), "key"),
    "500": (fails(500), "error of its own"),
    "503": (fails(503), "503"),
    "404": (fails(404), "no model"),
    "30 s silence": (is_silent(30), "said nothing for 1 s"),
    "a byte at a time": (drips("31,000 ", "flights " * 500), "1 s"),
    "1 MB": (babbles(1_000_000), "form"),
}


@pytest.mark.parametrize(("script", "told"), BACK_TO_QUOTING.values(), ids=BACK_TO_QUOTING.keys())
def test_a_model_that_is_of_no_use_leaves_the_articles_own_words_and_one_line(
    ask: Ask, script: Script, told: str
) -> None:
    done = ask(script)
    found = answer(done)
    assert (done.code, done.err, claims(done), found["mode"]) == (0, "", [], "quote")
    assert "almost 24,000 flights" in found["text"]
    assert told in found["note"]
    assert "\n" not in found["note"]
    assert "31,000" not in done.out


def test_the_note_is_one_line_below_the_answer(ask: Ask) -> None:
    done = ask(fails(429, retry_after=20), options=())
    last = done.out.rstrip().splitlines()[-1]
    assert "busy" in last
    assert last.endswith("; answered in the articles' own words")


def test_what_was_proven_before_a_stream_broke_off_is_shown_with_a_note(ask: Ask) -> None:
    done = ask(breaks_off(f"{GOOD}\n", '[1] "2,517 people were arr'))
    found = answer(done)
    assert (done.code, claims(done), found["mode"], found["text"]) == (0, [CLAIM], "llm", f"{CLAIM} [1]")
    assert "broke off" in found["note"]


def test_a_model_that_finds_no_answer_is_believed(ask: Ask) -> None:
    done = ask(says("NO ANSWER"))
    found = answer(done)
    assert (done.code, found["mode"], found["answered"], found["citations"]) == (3, "llm", False, [])
    assert [one["title"] for one in found["nearest"]]


def test_without_a_model_or_with_no_llm_nothing_is_asked_of_one(ask: Ask) -> None:
    done = ask(fails(500), options=("--json", "--no-llm"))
    found = answer(done)
    assert (found["mode"], found["tokens"], found["note"]) == ("quote", None, None)


def test_the_tokens_are_those_that_the_provider_counted(ask: Ask) -> None:
    tokens = answer(ask(says(GOOD)))["tokens"]
    assert tokens["input"] > 100
    assert tokens["output"] > 0
    assert (tokens["calls"], tokens["estimated"]) == (1, False)


def test_what_was_dropped_is_kept_and_counted_but_not_told(ask: Ask, run: Run, tmp_path: Path) -> None:
    line = NO_PROOF["wrong number"]
    assert "42,000" not in ask(says(line), options=()).out
    with App(Settings(dateline_home=tmp_path / "home")) as app:
        first, second = app.journal.dropped()
    assert first == second
    assert "42,000" in first.text
    assert first.quotes == (QUOTE,)
    assert "“42,000” does not stand in the quoted words" in first.reason
    assert json.loads(run("status", "--json").out)["dropped_claims"] == 2


def test_an_answer_says_what_it_was_made_with(ask: Ask, run: Run) -> None:
    made_by = json.loads(run("verify", answer(ask(says(GOOD)))["id"], "--json").out)["made_by"]
    assert ":test@127.0.0.1" in made_by
    assert "prompts@" in made_by
    assert "threshold=" in made_by
    assert "bag-of-words" in made_by


def test_an_answer_of_a_model_can_be_verified_later(ask: Ask, run: Run) -> None:
    found = answer(ask(says(GOOD)))
    checked = json.loads(run("verify", found["id"], "--json").out)
    assert (checked["verified"], checked["citations"][0]["quote"]) == (True, QUOTE)


def test_an_article_taken_down_while_the_model_writes_is_not_cited(ask: Ask, tmp_path: Path) -> None:
    def take_down(_prompt: str) -> str:
        with App(Settings(dateline_home=tmp_path / "home")) as app, app.writing("a takedown"):
            app.archive.remove(app.archive.find("0.json").id)
        return GOOD

    done = ask(answers(take_down))
    assert (done.code, claims(done), answer(done)["citations"]) == (3, [], [])
    assert "24,000" not in done.out
