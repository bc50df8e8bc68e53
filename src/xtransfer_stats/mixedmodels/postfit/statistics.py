"""How well a model fits: log-likelihood, AIC, BIC, shares of variance explained (R2) and of groups (ICC)."""

from dataclasses import dataclass
from math import log
from typing import Any

import numpy as np
import pandas as pd

from xtransfer_stats.mixedmodels.formula import FormulaFit
from xtransfer_stats.mixedmodels.mixedfit import MixedFit
from xtransfer_stats.mixedmodels.randomterms import Array, RandomTerm


@dataclass(frozen=True)
class Likelihood:
    """loglik: of REML or ML, as lme4's logLik. df: coefficients, variances and covariances (also those at zero)."""

    loglik: float
    df: int
    n: int
    reml: bool

    @property
    def aic(self) -> float:
        """-2 loglik + 2 df."""
        return -2 * self.loglik + 2 * self.df

    @property
    def bic(self) -> float:
        """-2 loglik + df log n, n the number of rows, as lme4 counts them."""
        return -2 * self.loglik + self.df * log(self.n)


def likelihood(fit: MixedFit) -> Likelihood:
    """The log-likelihood at the estimates and what it is judged by; after REML that of REML."""
    df = len(fit.beta) + len(fit.parameters) + 1
    return Likelihood(-fit.criterion / 2, df, fit.n, fit.reml)


@dataclass(frozen=True)
class VarianceParts:
    """Variance of the response's parts, in its units squared, averaged over the rows.

    fixed: sample variance of X beta. random: mean of z' G z, so that slopes count as the rows' covariates have them
    (Johnson 2014, Methods Ecol. Evol. 5, 944-946). residual: of a row of weight 1; the rows' mean where residual
    variances go by group. Nakagawa & Schielzeth (2013, Methods Ecol. Evol. 4, 133-142).
    """

    fixed: float
    random: float
    residual: float

    def r2(self) -> dict[str, float]:
        """Shares of variance: `marginal` of the fixed effects, `conditional` of fixed and random ones."""
        whole = self.fixed + self.random + self.residual
        return {"marginal": self.fixed / whole, "conditional": (self.fixed + self.random) / whole}

    def icc(self) -> dict[str, float]:
        """Random share: `adjusted` of random and residual variance, `unadjusted` of the fixed effects' too."""
        below = self.random + self.residual
        return {"adjusted": self.random / below, "unadjusted": self.random / (self.fixed + below)}


def variance_parts(fitted: FormulaFit) -> VarianceParts:
    """The parts of the variance of a fit."""
    fit = fitted.fit
    random = sum(_mean_variance(term, cov) for term, cov in zip(fit.terms, fit.covariances, strict=True))
    groups = None if fitted.source is None else fitted.source.residual
    residual = fit.sigma2 if groups is None else float(np.mean(np.ravel(fit.residual_variance)[groups]))
    return VarianceParts(float(np.var(fit.X @ fit.beta, ddof=1)), float(random), residual)


def _mean_variance(term: RandomTerm, covariance: Array) -> float:
    """Mean over the rows of z' G z."""
    z = term.distinct
    if term.shared:
        return float(covariance[0, 0] * np.mean(np.sum(z**2, axis=1)))
    return float(np.mean(np.einsum("na,ab,nb->n", z, covariance, z)))


def levels(fit: MixedFit) -> dict[str, int]:
    """Number of levels of each grouping, in the formula's order."""
    return {term.group: term.levels for term in fit.terms}


def statistics_json(fitted: FormulaFit) -> dict[str, Any]:
    """All of it for machines, under the keys of `fit`'s JSON."""
    known, parts = likelihood(fitted.fit), variance_parts(fitted)
    return {
        "loglik": known.loglik,
        "df_model": known.df,
        "aic": known.aic,
        "bic": known.bic,
        "levels": levels(fitted.fit),
        "r2": parts.r2(),
        "icc": parts.icc(),
        "correlations": correlations(fitted.fit).to_dict("records"),
    }


def correlations(fit: MixedFit) -> pd.DataFrame:
    """Correlations of random effects: group, term, other, correlation (NaN where a variance is zero)."""
    rows = []
    for term, covariance in zip(fit.terms, fit.covariances, strict=True):
        sds = np.sqrt(np.diag(covariance))
        for a, b in zip(*np.tril_indices(len(term.names), -1), strict=True):
            if term.correlated:
                both = sds[a] * sds[b]
                r = float(np.clip(covariance[a, b] / both, -1, 1)) if both > 0 else float("nan")
                rows.append((term.group, term.names[a], term.names[b], r))
    return pd.DataFrame(rows, columns=["group", "term", "other", "correlation"])
