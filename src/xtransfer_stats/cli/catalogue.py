"""Commands on data, tasks, languages and the scores of any system."""

from pathlib import Path
from typing import Annotated

import typer

from xtransfer_stats.cli.app import app


@app.command(
    epilog="**Examples**\n\n"
    "`xstats score --predictions ours --labels gold --benchmark xtreme` a table\n\n"
    "`xstats score --predictions ours --labels gold --benchmark xtreme-r --json > scores.json` for machines"
)
def score(
    predictions: Annotated[Path, typer.Option(help="Folder of predictions: TASK/test-LANGUAGE.tsv or .json.")],
    labels: Annotated[Path, typer.Option(help="Folder of gold labels, laid out alike.")],
    benchmark: Annotated[str, typer.Option(help="xtreme or xtreme-r.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print the scores for machines.")] = False,
) -> None:
    """Score any system's predictions in the leaderboard's layout, as the official scripts do."""
    from xtransfer_stats.cli.show import scores

    scores.score(predictions, labels, benchmark, as_json=as_json)


@app.command(
    epilog="**Examples**\n\n`xstats data corpora/` a table\n\n`xstats data corpora/ --json > files.json` for machines"
)
def data(
    directory: Annotated[Path, typer.Argument(help="A folder of data sets, in any layout.", show_default=False)],
    as_json: Annotated[bool, typer.Option("--json", help="Print the rows for machines.")] = False,
) -> None:
    """Say of every file of a folder which data set, language and split it is, and what is wrong with it."""
    from xtransfer_stats.cli.show import commands

    commands.data(directory, as_json=as_json)


@app.command(
    epilog="**Examples**\n\n`xstats tasks` the whole catalogue\n\n`xstats tasks mlqa` one entry in full\n\n"
    "`xstats tasks --json` for machines"
)
def tasks(
    name: Annotated[str | None, typer.Argument(help="Show the entries of this name in full.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the catalogue for machines.")] = False,
) -> None:
    """List the intermediate tasks, the target tasks and their benchmarks."""
    from xtransfer_stats.cli.show.catalogue import show_tasks

    show_tasks(name, as_json=as_json)


@app.command(epilog="**Examples**\n\n`xstats languages` a table\n\n`xstats languages --json` for machines")
def languages(
    as_json: Annotated[bool, typer.Option("--json", help="Print the languages for machines.")] = False,
) -> None:
    """List the languages: family, script, benchmarks and target tasks."""
    from xtransfer_stats.cli.show.catalogue import show_languages

    show_languages(as_json=as_json)
