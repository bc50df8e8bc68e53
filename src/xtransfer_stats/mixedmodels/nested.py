"""Whether a smaller formula is part of a larger one: else a likelihood ratio of the two tests nothing.

Rows and response must be the same, the fixed effects of the smaller lie in the column space of the larger's, and each
of its random terms among those of a term of the larger with the same levels: then every model of the smaller is one of
the larger.
"""

import numpy as np

from xtransfer_stats.base.errors import FitError
from xtransfer_stats.base.usertext import few
from xtransfer_stats.mixedmodels.formula import FormulaFit
from xtransfer_stats.mixedmodels.likelihood.crossproducts import Array
from xtransfer_stats.mixedmodels.mixedfit import MixedFit
from xtransfer_stats.mixedmodels.randomterms import RandomTerm

BEYOND = 1e-6  # share of a column's length that is left beside a space that holds it but for rounding


def require_nested(null: FormulaFit, full: FormulaFit) -> None:
    """Raise FitError that names what of `null` is not in `full`."""
    if any(np.ndim(one.fit.residual_variance) for one in (null, full)):
        raise FitError(
            "against: models with residual variances by group are not compared; leave out residual.",
            ["against:", "residual."],
        )
    smaller = f"against {null.formula!r}"
    _require_same_rows(null, full, smaller)
    outside = [name for name, column in zip(null.fit.names, null.fit.X.T, strict=True) if _left(column, full.fit.X)]
    if outside:
        raise FitError(
            f"{smaller} is no part of {full.formula!r}: its fixed effects {few(outside, 5)} are not among the "
            "larger's; give fewer of its terms",
            [smaller],
        )
    for term in null.fit.terms:
        if not any(_held(term, other) for other in _free(full.fit)):
            raise FitError(
                f"{smaller} is no part of {full.formula!r}: its random term {term.label()} is not among the larger's; "
                "give fewer of its terms",
                [smaller],
            )
    if parameters(null.fit) >= parameters(full.fit):
        raise FitError(
            f"{smaller} is no part of {full.formula!r} but as large: it has as many parameters; give fewer of its "
            "terms",
            [smaller],
        )


def parameters(fit: MixedFit) -> int:
    """Coefficients and covariance parameters, the residual variance left out."""
    return fit.X.shape[1] + len(fit.parameters)


def _require_same_rows(null: FormulaFit, full: FormulaFit, smaller: str) -> None:
    rows, others = (np.arange(one.fit.n) if one.source is None else one.source.rows for one in (null, full))
    if not np.array_equal(rows, others):
        raise FitError(
            f"{smaller}: other rows than {full.formula!r} has ({null.fit.n} and {full.fit.n}), as their columns have "
            "other gaps; drop rows with gaps first",
            [smaller],
        )
    if not np.array_equal(null.response, full.response):
        raise FitError(
            f"{smaller}: another response (or offset) than {full.formula!r} has, so that their likelihoods do not "
            "compare; write the same left side and the same offset",
            [smaller],
        )


def _left(column: Array, space: Array) -> bool:
    """Whether a column (n,) has a part outside the span of the columns of `space` (n, p)."""
    scaled = space / np.maximum(np.linalg.norm(space, axis=0), 1e-300)
    rest = column - scaled @ np.linalg.lstsq(scaled, column, rcond=None)[0]
    return bool(np.linalg.norm(rest) > BEYOND * np.linalg.norm(column))


def _free(fit: MixedFit) -> list[RandomTerm]:
    """The terms with a covariance matrix of their own each: an uncorrelated term is several."""
    blocks = fit.model.layout.blocks
    return [
        fit.terms[b.term]
        if len(b.columns) == len(fit.terms[b.term].names)
        else RandomTerm(
            fit.terms[b.term].group,
            fit.terms[b.term].codes,
            fit.terms[b.term].levels,
            fit.terms[b.term].covariates[:, list(b.columns)],
            tuple(fit.terms[b.term].names[a] for a in b.columns),
        )
        for b in blocks
    ]


def _held(term: RandomTerm, other: RandomTerm) -> bool:
    """Whether `other`, with a free covariance, has all covariances that `term` can have."""
    if term.shared or other.shared:
        same = term.shared and other.shared and term.covariates.shape == other.covariates.shape
        return same and bool(np.allclose(term.covariates, other.covariates))
    if term.levels != other.levels or len(np.unique(term.codes * other.levels + other.codes)) != term.levels:
        return False
    return not any(_left(column, other.covariates) for column in term.covariates.T)
