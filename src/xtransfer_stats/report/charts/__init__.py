"""The charts of a report, by file name, in the order in which the page shows them.

Each is a function of the Analysis that returns an Altair chart, or None when the analysis has no row for it.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from xtransfer_stats.report.charts import covariates, diagnostics, estimates, explorer, groups, heatmap, seeds, spread
from xtransfer_stats.stats.results import Analysis

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
        "language_runs": explorer.language_runs,
    }
)

# Drawn where the analysis carries diagnostics.
DIAGNOSTICS: Mapping[str, Callable[[Analysis], Any | None]] = MappingProxyType(
    {"residuals": diagnostics.residuals, "influence": diagnostics.influence, "normality": diagnostics.normality}
)


def specifications(analysis: Analysis) -> dict[str, dict[str, Any]]:
    """The Vega-Lite specification of every chart that the analysis has rows for."""
    drawn = {name: draw(analysis) for name, draw in (*CHARTS.items(), *GROUPS.items(), *DIAGNOSTICS.items())}
    return {name: chart.to_dict() for name, chart in drawn.items() if chart is not None}
