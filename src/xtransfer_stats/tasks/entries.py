"""Entries of the catalogue from TOML: the shipped ones of data/tasks.toml and a user's own, read by one schema.

The tables [[intermediate]], [[training]] and [[target]] hold an entry each. Every reader here takes the tables of one
file, and the shipped entries where that file is a user's, whose names must stay apart from theirs. Each raises
RecipeError naming file, entry, key and remedy.
"""

from collections.abc import Callable, Collection, Mapping
from functools import cache, partial
from typing import Any, TypeVar

from xtransfer_stats.base import resources
from xtransfer_stats.base.tables import checked
from xtransfer_stats.base.usertext import shown
from xtransfer_stats.tasks.codes import CODES, canonical, english_name, iso3
from xtransfer_stats.tasks.entrymodels import MODELS
from xtransfer_stats.tasks.ownfile import Row, Tables, check, known, tables_of
from xtransfer_stats.tasks.task import (
    METRICS,
    NORMALISATIONS,
    SPLITS,
    DataSet,
    Family,
    HubPart,
    TargetTask,
    TrainingTask,
)

FILE = "tasks.toml"
GROUPS = ("classification", "structured prediction", "question answering", "retrieval")
_DATA = ("labels", "hub", "files", "file_splits", "aside", "licence", "restricted", "sizes", "note")
# What `codes` of a hub part may say instead of a table: the name that a standard gives to each of its languages.
_STANDARDS: Mapping[str, Callable[[str], str]] = {"iso3": iso3, "english": english_name}
Task = TypeVar("Task", TrainingTask, TargetTask)


@cache
def shipped_tables() -> Tables:
    """The tables that the package brings; a user's have a file of their own."""
    return tables_of(resources.packaged("data", FILE))


def intermediate(tables: Tables, shipped: Collection[str] = ()) -> dict[str, TrainingTask]:
    """Intermediate tasks by name."""
    return _entries("intermediate", tables, shipped, {}, _training)


def trainings(
    tables: Tables, intermediates: Mapping[str, TrainingTask], shipped: Mapping[str, TrainingTask] | None = None
) -> dict[str, TrainingTask]:
    """Target trainings by name; one of an intermediate task's name trains on its data."""
    shipped = shipped or {}
    _apart("intermediate", tables, shipped)
    held = {name: task.data for name, task in intermediates.items()}
    entries = _entries("training", tables, shipped, held, _training)
    for name, task in entries.items():
        if task.after:
            known(f"{tables[0]}: training {name!r}: after", task.after, {*shipped, *entries})
    return entries


def targets(
    tables: Tables,
    intermediates: Mapping[str, TrainingTask],
    trained: Mapping[str, TrainingTask],
    shipped: Mapping[str, TargetTask] | None = None,
) -> dict[str, TargetTask]:
    """Target tasks by name; `trained` are all trainings.

    A target may name a data set that another entry holds; it then says nothing of its own on where that is had.
    """
    shipped = shipped or {}
    tested = {task.dataset: task.data for task in shipped.values()}
    _apart("intermediate", tables, tested)
    _apart("training", tables, tested)
    held = {name: task.data for name, task in {**intermediates, **trained}.items()} | tested
    return _entries("target", tables, shipped, held, partial(_target, trained))


def _apart(kind: str, tables: Tables, shipped: Collection[str]) -> None:
    """An own entry must not stand for other data under the name of a shipped one of another kind."""
    file, rows = tables
    for row in rows.get(kind, ()):
        name = str(row.get("name"))
        check(name not in shipped, f"{file}: {kind} {name!r}: a shipped entry has this name: choose another")


def _entries(
    kind: str,
    tables: Tables,
    shipped: Collection[str],
    held: Mapping[str, DataSet],
    make: Callable[[str, Row, DataSet], Task],
) -> dict[str, Task]:
    """Entries of one table by name; `held` are the data sets that entries of other tables hold."""
    file, rows = tables
    entries: dict[str, Task] = {}
    earlier: dict[str, DataSet] = {}
    for number, row in enumerate(rows.get(kind, ()), start=1):
        where = f"{file}: {kind} {shown(row.get('name', f'number {number}'))}"
        row = checked(MODELS[kind], row, where).model_dump(exclude_unset=True)
        check(row["name"] not in shipped, f"{where}: a shipped entry has this name: choose another")
        check(row["name"] not in entries, f"{where}: the name stands twice: choose another")
        known(f"{where}: family", row["family"], [family.value for family in Family])
        data = _data(where, row, held, earlier)
        earlier[row.get("dataset", row["name"])] = data
        entries[row["name"]] = make(where, row, data)
    return entries


def _training(where: str, row: Row, data: DataSet) -> TrainingTask:
    title, corpora = row.get("title", row["name"]), row.get("corpora", (row["name"],))
    return TrainingTask(row["name"], Family(row["family"]), title, frozenset(corpora), row.get("after"), data)


def _target(trained: Mapping[str, TrainingTask], where: str, row: Row, data: DataSet) -> TargetTask:
    family = Family(row["family"])
    metrics = tuple(row.get("metrics", METRICS[family]))
    for metric in metrics:
        known(f"{where}: metrics", metric, METRICS[family])
    group, normalisation = row.get("group", ""), row.get("normalisation", NORMALISATIONS[0])
    known(f"{where}: group", group, GROUPS)
    known(f"{where}: normalisation", normalisation, NORMALISATIONS)
    training, title, dataset = row.get("training"), row.get("title", row["name"]), row.get("dataset", "")
    if training:
        known(f"{where}: training", training, trained)
    spoken = _benchmarks(row)
    return TargetTask(row["name"], family, title, metrics, group, training, spoken, dataset, data, normalisation)


def _benchmarks(row: Row) -> dict[str, tuple[str, ...]]:
    spoken = row["benchmarks"]
    return {name: tuple(sorted({canonical(code) or code for code in _codes(own)})) for name, own in spoken.items()}


def _codes(languages: str | Collection[str]) -> tuple[str, ...]:
    """Languages as a list, or as one string of codes with spaces between them."""
    return tuple(languages.split() if isinstance(languages, str) else languages)


def _data(where: str, row: Row, held: Mapping[str, DataSet], earlier: Mapping[str, DataSet]) -> DataSet:
    """The entry's data set: stated in it, or that of another entry, which may stand in the same table before it."""
    name = row.get("dataset", row["name"])
    facts = {key: row[key] for key in _DATA if key in row}
    check(
        not (facts and name in held),
        f"{where}: the data set {name!r} has an entry, so {list(facts)[:1]} cannot stand here: "
        "take the key out, or give another name in `dataset`",
    )
    if not facts and (name in held or name in earlier):
        return {**earlier, **held}[name]
    for key in ("file_splits", "sizes"):
        for split in facts.get(key, ()):
            known(f"{where}: {key}", split, (*SPLITS, "candidates"))
    hub = tuple(_hub(f"{where}: hub", part) for part in facts.pop("hub", ()))
    return DataSet(**facts, hub=hub)


def _hub(where: str, part: Row) -> HubPart:
    for split in part["splits"]:
        known(f"{where}: splits", split, SPLITS)
    facts: dict[str, Any] = {**part, "languages": _codes(part.get("languages", ()))}
    if isinstance(part.get("codes"), str):
        facts["codes"] = _by_standard(where, part["codes"], facts["languages"])
    return HubPart(**facts)


def _by_standard(where: str, standard: str, languages: Collection[str]) -> dict[str, str]:
    known(f"{where}: codes", standard, _STANDARDS)
    for language in languages:
        known(f"{where}: languages", language, CODES)
    return {language: _STANDARDS[standard](language) for language in languages}
