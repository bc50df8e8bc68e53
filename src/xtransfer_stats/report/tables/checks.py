"""Tables that check the headline: influence, convergence, effect sizes, other routes."""

import pandas as pd

from xtransfer_stats.base import formats
from xtransfer_stats.report import notes, select
from xtransfer_stats.report.table import Panel, Table
from xtransfer_stats.report.tables.cells import ESTIMATE, text
from xtransfer_stats.stats.core.results import CONVERGENCE_COLUMNS, INFLUENCE_COLUMNS, Analysis

MIXED = "mixed model"  # whose method says only how its errors were got


def influence(analysis: Analysis) -> Table:
    """Levels without which the interaction moves by a standard error or changes its verdict."""
    found = _diagnosed(analysis, "influence")
    loud = found[(found["change_in_se"].abs() > 1) | found["changes_verdict"].astype(bool)]
    rows = [
        (
            f"{row.kind} {row.level}",
            formats.count_of_tasks(row.n_tasks),
            formats.number(row.estimate),
            formats.number(row.change),
            formats.number(row.change_in_se, 1),
            "yes" if row.changes_verdict else "",
        )
        for row in loud.itertuples()
    ]
    header = ("without", "task count", "interaction", "change (points)", "in standard errors", "verdict changes")
    caption = (
        "Single levels that move the interaction by more than a standard error or change its uncorrected verdict. "
        f"{notes.size(analysis)}."
    )
    return Table("influence", "Influence", caption, (Panel(header, tuple(rows), "nlrrrl"),), loud)


def convergence(analysis: Analysis) -> Table:
    """Evidence that each fit stands at its optimum."""
    found = _diagnosed(analysis, "convergence")
    rows = [
        (
            str(row.model),
            formats.number(row.criterion),
            str(row.state),
            *("" if value != value else f"{value:.1e}" for value in (row.gradient, row.curvature)),
            text(row.note),
        )
        for row in found.itertuples()
    ]
    header = ("model", "criterion", "state", "largest derivative", "least curvature", "note")
    caption = (
        "Convergence. A boundary (a variance of zero) is a result; a derivative near zero shows an optimum. "
        f"{notes.size(analysis)}."
    )
    return Table("convergence", "Convergence", caption, (Panel(header, tuple(rows), "lrlrrn"),), found)


def effect_sizes(analysis: Analysis) -> Table:
    """Hedges g and Bayes factors of the headline, where seeds are the replicates."""
    found = analysis.effect_sizes.dropna(subset=["d"]) if len(analysis.effect_sizes) else analysis.effect_sizes
    rows = [
        (
            row.contrast,
            str(int(row.n_seeds)),
            formats.number(row.d),
            formats.number(row.hedges_g),
            formats.number(row.correction),
            f"{row.bf10:.3g}",
        )
        for row in found.itertuples()
    ]
    header = ("result", "seeds", "d", "Hedges g", "its correction", "Bayes factor 10")
    caption = (
        "Effect sizes in units of the standard deviation of the seeds' differences: noise of training, not scores; "
        f"Bayes factor of an effect against none, Cauchy prior of scale 0.707 in these units. {notes.size(analysis)}."
    )
    return Table("effect_sizes", "Effect sizes", caption, (Panel(header, tuple(rows), "lrrrrr"),), found)


def routes(analysis: Analysis) -> Table:
    """The headline by every route, side by side."""
    found = analysis.routes
    rows = [
        (
            row.contrast,
            f"{row.route}: {row.method}" if row.route == MIXED else row.method,
            formats.estimate(row.estimate, row.conf_low, row.conf_high),
            formats.p_value(row.p_value),
            formats.p_value(row.sign_flip_p),
            select.scope(row.scope),
        )
        for row in (found.sort_values("contrast", kind="stable") if len(found) else found).itertuples()
    ]
    header = ("result", "route", ESTIMATE, "p", "sign-flip p", "scope")
    caption = (
        "The same estimands by other routes; no p is corrected, and intervals of the crossed bootstrap describe. "
        f"{notes.size(analysis)}."
    )
    return Table("routes", "Routes", caption, (Panel(header, tuple(rows), "llrrrl"),), found)


def _diagnosed(analysis: Analysis, name: str) -> pd.DataFrame:
    """A table of the diagnostics; empty where the analysis has none."""
    columns = {"influence": INFLUENCE_COLUMNS, "convergence": CONVERGENCE_COLUMNS}[name]
    empty = pd.DataFrame(columns=list(columns))
    return empty if analysis.diagnostics is None else getattr(analysis.diagnostics, name)
