"""Commands that run a study and look after its store."""

import os
from pathlib import Path
from typing import Annotated

import typer

from xtransfer_stats.base.errors import RecipeError
from xtransfer_stats.cli import options
from xtransfer_stats.cli.app import app


@app.command(
    epilog="**Examples**\n\n"
    "`xstats run --quick` a first look in about a minute\n\n"
    "`xstats run --seeds 5 --tasks 3` the demo; issue it again to go on after a stop\n\n"
    "`xstats run --tasks 3,5,9 --seeds 10 --dry-run` what that would cost\n\n"
    "`xstats run my-study.toml --workers 8` a recipe of your own"
)
def run(
    recipe: Annotated[str, typer.Argument(help="A recipe: a TOML file, or the name of a shipped one.")] = "embedded",
    seeds: Annotated[int | None, typer.Option(help="Number of seeds.")] = None,
    tasks: Annotated[
        str | None, typer.Option(help="Task counts, as in 3 or 3,5,9; the baseline 0 is always in.")
    ] = None,
    sets: Annotated[int | None, typer.Option(help="Task sets that each seed draws at each count.")] = None,
    cross: Annotated[
        int | None, typer.Option(help="Factorial instead: this many sets per count, for all seeds.")
    ] = None,
    baselines: Annotated[int | None, typer.Option(help="Fine-tuning replicates of the baseline per seed.")] = None,
    targets: Annotated[str | None, typer.Option(help="Only these target tasks, as in xnli,panx.")] = None,
    languages: Annotated[str | None, typer.Option(help="Only these languages, as in de,en,sw.")] = None,
    model: Annotated[str | None, typer.Option(help="Backbone: e5-small-q4, a local directory or a hub id.")] = None,
    source: Annotated[str | None, typer.Option(help="Where examples come from.")] = None,
    control: Annotated[str | None, typer.Option(help="random-init or overlap: what the encoder must beat.")] = None,
    variant: Annotated[
        str | None,
        typer.Option(help="mlm: masked LM in all languages beside; translated: data in other languages too."),
    ] = None,
    name: Annotated[str | None, typer.Option("--study", help="Name of the study.")] = None,
    store: options.StoreOption = options.STORE,
    workers: Annotated[
        int | None, typer.Option(help="Processes of one thread each (default: one a core, or a GPU).")
    ] = None,
    devices: Annotated[
        str, typer.Option(help="cpu, auto (all GPUs, else cpu) or a list as in cuda:0,cuda:1; one a worker.")
    ] = "cpu",
    devices_per_step: Annotated[
        int, typer.Option(help="Devices that share one training step, data parallel (accelerate).")
    ] = 1,
    engine: Annotated[str, typer.Option(help="local, or ray: the machines of a Ray cluster.")] = "local",
    address: Annotated[str | None, typer.Option(help="Address of the Ray cluster (default: start one here).")] = None,
    max_hours: Annotated[
        float | None, typer.Option(help="Stop cleanly after so many hours of wall time; issue again to go on.")
    ] = None,
    keep: Annotated[
        str | None, typer.Option(help="Weights that stay once nothing needs them: all, intermediate or scores (none).")
    ] = None,
    accept_licences: Annotated[
        bool, typer.Option("--accept-licences", help="Yes to the questions of licences that restrict use.")
    ] = False,
    quick: Annotated[bool, typer.Option("--quick", help="A small study, for tests and first looks.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show the plan, its cost and why; run nothing.")] = False,
) -> None:
    """Run what is missing of a study: pretrained, intermediate tasks, target tasks, scores."""
    from xtransfer_stats.cli.show import running
    from xtransfer_stats.engines.devices import grouped, parse, workers_for

    asked = {
        "seeds": seeds,
        "tasks": options.counts(tasks),
        "sets": sets,
        "cross": cross,
        "baselines": baselines,
        "targets": options.names(targets),
        "languages": options.names(languages),
        "control": control,
        "variant": variant,
        "keep": keep,
        "name": name,
    }
    chosen = running.Chosen(_quick(recipe) if quick else recipe, asked, model, source)
    places = grouped(parse(devices), devices_per_step)
    crew = running.Crew(engine, _workers(workers_for(places) if workers is None else workers), address, places)
    running.run(chosen, store, crew, dry_run=dry_run, max_hours=_hours(max_hours), accept_licences=accept_licences)


def _quick(recipe: str) -> str:
    if recipe != "embedded":
        raise RecipeError(f"--quick names a recipe of its own, and {recipe!r} is another: give one of the two")
    return "quick"


def _hours(number: float | None) -> float | None:
    if number is not None and not number > 0:
        raise RecipeError(f"--max-hours {number:g}: give a number of hours above 0")
    return number


def _workers(number: int | None) -> int:
    if number is not None and number < 1:
        raise RecipeError(f"--workers {number}: give 1 or more")
    return number or len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else number or os.cpu_count() or 1


@app.command(epilog="**Example**\n\n`xstats status --store xstats-store`")
def status(store: options.StoreOption = options.STORE, study: options.StudyOption = None) -> None:
    """Show what of a study is done, missing, failed or damaged."""
    from xtransfer_stats.cli.show import commands

    commands.status(store, study)


@app.command(epilog="**Example**\n\n`xstats verify && echo sound`")
def verify(store: options.StoreOption = options.STORE) -> None:
    """Read every byte of a store and name what is damaged."""
    from xtransfer_stats.cli.show import commands

    commands.verify(store)


@app.command(
    epilog="**Examples**\n\n"
    "`xstats pin my-study.toml` the commits that its store recorded, or the newest ones\n\n"
    "`xstats pin phang2020 --output phang2020-pinned.toml` a copy with commits"
)
def pin(
    recipe: Annotated[str, typer.Argument(help="A recipe: a TOML file, or the name of a shipped one.")],
    store: options.StoreOption = options.STORE,
    output: Annotated[Path | None, typer.Option(help="Write here instead of into the recipe's file.")] = None,
) -> None:
    """Write the commits of a recipe's models and data on the hub into its file."""
    from xtransfer_stats.cli.show import pin as pins

    pins.pin(recipe, store, output)


@app.command(
    epilog="**Examples**\n\n"
    "`xstats export --format csv --output scores.csv` and beside it scores.predictions.parquet\n\n"
    "`xstats export --format json | head` to standard output\n\n"
    "`xstats export --format xtreme --output ours/` predictions in the leaderboard's layout"
)
def export(
    store: options.StoreOption = options.STORE,
    study: options.StudyOption = None,
    form: Annotated[str, typer.Option("--format", help="csv, parquet, json; xtreme: a folder of predictions.")] = "csv",
    output: Annotated[
        Path | None, typer.Option(help="File (or folder) to write; predictions go beside a file.")
    ] = None,
) -> None:
    """Write a study's score frame, one row per run, target task, language and metric; or its predictions."""
    from xtransfer_stats.cli.show import commands

    commands.export(store, study, form, output)
