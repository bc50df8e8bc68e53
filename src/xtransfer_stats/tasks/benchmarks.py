"""Benchmarks, derived from the target tasks' entries: benchmark -> target task -> languages."""

from collections.abc import Collection, Mapping

from xtransfer_stats.tasks.target import TARGET_TASKS
from xtransfer_stats.tasks.task import TargetTask


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
