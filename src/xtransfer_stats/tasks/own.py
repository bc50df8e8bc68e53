"""A user's own entries of the catalogue: xstats-tasks.toml of the working directory, or the file of XSTATS_TASKS.

The tables [[intermediate]], [[training]] and [[target]] become entries beside the shipped ones. Workers inherit
directory and variable, so that they see the same catalogue.
"""

from collections.abc import Callable, Collection, Mapping
from typing import TypeVar

from xtransfer_stats.tasks.codes import canonical
from xtransfer_stats.tasks.data import SPLITS, UNREAD, DataSet, HubPart
from xtransfer_stats.tasks.ownfile import Row, check, known, tables
from xtransfer_stats.tasks.task import METRICS, Family, TargetTask, TrainingTask

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


def intermediate(shipped: Collection[str]) -> dict[str, TrainingTask]:
    """Own intermediate tasks by name. Raises RecipeError naming file, entry, key and remedy."""
    return _made("intermediate", shipped, lambda where, row: _training(where, row, {}))


def trainings(
    shipped: Mapping[str, TrainingTask], intermediates: Mapping[str, TrainingTask]
) -> dict[str, TrainingTask]:
    """Own target trainings by name; one of an intermediate task's name trains on its data. Raises RecipeError."""
    _apart("intermediate", shipped)
    held = {name: task.data for name, task in intermediates.items()}
    found = _made("training", shipped, lambda where, row: _training(where, row, held))
    for name, task in found.items():
        if task.after:
            known(f"{tables()[0]}: training {name!r}: after", task.after, {*shipped, *found})
    return found


def targets(
    shipped: Mapping[str, TargetTask], trained: Mapping[str, TrainingTask], intermediates: Mapping[str, TrainingTask]
) -> dict[str, TargetTask]:
    """Own target tasks by name; `trained` are all trainings. Raises RecipeError.

    A target may name a data set that another entry holds; it then says nothing of its own on where that is had.
    """
    tested = {task.dataset: task.data for task in shipped.values()}
    _apart("intermediate", tested)
    _apart("training", tested)
    held = {name: task.data for name, task in {**intermediates, **trained}.items()} | tested
    return _made("target", shipped, lambda where, row: _target(where, row, trained, held))


def _apart(kind: str, shipped: Collection[str]) -> None:
    """An own entry must not stand for other data under the name of a shipped one of another kind."""
    file, rows = tables()
    for row in rows.get(kind, ()):
        told = f"{file}: {kind} {row.get('name')!r}: a shipped entry has this name: choose another"
        check(row.get("name") not in shipped, told)


def _made(kind: str, shipped: Collection[str], make: Callable[[str, Row], Task]) -> dict[str, Task]:
    file, rows = tables()
    found: dict[str, Task] = {}
    for number, row in enumerate(rows.get(kind, ()), start=1):
        where = f"{file}: {kind} {row.get('name', f'number {number}')!r}"
        for key in row:
            known(f"{where}: key", key, _KEYS[kind])
        check(row.get("name") and row.get("family"), f"{where}: an entry needs `name` and `family`: add them")
        check(row["name"] not in shipped, f"{where}: a shipped entry has this name: choose another")
        check(row["name"] not in found, f"{where}: the name stands twice: choose another")
        known(f"{where}: family", row["family"], [family.value for family in Family])
        found[row["name"]] = make(where, row)
    return found


def _training(where: str, row: Row, held: Mapping[str, DataSet]) -> TrainingTask:
    return TrainingTask(
        row["name"],
        Family(row["family"]),
        row.get("title", row["name"]),
        frozenset(row.get("corpora", (row["name"],))),
        row.get("after"),
        _shared_data(where, row, held),
    )


def _target(where: str, row: Row, trained: Mapping[str, TrainingTask], held: Mapping[str, DataSet]) -> TargetTask:
    family = Family(row["family"])
    metrics = tuple(row.get("metrics", METRICS[family]))
    for metric in metrics:
        known(f"{where}: metrics", metric, METRICS[family])
    group = row.get("group", "")
    known(f"{where}: group", group, GROUPS)
    if row.get("training"):
        known(f"{where}: training", row["training"], trained)
    return TargetTask(
        row["name"],
        family,
        row.get("title", row["name"]),
        metrics,
        group,
        row.get("training"),
        _benchmarks(where, row),
        row.get("dataset", ""),
        _shared_data(where, row, held),
    )


def _shared_data(where: str, row: Row, held: Mapping[str, DataSet]) -> DataSet:
    name = row.get("dataset", row["name"])
    if name not in held:
        return _data(where, row)
    stated = [key for key in _DATA if key in row]
    check(
        not stated,
        f"{where}: the data set {name!r} has an entry, so {stated[:1]} cannot stand here: "
        "take the key out, or give another name in `dataset`",
    )
    return held[name]


def _benchmarks(where: str, row: Row) -> dict[str, tuple[str, ...]]:
    spoken = row.get("benchmarks", {})
    check(
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
            known(f"{where}: {key}", split, (*SPLITS, "candidates"))
    hub = tuple(_hub(f"{where}: hub", part) for part in given.pop("hub", ()))
    return DataSet(**{"licence": UNREAD, **given, "hub": hub})


def _hub(where: str, part: Row) -> HubPart:
    for key in part:
        known(f"{where}: key", key, _HUB)
    check("repository" in part and "splits" in part, f"{where}: a part needs `repository` and `splits`: add them")
    for split in part["splits"]:
        known(f"{where}: splits", split, SPLITS)
    return HubPart(**{**part, "languages": tuple(part.get("languages", ()))})
