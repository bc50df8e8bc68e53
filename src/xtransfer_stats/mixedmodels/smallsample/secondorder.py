"""Kenward and Roger's quantities on cross-products: their cost does not grow with the rows.

Elements of the covariance come in three kinds: the lead's, those of the other random terms, and the residual variances
of groups of rows. For each pair of kinds the n x n traces of Kenward & Roger (1997, Biometrics 53, 983-997) come down
to sums over the lead's levels of small matrices and to products of the M x M ones of a `PrecisionSpace`.
"""

from collections.abc import Iterable

import numpy as np
from scipy import linalg

from xtransfer_stats.mixedmodels.likelihood.criterion import Criterion
from xtransfer_stats.mixedmodels.likelihood.layout import ParameterLayout
from xtransfer_stats.mixedmodels.likelihood.levelalgebra import product, transposed
from xtransfer_stats.mixedmodels.randomterms import Array
from xtransfer_stats.mixedmodels.smallsample.information import Information
from xtransfer_stats.mixedmodels.smallsample.precisionspace import GroupShare, Pairs, PrecisionSpace

Entry = tuple[Array, float]  # (p, p) X' V^-1 V_i V^-1 V_j V^-1 X and tr(V^-1 V_i V^-1 V_j) of two elements


def information(model: Criterion, parameters: Array) -> Information:
    """Information at `parameters`, with the residual variance profiled."""
    solution = model.solve(parameters)
    space, sigma2 = PrecisionSpace(model, solution), solution.rss / model.df
    shares = [GroupShare(space, model, g, float(w)) for g, w in enumerate(solution.weights)]
    kinds = _Kinds(space, shares)
    P, Q, K = kinds.tables()
    order = _order(model.layout, len(P))
    P, Q, K = P[order], Q[np.ix_(order, order)], K[np.ix_(order, order)]
    phi = sigma2 * linalg.inv(space.full[space.fixed, space.fixed])
    return Information(sigma2, phi, P / sigma2**2, Q / sigma2**3, K / sigma2**2)


def _order(layout: ParameterLayout, count: int) -> list[int]:
    """Where the elements, made in the order lead, rest, residual groups, stand in the order of the blocks."""
    made = [*layout.lead, *(i for i, _ in layout.rest_columns)]
    starts = np.cumsum([0, *(len(layout.triangles[i][0]) for i in made)])
    where = {i: range(int(start), int(stop)) for i, start, stop in zip(made, starts, starts[1:], strict=False)}
    return [*(place for i in range(len(layout.blocks)) for place in where[i]), *range(int(starts[-1]), count)]


class _Kinds:
    """The entries of each pair of kinds."""

    def __init__(self, space: PrecisionSpace, shares: list[GroupShare]) -> None:
        self.space, self.shares = space, shares
        self.acted = [e.act(space.full[space.random, space.fixed]) for e in space.elements]
        self.spread = {pair: space.F @ table for pair, table in space.near.items()}  # F t_a' t_b

    def tables(self) -> tuple[Array, Array, Array]:
        """P (v, p, p), Q (v, v, p, p) and K (v, v) of the lead's elements, the rest's and the groups."""
        space, fixed = self.space, self.space.fixed
        far = space.full[fixed, space.random]
        P = [one[fixed, fixed] for one in space.through] + [far @ x for x in self.acted]
        P += [share.through[fixed, fixed] for share in self.shares]
        Q, K = np.zeros((len(P), *np.shape(P))), np.zeros((len(P), len(P)))
        for (i, j), (q, trace) in self._entries():
            Q[i, j], Q[j, i], K[i, j], K[j, i] = q, q.T, trace, trace
        return np.array(P), Q, K

    def _entries(self) -> Iterable[tuple[tuple[int, int], Entry]]:
        first, second = len(self.space.pairs), len(self.space.pairs) + len(self.acted)
        for i, parts in enumerate(self.space.pairs):
            yield from (((i, j), self._leads(parts, self.space.pairs[j])) for j in range(i + 1))
        for e in range(len(self.acted)):
            yield from (((i, first + e), self._lead_rest(i, e)) for i in range(first))
            yield from (((first + e, first + f), self._rests(e, f)) for f in range(e + 1))
        for g, share in enumerate(self.shares):
            yield from (((second + g, i), self._group_lead(share, parts)) for i, parts in enumerate(self.space.pairs))
            yield from (((second + g, first + e), self._group_rest(share, e)) for e in range(len(self.acted)))
            yield from (((second + g, second + h), self._groups(g, h)) for h in range(g + 1))

    def _leads(self, one: Pairs, other: Pairs) -> Entry:
        """Sums over the pairs of Y_a' U_bc Y_d and tr U_da U_bc; Y = Z' V^-1 X, U = Z' V^-1 Z = own - t F t'."""
        Y, own, within, last = self.space.reach, self.space.own, self.space.within, self.space.last
        q, trace = np.zeros((last.shape[1],) * 2), 0.0
        for a, b in one:
            for c, d in other:
                q += (Y[a].T * own[b, c]) @ Y[d] - last.T @ self.space.near[a, b] @ self.spread[c, d] @ last
                trace += float(own[d, a] @ own[b, c] - own[d, a] @ within[b, c] - own[b, c] @ within[d, a])
                trace += float(np.sum(self.spread[a, b] * self.spread[c, d].T))
        return q, trace

    def _lead_rest(self, i: int, e: int) -> Entry:
        through, space = self.space.through[i], self.space
        return through[space.fixed, space.random] @ self.acted[e], space.elements[e].trace(
            through[space.random, space.random]
        )

    def _rests(self, e: int, f: int) -> Entry:
        core, elements = self.space.full[self.space.random, self.space.random], self.space.elements
        return self.acted[e].T @ core @ self.acted[f], elements[e].pair(elements[f], core)

    def _group_lead(self, share: GroupShare, parts: Pairs) -> Entry:
        """From X' V^-1 I_g V^-1 Z = w^2 (v - N F t')' on the level's effects, v turned by (I + G S)^-1."""
        space, F, last = self.space, self.space.F, self.space.last
        shrink = space.lead.shrink
        turned = share.links.mixed(transposed(shrink))
        ahead, level = turned.times(last), product(product(transposed(shrink), share.gram), shrink).sum(axis=2)
        beside = turned.between(F, space.smooth).sum(axis=2)
        q, trace, inner = np.zeros((last.shape[1],) * 2), 0.0, F @ share.N
        for a, b in parts:
            q += ahead[a].T @ space.reach[b] - last.T @ inner.T @ space.near[a, b] @ last
            trace += float(level[a, b] - beside[a, b] - beside[b, a] + np.sum(inner * self.spread[a, b].T))
        return share.weight**2 * q, share.weight**2 * trace

    def _group_rest(self, share: GroupShare, e: int) -> Entry:
        space = self.space
        inner = share.through[space.random, space.random]
        return share.through[space.fixed, space.random] @ self.acted[e], space.elements[e].trace(inner)

    def _groups(self, g: int, h: int) -> Entry:
        """From I_g V^-1 I_h = w_g I_g (g = h) - w_g w_h I_g [Z R] A [Z R]' I_h, A the conditional covariance of all."""
        space, one, other, kappa, F = self.space, self.shares[g], self.shares[h], self.space.lead.kappa, self.space.F
        met, weight = one.N @ F @ other.N, one.weight**2 * other.weight**2
        trace = np.sum((F @ one.N) * (F @ other.N).T)
        if len(kappa):
            carried = one.links.summed(other.links.mixed(kappa))
            met = met + carried
            held = product(kappa, one.gram), product(kappa, other.gram)
            trace += np.sum(held[0] * transposed(held[1])) + 2 * np.sum(F * carried)
        q, trace = -weight * space.last.T @ met @ space.last, weight * trace
        if g == h:
            left = np.sum(kappa * one.gram) + np.sum(F * one.N)
            q += one.weight * one.through[space.fixed, space.fixed]
            trace += one.weight**2 * one.rows - 2 * one.weight**3 * left
        return q, float(trace)
