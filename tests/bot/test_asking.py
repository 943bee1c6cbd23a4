"""`dateline ask`: which time is searched, what is said of differing reports, and why there is no answer."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from bot.calibration import Calibration
from bot.records import Question
from tests.bot.conftest import Report, Result, Run, Tell, keep, one_line
from tests.reports import FIRE
from tests.support import app_at

NOW = "2024-11-27"  # last week: 18 to 24 November
FLOOD = Report(
    "Harbour Courier",
    "2024-11-18",
    "Flood in Ardle",
    "The river burst its banks on Sunday night. The flood displaced 1,320 people, the county said. "
    "Schools stay closed until Thursday.",
)
EARLIER = Report(
    "Valley Ledger",
    "2024-11-13",
    "Ardle under water",
    "Water stood a metre high in the streets. Some 1,150 people were displaced by the flood, the fire brigade said. "
    "Farmers lost most of their winter wheat.",
)
LIBRARY = Report(
    "Civic Observer",
    "2024-11-20",
    "Mayor opens library",
    "Mayor Delphine Asher opened the new library in Thornbury. Many people visited it within an hour. "
    "The old one becomes a school.",
)
DISPLACED = "how many people were displaced by the flood"
VISITED = "how many people visited the new library in Thornbury?"
CHESS = "who won the chess championship in Reykjavik?"


def ask(run: Run, question: str, *options: str, now: str = NOW) -> Result:
    return run("ask", question, "--now", now, *options)


def outlets(answer: Result) -> list[str]:
    return [citation["outlet"] for citation in answer.json["citations"]]


@pytest.fixture
def fair(tmp_path: Path) -> Callable[[str], None]:
    """Sets a threshold that the reports of the time asked about do not reach, and those of all times do."""

    def set_threshold(question: str) -> None:
        asked = Question(question, datetime.fromisoformat(NOW).replace(tzinfo=UTC))
        keep(Calibration(intercept=-20.0), tmp_path / "home")
        with app_at(tmp_path / "home") as app:
            odds = [
                app.assistant.answer(replace(asked, any_time=any_time), abstain=False).log_odds
                for any_time in (False, True)
            ]
        assert odds[0] < odds[1]
        keep(Calibration(intercept=-sum(odds) / 2), tmp_path / "home")

    return set_threshold


@pytest.mark.usefixtures("lenient")
def test_the_time_that_a_question_names_is_searched_and_shown(run: Run, tell: Tell) -> None:
    tell(FLOOD, EARLIER)
    answer = ask(run, f"{DISPLACED} last week?", "--json")
    assert set(outlets(answer)) == {FLOOD.outlet}
    assert answer.json["window"] == {"since": "2024-11-18", "until": "2024-11-25"}
    assert answer.json["window_words"] == "last week"
    shown = ask(run, f"{DISPLACED} last week?").out
    assert "searched: last week: 18 Nov 2024 to 24 Nov 2024 · confidence" in shown


@pytest.mark.usefixtures("lenient")
@pytest.mark.parametrize(
    ("options", "window", "cited"),
    [
        (
            ["--since", "2024-11-12", "--until", "2024-11-14"],
            {"since": "2024-11-12", "until": "2024-11-15"},
            {EARLIER.outlet},
        ),
        (["--until", "2024-11-14"], {"since": None, "until": "2024-11-15"}, {EARLIER.outlet}),
        (["--any-time"], None, {EARLIER.outlet, FLOOD.outlet}),
    ],
    ids=["since and until", "until", "any time"],
)
def test_an_option_overrides_the_time_that_a_question_names(
    run: Run, tell: Tell, options: list[str], window: dict[str, str | None] | None, cited: set[str]
) -> None:
    tell(FLOOD, EARLIER)
    answer = ask(run, f"{DISPLACED} last week?", "--json", *options)
    assert (answer.json["window"], answer.json["window_words"]) == (window, None)
    assert set(outlets(answer)) == cited


@pytest.mark.usefixtures("lenient")
@pytest.mark.parametrize(
    ("now", "cited", "day", "since"),
    [
        ("2024-11-19T00:30+02:00", FLOOD.outlet, "18 Nov 2024", "2024-11-17T22:00:00Z"),
        ("2024-11-18T22:30", EARLIER.outlet, "17 Nov 2024", "2024-11-17"),  # the same moment, elsewhere
    ],
)
def test_yesterday_is_the_day_before_where_the_asker_is(
    run: Run, tell: Tell, now: str, cited: str, day: str, since: str
) -> None:
    tell(FLOOD._replace(published="2024-11-18T12:00:00Z"), EARLIER._replace(published="2024-11-17T12:00:00Z"))
    answer = ask(run, f"{DISPLACED} yesterday?", "--json", now=now)
    assert set(outlets(answer)) == {cited}
    assert answer.json["window"]["since"] == since
    assert f"searched: yesterday: {day} ·" in ask(run, f"{DISPLACED} yesterday?", now=now).out


@pytest.mark.usefixtures("lenient")
def test_a_date_without_a_time_is_that_day_wherever_the_asker_is(run: Run, tell: Tell) -> None:
    tell(FLOOD._replace(published="2024-11-12"), EARLIER._replace(published="2024-11-13"))
    answer = ask(run, f"{DISPLACED} on 12 November 2024?", "--json", now="2024-11-20T09:00-05:00")
    assert set(outlets(answer)) == {FLOOD.outlet}


def test_a_report_of_the_days_after_is_found_when_those_of_the_time_do_not_answer(
    run: Run, tell: Tell, fair: Callable[[str], None]
) -> None:
    tell(FLOOD._replace(published="2024-05-04"), LIBRARY._replace(published="2024-05-03"))
    fair(f"{DISPLACED} on 3 May?")
    answer = ask(run, f"{DISPLACED} on 3 May?", "--json")
    assert answer.code == 0
    assert outlets(answer)[0] == FLOOD.outlet
    assert answer.json["window"] == {"since": "2024-05-03", "until": "2024-05-07"}  # what was searched
    # Who sets the days means them.
    assert FLOOD.outlet not in outlets(
        ask(run, f"{DISPLACED}?", "--since", "2024-05-03", "--until", "2024-05-03", "--json")
    )


def test_a_report_of_long_after_does_not_tell_of_the_time_asked_about(
    run: Run, tell: Tell, fair: Callable[[str], None]
) -> None:
    tell(FLOOD._replace(published="2024-05-07"), LIBRARY._replace(published="2024-05-03"))
    fair(f"{DISPLACED} on 3 May?")
    answer = ask(run, f"{DISPLACED} on 3 May?", "--json")
    assert (answer.code, answer.json["window"]) == (3, {"since": "2024-05-03", "until": "2024-05-04"})
    assert FLOOD.title not in [one["title"] for one in answer.json["nearest"]]


def test_what_is_known_from_before_is_named_with_its_date_but_is_no_answer(
    run: Run, tell: Tell, fair: Callable[[str], None]
) -> None:
    tell(FLOOD, LIBRARY._replace(published="2024-11-26"))
    fair(f"{DISPLACED} this week?")
    answer = ask(run, f"{DISPLACED} this week?", "--json")
    assert answer.code == 3
    assert (answer.json["reason"], answer.json["as_of"], answer.json["citations"]) == ("older", "2024-11-18", [])
    assert answer.json["nearest"][0]["title"] == FLOOD.title
    shown = ask(run, f"{DISPLACED} this week?").out
    assert shown.startswith(
        "No report of that time answers that; the newest that does is older, of 18 Nov 2024:\n"
        "  · Flood in Ardle — Harbour Courier, 18 Nov 2024\n"
    )


def test_of_several_from_before_the_newest_that_answers_is_named(
    run: Run, tell: Tell, fair: Callable[[str], None]
) -> None:
    # It has the question's words and hardly any others, so that it matches better than the newer one.
    older = EARLIER._replace(
        title="Displaced by the flood", text="1,150 people were displaced by the flood, many by night."
    )
    unrelated = LIBRARY._replace(
        published="2024-11-19", text="The harbour of Elsin froze over. Gulls stood on the ice."
    )
    tell(older, FLOOD, unrelated, LIBRARY._replace(published="2024-11-26"))
    fair(f"{DISPLACED} this week?")
    answer = ask(run, f"{DISPLACED} this week?", "--json").json
    assert (answer["reason"], answer["as_of"]) == ("older", "2024-11-18")
    assert answer["nearest"][0]["title"] == FLOOD.title


@pytest.mark.usefixtures("strict")
def test_reports_that_mention_it_without_the_fact_are_named(run: Run, tell: Tell) -> None:
    tell(FLOOD, LIBRARY)
    answer = ask(run, VISITED, "--json")
    assert answer.code == 3
    assert (answer.json["reason"], answer.json["as_of"], answer.json["citations"]) == ("silent", None, [])
    assert [one["title"] for one in answer.json["nearest"]] == [LIBRARY.title]
    assert ask(run, VISITED).out.startswith(
        "These reports mention it, but do not say: “how many people visited the new library in Thornbury?”\n"
        "  · Mayor opens library — Civic Observer, 20 Nov 2024\n"
    )


@pytest.mark.usefixtures("strict")
def test_the_nearest_headlines_are_named_when_no_report_is_about_it(run: Run, tell: Tell) -> None:
    tell(FLOOD, LIBRARY)
    answer = ask(run, CHESS, "--json")
    assert answer.code == 3
    assert (answer.json["reason"], answer.json["as_of"], answer.json["confidence"]) == ("nothing", None, 0.0)
    assert {one["title"] for one in answer.json["nearest"]} == {FLOOD.title, LIBRARY.title}
    assert ask(run, CHESS).out.startswith("No report in the archive answers that.\nNearest headlines:\n  · ")


@pytest.mark.usefixtures("strict")
def test_headlines_from_before_are_named_when_the_time_asked_about_holds_none(run: Run, tell: Tell) -> None:
    tell(EARLIER)
    answer = ask(run, f"{DISPLACED} last week?", "--json").json
    assert (answer["reason"], answer["citations"]) == ("nothing", [])
    assert [one["title"] for one in answer["nearest"]] == [EARLIER.title]


@pytest.mark.usefixtures("lenient")
def test_reports_that_differ_stand_side_by_side_newest_first_each_quoted_and_cited(run: Run, tell: Tell) -> None:
    tell(EARLIER, FLOOD, LIBRARY)
    answer = ask(run, f"{DISPLACED}?", "--json")
    assert answer.json["differing"] == [1, 2]
    assert outlets(answer) == [FLOOD.outlet, EARLIER.outlet]
    assert answer.json["as_of"] == "2024-11-18"
    lines = ask(run, f"{DISPLACED}?").out.splitlines()
    assert lines[:3] == [
        "Reports differ: 1,320 — Harbour Courier, 18 Nov 2024; 1,150 — Valley Ledger, 13 Nov 2024",
        "“The flood displaced 1,320 people, the county said.” [1]",
        "“Some 1,150 people were displaced by the flood, the fire brigade said.” [2]",
    ]
    assert run("verify", answer.json["id"]).code == 0


@pytest.mark.usefixtures("lenient")
def test_a_limit_cuts_no_report_that_differs_from_the_others(run: Run, tell: Tell) -> None:
    tell(EARLIER, FLOOD, LIBRARY)
    answer = ask(run, f"{DISPLACED}?", "--json", "--limit", "1").json
    assert (len(answer["citations"]), answer["differing"]) == (2, [1, 2])
    assert len(ask(run, VISITED, "--json", "--limit", "1").json["citations"]) == 1


@pytest.mark.usefixtures("lenient")
def test_copies_of_one_story_do_not_differ_from_each_other(run: Run, tell: Tell) -> None:
    copy = FIRE.replace("More than 90", "More than 120")
    assert copy != FIRE
    tell(Report("Courier", "2024-11-12", "Fire", FIRE), Report("Ledger", "2024-11-13", "Blaze", copy))
    answer = ask(run, "how many firefighters fought the blaze?", "--json").json
    first = answer["citations"][0]
    assert {first["outlet"], *first["also"]} == {"Courier", "Ledger"}
    assert "firefighters" in first["quote"]
    assert answer["differing"] == []


@pytest.mark.usefixtures("lenient")
def test_reports_that_agree_in_other_words_do_not_differ(run: Run, tell: Tell) -> None:
    tell(
        Report("Post", "2024-11-12", "Six days", "It was long. Border police supervised almost 24,000 flights."),
        Report("Wire", "2024-11-13", "Operation", "Border police supervised 24,000 flights, it was said in Lyon."),
    )
    answer = ask(run, "how many flights were supervised by border police?")
    assert "24,000" in answer.out
    assert "Reports differ" not in answer.out


@pytest.mark.usefixtures("lenient")
def test_the_words_that_answer_are_given_by_their_place_in_the_article_and_marked(run: Run, tell: Tell) -> None:
    tell(FLOOD, LIBRARY)
    citation = ask(run, f"{DISPLACED}?", "--json").json["citations"][0]
    start, end = citation["answer"]
    assert citation["start"] <= start < end <= citation["end"]
    assert run("show", citation["article"], "--json").json["text"][start:end] == "1,320"
    assert "“The flood displaced 1,320 people, the county said.” [1]\n" in ask(run, f"{DISPLACED}?").out


@pytest.mark.usefixtures("lenient")
def test_no_single_words_answer_yes_or_no(run: Run, tell: Tell) -> None:
    tell(FLOOD._replace(text="The flood displaced 1,320 people, the county said."))
    asked = [ask(run, question, "--json").json for question in ("Did the flood displace people?", f"{DISPLACED}?")]
    assert [one["citations"][0]["answer"] for one in asked] == [None, [20, 25]]


@pytest.mark.usefixtures("lenient")
def test_the_newest_report_leads_when_the_latest_is_asked_for(run: Run, tell: Tell) -> None:
    tell(
        Report("Post", "2024-11-12", "Strike", "The ferry strike in Elsin goes on, the union said."),
        Report("Wire", "2024-11-18", "Ships", "The ferry strike in Elsin is over, the union said. Boats sail again."),
    )
    answer = ask(run, "what is the latest on the ferry strike in Elsin?", "--json")
    assert answer.json["citations"][0]["published"] == "2024-11-18"
    assert answer.json["differing"] == []


@pytest.mark.usefixtures("lenient")
def test_the_latest_number_is_the_newest(run: Run, tell: Tell) -> None:
    tell(EARLIER, FLOOD)
    answer = ask(run, "what is the latest number of people displaced by the flood?", "--json")
    assert outlets(answer)[0] == FLOOD.outlet
    assert "1,320" in answer.json["citations"][0]["quote"]


@pytest.mark.usefixtures("lenient")
def test_a_kept_answer_verifies_with_the_words_that_answer_and_an_old_one_without(
    run: Run, tell: Tell, tmp_path: Path
) -> None:
    tell(FLOOD)
    answer = ask(run, f"{DISPLACED}?", "--json").json
    kept = run("verify", answer["id"], "--json")
    assert kept.code == 0
    assert kept.json["citations"][0]["answer"] == answer["citations"][0]["answer"]
    with create_engine(f"sqlite:///{tmp_path / 'home' / 'journal.db'}").begin() as connection:
        connection.execute(text("UPDATE answer SET citations = json_remove(citations, '$[0].answer')"))
    old = run("verify", answer["id"], "--json")
    assert old.code == 0
    assert old.json["citations"][0]["answer"] is None


def write_questions(file: Path, *questions: dict[str, Any]) -> str:
    file.write_text("\n".join(map(json.dumps, questions)))
    return str(file)


@pytest.mark.usefixtures("strict")
def test_calibrating_makes_what_was_answered_rightly_sure(run: Run, tell: Tell, tmp_path: Path) -> None:
    tell(FLOOD, LIBRARY)
    assert ask(run, f"{DISPLACED}?").code == 3
    file = write_questions(
        tmp_path / "questions.jsonl",
        {"question": f"{DISPLACED}?", "answers": [["1,320"]]},
        {"question": "who opened the new library in Thornbury?", "answers": [["Asher"]]},
        {"question": CHESS, "answerable": False},
        {"question": "what did the bridge at Calder cost?", "answerable": False},
    )
    done = run("eval", file, "--calibrate")
    kept = tmp_path / "home" / "calibration.json"
    assert (done.code, done.err) == (0, f"calibrated on 4 questions: {kept}\n")
    assert Calibration.load(kept).slope > 0
    assert ask(run, f"{DISPLACED}?").code == 0
    assert ask(run, CHESS).code == 3


@pytest.mark.parametrize(
    "question",
    [{"question": f"{DISPLACED}?", "answers": [["1,320"]]}, {"question": CHESS, "answerable": False}],
    ids=["right", "wrong"],
)
def test_questions_of_one_kind_do_not_calibrate(run: Run, tell: Tell, tmp_path: Path, question: dict[str, Any]) -> None:
    tell(FLOOD)
    done = run("eval", write_questions(tmp_path / "questions.jsonl", question), "--calibrate")
    assert (done.code, one_line(done)) == (2, True)
    assert "questions that are answered and questions that cannot be are both needed" in done.err
    assert not (tmp_path / "home" / "calibration.json").exists()


@pytest.mark.parametrize("content", [b"", b"[]", b'{"slope": 1.0}', b'{"slope": 1, "intercept": "low"}', b"\xff"])
def test_a_file_that_is_no_calibration_is_one_clear_line(run: Run, tell: Tell, tmp_path: Path, content: bytes) -> None:
    tell(FLOOD)
    file = tmp_path / "home" / "calibration.json"
    file.write_bytes(content)
    done = ask(run, f"{DISPLACED}?")
    assert (done.code, one_line(done), done.out) == (1, True, "")
    assert f"{file} is not a calibration" in done.err
