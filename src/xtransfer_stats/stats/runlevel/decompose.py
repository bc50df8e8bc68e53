"""What the results rest on: shared and unshared tasks, and every task left out in turn."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from xtransfer_stats.stats.core.estimands import Estimand, gap_weights, interaction
from xtransfer_stats.stats.core.termtable import DECOMPOSITION, LEAVE_ONE_OUT
from xtransfer_stats.stats.core.weights import Benchmark, cell_weights, restricted, without_tasks


def interaction_parts(benchmarks: Mapping[str, Benchmark], cells: pd.MultiIndex) -> list[Estimand]:
    """G(k) as shared + first-only + second-only tasks; the parts' weights sum to G's own."""
    gap = gap_weights(benchmarks, cells)
    share = squared_task_weight(benchmarks, cells)
    parts = []
    for where, tasks in task_groups(benchmarks, cells).items():
        inside = np.asarray(cells.get_level_values("target_task").isin(tasks))
        weight = sum(share[task] for task in tasks)
        note = f"{', '.join(tasks) or 'no task'}; {100 * weight:.0f} % of the squared task weight"
        parts.append(
            Estimand(DECOMPOSITION, f"interaction({{count}}) from {where}", gap * inside, note=note, level=where)
        )
    return parts


def task_groups(benchmarks: Mapping[str, Benchmark], cells: pd.MultiIndex) -> dict[str, tuple[str, ...]]:
    """Target tasks that both benchmarks score, and those of one alone."""
    (first, one), (second, two) = ((name, restricted(part, cells)) for name, part in benchmarks.items())
    return {
        "shared tasks": tuple(task for task in one if task in two),
        f"tasks only in {first}": tuple(task for task in one if task not in two),
        f"tasks only in {second}": tuple(task for task in two if task not in one),
    }


def squared_task_weight(benchmarks: Mapping[str, Benchmark], cells: pd.MultiIndex) -> dict[str, float]:
    """Each target task's share of G's squared task weight, (1/n2 - 1/n1)^2 for a shared one.

    The shares sum to one (or are all zero where the benchmarks hold the same tasks).
    """
    one, two = (restricted(part, cells) for part in benchmarks.values())
    tasks = dict.fromkeys([*one, *two])
    squares = {task: ((task in two) / len(two) - (task in one) / len(one)) ** 2 for task in tasks}
    total = sum(squares.values())
    return {task: square / total if total else 0.0 for task, square in squares.items()}


def leave_one_task_out(benchmarks: Mapping[str, Benchmark], cells: pd.MultiIndex) -> list[Estimand]:
    """Both benchmark averages and G without each target task; nothing where a benchmark has but that task."""
    found = []
    for task in cells.get_level_values("target_task").unique():
        less = {name: without_tasks(restricted(part, cells), [task]) for name, part in benchmarks.items()}
        if not all(less.values()):
            continue
        for name, part in less.items():
            if task in benchmarks[name]:
                wording, weights = f"{{name}} @ {name} without {task}", cell_weights(part, cells)
                found.append(Estimand(LEAVE_ONE_OUT, wording, weights, benchmark=name, target_task=task))
        gap = interaction(less, cells)
        wording = f"{gap.wording} without {task}"
        found.append(replace(gap, term=LEAVE_ONE_OUT, wording=wording, target_task=task, family=""))
    return found
