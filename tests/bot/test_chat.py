"""`dateline chat`: several questions in one sitting, here from a pipe."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.bot.conftest import Report, Result, Run, Tell

NOW = "2024-11-27"
LIBRARY = Report(
    "Civic Observer",
    "2024-11-20",
    "Mayor opens library",
    "Mayor Delphine Asher opened the new library in Thornbury. The old one becomes a school.",
)
FLOOD = Report(
    "Harbour Courier",
    "2024-11-18",
    "Flood in Ardle",
    "The river burst its banks on Sunday night. The flood displaced 1,320 people, the county said.",
)
BEFORE = Report(
    "Valley Ledger",
    "2024-11-06",
    "Old library",
    "Minister Piet Calder opened the old library in Eastgate. Nobody else spoke.",
)
OPENED = "Who opened the new library in Thornbury last week?"
DISPLACED = "How many people were displaced by the flood?"

pytestmark = pytest.mark.usefixtures("lenient")


def chat(run: Run, *lines: str, options: tuple[str, ...] = ()) -> Result:
    return run("chat", "--now", NOW, *options, stdin="\n".join(lines).encode())


def objects(result: Result) -> list[dict[str, Any]]:
    return [json.loads(line) for line in result.out.splitlines()]


def test_questions_are_answered_in_their_order(run: Run, tell: Tell) -> None:
    tell(LIBRARY, FLOOD)
    done = chat(run, DISPLACED, OPENED)
    assert (done.code, done.err) == (0, "")
    assert 0 <= done.out.index("1,320") < done.out.index("Delphine Asher")
    assert "read as" not in done.out


def test_a_follow_up_is_read_with_what_came_before_and_keeps_its_time(run: Run, tell: Tell) -> None:
    tell(LIBRARY, BEFORE)
    first, second = objects(chat(run, OPENED, "what about Eastgate?", options=("--json",)))
    assert (first["question"], first["read_as"]) == (OPENED, None)
    assert second["question"] == "what about Eastgate?"
    assert second["read_as"].casefold() == "who opened the new library in eastgate last week?"
    assert first["window_words"] == second["window_words"] == "last week"
    assert first["window"] == second["window"] == {"since": "2024-11-18", "until": "2024-11-25"}
    assert {one["outlet"] for one in second["citations"]} == {LIBRARY.outlet}


def test_a_follow_up_is_shown_as_it_was_read(run: Run, tell: Tell) -> None:
    tell(FLOOD)
    shown = chat(run, DISPLACED, "Where?").out
    assert shown.count("read as: ") == 1
    assert "\nread as: Where were people displaced by the flood?\n" in shown


def test_a_follow_up_to_a_refusal_is_read_with_the_refused_question(run: Run, tell: Tell) -> None:
    tell(BEFORE)  # nothing of last week
    refused, second = objects(chat(run, OPENED, "when?", options=("--json",)))
    assert (refused["answered"], refused["reason"]) == (False, "older")
    assert "opened the new library in Thornbury last week" in second["read_as"]


def test_empty_lines_are_skipped(run: Run, tell: Tell) -> None:
    tell(FLOOD)
    done = chat(run, "", "   ", DISPLACED, "", "", options=("--json",))
    assert [one["question"] for one in objects(done)] == [DISPLACED]
    assert done.err == ""


@pytest.mark.parametrize("goodbye", ["quit", " Exit ", ":q"])
def test_a_goodbye_ends_it(run: Run, tell: Tell, goodbye: str) -> None:
    tell(FLOOD)
    done = chat(run, DISPLACED, goodbye, OPENED, options=("--json",))
    assert done.code == 0
    assert [one["question"] for one in objects(done)] == [DISPLACED]


def test_too_long_a_question_is_one_line_and_the_chat_goes_on(run: Run, tell: Tell) -> None:
    tell(FLOOD)
    done = chat(run, DISPLACED, "word " * 300, "where?", options=("--json",))
    assert done.code == 0
    assert done.err == "error: the question has 1,499 characters, 1,000 at most (ask one thing at a time)\n"
    first, second = objects(done)
    assert first["question"] == DISPLACED
    assert second["read_as"] == "where were people displaced by the flood?"  # as if nothing had come between


def test_an_option_holds_for_every_question(run: Run, tell: Tell) -> None:
    tell(LIBRARY, FLOOD, BEFORE)
    options = ("--json", "--outlet", "valley ledger", "--since", "2024-11-01")
    answers = objects(chat(run, OPENED, DISPLACED, options=options))
    assert [{one["outlet"] for one in answer["citations"]} for answer in answers] == [{BEFORE.outlet}] * 2
    assert [answer["window"] for answer in answers] == [{"since": "2024-11-01", "until": None}] * 2


def test_any_time_holds_for_every_question(run: Run, tell: Tell) -> None:
    tell(BEFORE)
    for options, cited in (((), set()), (("--any-time",), {BEFORE.outlet})):
        answers = objects(chat(run, OPENED, "what about Eastgate?", options=("--json", *options)))
        assert [{one["outlet"] for one in answer["citations"]} for answer in answers] == [cited] * 2


def test_each_answer_is_kept_under_its_own_id(run: Run, tell: Tell) -> None:
    tell(LIBRARY, FLOOD)
    ids = [answer["id"] for answer in objects(chat(run, DISPLACED, OPENED, options=("--json",)))]
    assert len(set(ids)) == 2
    assert [run("verify", one).code for one in ids] == [0, 0]


def test_nothing_to_answer_from_is_said_before_any_question(run: Run) -> None:
    done = chat(run, DISPLACED)
    assert (done.code, done.out) == (5, "")
    assert done.err.startswith("error: nothing is indexed yet")


def test_bytes_that_are_no_text_are_no_crash(run: Run, tell: Tell) -> None:
    tell(FLOOD)
    done = run("chat", "--now", NOW, "--json", stdin=b"\xff\xfe?\n" + DISPLACED.encode())
    assert (done.code, done.err) == (0, "")
    assert [one["question"] for one in objects(done)] == ["\ufffd\ufffd?", DISPLACED]


def test_ctrl_c_at_the_prompt_ends_it(run: Run, tell: Tell, monkeypatch: pytest.MonkeyPatch) -> None:
    tell(FLOOD)
    lines = [DISPLACED]

    def read() -> str:
        if not lines:
            raise KeyboardInterrupt
        return lines.pop()

    monkeypatch.setattr("bot.cli_ask._piped", read)
    done = run("chat", "--now", NOW, "--json")
    assert (done.code, done.err) == (0, "")
    assert [one["question"] for one in objects(done)] == [DISPLACED]
