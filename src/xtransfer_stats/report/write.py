"""Write the files of a report: of a study, a published table, a comparison or a planning."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd

from xtransfer_stats.report import paper
from xtransfer_stats.report.charts import comparisons as sides
from xtransfer_stats.report.charts import export, power, published, specifications
from xtransfer_stats.report.charts.export import Picture
from xtransfer_stats.report.files import LONGEST_NAME as LONGEST_NAME
from xtransfer_stats.report.files import folder_name as folder_name
from xtransfer_stats.report.files import write_file as write_file
from xtransfer_stats.report.page import page, published_page
from xtransfer_stats.report.page.backbones import backbones_page
from xtransfer_stats.report.page.sidebyside import comparison_page, several_page
from xtransfer_stats.report.tables import backbones as by_backbone
from xtransfer_stats.report.tables import comparison as comparisons
from xtransfer_stats.report.tables import published as listed
from xtransfer_stats.report.tables import several as severals
from xtransfer_stats.report.tables import tables
from xtransfer_stats.report.tables.table import FORMS, Table, csv, files
from xtransfer_stats.stats.comparison.backbones.backbones import BackboneEffects
from xtransfer_stats.stats.comparison.compare import Comparison
from xtransfer_stats.stats.comparison.several.several import Several
from xtransfer_stats.stats.core.conditions import COUNTS, Conditions
from xtransfer_stats.stats.core.results import Analysis, for_files
from xtransfer_stats.stats.power.planning import Planning
from xtransfer_stats.stats.published.analysis import PublishedAnalysis

Progress = Callable[[int, int], None]
Files = Iterator[tuple[str, bytes]]  # (path inside the report, content)
PLANNING_TABLES = ("designs", "needed", "trades", "such", "curves")


def write_report(analysis: Analysis, out: Path, progress: Progress | None = None) -> list[Path]:
    """Write a study's report into folder `out` (made if need be) and return the files' paths.

    progress: called with (files written, files in all). Raises DataError when `out` cannot be written.
    """
    charts, every = export.pictures(specifications(analysis)), tables(analysis)
    total = len(charts) * len(export.FORMATS) + len(every) * len(FORMS) + 5
    written: list[Path] = []
    for name, content in _report_files(
        analysis.results, every, charts, lambda: page(analysis, charts, every), analysis.facts.conditions
    ):
        written.append(write_file(out / name, content))
        if progress is not None:
            progress(len(written), total)
    return written


def write_published(analysis: PublishedAnalysis, out: Path) -> list[Path]:
    """Write a published table's report into folder `out`; raises DataError when it cannot be written."""
    charts, every = export.pictures(specifications(analysis, published.CHARTS)), listed.tables(analysis)
    return _write(out, _report_files(analysis.results, every, charts, lambda: published_page(analysis, charts, every)))


def write_comparison(comparison: Comparison, machine: Mapping[str, Any], out: Path) -> list[Path]:
    """Write a comparison's report into folder `out`; machine is the comparison as JSON has it.

    Raises DataError when the folder cannot be written.
    """
    charts = export.pictures(specifications(comparison, {"comparison": sides.comparison}))
    every = comparisons.tables(comparison)
    page_of = partial(comparison_page, comparison, charts, every)
    written = _write(out, _report_files(comparison.results, every, charts, page_of))
    return [*written, write_file(out / "comparison.json", export.as_json(machine))]


def write_several(found: Several, machine: Mapping[str, Any], out: Path) -> list[Path]:
    """Write the report of several studies into folder `out`; machine is the result as JSON has it.

    Raises DataError when the folder cannot be written.
    """
    charts = export.pictures(specifications(found, {"several": sides.several}))
    every = severals.tables(found)
    written = _write(out, _report_files(found.results, every, charts, partial(several_page, found, charts, every)))
    return [*written, write_file(out / "several.json", export.as_json(machine))]


def write_backbones(found: BackboneEffects, machine: Mapping[str, Any], out: Path) -> list[Path]:
    """Write the report of several backbones into folder `out`; machine is the result as JSON has it.

    Raises DataError when the folder cannot be written.
    """
    charts, every = export.pictures(specifications(found, {"backbones": sides.backbones})), by_backbone.tables(found)
    written = _write(out, _report_files(found.results, every, charts, lambda: backbones_page(found, charts, every)))
    return [*written, write_file(out / "backbones.json", export.as_json(machine))]


def write_planning(planning: Planning, out: Path) -> list[Path]:
    """Write a planning's charts, at a paper's widths too, and tables into folder `out`.

    Raises DataError when it cannot be written.
    """
    return _write(out, _planning_files(planning))


def _report_files(
    results: pd.DataFrame,
    every: Mapping[str, Table],
    charts: Mapping[str, Picture],
    page_of: Callable[[], str] | None = None,
    conditions: Conditions = COUNTS,
) -> Files:
    """The result frame, tables and charts; the page last, when all it stands beside is there."""
    results = for_files(results, conditions)
    yield "results.csv", csv(results).encode()
    yield "results.parquet", results.to_parquet(index=False)
    yield from files(every.values()).items()
    for name, picture in charts.items():
        for file, content in export.files(name, picture).items():
            yield f"charts/{file}", content
    if page_of is not None:
        yield "report.html", page_of().encode()


def _planning_files(planning: Planning) -> Files:
    for name in PLANNING_TABLES:
        yield f"{name}.csv", csv(getattr(planning, name)).encode()
    yield "notes.json", export.as_json(list(planning.notes))
    for name, spec in specifications(planning, power.CHARTS).items():
        yield from export.files(name, export.Picture(spec)).items()
        for width in paper.layout.WIDTHS:
            for file, content in paper.files(name, spec, width, tuple(paper.FORMATS)).items():
                yield f"{width}/{file}", content


def _write(out: Path, contents: Iterable[tuple[str, bytes]]) -> list[Path]:
    return [write_file(out / name, content) for name, content in contents]
