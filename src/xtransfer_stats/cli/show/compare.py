"""`xstats compare`: two studies side by side on the terminal, as JSON, and as a report folder."""

import json
import sys
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.progress import Progress
from rich.table import Table

from xtransfer_stats.base import formats
from xtransfer_stats.cli.show.show import table
from xtransfer_stats.report.tables.comparison import by_side
from xtransfer_stats.stats.comparison.result import Comparison
from xtransfer_stats.verbs.compare import compared, comparison_json

_OUT, _ERR = Console(highlight=False), Console(stderr=True, highlight=False)
_HEADLINE = ("effect", "step", "interaction")


def compare(
    first: str,
    second: str,
    store: Path,
    benchmarks: tuple[str, str] | None,
    out: Path | None,
    *,
    unpaired: bool,
    as_json: bool,
) -> None:
    """Compare two studies; print JSON, or write the report and print its tables."""
    found = compared(first, second, store, benchmarks, independent=unpaired)
    if as_json:
        sys.stdout.write(json.dumps(comparison_json(found), indent=1, allow_nan=False) + "\n")
        return
    from xtransfer_stats.report.write import folder_name, write_comparison

    folder = out or Path("reports") / folder_name(found)
    with Progress(console=_ERR, transient=True, disable=not _ERR.is_terminal) as bar:
        bar.add_task("report", total=None)
        write_comparison(found, comparison_json(found), folder)
    show(_OUT, found)
    _OUT.print(f"Report: {folder}", soft_wrap=True)


def show(console: Console, found: Comparison) -> None:
    """What differs, the answer, the tables and the notes."""
    console.print(_differs(found))
    console.print(f"The same in both: {', '.join(found.differs[~found.differs['differs']]['fact'])}.", soft_wrap=True)
    console.print(found.answer, markup=False, soft_wrap=True)
    console.print(_side_by_side(found, "Differences", _HEADLINE))
    console.print(_side_by_side(found, "Average scores", ("level",)))
    for note in found.notes:
        console.print(f"- {note}", markup=False, soft_wrap=True)
    for line in (f"A: {found.a.signature}", f"B: {found.b.signature}", found.signature):
        console.print(line, markup=False, soft_wrap=True, style="dim")


def _differs(found: Comparison) -> Table:
    shown = table("What differs", "", f"A: {escape(found.a.name)}", f"B: {escape(found.b.name)}")
    for row in found.differs[found.differs["differs"]].itertuples():
        shown.add_row(escape(row.fact), escape(row.a or formats.NONE), escape(row.b or formats.NONE))
    return shown


def _side_by_side(found: Comparison, title: str, terms: tuple[str, ...]) -> Table:
    """Estimates of A and B, whose intervals stand in the report, and the difference with its interval."""
    rows = by_side(found, *terms)
    columns = ("result", "A", "B", "B - A [95 %]", "df", "p", "p adjusted")
    shown = table(f"{title} ({'; '.join(sorted(set(rows['method'])))})", *columns, right=columns[1:])
    for row in rows.itertuples():
        own = (formats.number(value) for value in (row.estimate_a, row.estimate_b))
        p = (formats.p_value(value) for value in (row.p_value, row.p_adjusted))
        shown.add_row(escape(row.contrast), *own, escape(row.text), formats.number(row.df, 1), *p)
    return shown
