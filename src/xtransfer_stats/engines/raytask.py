"""What runs on a machine of a Ray cluster: one attempt at a step, its log, and word of how far it is."""

import os
import socket
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from xtransfer_stats.base import __version__
from xtransfer_stats.base.errors import StoreError
from xtransfer_stats.engines.attempt import AttemptResult, Ending, attempt_step, halted
from xtransfer_stats.store.disk import explained
from xtransfer_stats.store.store import Store
from xtransfer_stats.study.step import Step

_OFTEN = 0.5  # seconds between words of progress: a step of milliseconds must not flood the cluster
_LAST_LINES = 5


class Board:
    """Where steps tell the driver where they run and how far they are; an actor beside the driver."""

    def __init__(self) -> None:
        self._news: list[tuple[Any, ...]] = []

    def tell(self, *news: Any) -> None:
        """Add a piece of news."""
        self._news.append(news)

    def read(self) -> list[tuple[Any, ...]]:
        """Return the news since the last time."""
        news, self._news = self._news, []
        return news


def attempt(
    root: str, step: Step, parents: Mapping[str, Step], work: str, board: Any, node: str, version: str, gpu: bool
) -> AttemptResult:
    """Attempt a step here. `node` is what `board` is told; a machine with another version of the package halts."""
    if version != __version__:
        here = f"{socket.gethostname()} has xtransfer-stats {__version__}, and this machine {version}"
        return AttemptResult(Ending.HALTED, f"the machines' versions differ: {here}. Install the same on all of them.")
    board.tell.remote("at", step.key, node, socket.gethostname())
    store, spoke = Store(Path(root)), time.monotonic()

    def progress(done: int, total: int) -> None:
        nonlocal spoke
        if time.monotonic() - spoke > _OFTEN:
            spoke = time.monotonic()
            board.tell.remote("progress", step.key, done, total)

    placed = replace(step, places={**step.places, "device": "auto:0" if gpu else "cpu"})
    try:
        with explained(store.root), _logged(log_path(store, step)):
            return attempt_step(store, placed, parents, progress, work)
    except StoreError as error:
        return halted(error)


def log_path(store: Store, step: Step) -> Path:
    """Where what a running step prints is kept, until it ends."""
    return store.root / "aside" / f"log-{step.key}"


@contextmanager
def _logged(path: Path) -> Iterator[None]:
    """Write what this process prints meanwhile to a file, so that whoever finds it dead can read its last words."""
    kept = os.dup(1), os.dup(2)
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
    try:
        os.dup2(file, 1)
        os.dup2(file, 2)
        yield
    finally:
        with suppress(OSError):
            sys.stdout.flush()
            sys.stderr.flush()
        for number, before in enumerate(kept, 1):
            os.dup2(before, number)
            os.close(before)
        os.close(file)
        path.unlink(missing_ok=True)


def last_words(store: Store, step: Step) -> str:
    """The last lines that a dead step printed, each on a line of its own; takes the file away."""
    path = log_path(store, step)
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()[-_LAST_LINES:]
    except FileNotFoundError:
        return ""
    path.unlink(missing_ok=True)
    return "".join(f"\n    {line}" for line in lines)
