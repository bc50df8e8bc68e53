"""The command line: parse, call one library function, show. Heavy imports stand inside the commands."""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from xtransfer_stats.errors import RecipeError, StoreError, StudyIncomplete, XstatsError

app = typer.Typer(
    name="xstats",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    context_settings={"help_option_names": ["-h", "--help"]},
    help="How many English intermediate tasks help zero-shot cross-lingual transfer, and how sure can we be?\n\n"
    "Start: `xstats run --seeds 5 --tasks 3`, then `xstats analyze --model mixed`.",
)

StoreOption = Annotated[Path, typer.Option("--store", help="Folder of finished steps.", show_default=True)]
StudyOption = Annotated[str | None, typer.Option("--study", help="A study of the store (default: the last one run).")]
PlaceArgument = Annotated[Path, typer.Argument(help="A store, or a score frame (.csv, .parquet, .json).")]
STORE = Path("xstats-store")


@app.callback()
def _every_command(
    debug: Annotated[bool, typer.Option("--debug", help="Show tracebacks (allowed after any command).")] = False,
) -> None:
    """Options of every command."""


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
    store: StoreOption = STORE,
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
    from xtransfer_stats.console import running
    from xtransfer_stats.engines.devices import grouped, parse, workers_for

    options = {
        "seeds": seeds,
        "tasks": _counts(tasks),
        "sets": sets,
        "cross": cross,
        "baselines": baselines,
        "targets": _names(targets),
        "languages": _names(languages),
        "control": control,
        "variant": variant,
        "keep": keep,
        "name": name,
    }
    chosen = running.Chosen(_quick(recipe) if quick else recipe, options, model, source)
    places = grouped(parse(devices), devices_per_step)
    crew = running.Crew(engine, _workers(workers_for(places) if workers is None else workers), address, places)
    running.run(chosen, store, crew, dry_run=dry_run, max_hours=_hours(max_hours), accept_licences=accept_licences)


def _quick(recipe: str) -> str:
    if recipe != "embedded":
        raise RecipeError(f"--quick names a recipe of its own, and {recipe!r} is another: give one of the two")
    return "quick"


def _counts(text: str | None) -> tuple[int, ...] | None:
    if text is None:
        return None
    try:
        return tuple(int(part) for part in text.split(","))
    except ValueError:
        raise RecipeError(f"--tasks {text!r}: give task counts such as 3 or 3,5,9") from None


def _names(text: str | None) -> tuple[str, ...] | None:
    return None if text is None else tuple(part.strip() for part in text.split(","))


def _hours(number: float | None) -> float | None:
    if number is not None and not number > 0:
        raise RecipeError(f"--max-hours {number:g}: give a number of hours above 0")
    return number


def _workers(number: int | None) -> int:
    if number is not None and number < 1:
        raise RecipeError(f"--workers {number}: give 1 or more")
    return number or len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else number or os.cpu_count() or 1


@app.command(
    epilog="**Examples**\n\n"
    "`xstats analyze` the study run last, report in reports/\n\n"
    "`xstats analyze scores.csv --out paper/` an exported frame\n\n"
    "`xstats analyze --contrast 'effect(9) - effect(3) @ xtreme' --margin 1` a hypothesis, and equivalence\n\n"
    "`xstats analyze --model all --items` mixed model, paired tests and bootstraps side by side\n\n"
    "`xstats analyze sleep.csv --formula 'Reaction ~ Days + (1 + Days | Subject)' --bootstrap 0 --json` any table"
)
def analyze(
    place: PlaceArgument = STORE,
    model: Annotated[
        str, typer.Option(help="mixed, paired, bootstrap, all of them side by side, or an analysis recipe of your own.")
    ] = "mixed",
    formula: Annotated[str | None, typer.Option(help="Fit this lme4 formula to the table instead.")] = None,
    bootstrap: Annotated[
        int | None, typer.Option(min=0, help="Bootstrap replicates (default: 1999 for --model, 0 for --formula).")
    ] = None,
    seed: Annotated[int, typer.Option(help="Seed of the bootstrap.")] = 2005,
    study: StudyOption = None,
    benchmarks: Annotated[str | None, typer.Option(help="Two benchmarks A,B; the interaction is B minus A.")] = None,
    out: Annotated[Path | None, typer.Option(help="Folder of the report (default: reports/<study>).")] = None,
    contrast: Annotated[
        list[str] | None, typer.Option(help="A hypothesis, as in 'effect(9) - effect(3) @ xtreme'.")
    ] = None,
    margin: Annotated[float | None, typer.Option(help="Test equivalence within this many points.")] = None,
    engine: Annotated[str, typer.Option(help="statsmodels: refit by MixedLM too, for small designs.")] = "own",
    ml: Annotated[bool, typer.Option("--ml", help="--formula: maximum likelihood in place of REML.")] = False,
    df: Annotated[str | None, typer.Option(help="--formula: kenward-roger or satterthwaite.")] = None,
    residual: Annotated[
        str | None, typer.Option(help="--formula: a residual variance for each level of this column.")
    ] = None,
    against: Annotated[
        str | None, typer.Option(help="--formula: test a smaller formula; --bootstrap draws its null.")
    ] = None,
    profile: Annotated[bool, typer.Option("--profile", help="--formula: profile intervals of the sds.")] = False,
    replicates: Annotated[
        Path | None,
        typer.Option(help="Parquet file that keeps the replicates; --formula goes on from it."),
    ] = None,
    workers: Annotated[int, typer.Option(min=1, help="Processes (--formula) or threads of the bootstrap.")] = 1,
    items: Annotated[bool, typer.Option("--items", help="Draw test examples too (--model bootstrap or all).")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the results for machines; write no report.")] = False,
) -> None:
    """Analyze a study: effects, interaction, languages and tasks, with intervals and corrected tests."""
    from xtransfer_stats.console import commands
    from xtransfer_stats.fitting import FitRequest

    second = _second(engine)
    if formula is not None:
        asked = FitRequest(
            formula, bootstrap or 0, seed, workers, replicates, ml, df, residual, against, profile, second
        )
        commands.fit(place, asked, as_json=as_json)
        return
    drawn = commands.Resampling(1999 if bootstrap is None else bootstrap, seed, workers, items, second, replicates)
    wished = tuple(contrast or ())
    commands.analyze(place, model, study, _pair(benchmarks), out, wished, margin, drawn, as_json=as_json)


def _second(engine: str) -> bool:
    if engine not in ("own", "statsmodels"):
        raise RecipeError(f"--engine {engine!r}: choose own or statsmodels")
    return engine == "statsmodels"


def _pair(text: str | None) -> tuple[str, str] | None:
    if text is None:
        return None
    parts = text.split(",")
    if len(parts) != 2:
        raise RecipeError(f"--benchmarks {text!r}: give two names such as xtreme,xtreme-r")
    return parts[0].strip(), parts[1].strip()


@app.command(
    epilog="**Examples**\n\n"
    "`xstats power --effect 1` how many seeds and sets find one point, from the study run last\n\n"
    "`xstats power scores.csv --seeds 3,5,10 --sets 1,3 --json` power at these designs, from a frame\n\n"
    "`xstats power --sd-seed 1 --sd-set 1 --sd-run 0.5 --effect 2 --seeds 3,5,10` from stated variances\n\n"
    "`xstats power --sd-set 0.8 --sd-run 0.4 --tasks 3,5,9 --recipe phang2020` with its GPU hours"
)
def power(
    place: PlaceArgument = STORE,
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
    study: StudyOption = None,
    benchmarks: Annotated[str | None, typer.Option(help="Two benchmarks A,B; the interaction is B minus A.")] = None,
    out: Annotated[Path | None, typer.Option(help="Folder of the charts (default: reports/<study>/power).")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the planning for machines; write no charts.")] = False,
) -> None:
    """Plan a study: seeds, task sets and languages for an effect, what can be found, what it costs."""
    from xtransfer_stats.console import power as planning
    from xtransfer_stats.stats.power.answers import Question

    sds = {
        "seed": sd_seed,
        "set": sd_set,
        "run": sd_run,
        "baseline": sd_baseline,
        "seed_effect": sd_seed_effect,
        "language": sd_language,
    }
    options = planning.Options(
        effect=effect,
        estimand=estimand,
        seeds=_whole("--seeds", seeds),
        sets=_whole("--sets", sets),
        tasks=_counts(tasks),
        languages=_whole("--languages", languages),
        crossed=crossed,
        baselines=baselines,
        sds=sds,
        question=Question(alpha, wanted, studies, seed),
        recipe=recipe,
        hours=(hours_run, hours_baseline),
    )
    planning.power(planning.Place(place, study, _pair(benchmarks)), options, out, as_json=as_json)


def _whole(option: str, text: str | None) -> tuple[int, ...] | None:
    if text is None:
        return None
    try:
        return tuple(dict.fromkeys(int(part) for part in text.split(",")))
    except ValueError:
        raise RecipeError(f"{option} {text!r}: give whole numbers such as 3 or 3,5,10") from None


@app.command(
    epilog="**Examples**\n\n"
    "`xstats export --format csv --output scores.csv` and beside it scores.predictions.parquet\n\n"
    "`xstats export --format json | head` to standard output\n\n"
    "`xstats export --format xtreme --output ours/` predictions in the leaderboard's layout"
)
def export(
    store: StoreOption = STORE,
    study: StudyOption = None,
    form: Annotated[str, typer.Option("--format", help="csv, parquet, json; xtreme: a folder of predictions.")] = "csv",
    output: Annotated[
        Path | None, typer.Option(help="File (or folder) to write; predictions go beside a file.")
    ] = None,
) -> None:
    """Write a study's score frame, one row per run, target task, language and metric; or its predictions."""
    from xtransfer_stats.console import commands

    commands.export(store, study, form, output)


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
    from xtransfer_stats.console import scores

    scores.score(predictions, labels, benchmark, as_json=as_json)


@app.command(
    epilog="**Examples**\n\n`xstats data corpora/` a table\n\n`xstats data corpora/ --json > files.json` for machines"
)
def data(
    directory: Annotated[Path, typer.Argument(help="A folder of data sets, in any layout.", show_default=False)],
    as_json: Annotated[bool, typer.Option("--json", help="Print the rows for machines.")] = False,
) -> None:
    """Say of every file of a folder which data set, language and split it is, and what is wrong with it."""
    from xtransfer_stats.console import commands

    commands.data(directory, as_json=as_json)


@app.command(
    epilog="**Examples**\n\n"
    "`xstats pin my-study.toml` the commits that its store recorded, or the newest ones\n\n"
    "`xstats pin phang2020 --output phang2020-pinned.toml` a copy with commits"
)
def pin(
    recipe: Annotated[str, typer.Argument(help="A recipe: a TOML file, or the name of a shipped one.")],
    store: StoreOption = STORE,
    output: Annotated[Path | None, typer.Option(help="Write here instead of into the recipe's file.")] = None,
) -> None:
    """Write the commits of a recipe's models and data on the hub into its file."""
    from xtransfer_stats.console import pin as pins

    pins.pin(recipe, store, output)


@app.command(epilog="**Example**\n\n`xstats status --store xstats-store`")
def status(store: StoreOption = STORE, study: StudyOption = None) -> None:
    """Show what of a study is done, missing, failed or damaged."""
    from xtransfer_stats.console import commands

    commands.status(store, study)


@app.command(epilog="**Example**\n\n`xstats verify && echo sound`")
def verify(store: StoreOption = STORE) -> None:
    """Read every byte of a store and name what is damaged."""
    from xtransfer_stats.console import commands

    commands.verify(store)


@app.command(
    epilog="**Examples**\n\n`xstats tasks` the whole catalogue\n\n`xstats tasks mlqa` one entry in full\n\n"
    "`xstats tasks --json` for machines"
)
def tasks(
    name: Annotated[str | None, typer.Argument(help="Show the entries of this name in full.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the catalogue for machines.")] = False,
) -> None:
    """List the intermediate tasks, the target tasks and their benchmarks."""
    from xtransfer_stats.console.catalogue import show_tasks

    show_tasks(name, as_json=as_json)


@app.command(epilog="**Examples**\n\n`xstats languages` a table\n\n`xstats languages --json` for machines")
def languages(
    as_json: Annotated[bool, typer.Option("--json", help="Print the languages for machines.")] = False,
) -> None:
    """List the languages: family, script, benchmarks and target tasks."""
    from xtransfer_stats.console.catalogue import show_languages

    show_languages(as_json=as_json)


@app.command(
    epilog="**Examples**\n\n"
    "`xstats claims` the literature's claims, judged by the study run last\n\n"
    "`xstats claims data/phang2020_draft.csv` by a published table, its own printed averages too\n\n"
    "`xstats claims scores.csv --file my-claims.toml --json` claims of your own, for machines"
)
def claims(
    place: PlaceArgument = STORE,
    study: StudyOption = None,
    benchmarks: Annotated[str | None, typer.Option(help="Two benchmarks A,B; the interaction is B minus A.")] = None,
    file: Annotated[str, typer.Option("--file", help="A TOML file of claims, or a shipped one's name.")] = "claims",
    as_json: Annotated[bool, typer.Option("--json", help="Print the verdicts for machines.")] = False,
) -> None:
    """Judge the literature's claims: supported, contradicted, equivalent, inconclusive or not testable, and why."""
    from xtransfer_stats.console import claims as judged

    judged.claims(place, study, _pair(benchmarks), file, as_json=as_json)


@app.command(
    epilog="**Examples**\n\n"
    "`xstats compare embedded embedded-mlm` two studies of the store\n\n"
    "`xstats compare base.csv large.csv --out reports/sizes` two exported frames\n\n"
    "`xstats compare old-store new-store --unpaired --json` two stores, taken as independent"
)
def compare(
    first: Annotated[str, typer.Argument(metavar="A", help="A study of the store, a score frame, or a store.")],
    second: Annotated[str, typer.Argument(metavar="B", help="The same; every difference is B less A.")],
    store: StoreOption = STORE,
    benchmarks: Annotated[str | None, typer.Option(help="Two benchmarks A,B; the interaction is B minus A.")] = None,
    unpaired: Annotated[
        bool, typer.Option("--unpaired", help="Take the studies as independent, even with the same seeds and sets.")
    ] = False,
    out: Annotated[Path | None, typer.Option(help="Folder of the report (default: reports/compare-A-B).")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the comparison for machines; no report.")] = False,
) -> None:
    """Compare two studies: does B gain more from the intermediate tasks than A, and by how much?"""
    from xtransfer_stats.console import compare as comparing

    comparing.compare(first, second, store, _pair(benchmarks), out, unpaired=unpaired, as_json=as_json)


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
    place: PlaceArgument = STORE,
    study: StudyOption = None,
    model: Annotated[str, typer.Option(help="As in analyze.")] = "mixed",
    benchmarks: Annotated[str | None, typer.Option(help="As in analyze.")] = None,
    contrast: Annotated[list[str] | None, typer.Option(help="As in analyze, for rows that it asked for.")] = None,
    margin: Annotated[float | None, typer.Option(help="As in analyze, for rows that it asked for.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print everything for machines.")] = False,
) -> None:
    """Trace a number: formula, weights, runs, checkpoints, data hashes, versions, commands."""
    from xtransfer_stats.console import trace as tracing

    options = tracing.Asked(place, study, model, _pair(benchmarks), tuple(contrast or ()), margin)
    tracing.trace(name, options, as_json=as_json)


@app.command(
    epilog="**Examples**\n\n"
    "`xstats chart` the charts there are\n\n"
    "`xstats chart interaction` for one column of the study run last\n\n"
    "`xstats chart languages scores.csv --width full --format pdf --out paper/figures` from a frame\n\n"
    "`xstats chart --all --width column,full` every chart"
)
def chart(
    name: Annotated[str | None, typer.Argument(help="A chart; without one the charts are listed.")] = None,
    place: PlaceArgument = STORE,
    every: Annotated[bool, typer.Option("--all", help="Every chart: xstats chart --all [PLACE].")] = False,
    width: Annotated[str, typer.Option(help="column (3.3 in), full (7 in), page, or several of them.")] = "column",
    form: Annotated[str, typer.Option("--format", help="svg, pdf, png (300 dpi), json.")] = "svg,pdf,png,json",
    study: StudyOption = None,
    benchmarks: Annotated[str | None, typer.Option(help="Two benchmarks A,B; the interaction is B minus A.")] = None,
    out: Annotated[Path | None, typer.Option(help="Folder of the files (default: reports/<study>/charts).")] = None,
) -> None:
    """Draw one chart for a paper: column or full width, vector or PNG."""
    from xtransfer_stats.console import chart as charts

    if every and name is not None:
        place, name = Path(name), None  # with --all the first argument is the place
    wished = charts.Wished(name, every, _names(width) or (), _names(form) or (), out)
    charts.chart(wished, charts.Place(place, study, _pair(benchmarks)))


def main() -> None:
    """Entry point: turns the library's errors into a message and an exit code."""
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        # Matrices here are small: threads would fight over the cores and win nothing.
        os.environ.setdefault(name, "1")
    debug = "--debug" in sys.argv[1:]
    arguments = [argument for argument in sys.argv[1:] if argument != "--debug"]
    try:
        app(args=arguments, standalone_mode=True)
    except XstatsError as error:
        if debug:
            raise
        sys.exit(_told(error))
    except BrokenPipeError:
        # The reader of our output (head, less) has had enough.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(141)


def _told(error: XstatsError) -> int:
    typer.echo(f"error: {error}", err=True)
    return 1 if isinstance(error, StoreError | StudyIncomplete) else 2


if __name__ == "__main__":
    main()
