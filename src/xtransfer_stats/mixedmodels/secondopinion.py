"""The same model by statsmodels' MixedLM: a second, independent engine for small designs."""

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np

from xtransfer_stats.base.errors import FitError
from xtransfer_stats.mixedmodels.mixedfit import MixedFit
from xtransfer_stats.mixedmodels.randomterms import Array

LARGEST_ROWS, LARGEST_EFFECTS = 2000, 300  # MixedLM inverts matrices of rows by rows


@dataclass(frozen=True)
class SecondOpinion:
    """criterion: -2 log (restricted) likelihood. beta (p,), cov_beta (p, p). variances: the terms', the residual's."""

    criterion: float
    beta: Array
    cov_beta: Array
    variances: Array
    converged: bool

    def against(self, fit: MixedFit) -> dict[str, Any]:
        """For machines: this engine's criterion and the largest differences, errors and variances as ratios."""
        ours = np.array([*(np.diag(c)[j] for c in fit.covariances for j in range(len(c))), fit.sigma2])
        error = np.sqrt(np.diag(fit.cov_beta))
        ratios = np.sqrt(np.diag(self.cov_beta)) / error
        return {
            "engine": "statsmodels MixedLM",
            "criterion": self.criterion,
            "criterion_less_ours": self.criterion - fit.criterion,
            "largest_difference_in_standard_errors": float(np.max(np.abs(self.beta - fit.beta) / error)),
            "largest_ratio_of_standard_errors": float(np.exp(np.max(np.abs(np.log(ratios))))),
            "largest_difference_of_variances_over_residual": float(np.max(np.abs(self.variances - ours)) / fit.sigma2),
            "converged": self.converged,
        }


def second_opinion(fit: MixedFit, y: Array) -> SecondOpinion:
    """Refit to the response y (n,) by MixedLM, all random effects as variance components of one group.

    Raises FitError for what MixedLM cannot express (correlated slopes, residual variances by group) or cannot bear.
    """
    reason = next((text for test, text in _REFUSALS if test(fit)), None)
    if reason:
        raise FitError(f"engine statsmodels: {reason}; leave the option out", ["engine statsmodels"])
    from statsmodels.regression.mixed_linear_model import MixedLM, VCSpec

    names = [f"{term.group} {name}" for term in fit.terms for name in term.names]
    tables = [term.columns(j).toarray() for term in fit.terms for j in range(len(term.names))]
    columns = [[[f"{i}" for i in range(table.shape[1])]] for table in tables]
    spec = VCSpec(names, columns, [[table] for table in tables])
    model = MixedLM(y, fit.X, np.ones(fit.n), exog_vc=spec)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # boundaries and convergence are told in the result
        refit = model.fit(reml=fit.reml, method=["bfgs", "lbfgs", "powell"])
    p, variances = len(fit.beta), np.append(refit.vcomp, refit.scale)
    cov_beta = np.asarray(refit.cov_params())[:p, :p]
    return SecondOpinion(-2 * float(refit.llf), refit.fe_params, cov_beta, variances, bool(refit.converged))


_REFUSALS = (
    (lambda fit: fit.weights is not None, "MixedLM has no weights"),
    (lambda fit: np.ndim(fit.residual_variance) > 0, "MixedLM has one residual variance for all rows"),
    (lambda fit: any(len(t.names) > 1 and t.correlated for t in fit.terms), "MixedLM has no correlated slopes here"),
    (lambda fit: fit.n > LARGEST_ROWS, f"MixedLM does not bear more than {LARGEST_ROWS} rows"),
    (lambda fit: sum(t.levels * len(t.names) for t in fit.terms) > LARGEST_EFFECTS,
     f"MixedLM does not bear more than {LARGEST_EFFECTS} random effects"),
)  # fmt: skip
