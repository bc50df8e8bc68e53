"""`xstats power`: plan a study."""

from pathlib import Path
from typing import Annotated

import typer

from xtransfer_stats.cli import options
from xtransfer_stats.cli.app import app


@app.command(
    epilog="**Examples**\n\n"
    "`xstats power --effect 1` how many seeds and sets find one point, from the study run last\n\n"
    "`xstats power scores.csv --seeds 3,5,10 --sets 1,3 --json` power at these designs, from a frame\n\n"
    "`xstats power --sd-seed 1 --sd-set 1 --sd-run 0.5 --effect 2 --seeds 3,5,10` from stated variances\n\n"
    "`xstats power --sd-set 0.8 --sd-run 0.4 --tasks 3,5,9 --recipe phang2020` with its GPU hours"
)
def power(
    place: options.PlaceArgument = options.STORE,
    effect: Annotated[float, typer.Option(help="True effect to find, in points.")] = 1.0,
    estimand: Annotated[str, typer.Option(help="interaction, or a benchmark's name.")] = "interaction",
    seeds: Annotated[str | None, typer.Option(help="Numbers of seeds, as in 3,5,10.")] = None,
    sets: Annotated[str | None, typer.Option(help="Task sets a seed and count (crossed: a count), as in 1,3.")] = None,
    tasks: Annotated[str | None, typer.Option(help="Task counts tested together, as in 3,5,9.")] = None,
    crossed: Annotated[
        bool | None, typer.Option("--crossed/--nested", help="Whether all seeds share the sets (default: the study's).")
    ] = None,
    baselines: Annotated[int | None, typer.Option(min=1, help="Fine-tuning replicates of the baseline a seed.")] = None,
    languages: Annotated[str | None, typer.Option(help="Effective languages, for scope such, as in 10,20.")] = None,
    sd_seed: Annotated[float | None, typer.Option(help="State, in points: luck of a seed on all its runs.")] = None,
    sd_set: Annotated[float | None, typer.Option(help="Luck of the drawn task set, in points.")] = None,
    sd_run: Annotated[float | None, typer.Option(help="Luck of a treated run, in points.")] = None,
    sd_baseline: Annotated[
        float | None, typer.Option(help="Luck of a baseline run, in points (default: --sd-run).")
    ] = None,
    sd_seed_effect: Annotated[
        float | None, typer.Option(help="How the effect differs between seeds beyond set and run, in points.")
    ] = None,
    sd_language: Annotated[
        float | None, typer.Option(help="How the effect differs between languages, in points.")
    ] = None,
    wanted: Annotated[float, typer.Option("--power", min=0.1, max=0.99, help="Power asked for.")] = 0.8,
    alpha: Annotated[float, typer.Option(min=0.001, max=0.5, help="Two-sided level of the family.")] = 0.05,
    studies: Annotated[int, typer.Option(min=100, help="Simulated studies a design.")] = 4000,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the simulation.")] = 2005,
    recipe: Annotated[str | None, typer.Option(help="Costs from this recipe's plan (default: the store's).")] = None,
    hours_run: Annotated[float | None, typer.Option(min=0, help="State: GPU hours of a treated run.")] = None,
    hours_baseline: Annotated[float | None, typer.Option(min=0, help="GPU hours of a baseline run.")] = None,
    study: options.StudyOption = None,
    benchmarks: options.BenchmarksOption = None,
    out: Annotated[Path | None, typer.Option(help="Folder of the charts (default: reports/<study>/power).")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the planning for machines; write no charts.")] = False,
) -> None:
    """Plan a study: seeds, task sets and languages for an effect, what can be found, what it costs."""
    from xtransfer_stats.cli.show import power as planning
    from xtransfer_stats.stats.power.answers import PowerQuestion

    sds = {
        "seed": sd_seed,
        "set": sd_set,
        "run": sd_run,
        "baseline": sd_baseline,
        "seed_effect": sd_seed_effect,
        "language": sd_language,
    }
    wished = planning.Options(
        effect=effect,
        estimand=estimand,
        seeds=options.whole("--seeds", seeds),
        sets=options.whole("--sets", sets),
        tasks=options.counts(tasks),
        languages=options.whole("--languages", languages),
        crossed=crossed,
        baselines=baselines,
        sds=sds,
        question=PowerQuestion(alpha, wanted, studies, seed),
        recipe=recipe,
        hours=(hours_run, hours_baseline),
    )
    planning.power(planning.Place(place, study, options.pair(benchmarks)), wished, out, as_json=as_json)
