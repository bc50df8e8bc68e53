"""Pairs of simulated studies, and the numbers of their runs computed apart from the package."""

import functools
from dataclasses import replace

import pandas as pd
from tests.stats.simulated import Benchmarks, simulated_frame

from xtransfer_stats.stats.core.scores import StudyScores


@functools.cache
def simulated(*arguments, **options):
    """A simulated frame, made once."""
    return simulated_frame(*arguments, **options)


def apart(counts=(3, 9), seeds=(5, 5), **options) -> tuple[StudyScores, StudyScores]:
    """Two studies whose task sets differ."""
    (a, benchmarks), (b, _) = (simulated(n, counts, rng_seed=7 + i, **options) for i, n in enumerate(seeds))
    second = StudyScores(b.assign(study="second"), benchmarks, name="second")
    return StudyScores(a.copy(), benchmarks, name="first"), second


def alike(counts=(3, 9), seeds=(5, 5), **options) -> tuple[StudyScores, StudyScores]:
    """Two studies of the same task sets, each with scores of its own."""
    a, b = apart(counts, seeds, **options)
    sets = a.frame.drop_duplicates(["seed", "n_tasks"]).set_index(["seed", "n_tasks"])["task_set"].to_dict()
    keys = zip(b.frame["seed"], b.frame["n_tasks"], b.frame["task_set"], strict=True)
    named = [sets.get((seed, count), own) for seed, count, own in keys]
    return a, replace(b, frame=b.frame.assign(task_set=named))


def averages(frame: pd.DataFrame, benchmarks: Benchmarks) -> pd.DataFrame:
    """Average score a benchmark, by (seed, n_tasks): languages, then tasks; one chain a seed and count."""
    cells = frame.groupby(["seed", "n_tasks", "target_task", "language"])["score"].mean().reset_index()
    columns = {}
    for name, tasks in benchmarks.items():
        inside = [language in tasks.get(task, ()) for task, language in cells[["target_task", "language"]].to_numpy()]
        of_tasks = cells[inside].groupby(["seed", "n_tasks", "target_task"])["score"].mean()
        columns[name] = of_tasks.groupby(["seed", "n_tasks"]).mean()
    return pd.DataFrame(columns)


def gains(frame: pd.DataFrame, benchmarks: Benchmarks, count: int) -> pd.DataFrame:
    """Each seed's treated average less its baseline; column "interaction": second less first."""
    table = averages(frame, benchmarks)
    gained = table.xs(count, level="n_tasks") - table.xs(0, level="n_tasks")
    first, second = benchmarks
    return gained.assign(interaction=gained[second] - gained[first]).dropna()
