"""What a step asks of a cluster (processors, shares of a GPU), and whether a cluster has it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from xtransfer_stats.base.errors import RecipeError
from xtransfer_stats.study.step import Step

TRAININGS = ("intermediate", "target")
_ON_A_GPU = ("features", "evaluation")  # encode texts; `pretrained` only writes files

# A GPU has room for several trainings of a small backbone: parameters up to which so large a share is asked for.
_SHARES = ((150_000_000, 0.25), (400_000_000, 0.5))


def share_by_size(parameters: float) -> float:
    """The share of a GPU that a training of so many parameters asks for by default."""
    return next((share for most, share in _SHARES if parameters <= most), 1.0)


@dataclass(frozen=True)
class Demand:
    """Of one step: processor cores, and GPUs or a share of one."""

    cpus: float = 1.0
    gpus: float = 0.0


@dataclass(frozen=True)
class Node:
    """A machine of the cluster, as it is declared there."""

    id: str
    name: str
    cpus: float
    gpus: float


@dataclass(frozen=True)
class Cluster:
    """The machines that are there now; those that join or go change it."""

    nodes: tuple[Node, ...] = ()

    @property
    def cpus(self) -> float:
        """Processor cores of all machines."""
        return sum(node.cpus for node in self.nodes)

    @property
    def gpus(self) -> float:
        """GPUs of all machines."""
        return sum(node.gpus for node in self.nodes)

    def fits(self, demand: Demand, running: Iterable[Demand]) -> bool:
        """Whether the cluster has what is asked beside what runs."""
        taken = list(running)
        cores, cards = sum(one.cpus for one in taken), sum(one.gpus for one in taken)
        return cores + demand.cpus <= self.cpus and cards + demand.gpus <= self.gpus + 1e-9


@dataclass(frozen=True)
class Demands:
    """What each kind of step asks for: trainings `gpus` (None: `default`), what encodes texts half of that.

    On a cluster without GPUs all steps run on processors, unless a number of GPUs was given.
    """

    gpus: float | None = None
    default: float = field(default=0.25)

    def of(self, step: Step, cluster: Cluster) -> Demand:
        """The demand of a step on this cluster."""
        training = (self.default if self.gpus is None else self.gpus) if self.gpus is not None or cluster.gpus else 0.0
        if step.kind in TRAININGS:
            return Demand(gpus=training)
        return Demand(gpus=min(0.5, training / 2) if step.kind in _ON_A_GPU else 0.0)

    def check(self, cluster: Cluster) -> None:
        """Raise RecipeError where no machine has as many GPUs as a training asks for."""
        most = max((node.gpus for node in cluster.nodes), default=0.0)
        if self.gpus and self.gpus > most:
            value = f"gpus_per_step {self.gpus:g}"
            remedy = f"give at most {most:g}, or 0 for processors alone"
            raise RecipeError(f"{value}: no machine of the cluster has more GPUs than {most:g}; {remedy}", [value])

    def at_once(self, cluster: Cluster) -> int:
        """How many trainings the cluster does at once."""
        share = self.of(_A_TRAINING, cluster).gpus
        by_gpus = [int(node.gpus / share + 1e-9) if share else int(node.cpus) for node in cluster.nodes]
        return max(1, sum(min(int(node.cpus), slots) for node, slots in zip(cluster.nodes, by_gpus, strict=True)))


_A_TRAINING = Step("target", "any", {}, {})


def legal(gpus: float | None) -> float | None:
    """The number as it is; raises RecipeError for one that Ray cannot give: a share below one, or whole GPUs."""
    if gpus is None or (0 <= gpus <= 1 and round(gpus, 4) == gpus) or (1 < gpus <= 64 and gpus == int(gpus)):
        return gpus
    value = f"gpus_per_step {gpus:g}"
    raise RecipeError(f"{value}: give 0, a share such as 0.25, or a whole number of GPUs up to 64", [value])


def nodes(rows: Sequence[Sequence[object]]) -> Cluster:
    """The cluster of (id, name, cpus, gpus) rows."""
    return Cluster(tuple(Node(str(row[0]), str(row[1]), float(str(row[2])), float(str(row[3]))) for row in rows))
