"""An attempt at one step, in whatever process this is: claim it, verify its parents, do it, publish it."""

import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from importlib import import_module

from xtransfer_stats.base.errors import StoreError, XstatsError
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
    DAMAGED = "damaged"  # a parent is not what its manifest says
    HALTED = "halted"  # the store cannot be written: no step can


@dataclass(frozen=True)
class Result:
    """An attempt's ending; `culprit` is the damaged parent's key, `arguments` are those that a halt's message names."""

    ending: Ending
    message: str = ""
    culprit: str = ""
    arguments: tuple[str, ...] = ()


def attempt_step(store: Store, step: Step, parents: Mapping[str, Step], progress: Progress, work: str = WORK) -> Result:
    """Do one step by the function `work`; every error ends in a Result, so that other steps go on."""
    try:
        with store.claimed(step) as mine:
            return _attempt_claimed(store, step, parents, progress, work) if mine else Result(Ending.BUSY)
    except DamagedStep as error:
        return Result(Ending.DAMAGED, error.trouble, error.key)
    except StoreError as error:
        return Result(Ending.HALTED, str(error), arguments=error.arguments)
    except XstatsError as error:
        message = error.in_options()  # kept in the store, for readers at a terminal
    except Exception as error:
        message = f"{type(error).__name__}: {error}\n{traceback.format_exc()}"
    store.fail(step, message)
    return Result(Ending.FAILED, message)


def _attempt_claimed(store: Store, step: Step, parents: Mapping[str, Step], progress: Progress, work: str) -> Result:
    state, _ = store.state(step)
    if state is State.DONE:
        return Result(Ending.ELSEWHERE)
    if state is not State.MISSING:
        store.remove(step)  # damaged, or without the weights that are needed again
    inputs = {role: store.read(parent) for role, parent in parents.items()}
    module, _, name = work.partition(":")
    run_step = getattr(import_module(module), name)
    store.publish(step, lambda out: run_step(step.kind, step.given(), inputs, out, progress))
    return Result(Ending.DONE)
