"""`xstats run`: run a study, or show what would run."""

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
    "`xstats run singles-quick` each intermediate task alone too: the table of Phang et al.\n\n"
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
    singles: Annotated[
        bool | None,
        typer.Option("--singles/--no-singles", help="Each intermediate task alone too, for every seed: Phang's table."),
    ] = None,
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
    from xtransfer_stats.cli import run_view
    from xtransfer_stats.verbs.run import run

    if quick and recipe != "embedded":
        raise RecipeError(f"--quick names a recipe of its own, and {recipe!r} is another: give one of the two")
    result = run(
        "quick" if quick else recipe,
        seeds=seeds,
        tasks=options.counts(tasks),
        sets=sets,
        cross=cross,
        baselines=baselines,
        singles=singles,
        targets=options.names(targets),
        languages=options.names(languages),
        model=model,
        source=source,
        control=control,
        variant=variant,
        study=name,
        store=store,
        workers=workers,
        devices=devices,
        devices_per_step=devices_per_step,
        engine=engine,
        address=address,
        max_hours=max_hours,
        keep=keep,
        accept_licences=accept_licences,
        dry_run=dry_run,
        watch=run_view.Terminal(max_hours),
    )
    if result.dry:
        run_view.dry_run(result)
