"""Measures of answers, rankings and confidence. Pure."""

from __future__ import annotations

import re
import string
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence

ARTICLES = re.compile(r"\b(a|an|the)\b")
NO_PUNCTUATION = str.maketrans("", "", string.punctuation)


def normalise(text: str) -> str:
    """A span as SQuAD compares it: lower case, no ASCII punctuation, no articles, single spaces.

    The same steps in the same order as the official script of Rajpurkar et al. 2018, "Know What You Don't Know:
    Unanswerable Questions for SQuAD".
    """
    return " ".join(ARTICLES.sub(" ", text.lower().translate(NO_PUNCTUATION)).split())


def exact(predicted: str, references: Sequence[str]) -> float:
    """1 when the span is one of the references, normalised, else 0 (Rajpurkar et al. 2016, 2018).

    Without references the question cannot be answered, and only an empty span is right.
    """
    return float(normalise(predicted) in _comparable(references))


def f1(predicted: str, references: Sequence[str]) -> float:
    """0..1, overlap of the span's words with the nearest reference's (Rajpurkar et al. 2016, 2018).

    The harmonic mean of precision and recall over the words, each as often as it occurs. Without references the
    question cannot be answered, and only an empty span is right.
    """
    words = normalise(predicted).split()
    return max(_overlap(words, reference.split()) for reference in _comparable(references))


def _comparable(references: Sequence[str]) -> list[str]:
    """The references, normalised, but for those of which nothing is left; nothing at all when none is left."""
    return [text for text in map(normalise, references) if text] or [""]


def _overlap(words: Sequence[str], reference: Sequence[str]) -> float:
    if not words or not reference:
        return float(words == reference)
    shared = (Counter(words) & Counter(reference)).total()
    return 2 * shared / (len(words) + len(reference))


def auroc(positive: Sequence[float], negative: Sequence[float]) -> float | None:
    """Probability that a positive scores above a negative, ties counting half (Mann–Whitney U)."""
    if not positive or not negative:
        return None
    below = sorted(negative)
    wins = sum(bisect_left(below, score) + bisect_right(below, score) for score in positive) / 2
    return wins / (len(positive) * len(negative))


def risk_coverage(answers: Sequence[tuple[float, bool]], questions: int) -> list[tuple[float, float, float]]:
    """(threshold, coverage, risk) for each threshold that changes what is answered, the highest first.

    answers: of each question that has something to say, the confidence and whether it is right. questions: how
    many there are in all. coverage: the share of them with at least that confidence. risk: the share of these that
    are wrong (Geifman and El-Yaniv 2017, "Selective Classification for Deep Neural Networks").
    """
    ranked = sorted(answers, key=lambda answer: -answer[0])
    wrong = 0
    points = []
    for count, (confidence, right) in enumerate(ranked, 1):
        wrong += not right
        # Equal confidences are answered together or not at all.
        if count == len(ranked) or ranked[count][0] < confidence:
            points.append((confidence, count / questions, wrong / count))
    return points


def mean(values: Iterable[float]) -> float | None:
    """The mean to four places; for yes and no, the share of yes. None of nothing."""
    numbers = list(values)
    return round(sum(numbers) / len(numbers), 4) if numbers else None


def percentile(values: Iterable[int], percent: int) -> int | None:
    """The smallest value that so many percent (1..100) of the values do not exceed. None of nothing."""
    ranked = sorted(values)
    return ranked[-(-percent * len(ranked) // 100) - 1] if ranked else None
