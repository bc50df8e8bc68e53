"""The benchmarks of a table of conditions: of the catalogue, of a column, or one of all its cells."""

from collections.abc import Mapping

import pandas as pd

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.base.resources import nearest
from xtransfer_stats.stats.core.frame import BENCHMARK
from xtransfer_stats.stats.core.weights import Benchmark, weights_in
from xtransfer_stats.tasks.benchmarks import Tatoeba, benchmark_names, cells_of
from xtransfer_stats.verbs.benchmarkfile import ENDING, groups_of_file, of_file


def benchmarks_in(
    frame: pd.DataFrame, names: tuple[str, ...] | None, tatoeba: Tatoeba
) -> tuple[Mapping[str, Benchmark], list[str]]:
    """Benchmarks of the catalogue or of a file that are asked for, the column's, or all cells as one."""
    if names is not None and len(names) == 1 and names[0].endswith(ENDING):
        found = of_file(names[0], _cells_by_task(frame))
        return found, [line for name, part in found.items() if (line := _weights_said(name, part))]
    if names is not None:
        known = benchmark_names()
        if strange := [name for name in names if name not in known]:
            hint = f"{nearest(strange[0], known)}there are {', '.join(known)}"
            raise DataError(f"benchmarks: no benchmark {strange[0]!r}: {hint}", ["benchmarks"])
        return {name: cells_of(name, tatoeba=tatoeba) for name in names}, []
    parts = dict(iter(frame.groupby(BENCHMARK, sort=False))) if BENCHMARK in frame else {_of_all(frame): frame}
    if BENCHMARK in frame and "" in parts:
        raise DataError(f"column {BENCHMARK}: empty in some rows; fill it in, or leave the column out")
    made = {str(name): _cells_by_task(part) for name, part in parts.items()}
    cells, *more = made.values()
    many = sum(map(len, cells.values()))
    said = [] if more or BENCHMARK in frame else [f"The benchmark is the mean of {_cells_said(cells, many)}."]
    return made, said


def groups_in(frame: pd.DataFrame, names: tuple[str, ...] | None) -> Mapping[str, Mapping[str, str]]:
    """The groups of target tasks and languages of a file of benchmarks; none where none is asked for."""
    if names is None or len(names) != 1 or not names[0].endswith(ENDING):
        return {}
    return groups_of_file(names[0], _cells_by_task(frame))


def _weights_said(name: str, benchmark: Benchmark) -> str:
    tasks, languages = weights_in(benchmark)
    parts = [
        f"{what} {', '.join(f'{one} {weight:g}' for one, weight in weights.items())}"
        for what, weights in (("target tasks", tasks), ("languages", languages))
        if weights
    ]
    return f"The average of {name} is weighted: {'; '.join(parts)}; others count 1." if parts else ""


def _cells_said(cells: Benchmark, many: int) -> str:
    if many == 1:
        return "the file's one number a run"
    over = f", over {len(cells)} target tasks then" if len(cells) > 1 else ""
    return f"all {many} cells of the file: over a task's languages{over}"


def _of_all(frame: pd.DataFrame) -> str:
    """What the benchmark of all cells is called: the one target task, or all-cells."""
    tasks = frame["target_task"].unique()
    return str(tasks[0]) if len(tasks) == 1 and tasks[0] else "all-cells"


def _cells_by_task(frame: pd.DataFrame) -> dict[str, tuple[str, ...]]:
    scored = frame[frame["score"].notna()][["target_task", "language"]].drop_duplicates()
    return {str(task): tuple(map(str, part["language"])) for task, part in scored.groupby("target_task", sort=False)}
