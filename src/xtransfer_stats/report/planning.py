"""Write a planning's files: its charts in every format and at every width, its tables as CSV."""

import json
from collections.abc import Iterator
from pathlib import Path

from xtransfer_stats.report import export, paper, paperfiles, render
from xtransfer_stats.report.charts.power import CHARTS
from xtransfer_stats.report.write import write_file
from xtransfer_stats.stats.power.planning import Planning

TABLES = ("designs", "needed", "trades", "such", "curves")


def write_planning(planning: Planning, out: Path) -> list[Path]:
    """Write charts and tables into folder `out`; raises DataError when it cannot be written."""
    return [write_file(out / name, content) for name, content in _files(planning)]


def _files(planning: Planning) -> Iterator[tuple[str, bytes]]:
    for name in TABLES:
        table = render.guarded(getattr(planning, name))
        yield f"{name}.csv", table.to_csv(index=False, lineterminator="\n").encode()
    yield "notes.json", (json.dumps(list(planning.notes), indent=1, ensure_ascii=False) + "\n").encode()
    for name, draw in CHARTS.items():
        spec = draw(planning).to_dict()
        yield from export.files(name, spec, export.svg(spec)).items()
        for width in paper.WIDTHS:
            for file, content in paperfiles.files(name, spec, width, tuple(paperfiles.FORMATS)).items():
                yield f"{width}/{file}", content
