"""The local engine: worker processes of one thread each."""

import time
from collections.abc import Mapping, Sequence
from multiprocessing.connection import wait

from xtransfer_stats.engines.engine import Listener, Outcome
from xtransfer_stats.engines.perform import WORK, Ending, Result
from xtransfer_stats.engines.schedule import Schedule
from xtransfer_stats.engines.worker import Worker
from xtransfer_stats.errors import StoreError
from xtransfer_stats.store.store import Store
from xtransfer_stats.study.step import Step

_LOOK_AGAIN = 0.5  # seconds between looks at steps that other processes hold


class LocalEngine:
    """Runs steps in `workers` processes; scores do not depend on how many."""

    def __init__(self, workers: int, work: str = WORK) -> None:
        self.workers, self.work = workers, work

    def run(self, steps: Mapping[str, Step], missing: Sequence[str], store: Store, listener: Listener) -> Outcome:
        """Run the missing steps; see `Engine`."""
        session = _Session(Schedule(steps, missing), store, listener, self.work)
        try:
            session.work(min(self.workers, len(missing)))
        finally:
            session.stop()
        return session.schedule.outcome


class _Session:
    def __init__(self, schedule: Schedule, store: Store, listener: Listener, work_by: str) -> None:
        self.schedule, self.store, self.listener = schedule, store, listener
        self.work_by = work_by
        self.workers: list[Worker] = []
        self.busy: dict[str, float] = {}  # steps that other processes hold -> when to look again

    def work(self, workers: int) -> None:
        while not self.schedule.finished:
            self._look_at_busy()
            self._assign(workers)
            self._hear()

    def stop(self) -> None:
        for worker in self.workers:
            worker.stop()

    def _assign(self, limit: int) -> None:
        """Give a step to each idle worker, starting workers while there is work for them."""
        while (worker := self._idle()) or len(self.workers) < limit:
            step = self.schedule.take()
            if step is None:
                return
            worker = worker or self._hire()
            self.listener.started(step)
            worker.send(step, {role: self.schedule.steps[key] for role, key in step.parents.items()})

    def _idle(self) -> Worker | None:
        return next((worker for worker in self.workers if worker.step is None), None)

    def _hire(self) -> Worker:
        worker = Worker(self.store.root, self.work_by)
        self.workers.append(worker)
        return worker

    def _hear(self) -> None:
        pipes = {worker.pipe: worker for worker in self.workers if worker.step is not None}
        if not pipes:
            time.sleep(_LOOK_AGAIN)
        for pipe in wait(list(pipes), timeout=_LOOK_AGAIN) if pipes else ():
            self._take(pipes[pipe])  # type: ignore[index]

    def _take(self, worker: Worker) -> None:
        step, message = worker.step, worker.receive()
        if step is None:
            return
        if not isinstance(message, Result):
            self.listener.progressed(step, *message)
            return
        worker.step = None
        if not worker.alive:
            self.workers.remove(worker)
        self._settle(step, message)

    def _settle(self, step: Step, result: Result) -> None:
        settle = {
            Ending.DONE: self._done,
            Ending.ELSEWHERE: self._done,
            Ending.BUSY: self._held,
            Ending.FAILED: self._failed,
            Ending.DAMAGED: self._damaged,
            Ending.HALTED: self._halted,
        }
        settle[result.ending](step, result)

    def _done(self, step: Step, result: Result) -> None:
        self.schedule.done(step.key)
        self.listener.finished(step, elsewhere=result.ending is Ending.ELSEWHERE)

    def _held(self, step: Step, result: Result) -> None:
        self.busy[step.key] = time.monotonic() + _LOOK_AGAIN

    def _failed(self, step: Step, result: Result) -> None:
        self.schedule.fail(step.key, result.message)
        self.listener.failed(step, result.message)

    def _damaged(self, step: Step, result: Result) -> None:
        culprit = self.schedule.steps[result.culprit]
        with self.store.claimed(culprit) as mine:
            if mine:
                self.store.remove(culprit)
        self.listener.damaged(culprit, result.message)
        self.schedule.redo(culprit.key, step.key)

    def _halted(self, step: Step, result: Result) -> None:
        raise StoreError(result.message)

    def _look_at_busy(self) -> None:
        now = time.monotonic()
        for key in [key for key, when in self.busy.items() if when <= now]:
            del self.busy[key]
            self.schedule.give_back(key)
