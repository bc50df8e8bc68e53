"""An attempt at a step, the same for every engine and in whatever process this is.

It claims the step, verifies its parents, does it, publishes it. Every error ends in a result, so that others go on.
"""

import errno
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from importlib import import_module

from xtransfer_stats.base.errors import StoreError, XstatsError
from xtransfer_stats.store import disk
from xtransfer_stats.store.store import DamagedStep, State, Store
from xtransfer_stats.study.step import Step

# By name, so that only processes that train import torch, and tests can put something lighter in its place.
WORK = "xtransfer_stats.training.phases:run_step"

Progress = Callable[[int, int], None]


class Ending(StrEnum):
    """How an attempt at a step ended."""

    DONE = "done"
    ELSEWHERE = "elsewhere"  # another process had done it
    BUSY = "busy"  # another process is at it
    FAILED = "failed"
    LOST = "lost"  # whatever did it is gone: the step may be tried again elsewhere
    DAMAGED = "damaged"  # a parent is not what its manifest says
    HALTED = "halted"  # the store cannot be written: no step can


@dataclass(frozen=True)
class AttemptResult:
    """An attempt's ending; `culprit` is the damaged parent's key, `arguments` are those that a halt's message names."""

    ending: Ending
    message: str = ""
    culprit: str = ""
    arguments: tuple[str, ...] = ()


def attempt_step(
    store: Store, step: Step, parents: Mapping[str, Step], progress: Progress, work: str = WORK
) -> AttemptResult:
    """Do one step by the function `work`."""
    try:
        with store.claimed(step) as mine:
            return _attempt_claimed(store, step, parents, progress, work) if mine else AttemptResult(Ending.BUSY)
    except DamagedStep as error:
        return AttemptResult(Ending.DAMAGED, error.trouble, error.key)
    except StoreError as error:
        return halted(error)
    except XstatsError as error:
        message = error.in_options()  # kept in the store, for readers at a terminal
    except Exception as error:
        message = f"{_memory(error)}{type(error).__name__}: {error}\n{traceback.format_exc()}"
    return failed(store, step, message)


def halted(error: StoreError) -> AttemptResult:
    """The store cannot be written, for this step or any other."""
    return AttemptResult(Ending.HALTED, str(error), arguments=error.arguments)


def failed(store: Store, step: Step, message: str) -> AttemptResult:
    """The step failed, which the store remembers; halted where that cannot be written."""
    try:
        store.fail(step, message)
    except StoreError as error:
        return halted(error)
    return AttemptResult(Ending.FAILED, message)


def died(store: Store, step: Step, how: str) -> AttemptResult:
    """Whatever did the step died without a word: of a full disk, of which processes die too, or of what `how` says."""
    full = disk.full(store.root)  # before what it had written is swept away
    store.sweep(step)
    return halted(full) if full else failed(store, step, how)


def _memory(error: Exception) -> str:
    """What to do, before an error of used-up memory; torch raises RuntimeErrors of its own for a GPU's and ours."""
    of_torch = type(error).__name__ == "OutOfMemoryError" or "can't allocate memory" in str(error)
    used_up = isinstance(error, MemoryError) or of_torch or getattr(error, "errno", None) == errno.ENOMEM
    remedy = "give fewer workers, a smaller batch_size, or more devices_per_step"
    return f"out of memory: {remedy} ... " if used_up else ""


def _attempt_claimed(
    store: Store, step: Step, parents: Mapping[str, Step], progress: Progress, work: str
) -> AttemptResult:
    state, _ = store.state(step)
    if state is State.DONE:
        return AttemptResult(Ending.ELSEWHERE)
    if state is not State.MISSING:
        store.remove(step)  # damaged, or without the weights that are needed again
    inputs = {role: store.read(parent) for role, parent in parents.items()}
    module, _, name = work.partition(":")
    run_step = getattr(import_module(module), name)
    store.publish(step, lambda out: run_step(step.kind, step.given(), inputs, out, progress))
    return AttemptResult(Ending.DONE)
