"""How a set of questions went, in words and in JSON. Pure."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Column, Table
from rich.text import Text

from bot.evaluate import Figures, Score, fault, kinds, summary
from bot.records import Citation
from bot.render import stamp
from bot.scores import exact, f1

LABELS = {
    "Passages": {
        "hit_at_1": ("hit@1", "the answer is in the best passage"),
        "hit_at_3": ("hit@3", "in the best three"),
        "hit_at_5": ("hit@5", "in the best five"),
        "hit_at_10": ("hit@10", "in the best ten"),
        "mrr": ("MRR", "mean of 1 / rank of the passage it is in"),
    },
    "Answers, whatever the confidence": {
        "first_sentence": ("first quote", "the answer is in the first quote"),
        "all_sentences": ("all quotes", "in the quotes, three at most"),
        "span_exact": ("span EM", "the marked words are exactly the answer"),
        "span_f1": ("span F1", "words that they share with the answer"),
    },
    "Abstention, at the threshold": {
        "auroc": ("AUROC", "confidence tells answerable from unanswerable"),
        "answered": ("answered", "share of the answerable"),
        "right": ("right", "share of the answerable: answered, with the answer in the quotes"),
        "right_of_answered": ("right of answered", "share of all that was answered"),
        "wrongly_answered": ("wrongly answered", "share of the unanswerable"),
    },
    "Proof": {
        "citations": ("citations", "re-checked against the archive"),
        "citations_verified": ("verified", "share that stand there, character by character"),
    },
    "Speed": {
        "latency_p50_ms": ("p50, ms", "half of the answers took no longer"),
        "latency_p95_ms": ("p95, ms", "95 in 100 took no longer"),
    },
}


def report_text(scores: Sequence[Score]) -> Group:
    """The figures with what they mean, and those of each kind of question if kinds are given."""
    figures = summary(scores)
    able = sum(score.case.answerable for score in scores)
    table = Table.grid(Column(), Column(justify="right"), Column(style="dim"), padding=(0, 2))
    for heading, labels in LABELS.items():
        table.add_row(Text(f"\n{heading}", "bold"))
        for name, (label, meaning) in labels.items():
            table.add_row(f"  {label}", _figure(figures[name]), meaning)
    parts: list[RenderableType] = [f"{len(scores)} questions, {able} answerable", table]
    if by_kind := kinds(scores):
        parts += ["", _kinds(by_kind)]
    return Group(*parts)


def report_json(scores: Sequence[Score]) -> dict[str, Any]:
    """The object that `eval --json` prints."""
    by_kind = kinds(scores)
    return summary(scores) | ({"kinds": by_kind} if by_kind else {}) | {"results": [_result(one) for one in scores]}


def failures_jsonl(scores: Sequence[Score]) -> list[str]:
    """One JSON object, as a line, for each question that went wrong."""
    return [json.dumps(_failure(score), ensure_ascii=False) for score in scores if fault(score)]


def _kinds(by_kind: dict[str, Figures]) -> Table:
    numbers = [Column(name, justify="right") for name in ("questions", "first quote", "answered", "wrongly answered")]
    table = Table("kind", *numbers, box=None, pad_edge=False, padding=(0, 1))
    for kind, figures in by_kind.items():
        table.add_row(Text(kind), *map(_figure, figures.values()))
    return table


def _result(score: Score) -> dict[str, Any]:
    case = score.case
    return {
        "question": case.question,
        "answerable": case.answerable,
        "asked": stamp(case.asked),
        "kind": case.kind,
        "rank": score.rank,
        "first": score.first,
        "shown": score.shown,
        "answered": score.answered,
        "confidence": score.confidence,
        "quotes": list(score.quotes),
        "span": score.span,
        "span_exact": exact(score.span, case.span) if case.answerable and case.span else None,
        "span_f1": round(f1(score.span, case.span), 4) if case.answerable and case.span else None,
        "citations": score.citations,
        "citations_verified": score.citations - len(score.broken),
        "latency_ms": score.milliseconds,
    }


def _failure(score: Score) -> dict[str, Any]:
    record = {
        "what": fault(score),
        "question": score.case.question,
        "expected": score.case.answers if score.case.answerable else "no answer",
        "given": score.quotes,
        "answered": score.answered,
        "confidence": score.confidence,
        "passages": score.passages,
    }
    return record | ({"broken": [_place(citation) for citation in score.broken]} if score.broken else {})


def _place(citation: Citation) -> dict[str, Any]:
    return {name: getattr(citation, name) for name in ("article", "revision", "start", "end", "quote")}


def _figure(value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:,}" if isinstance(value, int) else f"{value:.3f}"
