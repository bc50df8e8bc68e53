"""A worker process: performs the steps it is sent, one thread, and dies with its owner."""

import os
import signal
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from multiprocessing import get_context, resource_tracker
from multiprocessing.connection import Connection
from pathlib import Path

from xtransfer_stats.engines.devices import CPU
from xtransfer_stats.engines.perform import WORK, Ending, Result, perform
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
            pipe.send(perform(store, step, parents, lambda done, total: pipe.send((done, total)), work))
        except (EOFError, BrokenPipeError, ConnectionResetError):
            return


def _die_with(owner: int) -> None:
    while os.getppid() == owner:
        time.sleep(1)
    os._exit(1)
