"""Measures of answers: spans, rankings, confidence, risk."""

from __future__ import annotations

from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.scores import auroc, exact, f1, mean, percentile, risk_coverage

Scored = st.tuples(st.integers(0, 5).map(float), st.booleans())
Phrase = st.lists(st.sampled_from(["a", "The", "flight", "flights,", "24,000", "Stock."]), max_size=5).map(" ".join)


@pytest.mark.parametrize(
    ("predicted", "references", "same", "overlap"),
    [
        ("The 24,000!", ["24000"], 1, 1),
        ("almost 24,000 flights", ["24,000"], 0, 2 / 4),
        ("Stock", ["Mr Jürgen Stock", "Jürgen Stock"], 0, 2 / 3),
        ("Stock", ["Jürgen Stock", "stock"], 1, 1),
        ("two two three", ["two"], 0, 2 / 4),
        ("theatre", ["the theatre"], 1, 1),
        ("", ["Stock"], 0, 0),
        ("", [], 1, 1),
        ("the", [], 1, 1),
        ("Stock", [], 0, 0),
        ("", ["Stock", "."], 0, 0),
    ],
)
def test_a_span_is_compared_as_squad_does(predicted: str, references: list[str], same: int, overlap: float) -> None:
    assert exact(predicted, references) == same
    assert f1(predicted, references) == pytest.approx(overlap)


@given(Phrase, st.lists(Phrase, max_size=3))
def test_an_exact_span_overlaps_in_full_and_no_more_is_possible(predicted: str, references: list[str]) -> None:
    assert 0 <= exact(predicted, references) <= f1(predicted, references) <= 1
    assert exact(f"  the {predicted.upper()}!", [predicted or "?"]) == 1


@given(Phrase, Phrase, st.randoms())
def test_overlap_is_the_same_both_ways_and_in_any_order(one: str, other: str, random: Random) -> None:
    words = one.split()
    random.shuffle(words)
    assert f1(one, [other]) == f1(other, [one]) == f1(" ".join(words), [other])


@given(st.lists(st.integers(0, 5), min_size=1), st.lists(st.integers(0, 5), min_size=1))
def test_auroc_is_the_share_of_pairs_in_the_right_order(positive: list[int], negative: list[int]) -> None:
    wins = sum((one > other) + 0.5 * (one == other) for one in positive for other in negative)
    assert auroc(positive, negative) == pytest.approx(wins / (len(positive) * len(negative)))
    assert auroc(positive, []) is auroc([], negative) is None


@given(st.lists(Scored, min_size=1), st.integers(0, 5))
def test_risk_and_coverage_are_what_counting_at_each_threshold_gives(
    answers: list[tuple[float, bool]], silent: int
) -> None:
    points = risk_coverage(answers, len(answers) + silent)
    assert [point[0] for point in points] == sorted({confidence for confidence, _ in answers}, reverse=True)
    assert all(one[1] < other[1] for one, other in pairwise(points))
    for threshold, coverage, risk in points:
        answered = [right for confidence, right in answers if confidence >= threshold]
        assert coverage == pytest.approx(len(answered) / (len(answers) + silent))
        assert risk == pytest.approx(answered.count(False) / len(answered))


@given(st.lists(st.integers(0, 9), min_size=1), st.integers(1, 100))
def test_a_percentile_is_the_smallest_value_that_enough_do_not_exceed(values: list[int], percent: int) -> None:
    def share(limit: int) -> float:
        return 100 * sum(value <= limit for value in values)

    found = percentile(values, percent)
    assert found in values
    assert share(found) >= percent * len(values) > share(found - 1)


def test_nothing_has_neither_mean_nor_percentile_nor_curve() -> None:
    assert mean([]) is percentile([], 50) is None
    assert risk_coverage([], 3) == []
