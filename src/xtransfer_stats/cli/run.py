"""`xstats run`: run a study, or show what would run."""

from typing import Annotated

import typer

from xtransfer_stats.base.errors import RecipeError
from xtransfer_stats.cli import options
from xtransfer_stats.cli.app import app
from xtransfer_stats.cli.out import for_machines


@app.command(
    epilog="**Examples**\n\n"
    "`xstats run --quick` a first look, in minutes\n\n"
    "`xstats run --seeds 5 --tasks 3` the demo; issue it again to go on after a stop\n\n"
    "`xstats run --tasks 3,5,9 --seeds 10 --dry-run` what that would cost\n\n"
    "`xstats run singles-quick` each intermediate task alone too: the table of Phang et al.\n\n"
    "`xstats run --quick --model e5-small-q4,xlm-roberta-base` the same study from two backbones, compared\n\n"
    "`xstats run my-study.toml --workers 8` a recipe of your own"
)
def run(
    recipe: Annotated[str, typer.Argument(help="A recipe: a TOML file, or the name of a shipped one.")] = "embedded",
    place: options.StoreArgument = None,
    seeds: Annotated[int | None, typer.Option(help="Number of seeds.", rich_help_panel="Design")] = None,
    tasks: Annotated[
        str | None,
        typer.Option(help="Task counts, as in 3 or 3,5,9; the baseline 0 is always in.", rich_help_panel="Design"),
    ] = None,
    sets: Annotated[
        int | None, typer.Option(help="Task sets that each seed draws at each count.", rich_help_panel="Design")
    ] = None,
    cross: Annotated[
        int | None,
        typer.Option(help="Factorial instead: this many sets per count, for all seeds.", rich_help_panel="Design"),
    ] = None,
    baselines: Annotated[
        int | None, typer.Option(help="Fine-tuning replicates of the baseline per seed.", rich_help_panel="Design")
    ] = None,
    targets: Annotated[
        str | None, typer.Option(help="Only these target tasks, as in xnli,panx.", rich_help_panel="Design")
    ] = None,
    languages: Annotated[
        str | None, typer.Option(help="Only these languages, as in de,en,sw.", rich_help_panel="Design")
    ] = None,
    model: Annotated[
        str | None,
        typer.Option(
            help="Backbone: e5-small-q4, a local directory or a hub id; several are compared, as in a,b.",
            rich_help_panel="What is trained, on what",
        ),
    ] = None,
    source: Annotated[
        str | None, typer.Option(help="Where examples come from.", rich_help_panel="What is trained, on what")
    ] = None,
    control: Annotated[
        str | None,
        typer.Option(
            help="random-init or overlap: what the encoder must beat.", rich_help_panel="What is trained, on what"
        ),
    ] = None,
    singles: Annotated[
        bool | None,
        typer.Option(
            "--singles/--no-singles",
            help="Each intermediate task alone too, for every seed: Phang's table.",
            rich_help_panel="Design",
        ),
    ] = None,
    variant: Annotated[
        str | None,
        typer.Option(
            help="mlm: masked LM in all languages beside; translated: data in other languages too.",
            rich_help_panel="What is trained, on what",
        ),
    ] = None,
    name: Annotated[str | None, typer.Option("--study", help="Name of the study.")] = None,
    store: options.PlaceOption = None,
    workers: Annotated[
        int | None,
        typer.Option(
            help="Processes of one thread each (default: one a core, or a GPU).", rich_help_panel="Machines and time"
        ),
    ] = None,
    devices: Annotated[
        str,
        typer.Option(
            help="cpu, auto (all GPUs, else cpu) or a list as in cuda:0,cuda:1; one a worker.",
            rich_help_panel="Machines and time",
        ),
    ] = "cpu",
    devices_per_step: Annotated[
        int,
        typer.Option(
            help="Devices that share one training step, data parallel (accelerate).",
            rich_help_panel="Machines and time",
        ),
    ] = 1,
    engine: Annotated[
        str, typer.Option(help="local, or ray: the machines of a Ray cluster.", rich_help_panel="Machines and time")
    ] = "local",
    address: Annotated[
        str | None,
        typer.Option(
            help="HOST:PORT of the Ray head, or auto (default: RAY_ADDRESS, else one started here).",
            rich_help_panel="Machines and time",
        ),
    ] = None,
    gpus_per_step: Annotated[
        float | None,
        typer.Option(
            help="With ray: GPUs, or a share of one, a training (default: by the model's size).",
            rich_help_panel="Machines and time",
        ),
    ] = None,
    max_hours: Annotated[
        float | None,
        typer.Option(
            help="Stop cleanly after so many hours of wall time; issue again to go on.",
            rich_help_panel="Machines and time",
        ),
    ] = None,
    keep: Annotated[
        str | None,
        typer.Option(
            help="Weights that stay once nothing needs them: all, intermediate or scores (none).",
            rich_help_panel="Machines and time",
        ),
    ] = None,
    accept_licences: Annotated[
        bool, typer.Option("--accept-licences", help="Yes to the questions of licences that restrict use.")
    ] = False,
    quick: Annotated[bool, typer.Option("--quick", help="A small study, for tests and first looks.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show the plan, its cost and why; run nothing.")] = False,
    as_json: options.AsJsonOption = False,
) -> None:
    """Run what is missing of a study: pretrained, intermediate tasks, target tasks, scores."""
    from xtransfer_stats.cli import run_view
    from xtransfer_stats.verbs.run import run

    if quick and recipe != "embedded":
        raise RecipeError(f"--quick names a recipe of its own, and {recipe!r} is another: give one of the two")
    with run_view.stoppable():
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
            model=options.models(model),
            source=source,
            control=control,
            variant=variant,
            study=name,
            store=options.place_of(place, store),
            workers=workers,
            devices=devices,
            devices_per_step=devices_per_step,
            engine=engine,
            address=address,
            gpus_per_step=gpus_per_step,
            max_hours=max_hours,
            keep=keep,
            accept_licences=accept_licences,
            dry_run=dry_run,
            watch=run_view.Terminal(max_hours),
        )
    if as_json:
        for_machines(result.to_dict(), ascii_only=False)
    elif result.dry:
        run_view.dry_run(result)
    elif len(result.study.backbones) > 1 and result.outcome.sound and not result.outcome.put_off:
        run_view.compared_backbones(result.study)
