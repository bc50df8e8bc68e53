"""Power and detectable effect of one plan: exact where the test is one paired t, simulated elsewhere."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from xtransfer_stats.stats.power import exact
from xtransfer_stats.stats.power.plans import StudyPlan, Variances
from xtransfer_stats.stats.power.simulate import NullStudies, null_studies
from xtransfer_stats.stats.runlevel.jackknife import LEAST_DF

EXACT, SIMULATED = "noncentral t", "simulated studies"
MOST_SEEDS = 60  # a search gives up beyond: no study of this kind has more


@dataclass(frozen=True)
class PowerQuestion:
    """alpha: two-sided level of the family; wanted: power asked for; studies: how many are simulated a plan."""

    alpha: float = 0.05
    wanted: float = 0.8
    studies: int = 4000
    seed: int = 2005


@dataclass(frozen=True)
class Powered:
    """What one plan with known variances can show; several counts are tested together (Holm).

    Power is that of the count hardest to see, the same true effect at every count.
    """

    plan: StudyPlan
    variances: Variances
    question: PowerQuestion
    _kept: dict[str, NullStudies] = field(default_factory=dict, repr=False)

    @property
    def method(self) -> str:
        """How power is got."""
        return EXACT if exact.applies(self.plan) else SIMULATED

    def by_count(self, effect: float) -> Sequence[float]:
        """Power at each task count, the effect in points."""
        if exact.applies(self.plan):
            error = exact.std_error(self.plan, self.variances)
            return [exact.power(effect, error, self.plan.seeds - 1, self.question.alpha)]
        return [float(value) for value in self._studies().power(effect)]

    def power(self, effect: float) -> float:
        """Power at the count hardest to see."""
        return min(self.by_count(effect))

    def detectable(self) -> float:
        """Smallest effect, in points, with the wanted power at every count."""
        if exact.applies(self.plan):
            error = exact.std_error(self.plan, self.variances)
            return exact.detectable(error, self.plan.seeds - 1, self.question.alpha, self.question.wanted)
        return self._studies().detectable(self.question.wanted)

    def _studies(self) -> NullStudies:
        if "null" not in self._kept:
            question = self.question
            self._kept["null"] = null_studies(
                self.plan, self.variances, question.studies, question.seed, question.alpha
            )
        return self._kept["null"]


def fewest_seeds(plan: StudyPlan, variances: Variances, effect: float, question: PowerQuestion) -> int | None:
    """Fewest seeds with the wanted power; None beyond MOST_SEEDS. Bisection: power grows with seeds."""
    low, high = 1, MOST_SEEDS
    if Powered(plan.with_seeds(high), variances, question).power(effect) < question.wanted:
        return None
    while high - low > 1:
        middle = (low + high) // 2
        enough = Powered(plan.with_seeds(middle), variances, question).power(effect) >= question.wanted
        low, high = (low, middle) if enough else (middle, high)
    return high


def such_studies(plan: StudyPlan, languages: float, variances: Variances, question: PowerQuestion) -> NullStudies:
    """Simulated studies of one count, tested as the analysis tests scope "such".

    languages: their effective number. The language jackknife's variance is drawn as variances.language^2 / languages
    times a mean square of languages - 1 df; the test's df is the smaller of the runs' and that.
    """
    runs = null_studies(plan, variances, question.studies, question.seed, question.alpha)
    rng = np.random.default_rng(np.random.SeedSequence([question.seed, 1]))
    share, df = variances.language**2 / languages, max(languages - 1, LEAST_DF)
    luck = np.sqrt(share) * rng.standard_normal(runs.estimate.shape)
    jackknife = share * rng.chisquare(df, runs.estimate.shape) / df
    return NullStudies(
        runs.estimate + luck, np.sqrt(runs.std_error**2 + jackknife), np.minimum(runs.df, df), question.alpha
    )
