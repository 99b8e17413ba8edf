"""Proportional-odds model: does a mark's order tell the same story as its mean? Pure.

P(mark ≤ k) = 1 / (1 + exp(−(θₖ − xβ))): McCullagh, Journal of the Royal Statistical Society B 42 (1980)
109-142. The likelihood is concave, so Newton's steps find its only maximum. It checks the drivers and gives
the odds ratio of the bracket. In prose: ``docs/algorithms/survey-drivers.md``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp
from typing import TYPE_CHECKING

from surveys.statistics.intervals import Z_95, Interval, two_sided

if TYPE_CHECKING:
    import numpy as np

MOST_STEPS = 100
# An odds ratio of e^15 between neighboring values is no estimate: the categories are separated.
SEPARATED = 15.0


@dataclass(frozen=True)
class Term:
    """``slope`` in log-odds of a higher mark per unit; ``odds`` = e^slope with its 95 % interval."""

    name: str
    slope: float
    error: float
    odds: float
    interval: Interval
    p: float


@dataclass(frozen=True)
class Ordinal:
    """``terms`` is empty where ``why`` says what hinders: ``too_few``, ``nothing_varies``, ``separated``."""

    n: int
    terms: tuple[Term, ...]
    log_likelihood: float | None = None
    why: str = ""


def proportional_odds(marks: np.ndarray, columns: np.ndarray, names: Sequence[str]) -> Ordinal:
    """Fit the model.

    :param marks: (people,) whole numbers, all known.
    :param columns: (people × terms) numbers, all known, without a constant.
    """
    import numpy as np

    levels, codes = np.unique(marks, return_inverse=True)
    n, terms = columns.shape
    if n < 10 * (terms + 1):
        return Ordinal(n, (), why="too_few")
    spread = columns.std(axis=0)
    if len(levels) < 2 or np.any(spread == 0):
        return Ordinal(n, (), why="nothing_varies")
    scaled = (columns - columns.mean(axis=0)) / spread
    fitted = _maximum(_Likelihood(codes, len(levels) - 1, scaled))
    if fitted is None:
        return Ordinal(n, (), why="separated")
    slopes, errors, value = fitted
    return Ordinal(n, tuple(map(_term, names, slopes / spread, errors / spread)), value)


def _term(name: str, slope: float, error: float) -> Term:
    low, high = slope - Z_95 * error, slope + Z_95 * error
    bounds = Interval(exp(min(low, 700.0)), exp(min(high, 700.0)))
    return Term(name, float(slope), float(error), exp(min(slope, 700.0)), bounds, two_sided(slope / error))


def likelihood_ratio(smaller: Ordinal, larger: Ordinal) -> float | None:
    """p value of what the larger model's further terms add (Wilks, Annals of Mathematical Statistics 9 (1938)
    60-62), such as the products of an item and the bracket; None where one was not fitted."""
    freedom = len(larger.terms) - len(smaller.terms)
    if smaller.log_likelihood is None or larger.log_likelihood is None or freedom <= 0:
        return None
    from scipy.special import chdtrc

    return float(chdtrc(freedom, max(0.0, 2 * (larger.log_likelihood - smaller.log_likelihood))))


class _Likelihood:
    """Log-likelihood, its slope and curvature at (θ, β). An answer in level k lies between the thresholds
    above (``a``) and below (``b``) it; the outermost have none."""

    def __init__(self, codes: np.ndarray, thresholds: int, columns: np.ndarray) -> None:
        import numpy as np

        steps = np.eye(thresholds)
        nothing = np.zeros((1, thresholds))
        self.above = np.hstack([np.vstack([steps, nothing])[codes], -columns])
        self.below = np.hstack([np.vstack([nothing, steps])[codes], -columns])
        self.has_above, self.has_below = codes < thresholds, codes > 0
        self.thresholds = thresholds
        self.codes = codes

    def start(self) -> np.ndarray:
        import numpy as np

        below = np.cumsum(np.bincount(self.codes))[:-1] / len(self.codes)
        return np.concatenate([np.log(below / (1 - below)), np.zeros(self.above.shape[1] - self.thresholds)])

    def value(self, at: np.ndarray) -> float:
        import numpy as np

        if np.any(np.diff(at[: self.thresholds]) <= 0):
            return -np.inf
        upper, lower = self._ends(at)
        inside = upper - lower
        return float(np.log(inside).sum()) if np.all(inside > 0) else -np.inf

    def _ends(self, at: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        import numpy as np
        from scipy.special import expit

        return (
            np.where(self.has_above, expit(self.above @ at), 1.0),
            np.where(self.has_below, expit(self.below @ at), 0.0),
        )

    def slopes(self, at: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Gradient and (positive) information matrix."""
        upper, lower = self._ends(at)
        inside = upper - lower
        a, b = upper * (1 - upper) / inside, lower * (1 - lower) / inside
        gradient = self.above.T @ a - self.below.T @ b
        aa, bb, ab = a * (1 - 2 * upper) - a * a, -b * (1 - 2 * lower) - b * b, a * b
        cross = (self.above * ab[:, None]).T @ self.below
        curve = (self.above * aa[:, None]).T @ self.above + (self.below * bb[:, None]).T @ self.below
        return gradient, -(curve + cross + cross.T)


def _maximum(likelihood: _Likelihood) -> tuple[np.ndarray, np.ndarray, float] | None:
    """Slopes, their standard errors and the log-likelihood; None where there is no maximum."""
    import numpy as np

    at = likelihood.start()
    value = likelihood.value(at)
    for _step in range(MOST_STEPS):
        gradient, information = likelihood.slopes(at)
        try:
            step = np.linalg.solve(information, gradient)
        except np.linalg.LinAlgError:
            return None
        if float(gradient @ step) < 1e-14 * max(1.0, abs(value)):
            break
        at, value = _along(likelihood, at, step, value)
        if np.abs(at[likelihood.thresholds :]).max(initial=0.0) > SEPARATED:
            return None
    else:
        return None
    variances = np.diag(np.linalg.inv(information))[likelihood.thresholds :]
    return (at[likelihood.thresholds :], np.sqrt(variances), value) if np.all(variances > 0) else None


def _along(likelihood: _Likelihood, at: np.ndarray, step: np.ndarray, value: float) -> tuple[np.ndarray, float]:
    """A step that does not lose: halved until it does not."""
    for _half in range(40):
        reached = likelihood.value(at + step)
        if reached >= value:
            return at + step, reached
        step = step / 2
    return at, value
