"""What `xstats trace` shows of a number: a row of a table, or a score; and the commands that make it again."""

from collections.abc import Callable, Iterator, Mapping
from math import isnan
from typing import Any

import pandas as pd
from rich.table import Table

from xtransfer_stats.base import formats
from xtransfer_stats.base.formats import counted, p_value
from xtransfer_stats.cli.out import OUT, interval, say, table
from xtransfer_stats.cli.trace_steps import pairs, steps
from xtransfer_stats.stats.runlevel.behind import Side
from xtransfer_stats.verbs.machines import plain
from xtransfer_stats.verbs.trace.beside import ScoreTrace, TableTrace
from xtransfer_stats.verbs.trace.result import ResultTrace
from xtransfer_stats.verbs.trace.trace import Trace

HEAVIEST = 6  # cells shown; --json has all


def show(trace: Trace) -> None:
    """Everything behind a number."""
    _VIEWS[type(trace.number)](trace.number)
    if trace.lineage is not None:
        steps(trace.lineage, alone=isinstance(trace.number, ScoreTrace))
    say(*_commands(trace))


def _result(number: ResultTrace) -> None:
    say(*_heading(number))
    if len(number.cells) and number.over_counts:
        OUT.print(_heaviest(number.cells))
    OUT.print(_runs(number.runs))
    say(*_checked(number))


def _heading(number: ResultTrace) -> Iterator[str]:
    row = number.row
    yield f"{number.id}  {row['contrast']} ({row['term']}, {row['scope']})"
    yield number.words
    yield _estimate(number)
    if row["note"]:
        yield f"Note: {row['note']}"
    yield f"Formula: {number.formula}"
    if number.over_counts:
        named = any(isinstance(count, str) for count in number.over_counts)
        terms = (f"{c:+.4g} x {count if named else _count(count)}" for count, c in number.over_counts.items())
        yield f"{'Conditions' if named else 'Task counts'}: {' '.join(terms)}"
    for side in number.sides:
        yield _side(side)
    yield f"Cells: {len(number.cells)}"


def _count(count: Any) -> str:
    return "baseline" if count == 0 else f"{count} tasks"


def _estimate(number: ResultTrace) -> str:
    row = number.row
    estimate = formats.estimate(row["estimate"], row["conf_low"], row["conf_high"])
    adjusted = "" if isnan(row["p_adjusted"]) else f", p adjusted {p_value(row['p_adjusted'])}"
    tested = (
        ""
        if isnan(row["p_value"])
        else f", df {formats.significant(row['df'], 3)}, p {p_value(row['p_value'])}{adjusted}"
    )
    return f"Estimate: {estimate} {number.unit}{tested}; {row['method']}; {row['n_runs']} runs"


def _side(side: Side) -> str:
    sign = "added" if side.sign > 0 else "taken away"
    name = f"average of {side.name}, " if side.name else ""
    size = f"{counted(side.tasks, 'target task')}, {counted(side.cells, 'cell')}"
    return f"  {sign}: {name}{size}, weights sum to {side.total:.6g}"


def _heaviest(cells: pd.DataFrame) -> Table:
    level = next(name for name in ("n_tasks", "condition") if name in cells)
    keys = [level] if cells[level].ne("").any() else []
    keys += ["target_task", "language"]
    grid = table(f"Heaviest of {len(cells)} weights", *keys, "weight", right=("n_tasks", "weight"))
    for row in cells.head(HEAVIEST).to_dict("records"):
        grid.add_row(*(str(row[key]) for key in keys), f"{row['weight']:+.5f}")
    return grid


def _runs(runs: pd.DataFrame) -> Table:
    keys = [name for name in ("run", "seed", "n_tasks", "condition", "task_set", "draw") if name in runs]
    right = ("seed", "n_tasks", "number", "coefficient")
    grid = table(f"Runs ({len(runs)})", *keys, "number", "coefficient", right=right)
    for row in runs.to_dict("records"):
        numbers = ("" if isnan(row[name]) else f"{row[name]:+.4f}" for name in ("number", "coefficient"))
        grid.add_row(*(str(row[key]) for key in keys), *numbers)
    return grid


def _checked(number: ResultTrace) -> Iterator[str]:
    total = "" if number.reproduced is None else f"Sum of coefficient x number: {number.reproduced:.6f}; "
    yield f"{total}{number.verdict}"
    for route in number.routes.itertuples():
        yield f"By {route.route} ({route.method}): {formats.number(route.estimate)} {interval(route)}"
    yield from _provenance(number)


def _score(number: ScoreTrace) -> Iterator[str]:
    yield number.id
    metrics = ", ".join(f"{name} {_points(value)}" for name, value in number.metrics.items())
    mean = f"; the analysis takes their mean, {number.score:.4f}" if len(number.metrics) > 1 else ""
    yield f"Score: {metrics}{mean}; {number.n_examples} examples; {number.status}; {number.enters}"
    yield f"Run: {pairs({key: plain(value) for key, value in number.facts.items()})}"
    weights = {name: f"{weight:.5f}" for name, weight in number.weights.items()}
    yield f"Weight in the averages: {pairs(weights) or 'none'}"
    yield f"Scores: data hash {number.data}"


def _points(value: float) -> str:
    return "none" if isnan(value) else f"{value:.4f}"


def _table_row(number: TableTrace) -> Iterator[str]:
    row = {name: plain(value) for name, value in number.row.items() if name != "id"}
    yield f"{number.id}  table {number.table}"
    yield number.words
    yield pairs({name: value for name, value in row.items() if value not in (None, "")})
    yield f"Formula: {number.formula}"
    yield f"Runs ({len(number.runs)}): {', '.join(number.runs['run'])}"
    yield f"Cells: {len(number.cells)} of {number.cells['target_task'].nunique()} target tasks; --json lists them"
    yield from _provenance(number)


def _provenance(number: ResultTrace | TableTrace) -> Iterator[str]:
    yield f"Scores: data hash {number.data}"
    yield f"Signature: {number.signature}"
    yield f"Analysed with: {pairs(number.versions)}"


def _commands(trace: Trace) -> Iterator[str]:
    yield f"Analyse again: {trace.commands['analysis']}"
    if "run" in trace.commands:
        yield f"Run again: {trace.commands['run']}"
    elif trace.recipe:
        yield f"Run again: xstats run with the recipe that the store keeps in {trace.recipe} (no shipped one is it)"
    if trace.lineage is not None:
        yield "  It makes what is missing: take a step's folder out of the store, and it is made again under its key."


_VIEWS: Mapping[type, Callable[[Any], None]] = {
    ResultTrace: _result,
    TableTrace: lambda number: say(*_table_row(number)),
    ScoreTrace: lambda number: say(*_score(number)),
}
