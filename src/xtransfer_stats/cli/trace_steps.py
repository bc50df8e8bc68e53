"""What of a trace lies in a store, on the terminal: checkpoints, data, versions."""

from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any

from rich.table import Table

from xtransfer_stats.cli.out import OUT, duration, say, table
from xtransfer_stats.verbs.trace.steps import DATA, Lineage, StepTrace

DIGEST = 12  # digits of a sha256 shown
WEIGHTS = ".safetensors"
EXAMPLES = "examples.jsonl"  # the file of a data step that holds its examples


def pairs(values: Mapping[str, Any]) -> str:
    """Names and values in one line."""
    return ", ".join(f"{name} {value}" for name, value in values.items())


def steps(lineage: Lineage, *, alone: bool) -> None:
    """The steps behind a number. alone: the number is one score, so that each of its steps is told in full."""
    OUT.print()
    if alone:
        say(*(line for step in lineage.checkpoints for line in _step(step)), *map(_data, lineage.of_kind(DATA)))
    else:
        OUT.print(_checkpoints(lineage))
    say(*_origin(lineage))


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
    grid = table("Checkpoints: key of the step, weights' sha256", "run", "step", "key", "sha256")
    for step in lineage.of_kind("pretrained"):
        grid.add_row("all", f"pretrained {step.name}", step.key, _weights(step))
    for run in lineage.runs:
        trained = (*((run.intermediate,) if run.intermediate else ()), *run.targets)
        for step in trained:
            grid.add_row(run.run, f"{step.kind} {step.name.split('/')[0]}", step.key, _weights(step))
        grid.add_row(run.run, f"{len(run.evaluations)} evaluations", "keys: --json", "")
    return grid


def _weights(step: StepTrace) -> str:
    files = (file for file in (*step.files, *step.dropped) if PurePosixPath(file["path"]).suffix == WEIGHTS)
    return " ".join(file["sha256"][:DIGEST] for file in files)


def _origin(lineage: Lineage) -> Iterator[str]:
    first, last = lineage.published
    where = ", ".join(lineage.devices)
    yield f"Steps behind it: {len(lineage.steps)}, {duration(lineage.seconds)}, on {where}, files of {first} to {last}"
    for name, version in sorted(lineage.data.items()):
        yield f"Data: {name} {version}"
    yield f"Made with: {pairs({name: ' and '.join(known) for name, known in lineage.versions.items()})}"
