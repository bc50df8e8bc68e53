"""Write the files of a fitted formula: tables in every form, charts in every form, and all of it as JSON."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from xtransfer_stats.report.charts import export, fits, specifications
from xtransfer_stats.report.tables.table import Table, files
from xtransfer_stats.report.write import Progress, write_file


def write_fit(
    drawn: fits.Drawn, every: Iterable[Table], machine: Mapping[str, Any], out: Path, progress: Progress | None = None
) -> list[Path]:
    """Write into folder `out` (made if need be): fit.json, tables/ and charts/; the files' paths.

    progress: called with (files written, files in all). Raises DataError when `out` cannot be written.
    """
    charts = specifications(drawn, fits.charts(drawn))
    contents = {"fit.json": export.as_json(machine), **files(every)}
    for name, picture in export.pictures(charts).items():
        contents |= {f"charts/{file}": content for file, content in export.files(name, picture).items()}
    written = []
    for name, content in contents.items():
        written.append(write_file(out / name, content))
        if progress is not None:
            progress(len(written), len(contents))
    return written
