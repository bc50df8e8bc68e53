"""Tables of what stands behind the averages: groups of tasks, families and scripts, task identity, the runs."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from xtransfer_stats.base import formats
from xtransfer_stats.report import notes, select
from xtransfer_stats.report.table import Panel, Table
from xtransfer_stats.report.tables import cells
from xtransfer_stats.stats.core.results import Analysis


def groups(analysis: Analysis) -> Table:
    """Effect on every group of target tasks."""
    return _tested(analysis, "groups", "Task groups", "Effect on each group of target tasks.", select.GROUP)


def families(analysis: Analysis) -> Table:
    """Effect in every language family."""
    return _tested(analysis, "families", "Language families", "Effect in each language family.", select.FAMILY)


def scripts(analysis: Analysis) -> Table:
    """Effect in every script."""
    return _tested(analysis, "scripts", "Scripts", "Effect in each script.", select.SCRIPT)


def covariates(analysis: Analysis) -> Table:
    """Slope of the languages' effects on a covariate."""
    return _tested(
        analysis,
        "covariates",
        "Slopes on covariates",
        "How the effect goes with what is known of the languages, exploratory.",
        select.SLOPE,
    )


def additive(analysis: Analysis) -> Table:
    """The interaction under additive task effects."""
    return _tested(analysis, "additive", "Additive tasks", "Interaction with additive task effects.", select.ADDITIVE)


def heterogeneity(analysis: Analysis) -> Table:
    """How much the effect differs between languages."""
    found = select.rows(analysis, select.HETEROGENEITY)
    rows = [
        (
            row.contrast,
            formats.number(row.estimate),
            formats.number(row.statistic),
            formats.p_value(row.p_value),
            row.note,
        )
        for row in found.itertuples()
    ]
    panel = Panel(("result", "sd (points)", "F", "p", "note"), tuple(rows), "lrrrn")
    caption = f"Do languages differ in the effect? {notes.size(analysis)}. p is not corrected."
    return Table("heterogeneity", "Differences between languages", caption, (panel,), cells.plain(found))


def identity(analysis: Analysis) -> Table:
    """The shrunken part of every intermediate task in the interaction."""
    found = select.rows(analysis, select.IDENTITY)
    rows = [
        (select.intermediate(row.contrast), formats.number(row.estimate), formats.number(row.std_error))
        for row in found.sort_values("estimate", ascending=False, kind="stable").itertuples()
    ]
    panel = Panel(("intermediate task", "part (points)", "standard error"), tuple(rows), "lrr")
    caption = f"Shrunken guess of each task's part in the interaction; never tested. {notes.size(analysis)}."
    return Table("identity", "Intermediate tasks", caption, (panel,), cells.plain(found))


def runs(analysis: Analysis) -> Table:
    """What ran: every run with its seed, task count, task set and scores."""
    keys = ["run", "seed", "replicate", "n_tasks", "task_set"]
    wide = analysis.run_scores.pivot(index=keys, columns="benchmark", values="score")
    present = [name for name in analysis.facts.benchmarks if name in wide.columns]
    table = wide[present].reset_index().sort_values(["n_tasks", "seed", "task_set", "replicate"])
    rows = [
        (
            str(row.run),
            str(row.seed),
            formats.count_of_tasks(row.n_tasks),
            str(row.task_set) or formats.NONE,
            *(formats.number(row[name]) for name in present),
        )
        for _, row in table.iterrows()
    ]
    panel = Panel(("run", "seed", "task count", "task set", *present), tuple(rows), "lrln" + "r" * len(present))
    caption = f"The runs: average score on each benchmark, in points on 0-100. {notes.size(analysis)}."
    return Table("runs", "Runs", caption, (panel,), table.reset_index(drop=True))


def _tested(analysis: Analysis, name: str, title: str, opening: str, term: str) -> Table:
    return cells.tested(analysis, name, title, notes.caption(analysis, opening, term), (term,))


GROUP_TABLES: Mapping[str, Callable[[Analysis], Table]] = MappingProxyType(
    {
        "groups": groups,
        "families": families,
        "scripts": scripts,
        "covariates": covariates,
        "heterogeneity": heterogeneity,
        "identity": identity,
        "additive": additive,
        "runs": runs,
    }
)
