"""The posterior of the standard deviations, by numpyro's NUTS; every effect is integrated out in closed form.

Of seed s and target task t with L languages, in points, the difference between two task counts is
    d_st = delta_t + u_s + e_st,  delta_t ~ N(mu, tasks^2),  mu ~ N(0, mean^2),  u_s ~ N(0, luck^2),
    e_st ~ N(0, noise_t^2 + residual_t^2 / L),
and language l departs from its task's mean by gamma_tl + f_stl, centred in the task, gamma_tl ~ N(0, languages_t^2) and
f_stl ~ N(0, residual_t^2). log noise_t = log noise + noise_spread * z_t, and so residual_t and languages_t. With delta,
gamma, mu and u integrated out the posterior has no funnel, and the effects are drawn afterwards (posterior.py).
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from xtransfer_stats.stats.core.inference import Array
from xtransfer_stats.stats.routes.bayes.priors import Priors
from xtransfer_stats.stats.routes.bayes.summaries import Summaries

CHAINS, WARM_UP = 4, 500
ACCEPTANCE = 0.9
FAMILIES = ("noise", "residual", "languages")  # sds that each target task has of its own
SCALE_OF = {"residual": "noise"}  # whose prior is called by another name


@dataclass(frozen=True, eq=False)
class Sampled:
    """sds: name -> draws (chains, draws) in units of the prior's scale, or (chains, draws, T) in points a task.

    divergences: of all draws kept.
    """

    sds: Mapping[str, Array]
    divergences: int


def sampled(summaries: Summaries, priors: Priors, draws: int, seed: int) -> Sampled:
    """Draws of the standard deviations; `draws` a chain, the same for the same seed. Needs the extra `bayes`."""
    from jax import block_until_ready, config
    from jax.random import PRNGKey

    config.update("jax_enable_x64", True)
    scales = {name: np.array(value) for name, value in asdict(priors).items()}
    values, diverged = block_until_ready(_compiled(draws)(PRNGKey(seed), summaries.for_sampler(), scales))
    return Sampled({name: np.asarray(value) for name, value in values.items()}, int(np.sum(diverged)))


@lru_cache(maxsize=4)
def _compiled(draws: int) -> Any:
    """The sampler compiled once; studies with as many target tasks share it, whatever their seeds and counts."""
    from jax import jit
    from numpyro.infer import MCMC, NUTS

    def run(key: Any, data: Any, scales: Any) -> Any:
        kernel = NUTS(_model, target_accept_prob=ACCEPTANCE)
        chains = MCMC(
            kernel,
            num_warmup=WARM_UP,
            num_samples=draws,
            num_chains=CHAINS,
            chain_method="vectorized",
            progress_bar=False,
        )
        chains.run(key, data, scales, extra_fields=("diverging",))
        return chains.get_samples(group_by_chain=True), chains.get_extra_fields()["diverging"]

    return jit(run)


def _model(data: Any, scales: Any) -> None:
    import numpyro
    from jax import numpy as jnp
    from numpyro import distributions as dist

    def sd(name: str, scale: str) -> Any:
        return numpyro.sample(name, dist.HalfNormal(1.0)) * scales[scale]

    def each(name: str) -> Any:
        centre, spread = sd(name, SCALE_OF.get(name, name)), sd(f"{name}_spread", "spread")
        z = numpyro.sample(f"{name}_z", dist.Normal(0, 1).expand(data["mean"].shape).to_event(1))
        return numpyro.deterministic(f"{name}_t", centre * jnp.exp(spread * z))

    luck = sd("luck", "luck")
    noise, residual, languages = (each(name) for name in FAMILIES)
    own = noise**2 + data["within"] * residual**2
    numpyro.factor("means", _means(data, own, luck, scales))
    numpyro.factor("deviations", _deviations(data, residual, languages))


def _means(data: Any, own: Any, luck: Any, scales: Any) -> Any:
    """Log density of the tasks' means: scatter with S - 1 df, and their mean over seeds; delta, mu, u integrated out.

    Both covariances are diagonal plus a multiple of all ones, so that Sherman and Morrison give the inverses.
    """
    from jax import numpy as jnp

    S = data["seeds"]
    w, scatter = 1 / own, data["scatter"]
    pulled = 1 + luck**2 * w.sum()
    squares = (jnp.diag(scatter) * w).sum() - luck**2 / pulled * (w @ scatter @ w)
    around = -(S - 1) / 2 * (jnp.log(own).sum() + jnp.log(pulled)) - squares / 2
    v = 1 / (scales["tasks"] ** 2 + own / S)
    common = luck**2 / S + scales["mean"] ** 2
    inflated = 1 + common * v.sum()
    square = (data["mean"] ** 2 * v).sum() - common / inflated * (v @ data["mean"]) ** 2
    return around - (square - jnp.log(v).sum() + jnp.log(inflated)) / 2


def _deviations(data: Any, residual: Any, languages: Any) -> Any:
    """Log density of the languages' deviations; gamma integrated out."""
    from jax import numpy as jnp

    S, df = data["seeds"], data["df"]
    over_seeds = languages**2 + residual**2 / S
    around = (S - 1) * df * jnp.log(residual**2) + data["squares"] / residual**2
    return -(around + df * jnp.log(over_seeds) + data["between"] / over_seeds).sum() / 2
