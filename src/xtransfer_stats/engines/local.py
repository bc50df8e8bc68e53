"""The local engine: worker processes of one thread each, which die with their owner, and the device of each.

No torch: a device "auto" is resolved inside the worker.
"""

import os
import re
import signal
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from multiprocessing import get_context, resource_tracker
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any

from xtransfer_stats.base.errors import RecipeError
from xtransfer_stats.base.processes import without_main
from xtransfer_stats.engines.attempt import WORK, AttemptResult, attempt_step, died
from xtransfer_stats.engines.consequences import LOOK_AGAIN, Consequences, Engine
from xtransfer_stats.engines.engine import Outcome
from xtransfer_stats.store.store import Store
from xtransfer_stats.study.step import Step

CPU, AUTO = "cpu", "auto"
_KNOWN = re.compile(r"cpu|cuda:\d+")


def parse(text: str) -> tuple[str, ...]:
    """Read a text of devices: cpu, auto (all GPUs, else the CPU), or such as cuda:0,cuda:1. Raises RecipeError."""
    names = tuple(part.strip() for part in text.split(","))
    if names == (AUTO,):
        return names
    wrong = [name for name in names if not _KNOWN.fullmatch(name)]
    if wrong or len(set(names)) < len(names):
        value = f"devices {text!r}"
        raise RecipeError(f"{value}: give cpu, auto, or different devices such as cuda:0,cuda:1", [value])
    return names


def grouped(devices: Sequence[str], size: int) -> tuple[str, ...]:
    """Groups of `size` devices, each joined by "+": what one training step is given. Raises RecipeError."""
    if size < 1 or (devices[0] not in (AUTO, CPU) and len(devices) % size):
        values = f"devices_per_step {size}", f"devices {','.join(devices)}"
        remedy = "give a number from 1 up that divides the number of devices"
        raise RecipeError(f"{' with '.join(values)}: {remedy}", values)
    if devices[0] in (AUTO, CPU):
        return ("+".join([devices[0]] * size),)
    return tuple("+".join(devices[first : first + size]) for first in range(0, len(devices), size))


def share(devices: Sequence[str], number: int) -> str:
    """The device (or group) of worker `number`, from 0, round robin; training.hardware resolves auto:N."""
    parts = devices[number % len(devices)].split("+")
    return "+".join(f"{AUTO}:{number * len(parts) + i}" if part == AUTO else part for i, part in enumerate(parts))


def workers_for(devices: Sequence[str], folder: Path = Path("/dev")) -> int | None:
    """How many workers fit: one a GPU or group of GPUs; None where there is none, so that the cores decide."""
    parts = devices[0].split("+")
    if parts[0] == AUTO:
        gpus = _visible(folder)
        return max(1, gpus // len(parts)) if gpus else None
    return len(devices) if parts[0] != CPU else None


def _visible(folder: Path) -> int:
    """GPUs that the driver shows to this process, counted by its device files."""
    count = len([path for path in folder.glob("nvidia*") if re.fullmatch(r"nvidia\d+", path.name)])
    allowed = os.environ.get("CUDA_VISIBLE_DEVICES")
    if allowed is None:
        return count
    named = [name for name in allowed.split(",") if name.strip() and name.strip() != "-1"]
    return min(count, len(named))


# Two threads a process would fight over the cores, and sums would depend on their number.
_ENVIRONMENT = dict.fromkeys(("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")
_ENVIRONMENT["TOKENIZERS_PARALLELISM"] = "false"


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
        self.process = context.Process(target=_serve, args=(theirs, self.root, self.work, os.getpid()), daemon=True)
        with _inherited(), without_main():
            self.process.start()
        theirs.close()

    def send(self, step: Step, parents: Mapping[str, Step]) -> None:
        """Start the worker on a step."""
        self.step = step
        self.pipe.send((replace(step, places={**step.places, "device": self.device}), dict(parents)))

    def receive(self, step: Step) -> tuple[int, int] | AttemptResult:
        """Return the next message: progress or a result; a dead worker's is a failure."""
        try:
            return self.pipe.recv()
        except (EOFError, ConnectionResetError):
            self.process.join()
            how = f"its worker died (exit {self.process.exitcode}): out of memory, or killed from outside"
            return died(Store(self.root), step, how)

    def stop(self) -> None:
        """End the process now; what it was at stays unpublished."""
        self.process.kill()
        self.process.join()
        self.pipe.close()


@contextmanager
def _inherited() -> Iterator[None]:
    """What a process started meanwhile inherits: one thread a library, and deafness to Ctrl-C and SIGTERM at once.

    The owner hears both, which a terminal and a job queue send to the whole group, and stops its workers itself.
    """
    # Started with the first process otherwise, and it would lift the mask just before that process begins.
    resource_tracker.ensure_running()
    previous = {name: os.environ.get(name) for name in _ENVIRONMENT}
    os.environ.update(_ENVIRONMENT)
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
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


class LocalEngine(Engine):
    """Runs steps in `workers` processes; on CPU, scores do not depend on how many.

    `devices` are given to the workers in turn.
    """

    def __init__(self, workers: int, work: str = WORK, devices: Sequence[str] = (CPU,)) -> None:
        self.workers, self.work, self.devices = workers, work, tuple(devices)

    def work_off(self, consequences: Consequences) -> Outcome:
        """As Engine.work_off."""
        crew = _Crew(consequences, self.workers, self.work, self.devices)
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
        idle = [worker for worker in self.workers if worker.step is None]
        while (idle or len(self.workers) < self.limit) and (step := self.consequences.take()):
            worker = idle.pop(0) if idle else self._hire()
            self.consequences.listener.started(step)
            worker.send(step, self.schedule.parents(step))

    def _hire(self) -> Worker:
        # The lowest number that is free: who follows a dead worker takes over its device.
        number = next(n for n in range(self.limit) if n not in {worker.number for worker in self.workers})
        worker = Worker(self.consequences.store.root, self.work, number, share(self.devices, number))
        self.workers.append(worker)
        return worker

    def _hear(self) -> None:
        """Take the messages of busy workers, waiting a little for the first."""
        pipes: dict[Any, Worker] = {worker.pipe: worker for worker in self.workers if worker.step is not None}
        if not pipes:
            time.sleep(LOOK_AGAIN)
            return
        for pipe in wait(list(pipes), timeout=LOOK_AGAIN):
            self._take(pipes[pipe])

    def _take(self, worker: Worker) -> None:
        step = worker.step
        if step is None:
            return
        message = worker.receive(step)
        if not isinstance(message, AttemptResult):
            self.consequences.listener.progressed(step, *message)
            return
        worker.step = None
        if not worker.process.is_alive():
            self.workers.remove(worker)
        self.consequences.draw(step, message)
