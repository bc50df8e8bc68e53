"""`analyze` of a published table: what its single runs show, and what they cannot."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from xtransfer_stats.base.threads import one_blas_thread
from xtransfer_stats.stats.core.results import for_files
from xtransfer_stats.stats.core.termtable import AVERAGE_GAIN, TARGET_GAIN, TRAINED_GAIN, UNTRAINED_GAIN, VARIANT
from xtransfer_stats.verbs import machines
from xtransfer_stats.verbs.recipes import load_claims
from xtransfer_stats.verbs.results import Progress, Result
from xtransfer_stats.verbs.scores import Held, ScoreSheet, trainings

if TYPE_CHECKING:
    from xtransfer_stats.report.tables.table import Table
    from xtransfer_stats.stats.published.analysis import PublishedAnalysis

KEY_TERMS = (AVERAGE_GAIN, TRAINED_GAIN, UNTRAINED_GAIN, VARIANT, TARGET_GAIN)


@dataclass(frozen=True, repr=False, eq=False)
class PublishedResult(Result):
    """A published table analysed: what its single runs show, and what they cannot."""

    analysis: "PublishedAnalysis"

    @property
    def study(self) -> str:
        """The table's name."""
        return self.analysis.study

    @property
    def answer(self) -> str:
        """What the table shows."""
        return self.analysis.answer

    def frame(self) -> pd.DataFrame:
        """The result frame."""
        return for_files(self.analysis.results)

    @property
    def key_rows(self) -> pd.DataFrame:
        """Mean gains over intermediate tasks, and each target task's."""
        rows = self.analysis.results
        return rows[rows["term"].isin(KEY_TERMS)]

    @property
    def drawings(self) -> Mapping[str, Callable[[], Any]]:
        """Where the gains come from."""
        from xtransfer_stats.report.charts.published import CHARTS

        return {name: partial(draw, self.analysis) for name, draw in CHARTS.items()}

    def made_tables(self) -> "Iterable[Table]":
        """Means, settings, target tasks, variance shares, claims."""
        from xtransfer_stats.report.tables.published import tables

        return tables(self.analysis).values()

    def write(self, folder: str | Path, progress: Progress | None = None) -> list[Path]:
        """Write the report: page, charts, tables and results."""
        from xtransfer_stats.report.write import write_published

        return write_published(self.analysis, Path(folder))

    def to_dict(self) -> dict[str, Any]:
        """Under the keys of a study's analysis."""
        return machines.published_json(self.analysis)


def published_of(place: Held, claims: str | Path = "claims") -> PublishedResult | None:
    """The analysis of a published table (single runs without seeds); None where the place is something else."""
    rows = place.published if isinstance(place, ScoreSheet) else None
    if rows is None:
        return None
    from xtransfer_stats.stats.published.analysis import analyse_published  # and every model

    with one_blas_thread():
        return PublishedResult(analyse_published(rows, trainings(), load_claims(claims)))
