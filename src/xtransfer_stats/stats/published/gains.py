"""A published table as gains over its one baseline: a row a setting, a column a target task."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.stats.core.frame import COLUMNS, LATER

# The columns of a score frame but for what papers do not print.
REQUIRED = tuple(name for name in COLUMNS if name not in ("control", "replicate", *LATER, "n_examples", "status"))
AVERAGED = "all"  # in column language: the mean over a task's languages, all that a table printed
QA_METRICS = {"exact_match", "f1"}


def is_published(rows: pd.DataFrame) -> bool:
    """Whether a table has scores of single runs without seeds, averaged over languages."""
    if not {"seed", "language", "run"} <= set(rows.columns) or rows.empty:
        return False
    seeds = rows["seed"].isna() | (rows["seed"].astype(str).str.strip() == "")
    return bool(seeds.all() and (rows["language"].astype(str) == AVERAGED).all())


@dataclass(frozen=True)
class Gains:
    """settings: index run; variant, n_tasks, task_set. tasks: target tasks. values: (settings, tasks), points.

    baseline: (tasks,). untrained: which target tasks have no training of their own. notes: what was left out.
    """

    study: str
    backbone: str
    settings: pd.DataFrame
    tasks: tuple[str, ...]
    baseline: NDArray[np.float64]
    values: NDArray[np.float64]
    untrained: NDArray[np.bool_]
    source: str
    notes: tuple[str, ...]

    @property
    def averages(self) -> NDArray[np.float64]:
        """Plain mean over target tasks, the benchmark's rule; (settings,)."""
        return self.values.mean(axis=1)

    def of(self, variant: str, single: bool = True) -> NDArray[np.int64]:
        """Positions of the settings of a variant, of one intermediate task (or any number)."""
        chosen = (self.settings["variant"] == variant).to_numpy()
        return np.flatnonzero(chosen & ((self.settings["n_tasks"] == 1).to_numpy() | (not single)))


def gains_of(rows: pd.DataFrame, trainings: Mapping[str, str | None]) -> Gains:
    """Shape a published table; trainings: target task -> its training, None for one that has none.

    A QA cell is the mean of exact match and F1. Raises DataError for a table without its one baseline, with a cell
    twice or with columns lacking.
    """
    _check(rows)
    named = rows.assign(task_set=rows["task_set"].fillna("").astype(str), score=rows["score"].astype(float))
    wide, lost = _cells(named)
    settings = named.drop_duplicates("run").set_index("run")[["variant", "n_tasks", "task_set"]].loc[wide.index]
    base = _baseline(settings)
    treated = settings.index != base
    tasks = tuple(wide.columns)
    scores = wide.to_numpy(dtype=float)
    level = wide.loc[base].to_numpy(dtype=float)
    sources = sorted({str(text) for text in rows["source"].dropna()}) if "source" in rows else []
    return Gains(
        study=str(rows["study"].iloc[0]),
        backbone=str(rows["backbone"].iloc[0]),
        settings=settings[treated].astype({"n_tasks": int}),
        tasks=tasks,
        baseline=level,
        values=(scores - level)[treated],
        untrained=np.array([trainings.get(task) is None for task in tasks]),
        source="; ".join(sources) or "not named",
        notes=tuple(f"{task} is left out: {run} has no score of it." for task, run in lost),
    )


def _check(rows: pd.DataFrame) -> None:
    if lacking := [name for name in REQUIRED if name not in rows.columns]:
        raise DataError(f"columns: {', '.join(lacking)} lacking in the published table; it needs {', '.join(REQUIRED)}")
    twice = rows.duplicated(["run", "target_task", "metric"])
    if twice.any():
        row = rows[twice].iloc[0]
        raise DataError(f"rows: {row['run']}, {row['target_task']}, {row['metric']} stands twice; keep one")
    for name in ("study", "backbone"):
        if rows[name].nunique() > 1:
            raise DataError(f"column {name}: {', '.join(sorted(rows[name].unique()))}; keep the rows of one")


def _cells(rows: pd.DataFrame) -> tuple[pd.DataFrame, list[tuple[str, str]]]:
    """Scores, runs by target tasks that every run has; and (task, run) of the first lack of each other one."""
    for task, metrics in rows.groupby("target_task")["metric"].unique().items():
        if len(metrics) > 1 and set(metrics) != QA_METRICS:
            raise DataError(f"column metric: {task} has {', '.join(sorted(metrics))}; keep one, or exact_match and f1")
    expected = rows.groupby("target_task")["metric"].nunique()
    grouped = rows.groupby(["run", "target_task"], sort=False)["score"]
    whole = grouped.mean().where(grouped.count() == expected.reindex(grouped.mean().index, level="target_task"))
    wide = whole.unstack("target_task").loc[list(dict.fromkeys(rows["run"])), list(dict.fromkeys(rows["target_task"]))]
    lost = [(str(task), str(wide.index[wide[task].isna()][0])) for task in wide.columns[wide.isna().any()]]
    if len(lost) == len(wide.columns):
        raise DataError("column score: no target task has a score in every run; fill in what is lacking")
    return wide.drop(columns=[task for task, _ in lost]), lost


def _baseline(settings: pd.DataFrame) -> str:
    baselines = settings.index[settings["n_tasks"] == 0]
    if len(baselines) != 1:
        raise DataError(
            f"column n_tasks: {len(baselines)} runs without intermediate task; a published table has one baseline"
        )
    return str(baselines[0])
