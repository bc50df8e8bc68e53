"""Everything a Gaussian mixed model needs of its data: cross-products, formed once in O(n).

The working columns are ``[Z | Q | y]``: Z the random-effect columns, Q an orthonormal basis of the fixed
effects, y the response with Q projected out and scaled to unit variance (no digits are lost to its mean or
its unit).

Columns of a term stand covariate by covariate, its levels side by side: ``start + covariate * levels +
level``. The largest term with one covariate, the *lead*, has a diagonal cross-product and is kept apart, to
be eliminated first.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy import linalg, sparse

from xtransfer_stats.base.errors import FitError
from xtransfer_stats.mixedmodels.designcolumns import DesignColumns, columns_of, links_of, mostly_empty, table_of
from xtransfer_stats.mixedmodels.layout import ParameterLayout
from xtransfer_stats.mixedmodels.randomterms import Array, RandomTerm, blocks_of, lead_of

WELL_CONDITIONED = 1e-5  # smallest diagonal of the Cholesky factor of unit columns where the fast basis is exact


@dataclass(frozen=True)
class Sums:
    """Cross-products of the rows of one residual group (or their weighted sum)."""

    lead: Array  # (L,) diagonal of lead' lead
    cross: Array | sparse.csr_matrix  # (L, m) lead' [rest | Q | y]; sparse where most of it is empty
    dense: Array  # (m, m) [rest | Q | y]' [rest | Q | y]

    def __add__(self, other: "Sums") -> "Sums":
        return Sums(self.lead + other.lead, self.cross + other.cross, self.dense + other.dense)

    def times(self, weight: float) -> "Sums":
        """All of them times a number."""
        return Sums(weight * self.lead, weight * self.cross, weight * self.dense)

    def with_response(self, lead_y: Array, rest_y: Array, y_y: float) -> "Sums":
        """The same columns with another response: its products with the lead, with [rest | Q], with itself."""
        dense = self.dense.copy()
        dense[:-1, -1] = dense[-1, :-1] = rest_y
        dense[-1, -1] = y_y
        return Sums(self.lead, _last_column(self.cross, lead_y), dense)

    @cached_property
    def table(self) -> Array:
        """`cross` as a dense matrix."""
        return self.cross if isinstance(self.cross, np.ndarray) else self.cross.toarray()


def _last_column(table: Array | sparse.csr_matrix, column: Array) -> Array | sparse.csr_matrix:
    if isinstance(table, np.ndarray):
        return np.column_stack([table[:, :-1], column])
    return sparse.hstack([table[:, :-1], sparse.csr_matrix(column[:, None])], format="csr")


@dataclass(frozen=True)
class CrossProducts:
    """The sufficient statistics of (y, X, Z), and how the working basis maps back to the user's."""

    layout: ParameterLayout
    sums: tuple[Sums, ...]  # one a residual group
    rows: NDArray[np.int64]  # (groups,) rows of each residual group
    triangle: Array  # (p, p) upper triangular: X = Q @ triangle
    ols: Array  # (p,) least-squares coefficients, taken out of y
    scale: float  # y = X @ ols + scale * (working y)
    log_weights: float = 0.0  # sum of the logs of the rows' prior weights

    @property
    def n(self) -> int:
        """Rows of the data."""
        return int(self.rows.sum())

    def weighted(self, weights: Array) -> Sums:
        """The sum of all groups' cross-products, each times its weight; weights (groups,)."""
        if len(weights) == 1 and weights[0] == 1.0:
            return self.sums[0]
        total = self.sums[0].times(weights[0])
        for sums, weight in zip(self.sums[1:], weights[1:], strict=True):
            total = total + sums.times(weight)
        return total

    def whole(self, sums: Sums) -> Array:
        """[Z Q y]' [Z Q y] of `sums` as one dense matrix."""
        return np.block([[np.diag(sums.lead), sums.table], [sums.table.T, sums.dense]])


def cross_products(
    y: Array, X: Array, terms: Sequence[RandomTerm], groups: NDArray[np.int64] | None = None
) -> CrossProducts:
    """Form the cross-products of y (n,), X (n, p) and the terms; `groups` (n,) are residual groups 0..G-1.

    Raises FitError when X or the covariates of a term are linearly dependent, or X reproduces y exactly.
    """
    groups = np.zeros(len(y), dtype=np.int64) if groups is None else groups
    Q, triangle = _orthonormal(X.T)
    coefficients = Q @ y
    residual = y - coefficients @ Q
    residual -= (Q @ residual) @ Q
    scale = _scale(residual, y, X)
    blocks = tuple(block for i, term in enumerate(terms) for block in blocks_of(i, term))
    lead = lead_of(blocks)
    columns = [columns_of(terms[block.term], block) for block in blocks]
    first = columns.pop(lead) if lead is not None else DesignColumns(groups * 0, 0, (None,))
    known = np.empty((len(Q) + 1, len(y)))
    known[:-1] = Q
    np.divide(residual, scale, out=known[-1])
    rows = np.bincount(groups)
    masks = [slice(None)] if len(rows) == 1 else [groups == g for g in range(len(rows))]
    empty = mostly_empty(first, columns)
    sums = tuple(_sums(first.rows(m), [c.rows(m) for c in columns], known[:, m], empty) for m in masks)
    layout = ParameterLayout(blocks, lead, X.shape[1])
    return CrossProducts(layout, sums, rows, triangle, linalg.solve_triangular(triangle, coefficients), scale)


def _orthonormal(columns: Array) -> tuple[Array, Array]:
    """Q (p, n) with orthonormal rows and R (p, p) upper triangular, columns (p, n) = R' Q."""
    norms = np.linalg.norm(columns, axis=1)
    if np.any(norms == 0):
        raise FitError("the fixed effects hold a column of zeros: drop it")
    Q, triangle = _basis(columns / norms[:, None])
    if len(triangle) < len(columns) or np.any(np.abs(np.diag(triangle)) < 1e-9):
        raise FitError("the fixed effects are linearly dependent: drop the columns that repeat others")
    return Q, triangle * norms


def _basis(columns: Array) -> tuple[Array, Array]:
    """Cholesky's basis, taken twice, is orthonormal to the last digits where X is well conditioned, and fast.

    Yamamoto, Nakatsukasa, Yanagisawa & Fukaya (2015), Electron. Trans. Numer. Anal. 44, 306-326.
    """
    try:
        first = linalg.cholesky(columns @ columns.T)
        poor = np.min(np.diag(first)) < WELL_CONDITIONED
    except linalg.LinAlgError:
        poor = True
    if poor:  # Householder's basis then
        Q, triangle = linalg.qr(columns.T, mode="economic")
        return np.ascontiguousarray(Q.T), triangle
    Q = linalg.solve_triangular(first, np.eye(len(first))).T @ columns
    second = linalg.cholesky(Q @ Q.T)
    return linalg.solve_triangular(second, np.eye(len(first))).T @ Q, second @ first


def _scale(residual: Array, y: Array, X: Array) -> float:
    total = float(residual @ residual)
    if total <= 1e-24 * float(y @ y) or total == 0:
        raise FitError("the fixed effects reproduce the response exactly: there is nothing left to estimate from")
    return float(np.sqrt(total / max(len(y) - X.shape[1], 1)))


def _sums(lead: DesignColumns, rest: Sequence[DesignColumns], known: Array, empty: bool) -> Sums:
    inner = np.vstack([np.zeros((0, len(known))), *(part.onto(known) for part in rest)])
    dense = np.block([[table_of(rest), inner], [inner.T, known @ known.T]])
    if lead.levels == 0:
        return Sums(np.zeros(0), np.zeros((0, len(dense))), dense)
    return Sums(lead.diagonal(), links_of(lead, rest, known, empty=empty), dense)
