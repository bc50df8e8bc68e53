"""The priors of the Bayesian route: stated in points, half-normal on every standard deviation, the reader's to change.

Effects of target tasks have a wide normal prior each and no common standard deviation to be estimated: where one task
of six moves by 30 points and the others by 3, a common one takes the 30 for noise.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields

import numpy as np

from xtransfer_stats.base.errors import RecipeError

NORMAL = ("mean", "tasks")


@dataclass(frozen=True)
class Priors:
    """Scales in points (spread: on the log scale).

    Normal: mean, the mean effect over target tasks, around zero; tasks, a target task's effect around that mean.
    Half-normal, of standard deviations: luck of a seed on all target tasks alike; noise of a seed on one target task,
    and on one language in it; languages, between the effects of a task's languages; spread, of the log standard
    deviations of target tasks around their own mean.
    """

    mean: float = 30.0
    tasks: float = 30.0
    luck: float = 5.0
    noise: float = 5.0
    languages: float = 5.0
    spread: float = 1.0

    def scaled(self, factor: float) -> "Priors":
        """Every scale times the factor."""
        return Priors(**{name: factor * value for name, value in asdict(self).items()})

    def words(self) -> str:
        """The priors in a sentence's part."""
        half = [one.name for one in fields(self) if one.name not in NORMAL]
        sds = ", ".join(f"{name} {getattr(self, name):g}" for name in half)
        effects = f"mean effect normal(0, {self.mean:g}), a target task's around it normal(0, {self.tasks:g})"
        return f"{effects}; standard deviations half-normal of scale {sds}"


DEFAULTS = Priors()


def priors_of(changed: Mapping[str, float]) -> Priors:
    """The default priors with some scales changed. Raises RecipeError for another name, or a scale not above zero."""
    known = asdict(DEFAULTS)
    for name, value in changed.items():
        if name not in known:
            raise RecipeError(f"prior {name!r}: there are {', '.join(known)} (docs/routes.md)", ["prior"])
        if not (np.isfinite(value) and value > 0):
            raise RecipeError(f"prior {name} = {value!r}: give a scale above zero, such as {known[name]:g}", ["prior"])
    return Priors(**{**known, **changed})
