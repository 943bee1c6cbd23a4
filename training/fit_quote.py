"""Fit the constants of bot/quote.py.

    python -m training.fit_quote --index HOME QUESTIONS.jsonl … --lookalikes HOME QUESTIONS.jsonl …

An `--index` is a home whose articles answer those of the questions that the file calls answerable; the n-th of
`--lookalikes` goes with the n-th index and answers none of its questions.
For each question the model is a softmax over the scores of its sentences and a zero for "none of them answers";
right are the sentences that hold an answer, or the zero. Fitted by gradient descent on the log loss with a ridge
penalty, over standardised features. Prints the constants, and figures of five-fold cross-validation for each set.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot import quote
from bot.app import App
from bot.assistant import PASSAGES
from bot.config import load_settings
from bot.evaluate import Case, auroc, matches, read_cases
from index.records import Filter

FOLDS, STEPS, RATE, RIDGE, MOMENTUM = 5, 300, 0.03, 0.02, 0.9

Vector = NDArray[np.float64]
Rows = list[tuple[Vector, Vector]]  # for each question: sentences × features, and 1 for each right sentence


def read(app: App, cases: Sequence[Case]) -> Rows:
    """The features of every sentence that would be considered."""
    rows = []
    for case in cases:
        vector = app.embedder.embed_query(case.question)
        hits = app.retriever.search(case.question, vector, PASSAGES, Filter())
        evidence = quote.gather(case.question, vector, hits, app.assistant.language())
        features = np.array([one.features for one in evidence]).reshape(len(evidence), len(quote.WEIGHTS))
        right = [float(case.answerable and matches(case.answers, one.text)) for one in evidence]
        rows.append((features, np.array(right)))
    return rows


def fit(rows: Rows) -> tuple[Vector, float]:
    """Weights and bias."""
    everything = np.vstack([features for features, _ in rows])
    mean, deviation = everything.mean(0), everything.std(0) + 1e-9
    scaled = [((features - mean) / deviation, right) for features, right in rows]
    parameters = np.append(np.zeros(everything.shape[1]), -3.0)
    velocity = np.zeros_like(parameters)
    for _ in range(STEPS):
        gradient = np.append(RIDGE * parameters[:-1], 0.0)
        for features, right in scaled:
            odds = np.exp(features @ parameters[:-1] + parameters[-1])
            wanted = odds * right / (odds @ right) if right.any() else right
            error = odds / (1 + odds.sum()) - wanted
            gradient += np.append(features.T @ error, error.sum()) / len(rows)
        velocity = MOMENTUM * velocity - RATE * gradient
        parameters = parameters + velocity
    weights = parameters[:-1] / deviation
    return weights, float(parameters[-1] - weights @ mean)


def validate(able: Rows, unable: Rows, training: Sequence[Rows]) -> None:
    """Print how questions fare with constants that were fitted without them."""
    first, positive, negative = [], [], []
    for fold in range(FOLDS):
        weights, bias = fit([row for rows in training for n, row in enumerate(rows) if n % FOLDS != fold])
        for features, right in able[fold::FOLDS]:
            positive.append(probability(features, weights, bias))
            first.append(float(right[(features @ weights).argmax()]))
        negative += [probability(features, weights, bias) for features, _ in unable[fold::FOLDS]]
    print(f"first sentence right {np.mean(first):.3f}, AUROC {auroc(positive, negative):.3f}")
    for threshold in (0.05, 0.06, 0.08, 0.1, 0.2, 0.5):
        answered, wrongly = (np.mean(np.array(some) >= threshold) for some in (positive, negative))
        print(f"  from {threshold}: {answered:.2f} of answerable answered, {wrongly:.2f} of the others")


def probability(features: Vector, weights: Vector, bias: float) -> float:
    """That one of the sentences answers, as in `quote.confidence`."""
    odds = np.exp(features @ weights + bias).sum()
    return float(odds / (1 + odds))


def read_home(home: Path, questions: Path) -> tuple[Rows, list[bool]]:
    """The rows of one home, and which of its questions are answerable."""
    cases = read_cases(questions)
    with App(load_settings().model_copy(update={"dateline_home": home})) as app:
        return read(app, cases), [case.answerable for case in cases]


def main() -> None:
    """Read, validate, fit, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("--index", "--lookalikes"):
        parser.add_argument(name, nargs=2, action="append", default=[], type=Path, metavar=("HOME", "QUESTIONS"))
    options = parser.parse_args()
    pairs: list[tuple[Rows, Rows]] = []
    for home, questions in options.index:
        rows, answerable = read_home(home, questions)
        able = [row for row, is_able in zip(rows, answerable, strict=True) if is_able]
        unable = [row for row, is_able in zip(rows, answerable, strict=True) if not is_able]
        pairs.append((able, unable))
    for (_, unable), (home, questions) in zip(pairs, options.lookalikes, strict=False):
        unable += [(features, right * 0) for features, right in read_home(home, questions)[0]]
    sets = [rows for pair in pairs for rows in pair]
    for able, unable in pairs:
        validate(able, unable, sets)
    weights, bias = fit([row for rows in sets for row in rows])
    print(f"WEIGHTS = {tuple(weights.round(2).tolist())}\nBIAS = {bias:.2f}")


if __name__ == "__main__":
    main()
