"""Benchmarks, derived from the target tasks' entries: benchmark -> target task -> languages."""

from collections.abc import Collection, Mapping
from typing import Literal

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.tasks.catalogue import TARGET_TASKS
from xtransfer_stats.tasks.task import TargetTask

# The pairs a study compares: (first, second), the interaction being the effect on the second minus that on the first.
PAIRS = (("xtreme-mini", "xtreme-r-mini"), ("xtreme", "xtreme-r"))

# Tatoeba's protocol: each benchmark's own, or one of the two for all benchmarks.
Tatoeba = Literal["per-benchmark", "raw", "squad"]
_TATOEBA: Mapping[Tatoeba, Mapping[str, str]] = {
    "per-benchmark": {},
    "raw": {"tatoeba_squad": "tatoeba"},
    "squad": {"tatoeba": "tatoeba_squad"},
}


def benchmark_names(tasks: Mapping[str, TargetTask] = TARGET_TASKS) -> tuple[str, ...]:
    """Names of all benchmarks that some target task belongs to."""
    return tuple(dict.fromkeys(name for task in tasks.values() for name in task.benchmarks))


def cells_of(
    benchmark: str,
    tasks: Mapping[str, TargetTask] = TARGET_TASKS,
    targets: Collection[str] = (),
    languages: Collection[str] = (),
    tatoeba: Tatoeba = "per-benchmark",
) -> dict[str, tuple[str, ...]]:
    """Languages of each target task of a benchmark, restricted to `targets` and `languages` where these are given.

    With one protocol of Tatoeba for all, its target task stands in the place of the other.
    """
    cells = {}
    for entry, task in tasks.items():
        name = _TATOEBA[tatoeba].get(entry, entry)
        spoken = tuple(lang for lang in task.benchmarks.get(benchmark, ()) if not languages or lang in languages)
        if spoken and (not targets or name in targets):
            cells[name] = spoken
    return cells


def undeclared(targets: Collection[str], tatoeba: Tatoeba) -> str | None:
    """The first of `targets` that the declared protocol of Tatoeba replaces by the other."""
    return next((name for name in targets if name in _TATOEBA[tatoeba]), None)


def benchmarks_of(cells: Collection[tuple[str, str]], tatoeba: Tatoeba = "per-benchmark") -> tuple[str, str]:
    """The pair (first, second) of the catalogue that best fits (target task, language) cells.

    Every cell must belong to one of the pair; of several such pairs the one with the fewest other cells is meant.
    Raises DataError when none fits.
    """
    fits = {}
    for pair in PAIRS:
        tables = [cells_of(name, tatoeba=tatoeba) for name in pair]
        union = {(task, lang) for table in tables for task, spoken in table.items() for lang in spoken}
        if union.issuperset(cells):
            fits[pair] = len(union)
    if not fits:
        raise DataError(
            "the target tasks and languages of the frame fit no pair of benchmarks: name them with benchmarks A,B "
            f"({', '.join(benchmark_names())}), or the study's key tatoeba in an analysis recipe where it has one",
            ["benchmarks A,B"],  # the word alone stands for the benchmarks themselves as well
        )
    return min(fits, key=fits.__getitem__)
