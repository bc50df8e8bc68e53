"""The Ray engine: the same steps on the machines of a Ray cluster that share the store's file system."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from xtransfer_stats.engines.consequences import (
    LOOK_AGAIN,
    WORK,
    AttemptResult,
    Consequences,
    Ending,
    Engine,
    attempt_step,
)
from xtransfer_stats.engines.engine import Outcome
from xtransfer_stats.store.store import Store
from xtransfer_stats.study.step import Step


class RayEngine(Engine):
    """Runs steps as Ray tasks of one CPU each; the store's locks keep them apart as on one machine."""

    def __init__(self, address: str | None = None, work: str = WORK, **options: Any) -> None:
        self.address, self.work, self.options = address, work, options

    def work_off(self, consequences: Consequences) -> Outcome:
        """As Engine.work_off. A Ray that this call starts, it stops."""
        import ray

        started = not ray.is_initialized()
        if started:
            ray.init(address=self.address, log_to_driver=False, include_dashboard=False, **self.options)
        try:
            return self._run(consequences)
        finally:
            if started:
                ray.shutdown()

    def _run(self, consequences: Consequences) -> Outcome:
        import ray

        schedule, slots = consequences.schedule, max(1, int(ray.cluster_resources().get("CPU", 1)))
        remote = ray.remote(num_cpus=1, max_retries=0)(_attempt)
        running: dict[Any, Step] = {}
        while not schedule.finished:
            consequences.look_at_busy()
            # No more tasks than slots: what is given out late is chosen by the schedule, not by Ray's queue.
            while len(running) < slots and (step := schedule.take()):
                consequences.listener.started(step)
                parents = schedule.parents(step)
                running[remote.remote(str(consequences.store.root), step, parents, self.work)] = step
            ready, _ = ray.wait(list(running), timeout=LOOK_AGAIN) if running else ([], [])
            for reference in ready:
                consequences.draw(running.pop(reference), _result(reference))
            schedule.close_if_over()
        for reference, step in running.items():
            ray.cancel(reference, force=True)
            consequences.store.sweep(step)
        return schedule.outcome


def _attempt(root: str, step: Step, parents: Mapping[str, Step], work: str) -> AttemptResult:
    return attempt_step(Store(Path(root)), step, parents, lambda done, total: None, work)


def _result(reference: Any) -> AttemptResult:
    import ray

    try:
        return ray.get(reference)
    except ray.exceptions.RayError as error:
        return AttemptResult(Ending.FAILED, f"its Ray task was lost: {error}")
