"""`xstats trace` on the terminal."""

import json
import sys
from collections.abc import Iterator
from pathlib import PurePosixPath

import pandas as pd
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from xtransfer_stats.console.show import duration, table
from xtransfer_stats.session import plain
from xtransfer_stats.trace.commands import Asked
from xtransfer_stats.trace.lineage import Lineage
from xtransfer_stats.trace.machines import for_machines
from xtransfer_stats.trace.result import ResultTrace
from xtransfer_stats.trace.score import ScoreTrace
from xtransfer_stats.trace.sides import Side
from xtransfer_stats.trace.steps import StepTrace
from xtransfer_stats.trace.tracing import Trace
from xtransfer_stats.trace.tracing import trace as traced

__all__ = ["Asked", "trace"]

_OUT = Console(highlight=False)
HEAVIEST = 6  # cells shown; --json has all
DIGEST = 12  # digits of a sha256 shown


def trace(name: str, asked: Asked, *, as_json: bool) -> None:
    """Print what stands behind a number."""
    found = traced(name, asked)
    if as_json:
        sys.stdout.write(json.dumps(for_machines(found), indent=1, allow_nan=False, ensure_ascii=False) + "\n")
        return
    if isinstance(found.number, ResultTrace):
        _result(found.number)
    else:
        _score(found.number)
    if found.lineage is not None:
        _of_store(found.lineage, alone=isinstance(found.number, ScoreTrace))
    _say(_commands(found))


def _say(lines: Iterator[str]) -> None:
    for line in lines:
        _OUT.print(line, markup=False, soft_wrap=True)


def _result(number: ResultTrace) -> None:
    _say(_heading(number))
    if len(number.cells) and number.over_counts:
        _OUT.print(_heaviest(number.cells))
    _OUT.print(_runs(number.runs))
    _say(_checked(number))


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
    return made


def _checked(number: ResultTrace) -> Iterator[str]:
    total = "" if number.reproduced is None else f"Sum of coefficient x number: {number.reproduced:.6f}; "
    yield f"{total}{number.verdict}"
    yield f"Scores: data hash {number.data}"
    yield f"Signature: {number.signature}"
    yield f"Analysed with: {_pairs(number.versions)}"


def _score(number: ScoreTrace) -> None:
    _say(_score_lines(number))


def _score_lines(number: ScoreTrace) -> Iterator[str]:
    yield number.id
    metrics = ", ".join(f"{name} {value:.4f}" for name, value in number.metrics.items())
    mean = f"; the analysis takes their mean, {number.score:.4f}" if len(number.metrics) > 1 else ""
    yield f"Score: {metrics}{mean}; {number.n_examples} examples; {number.status}; {number.enters}"
    yield f"Run: {_pairs({key: plain(value) for key, value in number.facts.items()})}"
    weights = {name: f"{weight:.5f}" for name, weight in number.weights.items()}
    yield f"Weight in the averages: {_pairs(weights) or 'none'}"
    yield f"Scores: data hash {number.data}"


def _of_store(lineage: Lineage, *, alone: bool) -> None:
    _OUT.print()
    if alone:
        for step in lineage.checkpoints:
            _say(_step(step))
    else:
        _OUT.print(_checkpoints(lineage))
    _say(_made(lineage))


def _step(step: StepTrace) -> Iterator[str]:
    when = f", {duration(step.seconds)}, {step.published}" if step.published else ""
    device = f", on {step.facts['device']}" if "device" in step.facts else ""
    yield f"{step.kind} {step.name}: {step.folder} ({step.state}{device}{when})"
    for file in step.files:
        yield f"  {file['path']}  {file['size']} bytes  sha256 {file['sha256']}"
    for file in step.dropped:
        yield f"  {file['path']}  dropped to save space  sha256 {file['sha256']}"


def _checkpoints(lineage: Lineage) -> Table:
    made = table("Checkpoints: key of the step, weights' sha256", "run", "step", "key", "sha256")
    for step in lineage.of_kind("pretrained"):
        made.add_row("all", f"pretrained {escape(step.name)}", step.key, _weights(step))
    for run in lineage.runs:
        trained = (*((run.intermediate,) if run.intermediate else ()), *run.targets)
        for step in trained:
            made.add_row(escape(run.run), f"{step.kind} {escape(step.name.split('/')[0])}", step.key, _weights(step))
        made.add_row(escape(run.run), f"{len(run.evaluations)} evaluations", "keys: --json", "")
    return made


def _weights(step: StepTrace) -> str:
    found = [file["sha256"] for file in (*step.files, *step.dropped) if _is_weights(file["path"])]
    return " ".join(digest[:DIGEST] for digest in found)


def _is_weights(path: str) -> bool:
    return PurePosixPath(path).suffix == ".safetensors"


def _made(lineage: Lineage) -> Iterator[str]:
    first, last = lineage.published
    yield f"Steps behind it: {len(lineage.steps)}, {duration(lineage.seconds)}, on {', '.join(lineage.devices)}, {first} to {last}"
    for name, version in sorted(lineage.data.items()):
        yield f"Data: {name} {version}"
    yield f"Made with: {_pairs({name: ' and '.join(found) for name, found in lineage.versions.items()})}"


def _commands(found: Trace) -> Iterator[str]:
    yield f"Analyse again: {found.commands['analysis']}"
    if "run" in found.commands:
        yield f"Run again: {found.commands['run']}"
    elif found.recipe:
        yield f"Run again: xstats run with the recipe that the store keeps in {found.recipe} (no shipped one is it)"
    if found.lineage is not None:
        yield "  It makes what is missing: take a step's folder out of the store and it is made anew, with the same key."


def _pairs(values: "dict[str, str] | object") -> str:
    return ", ".join(f"{name} {value}" for name, value in dict(values).items())
