"""The charts of a report, by file name, in the order in which the page shows them.

Each is a function of the Analysis that returns an Altair chart, or None when the analysis has no row for it.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from xtransfer_stats.report.charts import covariates, diagnostics, estimates, explorer, groups, heatmap, seeds, spread
from xtransfer_stats.stats.core.results import Analysis

CHARTS: Mapping[str, Callable[[Analysis], Any | None]] = MappingProxyType(
    {
        "effects": estimates.effects,
        "interaction": estimates.interaction,
        "runs": spread.spread,
        "heatmap": heatmap.heatmap,
        "languages": estimates.languages,
        "tasks": estimates.tasks,
        "leave_one_out": estimates.leave_one_out,
        "decomposition": estimates.decomposition,
        "seeds": seeds.seeds,
    }
)

# Drawn where the analysis has rows or tables of them.
GROUPS: Mapping[str, Callable[[Analysis], Any | None]] = MappingProxyType(
    {
        "groups": groups.groups,
        "families": groups.families,
        "scripts": groups.scripts,
        "identity": groups.identity,
        "wikipedia": covariates.wikipedia,
        "distance": covariates.distance,
        "language_runs": explorer.language_runs,
    }
)

# Drawn where the analysis carries diagnostics.
DIAGNOSTICS: Mapping[str, Callable[[Analysis], Any | None]] = MappingProxyType(
    {"residuals": diagnostics.residuals, "influence": diagnostics.influence, "normality": diagnostics.normality}
)

EVERY: Mapping[str, Callable[[Analysis], Any | None]] = MappingProxyType({**CHARTS, **GROUPS, **DIAGNOSTICS})


def summary(name: str) -> str:
    """What a chart of `EVERY` shows, in one line."""
    return (EVERY[name].__doc__ or "").split("\n")[0]


def specification(analysis: Analysis, name: str) -> dict[str, Any] | None:
    """The Vega-Lite specification of one chart of `EVERY`; None where the analysis has no row for it."""
    chart = EVERY[name](analysis)
    return None if chart is None else chart.to_dict()


def specifications(analysis: Analysis) -> dict[str, dict[str, Any]]:
    """The Vega-Lite specification of every chart that the analysis has rows for."""
    drawn = {name: specification(analysis, name) for name in EVERY}
    return {name: spec for name, spec in drawn.items() if spec is not None}
