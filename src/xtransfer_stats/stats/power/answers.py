"""Power and detectable effect of one plan: exact (noncentral t) where the test is one paired t, simulated elsewhere."""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from scipy import optimize, special, stats

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.base.usertext import shown
from xtransfer_stats.stats.power.plans import StudyPlan, Variances
from xtransfer_stats.stats.power.simulate import NullStudies, null_studies
from xtransfer_stats.stats.runlevel.jackknife import LEAST_DF, such_df

EXACT, SIMULATED = "noncentral t", "simulated studies"
CERTAIN = 1e6  # standard errors: an effect of so many is found by every test
MOST_SEEDS = 60  # a search gives up beyond: no study of this kind has more


@dataclass(frozen=True)
class PowerQuestion:
    """alpha: two-sided level of the family; wanted: power asked for; studies: how many are simulated a plan."""

    alpha: float = 0.05
    wanted: float = 0.8
    studies: int = 4000
    seed: int = 2005

    def __post_init__(self) -> None:
        bounds = {"alpha": (1e-6, 0.5), "wanted": (0.01, 0.999), "studies": (2, 100_000), "seed": (0, 2**63 - 1)}
        for name, (low, high) in bounds.items():
            if not low <= getattr(self, name) <= high:
                said = {"wanted": "power"}.get(name, name)
                raise DataError(f"{said} {shown(getattr(self, name))}: give a number from {low:g} to {high:g}", [said])


@dataclass(frozen=True)
class Powered:
    """What one plan with known variances can show; several counts are tested together (Holm).

    Power is that of the count hardest to see, the same true effect at every count.
    """

    plan: StudyPlan
    variances: Variances
    question: PowerQuestion

    @property
    def method(self) -> str:
        """How power is got."""
        return EXACT if self._exact else SIMULATED

    @cached_property
    def _exact(self) -> tuple[float, int, float] | None:
        """True standard error, df and level where the test is one paired t; None elsewhere.

        It is with nested sets, or the whole catalogue, and no family to correct for.
        """
        plan = self.plan
        if len(plan.counts) > 1 or (plan.crossed and plan.sampled(plan.counts[0])):
            return None
        return exact_std_error(plan, self.variances), plan.seeds - 1, self.question.alpha

    @cached_property
    def _studies(self) -> NullStudies:
        question = self.question
        return null_studies(self.plan, self.variances, question.studies, question.seed, question.alpha)

    def power(self, effect: float) -> float:
        """Power at the count hardest to see, the effect in points."""
        return exact_power(effect, *self._exact) if self._exact else float(self._studies.power(effect).min())

    def detectable(self) -> float:
        """Smallest effect, in points, with the wanted power at every count."""
        wanted = self.question.wanted
        return exact_detectable(*self._exact, wanted) if self._exact else self._studies.detectable(wanted)


def exact_std_error(plan: StudyPlan, variances: Variances) -> float:
    """True standard error, in points, of the effect at the plan's one count."""
    count = plan.counts[0]
    spread = variances.differences(plan.sets_at(count), plan.baselines, sampled=plan.sampled(count))
    return float(np.sqrt(spread / plan.seeds))


def exact_power(effect: float, error: float, df: float, alpha: float) -> float:
    """Probability that a two-sided t test at alpha rejects; effect and true standard error in points."""
    if error == 0:
        return float(effect != 0)
    # The square of a noncentral t is a noncentral F, whose one tail is both of t's (scipy's nct loses the far one).
    return float(1 - special.ncfdtr(1, df, min(effect / error, CERTAIN) ** 2, stats.f.ppf(1 - alpha, 1, df)))


def exact_detectable(error: float, df: float, alpha: float, wanted: float) -> float:
    """Smallest effect, in points, that the test finds with the wanted power."""
    if error == 0:
        return 0.0
    reach = stats.t.ppf(1 - alpha / 2, df) + stats.t.ppf(wanted, df)
    limit = 2.0 * float(reach) + 10.0
    return error * float(optimize.brentq(lambda shift: exact_power(shift, 1.0, df, alpha) - wanted, 0.0, limit))


def fewest_seeds(plan: StudyPlan, variances: Variances, effect: float, question: PowerQuestion) -> int | None:
    """Fewest seeds with the wanted power; None beyond MOST_SEEDS. Bisection: power grows with seeds."""
    low, high = 1, MOST_SEEDS
    if Powered(replace(plan, seeds=high), variances, question).power(effect) < question.wanted:
        return None
    while high - low > 1:
        middle = (low + high) // 2
        enough = Powered(replace(plan, seeds=middle), variances, question).power(effect) >= question.wanted
        low, high = (low, middle) if enough else (middle, high)
    return high


def such_studies(plan: StudyPlan, languages: float, variances: Variances, question: PowerQuestion) -> NullStudies:
    """Simulated studies of one count, tested as the analysis tests scope "such".

    languages: their effective number. The language jackknife's variance is drawn as variances.language^2 / languages
    times a mean square of languages - 1 df.
    """
    runs = null_studies(plan, variances, question.studies, question.seed, question.alpha)
    rng = np.random.default_rng(np.random.SeedSequence([question.seed, 1]))
    share, df = variances.language**2 / languages, max(languages - 1, LEAST_DF)
    luck = np.sqrt(share) * rng.standard_normal(runs.estimate.shape)
    jackknife = share * rng.chisquare(df, runs.estimate.shape) / df
    parts = np.array([runs.std_error**2, jackknife])
    dfs = such_df(parts, np.array([runs.df, np.full(runs.df.shape, df)]), plan.seeds)
    return NullStudies(runs.estimate + luck, np.sqrt(parts.sum(axis=0)), dfs, question.alpha)
