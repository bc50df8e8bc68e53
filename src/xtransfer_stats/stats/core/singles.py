"""Runs on single intermediate tasks, each task of the catalogue alone: they have a table of their own.

Such runs are no draw of sets of size one: every task is there, in every seed. Beside sets of other sizes they leave the
study's other results as they would be without them; where they are all that was trained they are count 1 as well.
"""

import pandas as pd

from xtransfer_stats.stats.core.frame import CONDITION
from xtransfer_stats.stats.core.validate import catalogue_size

ALONE = 1  # the task count of a run on a single task
LEAST_TASKS = 2
ENOUGH = 0.5  # of the seeds hold every task alone: the others lack what failed or is not done yet


def single_tasks(frame: pd.DataFrame) -> tuple[str, ...]:
    """The intermediate tasks that a study trains alone, each for every seed; () for a study that does not.

    frame: the score frame. Sets of size one that seeds draw, one or some each, are none.
    """
    if CONDITION in frame:
        return ()
    alone = frame.loc[frame["n_tasks"] == ALONE, ["seed", "task_set"]].drop_duplicates()
    tasks, catalogue = sorted(alone["task_set"].unique()), catalogue_size(frame)
    if len(tasks) < max(catalogue, LEAST_TASKS):
        return ()
    whole = int((alone.groupby("seed").size() == len(tasks)).sum())
    return tuple(tasks) if whole >= ENOUGH * frame["seed"].nunique() else ()


def without_singles(frame: pd.DataFrame) -> pd.DataFrame:
    """The score frame of the runs that counts are compared by: without those on single tasks, where others are left."""
    if set(frame["n_tasks"]) <= {0, ALONE} or not single_tasks(frame):
        return frame
    return frame[frame["n_tasks"] != ALONE]


def singles_note(frame: pd.DataFrame) -> list[str]:
    """A sentence on where the runs on single tasks are; none where there are none."""
    tasks = single_tasks(frame)
    if not tasks or set(frame["n_tasks"]) <= {0, ALONE}:
        return []
    runs = frame.loc[frame["n_tasks"] == ALONE, "run"].nunique()
    return [
        f"{runs} runs on single intermediate tasks, {len(tasks)} a seed, have a table of their own and enter no result "
        "of a task count."
    ]
