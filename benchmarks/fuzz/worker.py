"""A process that takes one input after the other; it is replaced when it dies or takes too much."""

import multiprocessing
import os
import tempfile
import time
import traceback
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

from benchmarks.fuzz.inputs import Input

SECONDS, WALL = 10.0, 60.0  # of one input: its processor's time, and by the clock, as for a pipe that never ends
MEMORY = 2 * 2**30  # bytes resident
_TICKS, _PAGE = os.sysconf("SC_CLK_TCK"), os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True)
class Outcome:
    """came: accepted, refused, silent, traceback, hang, memory or died. detail: the traceback, or the exit code."""

    came: str
    detail: str = ""


class Worker:
    """Runs inputs in a process of its own."""

    def __init__(self) -> None:
        self._start()

    def _start(self) -> None:
        self._pipe, theirs = multiprocessing.get_context("spawn").Pipe()
        self._process = multiprocessing.get_context("spawn").Process(target=_serve, args=(theirs,), daemon=True)
        self._process.start()
        theirs.close()
        self._pipe.recv()  # it has imported everything

    def run(self, given: Input) -> Outcome:
        """What an input came to."""
        began, used = time.monotonic(), self._used()
        self._pipe.send(given)
        while not self._pipe.poll(0.02):
            trouble = self._trouble(began, used)
            if trouble is not None:
                self._replace()
                return trouble
        try:
            return Outcome(*self._pipe.recv())
        except EOFError:
            self._process.join()
            died = Outcome("died", f"exit code {self._process.exitcode}")
            self._replace()
            return died

    def _trouble(self, began: float, used: float) -> Outcome | None:
        if not self._process.is_alive():
            return Outcome("died", f"exit code {self._process.exitcode}")
        spent, waited = self._used() - used, time.monotonic() - began
        if spent > SECONDS or waited > WALL:
            return Outcome("hang", f"{spent:.0f} s of processor, {waited:.0f} s by the clock")
        held = self._held()
        return Outcome("memory", f"{held / 2**30:.1f} GB") if held > MEMORY else None

    def _used(self) -> float:
        """Seconds of processor that the process has used."""
        try:
            fields = Path(f"/proc/{self._process.pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            return 0.0
        return (int(fields[11]) + int(fields[12])) / _TICKS

    def _held(self) -> int:
        try:
            return int(Path(f"/proc/{self._process.pid}/statm").read_text().split()[1]) * _PAGE
        except OSError:
            return 0

    def _replace(self) -> None:
        self.close()
        self._start()

    def close(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.join()
        self._pipe.close()


def _serve(pipe: Connection) -> None:
    """Take inputs until the other end is gone."""
    from benchmarks.fuzz.routes import drive

    pipe.send("ready")
    while True:
        try:
            given = pipe.recv()
        except EOFError:
            return
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
            try:
                answer = (drive(given, Path(folder)), "")
            except Exception:
                answer = ("traceback", traceback.format_exc()[-3000:])
        pipe.send(answer)
