"""From log-odds to probabilities, and the file that keeps how."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.calibration import Calibration, fit
from ingest.errors import StorageError

KEPT = Calibration(slope=0.7, intercept=-1.5, threshold=0.35)
LogOdds = st.floats(-1e6, 1e6)


@pytest.mark.parametrize(("slope", "intercept"), [(0.7, -1.5), (0.2, 0.0), (1.0, 2.0), (2.5, -1.0)])
def test_a_fit_finds_how_the_outcomes_were_made(slope: float, intercept: float) -> None:
    random = np.random.default_rng(7)
    log_odds = random.uniform(-6, 6, 20_000)
    right = random.random(20_000) < 1 / (1 + np.exp(-(slope * log_odds + intercept)))
    found = fit(log_odds.tolist(), right.tolist())
    assert (found.slope, found.intercept) == pytest.approx((slope, intercept), abs=0.08)


@pytest.mark.parametrize(("distance", "number"), [(1, 1), (100, 1), (20, 50), (0.5, 500)])
def test_outcomes_that_are_perfectly_apart_are_not_trusted_beyond_their_number(distance: float, number: int) -> None:
    found = fit([-distance] * number + [distance] * number, [False] * number + [True] * number)
    believed = (number + 1) / (number + 2)  # Platt's target
    assert found.probability(distance) == pytest.approx(believed, abs=0.002)
    assert found.probability(-distance) == pytest.approx(1 - believed, abs=0.002)


def test_a_question_without_evidence_does_not_disturb_the_fit() -> None:
    found = fit([-math.inf, -2.0, -1.0, 1.0, 2.0], [False, False, True, False, True])
    assert 0 < found.slope < 2
    assert found.probability(-math.inf) == 0 < found.probability(-2.0)


@pytest.mark.parametrize("right", [[True, True], [False, False], []])
def test_outcomes_of_one_kind_cannot_be_fitted(right: list[bool]) -> None:
    with pytest.raises(ValueError, match="both right and wrong"):
        fit([1.0] * len(right), right)


@given(LogOdds, LogOdds, st.floats(0, 5), st.floats(-20, 20))
def test_higher_log_odds_are_never_less_probable(one: float, other: float, slope: float, intercept: float) -> None:
    calibration = Calibration(slope, intercept)
    low, high = sorted((one, other))
    assert 0 <= calibration.probability(low) <= calibration.probability(high) <= 1


def test_without_evidence_nothing_is_probable_and_even_odds_are_a_half() -> None:
    assert Calibration(intercept=9.0).probability(-math.inf) == 0
    assert Calibration(1.0, 0.0).probability(0.0) == 0.5


def test_a_probability_is_compared_as_it_is_shown() -> None:
    assert Calibration(1.0, 0.0).probability(math.log(2)) == 0.667


def test_what_is_kept_comes_back_and_leaves_no_draft(tmp_path: Path) -> None:
    file = tmp_path / "calibration.json"
    Calibration().save(file)
    KEPT.save(file)
    assert Calibration.load(file) == KEPT
    assert list(tmp_path.iterdir()) == [file]


def test_a_save_that_fails_leaves_what_was_kept(tmp_path: Path) -> None:
    file = tmp_path / "calibration.json"
    KEPT.save(file)
    (tmp_path / "calibration.new").mkdir()
    with pytest.raises(StorageError, match="cannot be written"):
        Calibration().save(file)
    assert Calibration.load(file) == KEPT


def test_without_a_file_the_shipped_calibration_holds(tmp_path: Path) -> None:
    assert Calibration.load(tmp_path / "calibration.json") == Calibration()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'"slope"',
        b"\xff\xfe",
        b'{"slope": 1, "intercept": 0}',
        b'{"slope": "steep", "intercept": 0, "threshold": 0.5}',
        b'{"slope": null, "intercept": 0, "threshold": 0.5}',
    ],
)
def test_a_file_that_holds_something_else_is_told_in_one_line(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "calibration.json"
    file.write_bytes(content)
    with pytest.raises(StorageError) as error:
        Calibration.load(file)
    assert error.value.message == f"{file} is not a calibration"
    assert error.value.hint


def test_a_folder_in_its_place_is_told_too(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="is not a calibration"):
        Calibration.load(tmp_path)
