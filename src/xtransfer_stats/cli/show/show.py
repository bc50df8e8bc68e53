"""Tables and sentences on the terminal."""

import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from xtransfer_stats.engines.engine import Outcome
from xtransfer_stats.stats.core.results import Analysis
from xtransfer_stats.store.store import State
from xtransfer_stats.study.step import KINDS
from xtransfer_stats.verbs.session import Prepared


def table(title: str, *columns: str, right: tuple[str, ...] = ()) -> Table:
    """An empty table of the house style; the columns in `right` are set flush right."""
    made = Table(title=title or None, title_justify="left", box=None, pad_edge=False, header_style="bold")
    for column in columns:
        made.add_column(column, justify="right" if column in right else "left", no_wrap=column == "name")
    return made


def design(prepared: Prepared) -> str:
    """A study in one sentence."""
    study = prepared.plan.recipe.study
    sets = f"crossed, {study.cross} sets a count" if study.cross else f"{study.sets} set(s) a seed and count"
    counts = ",".join(map(str, (0, *study.tasks)))
    return (
        f"{study.name}: {study.seeds} seeds, task counts {counts}, {sets}, {len(prepared.plan.runs)} runs, "
        f"backbone {prepared.plan.recipe.backbone.model}, {' and '.join(study.benchmarks)}"
    )


def counts(console: Console, prepared: Prepared) -> None:
    """Steps by kind and state."""
    states = Counter((prepared.plan.steps[key].kind, state) for key, state in prepared.survey.states.items())
    names = [state.value for state in State]
    shown = table("Steps", "kind", "in all", *names, right=("in all", *names))
    for kind in KINDS:
        numbers = [states[kind, state] for state in State]
        if sum(numbers):
            shown.add_row(kind, str(sum(numbers)), *map(str, numbers))
    console.print(shown)


def status(console: Console, prepared: Prepared) -> None:
    """Counts by kind and state, failures and damage by name."""
    console.print(design(prepared), soft_wrap=True)
    counts(console, prepared)
    steps = prepared.plan.steps
    for key in prepared.survey.damaged():
        console.print(
            f"{steps[key].kind} {steps[key].name}: {prepared.survey.reasons[key]}",
            markup=False,
            soft_wrap=True,
        )
    for key in prepared.survey.missing():
        failure = prepared.store.failure(steps[key])
        if failure:
            console.print(
                f"failed: {steps[key].kind} {steps[key].name}: {failure.splitlines()[0]}",
                markup=False,
                soft_wrap=True,
            )


def opening(console: Console, prepared: Prepared, workers: int) -> None:
    """One line before a study runs."""
    missing = prepared.survey.missing()
    console.print(design(prepared), soft_wrap=True)
    if missing:
        seconds = prepared.survey.seconds(prepared.plan.steps, workers)
        done = len(prepared.plan.steps) - len(missing)
        wanted, free = prepared.survey.bytes(prepared.plan.steps) / 1e9, _free_space(prepared.store.root) / 1e9
        console.print(
            f"{done} of {len(prepared.plan.steps)} steps are done; {len(missing)} to run with {workers} worker(s), "
            f"about {duration(seconds)} and {wanted:.1f} GB of disk ({free:.1f} GB are free).",
            soft_wrap=True,
        )
        if wanted > free and prepared.plan.recipe.study.keep == "all":
            console.print("The disk may not suffice: --keep scores drops weights that nothing needs any more.")


def _free_space(root: Path) -> int:
    """Bytes that are free where a store is or will be."""
    there = next(place for place in (root, *root.parents) if place.exists())
    return shutil.disk_usage(there).free


def ending(console: Console, prepared: Prepared, outcome: Outcome, store: Path, hours: float | None) -> None:
    """One line after it."""
    where = "" if store == Path("xstats-store") else f" {store}"
    if outcome.put_off:
        console.print(
            f"--max-hours {hours:g}: {len(outcome.done)} steps run, {len(outcome.put_off)} put off. "
            "Issue the same command again to go on; "
            f"`xstats analyze{where}` works with what is there.",
            soft_wrap=True,
        )
    elif outcome.sound:
        told = f"{len(outcome.done)} steps run" if outcome.done else "Nothing was missing"
        console.print(f"{told}; the study is complete. Next: xstats analyze{where} --model mixed", soft_wrap=True)


def failures(prepared: Prepared, outcome: Outcome) -> str:
    """The list of what failed, with what was skipped for it."""
    steps = prepared.plan.steps
    lines = [f"  {steps[key].kind} {steps[key].name}: {text.splitlines()[0]}" for key, text in outcome.failed.items()]
    return (
        f"{len(outcome.failed)} step(s) failed, {len(outcome.skipped)} that need them were skipped, "
        "the others are done:\n"
        + "\n".join(lines)
        + "\nIssue the same command again to retry; `xstats analyze` works with what is there."
    )


def duration(seconds: float) -> str:
    """A length of time for people."""
    minutes = seconds / 60
    return f"{seconds:.0f} s" if seconds < 90 else f"{minutes:.0f} min" if minutes < 90 else f"{minutes / 60:.1f} h"


def analysis(console: Console, found: Analysis) -> None:
    """The answer, the benchmark-level rows, and where the rest is."""
    console.print(found.answer, soft_wrap=True)
    shown = table(
        "",
        "contrast",
        "estimate",
        "95 % interval",
        "df",
        "p",
        "p adjusted",
        right=("estimate", "df", "p", "p adjusted"),
    )
    rows = found.results
    for row in rows[rows["term"].isin(["effect", "step", "interaction"]) & (rows["scope"] == "these")].itertuples():
        interval = f"[{row.conf_low:.2f}, {row.conf_high:.2f}]"
        shown.add_row(
            row.contrast,
            f"{row.estimate:.2f}",
            interval,
            *(f"{x:.3g}" for x in (row.df, row.p_value, row.p_adjusted)),
        )
    console.print(shown)
    asked = rows[rows["term"].isin(["contrast", "equivalence", "non-inferiority"])]
    if len(asked):
        console.print(_asked_rows(asked))
    if len(found.routes):
        console.print(_side_by_side(found))
    for note in found.notes:
        console.print(f"- {note}", markup=False, soft_wrap=True)
    console.print(found.signature, markup=False, soft_wrap=True, style="dim")


def _asked_rows(rows: pd.DataFrame) -> Table:
    """Hypotheses by name, equivalence and non-inferiority; none is corrected."""
    columns = ("test", "contrast", "estimate", "interval", "df", "p")
    shown = table("Asked for", *columns, right=("estimate", "df", "p"))
    for row in rows.itertuples():
        numbers = f"{row.estimate:.2f}", f"[{row.conf_low:.2f}, {row.conf_high:.2f}]"
        shown.add_row(row.term, escape(row.contrast), *numbers, *(f"{x:.3g}" for x in (row.df, row.p_value)))
    return shown


def _side_by_side(found: Analysis) -> Table:
    """Every route's estimate, interval and p of each headline contrast; what is not offered stands in the JSON."""
    columns = ("contrast", "route", "estimate", "std. error", "95 % interval", "p", "sign-flip p")
    shown = table("Routes", *columns, right=("estimate", "std. error"))
    offered = found.routes[found.routes["std_error"].notna()].sort_values("contrast", kind="stable")
    for row in offered.itertuples():
        name = f"mixed model: {row.method}" if row.route == "mixed model" else row.method
        p_values = ("" if p != p else f"{p:.3g}" for p in (row.p_value, row.sign_flip_p))
        scope = "" if row.scope == "these" else f" ({row.scope} languages)"
        interval = f"[{row.conf_low:.2f}, {row.conf_high:.2f}]" if row.conf_low == row.conf_low else ""
        numbers = (f"{row.estimate:.2f}", f"{row.std_error:.2f}")
        shown.add_row(row.contrast, f"{name}{scope}", *numbers, interval, *p_values)
    return shown


def fit(console: Console, result: dict[str, Any]) -> None:
    """A fitted formula: fixed effects, tests of terms, variance components, and what else was asked for."""
    kind = "REML criterion" if result["reml"] else "ML deviance"
    head = f"{result['formula']}  (n = {result['n']}, {kind} {result['criterion']:.4f}, {result['state']})"
    console.print(head, markup=False, soft_wrap=True)
    console.print(_fixed_effects(result["fixed"]))
    console.print(_terms(result["terms"]))
    console.print(_random_effects(result))
    for line in _asked_for(result):
        console.print(line, markup=False, soft_wrap=True)
    for note in result.get("notes", ()):
        console.print(f"- {note}", markup=False, soft_wrap=True)


def _fixed_effects(rows: list[dict[str, Any]]) -> Table:
    drawn = "bootstrap_low" in rows[0]
    columns = ("term", "estimate", "std. error", "df", "t", "p", "95 % interval")
    made = table(f"Fixed effects ({rows[0]['df_method']})", *columns, *(("bootstrap interval",) if drawn else ()))
    for row in rows:
        numbers = [f"{row[name]:.4g}" for name in ("estimate", "std_error", "df", "statistic", "p_value")]
        limits = [("conf_low", "conf_high"), *((("bootstrap_low", "bootstrap_high"),) if drawn else ())]
        intervals = [escape(f"[{row[low]:.4g}, {row[high]:.4g}]") for low, high in limits]
        made.add_row(escape(row["term"]), *numbers, *intervals)
    return made


def _terms(rows: list[dict[str, Any]]) -> Table:
    made = table("Terms (every coefficient zero)", "term", "F", "df_num", "df", "p")
    for row in rows:
        made.add_row(escape(row["term"]), *(f"{row[name]:.4g}" for name in ("statistic", "df_num", "df", "p_value")))
    return made


def _random_effects(result: dict[str, Any]) -> Table:
    made = table("Random effects", "group", "term", "variance", "sd")
    for part in result["random"]:
        for index, term in enumerate(part["terms"]):
            made.add_row(escape(part["group"]), escape(term), *_variance(part["covariance"][index][index]))
    residual = result["residual_variance"]
    levels = result["residual_levels"] or [""]
    for level, variance in zip(levels, residual if result["residual_levels"] else [residual], strict=True):
        made.add_row("residual", escape(level), *_variance(variance))
    return made


def _variance(value: float) -> tuple[str, str]:
    return f"{value:.4g}", f"{value**0.5:.4g}"


def _asked_for(result: dict[str, Any]) -> Iterator[str]:
    """A line each for convergence and what options added."""
    found = result["convergence"]
    least = "none" if found["smallest_curvature"] is None else f"{found['smallest_curvature']:.2g}"
    yield f"Convergence: gradient {found['gradient']:.1e}, least curvature {least}, {found['evaluations']} evaluations"
    if result["bootstrap"]:
        yield "Bootstrap: " + ", ".join(f"{name} {count}" for name, count in result["bootstrap"].items())
    for row in result["variance_intervals"] or ():
        limits = f"[{row['conf_low']:.4g}, {row['conf_high']:.4g}]"
        yield f"Profile interval of sd, {row['group']} {row['term']}: {row['sd_ml']:.4g} {limits} (ML)"
        yield f"  Wald: {row['sd']:.4g} [{row['wald_low']:.4g}, {row['wald_high']:.4g}]"
    if ratio := result["likelihood_ratio"]:
        simulated = f"simulated p {ratio['p_value']:.3g} ({ratio['converged']} of {ratio['asked']} replicates)"
        chi2 = f"chi-square p {ratio['chi2_p']:.3g}, for comparison"
        yield f"Against {ratio['against']}: statistic {ratio['statistic']:.4g} on {ratio['df']} df, {simulated}; {chi2}"
    if other := result["second_engine"]:
        apart = f"criterion {other['criterion']:.4f} ({other['criterion_less_ours']:+.1e})"
        largest = f"largest difference {other['largest_difference_in_standard_errors']:.1e} standard errors"
        yield f"Second engine, {other['engine']}: {apart}, {largest}"
