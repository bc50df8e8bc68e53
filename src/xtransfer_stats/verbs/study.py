"""The study of a store as a Python user has it: what it holds, and the verbs on it."""

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xtransfer_stats.verbs.instore import StudyInStore

if TYPE_CHECKING:
    from xtransfer_stats.stats.core.scores import StudyScores
    from xtransfer_stats.verbs.analyze import AnalysisResult
    from xtransfer_stats.verbs.chart import Drawing
    from xtransfer_stats.verbs.claims import ClaimsResult
    from xtransfer_stats.verbs.compare import ComparisonResult
    from xtransfer_stats.verbs.export import Export
    from xtransfer_stats.verbs.power import PowerResult
    from xtransfer_stats.verbs.tracing import TraceResult


class Study(StudyInStore):
    """A study of a store, the one called `name` or the one that was run last.

    Its plan, survey and scores are made once, however many verbs use them. Every verb takes the options of the
    command of its name, as the function of its name in this package does.
    """

    @cached_property
    def scores(self) -> "StudyScores":
        """The score frame with what an analysis must know of it; a first look at new scores is counted."""
        from xtransfer_stats.verbs.scores import read_scores

        return read_scores(self)

    def analyze(self, **options: Any) -> "AnalysisResult":
        """Effects, interaction, languages and tasks, with intervals and corrected tests."""
        from xtransfer_stats.verbs.analyze import analyze

        return analyze(self, **options)  # type: ignore[return-value]  # a store holds no published table

    def claims(self, **options: Any) -> "ClaimsResult":
        """The literature's claims, judged by this study."""
        from xtransfer_stats.verbs.claims import claims

        return claims(self, **options)

    def compare(self, other: Any, **options: Any) -> "ComparisonResult":
        """Another study, frame or file less this study."""
        from xtransfer_stats.verbs.compare import compare

        return compare(self, other, **{"store": self.place} | options)

    def power(self, **options: Any) -> "PowerResult":
        """What a study with this one's variances and costs can find."""
        from xtransfer_stats.verbs.power import power

        return power(self, **options)

    def trace(self, name: str, **options: Any) -> "TraceResult":
        """What stands behind a number."""
        from xtransfer_stats.verbs.tracing import trace

        return trace(name, self, **options)

    def chart(self, name: str | None = None, **options: Any) -> "tuple[Drawing, ...]":
        """Charts for a paper, as files."""
        from xtransfer_stats.verbs.chart import chart

        return chart(name, self, **options)

    def export(self, output: str | Path | None = None, **options: Any) -> "Export":
        """The score frame and the predictions, as files."""
        from xtransfer_stats.verbs.export import export

        return export(self, output=output, **options)
