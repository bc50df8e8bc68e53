"""What `fit` returns: a fitted formula that shows itself, and hands out its numbers as frames, a table or JSON."""

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from xtransfer_stats.verbs.fitmeans import AnswersOfMeans

if TYPE_CHECKING:
    from xtransfer_stats.report.tables.table import Table

MOST_ROWS = 14  # of the fixed effects that the text shows: with all else it stays within 25 lines
NOTES = 4


@dataclass(frozen=True, repr=False, eq=False)
class FitResult(AnswersOfMeans):
    """A mixed model fitted to a table, with all that was asked of the fit.

    fitted: the fit itself, with estimates, random effects and tests of any hypothesis as arrays. replicates: one row a
    replicate of the bootstrap (criterion, state, sigma, theta, beta, se), None without one.
    """

    report: dict[str, Any]
    replicates: pd.DataFrame | None = None

    def frame(self) -> pd.DataFrame:
        """Fixed effects: term, estimate, std_error, df, df_method, statistic, p_value, conf_low, conf_high.

        After a bootstrap bootstrap_low and bootstrap_high too. Intervals are of 95 %.
        """
        return pd.DataFrame(self.report["fixed"])

    def random(self) -> pd.DataFrame:
        """Variance components: group, term, other, covariance, sd, correlation; the residual's last.

        A row whose `other` is "" is a variance, with its sd; else a covariance of two terms, with their correlation.
        """
        rows = [row for part in self.report["random"] for row in _components(part)]
        levels = self.report["residual_levels"] or [""]
        variances = np.ravel(self.report["residual_variance"])
        rows += [_variance("residual", level, float(v)) for level, v in zip(levels, variances, strict=True)]
        return pd.DataFrame(rows)

    def table(self) -> "Table":
        """The fixed effects as a table for a paper: LaTeX, HTML, Markdown or CSV."""
        from xtransfer_stats.report.panel import Panel
        from xtransfer_stats.report.tables.table import Table

        cells = self._cells()
        panel = Panel(tuple(cells.columns), tuple(cells.itertuples(index=False, name=None)), "l" + "r" * 6)
        caption = "; ".join(
            [f"{self._head}. 95 % intervals, {self.report['fixed'][0]['df_method']}", *self._components]
        )
        return Table("fit", self.fitted.formula, caption, (panel,), self.frame())

    def to_dict(self) -> dict[str, Any]:
        """Everything in plain values, as `xstats analyze --formula --json` prints it; NaN is None."""
        from xtransfer_stats.verbs.machines import plain

        return dict(plain(self.report))

    def __repr__(self) -> str:
        return "\n".join(self._lines())

    def _repr_html_(self) -> str:
        notes = [f"<p>{escape(note)}</p>" for note in self.report["notes"]]
        return "\n".join([self.table().to_html(), *notes])

    def _lines(self) -> Iterator[str]:
        cells = self._cells()
        yield f"{self.fitted.formula}  ({self._head})"
        yield cells.head(MOST_ROWS).to_string(index=False)
        if len(cells) > MOST_ROWS:
            yield f"... and {len(cells) - MOST_ROWS} more: frame() has all"
        yield "; ".join(self._components)
        notes = self.report["notes"]
        yield from (f"- {note}" for note in notes[:NOTES])
        if len(notes) > NOTES:
            yield f"... and {len(notes) - NOTES} more notes: to_dict() has all"

    @property
    def _head(self) -> str:
        kind = "REML criterion" if self.report["reml"] else "ML deviance"
        return f"n = {self.report['n']}, {kind} {self.report['criterion']:.4f}, {self.report['state']}"

    @property
    def _components(self) -> list[str]:
        """The sds, one text each."""
        rows = self.random()
        sds = rows[rows["other"] == ""].itertuples()
        return [f"sd of {' '.join(filter(None, (row.group, row.term)))} {row.sd:.4g}" for row in sds]

    def _cells(self) -> pd.DataFrame:
        """The fixed effects as texts."""
        rows = self.frame()
        numbers = {"estimate": "estimate", "std. error": "std_error", "df": "df", "t": "statistic", "p": "p_value"}
        texts = {head: rows[name].map("{:.4g}".format) for head, name in numbers.items()}
        limits = zip(rows["conf_low"], rows["conf_high"], strict=True)
        interval = [f"[{low:.4g}, {high:.4g}]" for low, high in limits]
        return pd.DataFrame({"term": rows["term"], **texts, "95 % interval": interval})


def _components(part: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Rows of one random term: its variances, then the covariances of each pair."""
    group, terms, covariance = part["group"], part["terms"], np.array(part["covariance"])
    yield from (_variance(group, term, float(covariance[a, a])) for a, term in enumerate(terms))
    sds = np.sqrt(np.diag(covariance))
    for a, b in zip(*np.tril_indices(len(terms), -1), strict=True):
        both = float(covariance[a, b])
        correlation = both / (sds[a] * sds[b]) if sds[a] * sds[b] > 0 else np.nan
        row = {"group": group, "term": terms[b], "other": terms[a], "covariance": both}
        yield row | {"sd": np.nan, "correlation": float(correlation)}


def _variance(group: str, term: str, variance: float) -> dict[str, Any]:
    row = {"group": group, "term": term, "other": "", "covariance": variance}
    return row | {"sd": float(np.sqrt(variance)), "correlation": np.nan}
