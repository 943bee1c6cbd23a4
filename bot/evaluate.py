"""Score a set of questions against an index."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.assistant import Assistant
from bot.records import Question
from bot.timewindow import parse_now
from ingest.errors import UsageError


@dataclass(frozen=True, slots=True)
class Case:
    """A question and what a right answer holds: of every group, one alias. asked: the asker's clock."""

    question: str
    answers: tuple[tuple[str, ...], ...]
    answerable: bool
    asked: datetime


@dataclass(frozen=True, slots=True)
class Score:
    """How one question went. first, shown, found: the answer is in the first sentence, in all, in the top 10."""

    case: Case
    answered: bool
    confidence: float
    first: bool
    shown: bool
    found: bool


def read_cases(file: Path) -> list[Case]:
    """The questions of a .jsonl file.

    Raises:
        UsageError: the file cannot be read, or a line is not a question; the line is named.
    """
    cases = []
    try:
        lines = file.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8 text"
        raise UsageError(f"{file} cannot be read: {reason}", hint="check the path") from error
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
            groups = tuple(tuple(str(alias) for alias in group) for group in record.get("answers", []))
            asked = parse_now(record["asked"]) if record.get("asked") else datetime.now(UTC)
            cases.append(Case(str(record["question"]), groups, bool(record.get("answerable", True)), asked))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            hint = 'a line is {"question": "…", "answers": [["…"]], "answerable": true}'
            raise UsageError(f"{file}:{number} is not a question", hint=hint) from error
    return cases


def matches(answers: Sequence[Sequence[str]], text: str) -> bool:
    """Whether every group has an alias that stands in the text, whatever the case."""
    text = text.casefold()
    return bool(answers) and all(any(alias.casefold() in text for alias in group) for group in answers)


def evaluate(assistant: Assistant, cases: Sequence[Case], progress: Callable[[int], None] | None = None) -> list[Score]:
    """Ask every question. progress: told how many are done."""
    scores = []
    for number, case in enumerate(cases, 1):
        question = Question(case.question, case.asked)
        hits = assistant.search(question)
        answer = assistant.answer(question)
        sentences = [claim.text for claim in answer.claims]
        scores.append(
            Score(
                case=case,
                answered=answer.answered,
                confidence=answer.confidence,
                first=matches(case.answers, " ".join(sentences[:1])),
                shown=matches(case.answers, " ".join(sentences)),
                found=matches(case.answers, "\n".join(hit.passage.text for hit in hits)),
            )
        )
        if progress:
            progress(number)
    return scores


def auroc(positive: Sequence[float], negative: Sequence[float]) -> float | None:
    """Probability that a positive scores above a negative, ties counting half (Mann–Whitney U)."""
    if not positive or not negative:
        return None
    wins = sum((one > other) + 0.5 * (one == other) for one in positive for other in negative)
    return wins / (len(positive) * len(negative))


def summary(scores: Sequence[Score]) -> dict[str, float | None]:
    """Shares, 0..1, of the answerable questions; of the others, how many were abstained from."""
    able = [score for score in scores if score.case.answerable]
    unable = [score for score in scores if not score.case.answerable]
    return {
        "questions": len(scores),
        "first_sentence": _share([score.first for score in able]),
        "all_sentences": _share([score.shown for score in able]),
        "top_10_passages": _share([score.found for score in able]),
        "answered": _share([score.answered for score in able]),
        "abstained_rightly": _share([not score.answered for score in unable]),
        "auroc": auroc([score.confidence for score in able], [score.confidence for score in unable]),
    }


def report_json(scores: Sequence[Score]) -> dict[str, Any]:
    """The object that `eval --json` prints."""
    rows = [
        {
            "question": score.case.question,
            "answerable": score.case.answerable,
            "answered": score.answered,
            "confidence": score.confidence,
            "first": score.first,
            "shown": score.shown,
            "found": score.found,
        }
        for score in scores
    ]
    return summary(scores) | {"results": rows}


def report_text(scores: Sequence[Score]) -> str:
    """The figures, one a line."""
    figures = summary(scores).items()
    return "\n".join(f"{name.replace('_', ' '):<20}{_figure(value)}" for name, value in figures)


def _share(hits: Sequence[bool]) -> float | None:
    return round(sum(hits) / len(hits), 4) if hits else None


def _figure(value: float | None) -> str:
    if value is None:
        return "–"
    return str(value) if isinstance(value, int) else f"{value:.3f}"
