"""Fit a Gaussian mixed model with crossed random effects and correlated slopes to arrays."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import linalg

from xtransfer_stats.base.errors import FitError
from xtransfer_stats.base.threads import one_blas_thread
from xtransfer_stats.mixedmodels.likelihood.criterion import Criterion, Solution
from xtransfer_stats.mixedmodels.likelihood.crossproducts import CrossProducts, cross_products
from xtransfer_stats.mixedmodels.mixedfit import MixedFit
from xtransfer_stats.mixedmodels.randomterms import Array, RandomTerm
from xtransfer_stats.mixedmodels.search.optimise import Optimum, minimise


@one_blas_thread()
def fit_mixed(
    y: ArrayLike,
    X: ArrayLike,
    names: Sequence[str],
    terms: Sequence[RandomTerm],
    *,
    reml: bool = True,
    residual_groups: NDArray[np.int64] | None = None,
    weights: Array | None = None,
) -> MixedFit:
    """Fit by REML or ML; `residual_groups` (n,) gives each group of rows a residual variance of its own.

    y is (n,), X (n, p) of full column rank. weights: (n,) positive, a row's residual variance is sigma2 over its
    weight, as in lme4. Raises FitError when the model cannot be estimated from these rows.
    """
    y, X = np.asarray(y, dtype=float), np.asarray(X, dtype=float)
    _require_estimable(y, X, names, terms)
    groups = None if residual_groups is None else np.unique(residual_groups, return_inverse=True)[1].astype(np.int64)
    cross = _weighted_products(y, X, terms, groups, weights)
    model = Criterion(cross, reml)
    optimum = minimise(model)
    solution = optimum.solution
    variances = cross.scale**2 * solution.rss / model.df / solution.weights
    beta, cov_beta = fixed_effects(cross, solution, float(variances[0]))
    covariances = tuple(np.zeros((len(term.names), len(term.names))) for term in terms)
    for block, factor in zip(cross.layout.blocks, solution.factors, strict=True):
        root = block.inverse_basis @ factor
        covariances[block.term][np.ix_(block.columns, block.columns)] = variances[0] * root @ root.T
    return MixedFit(
        names=tuple(names),
        beta=beta,
        cov_beta=cov_beta,
        criterion=optimum.value,
        reml=reml,
        n=cross.n,
        residual_variance=float(variances[0]) if groups is None else variances,
        covariances=covariances,
        state=optimum.state,
        gradient_norm=optimum.gradient_norm,
        evaluations=optimum.evaluations,
        notes=(
            *(_boundary_notes(terms, covariances) if optimum.state == "boundary" else ()),
            *_second_notes(optimum, model, names, beta, cov_beta),
        ),
        terms=tuple(terms),
        X=X,
        model=model,
        parameters=optimum.parameters,
        curvature=optimum.curvature,
        weights=weights,
    )


def _weighted_products(
    y: Array, X: Array, terms: Sequence[RandomTerm], groups: NDArray[np.int64] | None, weights: Array | None
) -> CrossProducts:
    """The cross-products; with weights of rows times their roots, whose residuals are alike, and their logs.

    Everything on cross-products (inference, bootstrap, profiles) is then as without weights.
    """
    if weights is None:
        return cross_products(y, X, terms, groups)
    root = np.sqrt(weights)
    scaled = [replace(term, covariates=term.covariates * root[:, None]) for term in terms]
    cross = cross_products(y * root, X * root[:, None], scaled, groups)
    return replace(cross, log_weights=float(np.sum(np.log(weights))))


def fixed_effects(cross: CrossProducts, solution: Solution, sigma2: float) -> tuple[Array, Array]:
    """Coefficients (p,) and their covariance (p, p), in the user's units."""
    z = cross.layout.rest_width
    back = linalg.solve_triangular(cross.triangle, np.eye(cross.layout.p))
    beta = cross.ols + cross.scale * back @ solution.effects[z:]
    return beta, sigma2 * back @ solution.inverse[z:, z:] @ back.T


def _boundary_notes(terms: Sequence[RandomTerm], covariances: Sequence[Array]) -> list[str]:
    notes = []
    for term, covariance in zip(terms, covariances, strict=True):
        sds = np.sqrt(np.diag(covariance))
        zero = [name for name, sd in zip(term.names, sds, strict=True) if sd == 0]
        if zero:
            notes.append(f"{term.label()}: the variance of {', '.join(zero)} is estimated as zero")
        elif linalg.eigvalsh(covariance / np.outer(sds, sds))[0] < 1e-6:
            notes.append(f"{term.label()}: its effects are estimated as perfectly correlated")
    return notes


def _second_notes(optimum: Optimum, model: Criterion, names: Sequence[str], beta: Array, cov_beta: Array) -> list[str]:
    """What a second valley within reach says of the coefficient that it moves most."""
    if optimum.second is None:
        return []
    there, _ = fixed_effects(model.cross, model.solve(optimum.second.x), 1.0)
    most = int(np.argmax(np.abs(there - beta) / np.sqrt(np.diag(cov_beta))))
    return [
        f"a second optimum stands {optimum.second.value - optimum.value:.2f} above this one in the criterion: "
        f"{names[most]} is {there[most]:.4g} there in place of {beta[most]:.4g}, by other sizes of the random terms; "
        "does the slope between groups differ from the one within? Center the covariate by group to have both"
    ]


def _require_estimable(y: Array, X: Array, names: Sequence[str], terms: Sequence[RandomTerm]) -> None:
    """Refuse what no optimiser can mend, naming the culprit."""
    n = len(y)
    if X.shape != (n, len(names)):
        raise FitError(
            f"X has shape {X.shape}: with {n} responses and {len(names)} names it must be ({n}, {len(names)})"
        )
    if not (np.all(np.isfinite(y)) and np.all(np.isfinite(X))):
        raise FitError("the response or the fixed effects hold a value that is not finite: drop those rows")
    if n <= X.shape[1]:
        raise FitError(f"{n} rows cannot estimate {X.shape[1]} fixed effects: simplify the formula or add rows")
    for term in terms:
        _check_term(term, n)


def _check_term(term: RandomTerm, n: int) -> None:
    label = f"random term {term.label()}"
    if not np.all(np.isfinite(term.distinct)):
        raise FitError(f"{label}: a covariate is not finite; drop those rows")
    if term.shared:
        return
    if term.levels < 2:
        raise FitError(f"{label}: {term.group!r} has one level, so its variance cannot be estimated; drop the term")
    if term.levels >= n:
        raise FitError(f"{label}: {term.group!r} has as many levels as there are rows ({n}); drop the term")
    if term.levels * len(term.names) >= n:
        raise FitError(
            f"{label}: {term.levels * len(term.names)} random effects for {n} rows "
            "cannot be told from the residual; drop a covariate or the term"
        )
