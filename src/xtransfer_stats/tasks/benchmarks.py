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
    """The one pair (first, second) of the catalogue that (target task, language) cells fit.

    Every cell must belong to one of the pair. Raises DataError when no pair fits, or more than one does.
    """
    fits = [pair for pair in PAIRS if set(cells) <= _union(pair, tatoeba)]
    if len(fits) == 1:
        return fits[0]
    if fits:
        listed = " and ".join(",".join(pair) for pair in fits)
        raise DataError(
            f"the target tasks and languages of the frame fit {len(fits)} pairs of benchmarks, {listed}: "
            "name the one that is meant with benchmarks A,B",
            ["benchmarks A,B"],  # the word alone stands for the benchmarks themselves as well
        )
    raise DataError(
        f"the target tasks and languages of the frame fit no pair of benchmarks ({strangers_to(cells, tatoeba)}): name "
        f"them with benchmarks A,B ({', '.join(benchmark_names())}), or the study's key tatoeba in an analysis recipe "
        "where it has one",
        ["benchmarks A,B"],
    )


def _union(pair: tuple[str, str], tatoeba: Tatoeba) -> set[tuple[str, str]]:
    tables = [cells_of(name, tatoeba=tatoeba) for name in pair]
    return {(task, lang) for table in tables for task, spoken in table.items() for lang in spoken}


def strangers_to(cells: Collection[tuple[str, str]], tatoeba: Tatoeba = "per-benchmark") -> str:
    """The cells that each pair of benchmarks lacks, some of them by name: "xtreme,xtreme-r without xnli/et"."""
    parts = []
    for pair in PAIRS:
        lacking = sorted(set(cells) - _union(pair, tatoeba))
        shown = ", ".join("/".join(cell) for cell in lacking[:3]) + (", ..." if len(lacking) > 3 else "")
        parts.append(f"{','.join(pair)} without {shown}")
    return "; ".join(parts)
