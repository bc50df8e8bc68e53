"""Everything a Gaussian mixed model needs of its data: cross-products, formed once in O(n).

The working columns are ``[Z | Q | y]``: Z the random-effect columns, Q an orthonormal basis of the fixed
effects, y the response with Q projected out and scaled to unit variance (no digits are lost to its mean or
its unit).

Columns of a term stand covariate by covariate, its levels side by side: ``start + covariate * levels +
level``. The grouping with most effects, the *lead*, has a block diagonal cross-product, k x k a level, and is kept
apart, to be eliminated first.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import product

import numpy as np
from numpy.typing import NDArray
from scipy import linalg

from xtransfer_stats.base.errors import FitError
from xtransfer_stats.mixedmodels.likelihood.designcolumns import DesignColumns, columns_of, joined, table_of
from xtransfer_stats.mixedmodels.likelihood.layout import ParameterLayout
from xtransfer_stats.mixedmodels.likelihood.leadcolumns import linked
from xtransfer_stats.mixedmodels.likelihood.links import DenseLinks, Links
from xtransfer_stats.mixedmodels.randomterms import Array, RandomTerm, blocks_of, lead_of, require_held

WELL_CONDITIONED = 1e-5  # smallest diagonal of the Cholesky factor of unit columns where the fast basis is exact


@dataclass(frozen=True)
class Sums:
    """Cross-products of the rows of one residual group (or their weighted sum)."""

    lead: Array  # (k, k, L) lead' lead of each level
    cross: Links  # lead' [rest | Q | y], (k, L, m)
    dense: Array  # (m, m) [rest | Q | y]' [rest | Q | y]

    def __add__(self, other: "Sums") -> "Sums":
        return Sums(self.lead + other.lead, self.cross.plus(other.cross), self.dense + other.dense)

    def times(self, weight: float) -> "Sums":
        """All of them times a number."""
        return Sums(weight * self.lead, self.cross.scaled(weight), weight * self.dense)

    def with_response(self, lead_y: Array, rest_y: Array, y_y: float) -> "Sums":
        """The same columns with another response: its products with the lead (k, L), with [rest | Q], with itself."""
        dense = self.dense.copy()
        dense[:-1, -1] = dense[-1, :-1] = rest_y
        dense[-1, -1] = y_y
        return Sums(self.lead, self.cross.with_response(lead_y), dense)


def without_links(dense: Array) -> Sums:
    """Sums with no lead."""
    return Sums(np.zeros((0, 0, 0)), DenseLinks(np.zeros((0, 0, len(dense)))), dense)


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

    def without_lead(self) -> "CrossProducts":
        """The same with no block kept apart: of more work an evaluation, and simpler."""
        start, last = self.layout.block_columns, self.layout.p + 1
        width = sum(block.width for block in self.layout.blocks)
        order = np.concatenate([*(np.arange(c.start, c.stop) for c in start), np.arange(width, width + last)])
        whole = [self.whole(one)[np.ix_(order, order)] for one in self.sums]
        sums = tuple(without_links(dense) for dense in whole)
        return replace(self, layout=replace(self.layout, lead=()), sums=sums)

    def whole(self, sums: Sums) -> Array:
        """[Z Q y]' [Z Q y] of `sums` as one dense matrix."""
        table = sums.cross.table
        own = np.zeros((len(table), len(table)))
        k, _, levels = sums.lead.shape
        for a, b in product(range(k), repeat=2):
            own[a * levels : (a + 1) * levels, b * levels : (b + 1) * levels] = np.diag(sums.lead[a, b])
        return np.block([[own, table], [table.T, sums.dense]])


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
    lead = lead_of(blocks, terms)
    require_held(blocks, lead, terms)
    columns = [columns_of(terms[block.term], block) for block in blocks]
    first = joined([columns[i] for i in lead])
    rest = [part for i, part in enumerate(columns) if i not in lead]
    known = np.empty((len(Q) + 1, len(y)))
    known[:-1] = Q
    np.divide(residual, scale, out=known[-1])
    rows = np.bincount(groups)
    masks = [slice(None)] if len(rows) == 1 else [groups == g for g in range(len(rows))]
    dense = [_dense([part.rows(m) for part in rest], known[:, m]) for m in masks]
    if first is None:
        sums = tuple(without_links(one) for one in dense)
    else:
        own = [first.rows(m).by_level() for m in masks]
        sums = tuple(map(Sums, own, linked(first, rest, known, masks), dense))
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


def _dense(rest: Sequence[DesignColumns], known: Array) -> Array:
    inner = np.vstack([np.zeros((0, len(known))), *(part.onto(known) for part in rest)])
    return np.block([[table_of(rest), inner], [inner.T, known @ known.T]])
