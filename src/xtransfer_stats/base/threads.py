"""One thread of linear algebra: many small products gain nothing from more threads, which cost ten times the CPU."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from threading import Lock

from threadpoolctl import ThreadpoolController


class _Hold:
    """How many blocks are running, and the limit that the first of them set."""

    lock = Lock()
    blocks = 0

    def enter(self) -> None:
        with self.lock:
            if self.blocks == 0:
                self.limit = _libraries().limit(limits=1)
            self.blocks += 1

    def leave(self) -> None:
        with self.lock:
            self.blocks -= 1
            if self.blocks == 0:
                self.limit.restore_original_limits()


_HOLD = _Hold()


@contextmanager
def one_blas_thread() -> Iterator[None]:
    """Hold every BLAS of the process at one thread inside the block, then give back what it had; also a decorator.

    The limit is the whole process's, whichever of its threads asks, and lasts until the last block is left: nested use
    is free.
    """
    _HOLD.enter()
    try:
        yield
    finally:
        _HOLD.leave()


def hold_one_blas_thread() -> None:
    """The same for the rest of the process: what a worker process begins with."""
    _HOLD.enter()


@cache
def _libraries() -> ThreadpoolController:
    """Every BLAS at hand. To look for them takes milliseconds, so it is done once."""
    import scipy.linalg  # noqa: F401 - numpy and scipy bring one each, which are there once they are imported

    return ThreadpoolController().select(user_api="blas")
