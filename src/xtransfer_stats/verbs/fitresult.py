"""What `fit` returns: a fitted formula that shows itself, and hands out its numbers as frames, a table or JSON."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from xtransfer_stats.mixedmodels.formula import FormulaFit
from xtransfer_stats.mixedmodels.postfit import effects, predictions
from xtransfer_stats.verbs.fitanswers import FitAnswer
from xtransfer_stats.verbs.fitmeans import AnswersOfMeans

if TYPE_CHECKING:
    from xtransfer_stats.report.tables.table import Table
    from xtransfer_stats.report.write import Progress

MOST_ROWS = 14  # of the fixed effects that the text shows: with all else it stays within 25 lines
NOTES = 4


@dataclass(frozen=True, repr=False, eq=False)
class FitResult(AnswersOfMeans):
    """A mixed model fitted to a table, with all that was asked of the fit.

    fitted: the fit itself, with estimates, random effects and tests of any hypothesis as arrays. replicates: one row a
    replicate of the bootstrap (criterion, state, sigma, theta, beta, se), None without one.
    """

    fitted: FormulaFit
    report: dict[str, Any]
    replicates: pd.DataFrame | None = None
    method: str = "kenward_roger"  # of errors and degrees of freedom

    @property
    def loglik(self) -> float:
        """Log-likelihood; after REML that of REML, as lme4's logLik."""
        return float(self.report["loglik"])

    @property
    def aic(self) -> float:
        """Akaike's criterion, of `loglik` and as many parameters as report["df_model"] says."""
        return float(self.report["aic"])

    @property
    def bic(self) -> float:
        """Schwarz's criterion, of the same and the number of rows."""
        return float(self.report["bic"])

    @property
    def levels(self) -> dict[str, int]:
        """Number of levels of each grouping."""
        return dict(self.report["levels"])

    def r2(self) -> dict[str, float]:
        """Share of variance: `marginal` of the fixed effects, `conditional` of fixed and random ones (Nakagawa)."""
        return dict(self.report["r2"])

    def icc(self) -> dict[str, float]:
        """Share of the random effects: `adjusted` without, `unadjusted` with the fixed effects' variance."""
        return dict(self.report["icc"])

    def predict(
        self,
        new_table: Any,
        *,
        random: predictions.Random = True,
        interval: str | None = None,
        level: float = 0.95,
    ) -> pd.DataFrame:
        """The response expected at other rows (a file or a frame): mixedmodels.postfit.predictions says how."""
        from xtransfer_stats.verbs.fittable import rows_of

        table = rows_of(new_table, "new_table").rows
        return predictions.predictions(
            self.fitted, table, random=random, interval=interval, level=level, method=self.method
        )

    def random_effects(self, level: float = 0.95) -> pd.DataFrame:
        """Conditional means by level: group, term, level, estimate, sd (lme4's condVar), low, high."""
        return effects.random_effects(self.fitted, level)

    def fitted_values(self) -> pd.Series:
        """Fitted values by row of the given table (from 0), random effects and offset included."""
        return effects.fitted_values(self.fitted)

    def residuals(self, kind: str = "response") -> pd.Series:
        """Residuals by row of the given table (from 0): "response", "pearson" or "standardised"."""
        return effects.residuals(self.fitted, kind)

    def write(
        self,
        folder: str | Path,
        *,
        predicted: pd.DataFrame | None = None,
        answers: Iterable[FitAnswer] = (),
        progress: "Progress | None" = None,
    ) -> list[Path]:
        """Write tables, charts and fit.json into a folder, with predictions where given; returns the files.

        answers: of anova, marginal_means, slopes and their contrasts, a table each.
        """
        from xtransfer_stats.verbs import fitwrite

        asked = {} if predicted is None else {"predictions": fitwrite.numbered(predicted)}
        tables = {"fixed": self.frame(), "random": self.random(), **asked}
        return fitwrite.write(self.fitted, self.report, tables, self.table(), answers, folder, progress)

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
        yield self._statistics
        notes = self.report["notes"]
        yield from (f"- {note}" for note in notes[:NOTES])
        if len(notes) > NOTES:
            yield f"... and {len(notes) - NOTES} more notes: to_dict() has all"

    @property
    def _head(self) -> str:
        kind = "REML criterion" if self.report["reml"] else "ML deviance"
        return f"n = {self.report['n']}, {kind} {self.report['criterion']:.4f}, {self.report['state']}"

    @property
    def _statistics(self) -> str:
        report, kind = self.report, "REML" if self.report["reml"] else "ML"
        levels = ", ".join(f"{count} levels of {name}" for name, count in report["levels"].items())
        fit = f"AIC {report['aic']:.6g}, BIC {report['bic']:.6g}, logLik {report['loglik']:.6g} ({kind})"
        r2 = f"R2 marginal {report['r2']['marginal']:.3g}, conditional {report['r2']['conditional']:.3g}"
        return "; ".join(filter(None, (levels, fit, r2, f"ICC {report['icc']['adjusted']:.3g}")))

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
