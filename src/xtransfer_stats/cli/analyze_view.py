"""What `xstats analyze` shows of a study, of a published table, and of a fitted formula."""

from collections.abc import Iterator
from math import isnan
from typing import Any

import pandas as pd
from rich.table import Table

from xtransfer_stats.base.formats import estimate, number, p_value, probability, significant
from xtransfer_stats.cli.out import OUT, interval, notes, p_or_blank, say, signatures, table
from xtransfer_stats.stats.core.termtable import HEADLINE, ON_REQUEST, THESE
from xtransfer_stats.stats.routes.called import words as route_words
from xtransfer_stats.verbs.analyze import AnalysisResult
from xtransfer_stats.verbs.backboneeffects import BackbonesResult
from xtransfer_stats.verbs.published import PublishedResult


def analysis(result: AnalysisResult) -> None:
    """The answer, the benchmark-level rows, what was asked for, the routes, notes."""
    rows, routes = result.frame(), result.analysis.routes
    say(result.answer)
    OUT.print(_headline(result.key_rows))
    asked = rows[rows["term"].isin(ON_REQUEST)]
    if len(asked):
        OUT.print(_asked_rows(asked))
    for block in _side_by_side(routes) if len(routes) else ():
        OUT.print(block)
    notes(result.analysis.notes)
    signatures(result.analysis.signature)


def backbones(result: BackbonesResult) -> None:
    """The answer, every backbone's headline and the differences, notes."""
    from xtransfer_stats.report.tables.backbones import rows_of

    say(result.answer)
    columns = ("result", "backbone", "estimate [95 %]", "df", "p", "p adjusted")
    grid = table("Effects by backbone, and their differences", *columns, right=columns[2:])
    for row in rows_of(result.effects, *HEADLINE).itertuples():
        text = estimate(row.estimate, row.conf_low, row.conf_high)
        grid.add_row(row.contrast, row.whose, text, number(row.df, 1), p_value(row.p_value), p_or_blank(row.p_adjusted))
    OUT.print(grid)
    notes(result.effects.notes)
    signatures(result.effects.signature)


def _headline(rows: pd.DataFrame) -> Table:
    columns = ("contrast", "estimate", "95 % interval", "df", "p", "p adjusted")
    grid = table("", *columns, right=("estimate", "df", "p", "p adjusted"))
    for row in rows.itertuples():
        tested = (significant(row.df, 3), p_value(row.p_value), p_value(row.p_adjusted))
        grid.add_row(row.contrast, number(row.estimate), interval(row), *tested)
    return grid


def _asked_rows(rows: pd.DataFrame) -> Table:
    """Hypotheses by name, equivalence and non-inferiority; none is corrected."""
    columns = ("test", "contrast", "estimate", "interval", "df", "p")
    grid = table("Asked for", *columns, right=("estimate", "df", "p"))
    for row in rows.itertuples():
        numbers = (number(row.estimate), interval(row), significant(row.df, 3), p_value(row.p_value))
        grid.add_row(row.term, row.contrast, *numbers)
    return grid


def _side_by_side(routes: pd.DataFrame) -> Iterator[Table]:
    """A table for each headline contrast, a row a route that is offered; the others stand in the JSON, with reasons."""
    benchmarks = routes[routes["term"].isin(HEADLINE)]
    offered = benchmarks[benchmarks["std_error"].notna()]
    probable = ("P(> 0)",) if offered["prob_positive"].notna().any() else ()
    columns = ("route", "estimate", "std. error", "95 % interval", "p", "sign-flip p", *probable)
    for contrast, rows in offered.groupby("contrast"):
        grid = table(str(contrast), *columns, right=columns[1:3])
        for row in rows.itertuples():
            numbers = (number(row.estimate), number(row.std_error), interval(row))
            ps = (p_value(row.p_value), p_value(row.sign_flip_p))
            grid.add_row(_route_name(row), *numbers, *ps, *[probability(row.prob_positive)] * len(probable))
        yield grid


def _route_name(row: Any) -> str:
    name = route_words(row.route, row.method)
    return name if row.scope == THESE else f"{name} ({row.scope} languages)"


def published(result: PublishedResult) -> None:
    """The answer, mean gains, each setting's own, verdicts in a line, notes."""
    say(result.answer)
    grid = table("", "mean over intermediate tasks", "estimate", "95 % interval", "p", right=("estimate", "p"))
    for row in result.key_rows.itertuples():
        grid.add_row(row.contrast, number(row.estimate), interval(row), p_value(row.p_value))
    OUT.print(grid)
    say(_verdicts(result.analysis.claims))
    notes(result.analysis.notes)
    signatures(result.analysis.signature)


def _verdicts(claims: pd.DataFrame) -> str:
    printed = claims["about"] == "printed"
    counted = claims.loc[~printed, "verdict"].value_counts()
    verdicts = "Claims: " + ", ".join(f"{count} {name}" for name, count in counted.items())
    follow = int((claims.loc[printed, "verdict"] == "supported").sum())
    own = f"; {follow} of {int(printed.sum())} printed averages follow from the cells" if printed.any() else ""
    return f"{verdicts}{own} (`xstats claims` gives the reasons)"


def fit(result: dict[str, Any]) -> None:
    """A fitted formula: fixed effects, tests of terms, variance components, and what else was asked for."""
    kind = "REML criterion" if result["reml"] else "ML deviance"
    head = f"{result['formula']}  (n = {result['n']}, {kind} {number(result['criterion'], 4)}, {result['state']})"
    say(head)
    for grid in (_fixed_effects(result["fixed"]), _terms(result["terms"]), _random_effects(result)):
        OUT.print(grid)
    say(*_fit_statistics(result), *_extras(result))
    notes(result.get("notes", ()))


def _fixed_effects(rows: list[dict[str, Any]]) -> Table:
    drawn = "bootstrap_low" in rows[0]
    columns = ("term", "estimate", "std. error", "df", "t", "p", "95 % interval")
    grid = table(f"Fixed effects ({rows[0]['df_method']})", *columns, *(("bootstrap interval",) if drawn else ()))
    for row in rows:
        numbers = [
            p_value(row[name]) if name == "p_value" else significant(row[name])
            for name in ("estimate", "std_error", "df", "statistic", "p_value")
        ]
        limits = [("conf_low", "conf_high"), *((("bootstrap_low", "bootstrap_high"),) if drawn else ())]
        intervals = [_limits(row[low], row[high]) for low, high in limits]
        grid.add_row(row["term"], *numbers, *intervals)
    return grid


def _terms(rows: list[dict[str, Any]]) -> Table:
    grid = table("Terms (every coefficient zero)", "term", "F", "df_num", "df", "p")
    for row in rows:
        grid.add_row(
            row["term"], *map(significant, (row["statistic"], row["df_num"], row["df"])), p_value(row["p_value"])
        )
    return grid


def _random_effects(result: dict[str, Any]) -> Table:
    correlated: dict[tuple[str, str], list[str]] = {(row["group"], row["term"]): [] for row in result["correlations"]}
    for row in result["correlations"]:
        r = "" if isnan(row["correlation"]) else f"{number(row['correlation'])} {row['other']}"
        correlated[row["group"], row["term"]].append(r)
    columns = ("correlation",) if correlated else ()
    grid = table("Random effects", "group", "term", "variance", "sd", *columns)
    for part in result["random"]:
        for index, term in enumerate(part["terms"]):
            others = [", ".join(filter(None, correlated.get((part["group"], term), ())))] if correlated else []
            grid.add_row(part["group"], term, *_variance(part["covariance"][index][index]), *others)
    residual = result["residual_variance"]
    levels = result["residual_levels"] or [""]
    for level, variance in zip(levels, residual if result["residual_levels"] else [residual], strict=True):
        grid.add_row("residual", level, *_variance(variance))
    return grid


def _limits(low: float, high: float) -> str:
    return f"[{significant(low)}, {significant(high)}]"


def _variance(value: float) -> tuple[str, str]:
    return significant(value), significant(value**0.5)


def _fit_statistics(result: dict[str, Any]) -> Iterator[str]:
    """Levels of each grouping, the likelihood and what is made of it, shares of variance."""
    levels = [f"{count} levels of {name}" for name, count in result["levels"].items()]
    yield f"Rows and levels: {', '.join([str(result['n']) + ' rows', *levels])}"
    kind, df = "REML" if result["reml"] else "ML", result["df_model"]
    numbers = (
        f"{name} {significant(result[key], 6)}" for name, key in (("logLik", "loglik"), ("AIC", "aic"), ("BIC", "bic"))
    )
    yield f"Fit ({kind} likelihood, {df} parameters): {', '.join(numbers)}"
    r2, icc = result["r2"], result["icc"]
    yield (
        f"R2: marginal {significant(r2['marginal'])}, conditional {significant(r2['conditional'])}; "
        f"ICC: adjusted {significant(icc['adjusted'])}, unadjusted {significant(icc['unadjusted'])}"
    )


def _extras(result: dict[str, Any]) -> Iterator[str]:
    """A line each for convergence and what options added."""
    search = result["convergence"]
    least, evaluations = search["smallest_curvature"], f"{search['evaluations']} evaluations"
    curvature = "none" if least is None else f"{least:.2g}"
    yield f"Convergence: gradient {search['gradient']:.1e}, least curvature {curvature}, {evaluations}"
    if result["bootstrap"]:
        yield "Bootstrap: " + ", ".join(f"{name} {count}" for name, count in result["bootstrap"].items())
    for row in result["variance_intervals"] or ():
        limits = _limits(row["conf_low"], row["conf_high"])
        yield f"Profile interval of sd, {row['group']} {row['term']}: {significant(row['sd_ml'])} {limits} (ML)"
        yield f"  Wald: {significant(row['sd'])} {_limits(row['wald_low'], row['wald_high'])}"
    if ratio := result["likelihood_ratio"]:
        simulated = f"simulated p {p_value(ratio['p_value'])} ({ratio['converged']} of {ratio['asked']} replicates)"
        chi2 = f"chi-square p {p_value(ratio['chi2_p'])}, for comparison"
        statistic = f"statistic {significant(ratio['statistic'])} on {ratio['df']} df"
        yield f"Against {ratio['against']}: {statistic}, {simulated}; {chi2}"
    if other := result["second_engine"]:
        apart = f"criterion {number(other['criterion'], 4)} ({other['criterion_less_ours']:+.1e})"
        largest = f"largest difference {other['largest_difference_in_standard_errors']:.1e} standard errors"
        yield f"Second engine, {other['engine']}: {apart}, {largest}"
