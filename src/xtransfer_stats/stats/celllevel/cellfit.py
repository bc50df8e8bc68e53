"""A fitted cell-level model: means with their small-sample inference, predicted slopes of languages, fitted scores."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy import stats

from xtransfer_stats.base.errors import FitError
from xtransfer_stats.base.threads import one_blas_thread
from xtransfer_stats.mixedmodels.blocks import BlockModel, BlockPattern, PartSolution
from xtransfer_stats.mixedmodels.smallsample.dfmethods import kenward_roger_moments
from xtransfer_stats.mixedmodels.smallsample.information import adjusted_covariance
from xtransfer_stats.mixedmodels.variances import VarianceOptimum, minimise_variances
from xtransfer_stats.stats.celllevel.celldata import CellData, Codes
from xtransfer_stats.stats.celllevel.parts import (
    LuckTerm,
    Slopes,
    basis_constant,
    deviations_part,
    means_part,
    pooled_deviations,
)
from xtransfer_stats.stats.core.inference import Array, Moments

METHOD = "cell-level REML, Kenward-Roger df"
LEAST_RESIDUAL = 1e-6  # of its start value; with less, rounding decides
FAINT = 0.01  # of the likely start, for a variance that is zero in a fit near by
LIKELY = 0.1  # share of the residual variance that a start gives every other one


@dataclass(frozen=True)
class CellFit:
    """A fit of luck, language slopes and a residual variance a target task; `slopes` None: every cell mean is fixed.

    The variances theta (q,) are those of luck, of language slopes (a count each), of slopes within target tasks, and
    residuals. extra: whether a covariate stands after the means of counts and target tasks.
    """

    data: CellData
    luck: tuple[LuckTerm, ...]
    slopes: Slopes | None
    optimum: VarianceOptimum

    @property
    def theta(self) -> Array:
        """The estimated variances, (q,)."""
        return self.optimum.solution.theta

    @property
    def first_slope(self) -> int:
        """Place of the first slope's variance."""
        return len(self.luck)

    @property
    def residual(self) -> Array:
        """Residual variance of each target task, (T,)."""
        return self.theta[-len(self.data.tasks) :]

    @property
    def of_languages(self) -> Array:
        """Variances of the language slopes by count; empty without."""
        has = self.slopes is not None and self.slopes.language
        return self.theta[self.first_slope : self.first_slope + len(self.data.counts) * has]

    @property
    def within_tasks(self) -> Array:
        """Variances of the slopes within target tasks, those of `slopes.tasks`."""
        start = self.first_slope + len(self.of_languages)
        return self.theta[start : len(self.theta) - len(self.data.tasks)]

    @property
    def means(self) -> PartSolution:
        """The part of the means: beta holds the mean of each count and target task, counts first."""
        return self.optimum.solution.parts[0]

    @cached_property
    def W(self) -> Array:  # noqa: N802 - Kenward and Roger's letter
        """Covariance (q, q) of the variances' estimates."""
        return np.asarray(2 * np.linalg.pinv(self.optimum.expected, hermitian=True))

    @cached_property
    def adjusted(self) -> Array:
        """Kenward and Roger's covariance of the means."""
        return adjusted_covariance(self.means.information, self.W)

    @cached_property
    def _steps(self) -> Array:
        """(q, p, p): derivative of the means' covariance in each variance."""
        return self.means.phi @ self.means.information.P @ self.means.phi

    def moments(self, L: Array, n_runs: int = 0, method: str = METHOD) -> Moments:
        """Each row of L (m, p) of the means on its own."""
        slopes = np.einsum("mp,vpr,mr->mv", L, self._steps, L)
        spread = np.einsum("mp,pr,mr->m", L, self.means.phi, L)
        return Moments(
            L @ self.means.beta,
            np.sqrt(np.einsum("mp,pr,mr->m", L, self.adjusted, L)),
            _df(spread, slopes, self.W),
            method,
            n_runs,
        )

    def cell_moments(self, L: Array, n_runs: int = 0, method: str = METHOD) -> Moments:
        """Each row of L (m, 1 + counts, C) of cell means on its own; needs a fit in which every cell mean is fixed."""
        covariance, adjusted, slopes = self._of_cells(L)
        spread = np.diagonal(covariance)
        df = _df(spread, np.diagonal(slopes, axis1=1, axis2=2).T, self.W)
        return Moments(self._cell_estimates(L), np.sqrt(np.diagonal(adjusted)), df, method, n_runs)

    def f_test(self, L: Array) -> tuple[float, float, float, float]:
        """Joint test of independent rows L (m, 1 + counts, C) of cell means: F, numerator and denominator df, p."""
        covariance, adjusted, slopes = self._of_cells(L)
        estimate, rank = self._cell_estimates(L), len(L)
        scale, df = kenward_roger_moments(np.asarray(np.linalg.solve(covariance, slopes)), self.W, rank)
        F = scale * float(estimate @ np.linalg.solve(adjusted, estimate)) / rank
        return F, float(rank), df, float(stats.f.sf(F, rank, df))

    def _cell_estimates(self, L: Array) -> Array:
        means = self.means.beta.reshape(len(self.data.runs_at), -1)
        deviations = self.data.over_runs(self.data.deviations)
        return np.einsum("mkc,kc->m", L, means[:, self.data.task] + deviations)

    def _of_cells(self, L: Array) -> tuple[Array, Array, Array]:
        """Covariance of L's estimates, adjusted covariance, both (m, m), and derivatives (q, m, m)."""
        if self.slopes is not None:
            raise FitError("cell means are fixed effects of the model without language slopes only")
        member = (self.data.task[:, None] == np.arange(len(self.data.tasks))).astype(float)
        of_task = L @ member  # (m, 1 + counts, T)
        rows = of_task.reshape(len(L), -1)
        within = L - (of_task / self.data.per_task) @ member.T
        covariance = rows @ self.means.phi @ rows.T
        adjusted = rows @ self.adjusted @ rows.T
        slopes = rows @ self._steps @ rows.T
        first = len(self.theta) - len(self.data.tasks)
        for task in range(len(self.data.tasks)):
            part = within[:, :, self.data.task == task] / np.sqrt(self.data.runs_at)[:, None]
            own = np.tensordot(part, part, ([1, 2], [1, 2]))
            slopes[first + task] += own
            covariance, adjusted = covariance + self.residual[task] * own, adjusted + self.residual[task] * own
        return covariance, adjusted, slopes

    def predicted(self, weights: Array) -> tuple[Array, Array]:
        """Weighted sums of the slopes of languages, weights (m, counts, C), and the standard errors; both (m,).

        Weights must sum to zero within each count and target task: the means hold what slopes have in common.
        """
        if self.slopes is None or len(self.optimum.solution.parts) < 2:
            return np.zeros(len(weights)), np.zeros(len(weights))
        part = self.optimum.solution.parts[1]
        estimate, variance = np.zeros(len(weights)), np.zeros(len(weights))
        leaning = np.zeros((len(weights), len(part.beta)))
        rows = weights.transpose(0, 2, 1).reshape(len(weights), -1)  # by cell, then count
        for pattern, inverse, pull in zip(part.patterns, part.inverses, part.weighted, strict=True):
            mine = rows[:, pattern.places].swapaxes(0, 1)  # (languages, m, n)
            reach = mine @ self._prior(pattern)
            through = reach @ inverse
            estimate += np.einsum("bmn,bn->m", reach, pull)
            variance += np.einsum("bmn,bmn->m", reach, mine - through)
            leaning += np.einsum("bmn,bnp->mp", through, pattern.X)
        variance += np.einsum("mp,pr,mr->m", leaning, part.phi, leaning)
        return estimate, np.sqrt(np.maximum(variance, 0.0))

    def _prior(self, pattern: BlockPattern) -> Array:
        """Covariance of the slopes in a block's rows."""
        slopes = np.flatnonzero(pattern.index < len(self.theta) - len(self.data.tasks))
        return np.tensordot(self.theta[pattern.index[slopes]], pattern.kernels[slopes], 1)


def _df(spread: Array, slopes: Array, W: Array) -> Array:
    """Kenward-Roger's df of single hypotheses from their variances (m,) and derivatives (m, q)."""
    below = np.einsum("mv,vw,mw->m", slopes, W, slopes)
    return np.divide(2 * spread**2, below, out=np.full(len(spread), np.inf), where=below > 0)


@one_blas_thread()
def fit_cells(
    data: CellData,
    luck: tuple[LuckTerm, ...],
    slopes: Slopes | None,
    extra: Array | None = None,
    near: CellFit | None = None,
) -> CellFit:
    """REML fit; slopes None: every cell mean is a fixed effect. extra (R, T): a covariate of the means.

    near: a fit with the same luck, whose variances are the start. Raises FitError where it does not converge.
    """
    tasks, counts = len(data.tasks), len(data.counts)
    n_slopes = 0 if slopes is None else counts * slopes.language + len(slopes.tasks)
    first = len(luck) + n_slopes
    parts = [tuple(means_part(data, luck, first, extra))]
    if slopes is not None:
        parts.append(tuple(deviations_part(data, slopes, len(luck), first)))
    pooled = pooled_deviations(data, first)
    model = BlockModel(tuple(parts), pooled, first + tasks, basis_constant(data))
    residual = _start(data, pooled.squares / pooled.df, pooled.index - first)
    start = np.append(np.full(first, LIKELY * residual.mean()), residual)
    least = np.append(np.zeros(first), LEAST_RESIDUAL * residual)
    if near is not None:
        start[: len(luck)] = np.maximum(near.theta[: len(luck)], FAINT * start[: len(luck)])
        start[first:] = near.residual
    try:
        optimum = minimise_variances(model, start, least)
    except np.linalg.LinAlgError as error:
        raise FitError(f"the cell-level model cannot be evaluated: {error}") from None
    if optimum.state == "failed":
        raise FitError("the cell-level model does not converge; add seeds")
    return CellFit(data, luck, slopes, optimum)


def _start(data: CellData, known: Array, where: Codes) -> Array:
    """Residual variances to start from: the pooled ones, their median where a target task has none."""
    start = np.full(len(data.tasks), float(np.median(known)) if len(known) else 1.0)
    start[where] = np.maximum(known, 1e-6 * max(float(np.max(known, initial=0.0)), 1e-12))
    return start
