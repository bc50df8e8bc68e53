"""Everything a Gaussian mixed model needs of its data: cross-products, formed once in O(n).

The working columns are ``[Z | Q | y]``: Z the random-effect columns, Q an orthonormal basis of the fixed
effects, y the response with Q projected out and scaled to unit variance (no digits are lost to its mean or
its unit).

Columns of a term stand covariate by covariate, its levels side by side: ``start + covariate * levels +
level``. The largest term with one covariate, the *lead*, has a diagonal cross-product and is kept apart, to
be eliminated first.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy import linalg, sparse

from xtransfer_stats.errors import FitError
from xtransfer_stats.stats.lmm.randomterms import Array, Block, RandomTerm, blocks_of, columns_of, lead_of


@dataclass(frozen=True)
class Sums:
    """Cross-products of the rows of one residual group (or their weighted sum)."""

    lead: Array  # (L,) diagonal of lead' lead
    cross: Array  # (L, m) lead' [rest | Q | y]
    dense: Array  # (m, m) [rest | Q | y]' [rest | Q | y]

    def __add__(self, other: "Sums") -> "Sums":
        return Sums(self.lead + other.lead, self.cross + other.cross, self.dense + other.dense)

    def times(self, weight: float) -> "Sums":
        return Sums(weight * self.lead, weight * self.cross, weight * self.dense)


@dataclass(frozen=True)
class CrossProducts:
    """The sufficient statistics of (y, X, Z), and how the working basis maps back to the user's."""

    blocks: tuple[Block, ...]
    lead: int | None  # index of the block kept apart
    sums: tuple[Sums, ...]  # one a residual group
    rows: NDArray[np.int64]  # (groups,) rows of each residual group
    triangle: Array  # (p, p) upper triangular: X = Q @ triangle
    ols: Array  # (p,) least-squares coefficients, taken out of y
    scale: float  # y = X @ ols + scale * (working y)

    @property
    def n(self) -> int:
        return int(self.rows.sum())

    @property
    def p(self) -> int:
        return len(self.triangle)

    @cached_property
    def rest_columns(self) -> tuple[tuple[int, slice], ...]:
        """(block, its columns) of every block but the lead."""
        rest = [i for i in range(len(self.blocks)) if i != self.lead]
        stops = np.cumsum([self.blocks[i].width for i in rest])
        return tuple(
            (i, slice(int(stop) - self.blocks[i].width, int(stop))) for i, stop in zip(rest, stops, strict=True)
        )

    @property
    def rest_width(self) -> int:
        return self.rest_columns[-1][1].stop if self.rest_columns else 0

    def weighted(self, weights: Array) -> Sums:
        total = self.sums[0].times(weights[0])
        for sums, weight in zip(self.sums[1:], weights[1:], strict=True):
            total = total + sums.times(weight)
        return total

    @cached_property
    def block_columns(self) -> tuple[slice, ...]:
        """Columns of each block in `whole`: the lead first, then the rest."""
        width = 0 if self.lead is None else self.blocks[self.lead].width
        out = [slice(0, width)] * len(self.blocks)
        for i, columns in self.rest_columns:
            out[i] = slice(columns.start + width, columns.stop + width)
        return tuple(out)

    def whole(self, sums: Sums) -> Array:
        """[Z Q y]' [Z Q y] of `sums` as one dense matrix."""
        return np.block([[np.diag(sums.lead), sums.cross], [sums.cross.T, sums.dense]])

    def with_response(self, sums: tuple[Sums, ...], ols: Array) -> "CrossProducts":
        """The same design with another response: `sums` in working units, `ols` what was taken out of it."""
        return replace(self, sums=sums, ols=ols)


def cross_products(
    y: Array, X: Array, terms: Sequence[RandomTerm], groups: NDArray[np.int64] | None = None
) -> CrossProducts:
    """Form the cross-products of y (n,), X (n, p) and the terms; `groups` (n,) are residual groups 0..G-1.

    Raises FitError when X or the covariates of a term are linearly dependent, or X reproduces y exactly.
    """
    groups = np.zeros(len(y), dtype=np.int64) if groups is None else groups
    Q, triangle = _orthonormal(X)
    coefficients = Q.T @ y
    residual = y - Q @ coefficients
    residual -= Q @ (Q.T @ residual)
    scale = _scale(residual, y, X)
    blocks = tuple(block for i, term in enumerate(terms) for block in blocks_of(i, term))
    lead = lead_of(blocks)
    columns = [columns_of(terms[block.term], block) for block in blocks]
    rest = sparse.hstack([c for i, c in enumerate(columns) if i != lead] + [sparse.csr_matrix((len(y), 0))]).tocsr()
    first = columns[lead] if lead is not None else sparse.csr_matrix((len(y), 0))
    known = np.column_stack([Q, residual / scale])
    rows = np.bincount(groups)
    masks = [slice(None)] if len(rows) == 1 else [groups == g for g in range(len(rows))]
    sums = tuple(_sums(first[mask], rest[mask], known[mask]) for mask in masks)
    return CrossProducts(blocks, lead, sums, rows, triangle, linalg.solve_triangular(triangle, coefficients), scale)


def _orthonormal(X: Array) -> tuple[Array, Array]:
    norms = np.linalg.norm(X, axis=0)
    if np.any(norms == 0):
        raise FitError("the fixed effects hold a column of zeros: drop it")
    Q, triangle = linalg.qr(X / norms, mode="economic")
    if len(X) < X.shape[1] or np.any(np.abs(np.diag(triangle)) < 1e-9):
        raise FitError("the fixed effects are linearly dependent: drop the columns that repeat others")
    return Q, triangle * norms


def _scale(residual: Array, y: Array, X: Array) -> float:
    total = float(residual @ residual)
    if total <= 1e-24 * float(y @ y) or total == 0:
        raise FitError("the fixed effects reproduce the response exactly: there is nothing left to estimate from")
    return float(np.sqrt(total / max(len(y) - X.shape[1], 1)))


def _sums(lead: sparse.csr_matrix, rest: sparse.csr_matrix, known: Array) -> Sums:
    inner = rest.T @ known
    dense = np.block([[(rest.T @ rest).toarray(), inner], [inner.T, known.T @ known]])
    cross = np.hstack([(lead.T @ rest).toarray(), lead.T @ known])
    return Sums(np.asarray(lead.multiply(lead).sum(axis=0)).ravel(), cross, dense)
