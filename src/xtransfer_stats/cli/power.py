"""`xstats power`: plan a study."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from xtransfer_stats.base.formats import counted, significant
from xtransfer_stats.cli import options
from xtransfer_stats.cli.app import app
from xtransfer_stats.cli.out import OUT, for_machines, notes, say, table

if TYPE_CHECKING:
    import pandas as pd

    from xtransfer_stats.stats.power.planning import Planning


@app.command(
    epilog="**Examples**\n\n"
    "`xstats power --effect 1` how many seeds and sets find one point, from the study run last\n\n"
    "`xstats power scores.csv --seeds 3,5,10 --sets 1,3 --json` power at these designs, from a frame\n\n"
    "`xstats power --sd-seed 1 --sd-set 1 --sd-run 0.5 --effect 2 --seeds 3,5,10` from stated variances\n\n"
    "`xstats power --sd-set 0.8 --sd-run 0.4 --tasks 3,5,9 --recipe phang2020` with its GPU hours"
)
def power(
    place: options.PlaceArgument = None,
    store: options.PlaceOption = None,
    effect: Annotated[float, typer.Option(help="True effect to find, in points.")] = 1.0,
    estimand: Annotated[str, typer.Option(help="interaction, or a benchmark's name.")] = "interaction",
    seeds: Annotated[
        str | None, typer.Option(help="Numbers of seeds, as in 3,5,10.", rich_help_panel="Designs to compare")
    ] = None,
    sets: Annotated[
        str | None,
        typer.Option(
            help="Task sets a seed and count (crossed: a count), as in 1,3.", rich_help_panel="Designs to compare"
        ),
    ] = None,
    tasks: Annotated[
        str | None, typer.Option(help="Task counts tested together, as in 3,5,9.", rich_help_panel="Designs to compare")
    ] = None,
    crossed: Annotated[
        bool | None,
        typer.Option(
            "--crossed/--nested",
            help="Whether all seeds share the sets (default: the study's).",
            rich_help_panel="Designs to compare",
        ),
    ] = None,
    baselines: Annotated[
        int | None,
        typer.Option(
            min=1, help="Fine-tuning replicates of the baseline a seed.", rich_help_panel="Designs to compare"
        ),
    ] = None,
    languages: Annotated[
        str | None,
        typer.Option(help="Effective languages, for scope such, as in 10,20.", rich_help_panel="Designs to compare"),
    ] = None,
    sd_seed: Annotated[
        float | None,
        typer.Option(
            help="State, in points: luck of a seed on all its runs.",
            rich_help_panel="Luck that is stated, in place of a study",
        ),
    ] = None,
    sd_set: Annotated[
        float | None,
        typer.Option(
            help="Luck of the drawn task set, in points.", rich_help_panel="Luck that is stated, in place of a study"
        ),
    ] = None,
    sd_run: Annotated[
        float | None,
        typer.Option(
            help="Luck of a treated run, in points.", rich_help_panel="Luck that is stated, in place of a study"
        ),
    ] = None,
    sd_baseline: Annotated[
        float | None,
        typer.Option(
            help="Luck of a baseline run, in points (default: --sd-run).",
            rich_help_panel="Luck that is stated, in place of a study",
        ),
    ] = None,
    sd_seed_effect: Annotated[
        float | None,
        typer.Option(
            help="How the effect differs between seeds beyond set and run, in points.",
            rich_help_panel="Luck that is stated, in place of a study",
        ),
    ] = None,
    sd_language: Annotated[
        float | None,
        typer.Option(
            help="How the effect differs between languages, in points.",
            rich_help_panel="Luck that is stated, in place of a study",
        ),
    ] = None,
    wanted: Annotated[
        float,
        typer.Option(
            "--power", min=0.1, max=0.99, help="Power asked for.", rich_help_panel="What is asked of the tests"
        ),
    ] = 0.8,
    alpha: Annotated[
        float,
        typer.Option(
            min=0.001, max=0.5, help="Two-sided level of the family.", rich_help_panel="What is asked of the tests"
        ),
    ] = 0.05,
    studies: Annotated[
        int, typer.Option(min=100, help="Simulated studies a design.", rich_help_panel="What is asked of the tests")
    ] = 4000,
    seed: Annotated[
        int, typer.Option(min=0, help="Seed of the simulation.", rich_help_panel="What is asked of the tests")
    ] = 2005,
    recipe: Annotated[
        str | None, typer.Option(help="Costs from this recipe's plan (default: the store's).", rich_help_panel="Costs")
    ] = None,
    hours_run: Annotated[
        float | None, typer.Option(min=0, help="State: GPU hours of a treated run.", rich_help_panel="Costs")
    ] = None,
    hours_baseline: Annotated[
        float | None, typer.Option(min=0, help="GPU hours of a baseline run.", rich_help_panel="Costs")
    ] = None,
    study: options.StudyOption = None,
    backbone: options.BackboneOption = None,
    benchmarks: options.BenchmarksOption = None,
    scale: options.ScaleOption = None,
    out: Annotated[Path | None, typer.Option(help="Folder of the charts (default: reports/STUDY/power).")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the planning for machines; write no charts.")] = False,
) -> None:
    """Plan a study: seeds, task sets and languages for an effect, what can be found, what it costs."""
    from xtransfer_stats.report.files import folder_name
    from xtransfer_stats.verbs.power import power

    result = power(
        options.place_of(place, store),
        effect=effect,
        estimand=estimand,
        seeds=options.whole("--seeds", seeds),
        sets=options.whole("--sets", sets),
        tasks=options.counts(tasks),
        crossed=crossed,
        baselines=baselines,
        languages=options.whole("--languages", languages),
        sd_seed=sd_seed,
        sd_set=sd_set,
        sd_run=sd_run,
        sd_baseline=sd_baseline,
        sd_seed_effect=sd_seed_effect,
        sd_language=sd_language,
        power=wanted,
        alpha=alpha,
        studies=studies,
        seed=seed,
        recipe=recipe,
        hours_run=hours_run,
        hours_baseline=hours_baseline,
        study=study,
        backbone=backbone,
        benchmarks=options.pair(benchmarks),
        scale=options.factors(scale),
    )
    if as_json:
        for_machines(result.to_dict())
        return
    folder = out or Path("reports") / folder_name(result.planning.study) / "power"
    result.write(folder)
    _show(result.planning)
    say(f"Charts and tables: {folder}")


def _show(planning: "Planning") -> None:
    """The tables and notes of a planning."""
    asked = planning.asked
    unit = asked.hours.unit if asked.hours else ""
    say(planning.notes[0])
    designs = _reached(planning.designs, asked.scenarios.uncertain)
    _print(designs, f"Power for {asked.effect:g} points, and the smallest effect found", {
        "seeds": "seeds", "sets": "sets", "runs": "runs", "power_shown": "power", "detectable_shown": "finds, points",
        "hours": unit, "least_sign_flip_p": "sign-flip p >="})  # fmt: skip
    base = f"What one more buys a study of {counted(asked.base.seeds, 'seed')}, {counted(asked.base.sets, 'set')}"
    _print(planning.trades, base, {
        "choice": "", "power": "power", "detectable": "finds, points", "more_runs": "runs more",
        "points_a_run": "points a run", "more_hours": f"{unit} more", "points_an_hour": "points an hour"})  # fmt: skip
    _print(planning.such, "Scope such languages, each count alone", {
        "languages": "effective languages", "seeds": "seeds", "power": "power",
        "detectable": "finds, points"})  # fmt: skip
    notes(planning.notes[1:])


def _reached(designs: "pd.DataFrame", uncertain: bool) -> "pd.DataFrame":
    """Power and detectable effect with their reach in brackets, where variances are estimates."""
    shown = {}
    for name in ("power", "detectable"):
        low, high = designs[f"{name}_low"].map(_text), designs[f"{name}_high"].map(_text)
        shown[f"{name}_shown"] = designs[name].map(_text) + (" [" + low + ", " + high + "]" if uncertain else "")
    return designs.assign(**shown)


def _print(frame: "pd.DataFrame", title: str, columns: dict[str, str]) -> None:
    kept = {name: head for name, head in columns.items() if name in frame and frame[name].notna().any()}
    if frame.empty or not kept:
        return
    grid = table(title, *kept.values(), right=tuple(kept.values())[1:])
    for row in frame[list(kept)].itertuples(index=False):
        grid.add_row(*(_text(value) for value in row))
    OUT.print(grid)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else significant(value, 3)
