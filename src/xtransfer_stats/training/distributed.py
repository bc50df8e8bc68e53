"""One training step by several processes: started by the worker, which tells of their progress and their errors."""

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
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from xtransfer_stats.base.errors import DataError, XstatsError
from xtransfer_stats.training.group import MARK, rank

_OWNER = "XSTATS_OWNER"  # the worker's process number, for its group
_TOLD, _ERROR, _FACTS = "task.json", "error.json", "facts.json"
_DEATH_SIGNAL = 1  # prctl's PR_SET_PDEATHSIG


def count(args: Mapping[str, Any]) -> int:
    """How many devices, and so processes, a step is given."""
    return len(args.get("places", {}).get("device", "").split("+"))


def launch(
    kind: str, args: Mapping[str, Any], inputs: Mapping[str, Path], out: Path, progress: Callable[[int, int], None]
) -> dict[str, Any]:
    """Run a step in as many processes as it has devices; returns its facts.

    Raises DataError with a process's own message when one fails.
    """
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        told = {"kind": kind, "args": dict(args), "inputs": {k: str(v) for k, v in inputs.items()}, "out": str(out)}
        (place / _TOLD).write_text(json.dumps(told), encoding="utf-8")
        _run(place, count(args), args["places"]["device"].split("+")[0], progress)
        if (place / _ERROR).is_file():
            raise DataError(json.loads((place / _ERROR).read_text(encoding="utf-8")))
        return json.loads((place / _FACTS).read_text(encoding="utf-8")) | {"processes": count(args)}


def _run(place: Path, processes: int, device: str, progress: Callable[[int, int], None]) -> None:
    command = [sys.executable, "-m", "torch.distributed.run", "--nproc_per_node", str(processes), "--master_addr",
               "127.0.0.1", "--master_port", str(_free_port()), "-m", __name__, str(place)]  # fmt: skip
    environment = {**os.environ, MARK: "cpu" if device == "cpu" else "gpu", "OMP_NUM_THREADS": "1"}
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
    from xtransfer_stats.training.phases import run_step

    threading.Thread(target=_watch, args=(int(os.environ[_OWNER]),), daemon=True).start()
    place = Path(folder)
    told = json.loads((place / _TOLD).read_text(encoding="utf-8"))
    first = rank() == 0

    def progress(done: int, total: int) -> None:
        if first:
            print(done, total, flush=True)  # the worker reads it from this process's output

    with tempfile.TemporaryDirectory() as aside:
        out = Path(told["out"]) if first else Path(aside)
        try:
            facts = run_step(told["kind"], told["args"], {k: Path(v) for k, v in told["inputs"].items()}, out, progress)
        except XstatsError as error:
            (place / _ERROR).write_text(json.dumps(str(error)), encoding="utf-8")
            raise SystemExit(1) from None
    if first:
        (place / _FACTS).write_text(json.dumps(facts), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
