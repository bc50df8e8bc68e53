"""The local engine: worker processes of one thread each, which die with their owner."""

import os
import signal
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from multiprocessing import get_context, resource_tracker
from multiprocessing.connection import Connection, wait
from pathlib import Path

from xtransfer_stats.engines.attempt import WORK, Ending, Result, attempt_step
from xtransfer_stats.engines.consequences import LOOK_AGAIN, Consequences
from xtransfer_stats.engines.devices import CPU, share
from xtransfer_stats.engines.engine import NONE, Limits, Listener, Outcome
from xtransfer_stats.store.store import Store
from xtransfer_stats.study.step import Step

# Two threads a process would fight over the cores, and sums would depend on their number.
_ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")
_ENVIRONMENT = _ONE_THREAD | {"TOKENIZERS_PARALLELISM": "false"}


@dataclass
class Worker:
    """The owner's handle: a process, the pipe to it, the device it runs on, and the step it is at."""

    root: Path
    work: str = WORK
    number: int = 0
    device: str = CPU

    def __post_init__(self) -> None:
        self.step: Step | None = None
        context = get_context("spawn")
        self.pipe, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs, self.root, self.work, os.getpid()), daemon=True)
        with _inherited():
            self._process.start()
        theirs.close()

    def send(self, step: Step, parents: Mapping[str, Step]) -> None:
        """Start the worker on a step."""
        self.step = step
        self.pipe.send((replace(step, places={**step.places, "device": self.device}), dict(parents)))

    def receive(self) -> tuple[int, int] | Result:
        """Return the next message: progress or a result; a dead worker's is a failure."""
        try:
            return self.pipe.recv()
        except (EOFError, ConnectionResetError):
            self._process.join()
            code = self._process.exitcode
            return Result(Ending.FAILED, f"its worker died (exit {code}): out of memory, or killed from outside")

    @property
    def alive(self) -> bool:
        """Whether the process still runs."""
        return self._process.is_alive()

    def stop(self) -> None:
        """End the process now; what it was at stays unpublished."""
        self._process.kill()
        self._process.join()
        self.pipe.close()


@contextmanager
def _inherited() -> Iterator[None]:
    """What a process started meanwhile inherits: one thread a library, and deafness to Ctrl-C from its first moment.

    The owner hears Ctrl-C and stops its workers itself.
    """
    # Started with the first process otherwise, and it would lift the mask just before that process begins.
    resource_tracker.ensure_running()
    previous = {name: os.environ.get(name) for name in _ENVIRONMENT}
    os.environ.update(_ENVIRONMENT)
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        for name, value in previous.items():
            os.environ.pop(name) if value is None else os.environ.update({name: value})


def _serve(pipe: Connection, root: Path, work: str, owner: int) -> None:
    threading.Thread(target=_die_with, args=(owner,), daemon=True).start()
    store = Store(root)
    while True:
        try:
            step, parents = pipe.recv()
            pipe.send(attempt_step(store, step, parents, lambda done, total: pipe.send((done, total)), work))
        except (EOFError, BrokenPipeError, ConnectionResetError):
            return


def _die_with(owner: int) -> None:
    while os.getppid() == owner:
        time.sleep(1)
    os._exit(1)


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
        consequences = Consequences(steps, missing, store, listener, limits)
        crew = _Crew(consequences, min(self.workers, len(missing)), self.work, self.devices)
        try:
            return crew.run()
        finally:
            crew.stop()


class _Crew:
    """The workers of one run."""

    def __init__(self, consequences: Consequences, limit: int, work: str, devices: Sequence[str]) -> None:
        self.consequences, self.schedule = consequences, consequences.schedule
        self.limit, self.work, self.devices = limit, work, devices
        self.workers: list[Worker] = []

    def run(self) -> Outcome:
        while not self.schedule.finished:
            self.consequences.look_at_busy()
            self._assign()
            self._hear()
            self.schedule.close_if_over()
        return self.schedule.outcome

    def stop(self) -> None:
        """End the workers, and clear away what they had not published."""
        for worker in self.workers:
            worker.stop()
            if worker.step is not None:
                self.consequences.store.sweep(worker.step)

    def _assign(self) -> None:
        """Give a step to each idle worker, starting workers while there is work for them."""
        while (worker := self._idle()) or len(self.workers) < self.limit:
            step = self.schedule.take()
            if step is None:
                return
            worker = worker or self._hire()
            self.consequences.listener.started(step)
            worker.send(step, self.schedule.parents(step))

    def _idle(self) -> Worker | None:
        return next((worker for worker in self.workers if worker.step is None), None)

    def _hire(self) -> Worker:
        # The lowest number that is free: who follows a dead worker takes over its device.
        number = next(n for n in range(self.limit) if n not in {worker.number for worker in self.workers})
        worker = Worker(self.consequences.store.root, self.work, number, share(self.devices, number))
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
            self.consequences.listener.progressed(step, *message)
            return
        worker.step = None
        if not worker.alive:
            self.workers.remove(worker)
        self.consequences.draw(step, message)
