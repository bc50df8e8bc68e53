"""The steps of a store behind numbers: checkpoints, scores, data, with files and checksums, versions, devices, when."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from xtransfer_stats.store import manifest
from xtransfer_stats.store.store import State, Store
from xtransfer_stats.study.plan import Plan
from xtransfer_stats.study.step import Step

DATA = "features"  # the kind of step that reads data
Cell = tuple[str, str]  # target task, language


@dataclass(frozen=True)
class StepTrace:
    """A step of the plan and what the store has of it.

    folder: inside the store. files: path, size in bytes, sha256, as the manifest has them; dropped: files since taken
    out to save space. published: time of the manifest's file, UTC ("" for none).
    """

    kind: str
    name: str
    key: str
    folder: str
    state: str
    args: Mapping[str, Any]
    files: tuple[Mapping[str, Any], ...] = ()
    dropped: tuple[Mapping[str, Any], ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)
    versions: Mapping[str, str] = field(default_factory=dict)
    seconds: float = 0.0
    published: str = ""


def step_trace(store: Store, step: Step) -> StepTrace:
    """What the store has of a step; its files are told from the manifest, `xstats verify` reads them."""
    state, _ = store.state(step)
    folder = store.folder(step)
    place = folder.relative_to(store.root).as_posix()
    bare = StepTrace(step.kind, step.name, step.key, place, state.value, dict(step.args))
    if state in (State.MISSING, State.DAMAGED):
        return bare
    content = store.manifest(step)
    when = datetime.fromtimestamp((folder / manifest.NAME).stat().st_mtime, UTC)
    return replace(
        bare,
        files=_files(content["files"]),
        dropped=_files(content.get("dropped", ())),
        facts=content["facts"],
        versions=content["versions"],
        seconds=content["seconds"],
        published=when.isoformat(timespec="seconds"),
    )


def _files(entries: Iterable[Mapping[str, Any]]) -> tuple[Mapping[str, Any], ...]:
    return tuple({key: entry[key] for key in ("path", "size", "sha256")} for entry in entries)


def chain(plan: Plan, keys: Iterable[str]) -> list[Step]:
    """Steps and all that stands behind them, each after its parents."""
    wanted: set[str] = set()
    left = list(keys)
    while left:
        key = left.pop()
        if key not in wanted:
            wanted.add(key)
            left += plan.steps[key].parents.values()
    return [step for step in plan.steps.values() if step.key in wanted]


def package_versions(steps: Iterable[StepTrace]) -> dict[str, tuple[str, ...]]:
    """Package -> every version that a step recorded; more than one where steps differ."""
    recorded: dict[str, set[str]] = {}
    for step in steps:
        for name, version in step.versions.items():
            recorded.setdefault(name, set()).add(version)
    return {name: tuple(sorted(versions)) for name, versions in sorted(recorded.items())}


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
    steps = chain(plan, {key for its in keys.values() for key in its})
    traces = {step.key: step_trace(store, step) for step in steps}
    times = sorted(step.published for step in traces.values() if step.published) or [""]
    return Lineage(
        steps=tuple(traces.values()),
        runs=tuple(_run(plan, run, its, traces) for run, its in keys.items()),
        data={step.args["dataset"]: step.args["fingerprint"] for step in traces.values() if step.kind == DATA},
        versions=package_versions(traces.values()),
        devices=tuple(sorted({str(s.facts["device"]) for s in traces.values() if "device" in s.facts})),
        seconds=sum(step.seconds for step in traces.values()),
        published=(times[0], times[-1]),
    )


def _evaluations(plan: Plan, run: str, cells: Iterable[Cell]) -> list[str]:
    """Keys of the steps that score these cells of a run."""
    groups = ((language, plan.scores.get((run, target), ())) for target, language in cells)
    scoring = (next((key for key, its in group if language in its), None) for language, group in groups)
    return list(dict.fromkeys(key for key in scoring if key is not None))


def _run(plan: Plan, run: str, keys: list[str], traces: dict[str, StepTrace]) -> RunLineage:
    mine = [traces[step.key] for step in chain(plan, keys)]
    kinds = {kind: tuple(step for step in mine if step.kind == kind) for kind in ("intermediate", "target")}
    middle = kinds["intermediate"]
    return RunLineage(run, middle[0] if middle else None, kinds["target"], tuple(traces[key] for key in keys))
