"""`xstats chart`: charts for a paper, or the list of charts."""

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from xtransfer_stats.cli import options
from xtransfer_stats.cli.app import app
from xtransfer_stats.cli.out import ERR, for_machines, say
from xtransfer_stats.cli.tableoptions import takes_table

if TYPE_CHECKING:
    from xtransfer_stats.exchange.scoreframe.asked import Asked
    from xtransfer_stats.verbs.chart import Drawing


@app.command(
    epilog="**Examples**\n\n"
    "`xstats chart` the charts there are\n\n"
    "`xstats chart interaction` for one column of the study run last\n\n"
    "`xstats chart languages scores.csv --width full --format pdf --out paper/figures` from a frame\n\n"
    "`xstats chart effects methods.csv --condition method --baseline xlmr` any conditions over seeds\n\n"
    "`xstats chart --all --width column,full` every chart"
)
@takes_table
def chart(
    name: Annotated[str | None, typer.Argument(help="A chart; without one the charts are listed.")] = None,
    place: options.PlaceArgument = None,
    store: options.PlaceOption = None,
    every: Annotated[bool, typer.Option("--all", help="Every chart: xstats chart --all [PLACE].")] = False,
    width: Annotated[str, typer.Option(help="column (3.3 in), full (7 in), page, or several of them.")] = "column",
    form: Annotated[str, typer.Option("--format", help="svg, pdf, png (300 dpi), json.")] = "svg,pdf,png,json",
    study: options.StudyOption = None,
    backbone: options.BackboneOption = None,
    benchmarks: options.BenchmarksOption = None,
    scale: options.ScaleOption = None,
    as_json: options.AsJsonOption = False,
    out: Annotated[Path | None, typer.Option(help="Folder of the files (default: reports/STUDY/charts).")] = None,
    *,
    asked: Callable[[], "Asked"],
) -> None:
    """Draw one chart for a paper: column or full width, vector or PNG."""
    if every and name is not None:
        place, name = Path(name), None  # with --all the first argument is the place
    if name is None and not every:
        from xtransfer_stats.verbs.chartlist import charts

        _list(charts(), as_json=as_json)
        return
    from xtransfer_stats.verbs.chart import chart
    from xtransfer_stats.verbs.scores import held

    drawn = chart(
        name,
        held(options.place_of(place, store), study, options.factors(scale), asked(), backbone),
        width=options.names(width) or (),
        format=options.names(form) or (),
        benchmarks=options.names(benchmarks),
        out=out,
        progress=None if as_json else _show,
    )
    if as_json:
        for_machines([asdict(one) | {"files": list(map(str, one.files))} for one in drawn], ascii_only=False)


def _list(charts: dict[str, str], *, as_json: bool) -> None:
    """The charts there are."""
    if as_json:
        for_machines(charts, ascii_only=False)
    else:
        say(*(f"{one:15}{summary}" for one, summary in charts.items()))


def _show(drawing: "Drawing") -> None:
    """Where a chart's files are, its caption, and at which width it is too tall."""
    say(*map(str, drawing.files))
    say(*(f"{line}; --width full has room for more panels in a row" for line in drawing.warnings), console=ERR)
    if drawing.caption:
        say(f"Caption: {drawing.caption}")
    else:
        say(f"{drawing.name}: this study has no result for it", console=ERR)
