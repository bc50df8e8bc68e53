"""`xstats trace`: what stands behind a number."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer

from xtransfer_stats.cli import options
from xtransfer_stats.cli.app import app
from xtransfer_stats.cli.out import for_machines
from xtransfer_stats.cli.tableoptions import takes_table

if TYPE_CHECKING:
    from xtransfer_stats.exchange.scoreframe.asked import Asked


@app.command(
    epilog="**Examples**\n\n"
    "`xstats trace ruuayt7a` a row of the study analysed last, by its id in results.csv\n\n"
    "`xstats trace ruuayt7a scores.csv --json` every weight and run of an exported frame, for machines\n\n"
    "`xstats trace 'effect(mad-x) @ xnli' methods.csv --baseline xlmr` a result by its name, of any conditions\n\n"
    "`xstats trace s0-baseline-r0:xnli:de` one score: its checkpoints, their files and checksums"
)
@takes_table
def trace(
    name: Annotated[
        str,
        typer.Argument(metavar="ID", help="A row's id or contrast, or run:target_task:language.", show_default=False),
    ],
    place: options.PlaceArgument = None,
    store: options.PlaceOption = None,
    study: options.StudyOption = None,
    backbone: options.BackboneOption = None,
    model: Annotated[str, typer.Option(help="As in analyze.")] = "mixed",
    benchmarks: options.BenchmarksOption = None,
    scale: options.ScaleOption = None,
    contrast: Annotated[list[str] | None, typer.Option(help="As in analyze, for rows that it asked for.")] = None,
    margin: Annotated[float | None, typer.Option(help="As in analyze, for rows that it asked for.")] = None,
    pairs: options.PairsOption = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print everything for machines.")] = False,
    *,
    asked: Callable[[], "Asked"],
) -> None:
    """Trace a number: formula, weights, runs, checkpoints, data hashes, versions, commands."""
    from xtransfer_stats.cli import trace_view
    from xtransfer_stats.verbs.scores import held
    from xtransfer_stats.verbs.tracing import trace

    result = trace(
        name,
        held(options.place_of(place, store), study, options.factors(scale), asked(), backbone),
        model=model,
        benchmarks=options.names(benchmarks),
        contrast=contrast or (),
        margin=margin,
        pairs=pairs,
    )
    if as_json:
        for_machines(result.to_dict(), ascii_only=False)
    else:
        trace_view.show(result.trace)
