"""Write a comparison's files: tables in every format, the chart, the results for machines."""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from xtransfer_stats.report import render
from xtransfer_stats.report.comparison.chart import chart
from xtransfer_stats.report.comparison.tables import TABLES
from xtransfer_stats.report.write import chart_files, frame_files, write_file
from xtransfer_stats.stats.comparison.result import Comparison


def folder_name(found: Comparison) -> str:
    """ "compare-quick-quick-mlm": a folder's name, whatever the studies are called."""
    names = (re.sub(r"[^A-Za-z0-9._-]+", "-", side.name).strip("-.") for side in (found.a, found.b))
    return "-".join(["compare", *names])


def write_comparison(found: Comparison, machine: Mapping[str, Any], out: Path) -> list[Path]:
    """Write the report into folder `out`; machine is the comparison as JSON has it.

    Raises DataError when the folder cannot be written.
    """
    return [write_file(out / name, content) for name, content in _files(found, machine)]


def _files(found: Comparison, machine: Mapping[str, Any]) -> Iterator[tuple[str, bytes]]:
    yield from frame_files(found.results)
    yield "comparison.json", (json.dumps(machine, indent=1, ensure_ascii=False, allow_nan=False) + "\n").encode()
    yield from render.files(make(found) for make in TABLES.values()).items()
    yield from chart_files({"comparison": chart(found).to_dict()})
