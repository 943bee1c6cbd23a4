"""Reports that differ, with a language model: whatever it cites, each report has its say, the newest named first."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot.calibration import Calibration
from tests.bot.conftest import Report, Result, Run, Tell, answer, claims, keep
from tests.llmserver import Script, fails, llm_server, says

NEWEST = Report(
    "Harbour Courier",
    "2024-11-18",
    "Flood in Ardle",
    "The river burst its banks on Sunday night. The flood displaced 1,320 people, the county said.",
)
EARLIER = Report(
    "Valley Ledger",
    "2024-11-13",
    "Ardle under water",
    "Water stood a metre high in the streets. Some 1,150 people were displaced by the flood, the fire brigade said.",
)
OLDEST = Report(
    "Meridian Post",
    "2024-11-11",
    "Banks of the Ardle give way",
    "The Ardle rose by two metres overnight. In all, 870 people were displaced by the flood, the mayor said.",
)
NOW = "2024-11-27"
DISPLACED = "How many people were displaced by the flood?"
COUNTY, BRIGADE, MAYOR = (report.text.partition(". ")[2] for report in (NEWEST, EARLIER, OLDEST))
DIFFER = (
    "Reports differ: 1,320 — Harbour Courier, 18 Nov 2024; 1,150 — Valley Ledger, 13 Nov 2024; "
    "870 — Meridian Post, 11 Nov 2024"
)
OF_NEWEST = '"The flood displaced 1,320 people"'
OF_EARLIER = '"Some 1,150 people were displaced by the flood"'
OF_OLDEST = '"In all, 870 people were displaced by the flood"'
SAYS_NEWEST = "The flood displaced 1,320 people."
SAYS_EARLIER = "According to the Valley Ledger, some 1,150 people were displaced by the flood."
SAYS_OLDEST = "In all, 870 people were displaced by the flood."

Ask = Callable[..., Result]

pytestmark = pytest.mark.usefixtures("lenient")


@pytest.fixture
def ask(run: Run, tell: Tell, monkeypatch: pytest.MonkeyPatch) -> Ask:
    """Ask about the flood, with a model that answers by the scripts, one for each call."""
    tell(NEWEST, EARLIER, OLDEST)
    return asking(run, monkeypatch)


def asking(run: Run, monkeypatch: pytest.MonkeyPatch) -> Ask:
    monkeypatch.setenv("LLM_MODEL", "openai:test")
    monkeypatch.setenv("LLM_TIMEOUT", "5")

    def ask(*scripts: Script, question: str = DISPLACED, options: tuple[str, ...] = ("--json",)) -> Result:
        with llm_server(*scripts) as server:
            monkeypatch.setenv("LLM_BASE_URL", server.openai)
            return run("ask", question, "--now", NOW, *options)

    return ask


def said_by(found: dict[str, Any]) -> list[str]:
    """The outlets that differ, in the order in which they are named."""
    outlets = {citation["n"]: citation["outlet"] for citation in found["citations"]}
    return [outlets[number] for number in found["differing"]]


@pytest.mark.parametrize(
    ("line", "shown", "differing"),
    [
        (f"[1] {OF_NEWEST} -> {SAYS_NEWEST}", [SAYS_NEWEST, BRIGADE, MAYOR], [1, 2, 3]),
        (f"[1] {OF_EARLIER} -> {SAYS_EARLIER}", [SAYS_EARLIER, COUNTY, MAYOR], [2, 1, 3]),
        (f"[1] {OF_OLDEST} -> {SAYS_OLDEST}", [SAYS_OLDEST, COUNTY, BRIGADE], [2, 3, 1]),
    ],
    ids=["newest", "earlier", "oldest"],
)
def test_who_cites_one_report_is_joined_by_the_others_in_their_own_words(
    ask: Ask, run: Run, line: str, shown: list[str], differing: list[int]
) -> None:
    done = ask(says(line))
    found = answer(done)
    assert (done.code, done.err, found["mode"]) == (0, "", "llm")
    assert claims(done) == shown
    assert found["text"] == " ".join(f"{claim} [{number}]" for number, claim in enumerate(shown, 1))
    assert found["differing"] == differing
    assert said_by(found) == [NEWEST.outlet, EARLIER.outlet, OLDEST.outlet]
    assert run("verify", found["id"]).code == 0


def test_in_a_terminal_the_reports_are_set_side_by_side_newest_first_below_the_claims(ask: Ask) -> None:
    shown = ask(says(f"[1] {OF_EARLIER} -> {SAYS_EARLIER}"), options=()).out.splitlines()
    assert shown[:5] == [f"{SAYS_EARLIER} [1]", f"“{COUNTY}” [2]", f"“{MAYOR}” [3]", DIFFER, ""]


def test_a_limit_cuts_no_report_that_differs_from_the_claim(ask: Ask) -> None:
    done = ask(
        says(f"[1] {OF_EARLIER} -> {SAYS_EARLIER}\n[1] {OF_NEWEST} -> {SAYS_NEWEST}"),
        options=("--json", "--limit", "1"),
    )
    assert claims(done) == [SAYS_EARLIER, COUNTY, MAYOR]
    assert said_by(answer(done)) == [NEWEST.outlet, EARLIER.outlet, OLDEST.outlet]


def test_reports_that_the_model_cites_itself_are_not_said_twice(ask: Ask) -> None:
    lines = f"[1] {OF_OLDEST} -> {SAYS_OLDEST}\n[2] {OF_EARLIER} -> {SAYS_EARLIER}\n[3] {OF_NEWEST} -> {SAYS_NEWEST}"
    done = ask(says(lines))
    found = answer(done)
    assert claims(done) == [SAYS_OLDEST, SAYS_EARLIER, SAYS_NEWEST]
    assert [len(found["citations"]), found["differing"]] == [3, [3, 2, 1]]
    assert [done.out.count(f'"claim": "{claim}') for claim in (SAYS_OLDEST, SAYS_NEWEST)] == [1, 1]
    assert DIFFER in ask(says(lines), options=()).out


def test_a_claim_about_something_else_in_one_report_does_not_count_as_its_say(ask: Ask) -> None:
    aside = "Water stood a metre high in the streets."
    done = ask(says(f'[1] "{aside}" -> {aside}'))
    assert claims(done) == [aside, COUNTY, BRIGADE, MAYOR]
    assert answer(done)["differing"] == [2, 3, 4]


def test_numbers_that_stand_in_the_quotations_of_two_reports_may_stand_in_one_claim(ask: Ask) -> None:
    between = "Between 1,150 and 1,320 people were displaced by the flood."
    done = ask(says(f"[1] {OF_EARLIER} [2] {OF_NEWEST} -> {between}"))
    found = answer(done)
    assert claims(done) == [between, MAYOR]
    assert (found["text"], found["differing"]) == (f"{between} [1][2] {MAYOR} [3]", [2, 1, 3])
    assert [citation["answer"] is None for citation in found["citations"]] == [False] * 3


MERGED = {
    "sum": "In all, 2,470 people were displaced by the flood.",
    "mean": "Some 1,235 people were displaced by the flood on average.",
    "rounded": "More than 1,000 people were displaced by the flood.",
    "difference": "Some 170 more people were displaced by the flood.",
    "count of reports": "Three reports say that people were displaced by the flood.",
}


@pytest.mark.parametrize("claim", MERGED.values(), ids=MERGED.keys())
def test_a_number_that_is_made_of_those_of_two_reports_is_dropped(ask: Ask, claim: str) -> None:
    done = ask(
        says(f"[1] {OF_EARLIER} [2] {OF_NEWEST} -> {claim}\n[3] {OF_OLDEST} -> {SAYS_OLDEST}"), says("NO ANSWER")
    )
    assert claims(done) == [SAYS_OLDEST, COUNTY, BRIGADE]
    assert (answer(done)["dropped"], claim in done.out) == (1, False)


@pytest.mark.parametrize("opening", ["According to the Valley Ledger, the", "The Valley Ledger reported that the"])
def test_a_number_is_not_put_into_the_mouth_of_another_outlet(ask: Ask, opening: str) -> None:
    line = f"[1] {OF_NEWEST} -> {opening} flood displaced 1,320 people."
    done = ask(says(line))
    assert (done.code, claims(done), answer(done)["reason"]) == (3, [], "unproven")
    right = line.replace(EARLIER.outlet, NEWEST.outlet)
    assert claims(ask(says(right))) == [right.partition("-> ")[2], BRIGADE, MAYOR]


def test_dates_that_differ_are_set_side_by_side_too(run: Run, tell: Tell, monkeypatch: pytest.MonkeyPatch) -> None:
    tell(
        Report(
            "Post", "2024-11-12", "Bridge", "The bridge was hit by a ship. The harbour bridge reopens on 3 May 2025."
        ),
        Report("Wire", "2024-11-20", "Delay", "Work is late, it is said. The harbour bridge reopens on 17 May 2025."),
    )
    line = '[1] "The harbour bridge reopens on 3 May 2025" -> The harbour bridge reopens on 3 May 2025.'
    shown = asking(run, monkeypatch)(says(line), question="When does the harbour bridge reopen?", options=()).out
    assert shown.splitlines()[:3] == [
        "The harbour bridge reopens on 3 May 2025. [1]",
        "“The harbour bridge reopens on 17 May 2025.” [2]",
        "Reports differ: 17 May 2025 — Wire, 20 Nov 2024; 3 May 2025 — Post, 12 Nov 2024",
    ]


def test_reports_that_agree_are_not_added(run: Run, tell: Tell, monkeypatch: pytest.MonkeyPatch) -> None:
    tell(NEWEST, EARLIER._replace(text=EARLIER.text.replace("Some 1,150", "Some 1,320")))
    done = asking(run, monkeypatch)(says(f"[1] {OF_NEWEST} -> {SAYS_NEWEST}"))
    assert (claims(done), answer(done)["differing"]) == ([SAYS_NEWEST], [])


def test_where_the_reader_is_unsure_only_reports_that_the_model_cites_are_said_to_differ(
    ask: Ask, tmp_path: Path
) -> None:
    keep(Calibration(intercept=-20.0), tmp_path / "home")
    one, other = f"[1] {OF_EARLIER} -> {SAYS_EARLIER}", f"[2] {OF_NEWEST} -> {SAYS_NEWEST}"
    alone = ask(says(one))
    assert (claims(alone), answer(alone)["differing"]) == ([SAYS_EARLIER], [])
    both = ask(says(f"{one}\n{other}"))
    assert (claims(both), answer(both)["differing"]) == ([SAYS_EARLIER, SAYS_NEWEST], [2, 1])


@pytest.mark.parametrize(
    ("scripts", "options"), [(fails(500), ()), (says(""), ()), (fails(500), ("--no-llm",))], ids=str
)
def test_without_words_of_a_model_the_articles_own_tell_who_says_what(
    ask: Ask, scripts: Script, options: tuple[str, ...]
) -> None:
    shown = ask(scripts, options=options).out.splitlines()
    assert shown[:4] == [DIFFER, f"“{COUNTY}” [1]", f"“{BRIGADE}” [2]", f"“{MAYOR}” [3]"]
    found = answer(ask(scripts, options=("--json", *options)))
    assert (found["mode"], found["differing"], bool(found["note"])) == ("quote", [1, 2, 3], not options)
