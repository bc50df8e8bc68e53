"""`xstats export`: a study's scores and predictions, as files."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from xtransfer_stats.cli import options
from xtransfer_stats.cli.app import app
from xtransfer_stats.cli.out import ERR, say


@app.command(
    epilog="**Examples**\n\n"
    "`xstats export --format csv --output scores.csv` and beside it scores.predictions.parquet\n\n"
    "`xstats export --format json | head` to standard output\n\n"
    "`xstats export --format xtreme --output ours/` predictions in the leaderboard's layout\n\n"
    "`xstats export --format model-card` results as YAML for a model card of the Hugging Face hub\n\n"
    "`xstats export --format tensorboard --output events/` curves and scores (extra trackers)"
)
def export(
    place: options.StoreArgument = None,
    store: options.PlaceOption = None,
    study: options.StudyOption = None,
    backbone: options.BackboneOption = None,
    form: Annotated[
        str, typer.Option("--format", help="csv, parquet, json; model-card; xtreme, tensorboard: folders.")
    ] = "csv",
    output: Annotated[
        Path | None, typer.Option(help="File (or folder) to write; predictions go beside a file.")
    ] = None,
) -> None:
    """Write a study's score frame, one row per run, target task, language and metric; or its predictions."""
    from xtransfer_stats.verbs.export import export
    from xtransfer_stats.verbs.instore import StudyInStore

    held = StudyInStore(options.place_of(place, store), study)
    say(*held.remarks, console=ERR)
    result = export(held, backbone=backbone, format=form, output=output)
    say(*result.notes, console=ERR)
    if not result.files:
        sys.stdout.buffer.write(result.content)
        sys.stdout.buffer.flush()
    elif result.predictions:
        folder = result.files[0]
        say(f"Wrote {result.predictions} files of predictions under {folder}, and the gold beside them", console=ERR)
    else:
        say(f"Wrote {' and '.join(map(str, result.files))}", console=ERR)
