"""The report of a published table: its page, charts and tables."""

from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from xtransfer_stats.base import formats
from xtransfer_stats.report import document, export, render
from xtransfer_stats.report.charts.published import specifications
from xtransfer_stats.report.document import Block
from xtransfer_stats.report.sections import Section
from xtransfer_stats.report.table import Panel, Table
from xtransfer_stats.report.tables.claims import claims_table
from xtransfer_stats.report.write import chart_files, frame_files, write_file
from xtransfer_stats.stats.core.results import for_files
from xtransfer_stats.stats.published.analysis import PublishedAnalysis

ESTIMATE = "estimate [95 %]"
PER_SETTING = ("setting gain", "setting gain, shrunken", "gain without untrained tasks", "share")
MEANS = (
    "average gain", "average gain without untrained tasks", "average gain of untrained tasks", "variant", "mean gain"
)  # fmt: skip

# The sections between the answer and the notes.
SECTIONS = (
    Section("numbers", "Key numbers", (), ("means",)),
    Section("claims", "Claims", (), ("claims",)),
    Section("sources", "Where the gain comes from", ("sources",), ("settings",)),
    Section("tasks", "Target tasks", ("gains",), ("targets",)),
    Section("variance", "Variance shares", (), ("variance",)),
)


def write_published(analysis: PublishedAnalysis, out: Path) -> list[Path]:
    """Write the report into folder `out`; returns the files. Raises DataError when it cannot be written."""
    return [write_file(out / name, content) for name, content in _files(analysis)]


def tables(analysis: PublishedAnalysis) -> dict[str, Table]:
    """Every table that has a row, by file name."""
    made = (
        _means(analysis),
        _settings(analysis),
        _targets(analysis),
        _variance(analysis),
        claims_table(analysis.claims, _size(analysis)),
    )
    return {table.name: table for table in made if len(table.frame)}


def _files(analysis: PublishedAnalysis) -> Iterator[tuple[str, bytes]]:
    yield from frame_files(analysis.results)
    made, specs = tables(analysis), specifications(analysis)
    yield from render.files(made.values()).items()
    yield from chart_files(specs)
    yield "report.html", _page(analysis, made, specs).encode()


def _page(analysis: PublishedAnalysis, made: dict[str, Table], specs: dict[str, export.Specification]) -> str:
    facts = f"Backbone {analysis.backbone}. {_size(analysis)}."
    parts = document.made(specs, made)
    blocks = [
        document.answer(analysis.answer),
        Block("warning", "What single runs cannot tell", (document.items(analysis.notes),)),
        *(document.block(section, parts) for section in SECTIONS),
        Block("methods", "Methods", (document.paragraph(analysis.methods),)),
    ]
    kept = [block for block in blocks if block.parts]
    return document.document(f"Published table {analysis.study}", facts, kept, specs, analysis.signature)


def _size(analysis: PublishedAnalysis) -> str:
    tasks, settings = analysis.gains["target_task"].nunique(), analysis.gains["run"].nunique()
    return f"{settings} settings, one run each, no seeds, {tasks} target tasks"


def _rows(analysis: PublishedAnalysis, *terms: str) -> pd.DataFrame:
    return for_files(analysis.results[analysis.results["term"].isin(terms)].reset_index(drop=True))


def _means(analysis: PublishedAnalysis) -> Table:
    found = _rows(analysis, *MEANS)
    rows = [
        (
            row.contrast,
            formats.estimate(row.estimate, row.conf_low, row.conf_high),
            formats.p_value(row.p_value),
            formats.number(row.df, 1),
            row.note,
        )
        for row in found.itertuples()
    ]
    caption = (
        "Mean gains of single intermediate tasks over the one baseline, points; intervals over intermediate tasks, or "
        f"over pairs of settings. {_size(analysis)}."
    )
    header = ("result", ESTIMATE, "p", "df", "note")
    return Table("means", "Mean gains", caption, (Panel(header, tuple(rows), "nrrrn"),), found)


def _settings(analysis: PublishedAnalysis) -> Table:
    found = _rows(analysis, *PER_SETTING)
    wide = found.assign(run=[_run(text) for text in found["contrast"]])
    wide = wide.pivot_table(index="run", columns="term", values="estimate", sort=False)
    wide = wide.reindex(columns=list(PER_SETTING)).dropna(axis=1, how="all")
    wide = wide.sort_values("setting gain", ascending=False, kind="stable")
    rows = [(str(run), *(formats.number(value) for value in values)) for run, *values in wide.itertuples()]
    named = {"setting gain": "average gain", "share": "untrained tasks' share, %", "setting gain, shrunken": "shrunken"}
    header = ("setting", *(named.get(term, term) for term in wide.columns))
    caption = (
        "Average gain of each setting over the baseline, points: one run each, so no error. Share: of the summed gain, "
        f"from target tasks without training of their own; above 100 where the others lose. {_size(analysis)}."
    )
    return Table("settings", "Settings", caption, (Panel(header, tuple(rows), "l" + "r" * len(wide.columns)),), found)


def _targets(analysis: PublishedAnalysis) -> Table:
    found = _rows(analysis, "target gain")
    rows = [
        (
            row.target_task,
            formats.estimate(row.estimate, row.conf_low, row.conf_high) + formats.stars(row.p_adjusted),
            formats.p_value(row.p_adjusted),
            row.note,
        )
        for row in found.itertuples()
    ]
    caption = (
        "Mean gain of single intermediate tasks on each target task, points; Student's t over intermediate tasks, "
        f"adjusted by Benjamini-Hochberg. {_size(analysis)}."
    )
    panel = Panel(("target task", ESTIMATE, "adjusted p", "note"), tuple(rows), "lrrn")
    return Table("targets", "Target tasks", caption, (panel,), found, starred=True)


def _variance(analysis: PublishedAnalysis) -> Table:
    rows = [
        (row.component, formats.number(row.sd), formats.percent(row.share), row.state, row.note)
        for row in analysis.variance.itertuples()
    ]
    panel = Panel(("component", "SD (points)", "share", "state", "note"), tuple(rows), "lrrln")
    caption = (
        "Variance components of the gains of single intermediate tasks (REML, crossed random factors). "
        f"{_size(analysis)}."
    )
    return Table("variance", "Variance shares", caption, (panel,), analysis.variance)


def _run(contrast: str) -> str:
    return contrast.rpartition(" of ")[2].removesuffix(", shrunken")
