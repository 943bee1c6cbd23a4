"""From log-odds to a probability that can be believed, and the threshold below which nothing is said.

Platt scaling: `p = 1 / (1 + exp(-(slope · x + intercept)))`, fitted by maximum likelihood with the smoothed targets
of Platt, "Probabilistic outputs for support vector machines", 1999. The defaults were fitted by training/fit_quote.py;
the threshold is the least at which at most a third of its unanswerable questions, hard look-alikes, is answered.
`dateline eval --calibrate` fits slope and intercept anew for an index and its questions.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from ingest.errors import StorageError

STEPS = 100
RIDGE = 1e-3  # keeps the step finite where the two kinds are perfectly apart


@dataclass(frozen=True, slots=True)
class Calibration:
    """How log-odds become a probability. threshold: the least probability, 0..1, that is answered from."""

    slope: float = 0.7289
    intercept: float = -0.2719
    threshold: float = 0.46

    def probability(self, log_odds: float) -> float:
        """0..1, to three decimals: what is shown is what is compared with the threshold."""
        if log_odds == -math.inf:
            return 0.0
        return round(_logistic(self.slope * log_odds + self.intercept), 3)

    @classmethod
    def load(cls, file: Path) -> Calibration:
        """The one kept in the file, the default one when there is none.

        Raises:
            StorageError: the file holds something else.
        """
        try:
            kept = json.loads(file.read_text("utf-8"))
            found = cls(*(float(kept[name]) for name in ("slope", "intercept", "threshold")))
            if not (0 <= found.threshold <= 1 and math.isfinite(found.slope + found.intercept)):
                raise ValueError("out of range")
        except FileNotFoundError:
            return cls()
        except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
            hint = "delete it, and the shipped calibration is used"
            raise StorageError(f"{file} is not a calibration", hint=hint) from error
        return found

    def save(self, file: Path) -> None:
        """Keep it, in one step."""
        draft = file.with_suffix(".new")
        try:
            draft.write_text(json.dumps(asdict(self), indent=2) + "\n", "utf-8")
            draft.replace(file)
        except OSError as error:
            raise StorageError(
                f"{file} cannot be written: {error.strerror}", hint="check disk and permissions"
            ) from error


def fit(log_odds: Sequence[float], right: Sequence[bool]) -> Calibration:
    """Slope and intercept that make these outcomes most likely. Needs both kinds.

    Raises:
        ValueError: all are of one kind.
    """
    import numpy as np

    positives, negatives = sum(right), len(right) - sum(right)
    if not positives or not negatives:
        raise ValueError("both right and wrong answers are needed")
    high, low = (positives + 1) / (positives + 2), 1 / (negatives + 2)
    known = [(x, high if is_right else low) for x, is_right in zip(log_odds, right, strict=True) if x > -math.inf]
    design = np.array([(x, 1.0) for x, _ in known])
    targets = np.array([target for _, target in known])
    parameters = np.array([1.0, 0.0])
    for _ in range(STEPS):  # Newton's method, each step at most one unit
        p = 1 / (1 + np.exp(-design @ parameters))
        curvature = design.T @ (design * (p * (1 - p))[:, None]) + RIDGE * np.eye(2)
        step = np.linalg.solve(curvature, design.T @ (p - targets))
        parameters = parameters - step / max(1.0, float(np.abs(step).max()))
    return Calibration(round(float(parameters[0]), 4), round(float(parameters[1]), 4))


def _logistic(x: float) -> float:
    return 1 / (1 + math.exp(-x)) if x >= 0 else math.exp(x) / (1 + math.exp(x))
