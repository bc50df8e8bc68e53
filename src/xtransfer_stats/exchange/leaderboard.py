"""Scores of a system on a whole benchmark, averaged as the released evaluation code does.

A task is the plain mean over its languages, English included, of its main metric; for question answering the mean of
the two means of exact_match and f1. Groups and the benchmark are plain means over tasks. XCOPA is in one group, and
LAReQA counts, unlike in the released XTREME-R table, whose empty list of languages makes an overall score impossible.
A mean exists only when all of its parts do.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from xtransfer_stats.base.errors import DataError, RecipeError
from xtransfer_stats.base.formats import counted
from xtransfer_stats.base.places import is_folder
from xtransfer_stats.exchange.against import Difference
from xtransfer_stats.exchange.filescores import file_of, file_pair, left_alone, score
from xtransfer_stats.tasks import ownfile
from xtransfer_stats.tasks.benchmarks import PAIRS, benchmark_names, cells_of
from xtransfer_stats.tasks.catalogue import TARGET_TASKS
from xtransfer_stats.tasks.task import TargetTask

# Those with a leaderboard, and a user's own; the mini benchmarks have no official score.
BENCHMARKS = tuple(name for name in benchmark_names() if name not in PAIRS[0])
# The catalogue's groups under the names of the released code.
_GROUPS = {
    "classification": "classification",
    "structured prediction": "tagging",
    "question answering": "qa",
    "retrieval": "retrieval",
}


# The rules by which plain tags are scored, as the output names them: the leaderboard's first figures are the older's.
NEWER, OLDER = "seqeval 1.x", "seqeval 0.0.12"


def _mean(values: Iterable[float | None]) -> float | None:
    """The plain mean; None when a value is lacking or there is none."""
    numbers = list(values)
    present = [number for number in numbers if number is not None]
    return math.fsum(present) / len(present) if numbers and len(present) == len(numbers) else None


@dataclass(frozen=True)
class TaskScores:
    """One task: its languages in the benchmark, and the metrics (0-100) of those that were scored.

    `older`: the same by seqeval 0.0.12's rule, for plain tags (UD-POS) alone.
    """

    task: TargetTask
    expected: tuple[str, ...]
    languages: Mapping[str, Mapping[str, float]]
    older: Mapping[str, Mapping[str, float]] = field(default_factory=dict)

    @property
    def by_older_rule(self) -> "TaskScores | None":
        """The scores by seqeval 0.0.12's rule, where they are another's."""
        return TaskScores(self.task, self.expected, self.older) if self.older else None

    @property
    def missing(self) -> list[str]:
        """Languages without predictions."""
        return [language for language in self.expected if language not in self.languages]

    @property
    def means(self) -> dict[str, float]:
        """The mean of each metric over all languages of the benchmark; empty when one is missing."""
        rows = [] if self.missing else list(self.languages.values())
        return {name: math.fsum(row[name] for row in rows) / len(rows) for row in rows[:1] for name in row}

    @property
    def average(self) -> float | None:
        """The task's score, 0-100; None when a language is missing."""
        return _mean(self.means.get(metric) for metric in self.task.metrics)


@dataclass(frozen=True)
class Leaderboard:
    """A system's scores on a benchmark; `notes` say what counts 0 for lack of a prediction.

    differences: to another system on the same test examples, where one was given.
    """

    benchmark: str
    tasks: Mapping[str, TaskScores]
    notes: list[str] = field(default_factory=list)
    differences: tuple[Difference, ...] = ()

    @property
    def missing(self) -> list[str]:
        """Tasks that lack a language."""
        return [name for name, task in self.tasks.items() if task.average is None]

    @property
    def average(self) -> float | None:
        """The benchmark's score, 0-100; None when a task is incomplete."""
        return _mean(task.average for task in self.tasks.values())

    @property
    def groups(self) -> dict[str, float | None]:
        """The score of each group of tasks, by its official name."""
        averages: dict[str, list[float | None]] = {}
        for scores in self.tasks.values():
            averages.setdefault(_GROUPS[scores.task.group], []).append(scores.average)
        return {name: _mean(values) for name, values in averages.items()}

    def plain(self) -> dict[str, Any]:
        """The scores as JSON has them; `missing` stands where an average is null."""
        tasks = {
            name: {**_plain(task), **({OLDER: _plain(older), "rule": NEWER} if (older := task.by_older_rule) else {})}
            for name, task in self.tasks.items()
        }
        against = {"against": [one.plain() for one in self.differences]} if self.differences else {}
        return {**_averaged(self), "groups": self.groups, "tasks": tasks, **against}


def _plain(task: TaskScores) -> dict[str, Any]:
    return {**_averaged(task), "languages": {lang: dict(values) for lang, values in task.languages.items()}}


def _averaged(scores: TaskScores | Leaderboard) -> dict[str, Any]:
    return {"average": scores.average, **({"missing": scores.missing} if scores.missing else {})}


def score_benchmark(predictions: Path, labels: Path, benchmark: str) -> Leaderboard:
    """Score every task and language of a benchmark that a folder of predictions has, in the leaderboard's layout.

    Raises RecipeError for another benchmark, DataError for a folder without any of its files, predictions without
    gold, unlabelled gold, or files that do not fit each other.
    """
    if benchmark not in BENCHMARKS:
        raise RecipeError(f"benchmark {benchmark!r}: choose one of {', '.join(BENCHMARKS)}", ["benchmark"])
    _check_folder(predictions, "predictions")
    _check_folder(labels, "labels")
    tasks: dict[str, TaskScores] = {}
    notes = [
        f"{benchmark} counts your own target task {name!r}: its averages are not the leaderboard's"
        for name in cells_of(benchmark)
        if name in ownfile.names("target") and benchmark in PAIRS[1]
    ]
    for name, spoken in cells_of(benchmark).items():
        task = TARGET_TASKS[name]
        pairs = [pair for language in spoken if (pair := file_pair(predictions, labels, task, language))]
        scores = [(pair, score(pair)) for pair in pairs]
        older = {pair.language: one.older for pair, one in scores if one.older}
        tasks[task.dataset] = TaskScores(task, spoken, {pair.language: one.metrics for pair, one in scores}, older)
        notes += [note for _, one in scores for note in one.notes]
        notes += [
            f"{pair.predictions}: {counted(one.unanswered, 'id')} without a prediction: 0 each"
            for pair, one in scores
            if one.unanswered
        ]
    if not any(task.languages for task in tasks.values()):
        raise DataError(
            f"predictions {str(predictions)!r}: no file of {benchmark} there: "
            f"name files such as {file_of(predictions, TARGET_TASKS['xnli'], 'en')}",
            ["predictions"],
        )
    return Leaderboard(benchmark, tasks, [*notes, *left_alone(predictions, benchmark)])


def _check_folder(folder: Path, argument: str) -> None:
    if not is_folder(folder):
        message = f"{argument} {str(folder)!r}: no folder there: give one with a subfolder for each task"
        raise DataError(message, [argument])
