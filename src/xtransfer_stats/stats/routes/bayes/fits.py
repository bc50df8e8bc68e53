"""One contrast of task counts through the sampler: under the priors asked for, halved and doubled."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from xtransfer_stats.base.formats import signed
from xtransfer_stats.stats.core.estimands import Estimand
from xtransfer_stats.stats.core.inference import Array
from xtransfer_stats.stats.routes.bayes.posterior import Posterior, posterior, quality, ruled_by_prior
from xtransfer_stats.stats.routes.bayes.request import BayesRequest
from xtransfer_stats.stats.routes.bayes.summaries import Summaries

WORST_R_HAT, LEAST_ESS = 1.01, 400
MOVED = 0.1  # of an interval's width: a limit that moves further with the prior rests on it
FACTORS = (0.5, 2.0)


@dataclass(frozen=True, eq=False)
class ContrastFit:
    """main: under the priors asked for. others: under FACTORS times these, or none."""

    main: Posterior
    others: tuple[Posterior, ...]
    watched: tuple[Array, ...]

    @cached_property
    def r_hat_and_ess(self) -> tuple[float, float]:
        """The worst of every sd and watched effect."""
        return quality([*self.main.standardised.values(), *(self.main.of(weights) for weights in self.watched)])

    @property
    def converged(self) -> bool:
        """Whether the draws carry an interval."""
        r_hat, ess = self.r_hat_and_ess
        return r_hat <= WORST_R_HAT and ess >= LEAST_ESS

    @property
    def ruled_by_prior(self) -> list[str]:
        """Standard deviations of which the data tell less than the prior does."""
        return list(ruled_by_prior(self.main))

    def moved(self, weights: Array, alpha: float) -> float:
        """The furthest that a limit moves under the other priors, as a share of the width; NaN without others."""
        low, high = limits(self.main.of(weights), alpha)
        if not self.others or high <= low:
            return np.nan if not self.others else 0.0
        there = np.array([limits(other.of(weights), alpha) for other in self.others])
        return float(np.abs(there - (low, high)).max() / (high - low))

    def under_others(self, weights: Array, alpha: float) -> str:
        """The intervals under the other priors, in words."""
        there = [limits(other.of(weights), alpha) for other in self.others]
        words = [
            f"[{signed(low)}, {signed(high)}] at {f:g} times" for f, (low, high) in zip(FACTORS, there, strict=True)
        ]
        return " and ".join(words)


def fitted(summaries: Summaries, request: BayesRequest, watched: Sequence[Estimand], seed: int) -> ContrastFit:
    """The posterior of one contrast, twice more where sensitivity is asked for. watched: must have converged."""
    factors = FACTORS if request.sensitivity else ()
    main, *others = (
        posterior(summaries, request.priors.scaled(factor), request.draws, seed) for factor in (1.0, *factors)
    )
    return ContrastFit(main, tuple(others), tuple(one.weights for one in watched))


def limits(draws: Array, alpha: float) -> tuple[float, float]:
    """The equal-tailed interval."""
    low, high = np.quantile(draws, [alpha / 2, 1 - alpha / 2])
    return float(low), float(high)
