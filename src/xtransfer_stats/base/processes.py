"""Worker processes that a user's script may start from anywhere in it, and how processes are told to end."""

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any


def cores() -> int:
    """Processor cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@contextmanager
def without_main() -> Iterator[None]:
    """Processes started meanwhile do not run the caller's script again, as spawned ones do to find its functions.

    Ours need none of it, so a script may call us without `if __name__ == "__main__"`.
    """
    main = sys.modules["__main__"].__dict__
    kept: dict[str, Any] = {name: main[name] for name in ("__file__", "__spec__") if name in main}
    main.update(dict.fromkeys(kept))
    try:
        yield
    finally:
        main.update(kept)


class Terminated(KeyboardInterrupt):
    """SIGTERM was heard: it ends work as Ctrl-C does, sweeping what is half-done."""


@contextmanager
def termination_heard() -> Iterator[None]:
    """SIGTERM meanwhile raises Terminated in the main thread, once: a second one does not disturb the sweeping.

    In other threads, which hear no signals, it stays as it is.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def heard(number: int, frame: FrameType | None) -> None:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        raise Terminated

    before = signal.signal(signal.SIGTERM, heard)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_DFL if before is None else before)
