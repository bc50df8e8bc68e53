"""The tables of a published table, declared like a study's."""

from collections.abc import Callable
from dataclasses import replace

import pandas as pd

from xtransfer_stats.report.panel import Column
from xtransfer_stats.report.tables import CLAIMS, VARIANCE
from xtransfer_stats.report.tables.columns import ADJUSTED_P, DF, ESTIMATE, NOTE, STARRED, Listing, P, number
from xtransfer_stats.report.tables.table import Table
from xtransfer_stats.stats.core import termtable
from xtransfer_stats.stats.published.analysis import PublishedAnalysis

# A setting's numbers: term -> heading.
PER_SETTING = {
    termtable.SETTING_GAIN: "average gain",
    termtable.SHRUNKEN_SETTING: "shrunken",
    termtable.SETTING_TRAINED_GAIN: "gain without untrained tasks",
    termtable.SHARE: "untrained tasks' share, %",
}


def tables(analysis: PublishedAnalysis) -> dict[str, Table]:
    """Every table that has a row, by file name."""
    listings = {"means": _MEANS, "settings": _settings(analysis), "targets": _TARGETS, "variance": _VARIANCE}
    every = [listing.table(name, analysis, size(analysis)) for name, listing in {**listings, "claims": CLAIMS}.items()]
    return {table.name: table for table in every if len(table.frame)}


def size(analysis: PublishedAnalysis) -> str:
    """How many settings and target tasks a caption speaks of."""
    tasks, settings = analysis.gains["target_task"].nunique(), analysis.gains["run"].nunique()
    return f"{settings} settings, one run each, no seeds, {tasks} target tasks"


def _rows(*terms: str) -> Callable[[PublishedAnalysis], pd.DataFrame]:
    return lambda analysis: analysis.results[analysis.results["term"].isin(terms)].reset_index(drop=True)


def _settings(analysis: PublishedAnalysis) -> Listing:
    rows = _rows(*PER_SETTING)
    wide = rows(analysis).pivot_table(index="level", columns="term", values="estimate", sort=False)
    wide = wide.reindex(columns=list(PER_SETTING)).dropna(axis=1, how="all")
    wide = wide.sort_values(termtable.SETTING_GAIN, ascending=False, kind="stable").reset_index()
    return Listing(
        "Settings",
        "Average gain of each setting over the baseline, points: one run each, so no error. Share: of the summed gain, "
        "from target tasks without training of their own; above 100 where the others lose. {size}.",
        (Column("setting", "level"), *(number(head, term) for term, head in PER_SETTING.items() if term in wide)),
        rows,
        lambda _: wide,
    )


_MEANS = Listing(
    "Mean gains",
    "Mean gains of single intermediate tasks over the one baseline, points; intervals over intermediate tasks, or "
    "over pairs of settings. {size}.",
    (Column("result", "contrast", align="n"), ESTIMATE, P, DF, NOTE),
    _rows(
        termtable.AVERAGE_GAIN, termtable.TRAINED_GAIN, termtable.UNTRAINED_GAIN, termtable.VARIANT, termtable.MEAN_GAIN
    ),
)
_TARGETS = Listing(
    "Target tasks",
    "Mean gain of single intermediate tasks on each target task, points; Student's t over intermediate tasks, "
    "adjusted by Benjamini-Hochberg. {size}.",
    (Column("target task", "target_task"), STARRED, ADJUSTED_P, NOTE),
    _rows(termtable.TARGET_GAIN),
)
_VARIANCE = replace(
    VARIANCE,
    caption="Variance components of the gains of single intermediate tasks (REML, crossed random factors). {size}.",
)
