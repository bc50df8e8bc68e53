"""One thread of linear algebra inside the block, and what there was outside it."""

from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from threading import Barrier

import pytest
from threadpoolctl import threadpool_info, threadpool_limits

from xtransfer_stats.base.threads import hold_one_blas_thread, one_blas_thread


def threads() -> list[int]:
    return [library["num_threads"] for library in threadpool_info() if library["user_api"] == "blas"]


@pytest.fixture(autouse=True)
def two_threads():
    import scipy.linalg  # noqa: F401 - both libraries at hand before they are told to use two

    with threadpool_limits(2, "blas"):
        yield


def test_every_blas_has_one_thread_inside_and_what_it_had_outside():
    assert set(threads()) == {2}
    with one_blas_thread():
        assert set(threads()) == {1}
    assert set(threads()) == {2}


def test_nested_blocks_and_errors_give_it_back():
    with pytest.raises(ValueError, match="inside"), one_blas_thread(), one_blas_thread():
        raise ValueError("inside")
    assert set(threads()) == {2}


def test_it_decorates_a_function():
    @one_blas_thread()
    def inner(more: int) -> tuple[int, ...]:
        return (*threads(), more)

    assert set(inner(1)) == {1}
    assert set(inner(1)) == {1}
    assert set(threads()) == {2}
    assert inner.__name__ == "inner"


def test_python_threads_that_overlap_leave_what_there_was():
    both = Barrier(2)

    def work() -> None:
        with one_blas_thread():
            both.wait(10)

    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(work) for _ in range(2)]:
            done.result()
        assert set(threads()) == {2}


def test_a_worker_process_keeps_to_one():
    with ProcessPoolExecutor(1, get_context("spawn"), hold_one_blas_thread) as pool:
        assert set(pool.submit(threads).result()) == {1}
