"""Fit the constants of bot/quote.py, and the default calibration.

    python -m training.fit_quote --index HOME QUESTIONS.jsonl … --lookalikes HOME QUESTIONS.jsonl …

An `--index` is a home whose articles answer those of the questions that the file calls answerable; the n-th of
`--lookalikes` goes with the n-th index and answers none of its questions.
Two models, fitted by gradient descent on the log loss with a ridge penalty, over standardised features. RANKING is a
softmax over the sentences of a question that one of them answers. ANSWERING is one over the sentences and a zero for
"none of them answers", without the features of dates: that a report is new does not make it answer.
The figures are of five-fold cross-validation by question, each question scored by constants that were fitted without
it (a question and its look-alikes leave together); the calibration is fitted on these scores too, so that it does not
trust the fit more than it should. The shipped constants come from the development halves of RGB and of EvoTemp and from
samples/questions.jsonl, in this order; EvoTemp, which has no unanswerable questions, counts for RANKING alone.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot import calibration
from bot.app import App
from bot.assistant import PASSAGES
from bot.config import load_settings
from bot.evaluate import Case, matches, read_cases
from bot.evidence import Features, gather
from bot.quote import SENTENCES_SHOWN
from bot.scores import auroc
from index.records import Filter

FOLDS, STEPS, RATE, RIDGE, MOMENTUM = 5, 400, 0.03, 0.02, 0.9
DATES = [Features._fields.index(name) for name in ("newness", "age")]

Vector = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Row:
    """A question, by number: its sentences × features, which of them are right, whether any report answers it."""

    number: int
    features: Vector
    right: Vector
    answerable: bool


def read(app: App, cases: Sequence[Case], *, lookalikes: bool) -> list[Row]:
    """The features of every sentence that would be considered."""
    rows = []
    for number, case in enumerate(cases):
        vector = app.embedder.embed_query(case.question)
        hits = app.retriever.search(case.question, vector, PASSAGES, Filter())
        evidence = gather(case.question, case.asked, hits, app.assistant.language())
        answerable = case.answerable and not lookalikes
        right = [float(answerable and matches(case.answers, one.sentence.text)) for one in evidence]
        features = np.array([one.features for one in evidence], float).reshape(-1, len(Features._fields))
        rows.append(Row(number, features, np.array(right), answerable))
    return rows


def fit(rows: Sequence[Row], *, with_none: bool) -> tuple[Vector, float]:
    """Weights and bias. with_none: whether "none of them answers" stands beside the sentences."""
    rows = [row for row in rows if len(row.features) and (with_none or row.right.any())]
    everything = np.vstack([row.features for row in rows])
    if with_none:
        everything[:, DATES] = 0.0
    right = np.concatenate([row.right for row in rows])
    sizes = [len(row.features) for row in rows]
    starts = np.cumsum([0, *sizes[:-1]])
    known = np.repeat(np.add.reduceat(right, starts) > 0, sizes)
    mean, deviation = everything.mean(0), everything.std(0)
    scaled = np.hstack([(everything - mean) / np.maximum(deviation, 1e-9), np.ones((len(everything), 1))])
    parameters, velocity = np.append(np.zeros(len(mean)), -3.0), np.zeros(len(mean) + 1)
    for _ in range(STEPS):
        odds = np.exp(scaled @ parameters)
        totals = np.repeat(float(with_none) + np.add.reduceat(odds, starts), sizes)
        rights = np.repeat(np.add.reduceat(odds * right, starts), sizes)
        wanted = np.where(known, odds * right / np.maximum(rights, 1e-300), 0.0)
        gradient = scaled.T @ (odds / totals - wanted) / len(rows) + RIDGE * np.append(parameters[:-1], 0.0)
        velocity = MOMENTUM * velocity - RATE * gradient
        parameters = parameters + velocity
    weights = np.where(deviation > 0, parameters[:-1] / np.maximum(deviation, 1e-9), 0.0)
    return weights, float(parameters[-1] - weights @ mean)


def log_odds(row: Row, weights: Vector, bias: float) -> float:
    """That one of the sentences answers, as in `quote.log_odds`."""
    return float(np.logaddexp.reduce(row.features @ weights + bias)) if len(row.features) else -np.inf


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a question fared with constants that were fitted without it."""

    answerable: bool
    first: bool
    shown: bool
    log_odds: float


def validate(sets: Sequence[Sequence[Row]]) -> list[list[Outcome]]:
    """The outcomes of each set, each row's by constants that were fitted without its fold of any set."""
    outcomes: list[list[Outcome]] = [[] for _ in sets]
    for fold in range(FOLDS):
        rest = [[row for row in rows if row.number % FOLDS != fold] for rows in sets]
        ranking, _ = fit([row for rows in rest for row in rows], with_none=False)
        answering, bias = fit([row for rows in map(judged, rest) for row in rows], with_none=True)
        for rows, found in zip(sets, outcomes, strict=True):
            for row in (row for row in rows if row.number % FOLDS == fold):
                ranked = row.right[np.argsort(-(row.features @ ranking))]
                first, shown = bool(ranked[:1].any()), bool(ranked[:SENTENCES_SHOWN].any())
                found.append(Outcome(row.answerable, first, shown, log_odds(row, answering, bias)))
    return outcomes


def judged(rows: Sequence[Row]) -> Sequence[Row]:
    """The rows, when they tell answerable questions from others, else none."""
    return rows if len({row.answerable for row in rows}) > 1 else []


def report(name: str, outcomes: Sequence[Outcome], fitted: calibration.Calibration) -> None:
    """Print the figures of one set."""
    able = [one for one in outcomes if one.answerable]
    unable = [one for one in outcomes if not one.answerable]
    separation = auroc([one.log_odds for one in able], [one.log_odds for one in unable])
    first, shown = np.mean([one.first for one in able]), np.mean([one.shown for one in able])
    answered, wrongly = (
        np.mean([fitted.probability(one.log_odds) >= fitted.threshold for one in some]) if some else np.nan
        for some in (able, unable)
    )
    print(f"{name}: first {first:.3f}, of three {shown:.3f}, AUROC {separation}, ", end="")
    print(f"answered {answered:.3f} of answerable, {wrongly:.3f} of the others")


def read_home(home: Path, questions: Path, *, lookalikes: bool = False) -> list[Row]:
    """The rows of one home."""
    with App(load_settings().model_copy(update={"dateline_home": home})) as app:
        return read(app, read_cases(questions), lookalikes=lookalikes)


def main() -> None:
    """Read, validate, fit, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("--index", "--lookalikes"):
        parser.add_argument(name, nargs=2, action="append", default=[], type=Path, metavar=("HOME", "QUESTIONS"))
    options = parser.parse_args()
    sets = [read_home(*pair) for pair in options.index]
    for rows, pair in zip(sets, options.lookalikes, strict=False):
        rows += read_home(*pair, lookalikes=True)
    finish([str(questions) for _, questions in options.index], sets)


def finish(names: Sequence[str], sets: Sequence[list[Row]]) -> None:
    """Print the figures and the constants."""
    outcomes = validate(sets)
    telling = [one for rows, some in zip(sets, outcomes, strict=True) if judged(rows) for one in some]
    right = [one.answerable and one.shown for one in telling]
    fitted = calibration.fit([one.log_odds for one in telling], right)
    for name, some in zip(names, outcomes, strict=True):
        report(name, some, fitted)
    ranking, _ = fit([row for rows in sets for row in rows], with_none=False)
    answering, bias = fit([row for rows in map(judged, sets) for row in rows], with_none=True)
    for name, weights in (("RANKING", ranking), ("ANSWERING", answering)):
        print(name, "= Features(")
        for feature, weight in zip(Features._fields, weights, strict=True):
            print(f"    {feature}={weight:.2f},")
        print(")")
    print(f"BIAS = {bias:.2f}\n{fitted}")


if __name__ == "__main__":
    main()
