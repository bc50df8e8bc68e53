"""The study's question answered in two sentences, written from the result frame alone."""

import pandas as pd

from xtransfer_stats.base.formats import points, signed, tasks
from xtransfer_stats.stats.core.results import StudyFacts
from xtransfer_stats.stats.core.termtable import EFFECT, INTERACTION, LEAVE_ONE_OUT, THESE


def answer(results: pd.DataFrame, facts: StudyFacts, alpha: float) -> str:
    """How much the effect of the task count differs between the benchmarks, and how sure that is."""
    these = results[results["scope"] == THESE]
    interactions = these[these["term"] == INTERACTION].sort_values("n_tasks")
    return f"{_difference(interactions, facts)} {_sureness(interactions, these, facts, alpha)}"


def _difference(interactions: pd.DataFrame, facts: StudyFacts) -> str:
    first, second = facts.benchmarks
    found = "; ".join(f"{points(row)} at {tasks(row['n_tasks'])}" for _, row in interactions.iterrows())
    return f"The effect of intermediate training on {second} less that on {first}, in points of the average: {found}."


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
    """As the tables write it, so that the two never differ."""
    return "p < 0.001" if value < 0.001 else f"p = {value:.3f}"


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
            sentences.append(f"{row['contrast']} is {points(row)}; it rests most on one task: {_without(most)}.")
    return sentences


def _without(row: pd.Series) -> str:
    return f"without {row['target_task']} it is {points(row)}"
