"""What `xstats run --dry-run` shows: steps and reasons, cost, what cannot be had, what will be asked."""

from collections import Counter
from collections.abc import Mapping

from rich.console import Console
from rich.markup import escape

from xtransfer_stats.cli.show.show import counts, design, duration, table
from xtransfer_stats.study.foresight.blocked import Blocked, sentences
from xtransfer_stats.study.recipe import Recipe
from xtransfer_stats.verbs.session import Prepared


def plan(console: Console, prepared: Prepared, workers: int) -> None:
    """The dry run: counts by kind, reasons, time and disk."""
    console.print(design(prepared), soft_wrap=True)
    counts(console, prepared)
    reasons = Counter(
        (prepared.plan.steps[key].kind, prepared.survey.reasons[key]) for key in prepared.survey.missing()
    )
    why = table("What will run and why", "kind", "steps", "reason", right=("steps",))
    for (kind, reason), count in reasons.items():
        why.add_row(kind, str(count), escape(reason))
    console.print(why if reasons else "Nothing will run.")
    common = prepared.plan.shared()
    console.print(
        f"{common['either']} of {len(prepared.plan.steps)} steps serve more than one run or benchmark "
        f"({common['runs']} several runs, {common['benchmarks']} both benchmarks).",
        soft_wrap=True,
    )
    _estimate(console, prepared, workers)


def blocked(console: Console, recipe: Recipe, found: list[Blocked]) -> None:
    """What the study's sources do not have."""
    if found:
        console.print("Blocked, so that this study cannot run yet:", style="bold")
        for line in sentences(recipe, found):
            console.print(f"- {line}", markup=False, soft_wrap=True)


def licences(console: Console, questions: Mapping[str, str]) -> None:
    """What will be asked before the first download."""
    if questions:
        console.print("Licences that restrict use, asked before the download:", style="bold")
        for name, question in questions.items():
            console.print(f"- {name}: {question}", markup=False, soft_wrap=True)


def _estimate(console: Console, prepared: Prepared, workers: int) -> None:
    """Time and disk of what is missing, and where the figures come from."""
    steps, survey = prepared.plan.steps, prepared.survey
    gigabytes = survey.bytes(steps) / 1e9
    if survey.assumptions:
        hours = survey.seconds(steps, 1) / 3600
        console.print(f"Estimate: {hours:.1f} GPU hours, {gigabytes:.1f} GB of disk, assuming", soft_wrap=True)
        for line in survey.assumptions:
            console.print(f"- {line}", markup=False, soft_wrap=True)
        console.print("[costs] of the recipe changes them; steps of this store replace them.", markup=False)
        return
    origin = "this store's own steps" if any(survey.measured.values()) else "data/step_costs.toml"
    console.print(
        f"Estimate: {duration(survey.seconds(steps, workers))} with {workers} worker(s), "
        f"{gigabytes * 1e3:.0f} MB of disk (means a kind, from {origin}).",
        soft_wrap=True,
    )
