"""What is asked of the routes; told without what answers it, which takes a second to import."""

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

from xtransfer_stats.stats.routes.bayes.request import BayesRequest
from xtransfer_stats.stats.routes.draws import Sampling

if TYPE_CHECKING:
    import pandas as pd

Model = Literal["mixed", "paired", "bootstrap", "bayes", "all"]


@dataclass(frozen=True)
class RouteRequest(Sampling):
    """What is asked of the routes, and how those that resample do so.

    predictions: per-example outcomes, for the two-level bootstrap; None without.
    """

    model: Model = "mixed"
    predictions: "pd.DataFrame | None" = None
    second_engine: bool = False  # statsmodels beside our own
    bayes: BayesRequest = field(default_factory=BayesRequest)

    @property
    def decisive(self) -> "RouteRequest":
        """The same without what the results do not depend on: equal requests have equal results."""
        if self.model == "mixed":
            return RouteRequest(second_engine=self.second_engine)  # it draws nothing
        return replace(self, workers=1, drawn=None)
