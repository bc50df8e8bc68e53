"""Functions and codings of formulas that mean what R's do, where the library `formulae` has others or none.

Each remembers what it learned from the rows of a fit (means, knots, constraints) for the rows of a prediction.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from formulae.categorical import ENCODINGS, ContrastMatrix, Encoding
from formulae.transforms import TRANSFORMS
from numpy.typing import ArrayLike
from scipy import linalg
from scipy.interpolate import BSpline

from xtransfer_stats.mixedmodels.randomterms import Array

CUBIC = 3


class Scale:
    """R's scale(): less the mean, over the standard deviation with n - 1; uncentred, over the root mean square."""

    __stateful_transform__ = True

    def __init__(self) -> None:
        self._known: tuple[float, float] | None = None

    def __call__(self, x: Any, center: bool = True, scale: bool = True) -> Any:
        """x in these units; the first call sets them."""
        if self._known is None:
            middle = float(np.mean(x)) if center else 0.0
            self._known = middle, float(np.sqrt(np.sum((x - middle) ** 2) / (len(x) - 1))) if scale else 1.0
        return (x - self._known[0]) / self._known[1]


class Splines:
    """R's bs(): B-splines of a degree with inner knots at quantiles; without the first, which the intercept holds."""

    __stateful_transform__ = True
    natural = False

    def __init__(self) -> None:
        self._knots: Array | None = None
        self._degree, self._ends, self._turn = CUBIC, np.zeros(2), np.zeros((0, 0))

    def __call__(
        self,
        x: ArrayLike,
        df: int | None = None,
        knots: float | None = None,
        degree: int = CUBIC,
        intercept: bool = False,
        lower_bound: float | None = None,
        upper_bound: float | None = None,
    ) -> Array:
        """The basis at x, (n, df); the first call sets the knots, quantiles of its x unless one is given."""
        x = np.asarray(x, dtype=float)
        if self._knots is None:
            self._degree = CUBIC if self.natural else degree
            low, high = (
                (x.min() if lower_bound is None else lower_bound),
                (x.max() if upper_bound is None else upper_bound),
            )
            self._ends = np.array([low, high], dtype=float)
            inner = self._inner(x, df, intercept) if knots is None else np.atleast_1d(np.asarray(knots, dtype=float))
            self._knots = np.sort(np.r_[np.repeat(self._ends, self._degree + 1), inner])
            self._turn = self._turned(intercept)
        return np.asarray(self._at(x) @ self._turn)

    def _inner(self, x: Array, df: int | None, intercept: bool) -> Array:
        least = (1 if self.natural else self._degree) + intercept
        if df is not None and (isinstance(df, bool) or not isinstance(df, int) or df < least):
            raise ValueError(f"df={df!r}: give a whole number, at least {least}")
        inside = x[(x >= self._ends[0]) & (x <= self._ends[1])]
        count = 0 if df is None else df - least
        return np.asarray(np.quantile(inside, np.linspace(0, 1, count + 2)[1:-1]))

    def _spline(self) -> BSpline:
        if self._knots is None:  # set by the first call
            raise ValueError("no knots")
        return BSpline(self._knots, np.eye(len(self._knots) - self._degree - 1), self._degree)

    def _turned(self, intercept: bool) -> Array:
        """What the whole basis is multiplied by, (columns, df)."""
        return np.eye(self._spline().c.shape[1])[:, 0 if intercept else 1 :]

    def _at(self, x: Array) -> Array:
        """The whole basis; beyond the outer knots the polynomials go on."""
        return np.asarray(self._spline()(x))


class NaturalSplines(Splines):
    """R's ns(): cubic splines whose second derivatives vanish at the outer knots; straight lines beyond these."""

    natural = True

    def _turned(self, intercept: bool) -> Array:
        bent = self._spline().derivative(2)(self._ends)  # (2, columns)
        first = 0 if intercept else 1
        full, _ = linalg.qr(bent[:, first:].T)
        out = np.zeros((bent.shape[1], full.shape[1] - 2))
        out[first:] = full[:, 2:]
        return out

    def _at(self, x: Array) -> Array:
        spline, inside = self._spline(), np.clip(x, *self._ends)
        return np.asarray(spline(inside) + (x - inside)[:, None] * spline.derivative()(inside))


class Helmert(Encoding):
    """R's contr.helmert: each level against those before it."""

    def code_without_intercept(self, levels: Sequence[Any]) -> ContrastMatrix:
        """Columns for all levels but the first, labelled by them."""
        n = len(levels)
        matrix = np.triu(-np.ones((n, n - 1))) + np.vstack([np.zeros(n - 1), np.diag(np.arange(1.0, n))])
        return ContrastMatrix(matrix, [str(level) for level in levels[1:]])

    def code_with_intercept(self, levels: Sequence[Any]) -> ContrastMatrix:
        """The same beside a column of ones."""
        inner = self.code_without_intercept(levels)
        return ContrastMatrix(np.column_stack([np.ones(len(levels)), inner.matrix]), ["mean", *inner.labels])


def register() -> None:
    """Put them in the place of the library's."""
    TRANSFORMS.update({"scale": Scale, "standardize": Scale, "bs": Splines, "ns": NaturalSplines})
    ENCODINGS["Helmert"] = Helmert
