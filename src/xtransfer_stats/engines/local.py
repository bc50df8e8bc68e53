"""The local engine: worker processes of one thread each."""

import time
from collections.abc import Mapping, Sequence
from multiprocessing.connection import Connection, wait

from xtransfer_stats.engines.devices import CPU, share
from xtransfer_stats.engines.engine import NONE, Limits, Listener, Outcome
from xtransfer_stats.engines.perform import WORK, Result
from xtransfer_stats.engines.settle import LOOK_AGAIN, Settlement, settlement_of
from xtransfer_stats.engines.worker import Worker
from xtransfer_stats.store.store import Store
from xtransfer_stats.study.step import Step


class LocalEngine:
    """Runs steps in `workers` processes; on CPU, scores do not depend on how many.

    `devices` are given to the workers in turn (engines.devices).
    """

    def __init__(self, workers: int, work: str = WORK, devices: Sequence[str] = (CPU,)) -> None:
        self.workers, self.work, self.devices = workers, work, tuple(devices)

    def run(
        self,
        steps: Mapping[str, Step],
        missing: Sequence[str],
        store: Store,
        listener: Listener,
        limits: Limits = NONE,
    ) -> Outcome:
        """Run the missing steps; see `Engine`."""
        settlement = settlement_of(steps, missing, store, listener, limits)
        crew = _Crew(settlement, min(self.workers, len(missing)), self.work, self.devices)
        try:
            return crew.run()
        finally:
            crew.stop()


class _Crew:
    """The workers of one run."""

    def __init__(self, settlement: Settlement, limit: int, work: str, devices: Sequence[str]) -> None:
        self.settlement, self.schedule = settlement, settlement.schedule
        self.limit, self.work, self.devices = limit, work, devices
        self.workers: list[Worker] = []

    def run(self) -> Outcome:
        while not self.schedule.finished:
            self.settlement.look_at_busy()
            self._assign()
            self._hear()
            self.schedule.close_if_over()
        return self.schedule.outcome

    def stop(self) -> None:
        """End the workers, and clear away what they had not published."""
        for worker in self.workers:
            worker.stop()
            if worker.step is not None:
                self.settlement.store.sweep(worker.step)

    def _assign(self) -> None:
        """Give a step to each idle worker, starting workers while there is work for them."""
        while (worker := self._idle()) or len(self.workers) < self.limit:
            step = self.schedule.take()
            if step is None:
                return
            worker = worker or self._hire()
            self.settlement.listener.started(step)
            worker.send(step, self.schedule.parents(step))

    def _idle(self) -> Worker | None:
        return next((worker for worker in self.workers if worker.step is None), None)

    def _hire(self) -> Worker:
        # The lowest number that is free: who follows a dead worker takes over its device.
        number = next(n for n in range(self.limit) if n not in {worker.number for worker in self.workers})
        worker = Worker(self.settlement.store.root, self.work, number, share(self.devices, number))
        self.workers.append(worker)
        return worker

    def _hear(self) -> None:
        """Take the messages of busy workers, waiting a little for the first."""
        pipes: dict[object, Worker] = {worker.pipe: worker for worker in self.workers if worker.step is not None}
        if not pipes:
            time.sleep(LOOK_AGAIN)
            return
        waiting: list[Connection] = [worker.pipe for worker in pipes.values()]
        for pipe in wait(waiting, timeout=LOOK_AGAIN):
            self._take(pipes[pipe])

    def _take(self, worker: Worker) -> None:
        step, message = worker.step, worker.receive()
        if step is None:
            return
        if not isinstance(message, Result):
            self.settlement.listener.progressed(step, *message)
            return
        worker.step = None
        if not worker.alive:
            self.workers.remove(worker)
        self.settlement.settle(step, message)
