"""What a study costs, from hours a run: numbers that the caller brings."""

from collections.abc import Mapping
from dataclasses import dataclass

from xtransfer_stats.stats.power.plans import StudyPlan


@dataclass(frozen=True)
class RunHours:
    """Hours of one baseline run and of one treated run by task count; once: what all runs share.

    unit: "GPU hours" or "hours on one core". A count that is not listed costs what the nearest listed one does.
    """

    baseline: float
    treated: Mapping[int, float]
    once: float = 0.0
    unit: str = "GPU hours"
    source: str = ""

    def of(self, plan: StudyPlan) -> float:
        """Hours of a whole study."""
        treated = sum(plan.sets_at(count) * self._at(count) for count in plan.counts)
        return self.once + plan.seeds * (plan.baselines * self.baseline + treated)

    def _at(self, count: int) -> float:
        return self.treated[min(self.treated, key=lambda known: (abs(known - count), known))]
