"""`claims`: each claim of the literature, and what a study or a published table says to it."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.base.resources import STORE
from xtransfer_stats.exchange.scoreframe.scale import Scale
from xtransfer_stats.verbs import machines
from xtransfer_stats.verbs.analyze import AnalysisResult, judged
from xtransfer_stats.verbs.instore import StudyInStore
from xtransfer_stats.verbs.published import PublishedResult, published_of
from xtransfer_stats.verbs.results import Progress, Result
from xtransfer_stats.verbs.scores import Held, held, read_scores

if TYPE_CHECKING:
    from xtransfer_stats.report.tables.table import Table


@dataclass(frozen=True, repr=False, eq=False)
class ClaimsResult(Result):
    """The verdicts on the claims of a file. result: the analysis that they rest on."""

    result: AnalysisResult | PublishedResult

    @property
    def answer(self) -> str:
        """How many claims got which verdict."""
        counts = self.frame()["verdict"].value_counts()
        return "Claims: " + ", ".join(f"{count} {verdict}" for verdict, count in counts.items())

    def frame(self) -> pd.DataFrame:
        """A row a claim: its words, the verdict, why, and the numbers that decide it."""
        return self.result.analysis.claims

    @property
    def key_rows(self) -> pd.DataFrame:
        """Claim, verdict and the numbers."""
        return self.frame()[["claim", "verdict", "estimate", "conf_low", "conf_high", "p_adjusted"]]

    def made_tables(self) -> "Iterable[Table]":
        """The table of the claims."""
        return [self.result.table("claims")]

    def write(self, folder: str | Path, progress: Progress | None = None) -> list[Path]:
        """Write the report of the analysis, the claims among its tables."""
        return self.result.write(folder, progress)

    def to_dict(self) -> dict[str, Any]:
        """`claims`, a row each, and the signature of the scores."""
        rows = self.frame().to_dict("records")
        return machines.plain({"claims": rows, "signature": self.result.analysis.signature})


def claims(
    source: Any = STORE,
    *,
    study: str | None = None,
    backbone: str | None = None,
    benchmarks: tuple[str, ...] | None = None,
    scale: Scale = None,
    beside: Any = None,
    file: str | Path = "claims",
) -> ClaimsResult:
    """Judge the literature's claims: supported, contradicted, equivalent, inconclusive or not testable, and why.

    source, study, backbone, benchmarks, scale: as in `analyze`. beside: a study of the store, a frame or a store of
    another variant, for claims on variants. file: claims by path or shipped name.
    """
    place = held(source, study, scale, backbone=backbone)
    published = published_of(place, file)
    if published is not None:
        return ClaimsResult(published)
    scores = read_scores(place, benchmarks=benchmarks)
    comparisons = () if beside is None else (_with(place, beside, benchmarks),)
    return ClaimsResult(AnalysisResult(judged(scores, file, comparisons)))


def _with(place: Held, beside: Any, benchmarks: tuple[str, ...] | None) -> Any:
    """The comparison with another variant; a name is first looked up where the scores themselves are."""
    from xtransfer_stats.verbs.compare import compare

    if benchmarks is not None and len(benchmarks) != 2:
        raise DataError(f"benchmarks {','.join(benchmarks)}: studies are compared on two; name two", ["benchmarks"])
    store = place.place if isinstance(place, StudyInStore) else getattr(place, "path", None) or STORE
    return compare(place, beside, store=store, benchmarks=benchmarks and (benchmarks[0], benchmarks[1])).comparison
