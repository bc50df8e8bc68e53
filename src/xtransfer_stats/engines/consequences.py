"""An attempt at a step and what follows from it, the same for every engine: what runs next, which weights may go.

An attempt is made in whatever process this is: it claims the step, verifies its parents, does it, publishes it.
"""

import time
import traceback
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from importlib import import_module

from xtransfer_stats.base.errors import RecipeError, StoreError, XstatsError
from xtransfer_stats.engines.engine import NONE, Limits, Listener, Outcome
from xtransfer_stats.engines.schedule import Schedule
from xtransfer_stats.store.store import DamagedStep, State, Store
from xtransfer_stats.study.step import Step

# By name, so that only processes that train import torch, and tests can put something lighter in its place.
WORK = "xtransfer_stats.training.phases:run_step"

LOOK_AGAIN = 0.5  # seconds between looks at steps that other processes hold
# Kinds of steps whose weights are dropped at each choice of `keep`.
DROPPED: Mapping[str, frozenset[str]] = {
    "all": frozenset(),
    "intermediate": frozenset({"target"}),
    "scores": frozenset({"target", "intermediate"}),
}
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
class AttemptResult:
    """An attempt's ending; `culprit` is the damaged parent's key, `arguments` are those that a halt's message names."""

    ending: Ending
    message: str = ""
    culprit: str = ""
    arguments: tuple[str, ...] = ()


def attempt_step(
    store: Store, step: Step, parents: Mapping[str, Step], progress: Progress, work: str = WORK
) -> AttemptResult:
    """Do one step by the function `work`; every error ends in an AttemptResult, so that other steps go on."""
    try:
        with store.claimed(step) as mine:
            return _attempt_claimed(store, step, parents, progress, work) if mine else AttemptResult(Ending.BUSY)
    except DamagedStep as error:
        return AttemptResult(Ending.DAMAGED, error.trouble, error.key)
    except StoreError as error:
        return AttemptResult(Ending.HALTED, str(error), arguments=error.arguments)
    except XstatsError as error:
        message = error.in_options()  # kept in the store, for readers at a terminal
    except Exception as error:
        message = f"{type(error).__name__}: {error}\n{traceback.format_exc()}"
    store.fail(step, message)
    return AttemptResult(Ending.FAILED, message)


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


class Consequences:
    """The bookkeeping of one run of an engine: tells schedule and listener how attempts ended."""

    def __init__(
        self, steps: Mapping[str, Step], missing: Sequence[str], store: Store, listener: Listener, limits: Limits
    ) -> None:
        self.schedule, self.store, self.listener = Schedule(steps, missing, limits.budget), store, listener
        self._weights = UnneededWeights(steps, missing, store, limits.keep)
        self._busy: dict[str, float] = {}  # steps that other processes hold -> when to look again

    def draw(self, step: Step, result: AttemptResult) -> None:
        """Draw the consequences; raises StoreError when the store cannot be written at all."""
        match result.ending:
            case Ending.DONE | Ending.ELSEWHERE:
                self.schedule.done(step.key)
                self._weights.done(step)
                self.listener.finished(step, elsewhere=result.ending is Ending.ELSEWHERE)
            case Ending.BUSY:
                self._busy[step.key] = time.monotonic() + LOOK_AGAIN
            case Ending.FAILED:
                self.schedule.fail(step.key, result.message)
                self.listener.failed(step, result.message)
            case Ending.DAMAGED:
                culprit = self.schedule.steps[result.culprit]
                with self.store.claimed(culprit) as mine:
                    if mine:
                        self.store.remove(culprit)
                self.listener.damaged(culprit, result.message)
                self.schedule.redo(culprit.key, step.key)
            case Ending.HALTED:
                raise StoreError(result.message, result.arguments)

    def look_at_busy(self) -> None:
        """Offer again the steps whose time to look has come."""
        now = time.monotonic()
        for key in [key for key, when in self._busy.items() if when <= now]:
            del self._busy[key]
            self.schedule.give_back(key)


class UnneededWeights:
    """Drops a step's weights once all steps of the plan that start from it are done."""

    def __init__(self, steps: Mapping[str, Step], missing: Iterable[str], store: Store, keep: str) -> None:
        """Raises RecipeError for another `keep` than those of DROPPED."""
        if keep not in DROPPED:
            raise RecipeError(f"keep {keep!r}: choose one of {', '.join(DROPPED)}", ["keep"])
        self._steps, self._store = steps, store
        kinds, undone = DROPPED[keep], set(missing)
        self._waiting: dict[str, set[str]] = {key: set() for key, step in steps.items() if step.kind in kinds}
        for key in undone:
            for parent in self._droppable(steps[key]):
                self._waiting[parent].add(key)
        self._finished = {key for key in self._waiting if key not in undone}
        for key in list(self._finished):
            self._drop_if_unneeded(key)

    def _droppable(self, step: Step) -> list[str]:
        return [parent for parent in step.parents.values() if parent in self._waiting]

    def done(self, step: Step) -> None:
        """A step is published: its parents may have served their last."""
        if step.key in self._waiting:
            self._finished.add(step.key)
            self._drop_if_unneeded(step.key)
        for parent in self._droppable(step):
            self._waiting[parent].discard(step.key)
            self._drop_if_unneeded(parent)

    def _drop_if_unneeded(self, key: str) -> None:
        if key in self._finished and not self._waiting[key]:
            self._store.thin(self._steps[key])


class Engine:
    """Runs steps, each after its parents; a failing step does not stop those that do not need it."""

    def run(
        self, steps: Mapping[str, Step], missing: Sequence[str], store: Store, listener: Listener, limits: Limits = NONE
    ) -> Outcome:
        """Run the steps named in `missing`, as far as the limits go; all others of `steps` are done."""
        return self.work_off(Consequences(steps, missing, store, listener, limits))

    def work_off(self, consequences: Consequences) -> Outcome:
        """Attempt steps until the schedule is finished; each engine does it in processes of its own kind."""
        raise NotImplementedError
