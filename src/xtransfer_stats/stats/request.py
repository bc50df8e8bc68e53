"""What is asked of an analysis; told without what answers it, which takes a second to import."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from xtransfer_stats.stats.claims.claim import Claim
from xtransfer_stats.stats.routes.request import RouteRequest

if TYPE_CHECKING:
    from xtransfer_stats.stats.comparison.compare import Comparison


@dataclass(frozen=True)
class AnalysisRequest:
    """What is asked of an analysis beside its scores.

    alpha: of tests and intervals. contrasts: further hypotheses by name (docs/contrasts.md). margin: of equivalence, in
    points; None: no such rows. routes: other roads to the headline, beside the mixed model or for it (docs/routes.md).
    claims: of the literature, to be judged (docs/claims.md). beside: comparisons with studies of other variants.
    pairs: rows of all pairs of conditions, one family. checks: hypotheses with a bound, "effect(lora) > -0.5".
    """

    alpha: float = 0.05
    contrasts: tuple[str, ...] = ()
    margin: float | None = None
    routes: RouteRequest = field(default_factory=RouteRequest)
    claims: tuple[Claim, ...] = ()
    beside: "tuple[Comparison, ...]" = ()
    pairs: bool = False
    checks: tuple[str, ...] = ()
