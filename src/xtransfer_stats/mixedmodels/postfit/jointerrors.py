"""Errors of predictions: of combinations of fixed and random effects, from Henderson's mixed model equations.

The variance of x'b + z'u less its truth is sigma2 w' N^-1 w, N the equations' matrix (Henderson 1975, Biometrics 31,
423-447; Robinson 1991, Statistical Science 6, 15-32), given the variances. Its degrees of freedom follow Satterthwaite:
2 v^2 / Var(v), Var(v) from the derivatives of v in the variances and from their expected information. As the best
predictor l'y minimises v, these are (Z_i'l - z)' E (Z_i'l - z) for an element E of a covariance and the sum of l^2 for
the residual variance.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy import sparse
from scipy.sparse.linalg import splu

from xtransfer_stats.mixedmodels.mixedfit import MixedFit
from xtransfer_stats.mixedmodels.postfit.levels import UNKNOWN
from xtransfer_stats.mixedmodels.postfit.newrows import NewRows, NewTerm
from xtransfer_stats.mixedmodels.randomterms import Array, Codes, RandomTerm

# Near a variance of zero Satterthwaite's df go to zero and intervals to all numbers; with two, 95 % intervals of
# groups' means cover 95 to 98 % there (benchmarks/prediction_coverage.py).
LEAST_DF = 2.0
BATCH = 20_000_000  # numbers of a dense matrix that is held at once


@dataclass(frozen=True)
class ErrorVariance:
    """Variances of errors (m,), and their derivatives (m, v) in the variance parameters, in `Information`'s order."""

    value: Array
    slopes: Array


class JointErrors:
    """The equations of one fit, factorised once. residual: (n,) residual group of each row, 0 where there is one."""

    def __init__(self, fit: MixedFit, residual: Codes | None) -> None:
        self._fit = fit
        groups = np.zeros(fit.n, dtype=np.int64) if residual is None else residual
        weights = np.ones(fit.n) if fit.weights is None else fit.weights
        self._group_rows = [(groups == g) / weights for g in range(int(groups.max()) + 1)]
        self._precision = weights * fit.sigma2 / np.ravel(fit.residual_variance)[groups]
        self._roots = [_root(covariance / fit.sigma2) for covariance in fit.covariances]
        own = [NewTerm(term.codes, term.covariates, term.shared) for term in fit.terms]
        self._triangle: Array = np.linalg.qr(fit.X * np.sqrt(self._precision)[:, None]).R
        self._columns = [_columns(one, term) for one, term in zip(own, fit.terms, strict=True)]
        self._rows = self._working(self._columns, fit.X)

    def _working(self, columns: list[sparse.csr_matrix], X: Array) -> sparse.csr_matrix:
        """Rows of [Z root | X triangle^-1]: spherical effects, and coefficients of an orthonormal basis."""
        fixed = np.linalg.solve(self._triangle.T, X.T).T
        turned = [
            one @ sparse.kron(sparse.eye(one.shape[1] // len(root)), root)
            for one, root in zip(columns, self._roots, strict=True)
        ]
        return sparse.hstack([*turned, sparse.csr_matrix(fixed)]).tocsr()

    @cached_property
    def _solver(self) -> "splu":
        q = self._rows.shape[1] - len(self._triangle)
        ones = sparse.diags(np.r_[np.ones(q), np.zeros(len(self._triangle))])
        N = self._rows.T @ sparse.diags(self._precision) @ self._rows + ones
        options = {"SymmetricMode": True}
        return splu(N.tocsc(), permc_spec="MMD_AT_PLUS_A", diag_pivot_thresh=0.0, options=options)

    def errors(self, rows: NewRows, entering: list[bool]) -> ErrorVariance:
        """Of the linear predictor at new rows, random terms `entering` with the levels that the fit has seen."""
        m, size = len(rows.X), sum(self._rows.shape) + self._fit.n
        steps = range(0, m, max(1, BATCH // size))
        parts = [self._errors(rows, entering, slice(at, at + steps.step)) for at in steps]
        values = np.concatenate([np.zeros(0), *(part.value for part in parts)])
        width = len(self._fit.information.W)
        return ErrorVariance(values, np.concatenate([np.zeros((0, width)), *(part.slopes for part in parts)]))

    def _errors(self, rows: NewRows, entering: list[bool], some: slice) -> ErrorVariance:
        columns = [
            _columns(one if enters else None, term, some, len(rows.X[some]))
            for one, term, enters in zip(rows.terms, self._fit.terms, entering, strict=True)
        ]
        wanted = self._working(columns, rows.X[some])
        solved = self._solver.solve(np.ascontiguousarray(wanted.toarray().T))
        value = self._fit.sigma2 * np.asarray(wanted.multiply(solved.T).sum(axis=1)).ravel()
        predictor = self._precision[:, None] * (self._rows @ solved)  # (n, b): the weights l of y
        left = [
            (own.T @ predictor - one.T.toarray()).reshape(-1, len(root), predictor.shape[1])
            for own, one, root in zip(self._columns, columns, self._roots, strict=True)
        ]
        blocks = self._fit.model.layout.blocks
        slopes = [_squares(_turned(left[block.term][:, block.columns], block.inverse_basis)) for block in blocks]
        residual = np.array([np.einsum("n,nb->b", inside, predictor**2) for inside in self._group_rows]).T
        return ErrorVariance(value, np.concatenate([*slopes, residual], axis=1))

    def unseen(self, rows: NewRows, counted: list[bool]) -> ErrorVariance:
        """What random terms add whose levels the fit has not seen, z' G z; `counted`: all rows of these terms."""
        m, value = len(rows.X), np.zeros(len(rows.X))
        parts: list[Array] = [np.zeros((m, 0))] * len(rows.terms)
        for i, (one, every) in enumerate(zip(rows.terms, counted, strict=True)):
            out = np.zeros((m, len(self._fit.terms[i].names)))
            if one is not None and not one.shared:
                here = np.full(m, True) if every else one.codes == UNKNOWN
                out[here] = one.covariates[here]
            elif one is not None and every:
                out[:, 0] = np.sqrt(np.sum(one.covariates**2, axis=1))
            parts[i] = out
            value += np.einsum("ma,ab,mb->m", out, self._fit.covariances[i], out)
        blocks = self._fit.model.layout.blocks
        turned = [_turned(parts[block.term][:, block.columns].T[None], block.inverse_basis) for block in blocks]
        slopes = [_squares(one) for one in turned]
        groups = np.zeros((m, len(self._group_rows)))
        return ErrorVariance(value, np.concatenate([*slopes, groups], axis=1))

    def residual(self, rows: NewRows) -> ErrorVariance:
        """What a new observation adds: its own residual variance."""
        variances = np.ravel(self._fit.residual_variance)[rows.residual]
        others = sum(len(one) * (len(one) + 1) // 2 for one in (b.basis for b in self._fit.model.layout.blocks))
        slopes = np.zeros((len(variances), others + len(self._group_rows)))
        slopes[np.arange(len(variances)), others + rows.residual] = 1 / rows.weights
        return ErrorVariance(variances / rows.weights, slopes)

    def df(self, variance: Array, slopes: Array) -> Array:
        """Satterthwaite's degrees of freedom of variances (m,) with slopes (m, v)."""
        spread = np.einsum("mi,ij,mj->m", slopes, self._fit.information.W, slopes)
        working = variance / self._fit.model.cross.scale**2
        with np.errstate(divide="ignore", invalid="ignore"):
            df = np.where(spread > 0, 2 * working**2 / spread, np.inf)
        return np.asarray(np.maximum(df, LEAST_DF))


def _root(covariance: Array) -> Array:
    """A square root of a covariance (k, k), singular ones too."""
    sizes, axes = np.linalg.eigh(covariance)
    return np.asarray(axes * np.sqrt(np.maximum(sizes, 0.0)))


def _columns(
    one: NewTerm | None, term: RandomTerm, some: slice = slice(None), rows: int | None = None
) -> sparse.csr_matrix:
    """Z of some rows of a term, level by level, (m, levels k); rows of unknown levels, and of no term, are empty."""
    k = len(term.names)
    if one is None:
        return sparse.csr_matrix((rows or 0, term.levels * k))
    if one.shared:
        return sparse.csr_matrix(one.covariates[some])
    codes, covariates = one.codes[some], one.covariates[some]
    held = np.flatnonzero(codes != UNKNOWN)
    places = (np.repeat(held, k), (codes[held][:, None] * k + np.arange(k)).ravel())
    return sparse.csr_matrix((covariates[held].ravel(), places), (len(codes), term.levels * k))


def _turned(left: Array, inverse_basis: Array) -> Array:
    """Sums over covariates (levels, k, b) in the working basis."""
    return np.einsum("ac,lab->lcb", inverse_basis, left)


def _squares(left: Array) -> Array:
    """Derivatives in a covariance's elements, lower triangle row by row, (b, k (k + 1) / 2); left (levels, k, b)."""
    a, c = np.tril_indices(left.shape[1])
    return np.asarray(np.einsum("ljb,ljb->bj", left[:, a], left[:, c]) * np.where(a == c, 1.0, 2.0))
