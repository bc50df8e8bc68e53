"""JSON documents as raw tables: records, columns, pandas' layouts, and values within values as one row of a run."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.exchange.imports.raw import Heading, LeftAside, RawTable, flattened, of_records
from xtransfer_stats.exchange.scoreframe.headings import NAMES, SEED
from xtransfer_stats.exchange.scoreframe.names import plain

_CHECKPOINT = re.compile(r"checkpoint-(\d+)")
_EVALUATED = re.compile(r"(eval|test|predict)_")


def document(source: str, value: Any) -> RawTable:
    """The raw table of a JSON value; raises DataError where it holds no rows."""
    if isinstance(value, Mapping) and "log_history" in value:
        return _trainer_state(source, value)
    records = _records(value)
    if records is not None:
        return of_records(source, "records in JSON", records)
    if not isinstance(value, Mapping) or not value:
        raise DataError(f"{source}: one value of type {type(value).__name__}, no rows and no scores by name")
    flat = _jiant(flattened(value))
    runs = _runs(flat)
    return of_records(source, f"figures of {'several runs' if runs else 'one run'} in JSON", runs or [flat])


def _runs(flat: Mapping[Heading, Any]) -> list[dict[Heading, Any]]:
    """A row a place in lists of numbers, as scores of several runs are kept; none where there are no such lists."""
    lists = {heading: cells for heading, cells in flat.items() if isinstance(cells, list) and len(cells) > 1}
    lists = {heading: cells for heading, cells in lists.items() if all(isinstance(one, int | float) for one in cells)}
    rest = {heading: cell for heading, cell in flat.items() if not isinstance(cell, list)}
    longest = max(map(len, lists.values()), default=0)
    return [
        rest | {heading: cells[place] for heading, cells in lists.items() if place < len(cells)}
        for place in range(longest)
    ]


def _records(value: Any) -> list[dict[Heading, Any]] | None:
    """The rows of a list of objects, of columns, of pandas' layouts; None where a value is one run's."""
    if isinstance(value, list):
        rows = [row for row in value if isinstance(row, Mapping)]
        return [flattened(row) for row in rows] if rows and len(rows) == len(value) else None
    if not isinstance(value, Mapping):
        return None
    if isinstance(value.get("schema"), Mapping) and isinstance(value.get("data"), list):
        return _records(value["data"])
    if isinstance(value.get("columns"), list) and isinstance(value.get("data"), list):
        index = value.get("index") if isinstance(value.get("index"), list) else None
        return [
            _of_row(value["columns"], row, index[number] if index else None) for number, row in enumerate(value["data"])
        ]
    columns = _columns(value)
    if columns is not None:
        return columns
    return _with_list(value)


def _of_row(names: Sequence[Any], row: Sequence[Any], index: Any) -> dict[Heading, Any]:
    """A row of pandas' layout "split"; an index that is no number is a column without a heading."""
    cells = {
        tuple(map(str, name)) if isinstance(name, list) else (str(name),): cell
        for name, cell in zip(names, row, strict=False)
    }
    return cells if index is None or isinstance(index, int) else {("",): index, **cells}


def _columns(value: Mapping[str, Any]) -> list[dict[Heading, Any]] | None:
    """Rows of columns: lists of one length, or objects with one set of row numbers, as pandas writes them."""
    parts = list(value.values())
    if len(parts) < 2:
        return None
    if all(isinstance(part, list) for part in parts) and len({len(part) for part in parts}) == 1:
        return [{(name,): cell for name, cell in zip(value, row, strict=True)} for row in zip(*parts, strict=True)]
    if all(isinstance(part, Mapping) for part in parts):
        keys = list(parts[0])
        if (
            keys
            and all(str(key).isdigit() for key in keys)
            and all(list(part) == keys for part in parts)
            and keys == [str(n) for n in range(len(keys))]
        ):
            return [{(name,): part[key] for name, part in value.items()} for key in keys]
        numbered = list(value) == [str(n) for n in range(len(parts))]
        if numbered and any(plain(str(key)) in names for key in keys for names in NAMES.values()):
            return [flattened(part) for part in parts]  # rows under their numbers
    return None


def _with_list(value: Mapping[str, Any]) -> list[dict[Heading, Any]] | None:
    """Rows of an object that holds one list of objects, each with what stands beside the list."""
    flat = flattened(value)
    lists = [
        heading
        for heading, part in flat.items()
        if isinstance(part, list) and part and all(isinstance(one, Mapping) for one in part)
    ]
    if len(lists) != 1:
        return None
    constants = {heading: part for heading, part in flat.items() if heading != lists[0] and not isinstance(part, list)}
    return [constants | {(*lists[0], *inner): cell for inner, cell in flattened(one).items()} for one in flat[lists[0]]]


def _jiant(flat: dict[Heading, Any]) -> dict[Heading, Any]:
    """Without jiant's "major" figures, where the "minor" ones name their metrics, and its "aggregated" mean."""
    if any("minor" in heading for heading in flat):
        flat = {
            heading: value for heading, value in flat.items() if "major" not in heading and heading != ("aggregated",)
        }
    return {
        tuple(part for part in heading if part not in ("minor", "metrics")) if "minor" in heading else heading: value
        for heading, value in flat.items()
    }


def _trainer_state(source: str, value: Mapping[str, Any]) -> RawTable:
    """The scores of one step of a trainer of transformers: of the best checkpoint by development data, else the last
    that was evaluated. A test score never chooses the step."""
    entries = [one for one in value["log_history"] if isinstance(one, Mapping)]
    steps: dict[int, dict[str, Any]] = {}
    for entry in entries:
        scores = {key: cell for key, cell in entry.items() if _EVALUATED.match(str(key))}
        if scores and isinstance(entry.get("step"), int):
            steps.setdefault(entry["step"], {}).update(scores)
    if not steps:
        raise DataError(f"{source}: the state of a trainer without any evaluation in its log_history")
    best = _CHECKPOINT.search(str(value.get("best_model_checkpoint") or ""))
    chosen = (
        int(best[1]) if best and int(best[1]) in steps and _by_development(value, steps[int(best[1])]) else max(steps)
    )
    rule = (
        "the best checkpoint by development data" if best and chosen == int(best[1]) else "the last that was evaluated"
    )
    left = [LeftAside(f"{len(steps) - 1} other steps", f"step {chosen} is {rule}", source)] if len(steps) > 1 else []
    settings: dict[Heading, Any] = {
        ("config", name): cell for name, cell in value.items() if plain(name) in NAMES[SEED]
    }
    record = settings | {(key,): cell for key, cell in steps[chosen].items()}
    return of_records(source, "the state of a trainer of transformers", [record], left)


def _by_development(value: Mapping[str, Any], scores: Mapping[str, Any]) -> bool:
    """Whether the best step was chosen by an evaluation, not by a test score."""
    best = value.get("best_metric")
    return best is None or best in [cell for key, cell in scores.items() if key.startswith("eval_")]
