"""Each intermediate task alone on each target task: the gain over the baseline, one declared family a benchmark."""

import numpy as np
import pandas as pd
from scipy import stats

from xtransfer_stats.stats.core.inference import Correction, adjusted, paired
from xtransfer_stats.stats.core.rows import moment_rows
from xtransfer_stats.stats.singles.scores import AVERAGE, SingleScores

GAIN_COLUMNS = (
    "benchmark",
    "intermediate_task",
    "target_task",  # AVERAGE for the benchmark's own
    "estimate",  # points over the seeds' baselines
    "std_error",
    "df",
    "statistic",
    "p_value",
    "p_adjusted",  # Holm over the family
    "conf_low",
    "conf_high",
    "corrected_low",  # Bonferroni over the family: all of its intervals hold at once
    "corrected_high",
    "family",  # "single tasks @ xtreme", of all cells; "single tasks, averages @ xtreme"
    "tests",  # in the family
    "n_seeds",
    "n_runs",
    "method",
    "note",
)
CELLS, AVERAGES = "single tasks", "single tasks, averages"


def gain_table(scores: SingleScores, alpha: float) -> pd.DataFrame:
    """GAIN_COLUMNS: a row a benchmark, intermediate task and target task; the average is a family of its own."""
    parts = [_corrected(_rows(scores, name, alpha), alpha) for name in scores.benchmarks]
    return pd.concat(parts, ignore_index=True)[list(GAIN_COLUMNS)]


def _rows(scores: SingleScores, benchmark: str, alpha: float) -> pd.DataFrame:
    columns = scores.columns(benchmark)
    gains = scores.gains(np.array([*columns.values()]).T)
    rows = []
    for place, task in enumerate(scores.tasks):
        own = gains[:, place][~np.isnan(gains[:, place]).any(axis=1)]
        named = [
            {
                "benchmark": benchmark,
                "intermediate_task": task,
                "target_task": target,
                "family": f"{AVERAGES if target == AVERAGE else CELLS} @ {benchmark}",
                "n_seeds": len(own),
            }
            for target in columns
        ]
        rows += moment_rows(paired(own, 2 * len(own)), named, alpha)
    return pd.DataFrame(rows)


def _corrected(rows: pd.DataFrame, alpha: float) -> pd.DataFrame:
    """With Holm's p and Bonferroni's limits, family by family; what nothing tells the error of is no test."""
    parts = []
    for _, family in rows.groupby("family", sort=False):
        tests = int(family["p_value"].notna().sum())
        reach = stats.t.ppf(1 - alpha / (2 * max(tests, 1)), family["df"]) * family["std_error"]
        parts.append(
            family.assign(
                tests=tests,
                p_adjusted=adjusted(family["p_value"], Correction.HOLM),
                corrected_low=family["estimate"] - reach.where(family["p_value"].notna()),
                corrected_high=family["estimate"] + reach.where(family["p_value"].notna()),
            )
        )
    return pd.concat(parts).sort_index()
