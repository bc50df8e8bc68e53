"""What an analysis says in sentences: its answer, the notes above the table, the methods paragraph."""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from xtransfer_stats.base.formats import p_value, points, related, signed, tasks
from xtransfer_stats.stats import conditionwords, singleruns
from xtransfer_stats.stats.core.complete import CompleteScores, study_facts
from xtransfer_stats.stats.core.design import Design, describe
from xtransfer_stats.stats.core.inference import families_note
from xtransfer_stats.stats.core.results import StudyFacts
from xtransfer_stats.stats.core.signflip import attainability_note, smallest_p
from xtransfer_stats.stats.core.termtable import EFFECT, INTERACTION, LEAVE_ONE_OUT, SCOPES, SUCH_TASKS, THESE
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


def attainability(facts: StudyFacts, alpha: float, smallest: float) -> str:
    """What the seeds can show at best, at the task count that has the fewest with a baseline; smallest: p shown."""
    few = [str(k) for k, n in zip(facts.counts, facts.seeds_at, strict=False) if n == facts.fewest_seeds]
    few = [facts.conditions.called(int(k)) for k in few] if not facts.conditions.counted else few
    at = "at task count" if facts.conditions.counted else "for"
    where = f" {at} {', '.join(few)}" if len(few) < len(facts.seeds_at) else ""
    tests = "effects" if len(facts.benchmarks) == 1 else "interactions"
    return attainability_note(facts.fewest_seeds, len(facts.counts), alpha, where, smallest, tests)


def answer(results: pd.DataFrame, facts: StudyFacts, alpha: float, hangs: str = "", verdict: str = "") -> str:
    """How much the effect of the task count differs between the benchmarks, what that hangs on, and how sure it is.

    hangs: a sentence of `stats.hanging`, the second one here. verdict: how sure, where no p-value says it.
    """
    these = results[results["scope"] == THESE]
    if not facts.conditions.counted and singleruns.single(facts):
        return singleruns.described(results, facts)
    if not facts.conditions.counted:
        return " ".join(filter(None, (conditionwords.verdict(these, facts, alpha), hangs)))
    interactions = these[these["term"] == INTERACTION].sort_values("n_tasks")
    if interactions.empty:
        return " ".join(filter(None, (_effects(these, facts), no_interaction(facts))))
    first, second = facts.benchmarks
    sizes = "; ".join(f"{points(row)} at {tasks(row['n_tasks'])}" for _, row in interactions.iterrows())
    difference = f"The effect of intermediate training on {second} less that on {first}, in points of the average"
    sure = _sureness(interactions, these, facts, alpha, verdict)
    return " ".join(filter(None, (f"{difference}: {sizes}.", hangs, sure)))


def no_interaction(facts: StudyFacts) -> str:
    """Why two benchmarks have no interaction where they weigh alike all cells that the study scored; "" for one."""
    if len(facts.benchmarks) != 2:
        return ""
    first, second = facts.benchmarks
    return (
        f"There is no interaction: {first} and {second} weigh the cells of this study alike, so that their averages "
        "are one, and the difference is zero by construction."
    )


def _effects(these: pd.DataFrame, facts: StudyFacts) -> str:
    rows = these[(these["term"] == EFFECT) & (these["benchmark"] == facts.benchmarks[0])].sort_values("n_tasks")
    sizes = "; ".join(f"{points(row)} at {tasks(row['n_tasks'])}" for _, row in rows.iterrows())
    averages = " and of ".join(facts.benchmarks)
    return f"The effect of intermediate training, in points of the average of {averages}: {sizes}."


def _sureness(interactions: pd.DataFrame, these: pd.DataFrame, facts: StudyFacts, alpha: float, verdict: str) -> str:
    last = interactions.iloc[-1]
    effects = these[(these["term"] == EFFECT) & (these["n_tasks"] == last["n_tasks"])].set_index("benchmark")
    on = " and ".join(f"{signed(effects.loc[name, 'estimate'])} on {name}" for name in facts.benchmarks)
    gains = f"At {tasks(last['n_tasks'])} the effect itself is {on}"
    return f"{gains}; {verdict or _verdict(interactions, facts, alpha)}."


def _verdict(interactions: pd.DataFrame, facts: StudyFacts, alpha: float) -> str:
    p = interactions["p_adjusted"]
    few, most = facts.fewest_seeds, max(facts.seeds_at, default=len(facts.seeds))
    over = f"over {few}{f' to {most}' if most > few else ''} seed{'s' if most != 1 else ''}"
    if p.isna().all():
        return f"how sure the difference is cannot be said {over}"
    sure = interactions[p <= alpha]
    if sure.empty:
        return f"no difference is told from zero {over} (smallest corrected {_p(p.min())})"
    where = ", ".join(tasks(count) for count in sure["n_tasks"])
    return f"the difference is told from zero at {where} {over} (smallest corrected {_p(p.min())})"


def _p(value: float) -> str:
    return f"p {related(p_value(value))}"


def rests_on(results: pd.DataFrame) -> list[str]:
    """A sentence an interaction: the target task whose omission moves it most, and what is left without it.

    And one on the interaction for such tasks.
    """
    these = results[results["scope"] == THESE]
    left = these[(these["term"] == LEAVE_ONE_OUT) & (these["benchmark"] == "")]
    sentences = []
    for _, row in these[these["term"] == INTERACTION].iterrows():
        without = left[left["n_tasks"] == row["n_tasks"]]
        moved = (without["estimate"] - row["estimate"]).abs()
        if moved.notna().any():
            most = without.loc[moved.idxmax()]
            rest = f"without {most['target_task']} it is {points(most)}"
            sentences.append(f"{row['contrast']} is {points(row)}; it rests most on one task: {rest}.")
    such = results[(results["scope"] == SUCH_TASKS) & (results["term"] == INTERACTION)]
    sentences += [
        f"{row['contrast']}, {SCOPES[SUCH_TASKS]}, is {points(row)} ({row['note']})." for _, row in such.iterrows()
    ]
    return sentences


CONFOUNDED = (
    "A larger task count also means other tasks and, unless the recipe fixes it, another training budget: "
    "an effect of the count is an effect of all three."
)
MODERATED = (
    "Target tasks, groups, languages, families and scripts are exploratory: a language's effect is its mean deviation "
    "within target tasks on the level of the benchmarks' mean effect, and variances are moderated (Smyth 2004) from "
    "three seeds on."
)
CITE = (
    "{} rest on the runs' own numbers; the table of terms tests the cell-level "
    "model, whose errors assume it: cite the former for a benchmark."
)


def generalised(backbone: str, design: Design) -> str:
    """What the errors generalise over, and what they take as given."""
    over = "seeds and drawn task sets" if set(design.sampled) - set(design.shared) else "seeds"
    return (
        f"Errors generalise over {over}. They do not over the pretrained checkpoint, the same in all runs "
        f"({backbone}), nor over the test examples, the same too: another checkpoint may give another effect."
    )


def study_notes(complete: CompleteScores, results: pd.DataFrame, alpha: float) -> list[str]:
    """Design, attainability, families and the sets' scope, in the order a reader needs them."""
    design, facts = complete.design, study_facts(complete)
    if not design.conditions.counted:
        return conditionwords.study_notes(complete, facts)
    notes = [f"Design: {describe(design)}"]
    if facts.fewest_seeds > 1:
        notes.append(attainability(facts, alpha, smallest_p(results)))
    if pooled := recipe(complete.chains.runs, design).note:
        notes.append(pooled.format(counts=" and ".join(map(str, design.sampled))))
    if len(design.seeds) == 1:
        notes.append("One seed has no replicate: estimates are shown without errors, tests or intervals.")
    notes.append(generalised(str(complete.frame["backbone"].iloc[0]), design))
    if design.shared:
        counts = ", ".join(map(str, design.shared))
        notes.append(f"At task count {counts} all seeds share one task set: results there hold for these sets only.")
    one = len(facts.benchmarks) == 1
    rest = CITE.format("Effects and steps" if one else "Effects, steps and the interaction")
    return [*notes, families_note("effects" if one else "interactions"), CONFOUNDED, rest]


def methods_paragraph(complete: CompleteScores, fits: Sequence[dict[str, Any]], alpha: float) -> str:
    """One paragraph for a paper: run, weights, models, errors, scopes, corrections."""
    if not complete.design.conditions.counted:
        return conditionwords.methods_paragraph(complete, fits, alpha, study_facts(complete))
    used = recipe(complete.chains.runs, complete.design)
    return " ".join(
        [
            "The replicate unit is the run, one seed's chain of intermediate and target training over one task set.",
            "A benchmark's average is the plain mean over a task's languages, then over tasks, in points on 0-100;",
            _interaction_said(list(complete.benchmarks)),
            f"These numbers, g, were analysed as {used.formula}: {used.errors}.",
            "Results hold for these languages and tasks, the one pretrained checkpoint and these test examples;",
            "scope 'such' adds a language jackknife, scope 'such tasks' one of the target tasks.",
            MODERATED,
            *[
                f"Shrunken languages and tasks, terms and variance shares come from {fit['formula']}, residual and "
                "last term with a variance for each target task, by REML."
                for fit in fits
            ],
            f"Intervals are at {100 * (1 - alpha):g} %; no test refers to the normal distribution.",
        ]
    )


def _interaction_said(benchmarks: Sequence[str]) -> str:
    """What the interaction is; what each run gives where there is none."""
    if len(benchmarks) != 2:
        return "each run gives one number for it."
    first, second = benchmarks
    return f"the interaction is the effect on {second} less that on {first}, each run giving one number for it."
