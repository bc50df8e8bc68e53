"""A user's own entries of the catalogue: xstats-tasks.toml of the working directory, or the file of XSTATS_TASKS.

The tables [[intermediate]], [[training]] and [[target]] become entries beside the shipped ones. Workers inherit
directory and variable, so that they see the same catalogue.
"""

import os
from collections.abc import Callable, Collection, Mapping
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from xtransfer_stats.errors import RecipeError
from xtransfer_stats.resources import nearest, read_toml
from xtransfer_stats.tasks.codes import canonical
from xtransfer_stats.tasks.data import SPLITS, UNREAD, DataSet, HubPart
from xtransfer_stats.tasks.task import METRICS, Family, TargetTask, TrainingTask

FILE = "xstats-tasks.toml"
VARIABLE = "XSTATS_TASKS"
GROUPS = ("classification", "structured prediction", "question answering", "retrieval")
_DATA = ("labels", "hub", "files", "file_splits", "licence", "restricted", "sizes", "note")
_HUB = ("repository", "splits", "config", "codes", "columns", "language_column", "language_prefix", "languages",
        "candidates")  # fmt: skip
_KEYS = {
    "intermediate": ("name", "family", "title", "corpora", *_DATA),
    "training": ("name", "family", "title", "corpora", "after", *_DATA),
    "target": ("name", "family", "title", "metrics", "group", "training", "benchmarks", "dataset", *_DATA),
}
Task = TypeVar("Task", TrainingTask, TargetTask)
Row = Mapping[str, Any]


def place() -> Path | None:
    """The file of own entries, None when there is none. Raises RecipeError when XSTATS_TASKS names no file."""
    named = os.environ.get(VARIABLE)
    if not named:
        return Path(FILE).resolve() if Path(FILE).is_file() else None
    if not Path(named).is_file():
        raise RecipeError(f"{VARIABLE}={named!r}: no file there: name a TOML file, or unset the variable")
    return Path(named).resolve()


@cache
def _tables() -> tuple[str, Mapping[str, list[Row]]]:
    """The file's name and its tables; read once, as the catalogue is made once."""
    path = place()
    if path is None:
        return FILE, {}
    tables = read_toml(path)
    for name, rows in tables.items():
        _check(name in _KEYS, f"{path.name}: unknown table {name!r}: {nearest(name, _KEYS)}Known: {', '.join(_KEYS)}")
        listed = hasattr(rows, "append") and all(hasattr(row, "items") for row in rows)
        _check(listed, f"{path.name}: {name!r} is no list of tables: write [[{name}]]")
    return path.name, tables


def names() -> frozenset[str]:
    """Names of all own entries."""
    return frozenset(str(row.get("name", "")) for rows in _tables()[1].values() for row in rows)


def intermediate(shipped: Collection[str]) -> dict[str, TrainingTask]:
    """Own intermediate tasks by name. Raises RecipeError naming file, entry, key and remedy."""
    return _made("intermediate", shipped, _training)


def trainings(shipped: Collection[str]) -> dict[str, TrainingTask]:
    """Own target trainings by name. Raises RecipeError as `intermediate` does."""
    found = _made("training", shipped, _training)
    for name, task in found.items():
        where = f"{_tables()[0]}: training {name!r}: after"
        _known(where, task.after, {*shipped, *found}) if task.after else None
    return found


def targets(shipped: Collection[str], trained: Mapping[str, TrainingTask]) -> dict[str, TargetTask]:
    """Own target tasks by name; `trained` are all trainings. Raises RecipeError as `intermediate` does."""
    return _made("target", shipped, lambda where, row: _target(where, row, trained))


def _made(kind: str, shipped: Collection[str], make: Callable[[str, Row], Task]) -> dict[str, Task]:
    file, tables = _tables()
    found: dict[str, Task] = {}
    for number, row in enumerate(tables.get(kind, ()), start=1):
        where = f"{file}: {kind} {row.get('name', f'number {number}')!r}"
        for key in row:
            _known(f"{where}: key", key, _KEYS[kind])
        _check(row.get("name") and row.get("family"), f"{where}: an entry needs `name` and `family`: add them")
        _check(row["name"] not in shipped, f"{where}: a shipped entry has this name: choose another")
        _check(row["name"] not in found, f"{where}: the name stands twice: choose another")
        _known(f"{where}: family", row["family"], [family.value for family in Family])
        found[row["name"]] = make(where, row)
    return found


def _training(where: str, row: Row) -> TrainingTask:
    return TrainingTask(
        row["name"],
        Family(row["family"]),
        row.get("title", row["name"]),
        frozenset(row.get("corpora", (row["name"],))),
        row.get("after"),
        _data(where, row),
    )


def _target(where: str, row: Row, trained: Mapping[str, TrainingTask]) -> TargetTask:
    family = Family(row["family"])
    metrics = tuple(row.get("metrics", METRICS[family]))
    for metric in metrics:
        _known(f"{where}: metrics", metric, METRICS[family])
    group = row.get("group", "")
    _known(f"{where}: group", group, GROUPS)
    if row.get("training"):
        _known(f"{where}: training", row["training"], trained)
    return TargetTask(
        row["name"],
        family,
        row.get("title", row["name"]),
        metrics,
        group,
        row.get("training"),
        _benchmarks(where, row),
        row.get("dataset", ""),
        _data(where, row),
    )


def _benchmarks(where: str, row: Row) -> dict[str, tuple[str, ...]]:
    spoken = row.get("benchmarks", {})
    _check(
        hasattr(spoken, "items") and spoken,
        f'{where}: benchmarks: name at least one and its languages, as in {{"xtreme-r" = ["de", "sw"]}}',
    )
    return {name: tuple(sorted({canonical(code) or code for code in codes})) for name, codes in spoken.items()}


def _data(where: str, row: Row) -> DataSet:
    given = {key: row[key] for key in _DATA if key in row}
    for key in ("labels", "files"):
        if key in given:
            given[key] = tuple(given[key])
    for key in ("file_splits", "sizes"):
        for split in given.get(key, ()):
            _known(f"{where}: {key}", split, (*SPLITS, "candidates"))
    hub = tuple(_hub(f"{where}: hub", part) for part in given.pop("hub", ()))
    return DataSet(**{"licence": UNREAD, **given, "hub": hub})


def _hub(where: str, part: Row) -> HubPart:
    for key in part:
        _known(f"{where}: key", key, _HUB)
    _check("repository" in part and "splits" in part, f"{where}: a part needs `repository` and `splits`: add them")
    for split in part["splits"]:
        _known(f"{where}: splits", split, SPLITS)
    return HubPart(**{**part, "languages": tuple(part.get("languages", ()))})


def _known(where: str, name: str, known: Collection[str]) -> None:
    hint = nearest(str(name), known)
    _check(name in known, f"{where} {name!r} is unknown: {hint}Known: {', '.join(sorted(known))}")


def _check(right: object, message: str) -> None:
    if not right:
        raise RecipeError(message)
