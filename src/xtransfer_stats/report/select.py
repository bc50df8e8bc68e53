"""Which result rows a chart or a table shows, and what each is called. Nothing is computed here but seed averages."""

import pandas as pd

from xtransfer_stats.report import formats
from xtransfer_stats.stats.results import Analysis

PRIMARY = ("effect", "step", "interaction")
LANGUAGE, TASK = "language effect", "task effect"
LEAVE_ONE_OUT, DECOMPOSITION = "leave one task out", "decomposition"
THESE = "these"
INTERACTION_LABEL = "interaction"


def rows(analysis: Analysis, *terms: str) -> pd.DataFrame:
    """The result rows of these terms, in the order given, with a column `text`: `est [lo, hi]`.

    Columns that an analysis may leave untyped (the keys) come back as text, "" where they do not apply.
    """
    found = analysis.results[analysis.results["term"].isin(terms)].copy()
    for key in ("contrast", "scope", "benchmark", "target_task", "language", "family", "note"):
        found[key] = found[key].fillna("").astype(str)
    found["rank"] = found["term"].map(terms.index)
    found["text"] = [
        formats.estimate(*bounds)
        for bounds in zip(found["estimate"], found["conf_low"], found["conf_high"], strict=True)
    ]
    return found.sort_values("rank", kind="stable").drop(columns="rank").reset_index(drop=True)


def estimand(benchmark: str) -> str:
    """What a row without a benchmark is: the difference between the two."""
    return benchmark or INTERACTION_LABEL


def estimands(analysis: Analysis, found: pd.DataFrame) -> list[str]:
    """The benchmarks in the study's order, then the interaction, as far as `found` has them."""
    present = set(found["benchmark"])
    return [name for name in (*analysis.facts.benchmarks, "") if name in present]


def counts(found: pd.DataFrame) -> list[float]:
    """The task counts of `found`, ascending; [NaN] where it has none."""
    present = sorted(found["n_tasks"].dropna().unique())
    return present or [float("nan")]


def at_count(found: pd.DataFrame, n_tasks: float) -> pd.DataFrame:
    """The rows at one task count (NaN: all)."""
    return found if n_tasks != n_tasks else found[found["n_tasks"] == n_tasks]


def has_intervals(found: pd.DataFrame) -> bool:
    """Whether any row has an interval; a single seed gives none."""
    return bool((found["conf_low"].notna() & found["conf_high"].notna()).any())


def run_effects(analysis: Analysis) -> pd.DataFrame:
    """Each treated run minus its seed's baseline: seed, task_set, n_tasks, benchmark ("" the interaction), value.

    A baseline of several replicates counts with its mean; runs of seeds without a baseline are left out.
    """
    scores = analysis.run_scores
    base = (
        scores[scores["n_tasks"] == 0]
        .groupby(["seed", "benchmark"], sort=True)["score"]
        .mean()
        .rename("base")
    )
    treated = scores[scores["n_tasks"] > 0].join(base, on=["seed", "benchmark"])
    treated = treated.assign(value=treated["score"] - treated["base"]).dropna(subset=["value"])
    keys = ["run", "seed", "task_set", "n_tasks"]
    wide = treated.pivot_table(index=keys, columns="benchmark", values="value", sort=True, observed=True)
    first, second = analysis.facts.benchmarks
    if {first, second} <= set(wide.columns):
        wide[""] = wide[second] - wide[first]
    return (
        wide.reset_index()
        .melt(id_vars=keys, var_name="benchmark", value_name="value")
        .dropna(subset=["value"])
    )


def part_names(found: pd.DataFrame) -> list[str]:
    """The names of the parts of a decomposition: the task where a part is one, else its contrast."""
    return [task or contrast for task, contrast in zip(found["target_task"], found["contrast"], strict=True)]
