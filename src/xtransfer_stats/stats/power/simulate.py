"""Power by simulated studies that the product's own run-level analysis tests.

A study's estimate moves with the true effect and its error does not, so one simulation without any effect gives the
whole power curve: the effect is added to the estimates.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from xtransfer_stats.stats.core.estimands import effects
from xtransfer_stats.stats.core.inference import Array
from xtransfer_stats.stats.power.plans import StudyPlan, Variances
from xtransfer_stats.stats.runlevel.runlevel import RunLevel

BEYOND = 1e9  # points: where no effect of that size is found, none is
STEPS = 60  # of the bisection for the detectable effect


@dataclass(frozen=True)
class NullStudies:
    """Estimates, standard errors and df of simulated studies without an effect; (counts, studies), in points."""

    estimate: Array
    std_error: Array
    df: Array
    alpha: float

    @cached_property
    def _limits(self) -> tuple[Array, ...]:
        """Critical t at each of Holm's levels, alpha / m to alpha."""
        tests = len(self.estimate)
        return tuple(stats.t.ppf(1 - self.alpha / (2 * (tests - rank)), self.df) for rank in range(tests))

    def rejected(self, effect: float) -> NDArray[np.bool_]:
        """Which counts' effects each study finds after Holm, the same true effect at every count."""
        with np.errstate(divide="ignore", invalid="ignore"):
            size = np.abs(self.estimate + effect) / self.std_error
        if len(size) == 1:
            return size > self._limits[0]
        return self._holm(size)

    def _holm(self, size: Array) -> NDArray[np.bool_]:
        order = np.argsort(stats.t.sf(size, self.df), axis=0)
        going = np.ones(size.shape[1], dtype=bool)
        rejected = np.zeros(size.shape, dtype=bool)
        studies = np.arange(size.shape[1])
        for rank, limit in enumerate(self._limits):
            place = order[rank]
            going = going & (size[place, studies] > limit[place, studies])
            rejected[place, studies] = going
        return rejected

    def power(self, effect: float) -> Array:
        """Share of studies that find the effect at each count."""
        return self.rejected(effect).mean(axis=1)

    def alone(self) -> tuple["NullStudies", ...]:
        """Each count by itself, tested without a family."""
        rows = zip(self.estimate, self.std_error, self.df, strict=True)
        return tuple(NullStudies(e[None], s[None], d[None], self.alpha) for e, s, d in rows)

    def detectable(self, wanted: float) -> float:
        """Smallest effect, in points, whose power at the hardest count is as wanted."""
        low, high = 0.0, float(np.median(self.std_error)) or 1.0
        while self.power(high).min() < wanted:
            high *= 2
            if not high < BEYOND:
                return float("nan")
        for _ in range(STEPS):
            middle = (low + high) / 2
            low, high = (middle, high) if self.power(middle).min() < wanted else (low, middle)
            if high - low < 1e-4 * high:
                break
        return high


def null_studies(plan: StudyPlan, variances: Variances, studies: int, seed: int, alpha: float) -> NullStudies:
    """Simulate and analyse studies of a plan; the same seed gives the same studies."""
    rng = np.random.default_rng(np.random.SeedSequence(seed))
    model = RunLevel(plan.chains, plan.design, _numbers(plan, variances, studies, rng))
    moments = [model.contrast(contrast) for contrast in effects(plan.counts)]
    estimate, error, df = (
        np.array([getattr(one, name) for one in moments]) for name in ("estimate", "std_error", "df")
    )
    return NullStudies(estimate, error, df, alpha)


def _numbers(plan: StudyPlan, variances: Variances, studies: int, rng: np.random.Generator) -> Array:
    """Run-level numbers without any effect, (chains, studies): normal luck of seed, set, run and baseline."""
    chains = plan.chains
    treated = (chains["n_tasks"] > 0).to_numpy()[:, None]
    drawn = (treated[:, 0] & (chains["n_tasks"] < plan.catalogue).to_numpy())[:, None]
    own = rng.standard_normal((len(chains), studies))
    untreated = variances.baseline / np.sqrt(plan.baselines)
    out = own * np.where(treated, variances.run, untreated)
    out += variances.seed * _shared(rng, chains.groupby("seed").ngroup().to_numpy(), studies)
    out += treated * variances.seed_effect * _shared(rng, chains.groupby(["seed", "n_tasks"]).ngroup(), studies)
    return np.asarray(out + drawn * variances.set * _shared(rng, chains.groupby("task_set").ngroup(), studies))


def _shared(rng: np.random.Generator, codes: Array, studies: int) -> Array:
    codes = np.asarray(codes)
    return rng.standard_normal((int(codes.max()) + 1, studies))[codes]
