"""Whose column is which: what a caller says of a table that is no study of ours, and what its names say themselves."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

import pandas as pd

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.base.resources import nearest
from xtransfer_stats.base.usertext import shown
from xtransfer_stats.exchange.scoreframe.headings import NAMES, WEAK_SEEDS, scored_by
from xtransfer_stats.exchange.scoreframe.names import plain
from xtransfer_stats.stats.core.conditions import Measure
from xtransfer_stats.stats.core.frame import BENCHMARK, CONDITION, DRAW

# Columns of such a table that a caller may name, and those that stand for them by their own names.
KNOWN = (CONDITION, "seed", DRAW, BENCHMARK, "target_task", "language", "metric", "score")
NEEDED = (CONDITION, "seed", "score")


@dataclass(frozen=True)
class Asked:
    """What a caller says of a table. columns: ours -> the table's, of those in KNOWN.

    baseline: a level of the condition; None: the plain one. words: level -> what the reader calls it. unpaired: whether
    equal seeds of two conditions are no pair. measure: what a score is, where it is no share of examples.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    baseline: str | None = None
    words: Mapping[str, str] = field(default_factory=dict)
    unpaired: bool = False
    measure: Measure | None = None

    def __bool__(self) -> bool:
        return bool(self.columns or self.baseline is not None or self.words or self.unpaired or self.measure)


NOTHING = Asked()


def asked_of(
    condition: str | None = None,
    baseline: str | None = None,
    draw: str | None = None,
    seed: str | None = None,
    columns: Mapping[str, str] = MappingProxyType({}),
    labels: Mapping[str, str] = MappingProxyType({}),
    unpaired: bool = False,
    better: str | None = None,
    unit: str | None = None,
) -> Asked:
    """What is said of a table's columns; raises DataError for a column of ours that there is not."""
    strange = [name for name in columns if name not in KNOWN]
    if strange:
        raise DataError(
            f"columns {strange[0]!r}: {nearest(strange[0], KNOWN)}there are {', '.join(KNOWN)}", ["columns"]
        )
    named = {CONDITION: condition, DRAW: draw, "seed": seed}
    asked = {ours: theirs for ours, theirs in named.items() if theirs is not None}
    if better not in (None, "higher", "lower"):
        raise DataError(f"better {shown(str(better))}: choose higher or lower", ["better"])
    measure = None if better is None and unit is None else Measure(unit or "points", better != "lower", share=False)
    return Asked({**columns, **asked}, baseline, dict(labels), unpaired, measure)


class Form(StrEnum):
    """What a table's columns make it, decided here alone."""

    COUNTS = "counts"  # a frame of ours: counts of intermediate tasks
    CONDITIONS = "conditions"  # a row a condition, seed and cell, each told by one column
    OTHER = "other"  # for an import to read


def form(rows: pd.DataFrame, asked: Asked) -> Form:
    """The form of a table: of conditions where one column alone stands for each that is needed."""
    names = {plain(str(name)) for name in rows.columns}
    if names & {"ntasks", "taskset"} and not asked:
        return Form.COUNTS
    told = all(ours in asked.columns or len(standing_for(rows, ours)) == 1 for ours in NEEDED)
    return Form.CONDITIONS if told else Form.OTHER


def renamed(rows: pd.DataFrame, asked: Asked, source: str) -> tuple[pd.DataFrame, list[str]]:
    """The table with our names for its columns; other columns are left out, and named.

    Raises DataError naming a column that is asked for and is not there, and those needed that nothing stands for.
    """
    columns = [str(name) for name in rows.columns]
    rows = rows.set_axis(columns, axis=1)
    used = {ours: _asked_for(ours, theirs, columns, source) for ours, theirs in asked.columns.items()}
    for ours in KNOWN:
        taken = set(used.values())
        if ours not in used and (theirs := taken_for(rows.drop(columns=[*taken]), ours)) is not None:
            used[ours] = theirs
    if lacking := [name for name in NEEDED if name not in used]:
        rest = ", ".join(name for name in columns if name not in used.values()) or "none"
        options = ", ".join(f"{name}=COLUMN" for name in lacking)
        raise DataError(
            f"{source}: no column stands for {' and '.join(lacking)}; say which by {options}. Columns left: {rest}",
            list(lacking),
        )
    notes = [f"Column {theirs!r} was taken for {ours}." for ours, theirs in used.items() if theirs != ours]
    keep = [name for name in ("study", "backbone", "n_examples", "status", "run") if name in columns]
    out = [name for name in columns if name not in {*used.values(), *keep} and not name.startswith("Unnamed:")]
    if out:
        notes.append(f"Columns that no part of the analysis takes were left out: {', '.join(out)}.")
    frame = rows[keep].assign(**{ours: rows[theirs] for ours, theirs in used.items()})
    if "metric" not in frame:
        frame = frame.assign(metric=_metric(used["score"]))
    return frame, notes


def _asked_for(ours: str, theirs: str, columns: list[str], source: str) -> str:
    if theirs in columns:
        return theirs
    near = nearest(theirs, columns)
    raise DataError(f"{ours} {theirs!r}: no column of {source}; {near}it has {', '.join(columns)}", [ours])


def taken_for(rows: pd.DataFrame, ours: str) -> str | None:
    """The table's column that is called as others call ours; the likelier name first."""
    return next(iter(standing_for(rows, ours)), None)


def read_as(rows: pd.DataFrame, asked: Asked) -> str:
    """Which column of a table of conditions is which, where some are called otherwise; "" where none is."""
    if form(rows, asked) is not Form.CONDITIONS:
        return ""
    told = {ours: asked.columns.get(ours) or taken_for(rows, ours) for ours in KNOWN}
    said = [f"{ours} from {theirs}" for ours, theirs in told.items() if theirs is not None]
    return f"Read: {', '.join(said)}." if any(theirs not in (None, ours) for ours, theirs in told.items()) else ""


def standing_for(rows: pd.DataFrame, ours: str) -> list[str]:
    """The columns that could be ours by their names, the likeliest first; one called as we call it is alone."""
    names = {plain(str(name)): str(name) for name in reversed(rows.columns)}
    if plain(ours) in names:
        return [names[plain(ours)]]
    found = [names[name] for name in NAMES[ours] if name in names]
    if ours == "seed":
        found = found or [names[name] for name in WEAK_SEEDS if name in names]
    if ours == "score":
        found += [name for key, name in names.items() if name not in found and scored_by(key)]
    return found


def _metric(column: str) -> str:
    """The metric that a score's column is called after; "score" where it tells none."""
    return scored_by(column) or "score"
