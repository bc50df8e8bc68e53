"""Run-level contrasts of a crossed study with holes: REML with Kenward-Roger on the same formula."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from xtransfer_stats.mixedmodels.mixed import MixedFit, RandomTerm, fit_mixed
from xtransfer_stats.stats.core.design import Design
from xtransfer_stats.stats.core.inference import BY_PRECISION, Array, Moments

METHOD = "REML, Kenward-Roger"
NOTHING_VARIES = "the runs' numbers do not vary: no error"


class RemlNumbers:
    """One REML fit of g ~ 0 + count + (1|seed) + (0+sampled|task_set) + (0+base|run) a number.

    numbers: (chains, n). Needed where mean squares are not orthogonal, as chains are missing.
    """

    def __init__(self, chains: pd.DataFrame, design: Design, numbers: Array):
        self._levels = [0, *design.counts]
        counts = chains["n_tasks"].to_numpy()
        X = (counts[:, None] == np.array(self._levels)).astype(float)
        names = [f"count{level}" for level in self._levels]
        terms = run_terms(chains, design)
        self._numbers, self._X = numbers, X
        self._fits = [_fit(column, X, names, terms) for column in numbers.T]

    @property
    def fits(self) -> list[dict[str, Any]]:
        """Criterion and state of every fit."""
        return [{"criterion": fit.criterion, "state": fit.state, "n": fit.n} for fit in self._fits if fit]

    def combination(self, over_counts: Mapping[int, float], n_runs: int) -> Moments:
        """Kenward-Roger's estimate, error and df for every number; NaN errors where a fit failed."""
        L = np.array([over_counts.get(level, 0.0) for level in self._levels])
        rows = [_row(fit, L, self._X, column) for fit, column in zip(self._fits, self._numbers.T, strict=True)]
        estimate, error, df = np.array([row[:3] for row in rows]).T
        return Moments(estimate, error, df, METHOD, n_runs, rows[0][3] if len(rows) == 1 else "", BY_PRECISION)


def run_terms(chains: pd.DataFrame, design: Design) -> list[RandomTerm]:
    """The formula's random terms: seed, task_set, run."""
    counts = chains["n_tasks"].to_numpy()
    seed, seeds = pd.factorize(chains["seed"])
    sets, names = pd.factorize(chains["task_set"])
    ones = np.ones((len(chains), 1))
    sampled = np.isin(counts, design.sampled).astype(float)[:, None]
    base = (counts == 0).astype(float)[:, None]
    # Only baselines carry this effect; the other rows lean on level 0 with a covariate of zero.
    run = np.where(counts == 0, np.cumsum(counts == 0) - 1, 0)
    return [
        RandomTerm("seed", seed.astype(np.int64), len(seeds), ones, ("1",)),
        RandomTerm("task_set", sets.astype(np.int64), len(names), sampled, ("sampled",)),
        RandomTerm("run", run.astype(np.int64), int((counts == 0).sum()), base, ("base",)),
    ]


def _fit(column: Array, X: Array, names: list[str], terms: list[RandomTerm]) -> MixedFit | None:
    coefficients = np.linalg.lstsq(X, column, rcond=None)[0]
    if np.abs(column - X @ coefficients).max() <= 1e-12 * max(1.0, np.abs(column).max()):
        return None
    return fit_mixed(column, X, names, terms)


def _row(fit: MixedFit | None, L: Array, X: Array, column: Array) -> tuple[float, float, float, str]:
    nan = float("nan")
    if fit is None:
        return float(L @ np.linalg.lstsq(X, column, rcond=None)[0]), nan, nan, NOTHING_VARIES
    if fit.state == "failed":
        return float(L @ fit.beta), nan, nan, "the fit did not converge"
    answer = fit.kenward_roger(L)
    return float(answer.estimate[0]), float(answer.std_error[0]), float(answer.df[0]), ""
