"""Put a set of questions to an index, and measure how it did. `scores.py` has the measures, `render_eval.py` the words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from bot.assistant import Assistant
from bot.calibration import Calibration, fit
from bot.records import MAX_QUESTION_CHARACTERS, Citation, Question
from bot.scores import auroc, exact, f1, mean, percentile, risk_coverage
from bot.timewindow import parse_now
from index.records import Hit
from ingest.errors import UsageError

DEPTHS = (1, 3, 5, 10)  # passages looked at, for hit@k
LINE = '{"question": "…", "answers": [["…"]], "answerable": true}'

Figures = dict[str, float | None]


@dataclass(frozen=True, slots=True)
class Case:
    """A question and what a right answer holds: of every group, one alias. asked: the asker's clock.

    kind: what sort of question it is, to be counted apart; may be empty. span: the exact words that would be right,
    empty when they are not known.
    """

    question: str
    answers: tuple[tuple[str, ...], ...]
    answerable: bool
    asked: datetime
    kind: str = ""
    span: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Score:
    """How one question went.

    rank: how many passages, from the best, it takes to hold the answer; None when ten do not. quotes: the best
    sentences, whatever the confidence. span: the words in the first that answer, empty when none were singled out.
    log_odds: the confidence before calibration. answered: the confidence reaches the threshold, so that the quotes would be shown. broken: the citations that do
    not stand in the archive. passages: their titles, best first.
    """

    case: Case
    rank: int | None
    quotes: tuple[str, ...]
    span: str
    confidence: float
    log_odds: float
    answered: bool
    citations: int
    broken: tuple[Citation, ...]
    passages: tuple[str, ...]
    milliseconds: int

    @property
    def first(self) -> bool:
        """Whether the answer is in the first quote."""
        return matches(self.case.answers, " ".join(self.quotes[:1]))

    @property
    def shown(self) -> bool:
        """Whether the answer is in the quotes."""
        return matches(self.case.answers, " ".join(self.quotes))

    @property
    def right(self) -> bool:
        """Whether the quotes are a right answer; to a question that has none, nothing is."""
        return self.case.answerable and self.shown


class Fault(StrEnum):
    """What went wrong with a question, the worst first."""

    BROKEN = "a citation does not hold"
    ANSWERED = "answered an unanswerable question"
    NOT_FOUND = "passage not found"
    NOT_CHOSEN = "passage found, sentence not chosen"
    ABSTAINED = "abstained though answerable"


Words = Annotated[str, StringConstraints(min_length=1)]


class Line(BaseModel):
    """A line of a question file."""

    model_config = ConfigDict(coerce_numbers_to_str=True)

    question: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_QUESTION_CHARACTERS)]
    answers: list[Annotated[list[Words], Field(min_length=1)]] = []
    answerable: bool = True
    asked: str | None = None
    kind: str | None = None
    span: list[Words] | None = None


def read_cases(file: Path) -> list[Case]:
    """The questions of a .jsonl file.

    Raises:
        UsageError: the file cannot be read or has no question, or a line is not a question; the line is named.
    """
    try:
        lines = file.read_text("utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8 text"
        raise UsageError(f"{file} cannot be read: {reason}", hint="check the path") from error
    cases = []
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                cases.append(_case(line))
            except (ValueError, UsageError) as error:
                raise UsageError(
                    f"{file}:{number} is not a question: {_reason(error)}", hint=f"as in {LINE}"
                ) from error
    if not cases:
        raise UsageError(f"{file} has no questions", hint=f"one a line: {LINE}")
    return cases


def _case(text: str) -> Case:
    line = Line.model_validate_json(text)
    if line.answerable and not line.answers:
        raise ValueError("it is answerable, but has no answers")
    groups = tuple(tuple(group) for group in line.answers)
    # With one group, its aliases are all the words that the answer can be.
    span = tuple(line.span or (groups[0] if len(groups) == 1 else ()))
    asked = parse_now(line.asked) if line.asked else datetime.now(UTC)
    return Case(line.question, groups, line.answerable, asked, line.kind or "", span)


def _reason(error: Exception) -> str:
    """In a few words, of one line."""
    if isinstance(error, ValidationError):
        first = error.errors(include_url=False)[0]
        return ": ".join([*map(str, first["loc"]), first["msg"]])
    return str(error).removeprefix("--now ")


def matches(answers: Sequence[Sequence[str]], text: str) -> bool:
    """Whether every group has an alias that stands in the text, whatever the case."""
    text = text.casefold()
    return bool(answers) and all(any(alias.casefold() in text for alias in group) for group in answers)


def evaluate(
    assistant: Assistant,
    cases: Sequence[Case],
    verified: Callable[[Citation], bool],
    progress: Callable[[int], None] | None = None,
) -> list[Score]:
    """Ask every question. verified: whether a citation stands in the archive. progress: told how many are done."""
    scores = []
    for number, case in enumerate(cases, 1):
        question = Question(case.question, case.asked)
        answer = assistant.answer(question, abstain=False)
        scores.append(
            Score(
                case=case,
                rank=_rank(case, answer.passages),
                quotes=tuple(claim.text for claim in answer.claims),
                span=answer.citations[0].answer_words if answer.citations else "",
                confidence=answer.confidence,
                log_odds=answer.log_odds,
                answered=bool(answer.claims) and answer.confidence >= assistant.threshold,
                citations=len(answer.citations),
                broken=tuple(citation for citation in answer.citations if not verified(citation)),
                passages=tuple(hit.article.title or hit.article.id for hit in answer.passages),
                milliseconds=answer.timings_ms["total"],
            )
        )
        if progress:
            progress(number)
    return scores


def _rank(case: Case, hits: Sequence[Hit]) -> int | None:
    """How many hits it takes to hold the answer: one may hold the first of two groups, the next the second."""
    texts = [hit.passage.text for hit in hits]
    return next((n for n in range(1, len(texts) + 1) if matches(case.answers, "\n".join(texts[:n]))), None)


def fault(score: Score) -> Fault | None:
    """What went wrong, None when nothing did."""
    if score.broken:
        return Fault.BROKEN
    if not score.case.answerable:
        return Fault.ANSWERED if score.answered else None
    if not score.shown:
        return Fault.NOT_CHOSEN if score.rank else Fault.NOT_FOUND
    return None if score.answered else Fault.ABSTAINED


def curve(scores: Sequence[Score]) -> list[tuple[float, float, float]]:
    """(threshold, coverage, risk) over all questions, as `risk_coverage` has them."""
    return risk_coverage([(score.confidence, score.right) for score in scores if score.quotes], len(scores))


def summary(scores: Sequence[Score]) -> Figures:
    """The figures by name: shares and means 0..1, counts, milliseconds; None where there is nothing to measure.

    first_sentence, all_sentences, span_exact and span_f1 are of the best sentences, whatever the confidence; answered
    and what follows are of what the threshold lets through.
    """
    able = [score for score in scores if score.case.answerable]
    unable = [score for score in scores if not score.case.answerable]
    spanned = [score for score in able if score.case.span]
    separation = auroc([score.log_odds for score in able], [score.log_odds for score in unable])
    citations = sum(score.citations for score in scores)
    broken = sum(len(score.broken) for score in scores)
    times = [score.milliseconds for score in scores]
    return {
        "questions": len(scores),
        **{f"hit_at_{k}": mean(score.rank is not None and score.rank <= k for score in able) for k in DEPTHS},
        "mrr": mean(1 / score.rank if score.rank else 0 for score in able),
        "first_sentence": mean(score.first for score in able),
        "all_sentences": mean(score.shown for score in able),
        "span_exact": mean(exact(score.span, score.case.span) for score in spanned),
        "span_f1": mean(f1(score.span, score.case.span) for score in spanned),
        "auroc": None if separation is None else round(separation, 4),
        "answered": mean(score.answered for score in able),
        "right": mean(score.answered and score.right for score in able),
        "right_of_answered": mean(score.right for score in scores if score.answered),
        "wrongly_answered": mean(score.answered for score in unable),
        "citations": citations,
        "citations_verified": round(1 - broken / citations, 4) if citations else None,
        "latency_p50_ms": percentile(times, 50),
        "latency_p95_ms": percentile(times, 95),
    }


def kinds(scores: Sequence[Score]) -> dict[str, Figures]:
    """Some figures of each kind of question, in the order in which the kinds appear."""
    names = dict.fromkeys(score.case.kind for score in scores if score.case.kind)
    wanted = ("questions", "first_sentence", "answered", "wrongly_answered")
    figures = {name: summary([score for score in scores if score.case.kind == name]) for name in names}
    return {name: {one: figures[name][one] for one in wanted} for name in names}


def calibrated(scores: Sequence[Score]) -> Calibration:
    """The calibration that fits how these questions went.

    Raises:
        UsageError: there are no right answers among them, or no wrong ones.
    """
    try:
        return fit([score.log_odds for score in scores], [score.right for score in scores])
    except ValueError as error:
        hint = "questions that are answered and questions that cannot be are both needed"
        raise UsageError(f"a calibration cannot be fitted: {error}", hint=hint) from error
