"""What is asked of the Bayesian route, and when it cannot be had."""

from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING

from xtransfer_stats.base.errors import RecipeError
from xtransfer_stats.base.extras import install
from xtransfer_stats.stats.core.design import Layout
from xtransfer_stats.stats.routes.bayes.priors import DEFAULTS, Priors

if TYPE_CHECKING:
    from xtransfer_stats.stats.core.complete import CompleteScores

LEAST_DRAWS = 500  # a chain: with 350 every third simulated study has no interval, with 500 none of six
CROSSED = "task sets that seeds share need luck of sets, which the Bayesian route does not model: use model mixed"


@dataclass(frozen=True)
class BayesRequest:
    """draws: of each of four chains. margin: points for P(effect > margin); None for none.

    sensitivity: fit again with all priors halved and doubled.
    """

    priors: Priors = DEFAULTS
    draws: int = 1000
    margin: float | None = None
    sensitivity: bool = True

    def __post_init__(self) -> None:
        if self.draws < LEAST_DRAWS:
            raise RecipeError(
                f"draws {self.draws}: a chain needs {LEAST_DRAWS} or more; the default is 1000", ["draws"]
            )


def refusal(complete: "CompleteScores") -> str:
    """Why this study has no Bayesian route; "" where it has one."""
    if find_spec("numpyro") is None:
        return f"the extra bayes is not installed: {install('bayes', pinned=False)}"
    if complete.design.layout is not Layout.NESTED:
        return CROSSED
    return "one seed says nothing of noise" if len(complete.design.seeds) < 2 else ""
