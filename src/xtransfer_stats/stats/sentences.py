"""What an analysis says in sentences: its answer, the notes above the table, the methods paragraph."""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from xtransfer_stats.base.formats import p_value, points, signed, tasks
from xtransfer_stats.stats.core.complete import CompleteScores
from xtransfer_stats.stats.core.design import describe
from xtransfer_stats.stats.core.inference import families_note
from xtransfer_stats.stats.core.results import StudyFacts
from xtransfer_stats.stats.core.signflip import attainability_note, smallest_p
from xtransfer_stats.stats.core.termtable import EFFECT, INTERACTION, LEAVE_ONE_OUT, THESE
from xtransfer_stats.stats.runlevel.recipe import recipe


def status_notes(frame: pd.DataFrame, looks: int | None) -> list[str]:
    """Sentences on what is still to come, on earlier looks at the scores, and on runs at chance level."""
    return [*_unfinished(frame, looks), *_collapsed(frame)]


def _unfinished(frame: pd.DataFrame, looks: int | None) -> list[str]:
    coming = int((frame["status"] == "missing").sum())
    notes = []
    if coming:
        all_scores = int((frame["status"] != "not_in_benchmark").sum())
        notes.append(f"The study is not finished: {coming} of {all_scores} scores are still to come.")
    if looks is not None and looks > 1:
        notes.append(
            f"This is look {looks} at the study's growing scores. Going on until a test pleases raises its error rate: "
            "fix the number of seeds beforehand, or count the last look alone."
        )
    return notes


def _collapsed(frame: pd.DataFrame) -> list[str]:
    rows = frame[frame["status"] == "collapsed"]
    notes = []
    for kept, verb in ((True, "kept"), (False, "left out")):
        runs = rows[rows["score"].notna() == kept].groupby("run")["target_task"].unique()
        if len(runs):
            names = "; ".join(f"{run} ({', '.join(tasks)})" for run, tasks in runs.items())
            notes.append(f"Runs at chance level on their English dev data, {verb} as the recipe fixed: {names}.")
    return notes


def answer(results: pd.DataFrame, facts: StudyFacts, alpha: float) -> str:
    """How much the effect of the task count differs between the benchmarks, and how sure that is."""
    these = results[results["scope"] == THESE]
    interactions = these[these["term"] == INTERACTION].sort_values("n_tasks")
    first, second = facts.benchmarks
    sizes = "; ".join(f"{points(row)} at {tasks(row['n_tasks'])}" for _, row in interactions.iterrows())
    difference = f"The effect of intermediate training on {second} less that on {first}, in points of the average"
    return f"{difference}: {sizes}. {_sureness(interactions, these, facts, alpha)}"


def _sureness(interactions: pd.DataFrame, these: pd.DataFrame, facts: StudyFacts, alpha: float) -> str:
    last = interactions.iloc[-1]
    effects = these[(these["term"] == EFFECT) & (these["n_tasks"] == last["n_tasks"])].set_index("benchmark")
    on = " and ".join(f"{signed(effects.loc[name, 'estimate'])} on {name}" for name in facts.benchmarks)
    gains = f"At {tasks(last['n_tasks'])} the effect itself is {on}"
    return f"{gains}; {_verdict(interactions, len(facts.seeds), alpha)}."


def _verdict(interactions: pd.DataFrame, seeds: int, alpha: float) -> str:
    p = interactions["p_adjusted"]
    over = f"over {seeds} seed{'s' if seeds != 1 else ''}"
    if p.isna().all():
        return f"how sure the difference is cannot be said {over}"
    sure = interactions[p <= alpha]
    if sure.empty:
        return f"no difference is told from zero {over} (smallest corrected {_p(p.min())})"
    where = ", ".join(tasks(count) for count in sure["n_tasks"])
    return f"the difference is told from zero at {where} {over} (smallest corrected {_p(p.min())})"


def _p(value: float) -> str:
    text = p_value(value)
    return f"p {text[0]} {text[1:]}" if text.startswith("<") else f"p = {text}"


def rests_on(results: pd.DataFrame) -> list[str]:
    """A sentence an interaction: the target task whose omission moves it most, and what is left without it."""
    these = results[results["scope"] == THESE]
    left = these[(these["term"] == LEAVE_ONE_OUT) & (these["benchmark"] == "")]
    sentences = []
    for _, row in these[these["term"] == INTERACTION].iterrows():
        without = left[left["n_tasks"] == row["n_tasks"]]
        moved = (without["estimate"] - row["estimate"]).abs()
        if len(moved):
            most = without.loc[moved.idxmax()]
            rest = f"without {most['target_task']} it is {points(most)}"
            sentences.append(f"{row['contrast']} is {points(row)}; it rests most on one task: {rest}.")
    return sentences


CONFOUNDED = (
    "A larger task count also means other tasks and, unless the recipe fixes it, another training budget: "
    "an effect of the count is an effect of all three."
)
CITE = (
    "Effects, steps and the interaction rest on the runs' own numbers; the table of terms tests the cell-level "
    "model, whose errors assume it: cite the former for a benchmark."
)


def study_notes(complete: CompleteScores, results: pd.DataFrame, alpha: float) -> list[str]:
    """Design, attainability, families and the sets' scope, in the order a reader needs them."""
    design = complete.design
    notes = [f"Design: {describe(design)}"]
    if len(design.seeds) > 1:
        notes.append(attainability_note(len(design.seeds), len(design.counts), alpha, smallest_p(results)))
    if pooled := recipe(complete.chains.runs, design).note:
        notes.append(pooled.format(counts=" and ".join(map(str, design.sampled))))
    if len(design.seeds) == 1:
        notes.append("One seed has no replicate: estimates are shown without errors, tests or intervals.")
    if design.shared:
        counts = ", ".join(map(str, design.shared))
        notes.append(f"At task count {counts} all seeds share one task set: results there hold for these sets only.")
    return [*notes, families_note(), CONFOUNDED, CITE]


def methods_paragraph(complete: CompleteScores, fits: Sequence[dict[str, Any]], alpha: float) -> str:
    """One paragraph for a paper: run, weights, models, errors, scopes, corrections."""
    first, second = complete.benchmarks
    used = recipe(complete.chains.runs, complete.design)
    return " ".join(
        [
            "The replicate unit is the run, one seed's chain of intermediate and target training over one task set.",
            "A benchmark's average is the plain mean over a task's languages, then over tasks, in points on 0-100;",
            f"the interaction is the effect on {second} less that on {first}, each run giving one number for it.",
            f"These numbers, g, were analysed as {used.formula}: {used.errors}.",
            "Results hold for these languages and tasks; scope 'such' adds a language jackknife.",
            *[
                f"Language, task and variance tables come from {fit['formula']} with a residual variance for each "
                "target task, by REML."
                for fit in fits
            ],
            f"Intervals are at {100 * (1 - alpha):g} %; no test refers to the normal distribution.",
        ]
    )
