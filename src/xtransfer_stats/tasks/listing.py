"""The catalogue as plain rows: what `xstats tasks` and `xstats languages` print."""

import csv
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from xtransfer_stats.base import resources
from xtransfer_stats.base.errors import RecipeError
from xtransfer_stats.tasks import ownfile
from xtransfer_stats.tasks.benchmarks import benchmark_names
from xtransfer_stats.tasks.catalogue import INTERMEDIATE_TASKS, TARGET_TASKS, TARGET_TRAININGS
from xtransfer_stats.tasks.task import METRICS, Family, TargetTask, TrainingTask

# How scores become averages, as the leaderboards make them.
AVERAGING = {
    "task": "A task's score is the plain mean over its languages, English included; question answering averages "
    "the means of exact_match and f1.",
    "benchmark": "Groups and benchmarks are plain means over their tasks; a mean exists only when all its parts do.",
}

Row = dict[str, Any]
FACTS = ("name", "family", "script", "wikipedia_millions", "syntactic_distance")


def listing() -> dict[str, list[Row]]:
    """All entries by kind: intermediate, trainings, targets."""
    return {
        "intermediate": [_training(task, "intermediate") for task in INTERMEDIATE_TASKS.values()],
        "trainings": [_training(task, "training") for task in TARGET_TRAININGS.values()],
        "targets": [_target(task) for task in TARGET_TASKS.values()],
    }


def entries(name: str) -> dict[str, Row]:
    """Kind -> the entry of this name. Raises RecipeError when no kind has it."""
    rows = {kind: row for kind, table in listing().items() for row in table if row["name"] == name}
    if not rows:
        known = sorted({row["name"] for table in listing().values() for row in table})
        raise RecipeError(f"no entry {name!r}: {resources.nearest(name, known)}Known: {', '.join(known)}")
    return rows


def _training(task: TrainingTask, table: str) -> Row:
    facts = {"metrics": list(METRICS[task.family]), "corpora": sorted(task.corpora), "after": task.after}
    return _row(task, table, facts)


def _target(task: TargetTask) -> Row:
    facts = {
        "metrics": list(task.metrics),
        "group": task.group,
        "training": task.training,
        "dataset": task.dataset,
        "normalisation": task.normalisation if task.family is Family.SPAN_QA else "",
        "benchmarks": {name: list(codes) for name, codes in task.benchmarks.items()},
    }
    return _row(task, "target", facts)


def _row(task: TrainingTask | TargetTask, table: str, facts: Row) -> Row:
    yours = task.name in ownfile.names(table)
    # Every shipped task has a twin, which the test of the embedded source holds.
    sources = [] if yours else ["embedded"]
    return {
        "name": task.name,
        "title": task.title,
        "family": task.family.value,
        "yours": yours,
        "sources": [*sources, *(["hub"] if task.data.hub else []), "files"],
        **facts,
        "data": asdict(task.data) | {"files": list(task.data.files)},
    }


def languages() -> list[Row]:
    """One row a language of some target task: code, FACTS, benchmarks, tasks.

    All but `benchmarks` and `tasks` come from data/languages.csv, which names their sources; "" for what it has not.
    """
    with open(resources.find("data", "languages", ".csv"), encoding="utf-8", newline="") as table:
        facts: dict[str, dict[str, str]] = {row["code"]: row for row in csv.DictReader(table)}
    spoken = sorted({code for task in TARGET_TASKS.values() for code in task.languages})
    return [
        {
            "code": code,
            **{key: facts.get(code, {}).get(key, "") for key in FACTS},
            "benchmarks": [name for name in benchmark_names() if any(_counts(code, name))],
            "tasks": list(dict.fromkeys(_counts(code))),
        }
        for code in spoken
    ]


def _counts(code: str, benchmark: str | None = None) -> Iterator[str]:
    for task in TARGET_TASKS.values():
        chosen = task.benchmarks if benchmark is None else {benchmark: task.benchmarks.get(benchmark, ())}
        if any(code in codes for codes in chosen.values()):
            yield task.name
