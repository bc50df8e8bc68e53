"""All that a study's single tasks tell, as tables and sentences."""

import pandas as pd

from xtransfer_stats.base.formats import estimate
from xtransfer_stats.stats.core.results import SingleTasks
from xtransfer_stats.stats.singles.best import best_table
from xtransfer_stats.stats.singles.gains import gain_table
from xtransfer_stats.stats.singles.members import set_table
from xtransfer_stats.stats.singles.scores import EACH, SingleScores

CHOICE = (
    "The best task is chosen by the scores it is judged on, so its plain gain is too high. Estimated is what each seed "
    "gains by the task that the other seeds choose; the interval, of the truly best task, goes from the lower limit of "
    "that to the upper limit of the plain gain (docs/singles.md)."
)


def singles_results(scores: SingleScores | None, alpha: float) -> SingleTasks:
    """The tables of single tasks; empty for a study that trains none alone."""
    if scores is None:
        return SingleTasks()
    best = best_table(scores, alpha)
    return SingleTasks(
        gains=gain_table(scores, alpha),
        best=best,
        sets=set_table(scores, alpha) if scores.sets else pd.DataFrame(),
        notes=(*_said(best, alpha), CHOICE, *scores.notes),
    )


def _said(best: pd.DataFrame, alpha: float) -> list[str]:
    """A sentence a benchmark: what the best single task for each target task gains."""
    return [
        f"The best single task for each target task of {row.benchmark} gains "
        f"{estimate(row.estimate, row.conf_low, row.conf_high)} points ({100 * (1 - alpha):g} % interval), "
        f"{row.plain:.2f} on the scores that chose it."
        for row in best[best["target_task"] == EACH].itertuples()
    ]
