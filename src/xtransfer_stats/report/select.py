"""Which result rows a chart or a table shows, and what each is called."""

import numpy as np
import pandas as pd

from xtransfer_stats.base import formats
from xtransfer_stats.stats.core.results import Analysis
from xtransfer_stats.stats.core.termtable import (
    EFFECT,
    HEADLINE,
    INTERACTION,
    LEAVE_ONE_OUT,
    STEP,
    SUCH_TASKS,
    TERMS,
    THESE,
)
from xtransfer_stats.stats.routes.called import BAYES

PRIMARY = (INTERACTION, EFFECT, STEP)  # the headline as the key numbers show it


def rows(analysis: Analysis, *terms: str) -> pd.DataFrame:
    """The result rows of these terms, in the order given, with a column `text`: `est [lo, hi]`.

    Columns that an analysis may leave untyped (the keys) come back as text, "" where they do not apply.
    """
    frame = analysis.results[analysis.results["term"].isin(terms)].copy()
    for key in ("contrast", "scope", "benchmark", "target_task", "language", "family", "level", "note"):
        frame[key] = frame[key].fillna("").astype(str)
    frame["rank"] = frame["term"].map(terms.index)
    frame["text"] = [
        formats.estimate(*bounds)
        for bounds in zip(frame["estimate"], frame["conf_low"], frame["conf_high"], strict=True)
    ]
    return frame.sort_values("rank", kind="stable").drop(columns="rank").reset_index(drop=True)


def headings(analysis: Analysis, frame: pd.DataFrame) -> dict[str, str]:
    """What each benchmark key of `frame` is called: the study's two in order, then "".

    A row without a benchmark is the interaction where its term compares benchmarks, else needs no name.
    """
    present = set(frame["benchmark"])
    if not analysis.facts.conditions.counted and len(analysis.facts.benchmarks) == 1:
        return {key: "" for key in (*analysis.facts.benchmarks, "") if key in present}  # a name tells nothing apart
    compares = any(TERMS[term].between for term in frame["term"].unique())
    names = {name: name for name in analysis.facts.benchmarks} | {"": INTERACTION if compares else ""}
    return {key: name for key, name in names.items() if key in present}


def these(frame: pd.DataFrame) -> pd.DataFrame:
    """The rows of scope "these" (languages and tasks)."""
    return frame[frame["scope"] == THESE]


def without_one_task(analysis: Analysis, frame: pd.DataFrame) -> pd.DataFrame:
    """The rows with columns left_low and left_high: their estimate's range without each target task in turn.

    NaN where that is not looked at: steps, and scopes other than "these".
    """
    left = these(analysis.results[analysis.results["term"] == LEAVE_ONE_OUT])
    ends = left.assign(benchmark=left["benchmark"].fillna("")).groupby(["benchmark", "n_tasks"])["estimate"]
    low, high = ends.min(), ends.max()
    looked = frame["term"].isin((EFFECT, INTERACTION)) & (frame["scope"] == THESE)
    keys = list(zip(frame["benchmark"], frame["n_tasks"], strict=True))
    columns = {
        name: pd.Series([end.get(key, np.nan) for key in keys], index=frame.index, dtype=float).where(looked)
        for name, end in (("left_low", low), ("left_high", high))
    }
    return frame.assign(**columns)


def scope(name: str) -> str:
    """A scope in words: "these languages", "such languages", "such target tasks"."""
    if name == SUCH_TASKS:
        return "such target tasks"
    return f"{name} languages" if name else ""


def words(*parts: str) -> str:
    """The parts that are not empty, as one label."""
    return ", ".join(part for part in parts if part)


def by_count(frame: pd.DataFrame) -> dict[float, pd.DataFrame]:
    """The rows at each task count, ascending; all at NaN where they have no count."""
    counts = sorted(frame["n_tasks"].dropna().unique())
    return {count: frame[frame["n_tasks"] == count] for count in counts} or {float("nan"): frame}


def run_effects(analysis: Analysis) -> pd.DataFrame:
    """Each treated run minus its seed's baseline: run, seed, task_set, n_tasks, benchmark, value.

    Benchmark "" holds the second benchmark's difference minus the first's.
    A baseline of several replicates counts with its mean; runs of seeds without a baseline are left out.
    """
    scores = analysis.run_scores
    base = scores[scores["n_tasks"] == 0].groupby(["seed", "benchmark"], sort=True)["score"].mean().rename("base")
    treated = scores[scores["n_tasks"] > 0].join(base, on=["seed", "benchmark"])
    treated = treated.assign(value=treated["score"] - treated["base"]).dropna(subset=["value"])
    keys = ["run", "seed", "task_set", "n_tasks"]
    wide = treated.pivot_table(index=keys, columns="benchmark", values="value", sort=True, observed=True)
    two = analysis.facts.benchmarks
    if len(two) == 2 and set(two) <= set(wide.columns):
        wide[""] = wide[two[1]] - wide[two[0]]
    return wide.reset_index().melt(id_vars=keys, var_name="benchmark", value_name="value").dropna(subset=["value"])


def of_benchmarks(routes: pd.DataFrame) -> pd.DataFrame:
    """Rows of the routes that answer the headline."""
    return routes[routes["term"].isin(HEADLINE)]


def posterior(analysis: Analysis) -> pd.DataFrame:
    """Rows of the Bayesian route, those of target tasks and languages too."""
    routes = analysis.routes
    return routes[routes["route"] == BAYES] if len(routes) else routes
