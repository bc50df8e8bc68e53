"""Likelihood-ratio test of two formulas, the null simulated: with few levels no chi-square, nor a mixture, holds."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np
from scipy import stats

from xtransfer_stats.base.errors import FitError
from xtransfer_stats.base.threads import one_blas_thread
from xtransfer_stats.mixedmodels.formula import FormulaFit
from xtransfer_stats.mixedmodels.likelihood.crossproducts import Array
from xtransfer_stats.mixedmodels.mixed import fit_mixed
from xtransfer_stats.mixedmodels.mixedfit import MixedFit
from xtransfer_stats.mixedmodels.nested import parameters, require_nested

ROUNDING = 1e-6  # of the statistic below zero


@dataclass(frozen=True)
class LikelihoodRatio:
    """statistic: the null's criterion less the larger model's, REML where only random terms differ, else ML.

    df: parameters more. chi2_p: by chi-square, for comparison; half of it is the 50:50 mixture's where one variance is
    tested. p_value: (1 + hits) / (1 + converged), NaN without replicates.
    """

    statistic: float
    df: int
    chi2_p: float
    p_value: float
    asked: int
    converged: int
    reml: bool


@one_blas_thread()
def likelihood_ratio(
    null: FormulaFit, full: FormulaFit, replicates: int, seed: int, progress: Callable[[int], None] | None = None
) -> LikelihoodRatio:
    """Test `null` against `full`: responses drawn from the null's fit, both models fitted to each.

    Raises FitError where the rows differ or `null` is no part of `full`.
    """
    require_nested(null, full)
    reml = null.fit.X.shape == full.fit.X.shape
    # By REML in one basis of the fixed effects, which are the same space: its determinant enters the criterion.
    small = _fitted(replace(null.fit, X=full.fit.X, names=full.fit.names) if reml else null.fit, null.response, reml)
    large = _fitted(full.fit, full.response, reml)
    statistic = small.criterion - large.criterion
    if statistic < -ROUNDING * max(1.0, abs(small.criterion)):
        better = f"{null.formula!r} fits better than {full.formula!r}: it is no part of it"
        raise FitError(f"against: {better}", ["against:"])
    df = parameters(large) - parameters(small)
    drawn = np.array(list(_null_statistics(small, large, replicates, seed, progress)))
    known = drawn[np.isfinite(drawn)]
    p = (1 + np.sum(known >= statistic)) / (1 + len(known)) if len(known) else np.nan
    chi2 = float(stats.chi2.sf(max(statistic, 0.0), df))
    return LikelihoodRatio(statistic, df, chi2, float(p), replicates, len(known), reml)


def _null_statistics(
    small: MixedFit, large: MixedFit, replicates: int, seed: int, progress: Callable[[int], None] | None
) -> Iterator[float]:
    for child in np.random.SeedSequence(seed).spawn(replicates):
        y = drawn_response(small, np.random.default_rng(child))
        one, other = (_fitted(model, y, small.reml) for model in (small, large))
        failed = "failed" in (one.state, other.state)
        yield np.nan if failed else max(one.criterion - other.criterion, 0.0)
        if progress is not None:
            progress(1)


def drawn_response(fit: MixedFit, rng: np.random.Generator) -> Array:
    """A response (n,) from the fitted model: random effects and residuals anew."""
    sd = np.sqrt(fit.sigma2 / (1.0 if fit.weights is None else fit.weights))
    y = fit.X @ fit.beta + sd * rng.standard_normal(fit.n)
    for term, covariance in zip(fit.terms, fit.covariances, strict=True):
        sizes, axes = np.linalg.eigh(covariance)
        root = axes * np.sqrt(np.maximum(sizes, 0.0))
        y = y + term.contribution(rng.standard_normal((term.levels, len(covariance))) @ root.T)
    return y


def _fitted(fit: MixedFit, y: Array, reml: bool) -> MixedFit:
    return fit_mixed(y, fit.X, fit.names, fit.terms, reml=reml, weights=fit.weights)
