"""The steps of a store behind numbers: checkpoints of every run, scores, data, versions, devices."""

from collections.abc import Iterable
from dataclasses import dataclass

from xtransfer_stats.store.store import Store
from xtransfer_stats.study.plan import Plan
from xtransfer_stats.verbs.trace.steps import (
    DATA,
    StepTrace,
    chain,
    data_versions,
    evaluation,
    package_versions,
    step_trace,
)

Cell = tuple[str, str]  # target task, language


@dataclass(frozen=True)
class RunLineage:
    """The steps of one run behind a number. intermediate: None for the baseline."""

    run: str
    intermediate: StepTrace | None
    targets: tuple[StepTrace, ...]
    evaluations: tuple[StepTrace, ...]


@dataclass(frozen=True)
class Lineage:
    """All steps behind a number, in the order they are done, and by run what made its scores.

    data: data set -> version. versions: package -> versions recorded. devices: where the steps were computed.
    seconds: that they took. published: first and last time of a manifest's file, UTC.
    """

    steps: tuple[StepTrace, ...]
    runs: tuple[RunLineage, ...]
    data: dict[str, str]
    versions: dict[str, tuple[str, ...]]
    devices: tuple[str, ...]
    seconds: float
    published: tuple[str, str]

    def of_kind(self, kind: str) -> tuple[StepTrace, ...]:
        """The steps of one kind."""
        return tuple(step for step in self.steps if step.kind == kind)

    @property
    def checkpoints(self) -> tuple[StepTrace, ...]:
        """All steps but those that read data."""
        return tuple(step for step in self.steps if step.kind != DATA)


def lineage(plan: Plan, store: Store, runs: Iterable[str], cells: Iterable[Cell]) -> Lineage:
    """Everything in the store behind the scores of some runs in some cells; cells that the study lacks are left out."""
    wanted = list(cells)
    keys = {run: _evaluations(plan, run, wanted) for run in runs}
    steps = chain(plan, {key for found in keys.values() for key in found})
    told = {step.key: step_trace(store, step) for step in steps}
    return Lineage(
        steps=tuple(told.values()),
        runs=tuple(_run(plan, run, found, told) for run, found in keys.items()),
        data=data_versions(told.values()),
        versions=package_versions(told.values()),
        devices=tuple(sorted({str(s.facts["device"]) for s in told.values() if "device" in s.facts})),
        seconds=sum(step.seconds for step in told.values()),
        published=_span(told.values()),
    )


def _evaluations(plan: Plan, run: str, cells: Iterable[Cell]) -> list[str]:
    found = (evaluation(plan, run, target, language) for target, language in cells)
    return list(dict.fromkeys(key for key in found if key is not None))


def _run(plan: Plan, run: str, keys: list[str], told: dict[str, StepTrace]) -> RunLineage:
    mine = [told[step.key] for step in chain(plan, keys)]
    kinds = {kind: tuple(step for step in mine if step.kind == kind) for kind in ("intermediate", "target")}
    middle = kinds["intermediate"]
    return RunLineage(run, middle[0] if middle else None, kinds["target"], tuple(told[key] for key in keys))


def _span(steps: Iterable[StepTrace]) -> tuple[str, str]:
    times = sorted(step.published for step in steps if step.published)
    return (times[0], times[-1]) if times else ("", "")
