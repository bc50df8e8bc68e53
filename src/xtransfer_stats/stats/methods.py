"""The notes above the table and the methods paragraph: plain sentences about this study's own analysis."""

from collections.abc import Sequence
from typing import Any

from xtransfer_stats.stats.core.adjust import families_note
from xtransfer_stats.stats.core.attain import attainability_note
from xtransfer_stats.stats.core.design import Layout, describe
from xtransfer_stats.stats.core.prepare import Prepared

ERRORS = {
    Layout.NESTED: "each contrast's error is that of its own seed-paired differences (Student's t, "
    "one df less than seeds)",
    Layout.CROSSED: "errors come from positive mean squares of task sets and seeds with Satterthwaite df, "
    "cautious where sets have fewer df than seeds",
    Layout.INCOMPLETE: "errors come from REML with Kenward and Roger's correction, as some chains are missing",
}
CONFOUNDED = (
    "A larger task count also means other tasks and, unless the recipe fixes it, another training budget: "
    "an effect of the count is an effect of all three."
)
CITE = (
    "Effects, steps and the interaction rest on the runs' own numbers; the table of terms tests the cell-level "
    "model, whose errors assume it: cite the former for a benchmark."
)


def study_notes(prepared: Prepared, alpha: float) -> list[str]:
    """Design, attainability, families and the sets' scope, in the order a reader needs them."""
    design = prepared.design
    notes = [f"Design: {describe(design)}", attainability_note(len(design.seeds), len(design.counts), alpha)]
    if len(design.seeds) == 1:
        notes.append("One seed has no replicate: estimates are shown without errors, tests or intervals.")
    if design.shared:
        counts = ", ".join(map(str, design.shared))
        notes.append(f"At task count {counts} all seeds share one task set: results there hold for these sets only.")
    return [*notes, families_note(), CONFOUNDED, CITE]


def methods_paragraph(prepared: Prepared, formula: str, fits: Sequence[dict[str, Any]], alpha: float) -> str:
    """One paragraph for a paper: run, weights, models, errors, scopes, corrections."""
    first, second = prepared.benchmarks
    return " ".join(
        [
            "The replicate unit is the run, one seed's chain of intermediate and target training over one task set.",
            "A benchmark's average is the plain mean over a task's languages, then over tasks, in points on 0-100;",
            f"the interaction is the effect on {second} less that on {first}, each run giving one number for it.",
            f"These numbers were analysed as {formula}: {ERRORS[prepared.design.layout]}.",
            "Results hold for these languages and tasks; scope 'such' adds a language jackknife.",
            *[
                f"Language, task and variance tables come from {fit['formula']} with a residual variance for each "
                "target task, by REML."
                for fit in fits
            ],
            f"Intervals are at {100 * (1 - alpha):g} %; no test refers to the normal distribution.",
        ]
    )
