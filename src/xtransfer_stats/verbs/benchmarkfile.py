"""A file of a user's own benchmarks, benchmarks.toml: a table a benchmark, a line a target task with its languages.

[easy]
xnli = ["de", "fr"]
my-task = "all"  # every language that the table has of it

[easy.weights]  # of target tasks in the average; others count 1
xnli = 2

[easy.language-weights]  # of languages in each task's mean
de = 3

[groups.languages]  # and [groups.tasks]: rows of their own
romance = ["fr", "es"]
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.base.places import named
from xtransfer_stats.base.resources import nearest, read_toml
from xtransfer_stats.base.usertext import shown
from xtransfer_stats.exchange.scoreframe.names import target
from xtransfer_stats.stats.core.weights import Benchmark, WeightedBenchmark
from xtransfer_stats.tasks.codes import canonical

ENDING, ALL = ".toml", "all"
GROUPS, WEIGHTS, LANGUAGE_WEIGHTS = "groups", "weights", "language-weights"
SETTINGS = (WEIGHTS, LANGUAGE_WEIGHTS)
MOST = 1e6  # of a weight


def of_file(place: str, scored: Benchmark) -> dict[str, Benchmark]:
    """The benchmarks of a file. scored: target task -> languages of the table.

    Raises DataError naming file, benchmark and key for what is no benchmark, or is not in the table.
    """
    path, tables = _tables(place)
    found = {name: _benchmark(path, name, table, scored) for name, table in tables.items() if name != GROUPS}
    if not found:
        raise DataError(f"benchmarks {path.name}: it has no benchmark; write a table a benchmark", ["benchmarks"])
    return found


def groups_of_file(place: str, scored: Benchmark) -> dict[str, dict[str, str]]:
    """What the file groups: "group", target task -> group, and "languages", language -> group; empty for none.

    Raises DataError naming file, group and name for what is no group, or is not in the table.
    """
    path, tables = _tables(place)
    table, where = tables.get(GROUPS, {}), f"benchmarks {path.name}, [{GROUPS}]"
    spoken = tuple(dict.fromkeys(code for codes in scored.values() for code in codes))
    kinds = {"tasks": ("group", tuple(scored)), "languages": ("languages", spoken)}
    strange = [name for name in table if name not in kinds] if isinstance(table, Mapping) else [str(table)]
    if strange:
        raise DataError(f"{where}: write [groups.tasks] or [groups.languages], not {shown(strange[0])}")
    made = {kinds[name][0]: _members(f"{where[:-1]}.{name}]", its, kinds[name][1]) for name, its in table.items()}
    return {kind: members for kind, members in made.items() if members}


def _tables(place: str) -> tuple[Path, Mapping[str, Any]]:
    path = named(place, "benchmarks")
    if not path.is_file():
        raise DataError(f"benchmarks {shown(place)}: no file there", ["benchmarks"])
    tables = read_toml(path)
    if not tables:
        raise DataError(f"benchmarks {path.name}: it is empty; write a table a benchmark", ["benchmarks"])
    return path, tables


def _benchmark(path: Path, name: str, table: Any, scored: Benchmark) -> Benchmark:
    where = f"benchmarks {path.name}, [{name}]"
    rest = {key: value for key, value in table.items() if key not in SETTINGS} if isinstance(table, Mapping) else {}
    if not rest:
        raise DataError(f'{where}: no table of target tasks; write a line a task such as xnli = ["de", "fr"]')
    cells = dict(_cells(where, str(task), languages, scored) for task, languages in rest.items())
    spoken = tuple(dict.fromkeys(code for codes in cells.values() for code in codes))
    tasks = _weights(where, WEIGHTS, table.get(WEIGHTS, {}), tuple(cells))
    languages = _weights(where, LANGUAGE_WEIGHTS, table.get(LANGUAGE_WEIGHTS, {}), spoken)
    return WeightedBenchmark(cells, tasks, languages) if tasks or languages else cells


def _weights(where: str, key: str, table: Any, known: tuple[str, ...]) -> dict[str, float]:
    """Name -> weight; raises DataError for a name that the benchmark lacks and for what is no weight."""
    if not isinstance(table, Mapping):
        raise DataError(f"{where}: {key} = {shown(str(table))}; give a table of names and numbers above 0")
    found = {}
    for name, weight in table.items():
        if isinstance(weight, bool) or not isinstance(weight, int | float) or not 0 < weight <= MOST:
            raise DataError(f"{where}: {key}: {name} = {shown(str(weight))}; give a number above 0, at most {MOST:g}")
        found[_known(f"{where}: {key}", name, known)] = float(weight)
    return found


def _members(where: str, table: Any, known: tuple[str, ...]) -> dict[str, str]:
    """Name -> its group; raises DataError for a name that the table lacks, and for one in two groups."""
    if not isinstance(table, Mapping):
        raise DataError(f"{where}: give a line a group, a list of names")
    found: dict[str, str] = {}
    for group, names in table.items():
        if not isinstance(names, list) or not names or not all(isinstance(one, str) for one in names):
            raise DataError(f"{where}: {group} = {shown(str(names))}; give a list of names")
        for one in (_known(f"{where}, {group}", name, known) for name in names):
            if found.setdefault(one, group) != group:
                raise DataError(f"{where}: {one} stands in {found[one]} and in {group}; leave it in one")
    return found


def _known(where: str, name: str, known: tuple[str, ...]) -> str:
    """The target task or language of the table that is meant."""
    meant = next((one for one in (name, target(name), canonical(name)) if one in known), None)
    if meant is None:
        raise DataError(f"{where}: {name!r} is not in the table; {nearest(name, known)}it has {', '.join(known)}")
    return meant


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
