"""A row of the result frame in plain words."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from xtransfer_stats.stats.core.results import StudyFacts

TERMS: Mapping[str, str] = MappingProxyType(
    {
        "effect": "what {n} intermediate task(s) add to the average of {benchmark}, against the baseline",
        "step": "what going on to {n} intermediate tasks adds to the average of {benchmark}",
        "interaction": "the effect of {n} intermediate task(s) on {second} less that on {first}",
        "task effect": "the effect of {n} intermediate task(s) on {task}, plain mean of its languages",
        "task effect, shrunken": "the effect of {n} intermediate task(s) on {task}, drawn towards the tasks' mean",
        "language effect": "the effect of {n} intermediate task(s) in language {language}, mean of its target tasks",
        "leave one task out": "the same result with target task {task} left out of the averages",
        "decomposition": "the part of the interaction at {n} intermediate task(s) that these target tasks make",
        "group effect": "the effect of {n} intermediate task(s) on a group of target tasks, plain mean of its tasks",
        "family effect": "the effect of {n} intermediate task(s) on languages of one family, mean of its languages",
        "script effect": "the effect of {n} intermediate task(s) on languages of one script, mean of its languages",
        "covariate slope": "how the effect of {n} intermediate task(s) grows with what is known of a language",
        "claim": "the hypothesis that decides a claim of the literature",
        "contrast": "a hypothesis asked for by name",
        "equivalence": "whether the result lies within the margin on both sides",
        "non-inferiority": "whether the result lies above minus the margin",
        "heterogeneity": "how much languages differ in the effect of {n} intermediate task(s): sd between languages",
        "own data": "what the target task's own training data in the set may have added",
        "additive tasks": "the interaction at {n} intermediate task(s), sets being sums of their tasks' effects",
        "task identity": "one intermediate task's part in the interaction of a set that holds it",
    }
)
SCOPES: Mapping[str, str] = MappingProxyType(
    {"these": "for these languages and tasks", "such": "for languages such as these"}
)
MODELLED: Mapping[str, str] = MappingProxyType(
    {
        "language effect": "the cell-level model draws languages towards their mean",
        "task effect, shrunken": "the cell-level model draws target tasks towards their mean",
        "own data": "the scores were adjusted for own-task data by the cell-level model",
        "additive tasks": "REML of additive tasks weighs the runs by their precision",
        "task identity": "a random effect's conditional mean, from all runs",
        "heterogeneity": "a standard deviation between languages",
    }
)


def in_words(row: Mapping[str, Any], facts: StudyFacts) -> str:
    """What the row's number is; a term that has no words here is called by its own name."""
    first, second = facts.benchmarks
    count = "" if row["n_tasks"] != row["n_tasks"] else int(row["n_tasks"])
    keys = {"n": count, "benchmark": row["benchmark"], "task": row["target_task"], "language": row["language"]}
    told = TERMS.get(row["term"], row["term"]).format(**keys, first=first, second=second)
    return f"{told}, {SCOPES.get(row['scope'], row['scope'])}"
