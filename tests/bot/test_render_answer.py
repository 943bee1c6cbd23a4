"""How answers are worded for a person, and for a script."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from bot.records import Answer, Citation, Claim, Headline, Mode, Question, Reason, Window
from bot.render_answer import answer_json, answer_text
from index.records import Filter

NEWER, OLDER = datetime(2024, 11, 18, tzinfo=UTC), datetime(2024, 11, 13, tzinfo=UTC)
FLOOD = "The flood displaced 1,320 people."
BRIGADE = "About 1,150 were displaced."
ONE = Citation(1, FLOOD, 100, 133, "c", 1, "Flood", "Courier", "", NEWER, "", (), (120, 125))
TWO = Citation(2, BRIGADE, 0, 27, "l", 1, "", "Ledger", "", OLDER, "https://l.example/#:~:text=x", (), (0, 11))
ASKED = Question("How many people were displaced?", NEWER)
CLAIM = Claim(FLOOD, (1,))
ANSWER = Answer("a_1", ASKED, Mode.QUOTE, (CLAIM,), (ONE,), (), 0.874, NEWER, {"total": 9})
BOTH = replace(ANSWER, claims=(CLAIM, Claim(BRIGADE, (2,))), citations=(ONE, TWO))
HEADLINES = (Headline("Flood", "Courier", NEWER, "https://c.example", "c"), Headline("", "Ledger", None, "", "l.txt"))
NONE = Answer("a_2", ASKED, Mode.QUOTE, (), (), HEADLINES, 0.04, None, {}, reason=Reason.NOTHING)


def moment(day: int, hour: int = 0, *, ahead: int = 0) -> datetime:
    return datetime(2024, 11, day, hour, tzinfo=timezone(timedelta(hours=ahead)))


def test_an_answer_is_its_quotations_marked_and_where_they_stand() -> None:
    assert answer_text(BOTH).plain.splitlines() == [
        "“The flood displaced 1,320 people.” [1]",
        "“About 1,150 were displaced.” [2]",
        "",
        "[1] Courier, 18 Nov 2024, chars 100–133: Flood",
        "    c",
        "[2] Ledger, 13 Nov 2024, chars 0–27",
        "    https://l.example/#:~:text=x",
        "",
        "a_1 · as of 18 Nov 2024 · confidence 0.87",
    ]


@pytest.mark.parametrize(
    ("answer", "marked"),
    [
        ((120, 125), "1,320"),
        ((100, 133), "The flood displaced 1,320 people."),
        ((100, 109), "The flood"),
        ((120, 133), "1,320 people."),
        (None, ""),
    ],
)
def test_the_words_that_answer_are_marked_in_the_quotation(answer: tuple[int, int] | None, marked: str) -> None:
    shown = answer_text(replace(ANSWER, citations=(replace(ONE, answer=answer),)))
    assert shown.plain.startswith("“The flood displaced 1,320 people.” [1]\n")
    assert "".join(shown.plain[span.start : span.end] for span in shown.spans if span.style == "bold green") == marked


def test_the_answers_of_differing_reports_stand_side_by_side() -> None:
    shown = answer_text(replace(BOTH, differing=(1, 2))).plain
    assert shown.startswith(
        "Reports differ: 1,320 — Courier, 18 Nov 2024; About 1,150 — Ledger, 13 Nov 2024\n“The flood"
    )
    assert "Reports differ" not in answer_text(BOTH).plain


def test_what_a_model_worded_is_followed_by_the_quotations() -> None:
    worded = replace(BOTH, mode=Mode.LLM, claims=(Claim("1,150 to 1,320 people had to leave.", (1, 2)),))
    lines = answer_text(worded).plain.splitlines()
    assert lines[0] == "1,150 to 1,320 people had to leave. [1][2]"
    assert f"[1] “{FLOOD}” — Courier, 18 Nov 2024, chars 100–133: Flood" in lines


@pytest.mark.parametrize("answer", [ANSWER, NONE])
def test_a_follow_up_is_shown_as_it_was_read(answer: Answer) -> None:
    read = replace(answer, question=Question("where?", NEWER, read_as="where was the flood?"))
    assert answer_text(read).plain == f"read as: where was the flood?\n{answer_text(answer).plain}"


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"reason": Reason.NOTHING}, "No report in the archive answers that.\nNearest headlines:"),
        (
            {"reason": Reason.SILENT},
            "These reports mention it, but do not say: “How many people were displaced?”",
        ),
        (
            {"reason": Reason.OLDER, "as_of": OLDER},
            "No report of that time answers that; the newest that does is older, of 13 Nov 2024:",
        ),
        (
            {"reason": Reason.OLDER, "as_of": None},
            "No report of that time answers that; the newest that does is older, of undated:",
        ),
    ],
)
def test_a_refusal_says_why_and_names_headlines(changed: dict[str, Any], sentence: str) -> None:
    assert answer_text(replace(NONE, **changed)).plain == (
        f"{sentence}\n  · Flood — Courier, 18 Nov 2024\n  · l.txt — Ledger, undated\n\na_2 · confidence 0.04"
    )


@pytest.mark.parametrize(
    ("text", "read_as", "sentence"),
    [
        (" Who won? ", "", "do not say: “Who won?”"),
        ("Who won?!?..", "", "do not say: “Who won?!?..”"),
        ("ferry strike", "", "do not say: “ferry strike”"),
        ("where?", "Where did the ferry sink?", "do not say: “Where did the ferry sink?”"),
    ],
)
def test_a_silent_refusal_repeats_what_was_asked(text: str, read_as: str, sentence: str) -> None:
    refused = replace(NONE, reason=Reason.SILENT, question=Question(text, NEWER, read_as=read_as))
    assert f"These reports mention it, but {sentence}\n" in answer_text(refused).plain


def test_without_headlines_a_refusal_announces_none() -> None:
    assert answer_text(replace(NONE, nearest=())).plain == (
        "No report in the archive answers that.\n\na_2 · confidence 0.04"
    )


@pytest.mark.parametrize(
    ("window", "searched"),
    [
        (Window("last week", moment(18), moment(25)), "last week: 18 Nov 2024 to 24 Nov 2024"),
        (Window("yesterday", moment(18, ahead=2), moment(19, ahead=2)), "yesterday: 18 Nov 2024"),
        (Window("", moment(18), moment(19)), "18 Nov 2024"),
        (Window("", moment(18, 9), moment(18, 17)), "18 Nov 2024"),
        (Window("", moment(18, 9), moment(19, 17)), "18 Nov 2024 to 19 Nov 2024"),
        (Window("since Monday", moment(18), None), "since Monday: since 18 Nov 2024"),
        (Window("", None, moment(19)), "until 18 Nov 2024"),
    ],
)
@pytest.mark.parametrize("answer", [ANSWER, NONE])
def test_the_time_searched_is_told_with_its_last_day(answer: Answer, window: Window, searched: str) -> None:
    assert f" · searched: {searched} · confidence" in answer_text(replace(answer, window=window)).plain


def test_the_outlets_searched_are_told_after_the_time() -> None:
    some = Filter(outlets=("Courier", "Ledger"))
    alone = replace(ANSWER, question=replace(ASKED, where=some))
    assert " · searched: Courier and Ledger · " in answer_text(alone).plain
    timed = replace(alone, window=Window("", moment(18), None))
    assert " · searched: since 18 Nov 2024, Courier and Ledger · " in answer_text(timed).plain
    assert "searched" not in answer_text(ANSWER).plain


def test_the_json_of_an_answer_can_be_written_and_has_what_is_shown() -> None:
    told = replace(BOTH, differing=(1, 2), window=Window("yesterday", moment(18, ahead=2), moment(19, ahead=2)))
    record = json.loads(json.dumps(answer_json(told)))
    assert record["text"] == f"{FLOOD} [1] {BRIGADE} [2]"
    assert record["window"] == {"since": "2024-11-17T22:00:00Z", "until": "2024-11-18T22:00:00Z"}
    assert (record["window_words"], record["differing"], record["confidence"]) == ("yesterday", [1, 2], 0.874)
    assert [one["answer"] for one in record["citations"]] == [[120, 125], [0, 11]]
    assert (record["answered"], record["as_of"], record["reason"], record["read_as"]) == (
        True,
        "2024-11-18",
        None,
        None,
    )


def test_the_json_of_a_refusal_has_the_reason_and_the_headlines() -> None:
    asked = Question("where?", NEWER, read_as="where was the flood?")
    refused = replace(NONE, reason=Reason.SILENT, question=asked, window=Window("", None, moment(19)))
    record = json.loads(json.dumps(answer_json(refused)))
    assert (record["answered"], record["text"], record["citations"], record["differing"]) == (False, "", [], [])
    assert (record["reason"], record["as_of"]) == ("silent", None)
    assert (record["question"], record["read_as"]) == ("where?", "where was the flood?")
    assert (record["window"], record["window_words"]) == ({"since": None, "until": "2024-11-19"}, None)
    assert record["nearest"] == [
        {"title": "Flood", "published": "2024-11-18", "url": "https://c.example", "article": "c"},
        {"title": "", "published": None, "url": "", "article": "l.txt"},
    ]
