"""A file of a user's own benchmarks, benchmarks.toml: a table a benchmark, a line a target task with its languages.

[easy]
xnli = ["de", "fr"]
my-task = "all"  # every language that the table has of it
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.base.places import named
from xtransfer_stats.base.resources import nearest, read_toml
from xtransfer_stats.base.usertext import shown
from xtransfer_stats.exchange.scoreframe.names import target
from xtransfer_stats.stats.core.weights import Benchmark
from xtransfer_stats.tasks.codes import canonical

ENDING, ALL = ".toml", "all"


def of_file(place: str, scored: Benchmark) -> dict[str, Benchmark]:
    """The benchmarks of a file. scored: target task -> languages of the table.

    Raises DataError naming file, benchmark and key for what is no benchmark, or is not in the table.
    """
    path = named(place, "benchmarks")
    if not path.is_file():
        raise DataError(f"benchmarks {shown(place)}: no file there", ["benchmarks"])
    tables = read_toml(path)
    if not tables:
        raise DataError(f"benchmarks {path.name}: it is empty; write a table a benchmark", ["benchmarks"])
    return {name: _benchmark(path, name, table, scored) for name, table in tables.items()}


def _benchmark(path: Path, name: str, table: Any, scored: Benchmark) -> Benchmark:
    where = f"benchmarks {path.name}, [{name}]"
    if not isinstance(table, Mapping) or not table:
        raise DataError(f'{where}: no table of target tasks; write a line a task such as xnli = ["de", "fr"]')
    return dict(_cells(where, str(task), languages, scored) for task, languages in table.items())


def _cells(where: str, task: str, languages: Any, scored: Benchmark) -> tuple[str, tuple[str, ...]]:
    known = task if task in scored else target(task) or task
    if known not in scored:
        there = ", ".join(scored)
        raise DataError(f"{where}: target task {task!r} is not in the table; {nearest(task, scored)}it has {there}")
    if languages == ALL:
        return known, scored[known]
    if not isinstance(languages, list) or not languages or not all(isinstance(one, str) for one in languages):
        raise DataError(f'{where}: {task} = {shown(str(languages))}; give a list of languages, or "{ALL}"')
    codes = tuple(dict.fromkeys(one if one in scored[known] else canonical(one) or one for one in languages))
    if strange := [code for code in codes if code not in scored[known]]:
        raise DataError(
            f"{where}: {task} has no language {strange[0]!r} in the table; it has {', '.join(scored[known])}"
        )
    return known, codes
