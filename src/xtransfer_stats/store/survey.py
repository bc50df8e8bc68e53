"""What a plan finds in a store: each step's state with its reason, and what the rest will cost."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from statistics import mean
from types import MappingProxyType
from typing import Any

from xtransfer_stats.base import resources
from xtransfer_stats.store.store import THINNED_AWAY, State, Store
from xtransfer_stats.study.foresight import Estimate, Shapes, foretold
from xtransfer_stats.study.plan import Plan
from xtransfer_stats.study.step import KINDS, Step

Manifest = Mapping[str, Any]
_REASONS = {State.DONE: "done", State.THINNED: THINNED_AWAY}


@dataclass(frozen=True)
class Survey:
    """States and reasons by step key; costs by kind (seconds, bytes) and where they come from.

    `assumptions` stand behind the costs of a study that trains the whole backbone; () where costs were measured.
    """

    states: Mapping[str, State]
    to_run: frozenset[str]
    reasons: Mapping[str, str]
    costs: Mapping[str, tuple[float, float]]
    measured: Mapping[str, bool]  # kind -> measured in this store (else estimated, or from the shipped table)
    assumptions: tuple[str, ...] = ()

    def missing(self) -> list[str]:
        """Keys of the steps that have to run, in the plan's order."""
        return [key for key in self.states if key in self.to_run]

    def damaged(self) -> list[str]:
        """Keys of the steps whose files are not what was written."""
        return [key for key, state in self.states.items() if state is State.DAMAGED]

    def seconds(self, steps: Mapping[str, Step], workers: int) -> float:
        """Estimated wall time of the missing steps."""
        return sum(self.costs[steps[key].kind][0] for key in self.missing()) / workers

    def bytes(self, steps: Mapping[str, Step]) -> float:
        """Estimated disk that the missing steps will take."""
        return sum(self.costs[steps[key].kind][1] for key in self.missing())


def survey(plan: Plan, store: Store, shapes: Shapes = MappingProxyType({})) -> Survey:
    """Look every step of the plan up in the store; sizes and times of files are compared.

    `shapes`: what is known of the backbones, for the estimate.
    """
    looks = {key: store.state(step) for key, step in plan.steps.items()}
    states = {key: state for key, (state, _) in looks.items()}
    earlier = {kind: list(store.manifests(kind)) for kind in KINDS}
    namesakes: dict[tuple[str, str], list[Manifest]] = {}
    for kind, manifests in earlier.items():
        for manifest in manifests:
            namesakes.setdefault((kind, manifest["name"]), []).append(manifest)
    reasons = {}
    for key, (state, trouble) in looks.items():
        step = plan.steps[key]
        same_name = namesakes.get((step.kind, step.name), [])
        reasons[key] = f"damaged: {trouble}" if trouble else _REASONS.get(state) or _difference(step, same_name)
    estimated = foretold(plan, shapes)
    shipped = resources.read_toml(resources.find("data", "step_costs"))
    costs = {kind: (shipped[kind]["seconds"], shipped[kind]["bytes"]) for kind in KINDS}
    costs |= _by_kind(plan, estimated, costs) if estimated else {}
    costs |= {kind: _mean_cost(manifests) for kind, manifests in earlier.items() if manifests}
    measured = {kind: bool(manifests) for kind, manifests in earlier.items()}
    assumptions = estimated.assumptions if estimated and not all(measured.values()) else ()
    return Survey(states, _to_run(plan, states), reasons, costs, measured, assumptions)


def _by_kind(
    plan: Plan, estimated: Estimate, others: Mapping[str, tuple[float, float]]
) -> dict[str, tuple[float, float]]:
    """Mean seconds and bytes of a kind's steps; `others` are those of a step that was not estimated."""
    means = {}
    for kind in KINDS:
        own = [estimated.steps.get(step.key, others[kind]) for step in plan.of_kind(kind)] or [(0.0, 0.0)]
        means[kind] = (mean(seconds for seconds, _ in own), mean(size for _, size in own))
    return means


def _mean_cost(manifests: Collection[Manifest]) -> tuple[float, float]:
    """Mean seconds and bytes: a total is wanted, so the few large steps must count."""
    sizes = (sum(file["size"] for file in manifest["files"]) for manifest in manifests)
    return mean(manifest["seconds"] for manifest in manifests), mean(sizes)


def _to_run(plan: Plan, states: Mapping[str, State]) -> frozenset[str]:
    """Missing and damaged steps, and the thinned ones whose weights these need."""
    to_run: set[str] = set()
    needed: set[str] = set()
    for key in reversed(list(plan.steps)):  # children before their parents
        if states[key] in (State.MISSING, State.DAMAGED) or (states[key] is State.THINNED and key in needed):
            to_run.add(key)
            needed.update(plan.steps[key].parents.values())
    return frozenset(to_run)


def _difference(step: Step, namesakes: Iterable[Manifest]) -> str:
    """Why a step is missing: what differs from the step of the same name that is there, if one is."""
    changes = min((list(_changes(manifest, step)) for manifest in namesakes), key=len, default=None)
    return "missing" if changes is None else "input changed: " + (", ".join(changes[:3]) or "its version")


def _changes(manifest: Manifest, step: Step) -> Iterator[str]:
    before, after = dict(_flat(manifest["args"])), dict(_flat(step.args))
    for name in sorted(before.keys() | after.keys()):
        if before.get(name) != after.get(name):
            yield f"{name} {before.get(name)} -> {after.get(name)}"
    if manifest["parents"] != dict(step.parents):
        yield "a step it starts from"


def _flat(value: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for name, inner in value.items():
        if isinstance(inner, Mapping):
            yield from _flat(inner, f"{name}.")
        else:
            yield f"{prefix}{name}", inner
