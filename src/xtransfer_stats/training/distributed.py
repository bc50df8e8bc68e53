"""Several processes that train one step, data parallel: each works through its parts of every batch.

All draw the same batches from the same seeds and make the same optimiser steps; gradients are summed between them
(a part's loss already carries its share of the batch's mean). One process alone, the usual case, does none of it.
The worker starts them, by this file as a program, and tells of their progress and their errors.
"""

import ctypes
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, TypeVar

import torch
from torch import nn

from xtransfer_stats.base.errors import DataError, XstatsError
from xtransfer_stats.training.features import Inputs, Progress

_MARK = "XSTATS_GROUP"  # set in the processes of a group
_OWNER = "XSTATS_OWNER"  # the worker's process number, for its group
_TASK, _ERROR, _FACTS = "task.json", "error.json", "facts.json"
_DEATH_SIGNAL = 1  # prctl's PR_SET_PDEATHSIG
T = TypeVar("T")


def inside() -> bool:
    """Whether this process is one of a group."""
    return _MARK in os.environ


def process_number() -> int:
    """This process's number in its group, 0 alone."""
    return int(os.environ.get("RANK", "0")) if inside() else 0


@dataclass(frozen=True)
class ProcessGroup:
    """`accelerator` is accelerate's Accelerator, None for one process alone."""

    accelerator: Any
    number: int
    size: int

    def mine(self, parts: Iterable[T]) -> Iterator[T]:
        """The parts that this process works through."""
        return (part for number, part in enumerate(parts) if number % self.size == self.number)

    def sum_gradients(self, parameters: Sequence[nn.Parameter]) -> None:
        """Replace every gradient by its sum over the processes; a parameter that no part reached keeps none."""
        if self.accelerator is None:
            return
        reached = torch.tensor([float(p.grad is not None) for p in parameters], device=self.accelerator.device)
        anywhere = self.accelerator.reduce(reached, reduction="sum").tolist()
        for parameter, count in zip(parameters, anywhere, strict=True):
            if count:
                own = torch.zeros_like(parameter) if parameter.grad is None else parameter.grad
                parameter.grad = self.accelerator.reduce(own, reduction="sum")

    def totals(self, values: list[float]) -> list[float]:
        """The sum of each number over the processes."""
        if self.accelerator is None:
            return values
        own = torch.tensor(values, dtype=torch.float32, device=self.accelerator.device)
        return self.accelerator.reduce(own, reduction="sum").tolist()

    def agreed(self, scores: dict[str, float]) -> dict[str, float]:
        """The first process's scores: all must stop at the same step."""
        if self.accelerator is None:
            return scores
        from accelerate.utils import broadcast_object_list

        return broadcast_object_list([scores])[0]


@cache
def process_group() -> ProcessGroup:
    """The group of this process."""
    if not inside():
        return ProcessGroup(None, 0, 1)
    from accelerate import Accelerator

    accelerator = Accelerator(cpu=os.environ[_MARK] == "cpu", mixed_precision="no")
    return ProcessGroup(accelerator, accelerator.process_index, accelerator.num_processes)


def process_count(args: Mapping[str, Any]) -> int:
    """How many devices, and so processes, a step is given."""
    return len(args.get("places", {}).get("device", "").split("+"))


def launch(
    work: Callable[..., dict[str, Any]],
    kind: str,
    args: Mapping[str, Any],
    inputs: Inputs,
    out: Path,
    progress: Progress,
) -> dict[str, Any]:
    """Have `work`, a module's function, run a step in as many processes as it has devices; return its facts.

    Raises DataError with a process's own message when one fails.
    """
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        task = {"module": work.__module__, "function": work.__name__, "kind": kind, "args": dict(args),
                "inputs": {role: str(path) for role, path in inputs.items()}, "out": str(out)}  # fmt: skip
        (place / _TASK).write_text(json.dumps(task), encoding="utf-8")
        _run(place, process_count(args), args["places"]["device"].split("+")[0], progress)
        if (place / _ERROR).is_file():
            raise DataError(json.loads((place / _ERROR).read_text(encoding="utf-8")))
        facts = json.loads((place / _FACTS).read_text(encoding="utf-8"))
    return facts | {"processes": process_count(args)}


def _run(place: Path, processes: int, device: str, progress: Progress) -> None:
    command = [sys.executable, "-m", "torch.distributed.run", "--nproc_per_node", str(processes), "--master_addr",
               "127.0.0.1", "--master_port", str(_free_port()), "-m", __name__, str(place)]  # fmt: skip
    environment = {**os.environ, _MARK: "cpu" if device == "cpu" else "gpu", "OMP_NUM_THREADS": "1"}
    environment[_OWNER] = str(os.getpid())
    with (place / "stderr").open("wb") as errors, subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=errors, env=environment, text=True, start_new_session=True,
        preexec_fn=_die_with_parent,
    ) as process:  # fmt: skip
        try:
            for line in process.stdout or ():
                done, _, total = line.strip().partition(" ")
                if done.isdigit() and total.isdigit():
                    progress(int(done), int(total))
            code = process.wait()
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
    if code and not (place / _ERROR).is_file():
        lines = (place / "stderr").read_text(encoding="utf-8", errors="replace").strip().splitlines()
        raise RuntimeError(f"{processes} processes ended with exit {code}: {lines[-1] if lines else 'no message'}")


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _die_with_parent() -> None:
    """Have the kernel end the launcher with the worker that started it (Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_DEATH_SIGNAL, signal.SIGKILL)


def _watch(owner: int) -> None:
    """End this process with the worker, which may be gone before this process has begun to look."""
    while True:
        try:
            os.kill(owner, 0)
        except ProcessLookupError:
            os._exit(1)
        time.sleep(1)


def main(folder: str) -> None:
    """Be one process of a group: the first writes the step's files, the facts and an error."""
    threading.Thread(target=_watch, args=(int(os.environ[_OWNER]),), daemon=True).start()
    place = Path(folder)
    task = json.loads((place / _TASK).read_text(encoding="utf-8"))
    # by name, as an engine does: the steps use this module, not it them
    work = getattr(import_module(task["module"]), task["function"])
    inputs = {role: Path(path) for role, path in task["inputs"].items()}
    first = process_number() == 0

    def progress(done: int, total: int) -> None:
        if first:
            print(done, total, flush=True)  # the worker reads it from this process's output

    with tempfile.TemporaryDirectory() as aside:
        out = Path(task["out"]) if first else Path(aside)
        try:
            facts = work(task["kind"], task["args"], inputs, out, progress)
        except XstatsError as error:
            (place / _ERROR).write_text(json.dumps(str(error)), encoding="utf-8")
            raise SystemExit(1) from None
    if first:
        (place / _FACTS).write_text(json.dumps(facts), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
