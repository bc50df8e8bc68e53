"""Write a report's files: the page, the charts in every format, the tables, and the results for machines."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pandas as pd

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.report import export, render
from xtransfer_stats.report.charts import specifications
from xtransfer_stats.report.page import page
from xtransfer_stats.report.table import Table
from xtransfer_stats.report.tables import tables
from xtransfer_stats.stats.core.results import Analysis, for_files

Progress = Callable[[int, int], None]


def write_report(analysis: Analysis, out: Path, progress: Progress | None = None) -> list[Path]:
    """Write the report into folder `out` (made if need be) and return the files' paths.

    progress: called with (files written, files in all). Raises DataError when `out` cannot be written.
    """
    charts, made = specifications(analysis), tables(analysis)
    total = len(charts) * len(export.FORMATS) + len(made) * len(render.RENDERERS) + 5
    written: list[Path] = []
    for name, content in _files(analysis, charts, made):
        written.append(write_file(out / name, content))
        if progress is not None:
            progress(len(written), total)
    return written


def _files(
    analysis: Analysis, charts: dict[str, export.Specification], made: dict[str, Table]
) -> Iterator[tuple[str, bytes]]:
    """(path inside the report, content), the page last, when all it stands beside is there."""
    yield from frame_files(analysis.results)
    yield from render.files(made.values()).items()
    yield from chart_files(charts)
    yield "report.html", page(analysis, charts, made).encode()


def frame_files(results: pd.DataFrame) -> Iterator[tuple[str, bytes]]:
    """A result frame for machines."""
    results = for_files(results)
    yield "results.csv", render.guarded(results).to_csv(index=False, lineterminator="\n").encode()
    yield "results.parquet", results.to_parquet(index=False)


def chart_files(charts: Mapping[str, export.Specification]) -> Iterator[tuple[str, bytes]]:
    """Every chart in every format."""
    for name, spec in charts.items():
        for file, content in export.files(name, spec, export.svg(spec)).items():
            yield f"charts/{file}", content


def write_file(path: Path, content: bytes) -> Path:
    """Write one file, its folder made if need be; raises DataError with the remedy."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    except OSError as error:
        raise DataError(
            f"Report: cannot write {path} ({error.strerror}). Give a writable folder with --out."
        ) from error
    return path
