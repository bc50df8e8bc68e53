"""What is estimated: contrasts of task counts, of named weighted sums of cells that a run gives one number for each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations, pairwise

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from xtransfer_stats.stats.core.conditions import COUNTS, Conditions
from xtransfer_stats.stats.core.termtable import DECOMPOSITION, EFFECT, INTERACTION, LEAVE_ONE_OUT, TASK, TERMS
from xtransfer_stats.stats.core.weights import (
    Benchmark,
    cell_weights,
    restricted,
    task_shares,
    task_weights,
    without_tasks,
)

Coefficients = Mapping[int, float]  # of the mean at each task count, 0 the baseline


@dataclass(frozen=True)
class CountContrast:
    """Score at condition `high` minus score at `low` (0 is the baseline), by their codes.

    between: the levels' names, low first; those of counts where none are given.
    """

    low: int
    high: int
    between: tuple[str, str] = ("", "")

    @property
    def treated(self) -> str:
        """The name of the condition `high`."""
        return self.between[1] or str(self.high)

    @property
    def name(self) -> str:
        """effect(3) against the baseline, step(3->5) between two counts."""
        return f"step({self.between[0] or self.low}->{self.treated})" if self.low else f"effect({self.treated})"


def effects(counts: Sequence[int], conditions: Conditions = COUNTS) -> tuple[CountContrast, ...]:
    """Every count against the baseline."""
    return tuple(_named(0, count, conditions) for count in counts)


def steps(counts: Sequence[int], conditions: Conditions = COUNTS) -> tuple[CountContrast, ...]:
    """Every count against the one before it, where they have an order; the first count's step is its effect."""
    return tuple(_named(low, high, conditions) for low, high in pairwise(counts)) if conditions.ordered else ()


def all_contrasts(counts: Sequence[int], conditions: Conditions = COUNTS) -> tuple[CountContrast, ...]:
    """Effects, then steps."""
    return (*effects(counts, conditions), *steps(counts, conditions))


def _named(low: int, high: int, conditions: Conditions) -> CountContrast:
    between = ("", "") if conditions.counted else (conditions.label(low), conditions.label(high))
    return CountContrast(low, high, between)


def at(contrast: str, place: str) -> str:
    """A contrast's name with the place it is taken at: "effect(3) @ task xnli"."""
    return f"{contrast} @ {place}"


def coefficients(contrast: CountContrast) -> dict[int, float]:
    """A contrast of two counts as a combination."""
    return {contrast.high: 1.0, contrast.low: -1.0}


@dataclass(frozen=True)
class Wording:
    """The name of an estimand's contrast: the count contrast, or the interaction at its count, between two texts.

    These may be names of a user's, so that they are joined and never a template.
    """

    after: str = ""
    before: str = ""
    of_gap: bool = False

    def of(self, contrast: CountContrast) -> str:
        """The whole name, "effect(3) @ xtreme", "interaction(3) without xnli"."""
        middle = f"{INTERACTION}({contrast.treated})" if self.of_gap else contrast.name
        return f"{self.before}{middle}{self.after}"

    def and_then(self, more: str) -> "Wording":
        """The same with more text behind it."""
        return replace(self, after=f"{self.after}{more}")


def at_place(place: str) -> Wording:
    """Effects and steps at a place: "effect(3) @ task xnli"."""
    return Wording(at("", place))


@dataclass(frozen=True, eq=False)
class Estimand:
    """One number a run and where its contrasts stand in the result frame.

    wording: the contrast's name.
    weights: (cells,). level: what else the row is of (stats.core.results). steps: report steps between counts too.
    averages: benchmark -> weights of its average, where the number is the second's less the first's.
    """

    term: str
    wording: Wording
    weights: NDArray[np.float64]
    benchmark: str = ""
    target_task: str = ""
    language: str = ""
    family: str = ""
    note: str = ""
    level: str = ""
    steps: bool = False
    averages: Mapping[str, NDArray[np.float64]] = field(default_factory=dict)


def benchmark_averages(benchmarks: Mapping[str, Benchmark], cells: pd.MultiIndex) -> list[Estimand]:
    """The official average of each benchmark."""
    return [
        Estimand(EFFECT, at_place(name), cell_weights(part, cells), benchmark=name, steps=True)
        for name, part in benchmarks.items()
    ]


def primary_weights(benchmarks: Mapping[str, Benchmark], cells: pd.MultiIndex) -> NDArray[np.float64]:
    """Weights (cells,) of the number that a study's question is about: the gap of two benchmarks, else the average.

    The average of one benchmark is its own; of three and more it is the mean of theirs.
    """
    if len(benchmarks) == 2:
        return gap_weights(benchmarks, cells)
    averages = [cell_weights(part, cells) for part in benchmarks.values()]
    return averages[0] if len(averages) == 1 else np.mean(averages, axis=0)


def gap_weights(benchmarks: Mapping[str, Benchmark], cells: pd.MultiIndex) -> NDArray[np.float64]:
    """Weights of second minus first benchmark, shape (cells,); a shared score has a weight in each."""
    first, second = (cell_weights(part, cells) for part in benchmarks.values())
    return second - first


def interaction(benchmarks: Mapping[str, Benchmark], cells: pd.MultiIndex) -> Estimand:
    """G(k): the effect on the second benchmark minus the effect on the first, the headline."""
    averages = {name: cell_weights(part, cells) for name, part in benchmarks.items()}
    first, second = averages.values()
    return Estimand(
        INTERACTION, Wording(of_gap=True), second - first, family=TERMS[INTERACTION].family, averages=averages
    )


def headline(benchmarks: Mapping[str, Benchmark], cells: pd.MultiIndex) -> list[Estimand]:
    """The benchmarks' averages, then the gap of every two; the last is the primary one. One benchmark has no gap.

    Effects are primary where they are all there is.
    """
    averages = benchmark_averages(benchmarks, cells)
    if len(averages) == 1:
        return [replace(averages[0], family=TERMS[INTERACTION].family)]
    if len(averages) == 2:
        return [*averages, interaction(benchmarks, cells)]
    pairs = combinations(benchmarks, 2)
    return [*averages, *(_of_pair({name: benchmarks[name] for name in pair}, cells) for pair in pairs)]


def primaries(benchmarks: Mapping[str, Benchmark], cells: pd.MultiIndex) -> list[Estimand]:
    """What a study's question is about: the average of its one benchmark, else the gap of every two."""
    whole = headline(benchmarks, cells)
    return whole[len(benchmarks) :] or whole


def _of_pair(pair: Mapping[str, Benchmark], cells: pd.MultiIndex) -> Estimand:
    """The gap of two benchmarks of several, which its name tells."""
    first, second = pair
    gap = interaction(pair, cells)
    return replace(gap, wording=gap.wording.and_then(f", {second} less {first}"))


def target_tasks(cells: pd.MultiIndex) -> list[Estimand]:
    """The plain mean of every target task over its languages in either benchmark."""
    means = []
    for task in cells.get_level_values("target_task").unique():
        languages = cells[cells.get_level_values("target_task") == task].get_level_values("language")
        note = f"exploratory; mean of {len(languages)} languages: {', '.join(languages)}"
        weights = task_weights(task, cells)
        wording, family = at_place(f"task {task}"), TERMS[TASK].family
        means.append(Estimand(TASK, wording, weights, target_task=task, family=family, note=note))
    return means


def without_task(benchmarks: Mapping[str, Benchmark], cells: pd.MultiIndex) -> dict[str, list[Estimand | None]]:
    """Target task -> the primaries without it; None for one that loses a whole benchmark, or is of one without it.

    Tasks that leave no primary are not among them.
    """
    found: dict[str, list[Estimand | None]] = {}
    for task in cells.get_level_values("target_task").unique():
        left = [_without(one, task, benchmarks, cells) for one in primaries(benchmarks, cells)]
        if any(left):
            found[task] = left
    return found


def _without(one: Estimand, task: str, benchmarks: Mapping[str, Benchmark], cells: pd.MultiIndex) -> Estimand | None:
    names = list(one.averages) or [one.benchmark]
    whole = {name: restricted(benchmarks[name], cells) for name in names}
    less = {name: without_tasks(part, [task]) for name, part in whole.items()}
    if not all(less.values()) or not any(task in part for part in whole.values()):
        return None
    return headline(less, cells)[-1]


def interaction_parts(benchmarks: Mapping[str, Benchmark], cells: pd.MultiIndex) -> list[Estimand]:
    """G(k) as shared + first-only + second-only tasks; the parts' weights sum to G's. None but of two benchmarks."""
    if len(benchmarks) != 2:
        return []
    gap = gap_weights(benchmarks, cells)
    share = squared_task_weight(benchmarks, cells)
    parts = []
    for where, tasks in task_groups(benchmarks, cells).items():
        inside = np.asarray(cells.get_level_values("target_task").isin(tasks))
        weight = sum(share[task] for task in tasks)
        note = f"{', '.join(tasks) or 'no task'}; {100 * weight:.0f} % of the squared task weight"
        parts.append(
            Estimand(DECOMPOSITION, Wording(f" from {where}", of_gap=True), gap * inside, note=note, level=where)
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
    """Each target task's share of G's squared task weight, (1/n2 - 1/n1)^2 for a shared one of plain means.

    The shares sum to one (or are all zero where the benchmarks hold the same tasks).
    """
    one, two = (task_shares(restricted(part, cells)) for part in benchmarks.values())
    tasks = dict.fromkeys([*one, *two])
    squares = {task: (two.get(task, 0.0) - one.get(task, 0.0)) ** 2 for task in tasks}
    total = sum(squares.values())
    return {task: square / total if total else 0.0 for task, square in squares.items()}


def leave_one_task_out(benchmarks: Mapping[str, Benchmark], cells: pd.MultiIndex) -> list[Estimand]:
    """Both benchmark averages and G without each target task; nothing where a benchmark has but that task."""
    estimands = []
    for task in cells.get_level_values("target_task").unique():
        less = {name: without_tasks(restricted(part, cells), [task]) for name, part in benchmarks.items()}
        if not all(less.values()):
            continue
        for name, part in less.items():
            if task in benchmarks[name]:
                wording, weights = at_place(f"{name} without {task}"), cell_weights(part, cells)
                estimands.append(Estimand(LEAVE_ONE_OUT, wording, weights, benchmark=name, target_task=task))
        if len(less) != 2:
            continue
        gap = interaction(less, cells)
        wording = gap.wording.and_then(f" without {task}")
        estimands.append(replace(gap, term=LEAVE_ONE_OUT, wording=wording, target_task=task, family=""))
    return estimands
