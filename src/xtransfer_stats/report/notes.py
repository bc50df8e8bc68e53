"""Captions, the star legend and what a study of this size can show at all."""

import pandas as pd

from xtransfer_stats.base import formats
from xtransfer_stats.base.models import EMBEDDED
from xtransfer_stats.report import select, words
from xtransfer_stats.stats import sentences
from xtransfer_stats.stats.core.inference import ASKED_FAMILIES, FAMILIES, Correction
from xtransfer_stats.stats.core.results import Analysis
from xtransfer_stats.stats.core.signflip import smallest_p

STAR_LEVELS = "Stars, by adjusted p: " + ", ".join(f"{mark} < {level:g}" for level, mark in formats.STAR_LEVELS[::-1])
NO_STARS = "No adjusted p, so no stars."
INTERVAL_NOTE = "Points on 0-100, 95 % intervals."
SPOKEN_NOTE = "{Points on 0-100}, 95 % intervals.{Lower is better.}"  # of scores in any unit
ONE_SEED = "No interval: one seed."
# A page answers thrice whether languages differ in the effect; it says which answer to believe, and where that stands.
BELIEVE = (
    "Of the page's three answers to this believe this one: seeds are its replicates, and target tasks may differ in "
    "variance."
)
CORRECTIONS = {Correction.HOLM: "Holm", Correction.BH: "Benjamini-Hochberg (exploratory)"}


def attainability(analysis: Analysis) -> str:
    """What stands before the stars: what these seeds can show at best."""
    if analysis.facts.fewest_seeds < 2:
        return f"{ONE_SEED} No test is possible, and no star is printed."
    if analysis.facts.apart:
        return "Conditions with seeds of their own are compared by Welch's t, which no sign-flip test stands beside."
    return sentences.attainability(analysis.facts, formats.STAR_LEVELS[-1][0], smallest_p(analysis.results))


def is_synthetic(analysis: Analysis) -> bool:
    """Whether the study is one of the embedded default, whose tasks are synthetic stand-ins."""
    return analysis.facts.backbone == EMBEDDED


def size(analysis: Analysis) -> str:
    """How large the study is: seeds, task sets, runs and cells."""
    facts = analysis.facts
    if not facts.conditions.counted:
        counted = ((len(facts.seeds), "seed"), (len(facts.counts) + 1, "condition"), (facts.n_runs, "run"))
        return ", ".join(_plural(*each) for each in counted) + f", {_plural(facts.n_cells, 'cell')} a run"
    stand_ins = "; synthetic stand-ins of the tasks" if is_synthetic(analysis) else ""
    task_sets = analysis.run_scores.loc[analysis.run_scores["n_tasks"] > 0, "task_set"].nunique()
    counted = ((len(facts.seeds), "seed"), (task_sets, "task set"), (facts.n_runs, "run"))
    return ", ".join(_plural(*each) for each in counted) + f", {_plural(facts.n_cells, 'cell')} a run{stand_ins}"


def legend(rows: pd.DataFrame) -> str:
    """What the stars mean in a table of these rows: levels, test, df method, family and correction.

    rows: of the result frame. Empty where no row has an adjusted p, as then no star is printed.
    """
    starred = rows[rows["p_adjusted"].notna()]
    if starred.empty:
        return ""
    tests = [_test(keys, same) for keys, same in starred.groupby(["method", "family"], sort=False)]
    return f"{STAR_LEVELS}; {'; '.join(tests)}."


def _test(keys: tuple[str, str], same: pd.DataFrame) -> str:
    method, family = keys
    low, high = (formats.number(value, 1) for value in (same["df"].min(), same["df"].max()))
    df = low if low == high else f"{low} to {high}"
    corrected = f"{_correction(family)} ({_plural(len(same), 'test')})"
    return f"two-sided t test of zero by {method} (df {df}), {corrected}"


def _correction(family: str) -> str:
    correction = (FAMILIES | ASKED_FAMILIES).get(family)
    return f"{CORRECTIONS[correction]} within the family {family}" if correction else f"family {family}"


def interval(analysis: Analysis, *terms: str) -> str:
    """The line under a chart: what its bars are, or why there are none."""
    return _interval(analysis, select.rows(analysis, *terms))


def _interval(analysis: Analysis, rows: pd.DataFrame) -> str:
    if rows[["conf_low", "conf_high"]].notna().all(axis=1).any():
        return words.spoken(SPOKEN_NOTE, analysis)
    return ONE_SEED if len(analysis.facts.seeds) == 1 else "No interval could be estimated."


def error(analysis: Analysis, rows: pd.DataFrame) -> str:
    """The end of a caption: what the intervals of these rows are, how error and df were got.

    rows: of the result frame. What is corrected stands in the legend of the stars.
    """
    methods = sorted({str(method) for method in rows["method"].dropna()} - {""})
    bare = "" if rows["p_adjusted"].notna().any() else f" {NO_STARS}"
    return f"{_interval(analysis, rows)} Error and df: {'; '.join(methods) or 'none'}.{bare}"


def _plural(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count:,} {noun}s"
