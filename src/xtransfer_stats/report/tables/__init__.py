"""The tables of a report, built from the result frame."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from xtransfer_stats.report import notes
from xtransfer_stats.report.table import Table
from xtransfer_stats.report.tables.checks import convergence, effect_sizes, influence, routes
from xtransfer_stats.report.tables.claims import claims_table
from xtransfer_stats.report.tables.estimates import (
    asked,
    decomposition,
    effects,
    languages,
    leave_one_out,
    own_data,
    tasks,
)
from xtransfer_stats.report.tables.groups import GROUP_TABLES
from xtransfer_stats.report.tables.model import missing, terms, variance
from xtransfer_stats.stats.core.results import Analysis

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

# Made where hypotheses or other routes were asked for, and where seeds are replicates of a paired t.
ROUTES: Mapping[str, Callable[[Analysis], Table]] = MappingProxyType(
    {"asked": asked, "effect_sizes": effect_sizes, "routes": routes}
)


def tables(analysis: Analysis) -> dict[str, Table]:
    """Every table that has a row, by file name."""
    makers = {**TABLES, **DIAGNOSTICS, **ROUTES, **GROUP_TABLES}
    made = {name: make(analysis) for name, make in makers.items()}
    return {name: table for name, table in made.items() if len(table.frame)}
