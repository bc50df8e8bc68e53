"""`xstats import`: anybody's results as a frame of scores."""

from pathlib import Path
from typing import Annotated

import typer

from xtransfer_stats.cli import options
from xtransfer_stats.cli.app import app
from xtransfer_stats.cli.out import OUT, for_machines, say


@app.command(
    "import",
    epilog="**Examples**\n\n"
    "`xstats import results.csv` a table, wide or tidy\n\n"
    "`xstats import 'runs/{condition}/{language}_{target_task}/seed{seed}/results.json'` a tree of runs\n\n"
    "`xstats import table.md --set target_task=panx,metric=f1 --dry-run` what would be read as what",
)
def import_(
    place: Annotated[list[str], typer.Argument(help="Files, folders, or patterns in quotes with {names} in them.")],
    output: Annotated[Path, typer.Option(help="File to write: .csv, .parquet or .json.")] = Path("scores.csv"),
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be read as what; write nothing.")] = False,
    mapped: Annotated[
        str | None, typer.Option("--map", help="Columns by what they are: seed=run_seed,score=f1, or a mapping file.")
    ] = None,
    constants: Annotated[
        list[str] | None, typer.Option("--set", help="What is the same for all: target_task=panx,metric=f1.")
    ] = None,
    seed_from: Annotated[
        str | None, typer.Option(help="Regular expression whose first group is the seed in a name.")
    ] = None,
    number_seeds: Annotated[
        bool, typer.Option("--number-seeds", help="No seed is told: number the runs (compared unpaired).")
    ] = False,
    sheet: Annotated[str | None, typer.Option(help="The sheet of a workbook.")] = None,
    scale: Annotated[
        list[str] | None, typer.Option(help="100 for fractions, 1 for points; of a metric: accuracy=100.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the account for machines.")] = False,
) -> None:
    """Read results of any form into a frame of scores, and say what was read as what."""
    from xtransfer_stats.exchange.imports.mapping import assigned
    from xtransfer_stats.verbs.imports import import_results

    said = [part for text in constants or () for part in text.split(",")]
    result = import_results(
        *place,
        output=None if dry_run else output,
        map=mapped,
        set=assigned(said, "set"),
        seed_from=seed_from,
        number_seeds=number_seeds,
        sheet=sheet,
        scale=options.factors(scale),
    )
    if as_json:
        for_machines(result.plain())
        return
    say(*result.account, console=OUT)
    if result.files:
        say(
            f"Wrote {result.files[0]}, and the mapping {result.files[1]}: edit it and give it again by --map",
            console=OUT,
        )
