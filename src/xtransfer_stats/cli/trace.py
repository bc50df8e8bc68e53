"""`xstats trace`: what stands behind a number."""

from typing import Annotated

import typer

from xtransfer_stats.cli import options
from xtransfer_stats.cli.app import app
from xtransfer_stats.cli.out import for_machines


@app.command(
    epilog="**Examples**\n\n"
    "`xstats trace ruuayt7a` a row of the study analysed last, by its id in results.csv\n\n"
    "`xstats trace ruuayt7a scores.csv --json` every weight and run of an exported frame, for machines\n\n"
    "`xstats trace s0-baseline-r0:xnli:de` one score: its checkpoints, their files and checksums"
)
def trace(
    name: Annotated[
        str, typer.Argument(metavar="ID", help="A row's id, or run:target_task:language.", show_default=False)
    ],
    place: options.PlaceArgument = None,
    store: options.PlaceOption = None,
    study: options.StudyOption = None,
    model: Annotated[str, typer.Option(help="As in analyze.")] = "mixed",
    benchmarks: Annotated[str | None, typer.Option(help="As in analyze.")] = None,
    scale: options.ScaleOption = None,
    contrast: Annotated[list[str] | None, typer.Option(help="As in analyze, for rows that it asked for.")] = None,
    margin: Annotated[float | None, typer.Option(help="As in analyze, for rows that it asked for.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print everything for machines.")] = False,
) -> None:
    """Trace a number: formula, weights, runs, checkpoints, data hashes, versions, commands."""
    from xtransfer_stats.cli import trace_view
    from xtransfer_stats.verbs.tracing import trace

    result = trace(
        name,
        options.place_of(place, store),
        study=study,
        model=model,
        benchmarks=options.pair(benchmarks),
        scale=options.factors(scale),
        contrast=contrast or (),
        margin=margin,
    )
    if as_json:
        for_machines(result.to_dict(), ascii_only=False)
    else:
        trace_view.show(result.trace)
