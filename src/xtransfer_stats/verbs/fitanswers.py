"""Answers to what is asked of a fitted formula: each shows itself and hands out a frame, a table or JSON."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import TYPE_CHECKING, Any

import pandas as pd

from xtransfer_stats.base.errors import FitError
from xtransfer_stats.base.formats import NONE
from xtransfer_stats.base.usertext import shown
from xtransfer_stats.mixedmodels.fitreport import DF_METHODS
from xtransfer_stats.mixedmodels.postfit.adjustments import ADJUSTMENTS, STEPWISE
from xtransfer_stats.mixedmodels.postfit.anova import TermTests
from xtransfer_stats.mixedmodels.postfit.contrasts import Coefficients, contrasts
from xtransfer_stats.mixedmodels.postfit.estimates import RESULTS, LinearEstimates, level_text

if TYPE_CHECKING:
    from xtransfer_stats.report.tables.table import Table

TESTED = {"F": "statistic", "df": "df_num", "error df": "df", "p": "p_value"}
ESTIMATED = {"std. error": "std_error", "df": "df"}


@dataclass(frozen=True, repr=False, eq=False)
class FitAnswer:
    """One answer: rows in full precision, what they are, and what a reader has to know of them.

    name: of its table's file. title: of the table. details: how the numbers were made, without the formula. notes:
    sentences.
    """

    name: str
    title: str
    details: str
    formula: str
    notes: tuple[str, ...]
    rows: pd.DataFrame = field(repr=False)

    @property
    def caption(self) -> str:
        """The caption of its table: how the numbers were made, of which model."""
        return f"{self.details}. Model: {self.formula}."

    def frame(self) -> pd.DataFrame:
        """One row an answer, in full precision."""
        return self.rows.copy()

    def cells(self) -> pd.DataFrame:
        """The rows as texts."""
        return _cells(self.rows, ["term"], TESTED)

    def table(self) -> "Table":
        """The answer as a table for a paper: LaTeX, HTML, Markdown or CSV."""
        from xtransfer_stats.report.panel import Panel
        from xtransfer_stats.report.tables.table import Table

        cells = self.cells()
        align = "".join("r" if head in NUMBERS else "l" for head in cells.columns)
        panel = Panel(tuple(map(str, cells.columns)), tuple(cells.itertuples(index=False, name=None)), align)
        return Table(self.name, self.title, self.caption, (panel,), self.rows)

    def to_dict(self) -> dict[str, Any]:
        """caption, notes and rows in plain values; NaN is None."""
        from xtransfer_stats.verbs.machines import plain

        rows = self.rows.to_dict("records")
        return dict(plain({"caption": self.caption, "notes": list(self.notes), "rows": rows}))

    def __repr__(self) -> str:
        return "\n".join([self.caption, self.cells().to_string(index=False), *(f"- {note}" for note in self.notes)])

    def _repr_html_(self) -> str:
        return "\n".join([self.table().to_html(), *(f"<p>{escape(note)}</p>" for note in self.notes)])


@dataclass(frozen=True, repr=False, eq=False)
class EstimatesAnswer(FitAnswer):
    """Marginal means, slopes or contrasts; what they are made of is in `estimates`."""

    estimates: LinearEstimates = field(repr=False, kw_only=True)

    def contrasts(
        self,
        kind: str | Coefficients | Sequence[float] = "pairwise",
        *,
        adjust: str | None = None,
        reference: Any = None,
        by: str | Sequence[str] | None = None,
    ) -> "EstimatesAnswer":
        """Contrasts of the rows within each family: of means, of slopes, or of contrasts again.

        kind: "pairwise" (earlier less later), "reference" (each less `reference`, or less the first), "consecutive"
        (each less the one before), or weights, one a row of a family: a list, or lists by name. adjust: "tukey" (pairs;
        their default), "mvt" or "dunnett" (multivariate t; the default of reference and consecutive), "holm",
        "bonferroni", "sidak", "bh", "none" (the default of own weights). by: labels that part the rows into families in
        place of the means' own; () for one family. Interaction contrasts: `.contrasts().contrasts(by="contrast")`.

        Raises FitError for what does not apply.
        """
        within = (by,) if isinstance(by, str) else by if by is None else tuple(by)
        given = kind if isinstance(kind, str | Mapping) else {_spelled(kind): kind}
        return estimates_answer(contrasts(self.estimates, given, adjust=adjust, reference=reference, by=within))

    def cells(self) -> pd.DataFrame:
        """The rows as texts."""
        labels = [name for name in self.rows.columns if name not in RESULTS]
        shown_as = {_head(self.estimates): "estimate", **ESTIMATED}
        if self.estimates.tested:
            adjusted = self.estimates.adjustment != "none"
            shown_as |= {"t": "statistic", ("p adjusted" if adjusted else "p"): "p_adjusted"}
        cells = _cells(self.rows, labels, shown_as)
        limits = zip(self.rows["conf_low"], self.rows["conf_high"], strict=True)
        return cells.assign(**{INTERVAL: [NONE if low != low else f"[{low:.4g}, {high:.4g}]" for low, high in limits]})


INTERVAL = "95 % interval"
NUMBERS = (*TESTED, *ESTIMATED, "mean", "slope", "estimate", "ratio", "t", "p adjusted", INTERVAL)


def tests_answer(tests: TermTests, formula: str) -> FitAnswer:
    """The tests of terms as users see them."""
    kind = str(tests.frame["type"].iloc[0]) if len(tests.frame) else ""
    details = f"Type {kind} tests of terms: F, {DF_METHODS[tests.method]} degrees of freedom"
    return FitAnswer("tests", f"Tests of terms, type {kind}", details, formula, tests.notes, tests.frame)


def estimates_answer(estimates: LinearEstimates) -> EstimatesAnswer:
    """Means, slopes or contrasts as users see them."""
    of = "contrasts of " if estimates.kind == "contrasts" else ""
    title = f"{of}{estimates.subject}"
    title = title[0].upper() + title[1:]
    return EstimatesAnswer(
        name=estimates.kind,
        title=title,
        details="; ".join([title, *_details(estimates)]),
        formula=estimates.fitted.formula,
        notes=tuple(estimates.remarks()),
        rows=estimates.rows,
        estimates=estimates,
    )


def _details(estimates: LinearEstimates) -> Iterator[str]:
    if estimates.held:
        yield estimates.held
    if estimates.back:
        yield f"{'ratios' if estimates.ratios else 'on the scale'} of {estimates.back.of}"
    yield f"95 % intervals, {DF_METHODS[estimates.method]} degrees of freedom"
    yield from _adjusted(estimates)


def _adjusted(estimates: LinearEstimates) -> Iterator[str]:
    """The adjustment and the size of its families."""
    if not estimates.tested:
        return
    sizes = sorted({len(family) for family in estimates.families()})
    each = " in each family" if estimates.by else ""
    family = f"{' or '.join(map(str, sizes))} test{'s' if sizes != [1] else ''}{each}"
    if estimates.adjustment == "none" or sizes == [1]:
        yield f"p of {family}, not adjusted"
        return
    means = f" of {estimates.compared} means" if estimates.compared and estimates.adjustment == "tukey" else ""
    yield f"p adjusted by {ADJUSTMENTS[estimates.adjustment]} for {family}{means}"
    yield "intervals by Bonferroni" if estimates.adjustment in STEPWISE else "intervals adjusted alike"


def _head(estimates: LinearEstimates) -> str:
    if estimates.kind == "contrasts":
        return "ratio" if estimates.ratios else "estimate"
    return estimates.kind.removesuffix("s")


def _cells(rows: pd.DataFrame, labels: Sequence[str], shown_as: Mapping[str, str]) -> pd.DataFrame:
    texts = {name: [level_text(value) for value in rows[name]] for name in labels}
    numbers = {head: [NONE if x != x else f"{x:.4g}" for x in rows[name]] for head, name in shown_as.items()}
    return pd.DataFrame(texts | {f"{head} " if head in texts else head: cell for head, cell in numbers.items()})


def _spelled(weights: Any) -> str:
    """A list of weights as the name of its contrast."""
    try:
        return f"weights {', '.join(f'{float(weight):g}' for weight in weights)}"
    except (TypeError, ValueError):
        raise FitError(
            f"contrasts {shown(weights)}: give pairwise, reference, consecutive, or weights", ["contrasts"]
        ) from None
