"""A language's effect within target tasks, and what its own choice of target tasks adds.

Languages stand in different target tasks. A plain mean over a language's own tasks compares tasks as much as languages:
five languages without Tatoeba stand apart from twenty that have it, though no language differs. Within target tasks a
language is compared with those that share the task: its cell less the task's mean, averaged over its tasks, on the
level of the benchmarks' own effect. What is left of the plain mean is composition: which tasks the language has.
"""

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from xtransfer_stats.stats.core.estimands import Estimand, at_place
from xtransfer_stats.stats.core.inference import Array
from xtransfer_stats.stats.core.termtable import COMPOSITION, LANGUAGE, LANGUAGE_MEAN, TERMS
from xtransfer_stats.stats.core.weights import Benchmark, cell_weights


def task_codes(cells: pd.MultiIndex) -> NDArray[np.int64]:
    """Place of every cell's target task among the tasks, (cells,), in the order of first sight."""
    return pd.factorize(cells.get_level_values("target_task"))[0]


def task_means(weights: Array, cells: pd.MultiIndex) -> Array:
    """Weights (cells, n) with the weight of every target task spread evenly over its cells."""
    codes = task_codes(cells)
    sums = np.zeros((codes.max() + 1, weights.shape[1]))
    np.add.at(sums, codes, weights)
    return (sums / np.bincount(codes)[:, None])[codes]


def comparable(cells: pd.MultiIndex) -> dict[str, list[str]]:
    """Language -> its target tasks that other languages share; languages that share none are left out."""
    tasks = cells.get_level_values("target_task")
    several = {task for task, size in tasks.value_counts().items() if size > 1}
    shared: dict[str, list[str]] = {}
    for task, language in cells:
        if task in several:
            shared.setdefault(language, []).append(task)
    return dict(sorted(shared.items()))


def deviations(cells: pd.MultiIndex) -> dict[str, Array]:
    """Language -> weights (cells,) of its mean deviation from the means of its target tasks; they sum to zero."""
    weights = {}
    for language, tasks in comparable(cells).items():
        own = np.array([float(name == language and task in tasks) for task, name in cells]) / len(tasks)
        weights[language] = own - task_means(own[:, None], cells)[:, 0]
    return weights


def reference(benchmarks: Mapping[str, Benchmark], cells: pd.MultiIndex) -> Array:
    """Weights (cells,) of the level that languages deviate from: the mean of the benchmarks' averages."""
    return np.mean([cell_weights(part, cells) for part in benchmarks.values()], axis=0)


def within_weights(benchmarks: Mapping[str, Benchmark], cells: pd.MultiIndex) -> dict[str, Array]:
    """Language -> weights (cells,) of its effect within target tasks."""
    level = reference(benchmarks, cells)
    return {language: level + own for language, own in deviations(cells).items()}


def within_mean(members: Iterable[str], within: Mapping[str, Array]) -> Array | None:
    """Weights of the plain mean of some languages' effects within target tasks; None where none of them has one."""
    known = [within[name] for name in members if name in within]
    return np.mean(known, axis=0) if known else None


def language_effects(benchmarks: Mapping[str, Benchmark], cells: pd.MultiIndex) -> list[Estimand]:
    """The effect in each language within target tasks; family "languages"."""
    shared = comparable(cells)
    return [
        _estimand(LANGUAGE, "language {}", name, weights, f"exploratory; within {', '.join(shared[name])}")
        for name, weights in within_weights(benchmarks, cells).items()
    ]


def language_means(cells: pd.MultiIndex) -> list[Estimand]:
    """The plain mean of every language over its own target tasks, whichever benchmark lists them; of no family."""
    tasks, names = (cells.get_level_values(level) for level in ("target_task", "language"))
    means = []
    for name in sorted(set(names)):
        member = np.asarray(names == name, dtype=float)
        note = f"mean over {', '.join(tasks[names == name])}; not tested, as it also says which tasks these are"
        means.append(_estimand(LANGUAGE_MEAN, "language {}, its own tasks", name, member / member.sum(), note))
    return means


def language_compositions(benchmarks: Mapping[str, Benchmark], cells: pd.MultiIndex) -> list[Estimand]:
    """Each language's plain mean less its effect within target tasks: what its choice of tasks adds; of no family."""
    within = within_weights(benchmarks, cells)
    note = "which target tasks the language has, not how it does in them; not tested"
    return [
        _estimand(COMPOSITION, "language {}, composition", one.language, one.weights - within[one.language], note)
        for one in language_means(cells)
        if one.language in within
    ]


def _estimand(term: str, place: str, language: str, weights: Array, note: str) -> Estimand:
    wording = at_place(place.format(language))
    return Estimand(term, wording, weights, language=language, family=TERMS[term].family, note=note)
