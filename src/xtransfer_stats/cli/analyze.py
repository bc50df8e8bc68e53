"""`xstats analyze`: a study, a published table, or a formula on any table."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from xtransfer_stats.cli import meansoptions, options
from xtransfer_stats.cli.app import app
from xtransfer_stats.cli.out import ERR, bar, for_machines, say

if TYPE_CHECKING:
    from xtransfer_stats.stats.core.results import Checked


@app.command(
    epilog="**Examples**\n\n"
    "`xstats analyze` the study run last, report in reports/\n\n"
    "`xstats analyze scores.csv --out paper/` an exported frame\n\n"
    "`xstats analyze methods.csv --condition method --baseline xlmr` any conditions over seeds, any columns\n\n"
    "`xstats analyze --contrast 'effect(3) @ task xnli' --margin 1` a hypothesis, and equivalence\n\n"
    "`xstats analyze --model all --items` mixed model, paired tests and bootstraps side by side\n\n"
    "`xstats analyze sleep.csv --formula 'Reaction ~ Days + (1 + Days | Subject)' --out fit/` any table\n\n"
    "`xstats analyze trial.csv --formula 'y ~ a * b + (1 | g)' --tests 3 --means 'a | b' --contrasts pairwise` means"
)
def analyze(
    context: typer.Context,
    place: options.PlaceArgument = None,
    store: options.PlaceOption = None,
    model: Annotated[
        str,
        typer.Option(
            help="mixed, paired, bootstrap, bayes, all of them side by side, or an analysis recipe of your own.",
            rich_help_panel="Model and tests",
        ),
    ] = "mixed",
    formula: Annotated[
        str | None,
        typer.Option(help="Fit this lme4 formula to the table instead.", rich_help_panel="Formula on any table"),
    ] = None,
    bootstrap: Annotated[
        int | None,
        typer.Option(
            min=0,
            help="Bootstrap replicates (default: 1999 for --model, 0 for --formula).",
            rich_help_panel="Model and tests",
        ),
    ] = None,
    seed: Annotated[
        str,
        typer.Option(
            help="A whole number: the bootstrap's seed. Else the table's column of seeds.",
            rich_help_panel="Model and tests",
        ),
    ] = "2005",
    study: options.StudyOption = None,
    backbone: options.BackboneOption = None,
    benchmarks: options.BenchmarksOption = None,
    scale: options.ScaleOption = None,
    condition: options.ConditionOption = None,
    baseline: options.BaselineOption = None,
    draw: options.DrawOption = None,
    column: options.ColumnOption = None,
    label: options.LabelOption = None,
    unpaired: options.UnpairedOption = False,
    better: options.BetterOption = None,
    unit: options.UnitOption = None,
    pairs: options.PairsOption = False,
    check: options.CheckOption = None,
    out: Annotated[
        Path | None, typer.Option(help="Folder of the report (default: reports/STUDY; --formula: none).")
    ] = None,
    contrast: Annotated[
        list[str] | None,
        typer.Option(help="A hypothesis, as in 'effect(3) @ task xnli'.", rich_help_panel="Model and tests"),
    ] = None,
    margin: Annotated[
        float | None, typer.Option(help="Test equivalence within this many points.", rich_help_panel="Model and tests")
    ] = None,
    engine: Annotated[
        str,
        typer.Option(help="statsmodels: refit by MixedLM too, for small designs.", rich_help_panel="Model and tests"),
    ] = "own",
    prior: Annotated[
        list[str] | None,
        typer.Option(
            help="A prior's scale in points, as in tasks=2 (--model bayes; docs/routes.md).",
            rich_help_panel="Model and tests",
        ),
    ] = None,
    draws: Annotated[
        int, typer.Option(help="Posterior draws of each chain (--model bayes).", rich_help_panel="Model and tests")
    ] = 1000,
    ml: Annotated[
        bool,
        typer.Option(
            "--ml", help="--formula: maximum likelihood in place of REML.", rich_help_panel="Formula on any table"
        ),
    ] = False,
    df: Annotated[
        str | None,
        typer.Option(help="--formula: kenward-roger or satterthwaite.", rich_help_panel="Formula on any table"),
    ] = None,
    residual: Annotated[
        str | None,
        typer.Option(
            help="--formula: a residual variance for each level of this column.", rich_help_panel="Formula on any table"
        ),
    ] = None,
    weights: Annotated[
        str | None,
        typer.Option(help="--formula: column of the rows' prior weights.", rich_help_panel="Formula on any table"),
    ] = None,
    offset: Annotated[
        str | None,
        typer.Option(help="--formula: column added without a coefficient.", rich_help_panel="Formula on any table"),
    ] = None,
    predict: Annotated[
        Path | None,
        typer.Option(help="--formula: predict at the rows of this table.", rich_help_panel="Formula on any table"),
    ] = None,
    random: Annotated[
        str | None,
        typer.Option(
            help="--predict: random effects of all groupings, none, or some such as g,h.",
            rich_help_panel="Formula on any table",
        ),
    ] = None,
    interval: Annotated[
        str | None, typer.Option(help="--predict: confidence or prediction.", rich_help_panel="Formula on any table")
    ] = None,
    level: Annotated[
        float | None,
        typer.Option(help="--predict: of the interval (default 0.95).", rich_help_panel="Formula on any table"),
    ] = None,
    rows: Annotated[
        bool,
        typer.Option(
            "--rows",
            help="--formula --json: random effects, fitted values and residuals too.",
            rich_help_panel="Formula on any table",
        ),
    ] = False,
    against: Annotated[
        str | None,
        typer.Option(
            help="--formula: test a smaller formula; --bootstrap draws its null.",
            rich_help_panel="Formula on any table",
        ),
    ] = None,
    profile: Annotated[
        bool,
        typer.Option(
            "--profile", help="--formula: profile intervals of the sds.", rich_help_panel="Formula on any table"
        ),
    ] = False,
    strict: Annotated[
        bool,
        typer.Option(
            "--strict",
            help="--formula: refuse effects whose rows share luck that no term holds.",
            rich_help_panel="Formula on any table",
        ),
    ] = False,
    replicates: Annotated[
        Path | None,
        typer.Option(
            help="Parquet file that keeps the replicates; --formula goes on from it.", rich_help_panel="Model and tests"
        ),
    ] = None,
    workers: Annotated[
        int | None,
        typer.Option(
            min=1,
            help="Processes (--formula; default one a core where that pays) or threads, default 1.",
            rich_help_panel="Model and tests",
        ),
    ] = None,
    tests: meansoptions.TestsOption = None,
    means: meansoptions.MeansOption = None,
    slopes: meansoptions.SlopesOption = None,
    contrasts: meansoptions.ContrastsOption = None,
    adjust: meansoptions.AdjustOption = None,
    at: meansoptions.AtOption = None,
    average: meansoptions.AverageOption = None,
    back: meansoptions.BackOption = False,
    items: Annotated[
        bool,
        typer.Option(
            "--items", help="Draw test examples too (--model bootstrap or all).", rich_help_panel="Model and tests"
        ),
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the results for machines; write no report.")] = False,
) -> None:
    """Analyze a study: effects, interaction, languages and tasks, with intervals and corrected tests."""
    from xtransfer_stats.cli import analyze_view
    from xtransfer_stats.cli import fitted as fitted_view
    from xtransfer_stats.verbs.analyze import REPLICATES, AnalysisResult, analyze
    from xtransfer_stats.verbs.backboneeffects import BackbonesResult
    from xtransfer_stats.verbs.fit import fit
    from xtransfer_stats.verbs.instore import StudyInStore
    from xtransfer_stats.verbs.recipes import load_analysis
    from xtransfer_stats.verbs.scores import ScoreSheet, asked_of, held

    options.refuse_formula_mix(context, formula is not None)
    where = options.place_of(place, store)
    seeds, drawn_from = options.seed_or_column(seed)
    if formula is not None:
        of_fit = fitted_view.FitAsked(out, as_json, predict, random, interval, level, rows)
        of_fit.require_used()
        of_means = meansoptions.request(tests, means, slopes, contrasts, adjust, at, average, back)
        with bar("bootstrap", bootstrap, shown=bool(bootstrap)) as drawn:
            fitted = fit(
                formula,
                where,
                bootstrap=bootstrap or 0,
                seed=drawn_from,
                workers=workers,
                replicates=replicates,
                ml=ml,
                df=df,
                residual=residual,
                weights=weights,
                offset=offset,
                against=against,
                profile=profile,
                strict=strict,
                engine=engine,
                progress=drawn.more,
            )
        fitted_view.show(fitted, of_fit, meansoptions.answered(fitted, of_means))
        return
    load_analysis(model)  # a mistake in it is told before any table is read
    words = options.pairs("label", label)
    asked = asked_of(condition, baseline, draw, seeds, options.pairs("column", column), words, unpaired, better, unit)
    source = held(where, study, options.factors(scale), asked, backbone)
    if isinstance(source, StudyInStore):
        say(*source.remarks, console=ERR)
    with bar("analysis") as analysis:
        result = analyze(
            source,
            model=model,
            contrast=contrast or (),
            margin=margin,
            bootstrap=REPLICATES if bootstrap is None else bootstrap,
            seed=drawn_from,
            items=items,
            benchmarks=options.names(benchmarks),
            pairs=pairs,
            check=check or (),
            engine=engine,
            prior=options.scales(prior),
            draws=draws,
            replicates=replicates,
            workers=workers or 1,
            progress=analysis.stage,
            drawn=analysis.more,
        )
    if isinstance(source, ScoreSheet):
        say(*source.account, console=ERR)  # before what is found in them
    checks = result.checks if isinstance(result, AnalysisResult) else ()
    if as_json:
        for_machines(result.to_dict())
        _leave(checks)
        return
    from xtransfer_stats.report.files import folder_name

    folder = out or Path("reports") / folder_name(result.study)
    if out is None and folder.name != result.study:
        say(f"The study's name {result.study!r} is no folder's name: the report's is {folder.name}.", console=ERR)
    with bar("report") as report:
        result.write(folder, progress=report.of)
    # Written before it is told: a reader of the output that stops early (head) costs no report.
    if isinstance(result, AnalysisResult):
        analyze_view.analysis(result)
    elif isinstance(result, BackbonesResult):
        analyze_view.backbones(result)
    else:
        analyze_view.published(result)
    say(f"Report: {folder / 'report.html'}")
    say(*(one.sentence for one in checks))
    _leave(checks)


def _leave(checks: "Sequence[Checked]") -> None:
    """Exit with 1 where a check is not shown."""
    if not all(one.shown for one in checks):
        raise typer.Exit(1)
