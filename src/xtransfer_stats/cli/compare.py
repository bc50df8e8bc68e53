"""`xstats compare`: two studies side by side, or the mean over more."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from xtransfer_stats.base import formats
from xtransfer_stats.cli import options
from xtransfer_stats.cli.app import app
from xtransfer_stats.cli.out import OUT, bar, for_machines, notes, p_or_blank, say, signatures, table

if TYPE_CHECKING:
    from rich.table import Table

    from xtransfer_stats.stats.comparison.compare import Comparison
    from xtransfer_stats.stats.comparison.several.several import Several


@app.command(
    epilog="**Examples**\n\n"
    "`xstats compare embedded embedded-mlm` two studies of the store\n\n"
    "`xstats compare base.csv large.csv --out reports/sizes` two exported frames\n\n"
    "`xstats compare old-store new-store --unpaired --json` two stores, taken as independent\n\n"
    "`xstats compare seed1.csv seed2.csv seed3.csv` three checkpoints: their mean, and how much they differ"
)
def compare(
    first: Annotated[str, typer.Argument(metavar="A", help="A study of the store, a score frame, or a store.")],
    second: Annotated[str, typer.Argument(metavar="B", help="The same; every difference is B less A.")],
    more: Annotated[
        list[str] | None, typer.Argument(metavar="[C]...", help="Further ones: the mean over such studies.")
    ] = None,
    store: options.StoreOption = options.STORE,
    benchmarks: options.BenchmarksOption = None,
    scale: options.ScaleOption = None,
    unpaired: Annotated[
        bool, typer.Option("--unpaired", help="Take the studies as independent, even with the same seeds and sets.")
    ] = False,
    out: Annotated[Path | None, typer.Option(help="Folder of the report (default: reports/compare-A-B).")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the comparison for machines; no report.")] = False,
) -> None:
    """Compare two studies: does B gain more from the intermediate tasks than A, and by how much? Or average more."""
    from xtransfer_stats.report.files import folder_name
    from xtransfer_stats.verbs.compare import ComparisonResult, SeveralResult, compare

    pair, factors = options.pair(benchmarks), options.factors(scale)
    result: ComparisonResult | SeveralResult = compare(
        first, second, *(more or ()), store=store, benchmarks=pair, scale=factors, unpaired=unpaired
    )
    if as_json:
        for_machines(result.to_dict())
        return
    folder = out or Path("reports") / folder_name("compare", *result.names)
    with bar("report"):
        result.write(folder)
    if isinstance(result, SeveralResult):
        _show_several(result.several)
    else:
        _show(result.comparison)
    say(f"Report: {folder / 'report.html'}")


def _show(comparison: "Comparison") -> None:
    """What differs, the answer, the tables and the notes."""
    from xtransfer_stats.stats.core.termtable import HEADLINE, LEVEL

    facts = comparison.differs
    OUT.print(_differs(comparison))
    say(f"The same in both: {', '.join(facts[~facts['differs']]['fact'])}.", comparison.answer)
    OUT.print(_side_by_side(comparison, "Differences", HEADLINE))
    OUT.print(_side_by_side(comparison, "Average scores", (LEVEL,)))
    notes(comparison.notes)
    signatures(f"A: {comparison.a.signature}", f"B: {comparison.b.signature}", comparison.signature)


def _show_several(found: "Several") -> None:
    """What differs, the answer, every study's headline and the mean's, how much they differ, notes."""
    from xtransfer_stats.report.tables.several import key_rows

    grid = table("What differs", "", *found.names)
    for row in found.differs[found.differs["differs"]].to_dict("records"):
        grid.add_row(row["fact"], *(row[name] or formats.NONE for name in found.names))
    OUT.print(grid)
    say(found.answer)
    columns = ("result", "study", "estimate [95 %]", "df", "p", "p adjusted", "scope")
    grid = table("Results", *columns, right=columns[2:6])
    for row in key_rows(found).itertuples():
        text = formats.estimate(row.estimate, row.conf_low, row.conf_high)
        p = (formats.p_value(row.p_value), p_or_blank(row.p_adjusted))
        grid.add_row(row.contrast, row.side, text, formats.number(row.df, 1), *p, row.scope)
    OUT.print(grid)
    notes(found.notes)
    signatures(found.signature)


def _differs(comparison: "Comparison") -> "Table":
    grid = table("What differs", "", f"A: {comparison.a.name}", f"B: {comparison.b.name}")
    for row in comparison.differs[comparison.differs["differs"]].itertuples():
        grid.add_row(row.fact, row.a or formats.NONE, row.b or formats.NONE)
    return grid


def _side_by_side(comparison: "Comparison", title: str, terms: tuple[str, ...]) -> "Table":
    """Estimates of A and B, whose intervals stand in the report, and the difference with its interval."""
    from xtransfer_stats.report.tables.comparison import by_side

    rows = by_side(comparison, *terms)
    columns = ("result", "A", "B", "B - A [95 %]", "df", "p", "p adjusted")
    grid = table(f"{title} ({'; '.join(sorted(set(rows['method'])))})", *columns, right=columns[1:])
    for row in rows.itertuples():
        own = (formats.number(value) for value in (row.estimate_a, row.estimate_b))
        p = (formats.p_value(value) for value in (row.p_value, row.p_adjusted))
        grid.add_row(row.contrast, *own, row.text, formats.number(row.df, 1), *p)
    return grid
