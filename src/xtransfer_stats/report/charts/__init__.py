"""The charts of a report, by file name, in the order in which the page shows them.

Each is a function of the Analysis that returns an Altair chart, or None when the analysis has no row for it.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from xtransfer_stats.base.errors import RecipeError
from xtransfer_stats.base.resources import nearest
from xtransfer_stats.report.charts import answer, covariates, diagnostics, forests, heatmap, runs, singles
from xtransfer_stats.report.charts.bulk import in_bulk
from xtransfer_stats.report.charts.export import Specification
from xtransfer_stats.report.escape import cleaned
from xtransfer_stats.stats.core.results import Analysis

Charts = Mapping[str, Callable[[Any], Any | None]]

CHARTS: Charts = MappingProxyType(
    {
        "answer": answer.answer,
        "effects": forests.effects,
        "interaction": forests.interaction,
        "runs": runs.spread,
        "heatmap": heatmap.heatmap,
        "languages": forests.languages,
        "tasks": forests.tasks,
        "leave_one_out": forests.leave_one_out,
        "decomposition": forests.decomposition,
        "seeds": runs.seeds,
    }
)

# Drawn where the analysis has rows or tables of them.
GROUPS: Charts = MappingProxyType(
    {
        "composition": forests.composition,
        "groups": forests.groups,
        "families": forests.families,
        "scripts": forests.scripts,
        "identity": forests.identity,
        "wikipedia": covariates.wikipedia,
        "distance": covariates.distance,
        "language_runs": runs.language_runs,
    }
)

# Drawn where the study trained each intermediate task alone.
ALONE: Charts = MappingProxyType({"singles": singles.singles})

# Drawn where the analysis carries diagnostics.
DIAGNOSTICS: Charts = MappingProxyType(
    {"residuals": diagnostics.residuals, "influence": diagnostics.influence, "normality": diagnostics.normality}
)

EVERY: Charts = MappingProxyType({**CHARTS, **GROUPS, **ALONE, **DIAGNOSTICS})


def summary(name: str) -> str:
    """What a chart of `EVERY` shows, in one line."""
    return (EVERY[name].__doc__ or "").split("\n")[0]


def chart(analysis: Analysis, name: str) -> Any | None:
    """One chart of `EVERY` as an Altair chart; None where the analysis has no row for it.

    Its `to_dict()` is the chart's specification. Raises RecipeError where no chart is called so.
    """
    if name not in EVERY:
        raise RecipeError(f"name {name!r}: {nearest(name, EVERY)}choose from {', '.join(EVERY)}", ["name"])
    return EVERY[name](analysis)


def specification(analysis: Analysis, name: str) -> Specification | None:
    """The Vega-Lite specification of one chart of `EVERY`; None where the analysis has no row for it."""
    with in_bulk():
        drawn = chart(analysis, name)
        return None if drawn is None else cleaned(drawn.to_dict(validate=False))


def specifications(analysis: Any, charts: Charts = EVERY) -> dict[str, Specification]:
    """The Vega-Lite specification of every chart that the analysis has rows for."""
    with in_bulk():
        drawn = {name: draw(analysis) for name, draw in charts.items()}
        return {name: cleaned(one.to_dict(validate=False)) for name, one in drawn.items() if one is not None}
