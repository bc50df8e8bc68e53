"""The best single task for each target task, with what the seeds leave open: never a bare order."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from xtransfer_stats.stats.core.inference import Array
from xtransfer_stats.stats.core.rows import Row, moment_rows
from xtransfer_stats.stats.runlevel.ranking import drawn_means
from xtransfer_stats.stats.singles.leftout import Bracketed, bracketed, chosen, others_choice, own_choice
from xtransfer_stats.stats.singles.scores import AVERAGE, EACH, SingleScores

BEST_COLUMNS = (
    "benchmark",
    "target_task",  # AVERAGE for the benchmark's own; EACH for the mean over target tasks of their own best
    "best",  # the task with the largest mean gain over all seeds; "" for EACH
    "plain",  # its gain on the scores that chose it, in points: too high
    "estimate",  # the gain, on each seed, of the task that the other seeds choose
    "std_error",
    "df",
    "conf_low",  # of the gain of the truly best task
    "conf_high",
    "p_value",
    "prob_best",  # of the task named, from draws of all means
    "may_be_best",  # the fewest tasks that hold the best with 95 % of the probability
    "chosen_by",  # in how many seeds the others choose the task named
    "n_seeds",
    "method",
    "note",
)
HELD = 0.95


def best_table(scores: SingleScores, alpha: float) -> pd.DataFrame:
    """BEST_COLUMNS: a row a benchmark and target task, its average, and the mean of the tasks' own best."""
    rows = []
    for benchmark in scores.benchmarks:
        gains = _gains(scores, benchmark)
        rows += [_row(scores, benchmark, {target: values}, target, alpha) for target, values in gains.items()]
        rows.append(_row(scores, benchmark, _targets(gains), EACH, alpha))
    return pd.DataFrame(rows, columns=list(BEST_COLUMNS))


def best_per_task(scores: SingleScores, benchmark: str) -> Bracketed:
    """The mean over a benchmark's target tasks of the gain of each one's best single task."""
    return _moments(_targets(_gains(scores, benchmark)), len(scores.tasks))


def _gains(scores: SingleScores, benchmark: str) -> dict[str, Array]:
    columns = scores.columns(benchmark)
    gains = scores.gains(np.array([*columns.values()]).T)
    return {target: gains[:, :, place] for place, target in enumerate(columns)}


def _targets(gains: Mapping[str, Array]) -> dict[str, Array]:
    return {target: values for target, values in gains.items() if target != AVERAGE}


def _moments(gains: Mapping[str, Array], tasks: int) -> Bracketed:
    """Of the mean over targets of the gain of each one's best, by left-out and by plain choice; gains (S, K) each."""
    left_out = np.mean([chosen(values, others_choice(values)) for values in gains.values()], axis=0)
    plain = np.mean([chosen(values, own_choice(values)) for values in gains.values()], axis=0)
    return bracketed(left_out, plain, int((~np.isnan(left_out)).sum()) * (tasks + 1), upwards=True)


def _row(scores: SingleScores, benchmark: str, gains: Mapping[str, Array], target: str, alpha: float) -> Row:
    moments = _moments(gains, len(scores.tasks))
    named = {"benchmark": benchmark, "target_task": target, "best": "", "may_be_best": ""}
    row = moment_rows(moments, [named], alpha)[0]
    row |= {"plain": float(moments.above.estimate[0]), "prob_best": np.nan, "chosen_by": np.nan}
    values = gains.get(target)
    row["n_seeds"] = int((~np.isnan(np.mean([*gains.values()], axis=0))).all(axis=1).sum())
    return row if values is None else row | _choice(scores.tasks, values)


def _choice(tasks: tuple[str, ...], gains: Array) -> Row:
    """Which task is best, how sure that is and how often the other seeds agree."""
    best = int(own_choice(gains)[0])
    if best < 0:
        return {}
    probability = _probability(gains)
    order = np.argsort(-probability, kind="stable")
    enough = int(np.searchsorted(np.cumsum(probability[order]), HELD)) + 1
    return {
        "best": tasks[best],
        "prob_best": float(probability[best]),
        "may_be_best": "" if np.isnan(probability).any() else ", ".join(tasks[i] for i in order[:enough]),
        "chosen_by": int((others_choice(gains) == best).sum()),
    }


def _probability(gains: Array) -> Array:
    """Of being best, (K,): from the draws of a ranking of conditions, on the seeds that have every task."""
    whole = gains[~np.isnan(gains).any(axis=1)]
    draws = drawn_means(whole) if len(whole) > 1 else np.full((1, gains.shape[1]), np.nan)
    if np.isnan(draws).any():
        return np.full(gains.shape[1], np.nan)
    return np.bincount(draws.argmax(axis=1), minlength=gains.shape[1]) / len(draws)
