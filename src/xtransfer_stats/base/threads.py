"""One thread of linear algebra: many small products gain nothing from more threads, which cost ten times the CPU."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from threadpoolctl import ThreadpoolController


@contextmanager
def one_blas_thread() -> Iterator[None]:
    """Hold every BLAS of the process at one thread inside the block, then give back what it had; also a decorator.

    It costs microseconds, so that public functions that call each other may all have it. The limit is the whole
    process's: of several Python threads the first sets it and lifts it.
    """
    with _libraries().limit(limits=1):
        yield


def hold_one_blas_thread() -> None:
    """The same for the rest of the process: what a worker process begins with."""
    _libraries().limit(limits=1)


@cache
def _libraries() -> ThreadpoolController:
    """Every BLAS at hand. To look for them takes milliseconds, so it is done once."""
    import scipy.linalg  # noqa: F401 - numpy and scipy bring one each, which are there once they are imported

    return ThreadpoolController().select(user_api="blas")
