"""Exact power of the seed-paired t test: the noncentral t distribution."""

import numpy as np
from scipy import optimize, special, stats

from xtransfer_stats.stats.power.plans import StudyPlan, Variances


def applies(plan: StudyPlan) -> bool:
    """Whether a plan's test is one paired t: nested sets, or the whole catalogue, and no family to correct for."""
    return len(plan.counts) == 1 and (not plan.crossed or not plan.sampled(plan.counts[0]))


def std_error(plan: StudyPlan, variances: Variances) -> float:
    """True standard error, in points, of the effect at the plan's count."""
    count = plan.counts[0]
    spread = variances.differences(plan.sets_at(count), plan.baselines, sampled=plan.sampled(count))
    return float(np.sqrt(spread / plan.seeds))


def power(effect: float, error: float, df: float, alpha: float) -> float:
    """Probability that a two-sided t test at alpha rejects; effect and true standard error in points."""
    if error == 0:
        return float(effect != 0)
    # The square of a noncentral t is a noncentral F, whose one tail is both of t's (scipy's nct loses the far one).
    return float(1 - special.ncfdtr(1, df, (effect / error) ** 2, stats.f.ppf(1 - alpha, 1, df)))


def detectable(error: float, df: float, alpha: float, wanted: float) -> float:
    """Smallest effect, in points, that the test finds with the wanted power."""
    if error == 0:
        return 0.0
    reach = stats.t.ppf(1 - alpha / 2, df) + stats.t.ppf(wanted, df)
    limit = 2.0 * float(reach) + 10.0
    return error * float(optimize.brentq(lambda shift: power(shift, 1.0, df, alpha) - wanted, 0.0, limit))
