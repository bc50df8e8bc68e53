"""From draws of the standard deviations to draws of every cell's effect, and what the draws are worth."""

from dataclasses import dataclass

import numpy as np

from xtransfer_stats.stats.core.inference import Array
from xtransfer_stats.stats.routes.bayes.priors import Priors
from xtransfer_stats.stats.routes.bayes.sampler import CHAINS, FAMILIES, SCALE_OF, Sampled, sampled
from xtransfer_stats.stats.routes.bayes.summaries import Summaries

HALF_NORMAL = 1 - 2 / np.pi  # variance of a half-normal of scale one


@dataclass(frozen=True, eq=False)
class Posterior:
    """effects: (chains, draws, cells), points. standardised: prior's sds -> (chains, draws), in scales of the prior.

    divergences: how many draws the sampler does not vouch for.
    """

    effects: Array
    standardised: dict[str, Array]
    divergences: int

    def of(self, weights: Array) -> Array:
        """Draws (chains, draws) of a weighted sum of cells."""
        return self.effects @ weights


def posterior(summaries: Summaries, priors: Priors, draws: int, seed: int) -> Posterior:
    """The posterior of one contrast. Without a task that varies, the effects themselves: nothing is uncertain."""
    if not summaries.tasks:
        return Posterior(np.broadcast_to(summaries.cells, (CHAINS, draws, len(summaries.cells))), {}, 0)
    drawn = sampled(summaries, priors, draws, seed)
    rng = np.random.default_rng(np.random.SeedSequence(seed))
    names = ("luck", *FAMILIES, *(f"{name}_spread" for name in FAMILIES))
    standardised = {name: drawn.sds[name] for name in names}
    return Posterior(effects(summaries, drawn, priors, rng), standardised, drawn.divergences)


def effects(summaries: Summaries, drawn: Sampled, priors: Priors, rng: np.random.Generator) -> Array:
    """One draw of every cell's effect a draw of the standard deviations, (chains, draws, cells).

    Matheron's rule: a draw from the prior and of its data, corrected by the regression on the data seen.
    """
    of_tasks = _task_effects(summaries, drawn, priors, rng)
    found = np.broadcast_to(summaries.cells, (*of_tasks.shape[:2], len(summaries.cells))).copy()
    for t in range(len(summaries.tasks)):
        mine = summaries.place == t
        seen = summaries.cells[mine] - summaries.cells[mine].mean()
        found[:, :, mine] = of_tasks[:, :, [t]]
        if summaries.df[t]:
            found[:, :, mine] += _deviations(seen, drawn, t, summaries.seeds, rng)
        else:
            found[:, :, mine] += seen
    return found


def _task_effects(summaries: Summaries, drawn: Sampled, priors: Priors, rng: np.random.Generator) -> Array:
    """Draws of delta, (chains, draws, T)."""
    S, shape = summaries.seeds, drawn.sds["noise_t"].shape
    luck, tasks = drawn.sds["luck"][:, :, None] * priors.luck, priors.tasks
    own = (drawn.sds["noise_t"] ** 2 + summaries.within * drawn.sds["residual_t"] ** 2) / S
    delta = tasks * rng.standard_normal(shape) + priors.mean * rng.standard_normal((*shape[:2], 1))
    data = delta + np.sqrt(own) * rng.standard_normal(shape)
    data += luck / np.sqrt(S) * rng.standard_normal((*shape[:2], 1))
    v, common = 1 / (tasks**2 + own), luck**2 / S + priors.mean**2
    pulled = v * (summaries.mean - data)
    solved = pulled - v * common * pulled.sum(axis=2, keepdims=True) / (1 + common * v.sum(axis=2, keepdims=True))
    return delta + tasks**2 * solved + priors.mean**2 * solved.sum(axis=2, keepdims=True)


def _deviations(seen: Array, drawn: Sampled, t: int, seeds: int, rng: np.random.Generator) -> Array:
    """Draws of gamma of one task, (chains, draws, languages), each adding up to zero."""
    between, residual = (drawn.sds[f"{name}_t"][:, :, t, None] for name in ("languages", "residual"))
    shape = (*between.shape[:2], len(seen))
    gamma = between * _centred(rng.standard_normal(shape))
    data = gamma + residual / np.sqrt(seeds) * _centred(rng.standard_normal(shape))
    return gamma + between**2 / (between**2 + residual**2 / seeds) * (seen - data)


def _centred(values: Array) -> Array:
    return values - values.mean(axis=2, keepdims=True)


def quality(draws: list[Array]) -> tuple[float, float]:
    """Largest split R-hat and smallest effective sample size of several quantities, each (chains, draws).

    Gelman et al. (2013, ch. 11), by numpyro; NaN values (a quantity that never varies) do not count.
    """
    from numpyro.diagnostics import effective_sample_size, split_gelman_rubin

    moving = [one for one in draws if np.ptp(one) > 0]
    if not moving:
        return 1.0, float(draws[0].size) if draws else 0.0
    return max(float(split_gelman_rubin(one)) for one in moving), min(
        float(effective_sample_size(one)) for one in moving
    )


def ruled_by_prior(found: Posterior) -> dict[str, float]:
    """Standard deviations of which the data tell less than the prior: name -> posterior over prior variance, above 1/2.

    Precisions add up where both are normal, so a posterior with more than half the prior's variance has less of its
    precision from the data than from the prior.
    """
    ratios = {name: float(values.var()) / HALF_NORMAL for name, values in found.standardised.items()}
    return {name: ratio for name, ratio in ratios.items() if ratio > 0.5}


def prior_name(sd: str) -> str:
    """The prior's own name of a standard deviation: "residual_spread" is "spread"."""
    return "spread" if sd.endswith("_spread") else SCALE_OF.get(sd, sd)
