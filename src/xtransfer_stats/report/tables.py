"""The tables of a report, built from the result frame."""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import pandas as pd

from xtransfer_stats.report import formats, notes, select
from xtransfer_stats.report.claimstable import claims_table
from xtransfer_stats.report.grouptables import GROUP_TABLES
from xtransfer_stats.report.table import Panel, Table
from xtransfer_stats.stats.diagnostics.tables import CONVERGENCE_COLUMNS, INFLUENCE_COLUMNS
from xtransfer_stats.stats.results import Analysis

ESTIMATE = "estimate [95 %]"
MIXED = "mixed model"  # whose method says only how its errors were got


def effects(analysis: Analysis) -> Table:
    """The primary results: interaction, effects, steps, in each scope."""
    caption = notes.caption(analysis, "Interaction, effects and steps.", *select.PRIMARY)
    return _tested(analysis, "effects", "Effects and interaction", caption, select.PRIMARY)


def own_data(analysis: Analysis) -> Table:
    """Sensitivity: the interaction less what own-task training data may have added."""
    caption = notes.caption(analysis, "Sensitivity to own-task training data.", select.OWN_DATA)
    return _tested(analysis, "own_data", "Sensitivity: own-task data", caption, (select.OWN_DATA,))


def languages(analysis: Analysis) -> Table:
    """Effect in each language."""
    found = select.rows(analysis, select.LANGUAGE)
    caption = notes.caption(analysis, "Effect in each language.", select.LANGUAGE)
    return _by_count(analysis, "languages", "Languages", caption, found, "language", found["language"])


def tasks(analysis: Analysis) -> Table:
    """Effect on each target task, as measured and as the cell-level model shrinks it."""
    terms = (select.TASK, select.SHRUNKEN_TASK)
    found = select.rows(analysis, *terms)
    caption = notes.caption(analysis, "Effect on each target task.", *terms)
    return _by_count(analysis, "tasks", "Target tasks", caption, found, "target task", found["target_task"])


def leave_one_out(analysis: Analysis) -> Table:
    """Effects and interaction without one target task at a time."""
    found = select.rows(analysis, select.LEAVE_ONE_OUT)
    caption = notes.caption(analysis, "Leave one target task out.", select.LEAVE_ONE_OUT)
    names = found["target_task"]
    return _by_count(analysis, "leave_one_out", "Leave one task out", caption, found, "without", names)


def decomposition(analysis: Analysis) -> Table:
    """What the interaction rests on: shared tasks and those of one benchmark."""
    found = select.rows(analysis, select.DECOMPOSITION)
    caption = notes.caption(analysis, "Parts of the interaction; they sum to it.", select.DECOMPOSITION)
    rows = [
        (part, formats.count_of_tasks(row.n_tasks), row.text, row.note)
        for part, row in zip(select.part_names(found), found.itertuples(), strict=True)
    ]
    panel = Panel(("part", "task count", ESTIMATE, "tasks"), tuple(rows), "llrn")
    return Table("decomposition", "Decomposition of the interaction", caption, (panel,), _frame(found))


def terms(analysis: Analysis) -> Table:
    """F tests of task count, benchmark, language and their interactions."""
    rows = [
        (
            str(row.term),
            formats.number(row.df_num, 0),
            formats.number(row.df, 1),
            formats.number(row.statistic),
            formats.p_value(row.p_value),
            _text(row.note),
        )
        for row in analysis.terms.itertuples()
    ]
    panel = Panel(("term", "df", "error df", "F", "p", "note"), tuple(rows), "lrrrrn")
    caption = f"The seven terms, each tested jointly (F). {notes.size(analysis)}. No adjusted p."
    return Table("terms", "Terms", caption, (panel,), analysis.terms)


def variance(analysis: Analysis) -> Table:
    """Variance components of the cell-level model."""
    rows = [
        (
            str(row.component),
            formats.number(row.sd),
            formats.percent(row.share),
            _text(row.state),
            _text(row.note),
        )
        for row in analysis.variance.itertuples()
    ]
    panel = Panel(("component", "SD (points)", "share", "state", "note"), tuple(rows), "lrrln")
    caption = f"Variance components of the cell-level model (REML). {notes.size(analysis)}."
    return Table("variance", "Variance shares", caption, (panel,), analysis.variance)


def missing(analysis: Analysis) -> Table:
    """Cells without a score, by name, and what leaving them out does."""
    rows = [
        (
            *(_text(name) for name in (row.run, row.target_task, row.language, row.reason)),
            formats.number(row.effect_of_dropping),
        )
        for row in analysis.missing.itertuples()
    ]
    panel = Panel(("run", "target task", "language", "reason", "effect of dropping (points)"), tuple(rows), "llllr")
    caption = "Cells without a score; a cell that one run lacks is left out of all."
    return Table("missing", "Missing cells", caption, (panel,), analysis.missing)


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
    caption = "Single levels that move the interaction by more than a standard error or change its uncorrected verdict."
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
            _text(row.note),
        )
        for row in found.itertuples()
    ]
    header = ("model", "criterion", "state", "largest derivative", "least curvature", "note")
    caption = "Convergence. A boundary (a variance of zero) is a result; a derivative near zero shows an optimum."
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
        "Bayes factor of an effect against none, Cauchy prior of scale 0.707 in these units."
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
    caption = "The same estimands by other routes; no p is corrected, and intervals of the crossed bootstrap describe."
    return Table("routes", "Routes", caption, (Panel(header, tuple(rows), "llrrrl"),), found)


def _diagnosed(analysis: Analysis, name: str) -> pd.DataFrame:
    """A table of the diagnostics; empty where the analysis has none."""
    columns = {"influence": INFLUENCE_COLUMNS, "convergence": CONVERGENCE_COLUMNS}[name]
    empty = pd.DataFrame(columns=list(columns))
    return empty if analysis.diagnostics is None else getattr(analysis.diagnostics, name)


TABLES: Mapping[str, Callable[[Analysis], Table]] = MappingProxyType(
    {
        "effects": effects,
        "claims": lambda analysis: claims_table(analysis.claims, notes.size(analysis)),
        "languages": languages,
        "tasks": tasks,
        "leave_one_out": leave_one_out,
        "decomposition": decomposition,
        "own_data": own_data,
        "terms": terms,
        "variance": variance,
        "missing": missing,
    }
)

# Made where the analysis carries diagnostics.
DIAGNOSTICS: Mapping[str, Callable[[Analysis], Table]] = MappingProxyType(
    {"influence": influence, "convergence": convergence}
)

# Made where seeds are replicates of a paired t, and where other routes than the mixed model were asked for.
ROUTES: Mapping[str, Callable[[Analysis], Table]] = MappingProxyType({"effect_sizes": effect_sizes, "routes": routes})


def tables(analysis: Analysis) -> dict[str, Table]:
    """Every table that has a row, by file name."""
    makers = {**TABLES, **DIAGNOSTICS, **ROUTES, **GROUP_TABLES}
    made = {name: make(analysis) for name, make in makers.items()}
    return {name: table for name, table in made.items() if len(table.frame)}


def _tested(analysis: Analysis, name: str, title: str, caption: str, terms: Sequence[str]) -> Table:
    found = select.rows(analysis, *terms)
    rows = [
        (
            row.contrast,
            row.text,
            formats.stars(row.p_adjusted),
            formats.p_value(row.p_adjusted),
            formats.p_value(row.p_value),
            formats.number(row.df, 1),
            select.scope(row.scope),
        )
        for row in found.itertuples()
    ]
    panel = Panel(("result", ESTIMATE, "stars", "adjusted p", "p", "df", "scope"), tuple(rows), "lrlrrrl")
    return Table(name, title, caption, (panel,), _frame(found), _starred(found))


def _by_count(
    analysis: Analysis, name: str, title: str, caption: str, found: pd.DataFrame, key: str, names: Any
) -> Table:
    """One panel a term and estimand, one row a name, one column a task count."""
    found = found.assign(row=names)
    panels = []
    several = found["term"].nunique() > 1
    for term, same in found.groupby("term", sort=False):
        for benchmark, heading in select.headings(analysis, same).items():
            part = same[same["benchmark"] == benchmark]
            panels.append(_grid(part, key, select.words(str(term) if several else "", heading)))
    return Table(name, title, caption, tuple(panels), _frame(found.drop(columns="row")), _starred(found))


def _grid(part: pd.DataFrame, key: str, title: str) -> Panel:
    counts = select.counts(part)
    marked = part.assign(shown=part["text"] + part["p_adjusted"].map(formats.stars))
    cells = {(row.row, row.n_tasks): row.shown for row in marked.itertuples()}
    names = list(dict.fromkeys(part["row"]))
    rows = [(name, *(cells.get((name, count), formats.NONE) for count in counts)) for name in names]
    header = (key, *(f"{formats.count_of_tasks(count)}: {ESTIMATE}" for count in counts))
    return Panel(header, tuple(rows), "l" + "r" * len(counts), title)


def _frame(found: pd.DataFrame) -> pd.DataFrame:
    return found.rename(columns={"text": "formatted"})


def _starred(found: pd.DataFrame) -> bool:
    return bool(found["p_adjusted"].notna().any())


def _text(value: object) -> str:
    return "" if value is None or value != value else str(value)
