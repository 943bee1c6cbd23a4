"""`dateline eval`: figures, failures, the plot, and what it refuses."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.app import App
from bot.evaluate import Case, Fault, Score, curve, evaluate, fault, read_cases, summary
from bot.plot import plot_risk
from bot.records import Answer, Citation, Claim, Mode, Question
from index.records import Hit
from ingest.archive import Archive
from ingest.errors import UsageError
from ingest.records import Passage
from tests.bot.conftest import Result, Run, one_line
from tests.support import index

NOW = datetime(2024, 11, 12, tzinfo=UTC)
FIRST, SECOND, THIRD = (
    "Border police supervised almost 24,000 flights.",
    "The operation lasted six days.",
    "Jürgen Stock praised the officers.",
)
QUESTIONS: list[dict[str, Any]] = [
    {"question": "How many flights?", "answers": [["24,000"]], "kind": "how many"},
    {"question": "How long, and who praised it?", "answers": [["six days"], ["Stock"]], "asked": "2024-11-20"},
    {"question": "Who praised it?", "answers": [["Stock"]], "span": ["Jürgen Stock"], "kind": "who"},
    {"question": "Who won?", "answerable": False, "kind": "who"},
    {"question": "Who lost?", "answerable": False, "kind": "who"},
]
REPLIES: dict[str, tuple[float, list[str], str]] = {
    "How many flights?": (0.9, [FIRST], "24,000 flights"),
    "How long, and who praised it?": (0.3, [SECOND, THIRD], "six days"),
    "Who praised it?": (0.7, [SECOND], ""),
    "Who won?": (0.5, [THIRD], "Jürgen Stock"),  # the threshold itself
    "Who lost?": (0.1, [], ""),
}
CALM = {"how many": (1, 1.0, 1.0, None), "who": (3, 0.0, 1.0, 0.5)}


class Desk:
    """An assistant that answers what it is told to answer, quoting an archive. asked: the questions that came."""

    threshold = 0.5

    def __init__(self, archive: Archive, replies: dict[str, tuple[float, list[str], str]]) -> None:
        self._replies = replies
        self._article = archive.find("operation")
        revision = archive.revision(self._article.id, 1)
        assert revision
        self._text = revision.text
        self.asked: list[Question] = []

    def answer(self, question: Question, *, abstain: bool) -> Answer:
        assert not abstain
        self.asked.append(question)
        confidence, quotes, words = self._replies[question.text]
        citations = tuple(self._cite(n, text, words) for n, text in enumerate(quotes, 1))
        claims = tuple(Claim(one.quote, (one.n,)) for one in citations)
        times = {"total": 10 * len(self.asked)}
        passages = [self._passage(text) for text in (FIRST, SECOND, THIRD)]  # in the order of the text
        return Answer(
            *("a_1", question, Mode.QUOTE, claims, citations, (), confidence, None, times),
            log_odds=confidence,
            passages=tuple(Hit(passage, self._article, 0.03, 0.5) for passage in passages),
        )

    def _passage(self, text: str) -> Passage:
        start = self._text.index(text)
        return Passage(text, self._article.id, 1, start, start + len(text), "", text)

    def _cite(self, n: int, text: str, words: str) -> Citation:
        start = self._text.find(text)  # -1 when the archive does not have it: such a citation is broken
        at = start + text.find(words)
        span = (at, at + len(words)) if words and words in text else None
        place = (n, text, start, start + len(text), self._article.id, 1)
        return Citation(*place, "Six-day operation", "Post", "", None, "", (), span)


@pytest.fixture
def archive(app: App, news: Path) -> Archive:
    """An archive of one article, in the home that commands use."""
    record = {"id": "operation", "title": "Six-day operation", "text": f"{FIRST} {SECOND} {THIRD}"}
    (news / "operation.json").write_text(json.dumps(record))
    index(app, news)
    return app.archive


class Eval:
    """`dateline eval` over these questions and replies. desk: who was asked in the last run."""

    def __init__(self, run: Run, archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
        self._run = run
        self._archive = archive
        self.replies = dict(REPLIES)
        self.file = Path("questions.jsonl")
        self.file.write_text("\n".join(map(json.dumps, QUESTIONS)))
        monkeypatch.setattr(App, "assistant", property(lambda _: self.desk))

    def __call__(self, *options: str) -> Result:
        self.desk = Desk(self._archive, self.replies)
        return self._run("eval", str(self.file), *options)


@pytest.fixture
def run_eval(run: Run, archive: Archive, monkeypatch: pytest.MonkeyPatch) -> Eval:
    return Eval(run, archive, monkeypatch)


def scored(**changed: Any) -> Score:
    """A question that went well, but for what is changed."""
    case = Case("How many flights?", (("24,000",),), changed.pop("answerable", True), NOW)
    return replace(Score(case, 1, (FIRST,), "24,000", 0.9, 2.0, True, 1, (), (), 10), **changed)


def test_the_figures_are_those_that_counting_by_hand_gives(archive: Archive) -> None:
    cases = [
        *(Case("How many flights?", (("24,000",),), True, NOW, span=("24,000",)),),
        Case("How long, and who praised it?", (("six days",), ("Stock",)), True, NOW),
        Case("Who praised it?", (("Stock",),), True, NOW, span=("Jürgen Stock",)),
        Case("Who won?", (), False, NOW),
        Case("Who lost?", (), False, NOW),
    ]
    told: list[int] = []
    scores = evaluate(Desk(archive, REPLIES), cases, lambda one: one.quote != SECOND, told.append)  # type: ignore[arg-type]
    assert told == [1, 2, 3, 4, 5]
    assert [score.rank for score in scores] == [1, 3, 3, None, None]  # it takes the third passage for both groups
    assert summary(scores) == {
        "questions": 5,
        "hit_at_1": 0.3333,
        "hit_at_3": 1.0,
        "hit_at_5": 1.0,
        "hit_at_10": 1.0,
        "mrr": 0.5556,
        "first_sentence": 0.3333,
        "all_sentences": 0.6667,  # one is below the threshold, and counts
        "span_exact": 0.0,
        "span_f1": 0.3333,  # 2/3 and, without a span, 0; the question of two groups does not count
        "auroc": 0.8333,
        "answered": 0.6667,
        "right": 0.3333,
        "right_of_answered": 0.3333,
        "wrongly_answered": 0.5,
        "citations": 5,
        "citations_verified": 0.6,
        "latency_p50_ms": 30,
        "latency_p95_ms": 50,
    }
    # The one that says nothing is never covered, however low the threshold.
    assert curve(scores) == [(0.9, 0.2, 0.0), (0.7, 0.4, 0.5), (0.5, 0.6, pytest.approx(2 / 3)), (0.3, 0.8, 0.5)]


def test_separation_is_measured_before_confidences_are_rounded_together() -> None:
    able, unable = scored(confidence=1.0, log_odds=9.0), scored(answerable=False, confidence=1.0, log_odds=8.0)
    assert summary([able, unable])["auroc"] == 1.0


def test_what_cannot_be_measured_is_none() -> None:
    only = summary([scored(answerable=False, citations=0)])
    measured = {name for name, value in only.items() if value is not None}
    assert measured == {
        *("questions", "right_of_answered", "wrongly_answered", "citations", "latency_p50_ms", "latency_p95_ms")
    }


@pytest.mark.parametrize(
    ("changed", "what"),
    [
        ({}, None),
        ({"answerable": False, "answered": False}, None),
        ({"answerable": False}, Fault.ANSWERED),
        ({"answered": False}, Fault.ABSTAINED),
        ({"quotes": (SECOND,)}, Fault.NOT_CHOSEN),
        ({"quotes": (SECOND,), "answered": False}, Fault.NOT_CHOSEN),
        ({"quotes": (SECOND,), "rank": None}, Fault.NOT_FOUND),
        ({"quotes": (), "rank": None, "answered": False}, Fault.NOT_FOUND),
        ({"broken": ("a citation",)}, Fault.BROKEN),
        ({"broken": ("a citation",), "answerable": False}, Fault.BROKEN),
    ],
)
def test_the_cause_of_a_failure_is_named(changed: dict[str, Any], what: Fault | None) -> None:
    assert fault(scored(**changed)) is what


def test_a_question_file_is_read_with_its_clock_kind_and_spans(tmp_path: Path) -> None:
    lines = [
        {"question": " One\u2028line? ", "answers": [["a", 24]], "asked": "2024-11-20T09:30", "kind": "who"},
        {"question": "Two?", "answers": [["a"], ["b"]]},
        {"question": "Three?", "answers": [["a"], ["b"]], "span": ["a b"], "kind": None, "article": "x"},
        {"question": "Four?", "answerable": False},
    ]
    file = tmp_path / "questions.jsonl"
    file.write_text("\ufeff" + "\r\n\n".join(json.dumps(line, ensure_ascii=False) for line in lines), "utf-8")
    one, two, three, four = read_cases(file)
    asked = datetime(2024, 11, 20, 9, 30, tzinfo=UTC)
    assert one == Case("One\u2028line?", (("a", "24"),), True, asked, "who", ("a", "24"))
    assert (two.span, three.span, four.span) == ((), ("a b",), ())
    assert (three.kind, four.answerable, four.answers) == ("", False, ())
    assert abs((datetime.now(UTC) - two.asked).total_seconds()) < 3600


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("rain", "JSON"),
        ("[1]", "object"),
        ('{"answers": [["a"]]}', "question: "),
        ('{"question": "  ", "answers": [["a"]]}', "question: "),
        ('{"question": "Who?"}', "it is answerable, but has no answers"),
        ('{"question": "Who?", "answers": ["24,000"]}', "answers: 0: "),
        ('{"question": "Who?", "answers": [["a"], []]}', "answers: 1: "),
        ('{"question": "Who?", "answers": [["a", ""]]}', "answers: 0: 1: "),
        ('{"question": "Who?", "answers": [["a"]], "answerable": "perhaps"}', "answerable: "),
        ('{"question": "Who?", "answers": [["a"]], "asked": "yesterday"}', "'yesterday' is not a date"),
    ],
)
def test_a_line_that_is_no_question_is_named_with_the_reason(tmp_path: Path, line: str, reason: str) -> None:
    file = tmp_path / "questions.jsonl"
    file.write_text('{"question": "Who?", "answers": [["a"]]}\n\n' + line)
    with pytest.raises(UsageError, match=r"questions\.jsonl:3 is not a question") as caught:
        read_cases(file)
    assert reason in caught.value.message
    assert "\n" not in caught.value.message


def test_eval_says_in_groups_how_it_went_and_by_kind(run_eval: Eval) -> None:
    report = run_eval()
    assert report.code == 0
    lines = [line.split() for line in report.out.splitlines() if line.strip()]
    assert lines[0] == ["5", "questions,", "3", "answerable"]
    headings = ["Passages", "Answers,", "Abstention,", "Proof", "Speed", "kind"]
    assert [line[0] for line in lines if line[0] in headings] == headings
    assert ["hit@3", "1.000"] in [line[:2] for line in lines]
    assert ["verified", "1.000"] in [line[:2] for line in lines]
    assert lines[-2:] == [["how", "many", "1", "1.000", "1.000", "–"], ["who", "3", "0.000", "1.000", "0.500"]]


def test_eval_asks_with_the_clock_of_the_question(run_eval: Eval) -> None:
    run_eval("--json")
    assert [question.text for question in run_eval.desk.asked] == [line["question"] for line in QUESTIONS]
    assert run_eval.desk.asked[1].asked == datetime(2024, 11, 20, tzinfo=UTC)


def test_eval_json_has_the_figures_the_kinds_and_every_question(run_eval: Eval) -> None:
    report = run_eval("--json").json
    assert (report["all_sentences"], report["citations_verified"], report["span_f1"]) == (0.6667, 1.0, 0.3333)
    assert {kind: tuple(figures.values()) for kind, figures in report["kinds"].items()} == CALM
    assert [one["question"] for one in report["results"]] == [line["question"] for line in QUESTIONS]
    assert report["results"][1]["quotes"] == [SECOND, THIRD]
    assert (report["results"][1]["answered"], report["results"][1]["shown"]) == (False, True)
    assert report["results"][3]["span_exact"] is None


def test_kinds_are_left_out_when_no_question_has_one(run_eval: Eval) -> None:
    run_eval.file.write_text('{"question": "Who won?", "answerable": false}')
    assert "kinds" not in run_eval("--json").json
    assert "kind" not in run_eval().out.split()


def test_failures_say_what_went_wrong_and_what_was_given(run_eval: Eval) -> None:
    done = run_eval("--failures", "failures.jsonl")
    assert done.err == "3 of 5 went wrong: failures.jsonl\n"
    text = Path("failures.jsonl").read_text("utf-8")
    assert "Jürgen Stock" in text
    failures = [json.loads(line) for line in text.splitlines()]
    assert [(one["question"], one["what"]) for one in failures] == [
        ("How long, and who praised it?", "abstained though answerable"),
        ("Who praised it?", "passage found, sentence not chosen"),
        ("Who won?", "answered an unanswerable question"),
    ]
    assert failures[0] == {
        "what": "abstained though answerable",
        "question": "How long, and who praised it?",
        "expected": [["six days"], ["Stock"]],
        "given": [SECOND, THIRD],
        "answered": False,
        "confidence": 0.3,
        "passages": ["Six-day operation"] * 3,
    }
    assert failures[2]["expected"] == "no answer"


def test_a_citation_that_the_archive_does_not_have_fails_the_evaluation(run_eval: Eval) -> None:
    forged = "Border police supervised almost 42,000 flights."
    run_eval.replies["Who won?"] = (0.7, [forged], "")
    done = run_eval("--json", "--failures", "failures.jsonl", "--plot", "risk.svg")
    assert done.code == 1
    assert done.json["citations_verified"] == 0.8
    assert done.err.splitlines()[-1] == "error: 1 of 5 citations do not hold (--failures FILE says which)"
    broken = [json.loads(line) for line in Path("failures.jsonl").read_text("utf-8").splitlines()][-1]
    assert (broken["what"], [one["quote"] for one in broken["broken"]]) == ("a citation does not hold", [forged])
    assert Path("risk.svg").exists()


@pytest.mark.parametrize(("name", "magic"), [("risk.png", b"\x89PNG"), ("risk.SVG", b"<?xml")])
def test_the_plot_is_a_picture_of_the_kind_its_name_says(run_eval: Eval, name: str, magic: bytes) -> None:
    assert run_eval("--plot", name).code == 0
    assert Path(name).read_bytes().startswith(magic)


@pytest.mark.parametrize("points", [[], [(0.9, 1.0, 0.0)], [(0.4, 0.5, 1.0)]])
def test_a_plot_of_next_to_nothing_is_drawn(tmp_path: Path, points: Sequence[tuple[float, float, float]]) -> None:
    plot_risk(tmp_path / "risk.png", points, 0.5)
    assert (tmp_path / "risk.png").stat().st_size > 0


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (["--failures", "nowhere/failures.jsonl"], "there is no folder nowhere"),
        (["--failures", "."], "it is a folder"),
        (["--failures", "questions.jsonl"], "would overwrite the questions"),
        (["--plot", "nowhere/risk.png"], "there is no folder nowhere"),
        (["--plot", "risk.gif"], "ends in neither .png nor .svg"),
    ],
)
def test_a_file_that_cannot_be_written_is_found_out_before_any_question(
    run_eval: Eval, options: list[str], reason: str
) -> None:
    done = run_eval(*options)
    assert (done.code, done.out, run_eval.desk.asked) == (2, "", [])
    assert one_line(done)
    assert reason in done.err


def test_without_matplotlib_the_plot_names_the_command_that_installs_it(
    run_eval: Eval, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    done = run_eval("--plot", "risk.png")
    assert (done.code, run_eval.desk.asked) == (2, [])
    assert one_line(done)
    assert 'pip install "dateline[plot]"' in done.err


@pytest.mark.parametrize("content", [b"", b"\n \n", b"\xff\xfe", b"{"])
def test_a_file_without_questions_is_one_clear_line(run_eval: Eval, content: bytes) -> None:
    run_eval.file.write_bytes(content)
    done = run_eval()
    assert (done.code, done.out) == (2, "")
    assert one_line(done)
