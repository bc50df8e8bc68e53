"""What follows from an attempt at a step, the same for every engine: what runs next, which weights may go."""

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from xtransfer_stats.base.errors import RecipeError, StoreError
from xtransfer_stats.base.processes import termination_heard
from xtransfer_stats.engines.attempt import AttemptResult, Ending, failed
from xtransfer_stats.engines.engine import NONE, Limits, Listener, Outcome
from xtransfer_stats.engines.retries import Retries
from xtransfer_stats.engines.room import Room
from xtransfer_stats.engines.schedule import Schedule
from xtransfer_stats.store.store import Store
from xtransfer_stats.study.step import Step

LOOK_AGAIN = 0.5  # seconds between looks at steps that other processes hold
# Kinds of steps whose weights are dropped at each choice of `keep`.
DROPPED: Mapping[str, frozenset[str]] = {
    "all": frozenset(),
    "intermediate": frozenset({"target"}),
    "scores": frozenset({"target", "intermediate"}),
}


class Consequences:
    """The bookkeeping of one run of an engine: tells schedule and listener how attempts ended."""

    def __init__(
        self, steps: Mapping[str, Step], missing: Sequence[str], store: Store, listener: Listener, limits: Limits
    ) -> None:
        self.schedule, self.store, self.listener = Schedule(steps, missing, limits.budget), store, listener
        self._weights = UnneededWeights(steps, missing, store, limits.keep)
        self._room, self._retries = Room(store.root, limits.expected_bytes), Retries()
        self._busy: dict[str, float] = {}  # steps that other processes hold -> when to look again

    def take(self) -> Step | None:
        """A step that may run now and for which the disk has room, or None.

        Raises StoreError where the disk lacks room for it though nothing runs that might free some.
        """
        running = self._running()
        step = self.schedule.take()
        if step is None or self._room.fits(step, running):
            return step
        self.schedule.give_back(step.key)
        if not running:
            raise self._room.refusal(step)
        return None

    def _running(self) -> list[Step]:
        return [self.schedule.steps[key] for key in self.schedule.running if key not in self._busy]

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
            case Ending.LOST:
                self._lost(step, result.message)
            case Ending.DAMAGED:
                culprit = self.schedule.steps[result.culprit]
                with self.store.claimed(culprit) as mine:
                    if mine:
                        self.store.remove(culprit)
                self.listener.damaged(culprit, result.message)
                self.schedule.redo(culprit.key, step.key)
            case Ending.HALTED:
                raise StoreError(result.message, result.arguments)

    def _lost(self, step: Step, how: str) -> None:
        """Offer a lost step again, as often as retries go; then it has failed."""
        self.store.sweep(step)
        again = self._retries.again(step, how)
        if again:
            self.listener.retried(step, again)
            self.schedule.give_back(step.key)
        else:
            self.draw(step, failed(self.store, step, self._retries.spent(how)))

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

    @contextmanager
    def ready(self) -> Iterator[int | None]:
        """Hold what the engine needs for its runs; yields how many steps it does at once, None where it is not asked.

        Raises XstatsError where that cannot be had, before anything is written.
        """
        yield None

    def remarks(self) -> tuple[str, ...]:
        """What whoever runs it should know of what `ready` found, in sentences."""
        return ()

    def run(
        self, steps: Mapping[str, Step], missing: Sequence[str], store: Store, listener: Listener, limits: Limits = NONE
    ) -> Outcome:
        """Run the steps named in `missing`, as far as the limits go; all others of `steps` are done.

        SIGTERM ends it as Ctrl-C does: nothing half-done stays, and Terminated is raised.
        """
        with termination_heard():
            return self.work_off(Consequences(steps, missing, store, listener, limits))

    def work_off(self, consequences: Consequences) -> Outcome:
        """Attempt steps until the schedule is finished; each engine does it in processes of its own kind."""
        raise NotImplementedError
