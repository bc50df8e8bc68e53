"""`xstats claims`: the verdicts on the literature's claims."""

from collections.abc import Callable
from math import isnan
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.text import Text

from xtransfer_stats.base import formats
from xtransfer_stats.cli import options
from xtransfer_stats.cli.app import app
from xtransfer_stats.cli.out import OUT, for_machines, interval, p_or_blank, say, signatures, table
from xtransfer_stats.cli.tableoptions import takes_table

if TYPE_CHECKING:
    import pandas as pd
    from rich.table import Table

    from xtransfer_stats.exchange.scoreframe.asked import Asked

COLOURS = {
    "supported": "green",
    "equivalent": "green",
    "contradicted": "red",
    "contradicted, within the margin": "red",
    "not testable": "dim",
}


@app.command(
    epilog="**Examples**\n\n"
    "`xstats claims` the literature's claims, judged by the study run last\n\n"
    "`xstats claims data/phang2020_draft.csv` by a published table, its own printed averages too\n\n"
    "`xstats claims --study quick --beside quick-mlm` with a variant, for the claims on variants\n\n"
    "`xstats claims scores.csv --file my-claims.toml --json` claims of your own, for machines"
)
@takes_table
def claims(
    place: options.PlaceArgument = None,
    store: options.PlaceOption = None,
    study: options.StudyOption = None,
    backbone: options.BackboneOption = None,
    benchmarks: options.BenchmarksOption = None,
    scale: options.ScaleOption = None,
    beside: Annotated[
        str | None, typer.Option(help="A study, frame or store of another variant, for claims on variants.")
    ] = None,
    file: Annotated[str, typer.Option("--file", help="A TOML file of claims, or a shipped one's name.")] = "claims",
    as_json: Annotated[bool, typer.Option("--json", help="Print the verdicts for machines.")] = False,
    *,
    asked: Callable[[], "Asked"],
) -> None:
    """Judge the literature's claims: supported, contradicted, equivalent, inconclusive or not testable, and why."""
    from xtransfer_stats.verbs.claims import claims
    from xtransfer_stats.verbs.scores import held

    source = held(options.place_of(place, store), study, options.factors(scale), asked(), backbone)
    result = claims(source, benchmarks=options.names(benchmarks), beside=beside, file=file)
    if as_json:
        for_machines(result.to_dict())
        return
    rows = result.frame()
    OUT.print(_verdicts(rows))
    say(*map(_reason, rows.itertuples()))
    signatures(result.result.analysis.signature)


def _reason(row: Any) -> str:
    """A claim's words and why its verdict is what it is."""
    unread = " (figure unread in its source)" if row.reading == "unread" else ""
    on = f" by {row.hypothesis}" if row.hypothesis and row.hypothesis not in row.reason else ""
    return f"- {row.claim}: {row.text}{unread}. {row.verdict}{on}: {row.reason}.".replace("..", ".")


def _verdicts(rows: "pd.DataFrame") -> "Table":
    columns = ("claim", "verdict", "estimate", "95 % interval", "adjusted p")
    grid = table("Claims", *columns, right=("estimate", "adjusted p"))
    for row in rows.itertuples():
        limits = "" if isnan(row.conf_low) else interval(row)
        numbers = ("" if isnan(row.estimate) else formats.number(row.estimate), limits, p_or_blank(row.p_adjusted))
        grid.add_row(row.claim, Text(row.verdict, style=COLOURS.get(row.verdict, "yellow")), *numbers)
    return grid
