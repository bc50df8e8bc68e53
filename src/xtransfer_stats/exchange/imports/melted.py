"""Every score on a row of its own: wide tables turned, summary rows and unfinished runs left aside, cells read."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.base.usertext import few, shown
from xtransfer_stats.exchange.imports.cells import MeanWithSpread, NoNumber, Pair, decimal_commas, percent, value
from xtransfer_stats.exchange.imports.mapping import Wishes
from xtransfer_stats.exchange.imports.meaning import Meaning, of_name
from xtransfer_stats.exchange.imports.raw import Heading, LeftAside, RawTable, spelled
from xtransfer_stats.exchange.imports.roles import Roles
from xtransfer_stats.exchange.imports.vocabulary import NO_SCORES, SPLITS, SUMMARIES, TRAIN
from xtransfer_stats.exchange.scoreframe.headings import CONDITION, LANGUAGE, METRIC, METRICS, SEED, TASK
from xtransfer_stats.exchange.scoreframe.names import plain
from xtransfer_stats.exchange.scoreframe.values import is_gap

IN_HEADING, NAMED, SOURCE, PERCENT = "in heading: ", "other words of headings", "source", "percent"
SAID = (LANGUAGE, TASK, METRIC, SEED)
SURE_SUMMARIES = frozenset(
    "avg average mean std sd stdev stddev standarddeviation sem variance median macroavg macroaverage meanstd".split()
)
_BEGINS = re.compile(
    r"(avg|average|mean|median|std|stdev|overall|total)\b\.?\s*([(±+/&,].*|over .*|of .*|across .*|std.*|all)?", re.I
)
_UNFINISHED = frozenset(
    {"failed", "crashed", "killed", "running", "scheduled", "preempted", "error", "started", "cancelled"}
)
_SPLIT_COLUMNS = frozenset({"split", "partition", "evalsplit", "datasplit", "set", "subset", "evalset", "phase"})
_STATES = frozenset({"state", "status", "runstate", "runstatus"})


@dataclass
class Melted:
    """rows: a score a row, with columns `score`, `std_error`, `percent`, `source`, what its heading says ("in heading:
    ..."), and the columns of the table that are no scores, by their spelling. left, notes: for the account."""

    rows: pd.DataFrame
    left: list[LeftAside] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def melted(tables: Sequence[RawTable], roles: Roles, wishes: Wishes) -> Melted:
    """The scores of all tables. Raises DataError for means with spreads, for pairs whose order nothing tells and for a
    text among numbers, naming file, row and column."""
    found = Melted(pd.DataFrame())
    pairs = _Pairs(wishes)
    commas = _commas(tables, roles)
    records: list[dict[str, Any]] = []
    split = _best_split(tables, roles)
    for table in tables:
        columns = {heading: place for place, heading in enumerate(table.headings)}
        index = [heading for heading in roles.index if heading in columns]
        for number, row in enumerate(table.rows, 1):
            said = {spelled(heading): _text(row[columns[heading]]) for heading in index}
            why = _aside(said, roles) or _other_split(said, split)
            if why:
                found.left.append(LeftAside(f"row {number} ({why[0]})", why[1], table.source))
                continue
            base = {**table.place, **said, SOURCE: table.source}
            for heading, meaning in roles.scores.items():
                if heading in columns:
                    cell = row[columns[heading]]
                    for one in _values(cell, heading, meaning, commas[heading], table, number, pairs):
                        records.append(base | _of(meaning, heading) | _of_metric(said, roles) | one)
            _with_errors(records, roles, columns, row, base)
    pairs.settle(records)
    found.rows = pd.DataFrame.from_records(records)
    found.notes += pairs.notes + [
        f"Decimal commas were read in {few([spelled(h) for h, (comma, _) in commas.items() if comma], 4)}."
    ] * any(comma for comma, _ in commas.values())
    return found


def _best_split(tables: Sequence[RawTable], roles: Roles) -> tuple[str, str]:
    """A column that says the split of its row, and the best split there is in it; empty texts where there is none."""
    for heading in roles.index:
        if plain(heading[-1]) not in _SPLIT_COLUMNS:
            continue
        there = {
            plain(_text(row[table.headings.index(heading)]))
            for table in tables
            if heading in table.headings
            for row in table.rows
        }
        if there and there <= {*SPLITS, *TRAIN} and len(there) > 1:
            return spelled(heading), min(there, key=lambda one: SPLITS.index(one) if one in SPLITS else len(SPLITS))
    return "", ""


def _other_split(said: Mapping[str, str], split: tuple[str, str]) -> tuple[str, str] | None:
    column, best = split
    if not column or plain(said.get(column, best)) == best:
        return None
    return f"{column} {said[column]}", f"the scores on {best} are taken; map draw={column} keeps all"


def _commas(tables: Sequence[RawTable], roles: Roles) -> dict[Heading, tuple[bool, bool]]:
    """Heading of scores -> whether it has decimal commas, and whether its numbers are percentages by their sign."""
    cells: dict[Heading, list[Any]] = defaultdict(list)
    for table in tables:
        for place, heading in enumerate(table.headings):
            if heading in roles.scores:
                cells[heading] += [row[place] for row in table.rows]
    whole = decimal_commas([cell for column in cells.values() for cell in column])
    return {heading: (whole, percent(column)) for heading, column in cells.items()}


def _text(cell: Any) -> str:
    if is_gap(cell) and not (isinstance(cell, str) and cell.strip()):
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, list):
        return "" if any(isinstance(one, Mapping | list) for one in cell) else ", ".join(map(str, cell))
    return str(cell).strip().strip("*`†‡§¶").strip()


def _aside(said: Mapping[str, str], roles: Roles) -> tuple[str, str] | None:
    """The cell that makes a row no run's, and why; None where it is one."""
    names = {spelled(heading): name for heading, name in roles.index.items()}
    for column, text in said.items():
        word = plain(text)
        summaries = SURE_SUMMARIES if names[column] == CONDITION else SUMMARIES
        if word in summaries or (_BEGINS.fullmatch(text) and len(text) < 40):
            return text, "computed from other rows"
        if plain(column) in _STATES and word in _UNFINISHED:
            return f"{column} {text}", "the run did not finish"
        if names[column] == METRIC and word not in METRICS and (why := _no_metric(text)):
            return text, why
    return None


def _no_metric(text: str) -> str:
    """Why a value of the metric's column names no score of a run; "" where it may name one."""
    meaning = of_name(text)
    if plain(text) in NO_SCORES or meaning.aside or meaning.error:
        return "no score"
    return "scores on training data" if meaning.split in TRAIN else ""


def _values(
    cell: Any,
    heading: Heading,
    meaning: Meaning,
    forms: tuple[bool, bool],
    table: RawTable,
    number: int,
    pairs: "_Pairs",
) -> Iterator[dict[str, Any]]:
    found = value(cell, forms[0])
    where = f"{table.source}: row {number}, column {spelled(heading)}"
    if isinstance(found, MeanWithSpread):
        raise DataError(
            f"{where}: {shown(found.text)} is a mean with a spread, no single run: nothing can be paired or "
            "tested from "
            "it. Give the scores of the single runs, a row a seed"
        )
    if isinstance(found, NoNumber):
        raise DataError(f"{where}: {shown(found.text)} is no number; mend the cell, or leave it empty for no score")
    if isinstance(found, Pair):
        yield from pairs.of(found, heading, meaning, where)
    elif found is not None:
        yield {"score": found, PERCENT: forms[1]}


def _of_metric(said: Mapping[str, str], roles: Roles) -> dict[str, str]:
    """What a cell of the metric's column says beside the metric, "f1_de" or "test/acc", as a heading would."""
    for heading, name in roles.index.items():
        text = said.get(spelled(heading), "")
        if name == METRIC and text and plain(text) not in METRICS:
            meaning = of_name(text)
            if meaning.metric and meaning.plainly:
                return {IN_HEADING + one: getattr(meaning, one) for one in SAID if getattr(meaning, one)}
    return {}


def _of(meaning: Meaning, heading: Heading) -> dict[str, str]:
    said = {IN_HEADING + name: getattr(meaning, name) for name in SAID if getattr(meaning, name)}
    return {**said, IN_HEADING + NAMED: " ".join(meaning.rest)}


def _with_errors(
    records: list[dict[str, Any]],
    roles: Roles,
    columns: Mapping[Heading, int],
    row: Sequence[Any],
    base: Mapping[str, str],
) -> None:
    """Set example-level standard errors beside the scores of the same row that they belong to."""
    for heading, meaning in roles.errors.items():
        error = value(row[columns[heading]]) if heading in columns else None
        if not isinstance(error, float):
            continue
        for record in reversed(records):
            if any(record.get(name) != text for name, text in base.items()):
                break
            said = {name: record.get(IN_HEADING + name, "") for name in SAID}
            if all(getattr(meaning, name) == said[name] for name in SAID) or len(roles.scores) == 1:
                record["std_error"] = error


class _Pairs:
    """Cells of two figures: which is which is told by the heading, by the user, or by their order."""

    def __init__(self, wishes: Wishes) -> None:
        self._wishes = wishes
        self._open: list[tuple[int, str]] = []
        self.notes: list[str] = []
        self._found: list[tuple[Pair, str]] = []

    def of(self, pair: Pair, heading: Heading, meaning: Meaning, where: str) -> Iterator[dict[str, Any]]:
        """Both figures with their metrics, or with "first" and "second" until `settle` knows them."""
        said = [METRICS[plain(part)] for part in re.split(r"[^\w@]+", " ".join(heading)) if plain(part) in METRICS]
        if not said and "/" in (text := self._wishes.constants.get(METRIC, "")):
            said = [METRICS.get(plain(part), part.strip()) for part in text.split("/")]
        if len(said) != 2:
            self._found.append((pair, where))
            said = ["first", "second"]
        for metric, number in zip(said, (pair.first, pair.second), strict=True):
            yield {"score": number, IN_HEADING + METRIC: metric, PERCENT: False}

    def settle(self, records: list[dict[str, Any]]) -> None:
        """Exact match is never above F1: where all pairs have one order, that tells which is which."""
        if not self._found:
            return
        rising = all(pair.first <= pair.second for pair, _ in self._found)
        falling = all(pair.first >= pair.second for pair, _ in self._found)
        if rising == falling or len(self._found) < 4:
            raise DataError(
                f"{self._found[0][1]}: two figures in a cell, and nothing tells which is which; set "
                "metric=f1/exact_match "
                "(or the order that it is)",
                ["set"],
            )
        order = ("exact_match", "f1") if rising else ("f1", "exact_match")
        names = dict(zip(("first", "second"), order, strict=True))
        for record in records:
            metric = record.get(IN_HEADING + METRIC, "")
            record[IN_HEADING + METRIC] = names.get(metric, metric)
        self.notes.append(
            f"Two figures in a cell are taken for {' and '.join(order)}: one is never below the other. "
            "If they are others, set metric=FIRST/SECOND."
        )
