"""The Ray engine: the same steps on the machines of a Ray cluster that share the store's file system."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from xtransfer_stats.base.errors import StudyIncomplete
from xtransfer_stats.engines.attempt import WORK, AttemptResult, Ending
from xtransfer_stats.engines.consequences import LOOK_AGAIN, Consequences, Engine
from xtransfer_stats.engines.demands import Cluster, Demand, Demands, nodes
from xtransfer_stats.engines.engine import Outcome
from xtransfer_stats.engines.raybridge import Bridge, HeadLost
from xtransfer_stats.engines.raytask import last_words
from xtransfer_stats.study.step import Step

_OPEN = (
    "Whoever reaches the ports of this Ray cluster can run programs on it: keep it in a private network, and start it "
    "with RAY_AUTH_MODE=token."
)
_LOOKS = 64  # steps at most that are looked at for one that the cluster has room for


class RayEngine(Engine):
    """Runs steps as tasks of a Ray cluster; the store's locks keep them apart as on one machine.

    address: HOST:PORT of a head, auto, or None for a Ray of this machine alone, which ends with the run. demands: what
    steps ask for. Further options go to `ray.init`.
    """

    def __init__(
        self, address: str | None = None, work: str = WORK, demands: Demands | None = None, **options: Any
    ) -> None:
        self.address, self.work, self.options = address, work, options
        self.demands = demands or Demands()
        self._bridge: Bridge | None = None

    @contextmanager
    def ready(self) -> Iterator[int | None]:
        """As Engine.ready: connected to the cluster meanwhile."""
        self._bridge = Bridge(self.address, self.options)
        try:
            cluster = nodes(self._bridge.nodes)
            self.demands.check(cluster)
            yield self.demands.at_once(cluster)
        finally:
            self._bridge.close()
            self._bridge = None

    def remarks(self) -> tuple[str, ...]:
        """As Engine.remarks: a cluster that others can reach and that asks for no token."""
        return (_OPEN,) if self._bridge and self._bridge.open_to_others else ()

    def work_off(self, consequences: Consequences) -> Outcome:
        """As Engine.work_off."""
        if self._bridge is None:
            with self.ready():
                return self.work_off(consequences)
        tasks = _Tasks(consequences, self._bridge, self.demands, self.work)
        try:
            return tasks.run()
        except HeadLost as error:
            done = len(consequences.schedule.outcome.done)
            kept = f"{done} of {done + tasks.left} steps of this run are done and kept"
            raise StudyIncomplete(f"{error}. {kept}. Issue the same command again once the cluster is back.") from None
        finally:
            tasks.stop()


class _Tasks:
    """The tasks of one run."""

    def __init__(self, consequences: Consequences, bridge: Bridge, demands: Demands, work: str) -> None:
        self.consequences, self.schedule = consequences, consequences.schedule
        self.bridge, self.demands, self.work = bridge, demands, work
        self.cluster = nodes(bridge.nodes)
        self.running: dict[str, tuple[Step, Demand]] = {}
        self.warm: dict[str, str] = {}  # key of a step -> the machine that has its files in memory
        self.hosts: dict[str, str] = {}  # key of a running step -> its machine's name

    @property
    def left(self) -> int:
        """How many steps are neither done nor given up."""
        return self.schedule.left

    def run(self) -> Outcome:
        while not self.schedule.finished:
            self.consequences.look_at_busy()
            self._hand_out()
            for message in self.bridge.messages(LOOK_AGAIN):
                self._take(*message)
            self.schedule.close_if_over()
        return self.schedule.outcome

    def stop(self) -> None:
        """End the tasks, and clear away what they had not published."""
        if self.running:
            self.bridge.close()  # ends them
        for step, _ in self.running.values():
            self.consequences.store.sweep(step)
            last_words(self.consequences.store, step)

    def _hand_out(self) -> None:
        """Give out what the cluster has room for: what is given out late is chosen by the schedule, not by Ray."""
        waiting: list[Step] = []
        while self._room(Demand()) and len(waiting) < _LOOKS and (step := self.consequences.take()):
            demand = self.demands.of(step, self.cluster)
            if self._room(demand):
                self._begin(step, demand)
            else:
                waiting.append(step)
        for step in waiting:
            self.schedule.give_back(step.key)

    def _room(self, demand: Demand) -> bool:
        return self.cluster.fits(demand, (taken for _, taken in self.running.values()))

    def _begin(self, step: Step, demand: Demand) -> None:
        self.consequences.listener.started(step)
        self.running[step.key] = step, demand
        root, parents = str(self.consequences.store.root), self.schedule.parents(step)
        node = next((self.warm[key] for key in _encoders(step) if key in self.warm), None)
        self.bridge.send("do", root, step, parents, self.work, demand.cpus, demand.gpus, node)

    def _take(self, what: str, *told: Any) -> None:
        if what == "nodes":
            self._resize(nodes(told[0]))
            return
        key, *more = told
        if key not in self.running:
            return  # late news of a step that ended
        step = self.running[key][0]
        match what:
            case "at":
                self._placed(step, *more)
            case "progress":
                self.consequences.listener.progressed(step, *more)
            case "result":
                self._end(step, more[0])
            case "lost":
                self._end(step, AttemptResult(Ending.LOST, self._lost(step, more[0])))
            case "unable":
                self._end(step, AttemptResult(Ending.HALTED, _unable(more[-1])))

    def _placed(self, step: Step, node: str, host: str) -> None:
        self.hosts[step.key] = host
        self.warm |= dict.fromkeys((step.key, *_encoders(step)), node)
        self.consequences.listener.placed(step, host)

    def _end(self, step: Step, result: AttemptResult) -> None:
        del self.running[step.key]
        self.consequences.draw(step, result)
        self.hosts.pop(step.key, None)

    def _lost(self, step: Step, why: str) -> str:
        host = f" ({self.hosts[step.key]})" if step.key in self.hosts else ""
        return f"{why}{host}{last_words(self.consequences.store, step)}"

    def _resize(self, cluster: Cluster) -> None:
        """Machines joined or left."""
        if cluster != self.cluster and cluster.nodes:
            before, self.cluster = self.demands.at_once(self.cluster), cluster
            after = self.demands.at_once(cluster)
            if before != after:
                self.consequences.listener.resized(after)


def _encoders(step: Step) -> list[str]:
    """Keys of the steps whose weights this one reads, what was trained last first."""
    return [step.parents[role] for role in ("encoder", "pretrained") if role in step.parents]


def _unable(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    reason = next((line for line in lines if "No module named" in line), lines[-1] if lines else text)
    remedy = "install the same xtransfer-stats with its extras on every machine of the cluster"
    return f"the cluster's machines cannot run a step: {reason}; {remedy}."
