"""A trace in JSON's own types: everything, no table cut short."""

from dataclasses import asdict, fields
from typing import Any

import pandas as pd

from xtransfer_stats.verbs.machines import plain
from xtransfer_stats.verbs.trace.lineage import Lineage, RunLineage
from xtransfer_stats.verbs.trace.trace import Number, Trace


def for_machines(trace: Trace) -> dict[str, Any]:
    """number, commands, recipe, and of a store: steps in full, and every run's by their keys."""
    found = {"number": _number(trace.number), "commands": trace.commands, "recipe": trace.recipe}
    return plain(found | {"lineage": None if trace.lineage is None else _lineage(trace.lineage)})


def _number(number: Number) -> dict[str, Any]:
    values = {field.name: getattr(number, field.name) for field in fields(number)}
    tables = {name: value.to_dict("records") for name, value in values.items() if isinstance(value, pd.DataFrame)}
    sides = {"sides": [asdict(side) for side in values["sides"]]} if "sides" in values else {}
    return values | tables | sides


def _lineage(lineage: Lineage) -> dict[str, Any]:
    told = {field.name: getattr(lineage, field.name) for field in fields(lineage)}
    return told | {
        "steps": {step.key: asdict(step) for step in lineage.steps},
        "runs": [_run(run) for run in lineage.runs],
    }


def _run(run: RunLineage) -> dict[str, Any]:
    return {
        "run": run.run,
        "intermediate": run.intermediate.key if run.intermediate else None,
        "targets": [step.key for step in run.targets],
        "evaluations": [step.key for step in run.evaluations],
    }
