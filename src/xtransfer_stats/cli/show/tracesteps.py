"""What of a trace lies in a store, on the terminal: checkpoints, data, versions."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from xtransfer_stats.cli.show.show import duration, table
from xtransfer_stats.verbs.trace.steps import DATA, Lineage, StepTrace

DIGEST = 12  # digits of a sha256 shown
EXAMPLES = "examples.jsonl"  # the file of a data step that holds its examples


def say(console: Console, lines: Iterable[str]) -> None:
    """Print lines as they are."""
    for line in lines:
        console.print(line, markup=False, soft_wrap=True)


def unbroken(made: Table) -> Table:
    """The table with every name whole: a narrow terminal folds it, none is cut short."""
    for column in made.columns:
        column.overflow = "fold"
    return made


def pairs(values: Mapping[str, Any]) -> str:
    """Names and values in one line."""
    return ", ".join(f"{name} {value}" for name, value in values.items())


def of_store(console: Console, lineage: Lineage, *, alone: bool) -> None:
    console.print()
    if alone:
        for step in lineage.checkpoints:
            say(console, _step(step))
        say(console, map(_data, lineage.of_kind(DATA)))
    else:
        console.print(_checkpoints(lineage))
    say(console, _made(lineage))


def _step(step: StepTrace) -> Iterator[str]:
    when = f", {duration(step.seconds)}, files of {step.published}" if step.published else ""
    device = f", on {step.facts['device']}" if "device" in step.facts else ""
    yield f"{step.kind} {step.name}: {step.folder} ({step.state}{device}{when})"
    for file in step.files:
        yield f"  {file['path']}  {file['size']} bytes  sha256 {file['sha256']}"
    for file in step.dropped:
        yield f"  {file['path']}  dropped to save space  sha256 {file['sha256']}"


def _data(step: StepTrace) -> str:
    digests = (file["sha256"] for file in step.files if file["path"] == EXAMPLES)
    return f"data {step.name}: {step.folder}/{EXAMPLES}  sha256 {next(digests, 'none')}"


def _checkpoints(lineage: Lineage) -> Table:
    made = table("Checkpoints: key of the step, weights' sha256", "run", "step", "key", "sha256")
    for step in lineage.of_kind("pretrained"):
        made.add_row("all", f"pretrained {escape(step.name)}", step.key, _weights(step))
    for run in lineage.runs:
        trained = (*((run.intermediate,) if run.intermediate else ()), *run.targets)
        for step in trained:
            made.add_row(escape(run.run), f"{step.kind} {escape(step.name.split('/')[0])}", step.key, _weights(step))
        made.add_row(escape(run.run), f"{len(run.evaluations)} evaluations", "keys: --json", "")
    return unbroken(made)


def _weights(step: StepTrace) -> str:
    found = [file["sha256"] for file in (*step.files, *step.dropped) if _is_weights(file["path"])]
    return " ".join(digest[:DIGEST] for digest in found)


def _is_weights(path: str) -> bool:
    return PurePosixPath(path).suffix == ".safetensors"


def _made(lineage: Lineage) -> Iterator[str]:
    first, last = lineage.published
    where = ", ".join(lineage.devices)
    yield f"Steps behind it: {len(lineage.steps)}, {duration(lineage.seconds)}, on {where}, files of {first} to {last}"
    for name, version in sorted(lineage.data.items()):
        yield f"Data: {name} {version}"
    yield f"Made with: {pairs({name: ' and '.join(found) for name, found in lineage.versions.items()})}"
