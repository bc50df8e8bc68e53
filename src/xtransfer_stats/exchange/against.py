"""One system's predictions against another's on the same test examples: what these examples alone can tell.

A score's error over examples is that of a ratio of sums over them (metrics.examplesums), paired by example: the two
parts of an example are subtracted before they are squared. One example counts once for all its languages, where files
name it alike (a question's id, a line of files that are translations of each other), and so the error of a mean over
languages holds for parallel test sets. Nothing here tells of another training of either system.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.exchange.filescores import FilePair, file_pair, read
from xtransfer_stats.metrics.answers import normaliser
from xtransfer_stats.metrics.examplesums import ExampleSums, example_sums
from xtransfer_stats.stats.core.inference import Correction, adjusted, single
from xtransfer_stats.stats.routes.twolevel import SAME_QUESTIONS
from xtransfer_stats.tasks.benchmarks import cells_of
from xtransfer_stats.tasks.catalogue import TARGET_TASKS
from xtransfer_stats.tasks.task import TargetTask

ALPHA = 0.05
Unit = tuple[str, Hashable]


@dataclass(frozen=True)
class Difference:
    """A system's score less the other's, points. task, language: "" for a mean over all of them.

    p_value: two-sided t of zero over n_examples examples. p_adjusted: Holm over the rows of the same kind.
    """

    task: str
    language: str
    estimate: float
    std_error: float
    conf_low: float
    conf_high: float
    p_value: float
    p_adjusted: float
    n_examples: int

    def plain(self) -> dict[str, Any]:
        """As JSON has it."""
        return {name: None if value != value else value for name, value in asdict(self).items()}


@dataclass(frozen=True)
class _Apart:
    """A difference, and each example's part in it."""

    estimate: float
    parts: Mapping[Unit, float]

    @cached_property
    def row(self) -> Difference:
        n, squares = len(self.parts), float(np.square(list(self.parts.values())).sum())
        error = (squares * n / (n - 1)) ** 0.5 if n > 1 else np.nan
        one = single(self.estimate, error, n - 1)
        (low,), (high,) = one.interval(ALPHA)
        p = float(one.p_value()[0])
        return Difference("", "", self.estimate, float(error), float(low), float(high), p, np.nan, n)


def differences(predictions: Path, against: Path, labels: Path, benchmark: str) -> tuple[Difference, ...]:
    """The benchmark's row, then a row a task and one each of its languages, of what both systems predict.

    A mean is there only where all its parts are. Raises DataError where the two have no file in common, and as
    `score_benchmark` does.
    """
    tasks, languages = {}, []
    for name, spoken in cells_of(benchmark).items():
        task = TARGET_TASKS[name]
        cells = {code: one for code in spoken if (one := _cell(predictions, against, labels, task, code)) is not None}
        languages += [replace(one.row, task=task.dataset, language=code) for code, one in cells.items()]
        if len(cells) == len(spoken):
            tasks[task.dataset] = _mean(cells.values())
    if not languages:
        raise DataError(
            f"against {str(against)!r}: no file of {benchmark} there that {predictions} has too: "
            "give the folder of another system's predictions, laid out alike",
            ["against"],
        )
    rows = [replace(one.row, task=name) for name, one in tasks.items()]
    whole = [_mean(tasks.values()).row] if len(tasks) == len(cells_of(benchmark)) else []
    return (*_corrected(whole), *_corrected(rows), *_corrected(languages))


def _mean(several: Iterable[_Apart]) -> _Apart:
    every = list(several)
    parts: dict[Unit, float] = defaultdict(float)
    for one in every:
        for unit, part in one.parts.items():
            parts[unit] += part / len(every)
    return _Apart(sum(one.estimate for one in every) / len(every), parts)


def _corrected(rows: list[Difference]) -> list[Difference]:
    p_values = adjusted([row.p_value for row in rows], Correction.HOLM)
    return [replace(row, p_adjusted=float(p)) for row, p in zip(rows, p_values, strict=True)]


def _cell(predictions: Path, against: Path, labels: Path, task: TargetTask, language: str) -> _Apart | None:
    pairs = [file_pair(folder, labels, task, language) for folder in (predictions, against)]
    mine, theirs = (None if pair is None else _sums(pair) for pair in pairs)
    if mine is None or theirs is None:
        return None
    family = SAME_QUESTIONS.get(task.name, task.name)
    parts: dict[Unit, float] = defaultdict(float)
    for sign, sums in ((1, mine), (-1, theirs)):
        for one in sums.values():
            for unit, part in zip(one.units, one.parts, strict=True):
                parts[family, unit] += sign * float(part) / len(sums)
    scores = [sum(one.score for one in sums.values()) / len(sums) for sums in (mine, theirs)]
    return _Apart(scores[0] - scores[1], parts)


def _sums(pair: FilePair) -> dict[str, ExampleSums]:
    """The sums of the task's metrics."""
    task, both = pair.task, read(pair)
    units = both.ids or range(len(both.gold))
    normalised = normaliser(task.normalisation, pair.language)
    found = example_sums(task.family, both.predictions, both.gold, units, normalised)
    return {name: found[name] for name in task.metrics}
