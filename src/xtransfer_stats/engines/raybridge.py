"""The owner's end of the process that speaks with Ray: connecting to a cluster, and noticing that it is lost."""

import os
import re
import socket
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from xtransfer_stats.base.errors import RecipeError, StudyIncomplete
from xtransfer_stats.base.processes import without_main
from xtransfer_stats.engines import raydriver

LOCAL, AUTO = "local", "auto"
_ANSWERS = 5.0  # seconds in which the head of a cluster answers a knock
_STARTS = 120.0  # seconds in which a Ray of our own is there, on a busy machine
_JOINS = 45.0  # seconds in which a cluster takes us in
_LOST = 12.0  # seconds without an answer after which the head is lost; Ray itself waits 60, then ends the process
_KNOCKS = 2.0
_ENDS = 15.0


class HeadLost(StudyIncomplete):
    """The head of the cluster does not answer any more: no step can be given to it."""


class Bridge:
    """A process that speaks with a Ray cluster. Raises RecipeError that names the address where there is none."""

    def __init__(self, address: str | None, options: Mapping[str, Any]) -> None:
        self.address, self._source = _address(address)
        self._head = _host_and_port(self.address, self._source)
        self._log = Path(tempfile.mkstemp(prefix="xstats-ray-", suffix=".log")[1])
        context = get_context("spawn")
        self._pipe, theirs = context.Pipe()
        given = theirs, os.getpid(), str(self._log), self.address, dict(options)
        self._process = context.Process(target=raydriver.serve, args=given, daemon=True)
        with without_main():
            self._process.start()
        theirs.close()
        self._answered = self._knocked = time.monotonic()
        self.nodes: list[tuple[Any, ...]] = self._joined()

    def _joined(self) -> list[tuple[Any, ...]]:
        """The cluster's machines, once it took us in."""
        try:
            message = self._first(_STARTS if self.address == LOCAL else _JOINS)
        except BaseException:
            self.close()
            raise
        host, _, port = message[1].rpartition(":")
        self._head = (host, int(port))
        self._answered = time.monotonic()
        return message[2]

    def _first(self, seconds: float) -> tuple[Any, ...]:
        if not self._pipe.poll(seconds):
            raise self._refusal(f"it did not take us in within {seconds:.0f} s; is that the port of a Ray head?")
        try:
            message = self._pipe.recv()
        except (EOFError, ConnectionResetError):
            raise self._refusal(self._last_line()) from None
        if message[0] == "refused":
            raise self._refusal(message[1].splitlines()[0] if message[1] else "no reason was given")
        return message

    def _last_line(self) -> str:
        lines = [line for line in self._log.read_text(errors="replace").splitlines() if line.strip()]
        return f"Ray ended: {lines[-1][:300]}" if lines else "Ray ended without a word"

    def _refusal(self, why: str) -> RecipeError:
        if self.address == LOCAL:
            return RecipeError(f"engine ray: no Ray could be started on this machine: {why}", ["engine ray"])
        return _no_cluster(self.address, self._source, why)

    @property
    def open_to_others(self) -> bool:
        """Whether the head listens beyond this machine, and no token is asked for."""
        beyond = self._head is not None and not self._head[0].startswith("127.") and self._head[0] != "::1"
        return beyond and os.environ.get("RAY_AUTH_MODE") != "token"

    def send(self, *message: Any) -> None:
        """Ask for something; raises HeadLost where nobody is there to ask."""
        try:
            self._pipe.send(message)
        except (BrokenPipeError, ConnectionResetError):
            raise self._lost(self._last_line()) from None

    def messages(self, timeout: float) -> Iterator[tuple[Any, ...]]:
        """What was told meanwhile, waiting a little for the first; raises HeadLost."""
        self._knock()
        while self._pipe.poll(timeout):
            try:
                yield self._pipe.recv()
            except (EOFError, ConnectionResetError):
                raise self._lost(self._last_line()) from None
            timeout = 0

    def _knock(self) -> None:
        """See now and then whether the head is there."""
        now = time.monotonic()
        if now - self._knocked < _KNOCKS or self._head is None:
            return
        self._knocked = now
        if _answers(self._head):
            self._answered = time.monotonic()
        elif now - self._answered > _LOST:
            raise self._lost("its head does not answer any more")

    def _lost(self, why: str) -> HeadLost:
        self._process.kill()  # it waits for an answer that does not come
        place = "that was started here" if self.address == LOCAL else f"at {self.address}"
        return HeadLost(f"the Ray cluster {place} is lost: {why}")

    def close(self) -> None:
        """Leave the cluster, whose tasks of ours end; a Ray that was started here ends."""
        with suppress(OSError):
            self._pipe.send(("stop",))
        until = time.monotonic() + _ENDS
        while self._process.is_alive() and time.monotonic() < until:
            with suppress(EOFError, OSError):
                while self._pipe.poll(0.1):
                    self._pipe.recv()  # a full pipe would keep it from hearing us
        self._process.kill()
        self._process.join()
        self._pipe.close()
        self._log.unlink(missing_ok=True)


def _address(given: str | None) -> tuple[str, str]:
    """The address and the name of what gave it: the argument, RAY_ADDRESS, or a Ray that a Python user has open."""
    if given is not None:
        return given.strip(), "address"
    ray = sys.modules.get("ray")
    if ray is not None and ray.is_initialized():
        return ray.get_runtime_context().gcs_address, "address"
    named = os.environ.get("RAY_ADDRESS")
    return (named, "RAY_ADDRESS") if named else (LOCAL, "address")


def _host_and_port(address: str, source: str) -> tuple[str, int] | None:
    """Where the head listens; None where Ray itself finds it. Raises RecipeError, also where nobody answers."""
    if address in (LOCAL, AUTO):
        return None
    if "://" in address:
        raise _no_cluster(address, source, "Ray's client protocol is not used here")
    found = re.fullmatch(r"(?P<host>[\w.-]+|\[[0-9a-fA-F:]+\]):(?P<port>\d{1,5})", address)
    if not found or not 0 < int(found["port"]) < 65536:
        raise _no_cluster(address, source, "that is no HOST:PORT")
    head = found["host"].strip("[]"), int(found["port"])
    if not _answers(head):
        raise _no_cluster(address, source, "nobody answers there")
    return head


def _no_cluster(address: str, source: str, why: str) -> RecipeError:
    value = f"{source} {address!r}"
    remedy = "give HOST:PORT of the cluster's head (`ray start --head` prints it; the port is 6379 by default), "
    return RecipeError(f"{value}: {why}; {remedy}auto for a cluster of this machine, or leave it out", [value])


def _answers(head: tuple[str, int]) -> bool:
    try:
        with socket.create_connection(head, timeout=_ANSWERS):
            return True
    except OSError:
        return False
