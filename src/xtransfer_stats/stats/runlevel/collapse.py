"""Collapsed trainings: how many at each task count, and the effect in runs whose trainings did not collapse.

A training is a run's fine-tuning for some target tasks; the score frame marks those at chance level on their
English dev data. Where only treated runs collapse, the mean over few seeds often has none of them: the intervals of
what they enter are then too optimistic (docs/calibration.md), whatever the test.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
from scipy import stats

from xtransfer_stats.base.errors import FitError
from xtransfer_stats.stats.core.complete import CompleteScores
from xtransfer_stats.stats.core.estimands import Estimand, headline, target_tasks
from xtransfer_stats.stats.core.rows import UNTESTED, Row, joined, label, moment_rows
from xtransfer_stats.stats.core.runs import averaged_replicates
from xtransfer_stats.stats.core.scores import Trainings
from xtransfer_stats.stats.core.termtable import COLLAPSE, GIVEN, THESE
from xtransfer_stats.stats.runlevel.runlevel import RunLevel

METHOD = "Clopper-Pearson interval, Fisher's exact test against the baseline"
WITHOUT = "runs with a collapsed training of these tasks left out"
ONE_ARM = (
    "Where one arm collapses and the other does not, few seeds show too few collapses: intervals of the target tasks "
    f"and averages concerned are optimistic. The rows '{GIVEN}' leave these runs out; they answer for trainings that "
    "succeed."
)


def trainings_of(frame: pd.DataFrame, trainings: Trainings) -> pd.DataFrame:
    """A row a training that ran: run, n_tasks, training, collapsed, kept (its scores stand in the frame).

    trainings: target task -> training, None for none; a task that is not named there has a training of its own.
    """
    ran = frame[frame["status"].isin(("done", "collapsed"))]
    named = ran.assign(
        training=[trainings.get(task, task) or "" for task in ran["target_task"]],
        collapsed=ran["status"] == "collapsed",
        kept=ran["score"].notna(),
    )
    rows = named[named["training"] != ""].groupby(["run", "n_tasks", "training"], as_index=False)
    return rows.agg(collapsed=("collapsed", "any"), kept=("kept", "all"))


def collapse_rows(complete: CompleteScores, trainings: Trainings, alpha: float) -> list[Row]:
    """Per cent of trainings that collapsed at every count, then effects without them; nothing where none did.

    p_value: Fisher's, of trainings as they were counted, so not of their size: trainings of a run share its luck.
    """
    table = trainings_of(complete.frame, trainings)
    if not table["collapsed"].any():
        return []
    counted = table.groupby("n_tasks")["collapsed"].agg(["sum", "size"])
    base = counted.loc[0] if 0 in counted.index else pd.Series({"sum": 0, "size": 0})
    rows = [_share(int(count), int(k), int(n), base, alpha) for count, (k, n) in counted.iterrows()]
    return [*rows, *_given(complete, trainings, table[table["collapsed"] & table["kept"]], alpha)]


def _share(count: int, collapsed: int, size: int, base: pd.Series, alpha: float) -> Row:
    limits = stats.binomtest(collapsed, size).proportion_ci(1 - alpha, method="exact")
    both = [[collapsed, size - collapsed], [int(base["sum"]), int(base["size"] - base["sum"])]]
    return {
        **UNTESTED,
        "term": COLLAPSE,
        "contrast": f"collapsed trainings({count})",
        "scope": THESE,
        "n_tasks": count,
        "estimate": 100 * collapsed / size,
        "conf_low": 100 * limits.low,
        "conf_high": 100 * limits.high,
        "p_value": float(stats.fisher_exact(both).pvalue) if count and base["size"] else np.nan,
        "method": METHOD,
        "n_runs": 0,
        "note": f"{collapsed} of {size} trainings",
    }


def _given(complete: CompleteScores, trainings: Trainings, collapsed: pd.DataFrame, alpha: float) -> list[Row]:
    """The effects of benchmarks, their difference and target tasks from runs none of whose trainings collapsed."""
    estimands = [*headline(complete.benchmarks, complete.cells), *target_tasks(complete.cells)]
    return [row for one in estimands for row in _without(complete, trainings, collapsed, one, alpha)]


def _without(
    complete: CompleteScores, trainings: Trainings, collapsed: pd.DataFrame, one: Estimand, alpha: float
) -> Iterable[Row]:
    tasks = set(complete.cells[one.weights != 0].get_level_values("target_task"))
    concerned = {trainings.get(task, task) for task in tasks}
    lost = set(collapsed.loc[collapsed["training"].isin(concerned), "run"])
    table = complete.table.keep_runs(~complete.table.runs.index.isin(lost))
    left = set(table.runs["n_tasks"])
    if not lost or 0 not in left or len(left) < 2:
        return
    chains = averaged_replicates(table)
    design = replace(complete.design.of(chains.runs), shared=complete.design.shared)
    try:
        model = RunLevel(chains.runs, design, (chains.scores @ one.weights)[:, None])
    except FitError:  # what is left of a crossed study may be none
        return
    for contrast in design.effects:
        named = label(one, contrast) | {"term": GIVEN, "family": "", "weights": None}
        named |= {"contrast": f"{named['contrast']} given no collapse", "note": joined(WITHOUT, named["note"])}
        yield moment_rows(model.contrast(contrast), [named], alpha)[0]


def collapse_notes(rows: Sequence[Row]) -> list[str]:
    """How many trainings collapsed at each count, and what that does to the rows they enter."""
    shares = [row for row in rows if row["term"] == COLLAPSE]
    if not shares:
        return []
    return [f"Collapsed: {'; '.join(map(_counted, shares))}. {ONE_ARM}"]


def _counted(row: Row) -> str:
    where = f"task count {row['n_tasks']}" if row["n_tasks"] else "the baseline"
    test = f" (Fisher p = {row['p_value']:.2g})" if np.isfinite(row["p_value"]) else ""
    return f"{row['note']} at {where}{test}"
