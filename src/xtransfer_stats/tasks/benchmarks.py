"""Benchmarks, derived from the target tasks' entries: benchmark -> target task -> languages."""

from collections.abc import Collection, Mapping

from xtransfer_stats.errors import DataError
from xtransfer_stats.tasks.target import TARGET_TASKS
from xtransfer_stats.tasks.task import TargetTask

# The pairs a study compares: (first, second), the interaction being the effect on the second minus that on the first.
PAIRS = (("xtreme-mini", "xtreme-r-mini"), ("xtreme", "xtreme-r"))


def benchmark_names(tasks: Mapping[str, TargetTask] = TARGET_TASKS) -> tuple[str, ...]:
    """Names of all benchmarks that some target task belongs to."""
    return tuple(dict.fromkeys(name for task in tasks.values() for name in task.benchmarks))


def cells_of(
    benchmark: str,
    tasks: Mapping[str, TargetTask] = TARGET_TASKS,
    targets: Collection[str] = (),
    languages: Collection[str] = (),
) -> dict[str, tuple[str, ...]]:
    """Languages of each target task of a benchmark, restricted to `targets` and `languages` where these are given."""
    found = {}
    for name, task in tasks.items():
        spoken = tuple(lang for lang in task.benchmarks.get(benchmark, ()) if not languages or lang in languages)
        if spoken and (not targets or name in targets):
            found[name] = spoken
    return found


def benchmarks_of(cells: Collection[tuple[str, str]]) -> tuple[str, str]:
    """The pair (first, second) of the catalogue that best fits (target task, language) cells.

    Every cell must belong to one of the pair; of several such pairs the one with the fewest other cells is meant.
    Raises DataError when none fits.
    """
    fits = {}
    for pair in PAIRS:
        union = {(task, lang) for name in pair for task, spoken in cells_of(name).items() for lang in spoken}
        if union.issuperset(cells):
            fits[pair] = len(union)
    if not fits:
        raise DataError(
            "the target tasks and languages of the frame fit no pair of benchmarks: name them with --benchmarks A,B "
            f"({', '.join(benchmark_names())})"
        )
    return min(fits, key=fits.__getitem__)
