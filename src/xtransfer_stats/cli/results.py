"""Commands that turn scores into results: each parses, calls one library function, and shows."""

from pathlib import Path
from typing import Annotated

import typer

from xtransfer_stats.base.errors import RecipeError
from xtransfer_stats.cli import options
from xtransfer_stats.cli.app import app


@app.command(
    epilog="**Examples**\n\n"
    "`xstats analyze` the study run last, report in reports/\n\n"
    "`xstats analyze scores.csv --out paper/` an exported frame\n\n"
    "`xstats analyze --contrast 'effect(9) - effect(3) @ xtreme' --margin 1` a hypothesis, and equivalence\n\n"
    "`xstats analyze --model all --items` mixed model, paired tests and bootstraps side by side\n\n"
    "`xstats analyze sleep.csv --formula 'Reaction ~ Days + (1 + Days | Subject)' --bootstrap 0 --json` any table"
)
def analyze(
    place: options.PlaceArgument = options.STORE,
    model: Annotated[
        str, typer.Option(help="mixed, paired, bootstrap, all of them side by side, or an analysis recipe of your own.")
    ] = "mixed",
    formula: Annotated[str | None, typer.Option(help="Fit this lme4 formula to the table instead.")] = None,
    bootstrap: Annotated[
        int | None, typer.Option(min=0, help="Bootstrap replicates (default: 1999 for --model, 0 for --formula).")
    ] = None,
    seed: Annotated[int, typer.Option(help="Seed of the bootstrap.")] = 2005,
    study: options.StudyOption = None,
    benchmarks: options.BenchmarksOption = None,
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
    from xtransfer_stats.cli.show import commands
    from xtransfer_stats.verbs.fit import FitRequest

    second = _second(engine)
    if formula is not None:
        asked = FitRequest(
            formula, bootstrap or 0, seed, workers, replicates, ml, df, residual, against, profile, second
        )
        commands.fit(place, asked, as_json=as_json)
        return
    drawn = commands.Resampling(1999 if bootstrap is None else bootstrap, seed, workers, items, second, replicates)
    wished = tuple(contrast or ())
    commands.analyze(place, model, study, options.pair(benchmarks), out, wished, margin, drawn, as_json=as_json)


def _second(engine: str) -> bool:
    if engine not in ("own", "statsmodels"):
        raise RecipeError(f"--engine {engine!r}: choose own or statsmodels")
    return engine == "statsmodels"


@app.command(
    epilog="**Examples**\n\n"
    "`xstats claims` the literature's claims, judged by the study run last\n\n"
    "`xstats claims data/phang2020_draft.csv` by a published table, its own printed averages too\n\n"
    "`xstats claims --study quick --beside quick-mlm` with a variant, for the claims on variants\n\n"
    "`xstats claims scores.csv --file my-claims.toml --json` claims of your own, for machines"
)
def claims(
    place: options.PlaceArgument = options.STORE,
    study: options.StudyOption = None,
    benchmarks: options.BenchmarksOption = None,
    beside: Annotated[
        str | None, typer.Option(help="A study, frame or store of another variant, for claims on variants.")
    ] = None,
    file: Annotated[str, typer.Option("--file", help="A TOML file of claims, or a shipped one's name.")] = "claims",
    as_json: Annotated[bool, typer.Option("--json", help="Print the verdicts for machines.")] = False,
) -> None:
    """Judge the literature's claims: supported, contradicted, equivalent, inconclusive or not testable, and why."""
    from xtransfer_stats.cli.show import claims as judged

    asked = judged.Asked(place, study, options.pair(benchmarks), file, beside)
    judged.claims(asked, as_json=as_json)


@app.command(
    epilog="**Examples**\n\n"
    "`xstats compare embedded embedded-mlm` two studies of the store\n\n"
    "`xstats compare base.csv large.csv --out reports/sizes` two exported frames\n\n"
    "`xstats compare old-store new-store --unpaired --json` two stores, taken as independent"
)
def compare(
    first: Annotated[str, typer.Argument(metavar="A", help="A study of the store, a score frame, or a store.")],
    second: Annotated[str, typer.Argument(metavar="B", help="The same; every difference is B less A.")],
    store: options.StoreOption = options.STORE,
    benchmarks: options.BenchmarksOption = None,
    unpaired: Annotated[
        bool, typer.Option("--unpaired", help="Take the studies as independent, even with the same seeds and sets.")
    ] = False,
    out: Annotated[Path | None, typer.Option(help="Folder of the report (default: reports/compare-A-B).")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the comparison for machines; no report.")] = False,
) -> None:
    """Compare two studies: does B gain more from the intermediate tasks than A, and by how much?"""
    from xtransfer_stats.cli.show import compare as comparing

    comparing.compare(first, second, store, options.pair(benchmarks), out, unpaired=unpaired, as_json=as_json)


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
    place: options.PlaceArgument = options.STORE,
    study: options.StudyOption = None,
    model: Annotated[str, typer.Option(help="As in analyze.")] = "mixed",
    benchmarks: Annotated[str | None, typer.Option(help="As in analyze.")] = None,
    contrast: Annotated[list[str] | None, typer.Option(help="As in analyze, for rows that it asked for.")] = None,
    margin: Annotated[float | None, typer.Option(help="As in analyze, for rows that it asked for.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print everything for machines.")] = False,
) -> None:
    """Trace a number: formula, weights, runs, checkpoints, data hashes, versions, commands."""
    from xtransfer_stats.cli.show import trace as tracing

    asked = tracing.TraceRequest(place, study, model, options.pair(benchmarks), tuple(contrast or ()), margin)
    tracing.trace(name, asked, as_json=as_json)


@app.command(
    epilog="**Examples**\n\n"
    "`xstats chart` the charts there are\n\n"
    "`xstats chart interaction` for one column of the study run last\n\n"
    "`xstats chart languages scores.csv --width full --format pdf --out paper/figures` from a frame\n\n"
    "`xstats chart --all --width column,full` every chart"
)
def chart(
    name: Annotated[str | None, typer.Argument(help="A chart; without one the charts are listed.")] = None,
    place: options.PlaceArgument = options.STORE,
    every: Annotated[bool, typer.Option("--all", help="Every chart: xstats chart --all [PLACE].")] = False,
    width: Annotated[str, typer.Option(help="column (3.3 in), full (7 in), page, or several of them.")] = "column",
    form: Annotated[str, typer.Option("--format", help="svg, pdf, png (300 dpi), json.")] = "svg,pdf,png,json",
    study: options.StudyOption = None,
    benchmarks: options.BenchmarksOption = None,
    out: Annotated[Path | None, typer.Option(help="Folder of the files (default: reports/<study>/charts).")] = None,
) -> None:
    """Draw one chart for a paper: column or full width, vector or PNG."""
    from xtransfer_stats.cli.show import chart as charts

    if every and name is not None:
        place, name = Path(name), None  # with --all the first argument is the place
    wished = charts.Wished(name, every, options.names(width) or (), options.names(form) or (), out)
    charts.chart(wished, charts.Place(place, study, options.pair(benchmarks)))
