"""The number that a trace is of, on the terminal: a row of a table, or a score."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pandas as pd
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from xtransfer_stats.cli.show.show import table
from xtransfer_stats.cli.show.tracesteps import pairs, say, unbroken
from xtransfer_stats.verbs.session import plain
from xtransfer_stats.verbs.trace.behind import Side
from xtransfer_stats.verbs.trace.beside import ScoreTrace, TableTrace
from xtransfer_stats.verbs.trace.result import ResultTrace
from xtransfer_stats.verbs.trace.trace import Number

HEAVIEST = 6  # cells shown; --json has all


def show_number(console: Console, number: Number) -> None:
    """Everything that the scores tell of a number."""
    _SHOWN[type(number)](console, number)


def _result(console: Console, number: ResultTrace) -> None:
    say(console, _heading(number))
    if len(number.cells) and number.over_counts:
        console.print(_heaviest(number.cells))
    console.print(_runs(number.runs))
    say(console, _checked(number))


def _heading(number: ResultTrace) -> Iterator[str]:
    row = number.row
    yield f"{number.id}  {row['contrast']} ({row['term']}, {row['scope']})"
    yield number.words
    yield _estimate(number)
    if row["note"]:
        yield f"Note: {row['note']}"
    yield f"Formula: {number.formula}"
    if number.over_counts:
        terms = (
            f"{c:+.4g} x {'baseline' if count == 0 else f'{count} tasks'}" for count, c in number.over_counts.items()
        )
        yield f"Task counts: {' '.join(terms)}"
    for side in number.sides:
        yield _side(side)
    yield f"Cells: {len(number.cells)}"


def _estimate(number: ResultTrace) -> str:
    row = number.row
    known = row["conf_low"] == row["conf_low"]
    interval = f"[{row['conf_low']:.2f}, {row['conf_high']:.2f}]" if known else "[no interval]"
    p = f", p adjusted {row['p_adjusted']:.3g}" if row["p_adjusted"] == row["p_adjusted"] else ""
    tested = f", df {row['df']:.3g}, p {row['p_value']:.3g}{p}" if row["p_value"] == row["p_value"] else ""
    return f"Estimate: {row['estimate']:.2f} {interval} points{tested}; {row['method']}; {row['n_runs']} runs"


def _side(side: Side) -> str:
    sign = "added" if side.sign > 0 else "taken away"
    name = f"average of {side.name}, " if side.name else ""
    return f"  {sign}: {name}{side.tasks} target task(s), {side.cells} cells, weights sum to {side.total:.6g}"


def _heaviest(cells: pd.DataFrame) -> Table:
    keys = ["n_tasks"] if cells["n_tasks"].ne("").any() else []
    keys += ["target_task", "language"]
    made = table(f"Heaviest of {len(cells)} weights", *keys, "weight", right=("n_tasks", "weight"))
    for row in cells.head(HEAVIEST).to_dict("records"):
        made.add_row(*(escape(str(row[key])) for key in keys), f"{row['weight']:+.5f}")
    return made


def _runs(runs: pd.DataFrame) -> Table:
    right = ("seed", "n_tasks", "number", "coefficient")
    made = table(f"Runs ({len(runs)})", "run", "seed", "n_tasks", "task_set", "number", "coefficient", right=right)
    for row in runs.itertuples():
        numbers = ("" if value != value else f"{value:+.4f}" for value in (row.number, row.coefficient))
        made.add_row(escape(row.run), str(row.seed), str(row.n_tasks), escape(row.task_set), *numbers)
    return unbroken(made)


def _checked(number: ResultTrace) -> Iterator[str]:
    total = "" if number.reproduced is None else f"Sum of coefficient x number: {number.reproduced:.6f}; "
    yield f"{total}{number.verdict}"
    for route in number.routes.itertuples():
        bounds = f"[{route.conf_low:.2f}, {route.conf_high:.2f}]"
        yield f"By {route.route} ({route.method}): {route.estimate:.2f} {bounds}"
    yield from _provenance(number)


def _score(console: Console, number: ScoreTrace) -> None:
    say(console, _score_lines(number))


def _score_lines(number: ScoreTrace) -> Iterator[str]:
    yield number.id
    metrics = ", ".join(f"{name} {_points(value)}" for name, value in number.metrics.items())
    mean = f"; the analysis takes their mean, {number.score:.4f}" if len(number.metrics) > 1 else ""
    yield f"Score: {metrics}{mean}; {number.n_examples} examples; {number.status}; {number.enters}"
    yield f"Run: {pairs({key: plain(value) for key, value in number.facts.items()})}"
    weights = {name: f"{weight:.5f}" for name, weight in number.weights.items()}
    yield f"Weight in the averages: {pairs(weights) or 'none'}"
    yield f"Scores: data hash {number.data}"


def _points(value: float) -> str:
    return "none" if value != value else f"{value:.4f}"


def _table_row(console: Console, number: TableTrace) -> None:
    say(console, _table_lines(number))


def _table_lines(number: TableTrace) -> Iterator[str]:
    told = {name: plain(value) for name, value in number.row.items() if value == value and value != "" and name != "id"}
    yield f"{number.id}  table {number.table}"
    yield number.words
    yield pairs(told)
    yield f"Formula: {number.formula}"
    yield f"Runs ({len(number.runs)}): {', '.join(number.runs['run'])}"
    yield f"Cells: {len(number.cells)} of {number.cells['target_task'].nunique()} target tasks; --json lists them"
    yield from _provenance(number)


def _provenance(number: ResultTrace | TableTrace) -> Iterator[str]:
    yield f"Scores: data hash {number.data}"
    yield f"Signature: {number.signature}"
    yield f"Analysed with: {pairs(number.versions)}"


_SHOWN: Mapping[type, Callable[[Console, Any], None]] = {
    ResultTrace: _result,
    TableTrace: _table_row,
    ScoreTrace: _score,
}
